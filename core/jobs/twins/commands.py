"""Decisions on two openings: one and the same (merged, with everything that hangs on them), or not; each can be undone.

with command(db, actor=access, action=Action.DECIDE_TWINS, at=now) as change:
    pair = merge_openings(change, kept_id=3, other_id=17, free=2, today=today)
    undo_decision(change, pair)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from core.jobs import queries
from core.jobs.openings.queries import live_pairs
from core.people.merging.rules import REFERRALS
from core.store.commands import Change, NotFound, ProblemRefused, as_json, from_json
from core.store.schema import Base, EventIntent, Job, JobPair, JobSkill, JobSource, Placement, Referral
from core.terms import ClosingReason, JobStatus, ReferralState, Term

__all__ = ["PairProblem", "PairRefused", "keep_apart", "merge_openings", "undo_decision"]

# Fields that say one thing together: a gap is filled with all of them or none.
TOGETHER = (
    ("lon", "lat"),
    ("pay_kind", "pay_min", "pay_max", "rate"),
    ("form", "weekly_hours"),
    *((name,) for name in ("occupation", "field", "community_id", "workshop_id", "community_post_id", "shift")),
    *((name,) for name in ("seated", "home_work", "lifting", "step_free", "nights", "trains", "over_age_ok")),
    ("duties",),
)
FOLLOWING: tuple[type[Base], ...] = (Placement, EventIntent, JobSource)
"""Tables whose rows follow their opening into a merge without a further look."""
MOVING: tuple[type[Base], ...] = (Referral, JobSkill, *FOLLOWING)
STANDING = ("state", "state_since", "recommended_on", "staff", "refusal_reason", "closing_reason", "score", "evidence")
"""What a recommendation says of how it stands: joined as a whole. Notes, which speak of a person, stay where they are."""
TABLES = {table.__tablename__: table for table in MOVING}


class PairProblem(Term):
    """Why a decision on two openings is not taken or not undone."""

    ONE = "one", "同一个岗位不能与自己合并", "an opening is no twin of its own"
    MERGED = "merged", "岗位已并入另一个岗位", "the opening was merged into another"
    MERGED_SINCE = (
        "merged_since",
        "保留的岗位之后又被合并，请先撤销后一次合并",
        "the kept opening was merged since: undo that first",
    )
    UNDONE = "undone", "该决定已撤销", "the decision was undone already"
    DECIDED = "decided", "这两个岗位已有决定", "the two openings are decided already"


class PairRefused(ProblemRefused):
    """A rule of decisions on two openings is broken; nothing is changed."""

    problem: PairProblem


def merge_openings(change: Change, kept_id: int, other_id: int, *, free: int, today: date) -> int:
    """``other_id`` turned out to be ``kept_id``: returns the id of the decision.

    Recommendations, starts, intents and sources move to the kept opening, which takes from the other what it does not say
    itself, the later confirmation, and ``free`` seats. Of two recommendations of one person the one for the kept opening
    goes on, at whichever state came further; the other is closed and stays with the other opening, which is closed too and
    whose number leads to the kept one.
    """
    if kept_id == other_id:
        raise PairRefused(PairProblem.ONE)
    kept, other = _live_job(change, kept_id), _live_job(change, other_id)
    connection = change.session.connection()
    if live_pairs(connection, kept_id, other_id):
        raise PairRefused(PairProblem.DECIDED)
    t, r = JobSource, Referral
    own_people = select(r.person_id).where(r.job_id == kept_id)
    referrals = select(r.id).where(r.job_id == other_id, r.person_id.not_in(own_people)).order_by(r.id)
    moved = {
        r.__tablename__: list(change.session.scalars(referrals)),
        **{table.__tablename__: _ids(change, table, other_id) for table in FOLLOWING},
    }
    if not _ids(change, JobSkill, kept_id):
        moved[JobSkill.__tablename__] = _ids(change, JobSkill, other_id)
    leading = list(change.session.scalars(select(t.id).where(t.job_id == other_id, t.leads).order_by(t.id)))
    _move(change, moved, other_id, kept_id)
    change.edit_all(t, [(source, {"leads": True}, {"leads": False}) for source in leading])
    joined = _join_referrals(change, kept_id, other_id, today)
    filled = _gaps(kept, other)
    taken = kept.openings - queries.seats_left(connection, kept_id)
    filled["openings"] = taken + free
    days = [day for day in (kept.confirmed_on, other.confirmed_on) if day is not None]
    filled["confirmed_on"] = max(days, default=None)
    before = {name: as_json(getattr(kept, name)) for name in filled}
    pair = JobPair(
        kept_id=kept_id,
        other_id=other_id,
        is_same=True,
        moved={**moved, "leading": leading, "joined": joined},
        filled={name: [before[name], as_json(value)] for name, value in filled.items()},
        other_status=other.status,
        other_status_since=other.status_since,
        decided_by=change.actor,
        decided_at=change.at,
    )
    change.edit(Job, kept_id, filled)
    closed = {"status": JobStatus.CLOSED, "status_since": today, "merged_into_id": kept_id}
    change.edit(Job, other_id, closed)
    return int(change.add(pair))


def keep_apart(change: Change, first_id: int, second_id: int) -> int:
    """The two openings are not the same: they are not proposed again. Returns the id of the decision."""
    if first_id == second_id:
        raise PairRefused(PairProblem.ONE)
    for job_id in (first_id, second_id):
        _live_job(change, job_id)
    if live_pairs(change.session.connection(), first_id, second_id):
        raise PairRefused(PairProblem.DECIDED)
    kept_id, other_id = sorted((first_id, second_id))
    pair = JobPair(kept_id=kept_id, other_id=other_id, is_same=False, decided_by=change.actor, decided_at=change.at)
    return int(change.add(pair))


def undo_decision(change: Change, pair_id: int) -> None:
    """Take a decision back. Of a merge: what moved and still hangs on the kept opening goes back, gaps that were filled are
    gaps again unless somebody wrote there since, and the other opening is as it was.

    PairRefused while the kept opening is itself merged into a third.
    """
    pair = change.session.get(JobPair, pair_id)
    if pair is None:
        raise NotFound(f"{JobPair.__tablename__} {pair_id}")
    if pair.undone_at is not None:
        raise PairRefused(PairProblem.UNDONE)
    if pair.is_same:
        _unmerge(change, pair)
    change.edit(JobPair, pair_id, {"undone_by": change.actor, "undone_at": change.at})


def _unmerge(change: Change, pair: JobPair) -> None:
    kept = change.session.get_one(Job, pair.kept_id)
    if kept.merged_into_id is not None:
        raise PairRefused(PairProblem.MERGED_SINCE)
    moved: dict[str, Any] = dict(pair.moved or {})
    leading = moved.pop("leading", [])
    _part_referrals(change, moved.pop("joined", []))
    change.edit_all(JobSource, [(source, {"leads": False}, {"leads": True}) for source in leading])
    _move(change, moved, pair.kept_id, pair.other_id)
    values = {
        name: before for name, (before, after) in (pair.filled or {}).items() if as_json(getattr(kept, name)) == after
    }
    change.edit(Job, kept.id, from_json(Job, values))
    before_merge = {"status": pair.other_status, "status_since": pair.other_status_since, "merged_into_id": None}
    change.edit(Job, pair.other_id, before_merge)


def _join_referrals(change: Change, kept_id: int, other_id: int, today: date) -> list[dict[str, Any]]:
    """Join the recommendations of people who have one for each opening; what each of the rows held, and holds now:
    [{"id": …, "fields": {field: [before, after]}}]."""
    t = Referral
    kept, other = (
        {row.person_id: row for row in change.session.scalars(select(t).where(t.job_id == job_id).order_by(t.id))}
        for job_id in (kept_id, other_id)
    )
    joined = []
    for person in sorted(kept.keys() & other.keys()):
        goes_on, ends = kept[person], other[person]
        further = max(goes_on, ends, key=lambda row: REFERRALS.index(row.state))  # the kept one of two alike
        standing = {name: getattr(further, name) for name in STANDING}
        closed = {"state": ReferralState.CLOSED, "state_since": today, "closing_reason": ClosingReason.ONE_OPENING}
        for row, values in ((goes_on, standing), (ends, closed)):
            fields = {
                name: [as_json(getattr(row, name)), as_json(value)]
                for name, value in values.items()
                if getattr(row, name) != value
            }
            change.edit(t, row.id, values)
            joined.append({"id": row.id, "fields": fields})
    return joined


def _part_referrals(change: Change, joined: Sequence[Mapping[str, Any]]) -> None:
    """The inverse of ``_join_referrals``; what somebody wrote since stays."""
    for entry in joined:
        row = change.session.get(Referral, entry["id"])
        if row is None:
            continue
        fields = entry["fields"]
        if all(as_json(getattr(row, name)) == after for name, (_, after) in fields.items()):
            change.edit(Referral, row.id, from_json(Referral, {name: before for name, (before, _) in fields.items()}))


def _move(change: Change, moved: dict[str, list[int]], of_job: int, to_job: int) -> None:
    """Hang rows that still hang on ``of_job`` on ``to_job``."""
    for name, ids in moved.items():
        table: Any = TABLES[name]
        still = change.session.scalars(select(table.id).where(table.id.in_(ids), table.job_id == of_job))
        change.edit_all(table, [(row_id, {"job_id": of_job}, {"job_id": to_job}) for row_id in sorted(still)])


def _ids(change: Change, table: Any, job_id: int) -> list[int]:
    return list(change.session.scalars(select(table.id).where(table.job_id == job_id).order_by(table.id)))


def _gaps(kept: Job, other: Job) -> dict[str, Any]:
    """What the other opening says and the kept one does not."""
    return {
        name: getattr(other, name)
        for names in TOGETHER
        if all(getattr(kept, name) is None for name in names)
        for name in names
        if getattr(other, name) is not None
    }


def _live_job(change: Change, job_id: int) -> Job:
    job = change.session.get(Job, job_id)
    if job is None:
        raise NotFound(f"job {job_id}")
    if job.merged_into_id is not None:
        raise PairRefused(PairProblem.MERGED)
    return job
