"""The sentence about what was done last on the page of due work."""

from __future__ import annotations

import streamlit as st

from pages.common.escape import md_escape
from pages.common.session_keys import Key

__all__ = ["done", "show_message"]


def done(message: str) -> None:
    """Run the page again and say that it is done."""
    st.session_state[Key.TASKS_MESSAGE] = message
    st.rerun()


def show_message() -> None:
    """Say it once."""
    message = st.session_state.pop(Key.TASKS_MESSAGE, None)
    if message:
        st.toast(md_escape(message), icon=":material/check:")
