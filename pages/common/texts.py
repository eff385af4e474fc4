"""Boxes for text that has a greatest length.

    needs = st.text_area(tr("Needs"), **at_most(tr, 500), **draft.field("needs"))

Streamlit's own limit drops a paste that would exceed it, without a word. These boxes take it: the script of
``pages/addresses.py`` knows them by their hint, says by how much a text is too long, and no button saves it before it is
shortened. What comes past it is refused by ``core.store.commands.TextTooLong``.
"""

from __future__ import annotations

from core.locale import Translator
from pages.addresses import HINT

__all__ = ["at_most"]


def at_most(tr: Translator, limit: int) -> dict[str, str]:
    """The arguments of a text box that holds ``limit`` characters."""
    return {"placeholder": tr(HINT, limit=limit)}
