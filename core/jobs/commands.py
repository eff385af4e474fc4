"""What becomes of a recommendation: allowed steps, refusals, and the hire that takes an opening's seat.

with command(db, actor=access, action=Action.RECOMMEND, at=now) as change:
    referral = recommend(change, person_id=17, job_id=3, today=today, score=0.82, evidence={...})
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.jobs import queries
from core.locale import Translator
from core.people import queries as people_queries
from core.people.commands import set_state
from core.store.commands import Change, CommandRefused, NotFound
from core.store.schema import Employer, FollowUp, FollowUpDifficulty, Job, Placement, Referral, WelfarePost
from core.terms import (
    Channel,
    ClosingReason,
    Difficulty,
    EmployerKind,
    ExitReason,
    FollowUpResult,
    JobForm,
    JobStatus,
    PersonState,
    ReferralState,
    RefusalReason,
)

__all__ = [
    "LIVE",
    "TRANSITIONS",
    "AlreadyRecommended",
    "JobNotOpen",
    "NoSeatLeft",
    "PairRefused",
    "PlacementExists",
    "StartsTooLate",
    "StepNotAllowed",
    "advance",
    "change_pay",
    "end_placement",
    "hire",
    "recommend",
    "record_follow_up",
    "refuse",
    "start_placement",
]

S = ReferralState
LIVE = frozenset({S.RECOMMENDED, S.INTERVIEW, S.OFFERED})
TRANSITIONS: MappingProxyType[ReferralState, frozenset[ReferralState]] = MappingProxyType(
    {
        S.RECOMMENDED: frozenset({S.INTERVIEW, S.OFFERED, S.NOT_HIRED, S.DECLINED, S.CLOSED}),
        S.INTERVIEW: frozenset({S.OFFERED, S.NOT_HIRED, S.DECLINED, S.CLOSED}),
        S.OFFERED: frozenset({S.STARTED, S.DECLINED, S.NOT_HIRED, S.CLOSED}),
        S.STARTED: frozenset(),
        S.NOT_HIRED: frozenset(),
        S.DECLINED: frozenset(),
        S.CLOSED: frozenset({S.RECOMMENDED}),
    }
)


@dataclass(eq=False)
class StepNotAllowed(CommandRefused):
    """No step leads from the referral's ``state`` to ``wanted``."""

    state: ReferralState
    wanted: ReferralState

    def __str__(self) -> str:
        return f"no step leads from {self.state.value} to {self.wanted.value}"

    def sentence(self, tr: Translator) -> str:
        """Why, for whoever asked."""
        return tr("The recommendation has changed in the meantime. Please check again.")


@dataclass(eq=False)
class AlreadyRecommended(CommandRefused):
    """The pair has a live referral, or the person already started there."""

    referral_id: int
    state: ReferralState

    def __str__(self) -> str:
        return f"referral {self.referral_id} of this pair is at {self.state.value}"

    def sentence(self, tr: Translator) -> str:
        """Why, for whoever asked."""
        return tr("This pair has already been recommended.")


@dataclass(eq=False)
class PairRefused(CommandRefused):
    """The candidate declined this job, or the employer did not hire: the pair is not offered again."""

    referral_id: int
    state: ReferralState

    def __str__(self) -> str:
        return f"this pair ended as {self.state.value} (referral {self.referral_id})"

    def sentence(self, tr: Translator) -> str:
        """Why, for whoever asked."""
        return tr("This pair ended before and is not offered again.")


@dataclass(eq=False)
class JobNotOpen(CommandRefused):
    """The opening was filled or closed."""

    job_id: int

    def __str__(self) -> str:
        return f"job {self.job_id} is not open"

    def sentence(self, tr: Translator) -> str:
        """Why, for whoever asked."""
        return tr("This opening is no longer open.")


@dataclass(eq=False)
class NoSeatLeft(CommandRefused):
    """Every seat of the opening is taken: someone else was quicker."""

    job_id: int
    openings: int

    def __str__(self) -> str:
        return f"all {self.openings} seats of job {self.job_id} are taken"

    def sentence(self, tr: Translator) -> str:
        """Why, for whoever asked."""
        return tr("This opening has just been filled.")


