"""The weeks ahead: new orders and good pieces, with intervals."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from core.workshops.figures import SERIES, forecast_chart, weekly_series
from core.workshops.forecast import METHODS
from core.workshops.states import WorkshopState
from pages import cache
from pages.common.charts import show_chart
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["show"]


@st.fragment
def show(view: View, state: WorkshopState) -> None:
    """Chart on the left, past errors of each method on the right."""
    tr = view.tr
    with st.container(horizontal=True, vertical_alignment="center"):
        name = st.segmented_control(
            tr("Series"),
            list(SERIES),
            default="orders",
            required=True,
            format_func=lambda s: tr(SERIES[s][0]),
            key=Key.WORKSHOP_SERIES,
            label_visibility="collapsed",
        )
        product = _product(view, state)
    outcome = cache.workshops.outlook(view.revision, view.today, state.key, name, product)
    if outcome is None:
        st.info(tr("No complete week yet: nothing to forecast from."), icon=":material/info:")
        return
    table = weekly_series(state, name, view.today, product)
    left, right = st.columns([3, 1], gap="medium")
    with left:
        show_chart(view, forecast_chart(table, outcome, name, tr), tr("{name} by week", name=tr(SERIES[name][0])))
    with right:
        st.markdown(f"**{tr(METHODS[outcome.method])}**")
        if outcome.is_withheld:
            st.caption(
                tr(
                    "Interval not usable: of the past weeks {share} fell into an 80% interval, outside of 72 to 92%.",
                    share=tr.percent(outcome.coverage or 0.0, 0),
                )
            )
        elif outcome.low is None:
            st.caption(tr("Fewer than 8 weeks of data: no interval."))
        errors = [(tr(METHODS[m]), e) for m, e in outcome.errors.items() if not math.isnan(e)]
        if errors:
            show_table(
                view,
                pd.DataFrame(errors, columns=[tr("Forecasting method"), tr("Mean error")]),
                tr("Mean absolute error of each method"),
                config={tr("Mean error"): st.column_config.NumberColumn(format="%.0f")},
            )
            st.caption(
                tr(
                    "Mean absolute error one week ahead over rolling origins; the simplest stays unless beaten by more than 5%."
                )
            )
        if outcome.coverage is not None and not outcome.is_withheld:
            st.caption(
                tr(
                    "Of the past weeks, {share} fell into the 80% interval given for them.",
                    share=tr.percent(outcome.coverage, 0),
                )
            )
        if name == "orders" and state.load is not None:
            st.caption(tr("Capacity now: {n} standard h a week.", n=tr.number(state.load.effective)))


def _product(view: View, state: WorkshopState) -> int | None:
    """One of the products that the workshop was asked for or made; None for all."""
    tr = view.tr
    products = cache.workshops.products(view.revision).set_index("id")
    names = products["name_en"].fillna(products["name"]) if tr.is_english else products["name"]
    known = {*state.received["product_id"].astype(int), *state.outputs["product_id"].astype(int)}
    options = [None, *(p for p in names.index if p in known)]
    return st.selectbox(
        tr("Product"),
        options,
        format_func=lambda p: tr("All products") if p is None else names[p],
        key=Key.WORKSHOP_FORECAST_PRODUCT.of(state.key),
        label_visibility="collapsed",
        width=260,
    )
