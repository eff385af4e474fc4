"""What is learnt at a visit lands in portrait, wishes, limits and matching with the visit itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from core.matching.inputs.loading import load
from core.people import queries
from core.people.commands import Findings, LearntSkill, record_visit
from core.store.database import Database
from core.store.schema import PersonSkill
from core.terms import AccommodationKind, Evidence, HardshipKind, PersonState, VisitMode
from tests.accesses import dispatcher
from tests.core.factories import NOW, TODAY, communities, person


@pytest.fixture
def someone(db: Database) -> int:
    with db.write() as session:
        places = communities(session)
        key = person(session, "甲", community_id=places[0])
        session.add(PersonSkill(person_id=key, skill="K39", level=3, evidence=Evidence.TRAINING_CERTIFICATE))
    return key


def visit(db: Database, key: int, findings: Findings, day: date = TODAY) -> None:
    common: dict[str, Any] = {"mode": VisitMode.DOOR, "needs": "", "next_on": None, "actor": dispatcher(), "at": NOW}
    record_visit(db, key, visited_on=day, findings=findings, **common)


def test_everything_learnt_is_stored_and_matching_reads_it(db: Database, someone: int) -> None:
    findings = Findings(
        intention={"reserve_pay": 3200.0, "max_commute_min": 25, "available_days": "1111100"},
        limits=frozenset({AccommodationKind.SEATED, AccommodationKind.NO_NIGHTS}),
        skills=[LearntSkill("K01", 2), LearntSkill("K02", 3, Evidence.PRACTICAL_TEST)],
        hardships={HardshipKind.DISABLED: date(2026, 6, 30)},
        consent=True,
    )
    visit(db, someone, findings)

    with db.read() as connection:
        wish = queries.intentions(connection).iloc[0]
        assert (wish["reserve_pay"], wish["max_commute_min"], wish["stated_on"].date()) == (3200.0, 25, TODAY)
        assert set(queries.accommodations(connection)["kind"]) == {"seated", "no_nights"}
        assert queries.hardships(connection)["until"].dt.date.tolist() == [date(2026, 6, 30)]
        assert queries.people(connection, TODAY)["consent_on"].dt.date.tolist() == [TODAY]
        pool = load(connection, TODAY)
    assert pool.people["state"].tolist() == [PersonState.SEEKING]
    assert pool.seekers.max_commute.tolist() == [25]
    assert pool.seekers.needs[0].sum() == 2
    assert pool.seekers.level[0][pool.skills["code"].isin(["K01", "K02"])].tolist() == [2, 3]


def test_a_self_report_never_lowers_what_a_certificate_proves(db: Database, someone: int) -> None:
    visit(db, someone, Findings(skills=[LearntSkill("K39", 1)]))
    with db.read() as connection:
        assert queries.person_skills(connection)["level"].tolist() == [3]

    visit(db, someone, Findings(skills=[LearntSkill("K39", 4, Evidence.VOCATIONAL_LEVEL)]))
    with db.read() as connection:
        assert queries.person_skills(connection)["level"].tolist() == [4]


def test_limits_are_replaced_and_what_was_not_asked_stays(db: Database, someone: int) -> None:
    visit(db, someone, Findings(limits=frozenset({AccommodationKind.SEATED}), intention={"reserve_pay": 3000.0}))
    visit(db, someone, Findings())
    with db.read() as connection:
        assert queries.accommodations(connection)["kind"].tolist() == ["seated"]
        assert queries.intentions(connection)["reserve_pay"].tolist() == [3000.0]

    visit(db, someone, Findings(limits=frozenset(), consent=False))
    with db.read() as connection:
        assert queries.accommodations(connection).empty


def test_a_wrong_fact_leaves_no_half_a_visit(db: Database, someone: int) -> None:
    with pytest.raises(IntegrityError):
        visit(db, someone, Findings(intention={"reserve_pay": 3000.0}, skills=[LearntSkill("K01", 9)]))

    with db.read() as connection:
        assert queries.visits(connection).empty
        assert queries.intentions(connection).empty
