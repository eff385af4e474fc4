"""Changes to courses: a planned session with the people it is meant for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from core.store.commands import Change
from core.store.schema import Course, CourseSession, Enrolment
from core.terms import EnrolmentResult, TrainingKind

__all__ = ["plan_session"]


def plan_session(
    change: Change,
    *,
    skill: str,
    name: str,
    community_id: int | None,
    starts_on: date,
    ends_on: date,
    people: Sequence[int],
    place: str | None = None,
) -> int:
    """A session of the course that teaches ``skill`` (made under ``name`` if there is none) with ``people`` enrolled.

    Returns the session's id. ValueError when it ends before it starts.
    """
    if ends_on < starts_on:
        raise ValueError("a session can't end before it starts")
    course = change.session.scalar(select(Course).where(Course.skill == skill).order_by(Course.id).limit(1))
    course_id = course.id if course is not None else int(change.add(Course(name=name, skill=skill, hours=None)))
    stem = f"PLAN-{starts_on:%Y%m%d}-"
    known = change.session.scalar(
        select(func.count()).select_from(CourseSession).where(CourseSession.code.startswith(stem))
    )
    session = int(
        change.add(
            CourseSession(
                code=f"{stem}{(known or 0) + 1}",
                course_id=course_id,
                kind=TrainingKind.DOORSTEP,
                place=place,
                community_id=community_id,
                starts_on=starts_on,
                ends_on=ends_on,
                hours=None if course is None else course.hours,
            )
        )
    )
    change.add_all(
        Enrolment,
        [
            {"session_id": session, "person_id": person, "result": EnrolmentResult.ENROLLED}
            for person in dict.fromkeys(people)
        ],
    )
    return session
