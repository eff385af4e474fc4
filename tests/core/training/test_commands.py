"""Courses that close a gap, sessions planned from what training would gain, and visits asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.locale import translator
from core.matching.reasons import closing_course
from core.people.commands import ask_visits
from core.policy import Action
from core.store.commands import command
from core.store.database import Database
from core.store.schema import AuditEvent, Course, CourseSession, Enrolment, PlanMeasure, Visit
from core.terms import EnrolmentResult, VisitMode
from core.training.commands import plan_session
from core.training.queries import courses
from tests.accesses import dispatcher
from tests.core.factories import NOW, TODAY, fill


def plan(db: Database, days: int = 4) -> int:
    with command(db, actor=dispatcher("李敏"), action=Action.PLAN_SESSION, at=NOW) as change:
        return plan_session(
            change,
            skill="K39",
            name="剪纸",
            community_id=1,
            starts_on=TODAY,
            ends_on=TODAY + timedelta(days=days),
            people=[1, 2, 2],
        )


def test_a_planned_session_enrols_each_person_once_and_shares_its_course(db: Database) -> None:
    fill(db)
    one, other = plan(db), plan(db)
    with db.read() as connection:
        sessions = connection.execute(select(CourseSession.code, CourseSession.course_id)).all()
        enrolled = connection.execute(select(Enrolment.person_id, Enrolment.result).order_by(Enrolment.id)).all()
        courses = connection.execute(select(Course.skill)).scalars().all()
        actions = set(connection.execute(select(AuditEvent.action)).scalars())
    assert one != other
    assert len({code for code, _ in sessions}) == 2
    assert len({course for _, course in sessions}) == 1
    assert courses.count("K39") == 1
    assert [(p, r) for p, r in enrolled] == [(p, EnrolmentResult.ENROLLED) for p in (1, 2, 1, 2)]
    assert "plan_session" in actions
    with pytest.raises(ValueError, match="end"):
        plan(db, -1)


def test_a_visit_is_asked_for_at_the_last_visit_or_as_a_step(db: Database) -> None:
    fill(db)
    with db.write() as session:
        session.query(Visit).delete()
        session.add(Visit(person_id=1, visited_on=TODAY, mode=VisitMode.DOOR, needs="想在家做"))
    due = TODAY + timedelta(days=7)
    for person in (1, 2):
        ask_visits(db, {person: "问班次"}, on=due, today=TODAY, actor=dispatcher("李敏"), at=NOW)
    with db.read() as connection:
        assert connection.execute(select(Visit.next_on, Visit.needs)).all() == [(due, "想在家做\n问班次")]
        steps = connection.execute(select(PlanMeasure.text).where(PlanMeasure.due_on == due)).scalars().all()
    assert steps == ["问班次"]


def test_the_course_that_starts_soonest_closes_a_gap(db: Database) -> None:
    fill(db)
    plan(db)
    with db.read() as connection:
        today, later = (courses(connection, day) for day in (TODAY, TODAY + timedelta(days=1)))

    assert closing_course(today, "K39", translator("en")) == f"剪纸, from {translator('en').day(TODAY)}"
    assert closing_course(later, "K39", translator("en")) == "剪纸, no session planned"
    assert closing_course(later, "K01", translator("zh_CN")) == "暂无对应课程"
