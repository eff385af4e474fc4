"""Minutes that write themselves from decisions and actions, and the documents of the frozen week."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.dispatch.agenda import OUTCOMES, AgendaItem, outcomes_at_closing
from core.dispatch.meetings import MeetingClosed, close_meeting, withdraw_decision
from core.policy import Action
from core.store.commands import Conflict, NotFound
from pages import cache
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.view import View
from pages.meeting.documents import documents
from pages.meeting.weeks import MeetingWeek

__all__ = ["minutes"]


def minutes(view: View, week: MeetingWeek) -> None:
    """Items with their decisions on the left, documents on the right."""
    left, right = st.columns([3, 2])
    with left:
        _items(view, week)
    with right:
        documents(view, week)


def _items(view: View, week: MeetingWeek) -> None:
    tr = view.tr
    decisions = cache.meeting.decisions(view.revision)
    own = decisions[decisions["iso_week"] == week.iso_week]
    st.subheader(tr("Minutes, closed") if week.is_closed else tr("Minutes, draft"), anchor=False)
    if own.empty:
        st.caption(tr("Nothing was decided yet. Decisions are written down at the bottom of a slide."))
    for item in week.agenda:
        rows = own[own["item"] == item.code]
        if not len(rows) and not week.is_closed:
            continue
        outcome = f" — {tr(OUTCOMES[item.outcome])}" if week.is_closed else ""
        st.markdown(f"**{md_escape(week.slides[item.code].title)}**{outcome}")
        for row in rows.itertuples():
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.text(f"· {row.text} ({row.author})", width="stretch")
                if not week.is_closed and view.may(Action.WITHDRAW_DECISION):
                    st.button(
                        ":material/undo:",
                        key=Key.MINUTES_WITHDRAW.of(row.id),
                        type="tertiary",
                        help=tr("Withdraw"),
                        on_click=_withdraw,
                        args=(view, int(row.id)),
                    )
    if not week.is_closed and view.may(Action.CLOSE_MEETING):
        _close(view, week, set(own["item"]))


def _withdraw(view: View, decision: int) -> None:
    try:
        withdraw_decision(cache.store.database(), decision, actor=view.access, at=datetime.now(UTC))
    except (MeetingClosed, NotFound):
        st.toast(view.tr("The minutes of this week are closed."))


def _close(view: View, week: MeetingWeek, decided: set[str]) -> None:
    tr = view.tr
    seen: set[str] = st.session_state.get(Key.MEETING_SEEN, set())
    items: list[AgendaItem] = outcomes_at_closing(week.agenda, decided, seen)
    left_over = sum(item.outcome.value == "moved" for item in items)
    with st.popover(tr("Close the minutes"), icon=":material/lock:"):
        st.write(
            tr(
                "After closing nothing is changed any more. {n} items were neither shown nor decided; they move to the next meeting.",
                n=left_over,
            )
        )
        if not st.button(tr("Close"), key=Key.MINUTES_CLOSE, type="primary"):
            return
        try:
            close_meeting(
                cache.store.database(),
                week.iso_week,
                items,
                version=week.version,
                actor=view.access,
                at=datetime.now(UTC),
            )
        except MeetingClosed:
            st.error(tr("The minutes of this week are closed."))
        except Conflict:
            st.error(tr("Somebody saved this agenda meanwhile. Reload the page and edit theirs."))
        else:
            st.rerun()
