"""Saving what somebody entered: one command, a sentence where it is refused, a notice on the next run where it is done.

    save(view, Action.CLOSE_ORDER, lambda change: close_order(change, 17, …), tr("The order is closed."))

``attempt`` is for those who do more with the result than say that it is there, ``checked`` for commands that open the
transaction themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

import streamlit as st

from core.locale import Translator
from core.policy import Action, Refused
from core.store.commands import Change, CommandRefused, Conflict, NotFound, command
from pages import cache
from pages.common import refusal
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["REFUSED", "Done", "announce", "attempt", "checked", "save", "show_notice", "why_refused"]

Result = TypeVar("Result")
REFUSED = (CommandRefused, Conflict, NotFound)
"""What a command raises that somebody can do something about; nothing was changed."""


@dataclass(frozen=True)
class Done(Generic[Result]):
    """What a command returned that was not refused."""

    result: Result


def checked(view: View, run: Callable[[], Result]) -> Done[Result] | None:
    """``run``, which holds a command; None, with a sentence on the screen, where it is refused: the form stays as it is."""
    try:
        return Done(run())
    except REFUSED as error:
        st.error(md_escape(why_refused(view.tr, error)))
    except Refused as refused:
        refusal.show(view.tr, refused)
    return None


def why_refused(tr: Translator, error: CommandRefused | Conflict | NotFound) -> str:
    """The sentence for an error of ``REFUSED``."""
    if isinstance(error, CommandRefused):
        return error.sentence(tr)
    if isinstance(error, Conflict):
        return tr("Someone else changed this meanwhile. Nothing was saved; open the form again to see the new values.")
    return tr("It does not exist any more, or it is about people of other communities. Nothing was saved.")


def attempt(view: View, action: Action, work: Callable[[Change], Result]) -> Done[Result] | None:
    """``work`` as one command, ``checked``."""

    def run() -> Result:
        with command(cache.store.database(), actor=view.access, action=action, at=datetime.now(UTC)) as change:
            return work(change)

    return checked(view, run)


def save(view: View, action: Action, work: Callable[[Change], object], notice: str | None = None) -> None:
    """``attempt``; where it is done, the page runs again and says ``notice``, or else that it is saved."""
    if attempt(view, action, work) is not None:
        announce(view.tr("Saved.") if notice is None else notice)


def announce(notice: str = "", *, is_error: bool = False) -> None:
    """Run the page again, and say ``notice`` there once."""
    if notice:
        st.session_state[Key.NOTICE] = (notice, is_error)
    st.rerun()


def show_notice() -> None:
    """What became of the last command, once; that it was refused stays until somebody closes it."""
    notice, is_error = st.session_state.pop(Key.NOTICE, ("", False))
    if is_error:
        st.toast(md_escape(notice), icon=":material/error:", duration="infinite")
    elif notice:
        st.toast(md_escape(notice), icon=":material/check:")
