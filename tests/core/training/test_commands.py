"""Courses that close a gap, sessions planned from what training would gain, and visits asked for."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import select

from core.indicators import facts as indicator_facts
from core.indicators.commissioned import commissioned_by_employer, stage_rows
from core.indicators.registry import measure
from core.locale import translator
from core.matching.reasons import closing_course
from core.people.commands import ask_visits
from core.people.queries import enrolments
from core.policy import Access, Action, Refused
from core.store.commands import Conflict, OutOfScope, command
from core.store.database import Database
from core.store.schema import AuditEvent, Course, CourseSession, Enrolment, PersonSkill, PlanMeasure, Visit
from core.terms import EnrolmentResult, Evidence, JobStatus, TrainingKind, VisitMode
from core.training.commands import (
    CourseExists,
    CourseTaught,
    SessionProblem,
    SessionRefused,
    SheetRow,
    add_course,
    cancel_session,
    course_teaching,
    edit_course,
    enrol,
    plan_session,
    record_results,
    repeat_session,
)
from core.training.demand import free_seats, session_seats, skill_gaps
from core.training.queries import catalogue, courses, roster, sessions
from tests.accesses import caseworker, dispatcher
from tests.core.factories import NOW, TODAY, fill

PASSED, FAILED = EnrolmentResult.PASSED, EnrolmentResult.FAILED


def plan(
    db: Database, days: int = 4, *, starts_on: date = TODAY, people: tuple[int, ...] = (1, 2, 2), **facts: object
) -> int:
    with command(db, actor=dispatcher("李敏"), action=Action.PLAN_SESSION, at=NOW) as change:
        return plan_session(
            change,
            course_id=course_teaching(change, skill="K39", name="剪纸"),
            community_id=1,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=days),
            people=people,
            **facts,
        )


def ended(db: Database, **facts: object) -> int:
    """A session that ended today, of 40 hours."""
    return plan(db, starts_on=TODAY - timedelta(days=4), **{"hours": 40, **facts})


def record(db: Database, session: int, results: dict[int, EnrolmentResult], **facts: object) -> int:
    """Record the results of people of a session as its sheet shows them now."""
    with db.read() as connection:
        listed = roster(connection, session).set_index("person_id")
    rows = [
        SheetRow(int(listed.loc[p, "enrolment_id"]), int(listed.loc[p, "version"]), result, **facts)  # type: ignore[arg-type]
        for p, result in results.items()
    ]
    with command(db, actor=dispatcher(), action=Action.RECORD_SESSION, at=NOW) as change:
        return record_results(change, session, rows, today=TODAY)


def skill_of(db: Database, person: int) -> tuple[int, Evidence, date | None] | None:
    t = PersonSkill
    with db.read() as connection:
        row = connection.execute(
            select(t.level, t.evidence, t.acquired_on).where(t.person_id == person, t.skill == "K39")
        ).one_or_none()
    return None if row is None else tuple(row)  # type: ignore[return-value]


def test_a_planned_session_enrols_each_person_once_and_is_never_made_twice(db: Database) -> None:
    fill(db)
    one, again, other = plan(db), plan(db, people=(2, 3)), plan(db, place="社区广场")
    with db.read() as connection:
        stored = connection.execute(select(CourseSession.code, CourseSession.course_id)).all()
        enrolled = connection.execute(select(Enrolment.person_id, Enrolment.result).order_by(Enrolment.id)).all()
        skills = connection.execute(select(Course.skill)).scalars().all()
        actions = set(connection.execute(select(AuditEvent.action)).scalars())
    assert one == again != other
    assert len({code for code, _ in stored}) == 2
    assert len({course for _, course in stored}) == 1
    assert skills.count("K39") == 1
    assert [(p, r) for p, r in enrolled] == [(p, EnrolmentResult.ENROLLED) for p in (1, 2, 3, 1, 2)]
    assert "plan_session" in actions
    with pytest.raises(SessionRefused, match="end"):
        plan(db, -1)


def test_seats_are_never_given_twice_and_a_list_is_taken_whole_or_not(db: Database) -> None:
    fill(db)
    session = plan(db, capacity=3)
    with (
        pytest.raises(SessionRefused) as refused,
        command(db, actor=dispatcher(), action=Action.ENROL, at=NOW) as change,
    ):
        enrol(change, session, [2, 3, 4])
    assert (refused.value.problem, refused.value.seats_left) == (SessionProblem.FULL, 1)
    for _click in range(2):
        with command(db, actor=dispatcher(), action=Action.ENROL, at=NOW) as change:
            assert enrol(change, session, [2, 3]) == 1 - _click
    record(db, session, {1: EnrolmentResult.WITHDRAWN})
    with command(db, actor=dispatcher(), action=Action.ENROL, at=NOW) as change:
        enrol(change, session, [4])
    with db.read() as connection:
        assert list(roster(connection, session)["person_id"]) == [1, 2, 3, 4]
        (row,) = sessions(connection).to_dict("records")
    assert (row["listed"], row["waiting"], row["passed"]) == (3, 3, 0)


def test_a_caseworker_enrols_and_records_people_of_the_own_communities_only(db: Database) -> None:
    fill(db)
    session = ended(db, people=(1,))
    mine = caseworker(communities=[2])  # the personas live in the communities 1 … 4 in turn
    with command(db, actor=mine, action=Action.ENROL, at=NOW) as change:
        enrol(change, session, [2])
    with pytest.raises(OutOfScope), command(db, actor=mine, action=Action.ENROL, at=NOW) as change:
        enrol(change, session, [3])
    with pytest.raises(OutOfScope), command(db, actor=mine, action=Action.RECORD_SESSION, at=NOW) as change:
        record_results(change, session, [SheetRow(1, 1, PASSED)], today=TODAY)
    assert skill_of(db, 1) is None


def test_results_raise_a_skill_and_never_lower_it(db: Database) -> None:
    fill(db)
    with db.write() as store:
        for person, level, evidence, day in (
            (2, 1, Evidence.SELF_REPORT, None),
            (3, 3, Evidence.VOCATIONAL_LEVEL, date(2024, 5, 1)),
            (4, 4, Evidence.PRACTICAL_TEST, date(2026, 1, 5)),
        ):
            store.add(PersonSkill(person_id=person, skill="K39", level=level, evidence=evidence, acquired_on=day))
    session = ended(db, people=(1, 2, 3, 4, 5))
    before = {person: skill_of(db, person) for person in range(1, 6)}

    confirmed = record(db, session, dict.fromkeys((1, 2, 3, 4), PASSED), certificate=Evidence.TRAINING_CERTIFICATE)
    record(db, session, {5: FAILED})

    certificate = Evidence.TRAINING_CERTIFICATE
    assert confirmed == 3
    assert skill_of(db, 1) == skill_of(db, 2) == (2, certificate, TODAY)
    assert skill_of(db, 3) == before[3]
    assert skill_of(db, 4) == (4, certificate, date(2026, 1, 5))
    assert skill_of(db, 5) is None
    assert record(db, session, {1: PASSED}, certificate=certificate) == 0  # the second click
    record(db, session, {1: FAILED})
    assert skill_of(db, 1) == (2, certificate, TODAY)


def test_without_a_certificate_passing_counts_as_the_practical_test(db: Database) -> None:
    fill(db)
    record(db, ended(db), {1: PASSED})
    assert skill_of(db, 1) == (2, Evidence.PRACTICAL_TEST, TODAY)


@pytest.mark.parametrize(
    ("days_ago", "result", "facts", "problem"),
    [
        (-1, PASSED, {}, SessionProblem.NOT_BEGUN),
        (0, PASSED, {}, SessionProblem.NOT_OVER),
        (4, PASSED, {"attended_hours": 40.5}, SessionProblem.TOO_MANY_HOURS),
        (4, FAILED, {"certificate": Evidence.SPECIAL_ABILITY}, SessionProblem.NOT_PASSED),
    ],
)
def test_a_sheet_that_breaks_a_rule_changes_nothing(
    db: Database, days_ago: int, result: EnrolmentResult, facts: dict[str, object], problem: SessionProblem
) -> None:
    fill(db)
    session = plan(db, starts_on=TODAY - timedelta(days=days_ago), hours=40)
    with pytest.raises(SessionRefused) as refused:
        record(db, session, {1: PASSED if days_ago == 4 and result is PASSED else result, 2: result}, **facts)
    assert refused.value.problem is problem
    with db.read() as connection:
        assert set(roster(connection, session)["result"]) == {"enrolled"}


def test_a_row_that_somebody_else_recorded_meanwhile_is_not_overwritten(db: Database) -> None:
    fill(db)
    session = ended(db)
    record(db, session, {1: PASSED})
    with pytest.raises(Conflict), command(db, actor=dispatcher(), action=Action.RECORD_SESSION, at=NOW) as change:
        record_results(change, session, [SheetRow(2, 1, PASSED), SheetRow(1, 1, FAILED)], today=TODAY)
    with db.read() as connection:
        assert list(roster(connection, session)["result"]) == ["passed", "enrolled"]


def test_a_cancelled_session_counts_nowhere_and_can_be_repeated_with_its_people(db: Database) -> None:
    fill(db)
    session = plan(db, capacity=20, kind=TrainingKind.UNIVERSITY)
    with command(db, actor=dispatcher(), action=Action.CANCEL_SESSION, at=NOW) as change:
        cancel_session(change, session, version=1, reason="讲师请假", today=TODAY)
    with pytest.raises(SessionRefused), command(db, actor=dispatcher(), action=Action.ENROL, at=NOW) as change:
        enrol(change, session, [3])
    with db.read() as connection:
        assert enrolments(connection).empty
        assert courses(connection, TODAY)["starts_on"].isna().all()
        people = list(roster(connection, session)["person_id"])

    later = TODAY + timedelta(days=7)
    for _click in range(2):
        with command(db, actor=dispatcher(), action=Action.PLAN_SESSION, at=NOW) as change:
            repeat_session(change, session, starts_on=later, people=people)
    with db.read() as connection:
        repeated, _former = sessions(connection).to_dict("records")
    assert (repeated["kind"], repeated["capacity"], repeated["listed"]) == ("university", 20, 2)
    assert repeated["ends_on"] - repeated["starts_on"] == timedelta(days=4)

    recorded = ended(db)
    record(db, recorded, {1: PASSED})
    with pytest.raises(SessionRefused), command(db, actor=dispatcher(), action=Action.CANCEL_SESSION, at=NOW) as change:
        cancel_session(change, recorded, version=1, reason="", today=TODAY)


def test_a_course_is_added_once(db: Database) -> None:
    fill(db)
    for hours in (24, 40):
        with command(db, actor=dispatcher(), action=Action.ADD_COURSE, at=NOW) as change:
            add_course(change, name=" 剪纸 ", skill="K39", hours=hours, practice_hours=16)
    with pytest.raises(CourseExists), command(db, actor=dispatcher(), action=Action.ADD_COURSE, at=NOW) as change:
        add_course(change, name="剪纸", skill="K01")
    with (
        pytest.raises(ValueError, match="practice"),
        command(db, actor=dispatcher(), action=Action.ADD_COURSE, at=NOW) as change,
    ):
        add_course(change, name="刺绣", skill="K39", hours=4, practice_hours=16)
    with db.read() as connection:
        (row,) = catalogue(connection).to_dict("records")
    assert (row["course"], row["hours"], row["practice_hours"]) == ("剪纸", 40, 16)


def test_a_course_is_changed_by_who_may_and_keeps_its_skill_once_it_was_passed(db: Database) -> None:
    fill(db)
    facts = {
        "kind": TrainingKind.UNIVERSITY,
        "hours": 60,
        "practice_hours": 30,
        "certificate": Evidence.SPECIAL_ABILITY,
    }

    def edit(name: str, skill: str, version: int, access: Access | None = None) -> None:
        with command(db, actor=access or dispatcher(), action=Action.EDIT_COURSE, at=NOW) as change:
            edit_course(change, 1, name=name, skill=skill, version=version, **facts)

    with command(db, actor=dispatcher(), action=Action.ADD_COURSE, at=NOW) as change:
        add_course(change, name="剪纸", skill="K39")
        add_course(change, name="刺绣", skill="K39")
    edit("剪纸与刻纸", "K01", 1)
    with db.read() as connection:
        row = catalogue(connection).set_index("id").loc[1]
    assert (row["course"], row["skill"], row["kind"], row["hours"], row["certificate"]) == (
        *("剪纸与刻纸", "K01", TrainingKind.UNIVERSITY),
        *(60, Evidence.SPECIAL_ABILITY),
    )
    with pytest.raises(CourseExists):
        edit("刺绣", "K01", 2)
    with pytest.raises(Conflict):
        edit("剪纸", "K01", 1)
    with pytest.raises(Refused):
        edit("剪纸", "K01", 2, caseworker("李明"))
    with db.write() as session:
        session.add(CourseSession(code="X", course_id=1, kind=TrainingKind.DOORSTEP, starts_on=TODAY, ends_on=TODAY))
        session.flush()
        session.add(Enrolment(session_id=1, person_id=1, result=EnrolmentResult.PASSED))
    with pytest.raises(CourseTaught):
        edit("剪纸", "K39", 2)
    edit("剪纸", "K01", 2)


def test_a_gap_is_what_seats_exceed_the_able_and_the_coming() -> None:
    jobs = pd.DataFrame(
        {
            "id": [1, 2, 3, 4],
            "status": [JobStatus.OPEN, JobStatus.OPEN, JobStatus.CLOSED, JobStatus.OPEN],
            "openings": [5, 2, 9, 7],
            "trains": pd.array([None, False, False, True], "boolean"),
        }
    )
    seats = free_seats(jobs, pd.DataFrame({"job_id": [1, 3], "taken": [1, 2]}))
    assert seats.to_dict() == {1: 4, 2: 2}
    asked = pd.DataFrame(
        {
            "job_id": [1, 2, 2, 3],
            "skill": ["A", "A", "B", "C"],
            "level": [2, 3, 1, 1],
            "essential": [True, True, False, True],
        }
    )
    own = pd.DataFrame({"person_id": [1, 2, 3, 9], "skill": ["A", "A", "A", "A"], "level": [1, 2, 4, 4]})
    held = pd.DataFrame(
        {
            "skill": ["A", "A", "A"],
            "ends_on": pd.to_datetime([TODAY, TODAY, TODAY]),
            "cancelled_on": pd.to_datetime([None, None, TODAY]),
            "capacity": pd.array([1, None, 8], "Int64"),
            "listed": [0, 2, 3],
        }
    )
    coming = session_seats(held, TODAY)
    assert coming.to_dict() == {"A": 3}
    table = skill_gaps(asked, seats, own, pd.Series([1, 2, 3]), coming)
    assert table.to_dict("records") == [{"skill": "A", "seats": 6, "able": 2, "lacking": 1, "coming": 3, "gap": 1}]
    assert skill_gaps(asked.iloc[:0], seats.iloc[:0], own, pd.Series([1]), coming).empty


def test_the_commissioned_funnel_is_the_indicator_by_enterprise(sample_db: Database) -> None:
    with sample_db.read() as connection:
        facts = indicator_facts.load(connection)
    table = commissioned_by_employer(facts, TODAY)
    (first, *_) = table.to_dict("records")
    assert (first["employer"], first["trained"], first["joined"]) == ("济宁壮志天上商贸公司", 108, 34)
    assert first["joined"] >= first["mature"] >= first["retained"] > 0
    whole = measure(facts, "commissioned_conversion", TODAY)
    assert (table["joined"].sum(), table["trained"].sum()) == (whole.numerator, whole.denominator)
    for stage in ("trained", "joined", "mature", "retained"):
        assert len(stage_rows(facts, TODAY, stage, int(first["employer_id"]))) == first[stage]


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
    plan(db, people=())
    with db.read() as connection:
        today, later = (courses(connection, day) for day in (TODAY, TODAY + timedelta(days=1)))

    assert closing_course(today, "K39", translator("en")) == f"剪纸, from {translator('en').day(TODAY)}"
    assert closing_course(later, "K39", translator("en")) == "剪纸, no session planned"
    assert closing_course(later, "K01", translator("zh_CN")) == "暂无对应课程"
