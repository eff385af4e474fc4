"""The page while the first load runs, or while the store can't be opened."""

from __future__ import annotations

import streamlit as st

from core.locale import Translator
from core.store.failures import explain
from pages import startup
from pages.startup import State

__all__ = ["show"]


@st.fragment(run_every=0.7)
def show(tr: Translator, state: State) -> None:
    """Progress of the first load, or why there is none; the real page follows by itself."""
    if state.failure is not None and state.error is None:
        startup.begin()
    if state.is_ready:
        st.rerun()
    if state.failure is not None:
        what, remedy = explain(state.failure, tr)
        st.error(f"**{what}**  \n{remedy}", icon=":material/error:")
        return
    if state.error is not None:
        st.error(
            tr(
                "The demonstration data could not be loaded; see the terminal for the reason. SAMPLE=0 starts without it."
            )
        )
        return
    st.subheader(tr("Preparing the demonstration district"), anchor=False)
    st.progress(min(state.done / state.total, 1.0), text=tr("Sheet {n} of {all}", n=state.done, all=state.total))
    st.caption(tr("This happens once and takes less than half a minute."))
