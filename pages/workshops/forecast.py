"""The weeks ahead: new orders and good pieces, with intervals."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from core.workshops.figures import SERIES, forecast_chart, weekly_series
from core.workshops.forecast import METHODS, forecast
from core.workshops.states import WorkshopState
from pages.common.charts import show_chart
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["show"]


@st.fragment
def show(view: View, state: WorkshopState) -> None:
    """Chart on the left, past errors of each method on the right."""
    tr = view.tr
    name = st.segmented_control(
        tr("Series"),
        list(SERIES),
        default="orders",
        required=True,
        format_func=lambda s: tr(SERIES[s][0]),
        key=Key.WORKSHOP_SERIES,
        label_visibility="collapsed",
    )
    table = weekly_series(state, name, view.today)
    usual = table[~table["festival"].astype(bool)]["value"]
    if usual.empty:
        st.info(tr("No complete week yet: nothing to forecast from."), icon=":material/info:")
        return
    outcome = forecast(usual.tolist())
    left, right = st.columns([3, 1], gap="medium")
    with left:
        show_chart(view, forecast_chart(table, outcome, name, tr), tr("{name} by week", name=tr(SERIES[name][0])))
    with right:
        st.markdown(f"**{tr(METHODS[outcome.method])}**")
        if outcome.low is None:
            st.caption(tr("Fewer than 8 weeks of data: no interval."))
        errors = [(tr(METHODS[m]), e) for m, e in outcome.errors.items() if not math.isnan(e)]
        if errors:
            st.dataframe(
                pd.DataFrame(errors, columns=[tr("Forecasting method"), tr("Mean error")]),
                hide_index=True,
                height="content",
                column_config={tr("Mean error"): st.column_config.NumberColumn(format="%.0f")},
                alt=tr("Mean absolute error of each method"),
            )
            st.caption(
                tr(
                    "Mean absolute error one week ahead over rolling origins; the simplest stays unless beaten by more than 5%."
                )
            )
        if outcome.coverage is not None:
            st.caption(
                tr(
                    "Of the past weeks, {share} fell into the 80% interval given for them.",
                    share=tr.percent(outcome.coverage, 0),
                )
            )
        if name == "orders" and state.load is not None:
            st.caption(tr("Capacity now: {n} standard h a week.", n=tr.number(state.load.effective)))