@dataclass(eq=False)
class PlacementExists(CommandRefused):
    """Another placement of the person begins on the same day."""

    started_on: date

    def __str__(self) -> str:
        return f"a placement that began on {self.started_on} is on record"

    def sentence(self, tr: Translator) -> str:
        """Why, for whoever asked."""
        return tr("Work that begins on this day is on record already.")


@dataclass(eq=False)
class StartsTooLate(CommandRefused):
    """A start is recorded when it has happened, not before."""

    started_on: date

    def __str__(self) -> str:
        return f"{self.started_on} is still to come"

    def sentence(self, tr: Translator) -> str:
        """Why, for whoever asked."""
        return tr("A start is recorded when it has happened, not before.")


def recommend(
    change: Change,
    *,
    person_id: int,
    job_id: int,
    today: date,
    score: float | None = None,
    evidence: dict[str, Any] | None = None,
    note: str | None = None,
) -> int:
    """Recommend a person for a job in the name of ``change.actor``; returns the referral's id.

    ``score`` (0..1) and ``evidence`` (factors, weights, preset) are kept as they stood. A closed referral of the pair
    is opened again; AlreadyRecommended, PairRefused, JobNotOpen and NoSeatLeft otherwise say why not.
    """
    job = _job(change.session, job_id)
    if job.status is not JobStatus.OPEN:
        raise JobNotOpen(job_id)
    if queries.seats_left(change.session.connection(), job_id) <= 0:
        raise NoSeatLeft(job_id, job.openings)
    values: dict[str, Any] = {
        "state": S.RECOMMENDED,
        "recommended_on": today,
        "state_since": today,
        "staff": change.actor,
        "refusal_reason": None,
        "closing_reason": None,
        "score": score,
        "evidence": evidence,
        "note": note,
    }
    known = _referral_of_pair(change.session, person_id, job_id)
    if known is None:
        return int(change.add(Referral(person_id=person_id, job_id=job_id, **values)))
    if known.state in (S.DECLINED, S.NOT_HIRED):
        raise PairRefused(known.id, known.state)
    if S.RECOMMENDED not in TRANSITIONS[known.state]:
        raise AlreadyRecommended(known.id, known.state)
    change.edit(Referral, known.id, values)
    return known.id


def refuse(
    change: Change, *, person_id: int, job_id: int, reason: RefusalReason, today: date, note: str | None = None
) -> int:
    """Record that a candidate declines a job, recommended or not yet; returns the referral's id.

    Only this pair is removed from later lists. StepNotAllowed when the pair has already ended otherwise.
    """
    values = {"state": S.DECLINED, "state_since": today, "refusal_reason": reason, "note": note}
    known = _referral_of_pair(change.session, person_id, job_id)
    if known is None:
        _job(change.session, job_id)
        row = Referral(person_id=person_id, job_id=job_id, recommended_on=today, staff=change.actor, **values)
        return int(change.add(row))
    _check_step(known.state, S.DECLINED)
    change.edit(Referral, known.id, values)
    return known.id


def advance(change: Change, referral_id: int, to: ReferralState, *, today: date, version: int | None = None) -> None:
    """Move a referral one allowed step; to STARTED it is a ``hire`` today. StepNotAllowed, NotFound, Conflict."""
    if to is S.STARTED:
        hire(change, referral_id, started_on=today, today=today, version=version)
        return
    _check_step(_referral(change.session, referral_id).state, to)
    change.edit(Referral, referral_id, {"state": to, "state_since": today}, version=version)


