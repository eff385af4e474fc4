"""The page while the first load runs."""

from __future__ import annotations

import streamlit as st

from core.locale import Translator
from pages.startup import State

__all__ = ["show"]


@st.fragment(run_every=0.7)
def show(tr: Translator, state: State) -> None:
    """Progress of the first load; the real page follows by itself."""
    if state.is_ready:
        st.rerun()
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
