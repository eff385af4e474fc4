"""Somebody is registered at the door once, by whoever works with the community."""

from __future__ import annotations

from typing import Any

import pytest

from core.intake.planning.persons import PersonIndex
from core.intake.planning.statements import PersonKeys
from core.people import queries
from core.people.commands import AlreadyRegistered, add_person
from core.people.identity import id_hash, read_id_number
from core.store.commands import NotFound
from core.store.database import Database
from core.terms import Agreement, PersonState, Sex
from tests.accesses import caseworker, dispatcher
from tests.core.factories import NOW, TODAY, communities

NUMBER = read_id_number("11010519491231002X")  # the example of GB 11643


@pytest.fixture
def places(db: Database) -> list[int]:
    with db.write() as session:
        return communities(session)


def register(db: Database, **values: Any) -> int:
    given = {"name": "张 晓明", "phone": "13800001111", "has_consented": True, "actor": dispatcher()} | values
    return add_person(db, today=TODAY, at=NOW, **given)


def test_a_new_person_seeks_work_from_today_and_no_number_is_kept(db: Database, places: list[int]) -> None:
    key = register(db, community_id=places[0], id_number=NUMBER)

    with db.read() as connection:
        row = queries.people(connection, TODAY).set_index("id").loc[key]
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert (row["state"], row["state_since"].date(), row["consent_on"].date()) == (PersonState.SEEKING, TODAY, TODAY)
    assert (row["sex"], row["id_last4"], row["birth_date"].date()) == (Sex.FEMALE, "002X", NUMBER.birth_date)
    assert NUMBER.number not in dump


def test_the_same_number_is_registered_once(db: Database, places: list[int]) -> None:
    first = register(db, community_id=places[0], id_number=NUMBER)

    with pytest.raises(AlreadyRegistered) as refusal:
        register(db, community_id=places[1], id_number=NUMBER, name="李四")

    assert refusal.value.person_id == first
    with db.read() as connection:
        assert queries.count(connection) == 1


def test_a_caseworker_registers_people_of_the_own_communities_only(db: Database, places: list[int]) -> None:
    own = caseworker(communities={places[0]})

    register(db, community_id=places[0], actor=own)
    with pytest.raises(NotFound):
        register(db, community_id=places[1], actor=own)
    with pytest.raises(ValueError, match="name"):
        register(db, community_id=places[0], name="  ")


def test_who_might_be_meant_is_compared_fact_by_fact(db: Database, places: list[int]) -> None:
    first = register(db, community_id=places[0], id_number=NUMBER)
    with db.read() as connection:
        index = PersonIndex(queries.identity_facts(connection), new_id=lambda _: 0, remembered={})
    keys = PersonKeys("张晓明", None, None, None, "13800001111", "1234", None, places[1])

    assert index.candidates(keys) == []  # other last four: another person
    (candidate,) = index.candidates(keys._replace(last4=None))
    assert candidate.id == first
    assert candidate.agreeing == ("phone",)
    assert candidate.facts["community"] is Agreement.DIFFERS
    assert index.by_hash[id_hash(db.key, NUMBER.number)] == first
