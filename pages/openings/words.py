"""How openings read on the screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import pandas as pd
import streamlit as st

from core.dispatch.exports.openings_board import pay_text
from core.jobs.openings.commands import OpeningRefused
from core.jobs.openings.listing import opening_number
from core.jobs.openings.posting import Posting
from core.jobs.twins.commands import PairRefused
from core.locale import Translator
from core.policy import Action
from core.store.commands import Change, Conflict, command
from pages import cache
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.view import View

Result = TypeVar("Result")
__all__ = ["act", "done", "label", "pay_words"]


def pay_words(posting: Posting, tr: Translator) -> str:
    """The pay in words."""
    return pay_text(posting, tr)


def label(view: View, row: pd.Series) -> str:
    """Number, title and employer of a row of openings in one line."""
    return f"{opening_number(int(row['id']))} {row['title']} · {view.tr.name(str(row['employer']))}"


def done(message: str) -> None:
    """Run the whole page again and say that it is done."""
    st.session_state[Key.OPENINGS_MESSAGE] = message
    st.rerun()


def act(view: View, action: Action, work: Callable[[Change], Result]) -> Result | None:
    """Run ``work(change)`` as a command; None with a message on the screen where it is refused."""
    tr = view.tr
    try:
        with command(cache.store.database(), actor=view.access, action=action, at=datetime.now(UTC)) as change:
            return work(change)
    except OpeningRefused as refused:
        st.error(tr("Not saved: {problem}.", problem=tr.term(refused.problem)))
        for remark in refused.remarks:
            if remark.blocks:
                st.error(md_escape(remark.sentence(tr)), icon=":material/gavel:")
    except PairRefused as refused:
        st.error(tr("Not saved: {problem}.", problem=tr.term(refused.problem)))
    except Conflict:
        st.error(tr("Someone else changed this opening meanwhile; load the page again to see it."))
    return None
