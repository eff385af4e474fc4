"""Reads of courses."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Connection, and_, func, select

from core.store.frames import frame
from core.store.schema import Community, Course, CourseSession, Employer, Enrolment, Person
from core.terms import EnrolmentResult

__all__ = ["catalogue", "courses", "roster", "sessions"]


def courses(connection: Connection, today: date) -> pd.DataFrame:
    """One row a course that teaches a skill: skill, course, starts_on of its next session (NaT: none planned)."""
    following = and_(
        CourseSession.course_id == Course.id, CourseSession.starts_on >= today, CourseSession.cancelled_on.is_(None)
    )
    return frame(
        connection,
        select(Course.skill, Course.name.label("course"), func.min(CourseSession.starts_on).label("starts_on"))
        .outerjoin(CourseSession, following)
        .where(Course.skill.is_not(None))
        .group_by(Course.id, Course.skill, Course.name)
        .order_by(Course.skill, Course.id),
    )


def catalogue(connection: Connection) -> pd.DataFrame:
    """One row a course: id, course, skill, kind, hours, practice_hours, certificate, version."""
    t = Course
    columns = (t.id, t.name.label("course"), t.skill, t.kind, t.hours, t.practice_hours, t.certificate, t.version)
    return frame(connection, select(*columns).order_by(t.name))


def sessions(connection: Connection) -> pd.DataFrame:
    """One row a session, latest first, with course, skill, community and employer by name.

    ``listed``: people on its list who have not withdrawn; ``waiting``: of them without a result; ``passed``.
    """
    s, e = CourseSession, Enrolment
    people = (
        select(
            e.session_id,
            func.count().filter(e.result != EnrolmentResult.WITHDRAWN).label("listed"),
            func.count().filter(e.result == EnrolmentResult.ENROLLED).label("waiting"),
            func.count().filter(e.result == EnrolmentResult.PASSED).label("passed"),
        )
        .group_by(e.session_id)
        .subquery()
    )
    table = frame(
        connection,
        select(
            *s.__table__.columns,
            Course.name.label("course"),
            Course.skill,
            Community.name.label("community"),
            Employer.name.label("employer"),
            people.c.listed,
            people.c.waiting,
            people.c.passed,
        )
        .join(Course, Course.id == s.course_id)
        .outerjoin(Community, Community.id == s.community_id)
        .outerjoin(Employer, Employer.id == s.employer_id)
        .outerjoin(people, people.c.session_id == s.id)
        .order_by(s.starts_on.desc(), s.id.desc()),
    )
    return table.fillna({"listed": 0, "waiting": 0, "passed": 0})


def roster(connection: Connection, session_id: int) -> pd.DataFrame:
    """The people of a session: enrolment_id, version, person_id, person (name), attended_hours, result, certificate,
    certificate_number."""
    t = Enrolment
    return frame(
        connection,
        select(
            t.id.label("enrolment_id"),
            t.version,
            t.person_id,
            Person.name.label("person"),
            t.attended_hours,
            t.result,
            t.certificate,
            t.certificate_number,
        )
        .join(Person, Person.id == t.person_id)
        .where(t.session_id == session_id)
        .order_by(t.id),
    )
