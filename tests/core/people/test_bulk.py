"""Many people at once: visits scheduled, plans handed over; all or none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.people.commands import (
    ask_visits,
    hand_over,
    hand_over_caseload,
    record_visit,
    reschedule_steps,
    undo_hand_over,
)
from core.policy import Refused
from core.store.commands import NotFound
from core.store.database import Database
from core.store.schema import AuditEvent, Plan, PlanMeasure, Visit
from core.terms import VisitMode
from tests.accesses import caseworker, dispatcher
from tests.core.factories import NOW, TODAY, communities, person

SOON = TODAY + timedelta(days=7)


@pytest.fixture
def people(db: Database) -> list[int]:
    with db.write() as session:
        places = communities(session)
        return [person(session, name, community_id=places[n % 2]) for n, name in enumerate("甲乙丙")]


def visited(db: Database, person_id: int, next_on: date | None) -> None:
    record_visit(
        db,
        person_id,
        visited_on=TODAY - timedelta(days=40),
        mode=VisitMode.DOOR,
        needs="找离家近的",
        next_on=next_on,
        actor=dispatcher(),
        at=NOW,
    )


def test_visits_are_scheduled_where_a_visit_was_and_as_a_step_where_none_was(db: Database, people: list[int]) -> None:
    visited(db, people[0], None)
    visited(db, people[1], TODAY + timedelta(days=2))

    ask_visits(db, dict.fromkeys(people, "补充画像"), on=SOON, today=TODAY, actor=dispatcher(), at=NOW)

    with db.read() as connection:
        next_on = dict(connection.execute(select(Visit.person_id, Visit.next_on)).all())
        steps = connection.execute(select(Plan.person_id, PlanMeasure.text, PlanMeasure.due_on).join(Plan)).all()
    assert next_on == {people[0]: SOON, people[1]: TODAY + timedelta(days=2)}
    assert [tuple(step) for step in steps] == [(people[2], "补充画像", SOON)]


def test_nobody_is_scheduled_when_one_of_them_is_out_of_reach(db: Database, people: list[int]) -> None:
    for one in people:
        visited(db, one, None)

    with pytest.raises((Refused, NotFound)):
        ask_visits(db, dict.fromkeys(people, ""), on=SOON, today=TODAY, actor=caseworker(communities={1}), at=NOW)

    with db.read() as connection:
        assert set(connection.scalars(select(Visit.next_on))) == {None}


def test_plans_change_hands_and_the_log_keeps_who_had_them(db: Database, people: list[int]) -> None:
    ask_visits(db, dict.fromkeys(people[:2], "首访"), on=SOON, today=TODAY, actor=dispatcher("王芳"), at=NOW)

    assert hand_over(db, people, to="李敏", actor=dispatcher("王芳"), at=NOW) == 1
    assert hand_over(db, people, to="李敏", actor=dispatcher("王芳"), at=NOW) is None

    with db.read() as connection:
        assert set(connection.scalars(select(Plan.owner))) == {"李敏"}
        events = connection.execute(
            select(AuditEvent.before, AuditEvent.after).where(
                AuditEvent.action == "hand_over", AuditEvent.entity == "plan"
            )
        ).all()
    assert [tuple(event) for event in events] == [({"owner": "王芳"}, {"owner": "李敏"})] * 2


def owners(db: Database) -> dict[int, str | None]:
    with db.read() as connection:
        return {row.person_id: row.owner for row in connection.execute(select(Plan.person_id, Plan.owner))}


def test_a_whole_caseload_goes_and_comes_back_but_for_what_went_on_since(db: Database, people: list[int]) -> None:
    ask_visits(db, dict.fromkeys(people, "首访"), on=SOON, today=TODAY, actor=dispatcher("王芳"), at=NOW)
    with pytest.raises(NotFound):  # one of them lives elsewhere: none is handed over
        hand_over_caseload(db, owner="王芳", to="李敏", actor=caseworker(communities={1}), at=NOW)
    assert set(owners(db).values()) == {"王芳"}

    transfer = hand_over_caseload(db, owner="王芳", to="李敏", note="产假", actor=dispatcher(), at=NOW)
    assert transfer is not None
    assert set(owners(db).values()) == {"李敏"}
    hand_over(db, people[:1], to="赵荷露", actor=dispatcher(), at=NOW)

    assert undo_hand_over(db, transfer, actor=dispatcher(), at=NOW) == (2, 1)
    assert owners(db) == {people[0]: "赵荷露", people[1]: "王芳", people[2]: "王芳"}
    with pytest.raises(NotFound):
        undo_hand_over(db, transfer, actor=dispatcher(), at=NOW)
    assert hand_over_caseload(db, owner="李敏", to="王芳", actor=dispatcher(), at=NOW) is None


def test_steps_get_a_new_date_unless_they_are_done(db: Database, people: list[int]) -> None:
    ask_visits(db, dict.fromkeys(people, "首访"), on=SOON, today=TODAY, actor=dispatcher(), at=NOW)
    with db.write() as session:
        ids = list(session.scalars(select(PlanMeasure.id).order_by(PlanMeasure.id)))
        session.get_one(PlanMeasure, ids[0]).done_on = TODAY
    later = SOON + timedelta(days=7)

    assert reschedule_steps(db, ids, due_on=later, actor=dispatcher(), at=NOW) == 2
    assert reschedule_steps(db, ids, due_on=later, actor=dispatcher(), at=NOW) == 0
    with db.read() as connection:
        assert list(connection.scalars(select(PlanMeasure.due_on).order_by(PlanMeasure.id))) == [SOON, later, later]
