"""Recruitment events: recorded once, their intents by name, and what each theme and scene yields."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import select

from core.access.measures import wilson
from core.events.commands import EventProblem, EventRefused, add_event, add_intent, record_results, refer
from core.events.queries import intents
from core.indicators import facts as indicator_facts
from core.indicators.event_yields import event_yields, started_within
from core.jobs.commands import AlreadyRecommended
from core.policy import Action
from core.store.commands import Conflict, OutOfScope, command
from core.store.database import Database
from core.store.schema import Event, Job, Referral
from core.terms import EventScene, EventTheme
from tests.accesses import caseworker, dispatcher
from tests.core.factories import NOW, TODAY, fill


def held(db: Database, on: date = TODAY) -> int:
    with command(db, actor=dispatcher(), action=Action.RECORD_EVENT, at=NOW) as change:
        return add_event(change, name=" 春风行动 ", held_on=on, theme=EventTheme.GENERAL, scene=EventScene.SQUARE)


def intent(db: Database, event: int, person: int, *, employer: int | None = None, job: int | None = None) -> int:
    with db.read() as connection:
        of_job = connection.scalar(select(Job.employer_id).where(Job.id == job)) if job else None
    with command(db, actor=dispatcher(), action=Action.RECORD_INTENT, at=NOW) as change:
        return add_intent(change, event, person_id=person, employer_id=employer or of_job or 1, job_id=job)


def results(db: Database, event: int, *, version: int = 1, **counts: int) -> None:
    with command(db, actor=dispatcher(), action=Action.RECORD_EVENT, at=NOW) as change:
        record_results(change, event, counts, version=version, today=TODAY)


def test_an_event_is_recorded_once_and_its_results_afterwards(db: Database) -> None:
    fill(db)
    event = held(db)
    assert held(db) == event
    results(db, event, visitors=120, intents=20)
    with pytest.raises(Conflict):
        results(db, event, visitors=130)
    with pytest.raises(EventRefused) as refused:
        results(db, event, version=2, visitors=10, intents=20)
    assert refused.value.problem is EventProblem.MORE_THAN_VISITORS
    with pytest.raises(EventRefused) as refused:
        results(db, held(db, TODAY + timedelta(days=1)), visitors=10)
    assert refused.value.problem is EventProblem.NOT_HELD
    with db.read() as connection:
        assert connection.execute(select(Event.visitors, Event.intents).where(Event.id == event)).one() == (120, 20)


def test_an_intent_becomes_one_referral_however_often_it_is_clicked(db: Database) -> None:
    fill(db)
    event = held(db)
    number = intent(db, event, 1, job=1)
    assert intent(db, event, 1, job=1) == number
    referrals = []
    for _click in range(2):
        with command(db, actor=dispatcher(), action=Action.RECOMMEND, at=NOW) as change:
            referrals.append(refer(change, number, today=TODAY))
    with db.read() as connection:
        stored = connection.execute(select(Referral.id, Referral.person_id, Referral.job_id, Referral.note)).all()
        (row,) = intents(connection).to_dict("records")
    assert [tuple(r) for r in stored] == [(referrals[0], 1, 1, "春风行动")]
    assert referrals[0] == referrals[1] == row["referral_id"]
    assert row["state"] == "recommended"

    again = intent(db, held(db, TODAY - timedelta(days=7)), 1, job=1)
    with pytest.raises(AlreadyRecommended), command(db, actor=dispatcher(), action=Action.RECOMMEND, at=NOW) as change:
        refer(change, again, today=TODAY)


def test_an_intent_for_an_employer_needs_one_of_its_jobs(db: Database) -> None:
    fill(db)
    with db.read() as connection:
        job, employer = connection.execute(select(Job.id, Job.employer_id).order_by(Job.id)).first() or (0, 0)
        other = connection.scalar(select(Job.id).where(Job.employer_id != employer))
    number = intent(db, held(db), 2, employer=employer)
    for wrong, problem in ((None, EventProblem.NO_JOB), (other, EventProblem.OTHER_EMPLOYER)):
        with (
            pytest.raises(EventRefused) as refused,
            command(db, actor=dispatcher(), action=Action.RECOMMEND, at=NOW) as change,
        ):
            refer(change, number, today=TODAY, job_id=wrong)
        assert refused.value.problem is problem
    with command(db, actor=dispatcher(), action=Action.RECOMMEND, at=NOW) as change:
        refer(change, number, today=TODAY, job_id=job)


def test_a_caseworker_names_people_of_the_own_communities_only(db: Database) -> None:
    fill(db)
    event = held(db)
    mine = caseworker(communities=[2])
    with command(db, actor=mine, action=Action.RECORD_INTENT, at=NOW) as change:
        add_intent(change, event, person_id=2, employer_id=1)
    with pytest.raises(OutOfScope), command(db, actor=mine, action=Action.RECORD_INTENT, at=NOW) as change:
        add_intent(change, event, person_id=3, employer_id=1)


def test_yields_count_events_that_are_over_and_name_a_leader_only_where_they_can(sample_db: Database) -> None:
    with sample_db.read() as connection:
        facts = indicator_facts.load(connection)
    yields = event_yields(facts, TODAY)
    over = facts.events[(facts.events["held_on"] <= pd.Timestamp(TODAY) - pd.Timedelta(days=30))]
    over = over[over["started_30_days"].notna() & (over["visitors"] > 0) & over["scene"].notna()]
    assert yields.table[["events", "visitors", "starts"]].sum().to_list() == [
        len(over),
        over["visitors"].sum(),
        over["started_30_days"].sum(),
    ]
    for row in yields.table.to_dict("records"):
        assert (row["low"], row["high"]) == wilson(row["starts"], row["visitors"])
        assert row["low"] <= row["rate"] <= row["high"]
        assert row["rank_low"] <= row["rank_high"]
    assert yields.table["rate"].is_monotonic_decreasing
    assert event_yields(facts, date(2023, 1, 1)).table.empty


def test_a_start_counts_from_the_day_of_the_event_to_the_thirtieth_day_after_it() -> None:
    day = pd.Timestamp(TODAY)
    named = pd.DataFrame({"id": [1, 2, 3, 4], "person_id": [1, 2, 3, 4], "held_on": [day] * 4})
    starts = [day, day + pd.Timedelta(days=30), day + pd.Timedelta(days=31), day - pd.Timedelta(days=1)]
    placements = pd.DataFrame({"person_id": [1, 2, 3, 4], "started_on": starts})
    assert started_within(named, placements).to_list() == [True, True, False, False]
