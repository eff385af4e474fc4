"""Changes to recruitment events: the event, its results, the named intents and their referrals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from core.jobs.commands import recommend
from core.store.commands import Change, NotFound, ProblemRefused
from core.store.schema import Event, EventIntent, Job
from core.terms import EventScene, EventTheme, Term

__all__ = ["COUNTS", "EventProblem", "EventRefused", "add_event", "add_intent", "record_results", "refer"]

# What is counted at an event and, of ``started_30_days``, afterwards; in persons but for the first two.
COUNTS = ("employers", "jobs_offered", "visitors", "welfare_post_visitors", "intents", "signed", "started_30_days")
# Of whom the persons of a count are a part: the count can not be larger.
PARTS = {
    "welfare_post_visitors": "visitors",
    "intents": "visitors",
    "signed": "visitors",
    "started_30_days": "visitors",
}


class EventProblem(Term):
    """Why an event or an intent is left as it is."""

    NOT_HELD = "not_held", "活动尚未举办，不能登记结果", "the event has not been held yet"
    MORE_THAN_VISITORS = "more_than_visitors", "人数多于进场人数", "a count is larger than the number of visitors"
    OTHER_EMPLOYER = "other_employer", "岗位不属于该企业", "the job is another employer's"
    NO_JOB = "no_job", "请先选择岗位", "no job is chosen"


class EventRefused(ProblemRefused):
    """A rule of events is broken; nothing is changed."""

    problem: EventProblem


def add_event(
    change: Change,
    *,
    name: str,
    held_on: date,
    theme: EventTheme,
    scene: EventScene | None = None,
    place: str | None = None,
    community_id: int | None = None,
    host: str | None = None,
) -> int:
    """An event; returns its id. The same name on the same day is the same event and is left as it is.

    ValueError for a blank name.
    """
    name = name.strip()
    if not name:
        raise ValueError("an event needs a name")
    known = change.session.scalar(select(Event.id).where(Event.name == name, Event.held_on == held_on))
    if known is not None:
        return known
    row = Event(name=name, held_on=held_on, theme=theme, scene=scene, place=place, community_id=community_id, host=host)
    return int(change.add(row))


def record_results(
    change: Change, event_id: int, counts: Mapping[str, int | None], *, version: int, today: date
) -> None:
    """What was counted at an event, of ``COUNTS``; Conflict where somebody changed it meanwhile.

    EventRefused before its day, and where a part has more persons than there were visitors.
    """
    event = _event(change, event_id)
    if event.held_on > today:
        raise EventRefused(EventProblem.NOT_HELD)
    for part, whole in PARTS.items():
        n, of = counts.get(part), counts.get(whole)
        if n is not None and of is not None and n > of:
            raise EventRefused(EventProblem.MORE_THAN_VISITORS)
    change.edit(Event, event_id, {name: counts.get(name) for name in COUNTS}, version=version)


def add_intent(change: Change, event_id: int, *, person_id: int, employer_id: int, job_id: int | None = None) -> int:
    """Somebody interested in an employer of an event, or in one of its jobs; returns the id.

    The same person and employer at the same event is one intent; a job that is named later is added to it.
    """
    _event(change, event_id)
    if job_id is not None:
        _check_job(change, job_id, employer_id)
    t = EventIntent
    known = change.session.scalar(
        select(t).where(t.event_id == event_id, t.person_id == person_id, t.employer_id == employer_id)
    )
    if known is None:
        return int(change.add(t(event_id=event_id, person_id=person_id, employer_id=employer_id, job_id=job_id)))
    if job_id is not None and known.referral_id is None:
        change.edit(t, known.id, {"job_id": job_id})
    return known.id


def refer(change: Change, intent_id: int, *, today: date, job_id: int | None = None) -> int:
    """Recommend the person of an intent for its job, or for ``job_id`` where it names only the employer.

    Returns the id of the referral; an intent that has one keeps it. What ``core.jobs.commands.recommend`` raises passes.
    """
    intent = change.session.get(EventIntent, intent_id)
    if intent is None:
        raise NotFound(f"{EventIntent.__tablename__} {intent_id}")
    if intent.referral_id is not None:
        return intent.referral_id
    job = intent.job_id if job_id is None else job_id
    if job is None:
        raise EventRefused(EventProblem.NO_JOB)
    _check_job(change, job, intent.employer_id)
    event = _event(change, intent.event_id)
    referral = recommend(change, person_id=intent.person_id, job_id=job, today=today, note=event.name)
    values: dict[str, Any] = {"job_id": job, "referral_id": referral}
    change.edit(EventIntent, intent_id, values)
    return referral


def _event(change: Change, event_id: int) -> Event:
    event = change.session.get(Event, event_id)
    if event is None:
        raise NotFound(f"{Event.__tablename__} {event_id}")
    return event


def _check_job(change: Change, job_id: int, employer_id: int) -> None:
    if change.session.scalar(select(Job.employer_id).where(Job.id == job_id)) != employer_id:
        raise EventRefused(EventProblem.OTHER_EMPLOYER)