def hire(
    change: Change,
    referral_id: int,
    *,
    started_on: date,
    today: date,
    monthly_pay: float | None = None,
    version: int | None = None,
) -> int:
    """An offered person starts: the placement, the person's new state, the seat and the other offers in one go.

    Takes a seat of the opening (NoSeatLeft if someone was quicker) and closes the opening with its last one; closes the
    person's other live referrals; ends a public-welfare post that still runs. Returns the placement's id.
    """
    if started_on > today:
        raise StartsTooLate(started_on)
    referral = _referral(change.session, referral_id)
    _check_step(referral.state, S.STARTED)
    job = _job(change.session, referral.job_id)
    left = queries.seats_left(change.session.connection(), job.id)
    if left <= 0:
        raise NoSeatLeft(job.id, job.openings)
    change.edit(Referral, referral_id, {"state": S.STARTED, "state_since": started_on}, version=version)
    placement = change.add(
        Placement(
            person_id=referral.person_id,
            started_on=started_on,
            channel=_channel(change.session, job),
            employer_id=job.employer_id,
            workshop_id=job.workshop_id,
            community_post_id=job.community_post_id,
            job_id=job.id,
            form=job.form,
            monthly_pay=monthly_pay,
        )
    )
    if left == 1:
        change.edit(Job, job.id, {"status": JobStatus.FILLED, "status_since": started_on})
    for other in queries.live_referral_ids(change.session.connection(), referral.person_id):
        elsewhere = {"closing_reason": ClosingReason.WORKS_ELSEWHERE}
        change.edit(Referral, other, {"state": S.CLOSED, "state_since": started_on, **elsewhere})
    for post in people_queries.running_post_ids(change.session.connection(), referral.person_id, started_on):
        change.edit(WelfarePost, post, {"exited_on": started_on, "exit_reason": ExitReason.MOVED_ON})
    set_state(change, referral.person_id, PersonState.EMPLOYED, started_on)
    return int(placement)


def start_placement(
    change: Change,
    person_id: int,
    *,
    channel: Channel,
    started_on: date,
    today: date,
    employer_id: int | None = None,
    workshop_id: int | None = None,
    form: JobForm | None = None,
    monthly_pay: float | None = None,
    weekly_hours: float | None = None,
) -> int:
    """Somebody found work without a recommendation; returns the placement's id.

    The person is employed from that day on, and a public-welfare post that still runs ends. StartsTooLate for a day to
    come, PlacementExists where one begins on the same day, NotFound for a person out of scope, ValueError where the channel
    needs an employer or a workshop that is not named.
    """
    change.check_person(person_id)
    if started_on > today:
        raise StartsTooLate(started_on)
    if channel is Channel.WORKSHOP and workshop_id is None:
        raise ValueError("work in a workshop names the workshop")
    if channel in (Channel.ENTERPRISE, Channel.COMMUNITY_POST, Channel.OTHER) and employer_id is None:
        raise ValueError("work at an employer names the employer")
    t = Placement
    if change.session.scalar(select(t.id).where(t.person_id == person_id, t.started_on == started_on)) is not None:
        raise PlacementExists(started_on)
    placement = change.add(
        Placement(
            person_id=person_id,
            started_on=started_on,
            channel=channel,
            employer_id=employer_id,
            workshop_id=workshop_id,
            form=form,
            monthly_pay=monthly_pay,
            weekly_hours=weekly_hours,
        )
    )
    for post in people_queries.running_post_ids(change.session.connection(), person_id, started_on):
        change.edit(WelfarePost, post, {"exited_on": started_on, "exit_reason": ExitReason.MOVED_ON})
    set_state(change, person_id, PersonState.EMPLOYED, started_on)
    return int(placement)


def change_pay(
    change: Change, placement_id: int, *, monthly_pay: float | None, weekly_hours: float | None, version: int
) -> None:
    """The pay (yuan a month) and hours a week as they are now. Conflict, NotFound."""
    values = {"monthly_pay": monthly_pay, "weekly_hours": weekly_hours}
    change.edit(Placement, placement_id, values, version=version)


def end_placement(change: Change, placement_id: int, *, ended_on: date, reason: ExitReason, version: int) -> None:
    """Somebody leaves: who retires leaves the pool, everyone else seeks work from that day on. Conflict, NotFound.

    ValueError for a day before the start and for a placement that has ended. Whoever has other work stays employed.
    """
    placement = change.session.get(Placement, placement_id)
    if placement is None:
        raise NotFound(f"placement {placement_id}")
    if ended_on < placement.started_on or placement.ended_on is not None:
        raise ValueError("running work ends on or after the day of its start")
    change.edit(Placement, placement_id, {"ended_on": ended_on, "end_reason": reason}, version=version)
    t = Placement
    goes_on = select(t.id).where(
        t.person_id == placement.person_id, t.id != placement_id, t.ended_on.is_(None), t.started_on <= ended_on
    )
    if change.session.scalar(goes_on.limit(1)) is None:
        state = PersonState.RETIRED if reason is ExitReason.RETIRED else PersonState.SEEKING
        set_state(change, placement.person_id, state, ended_on)


