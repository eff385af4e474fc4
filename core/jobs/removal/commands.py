"""Work that was entered by mistake is taken back, with what the commands that entered it changed besides.

with command(db, actor=access, action=Action.REMOVE_PLACEMENT, at=now) as change:
    remove_placement(change, 5, version=1, reason="录到他人名下", today=today)
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from core.people.record.commands import note_reason
from core.policy import Action
from core.store.commands import Change, Conflict, NotFound, ProblemRefused, as_json, from_json
from core.store.schema import AuditEvent, Base, FollowUp, Job, PersonStateSpell, Placement, Referral, WelfarePost
from core.terms import Term

__all__ = ["RemovalProblem", "RemovalRefused", "remove_placement"]

BY_HAND = (Action.RECORD_PLACEMENT, Action.ADVANCE_REFERRAL)
TABLES: dict[str, type[Base]] = {t.__tablename__: t for t in (PersonStateSpell, WelfarePost, Referral, Job)}
"""What such a command changes besides the placement."""


class RemovalProblem(Term):
    """Why work stays on record."""

    FOLLOWED_UP = "followed_up", "该就业已有回访记录，请改为登记离职", "it was followed up: record its end instead"
    POST_SINCE = (
        "post_since",
        "该就业开始后又安置了公益性岗位，请改为登记离职",
        "a welfare post has begun since: record its end instead",
    )
    NOT_BY_HAND = (
        "not_by_hand",
        "该就业来自导入的表格或微创业登记，请在来源处更正",
        "it came with a sheet or with a business: correct it there",
    )


class RemovalRefused(ProblemRefused):
    """The placement is not removed; nothing is changed."""

    problem: RemovalProblem


def remove_placement(change: Change, placement_id: int, *, version: int, reason: str, today: date) -> None:
    """Somebody never worked there: the placement goes, and what its commands changed besides is as it was before.

    That is the person's state, a welfare post that ended, the recommendation and its opening, and other recommendations
    that were closed; what somebody changed again since stays. RemovalRefused, RecordRefused without a reason, Conflict,
    NotFound.
    """
    placement = change.session.get(Placement, placement_id)
    if placement is None:
        raise NotFound(f"{Placement.__tablename__} {placement_id}")
    change.check_person(placement.person_id)
    if placement.version != version:
        raise Conflict(Placement.__tablename__, placement_id, placement.version)
    if change.session.scalar(select(FollowUp.id).where(FollowUp.placement_id == placement_id).limit(1)) is not None:
        raise RemovalRefused(RemovalProblem.FOLLOWED_UP)
    post = WelfarePost
    since = select(post.id).where(post.person_id == placement.person_id, post.started_on >= placement.started_on)
    if change.session.scalar(since.limit(1)) is not None:
        raise RemovalRefused(RemovalProblem.POST_SINCE)
    t = AuditEvent
    own = select(t).where(t.entity == Placement.__tablename__, t.entity_id == str(placement_id), t.action.in_(BY_HAND))
    events = change.session.scalars(own.order_by(t.id.desc())).all()
    if all(event.before is not None for event in events):
        raise RemovalRefused(RemovalProblem.NOT_BY_HAND)
    note_reason(change, placement.person_id, Placement.__tablename__, reason, today)
    person_id, job_id = placement.person_id, placement.job_id
    change.remove(placement)
    for event in events:
        _take_back(change, event, person_id, job_id)


def _take_back(change: Change, event: AuditEvent, person_id: int, job_id: int | None) -> None:
    """The rows that the command of ``event`` changed, newest first, as they were before it."""
    t = AuditEvent
    same_command = (t.at == event.at, t.actor == event.actor, t.action == event.action, t.entity.in_(TABLES))
    for step in change.session.scalars(select(t).where(*same_command).order_by(t.id.desc())).all():
        table = TABLES[step.entity]
        row = change.session.get(table, int(step.entity_id))
        if row is None or not _is_about(row, person_id, job_id):
            continue
        assert step.after is not None  # none of these commands removes a row
        if any(as_json(getattr(row, name)) != value for name, value in step.after.items() if name != "version"):
            continue  # changed again since
        if step.before is None:
            change.remove(row)
        else:
            change.edit(table, int(step.entity_id), from_json(table, step.before))


def _is_about(row: Base, person_id: int, job_id: int | None) -> bool:
    return row.id == job_id if isinstance(row, Job) else row.person_id == person_id  # type: ignore[attr-defined]
