"""Commands on a meeting: save its agenda, write down decisions, close its minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.dispatch import queries
from core.dispatch.agenda import AgendaItem, as_json
from core.dispatch.frozen_week import week_end
from core.policy import Access, Action
from core.store.commands import Change, NotFound, command
from core.store.database import Database
from core.store.schema import Meeting, MeetingDecision

__all__ = ["MeetingClosed", "close_meeting", "decide", "save_agenda", "withdraw_decision"]

TEXT_LIMIT = 400


class MeetingClosed(ValueError):
    """The minutes of the meeting are closed: nothing is added or changed any more."""


def save_agenda(
    db: Database, iso_week: str, items: Sequence[AgendaItem], *, version: int | None, actor: Access, at: datetime
) -> None:
    """Store the agenda of a week. ``version``: of the agenda that was edited, None for a first one.

    Conflict if somebody saved another meanwhile, MeetingClosed after closing, ValueError for a text that is no week.
    """
    week_end(iso_week)
    with command(db, actor=actor, action=Action.SAVE_AGENDA, at=at) as change:
        _store(change, iso_week, items, version=version)


def decide(db: Database, iso_week: str, item: str, text: str, *, actor: Access, at: datetime) -> int:
    """Write down what the meeting decided on an item; returns the decision's id. ValueError without a text."""
    if not text.strip():
        raise ValueError("a decision needs a text")
    with command(db, actor=actor, action=Action.DECIDE, at=at) as change:
        _must_be_open(change, iso_week)
        row = MeetingDecision(
            iso_week=iso_week, item=item, text=text.strip()[:TEXT_LIMIT], author=change.actor, made_at=at
        )
        return int(change.add(row))


def withdraw_decision(db: Database, decision: int, *, actor: Access, at: datetime) -> None:
    """Take a decision back; it stays in the store. NotFound if there is none, MeetingClosed after closing."""
    with command(db, actor=actor, action=Action.WITHDRAW_DECISION, at=at) as change:
        row = change.session.get(MeetingDecision, decision)
        if row is None or row.withdrawn_at is not None:
            raise NotFound(f"decision {decision}")
        _must_be_open(change, row.iso_week)
        change.edit(MeetingDecision, decision, {"withdrawn_at": at})


def close_meeting(
    db: Database, iso_week: str, items: Sequence[AgendaItem], *, version: int | None, actor: Access, at: datetime
) -> None:
    """Close the minutes, with the outcome of every item; read-only from then on. MeetingClosed if they are closed."""
    with command(db, actor=actor, action=Action.CLOSE_MEETING, at=at) as change:
        row = _store(change, iso_week, items, version=version)
        change.edit(Meeting, row.id, {"closed_at": at, "closed_by": change.actor})


def _store(change: Change, iso_week: str, items: Sequence[AgendaItem], *, version: int | None) -> Meeting:
    row = _must_be_open(change, iso_week)
    if row is None:
        row = Meeting(iso_week=iso_week, agenda=as_json(items))
        change.add(row)
        return row
    change.edit(Meeting, row.id, {"agenda": as_json(items)}, version=-1 if version is None else version)
    return row


def _must_be_open(change: Change, iso_week: str) -> Meeting | None:
    stored = queries.meeting(change.session.connection(), iso_week)
    row = None if stored is None else change.session.get(Meeting, stored["id"])
    if row is not None and row.closed_at is not None:
        raise MeetingClosed(iso_week)
    return row
