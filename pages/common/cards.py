"""The button of a card that chooses what the page shows in detail."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.common.escape import md_escape

__all__ = ["card_button"]


def card_button(name: str, *, key: str, is_selected: bool, on_select: Callable[[str], None], help: str) -> None:  # noqa: A002  (Streamlit's name)
    """A button as wide as its card; a click calls ``on_select(name)`` before the page runs again."""
    st.button(
        md_escape(name),
        key=key,
        type="primary" if is_selected else "secondary",
        on_click=on_select,
        args=(name,),
        width="stretch",
        help=help,
    )
