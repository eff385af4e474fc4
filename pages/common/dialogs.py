"""Dialogs that a live page does not close under someone's hands.

A page reruns by itself when the data changes; a rerun closes an open dialog and would lose what was typed. While a
dialog is open the heartbeat therefore holds still; the next full run shows the news.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from pages.common.session_keys import Key

__all__ = ["close", "hold", "is_open", "open_dialog"]


def open_dialog(title: str, body: Callable[[], None], *, width: Literal["small", "medium", "large"] = "small") -> None:
    """Show ``body`` in a dialog; the page stays as it is until it is closed."""
    st.session_state[Key.DIALOG_IS_OPEN] = True
    st.dialog(title, width=width, on_dismiss=close)(body)()


def hold() -> None:
    """Keep the page as it is in this run: something on the page itself is being filled in."""
    st.session_state[Key.DIALOG_IS_OPEN] = True


def close() -> None:
    """No dialog is open: it was dismissed, or a full run starts (the shell calls this)."""
    st.session_state.pop(Key.DIALOG_IS_OPEN, None)


def is_open() -> bool:
    """Whether a dialog is open in this session."""
    return bool(st.session_state.get(Key.DIALOG_IS_OPEN))
