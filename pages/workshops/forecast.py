"""The weeks ahead: new orders and good pieces, with honest intervals."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from core.workshops.figures import SERIES, outlook_ahead, series
from core.workshops.forecast import METHODS, forecast
from core.workshops.status import State
from pages.common.view import View

__all__ = ["show"]


@st.fragment
def show(view: View, state: State) -> None:
    """Chart left, how good the methods were right."""
    tr = view.tr
    name = st.segmented_control(
        tr("Series"),
        list(SERIES),
        default="orders",
        required=True,
        format_func=lambda s: tr(SERIES[s][0]),
        key="workshop_series",
        label_visibility="collapsed",
    )
    table = series(state, name, view.today)
    usual = table[~table["festival"].astype(bool)]["value"]
    if usual.empty:
        st.info(tr("No complete week yet: nothing to forecast from."), icon=":material/info:")
        return
    found = forecast(usual.tolist())
    left, right = st.columns([3, 1], gap="medium")
    left.altair_chart(outlook_ahead(table, found, name, tr), alt=tr("{name} by week", name=tr(SERIES[name][0])))
    with right:
        st.markdown(f"**{tr(METHODS[found.method])}**")
        if found.low is None:
            st.caption(tr("Fewer than 8 weeks of data: no interval."))
        errors = [(tr(METHODS[m]), e) for m, e in found.errors.items() if not math.isnan(e)]
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
        if found.coverage is not None:
            st.caption(
                tr(
                    "Of the past weeks, {share} fell into the 80% interval given for them.",
                    share=tr.percent(found.coverage, 0),
                )
            )
        if name == "orders" and state.outlook is not None:
            st.caption(tr("Capacity now: {n} standard h a week.", n=tr.number(state.outlook.effective)))
