"""Boxes for text that has a greatest length.

    needs = st.text_area(tr("Needs"), **at_most(tr, 500), **draft.field("needs"))

Streamlit's own limit drops a paste that would exceed it, without a word. These boxes take it: the script of
``pages/addresses.py`` knows them by their hint, says by how much a text is too long, and no button saves it before it is
shortened. What comes past it is refused by ``core.store.commands.TextTooLong``.
"""

from __future__ import annotations

from core.locale import N_, Translator, translator

__all__ = ["at_most", "length_messages"]

HINT = N_("At most {limit} characters")
TOO_LONG = N_("At most {limit} characters; {n} too many")


def at_most(tr: Translator, limit: int) -> dict[str, str]:
    """The arguments of a text box that holds ``limit`` characters."""
    return {"placeholder": tr(HINT, limit=limit)}


def length_messages() -> list[dict[str, str]]:
    """For each language the hint as a pattern that finds the limit, and the message with ``{limit}`` and ``{n}``."""
    return [
        {"hint": "^" + tr(HINT, limit=r"(\d+)") + "$", "message": tr(TOO_LONG, limit="{limit}", n="{n}")}
        for tr in (translator("zh_CN"), translator("en"))
    ]