def record_follow_up(
    change: Change,
    placement_id: int,
    result: FollowUpResult,
    *,
    followed_on: date,
    note: str = "",
    monthly_pay: float | None = None,
    weekly_hours: float | None = None,
    difficulties: Collection[Difficulty] = (),
    left_on: date | None = None,
    reason: ExitReason | None = None,
) -> None:
    """The result of a follow-up of a placement; a second one on the same day completes the first.

    ``monthly_pay`` (yuan) and ``weekly_hours`` as reported replace those on record of the placement; where nobody was
    reached nothing was reported, and they are not taken. For somebody who has left, ``left_on`` (by default the day of the
    follow-up) ends the placement, and the person seeks work from that day on. ValueError for a day before the start.
    """
    placement = change.session.get(Placement, placement_id)
    if placement is None:
        raise NotFound(f"placement {placement_id}")
    if result is FollowUpResult.UNREACHABLE:
        monthly_pay, weekly_hours, difficulties = None, None, ()
    reported = {"monthly_pay": monthly_pay, "weekly_hours": weekly_hours}
    values = {"result": result, "note": note.strip() or None, **reported}
    of_day = select(FollowUp.id).where(FollowUp.placement_id == placement_id, FollowUp.followed_on == followed_on)
    known = change.session.scalar(of_day)
    if known is None:
        known = int(change.add(FollowUp(placement_id=placement_id, followed_on=followed_on, **values)))
    else:
        change.edit(FollowUp, known, values)
    _save_difficulties(change, known, set(difficulties))
    given = {name: value for name, value in reported.items() if value is not None}
    if given:
        change.edit(Placement, placement_id, given)
    if result is FollowUpResult.LEFT and placement.ended_on is None:
        end = left_on or followed_on
        if end < placement.started_on:
            raise ValueError(f"{end} is before the start on {placement.started_on}")
        change.edit(Placement, placement_id, {"ended_on": end, "end_reason": reason})
        set_state(change, placement.person_id, PersonState.SEEKING, end)


def _save_difficulties(change: Change, follow_up_id: int, kinds: set[Difficulty]) -> None:
    t = FollowUpDifficulty
    stored = change.session.scalars(select(t).where(t.follow_up_id == follow_up_id)).all()
    gone = [row for row in stored if row.kind not in kinds]
    change.remove_all(t, [(row.id, {"follow_up_id": follow_up_id, "kind": row.kind}) for row in gone])
    for kind in sorted(kinds - {row.kind for row in stored}, key=lambda kind: kind.order):
        change.add(t(follow_up_id=follow_up_id, kind=kind))


def _channel(session: Session, job: Job) -> Channel:
    if job.workshop_id is not None:
        return Channel.WORKSHOP
    if job.community_post_id is not None:
        return Channel.COMMUNITY_POST
    employer = session.get(Employer, job.employer_id)
    craft = employer is not None and employer.kind is EmployerKind.CRAFT_ECOMMERCE
    return Channel.ENTERPRISE if craft else Channel.OTHER


def _check_step(state: ReferralState, to: ReferralState) -> None:
    if to not in TRANSITIONS[state]:
        raise StepNotAllowed(state, to)


def _job(session: Session, job_id: int) -> Job:
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound(f"job {job_id}")
    return job


def _referral(session: Session, referral_id: int) -> Referral:
    referral = session.get(Referral, referral_id)
    if referral is None:
        raise NotFound(f"referral {referral_id}")
    return referral


def _referral_of_pair(session: Session, person_id: int, job_id: int) -> Referral | None:
    known = queries.referral_id(session.connection(), person_id, job_id)
    return None if known is None else session.get(Referral, known)
