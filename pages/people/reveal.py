"""See a person's data in full: with a purpose, for this visit of the page, and written down."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from core.people import commands
from core.policy import Action, Refused
from core.store.commands import NotFound
from core.terms import RevealPurpose
from pages import cache
from pages.common import refusal
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["forget", "read_in_full", "reveal_box", "revealed"]


def revealed(view: View, person_id: int) -> dict[str, Any] | None:
    """What was revealed of a person in this visit of the page, by field; None while all is masked."""
    shown = st.session_state.get(Key.REVEALED)
    return shown[1] if shown is not None and shown[0] == person_id and view.may(Action.REVEAL) else None


def forget() -> None:
    """Mask again: the visit of the page is over."""
    st.session_state.pop(Key.REVEALED, None)


def reveal_box(view: View, person_id: int) -> None:
    """Ask what for, then show; or mask again."""
    tr = view.tr
    if not view.may(Action.REVEAL):
        return
    if revealed(view, person_id) is not None:
        st.button(tr("Mask again"), icon=":material/visibility_off:", key=Key.REVEAL.of("mask"), on_click=forget)
        return
    with st.popover(tr("Show in full"), icon=":material/visibility:"):
        purpose = st.selectbox(
            tr("What for"),
            [purpose for purpose in RevealPurpose if purpose is not RevealPurpose.CORRECT],
            index=None,
            format_func=tr.term,
            placeholder=tr("choose"),
            key=Key.REVEAL.of("purpose", person_id),
        )
        st.caption(tr("Your name, the purpose and the time are recorded. It is masked again when you leave the page."))
        if st.button(tr("Show name, phone and address"), disabled=purpose is None, key=Key.REVEAL.of(person_id)):
            values = read_in_full(view, person_id, purpose)
            if values is not None:
                st.session_state[Key.REVEALED] = (person_id, values)
                st.rerun()


def read_in_full(view: View, person_id: int, purpose: RevealPurpose) -> dict[str, Any] | None:
    """The masked fields of a person in full, once that is recorded; None with a sentence where it is refused."""
    try:
        return commands.reveal(
            cache.store.database(), person_id, purpose=purpose, actor=view.access, at=datetime.now(UTC)
        )
    except Refused as refused:
        refusal.show(view.tr, refused)
    except NotFound:
        st.error(view.tr("This person is no longer on record."))
    return None
