"""What the map reads of the store."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.access import queries
from core.access.snapshot import make_snapshot
from core.store.database import Database
from core.store.schema import Community, Employer, Event, Job, Person, PersonStateSpell, Placement, Premises, Workshop
from core.terms import (
    Channel,
    CommunityKind,
    EmployerKind,
    EventTheme,
    JobStatus,
    PersonState,
    PremisesKind,
)

TODAY = date(2025, 12, 28)


@pytest.fixture
def filled(db: Database) -> Database:
    """One community, a workshop in premises, an employer with a position, one person at work."""
    with db.write() as s:
        s.add(Community(id=1, code="370800000001", name="一社区", kind=CommunityKind.URBAN, lon=116.6, lat=35.37))
        s.add(Premises(id=1, code="W1", name="用房", kind=PremisesKind.WORKSHOP, community_id=1, lon=116.61, lat=35.38))
        s.flush()
        s.add(Workshop(id=1, name="微工厂", community_id=1, premises_id=1, opened_on=date(2024, 3, 18), stations=20))
        s.add(Employer(id=1, name="甲", kind=EmployerKind.COMPANY, community_id=1, lon=116.62, lat=35.39))
        s.add(Employer(id=2, name="乙", kind=EmployerKind.COMMUNITY, community_id=1))
        for n in (1, 2, 3):
            s.add(Person(id=n, name="某人", community_id=1, lon=116.6, lat=35.37))
            s.flush()
            s.add(PersonStateSpell(person_id=n, since=date(2024, 1, n), state=PersonState.SEEKING))
    return db


def a_job(db: Database, **values: Any) -> int:
    with db.write() as s:
        rows = Job(
            **{
                "employer_id": 1,
                "title": f"岗{values}",
                "posted_on": date(2025, 6, 1),
                "openings": 3,
                "status": JobStatus.OPEN,
            }
            | values
        )
        s.add(rows)
        s.flush()
        return rows.id


def open_on(db: Database, day: date = TODAY):
    with db.read() as connection:
        return queries.open_jobs(connection, day, TODAY)


def test_the_place_of_work_is_the_first_that_is_known(filled):
    a_job(filled, lon=116.5, lat=35.3)
    a_job(filled, workshop_id=1)
    a_job(filled)
    a_job(filled, employer_id=2)
    rows = open_on(filled)
    assert rows["lon"].tolist() == [116.5, 116.61, 116.62, 116.6]
    assert rows["lat"].tolist() == [35.3, 35.38, 35.39, 35.37]


def test_half_a_position_counts_as_none(filled):
    a_job(filled, lon=116.5)
    assert open_on(filled)["lon"].tolist() == [116.62]


def test_places_already_taken_are_not_open_any_more(filled):
    job = a_job(filled, openings=2)
    with filled.write() as s:
        s.add(
            Placement(person_id=1, started_on=date(2025, 8, 1), channel=Channel.ENTERPRISE, employer_id=1, job_id=job)
        )
    assert open_on(filled)["left"].tolist() == [1]
    assert open_on(filled, date(2025, 7, 1))["left"].tolist() == [2]
    with filled.write() as s:
        s.add(
            Placement(person_id=2, started_on=date(2025, 9, 1), channel=Channel.ENTERPRISE, employer_id=1, job_id=job)
        )
    assert open_on(filled).empty


def test_jobs_count_from_posting_to_closing(filled):
    a_job(filled, closes_on=date(2025, 12, 27))
    assert open_on(filled).empty
    assert len(open_on(filled, date(2025, 12, 27))) == 1
    assert open_on(filled, date(2025, 5, 31)).empty


def test_a_closed_job_counts_on_days_before_its_closing_alone(filled):
    a_job(filled, status=JobStatus.CLOSED, closes_on=date(2025, 9, 1))
    a_job(filled, status=JobStatus.CLOSED)
    assert open_on(filled).empty
    assert len(open_on(filled, date(2025, 8, 1))) == 1


def test_a_workshop_knows_who_is_on_its_roll_on_the_day(filled):
    with filled.write() as s:
        for person, end in ((1, None), (2, TODAY), (3, date(2026, 1, 5))):
            s.add(
                Placement(
                    person_id=person, started_on=date(2025, 3, 1), channel=Channel.WORKSHOP, workshop_id=1, ended_on=end
                )
            )
    with filled.read() as connection:
        assert queries.workshops(connection, TODAY)["on_roll"].tolist() == [2]
        assert queries.workshops(connection, date(2024, 3, 1)).empty


def test_ways_to_work_count_people_by_home_and_place_of_work(filled):
    with filled.write() as s:
        s.add(Community(id=2, code="370800000002", name="二社区", kind=CommunityKind.RURAL, lon=116.7, lat=35.3))
        s.add(Employer(id=3, name="丙", kind=EmployerKind.COMPANY, community_id=2))
        s.flush()
        for person, where in ((1, {"employer_id": 3}), (2, {"employer_id": 3}), (3, {"workshop_id": 1})):
            s.add(Placement(person_id=person, started_on=date(2025, 3, 1), channel=Channel.OTHER, **where))
    with filled.read() as connection:
        rows = queries.flows(connection, TODAY)
        assert queries.flows(connection, date(2025, 2, 1)).empty
    assert rows.astype(int).to_numpy().tolist() == [[1, 1, 1], [1, 2, 2]]


def test_the_whole_map_loads_and_becomes_an_atlas(filled):
    a_job(filled, workshop_id=1)
    with filled.write() as s:
        s.add(Event(name="招聘会", held_on=TODAY, theme=EventTheme.GENERAL, community_id=1))
    with filled.read() as connection:
        snapshot = make_snapshot(queries.load(connection, TODAY))
    assert snapshot.sites["key"].tolist() == ["w1"]
    assert len(snapshot.homes) == 3
    assert snapshot.workshops["free"].tolist() == [20]
    assert len(snapshot.events) == 1
    assert snapshot.states.iloc[0].tolist() == [3, 0, 0, 0]


def test_an_empty_store_makes_an_empty_atlas(db):
    with db.read() as connection:
        snapshot = make_snapshot(queries.load(connection, TODAY))
    assert snapshot.communities.empty
    assert snapshot.sites.empty


def test_the_first_day_is_that_of_the_oldest_opening(filled: Database) -> None:
    with filled.read() as connection:
        assert queries.first_day(connection) is None
    for day in (date(2025, 3, 1), date(2024, 2, 23), date(2025, 6, 1)):
        a_job(filled, posted_on=day)
    with filled.read() as connection:
        assert queries.first_day(connection) == date(2024, 2, 23)
