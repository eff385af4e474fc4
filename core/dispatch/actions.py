"""Commands on actions: raise, assign, extend, comment, close, reopen. Each leaves a step in the append-only log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.dispatch import queries
from core.dispatch.frozen_week import week_of
from core.policy import Access, Action
from core.store.commands import Change, NotFound, command
from core.store.database import Database
from core.store.schema import ActionEvent, ActionItem
from core.terms import ActionEventKind, ActionStatus

__all__ = ["ActionRefused", "NewAction", "assign", "close", "comment", "extend", "raise_action", "reopen"]

TEXT_LIMIT = 400
LINE_LIMIT = 200


class ActionRefused(ValueError):
    """What was entered can't be stored; ``reason`` is a code: 'problem', 'owner', 'due', 'text', 'closed', 'open'."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class NewAction:
    """An action to raise. ``indicator`` as the weekly sheet names it; ``remark`` goes into the log."""

    problem: str
    measure: str
    owner: str
    due_on: date
    indicator: str | None = None
    community_id: int | None = None
    office: str | None = None
    remark: str | None = None


def raise_action(db: Database, action: NewAction, *, today: date, actor: Access, at: datetime) -> str:
    """Store an action of this week's meeting; returns its code, e.g. '2025-W52-03'.

    ActionRefused without a problem or an owner, or with a date before ``today``.
    """
    if not action.problem.strip():
        raise ActionRefused("problem")
    if not action.owner.strip():
        raise ActionRefused("owner")
    if action.due_on < today:
        raise ActionRefused("due")
    with command(db, actor=actor, action=Action.RAISE_ACTION, at=at) as change:
        code = _next_code(change, week_of(today))
        key = change.add(
            ActionItem(
                code=code,
                problem=action.problem.strip()[:LINE_LIMIT],
                measure=action.measure.strip()[:LINE_LIMIT] or None,
                indicator=action.indicator,
                community_id=action.community_id,
                office=action.office,
                owner=action.owner.strip(),
                raised_on=today,
                due_on=action.due_on,
                status=ActionStatus.TODO,
            )
        )
        _log(change, int(key), ActionEventKind.RAISED, today, action.remark, owner=action.owner, due_on=action.due_on)
    return code


def assign(db: Database, action_id: int, owner: str, *, today: date, actor: Access, at: datetime, version: int) -> None:
    """Hand an action to another owner; it is under way from then on."""
    if not owner.strip():
        raise ActionRefused("owner")
    with command(db, actor=actor, action=Action.ASSIGN_ACTION, at=at) as change:
        _must_be_open(change, action_id)
        change.edit(ActionItem, action_id, {"owner": owner.strip(), "status": ActionStatus.DOING}, version=version)
        _log(change, action_id, ActionEventKind.ASSIGNED, today, None, owner=owner.strip())


def extend(
    db: Database, action_id: int, due_on: date, reason: str, *, today: date, actor: Access, at: datetime, version: int
) -> None:
    """Move the date of an open action, with the reason. ActionRefused for a date that is past or not later."""
    with command(db, actor=actor, action=Action.EXTEND_ACTION, at=at) as change:
        row = _must_be_open(change, action_id)
        if due_on < today or (row.due_on is not None and due_on <= row.due_on):
            raise ActionRefused("due")
        before, text = row.due_on, _must_have(reason)
        change.edit(ActionItem, action_id, {"due_on": due_on}, version=version)
        _log(change, action_id, ActionEventKind.EXTENDED, today, text, due_on=due_on, due_before=before)


def comment(db: Database, action_id: int, text: str, *, today: date, actor: Access, at: datetime, version: int) -> None:
    """Report progress; an action to do is under way from then on."""
    with command(db, actor=actor, action=Action.COMMENT_ACTION, at=at) as change:
        _must_be_open(change, action_id)
        change.edit(ActionItem, action_id, {"status": ActionStatus.DOING}, version=version)
        _log(change, action_id, ActionEventKind.COMMENTED, today, _must_have(text))


def close(
    db: Database, action_id: int, evidence: str, *, today: date, actor: Access, at: datetime, version: int
) -> None:
    """Close an action with the evidence that it is done."""
    with command(db, actor=actor, action=Action.CLOSE_ACTION, at=at) as change:
        _must_be_open(change, action_id)
        values = {"status": ActionStatus.CLOSED, "closed_on": today}
        change.edit(ActionItem, action_id, values, version=version)
        _log(change, action_id, ActionEventKind.CLOSED, today, _must_have(evidence))


def reopen(
    db: Database, action_id: int, reason: str, *, today: date, actor: Access, at: datetime, version: int
) -> None:
    """Take up a closed action again, with the reason."""
    with command(db, actor=actor, action=Action.REOPEN_ACTION, at=at) as change:
        row = change.session.get(ActionItem, action_id)
        if row is None:
            raise NotFound(f"action {action_id}")
        if row.status is not ActionStatus.CLOSED:
            raise ActionRefused("open")
        change.edit(ActionItem, action_id, {"status": ActionStatus.DOING, "closed_on": None}, version=version)
        _log(change, action_id, ActionEventKind.REOPENED, today, _must_have(reason))


def _next_code(change: Change, iso_week: str) -> str:
    """The next free number of the week, after those that imports brought."""
    taken = queries.action_codes(change.session.connection(), iso_week)
    numbers = [int(code.rpartition("-")[2]) for code in taken if code.rpartition("-")[2].isdigit()]
    return f"{iso_week}-{max(numbers, default=0) + 1:02d}"


def _must_be_open(change: Change, action_id: int) -> ActionItem:
    row = change.session.get(ActionItem, action_id)
    if row is None:
        raise NotFound(f"action {action_id}")
    if row.status is ActionStatus.CLOSED:
        raise ActionRefused("closed")
    return row


def _must_have(text: str) -> str:
    if not text.strip():
        raise ActionRefused("text")
    return text.strip()[:TEXT_LIMIT]


def _log(
    change: Change,
    action_id: int,
    kind: ActionEventKind,
    today: date,
    text: str | None,
    *,
    owner: str | None = None,
    due_on: date | None = None,
    due_before: date | None = None,
) -> None:
    change.add(
        ActionEvent(
            action_id=action_id,
            kind=kind,
            happened_on=today,
            made_at=change.at,
            author=change.actor,
            text=text,
            owner=owner,
            due_on=due_on,
            due_before=due_before,
        )
    )
