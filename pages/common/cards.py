"""The button of a card that chooses what the page shows in detail."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.common.escape import md_escape
from pages.common.view import View

__all__ = ["card_button"]


def card_button(
    view: View,
    name: str,
    *,
    key: str,
    is_selected: bool,
    on_select: Callable[[str], None],
    help: str,  # noqa: A002  (Streamlit's name)
) -> None:
    """A button as wide as its card; a click calls ``on_select(name)`` before the page runs again."""
    st.button(
        md_escape(view.tr.name(name)),
        key=key,
        type="primary" if is_selected else "secondary",
        on_click=on_select,
        args=(name,),
        width="stretch",
        help=help,
    )
