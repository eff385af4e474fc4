"""A what-if becomes an item of the weekly meeting: filled in, audited, once a week, and in the list of what needs attention."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.access.accessibility import compute_accessibility
from core.access.measures import make_measures
from core.access.scenario_privacy import measures_after
from core.access.what_if import Scenario, marginal_effects, play
from core.geography.plane import TravelMode
from core.indicators.attention import WATCHES, raised_on_map
from core.indicators.facts import load
from core.job_map import queries
from core.job_map.agenda import LIMIT, Proposal, proposal
from core.job_map.commands import AlreadyRaised, raise_at_meeting
from core.locale import translator
from core.store import settings
from core.store.database import Database
from core.store.schema import ActionItem, AuditEvent
from core.terms import ActionStatus
from tests.accesses import dispatcher
from tests.conftest import NOW
from tests.core.access.factories import WALK, a_snapshot, some_rates

TODAY = date(2025, 12, 28)
WANTED = Proposal("42名求职者无岗可及", "开办微工厂", "有岗可及比例", None, None)


def raise_it(db: Database, scenario: int = 12, **changes):  # type: ignore[no-untyped-def]
    given = {
        "owner": "李明",
        "due_on": TODAY + timedelta(weeks=4),
        "today": TODAY,
        "actor": dispatcher("王芳"),
        "at": NOW,
    } | changes
    return raise_at_meeting(db, WANTED, scenario, given.pop("owner"), given.pop("due_on"), **given)


def test_a_what_if_becomes_an_item_of_this_weeks_meeting(any_db: Database) -> None:
    assert raise_it(any_db) == "2025-W52-M12"

    with any_db.read() as connection:
        item = connection.execute(select(ActionItem.__table__)).one()
        audit = connection.execute(select(AuditEvent.actor, AuditEvent.action, AuditEvent.entity)).one()
        [known] = queries.agenda_items(connection).itertuples()
    assert (item.problem, item.measure, item.indicator) == (WANTED.problem, WANTED.measure, WANTED.indicator)
    assert (item.owner, item.raised_on, item.due_on, item.status) == (
        "李明",
        TODAY,
        date(2026, 1, 25),
        ActionStatus.TODO,
    )
    assert tuple(audit) == ("王芳", "raise_at_meeting", "action_item")
    assert (known.scenario, known.owner) == (12, "李明")


def test_it_is_raised_once_a_week(db: Database) -> None:
    raise_it(db)
    with pytest.raises(AlreadyRaised):
        raise_it(db)
    raise_it(db, 13)
    raise_it(db, today=TODAY + timedelta(days=1))

    with db.read() as connection:
        assert list(queries.agenda_items(connection)["code"]) == ["2025-W52-M12", "2025-W52-M13", "2026-W01-M12"]


@pytest.mark.parametrize("changes", [{"owner": " "}, {"due_on": TODAY - timedelta(days=1)}, {"actor": dispatcher("")}])
def test_it_needs_an_owner_a_date_ahead_and_somebody_who_raises_it(db: Database, changes: dict) -> None:  # type: ignore[type-arg]
    with pytest.raises(ValueError, match="needs"):
        raise_it(db, **changes)
    with db.read() as connection:
        assert queries.agenda_items(connection).empty


def test_it_needs_attention_until_it_is_closed_and_leads_to_the_map(sample_copy: Database) -> None:
    raise_it(sample_copy, 7)
    raise_it(sample_copy, 9, due_on=TODAY)

    with sample_copy.read() as connection:
        facts, parameters = load(connection), settings.parameters(connection)
    assert list(raised_on_map(facts, parameters, TODAY)["scenario"]) == [7, 9]
    later = raised_on_map(facts, parameters, TODAY + timedelta(days=1))  # the other is overdue and stands there
    assert list(later["scenario"]) == [7]
    assert next(watch for watch in WATCHES if watch.find is raised_on_map).page == "job_map"


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_a_proposal_says_what_would_be_done_where_and_what_it_would_bring(lang: str) -> None:
    snapshot = a_snapshot(communities=9, people=1500, jobs=12, idle=6, metres=9000)
    accessibility, rates = compute_accessibility(snapshot, TravelMode.WALK, WALK), some_rates(snapshot)
    room, site = snapshot.idle.iloc[1], snapshot.sites.iloc[0]
    scenario = Scenario({int(room["id"]): 24}, {site["key"]: 5}, frozenset([snapshot.sites["key"].iloc[1]]))
    outcome = play(snapshot, accessibility, marginal_effects(snapshot, accessibility), scenario)
    measures = make_measures(snapshot, accessibility, rates, 3)
    after = measures_after(snapshot, accessibility, rates, measures, outcome)
    tr = translator(lang)

    proposed = proposal(tr, snapshot, (measures, after), scenario, "covered", "w" * 300)
    other = proposal(tr, snapshot, (measures, after), Scenario({int(room["id"]): 24}), "visited", "w")

    assert all(part in proposed.measure for part in ("24", room["name"], site["name"], snapshot.sites["name"].iloc[1]))
    assert f"{tr.percent(measures.district['covered'], 0)}" in proposed.measure
    assert f"{tr.percent(after.district['covered'], 0)}" in proposed.measure
    assert proposed.community_id == room["community_id"]
    assert proposed.office == snapshot.communities["name"].iloc[snapshot.position(int(room["community_id"]))]
    assert len(proposed.problem) == LIMIT
    assert other.indicator == proposed.indicator  # a what-if does not move visits: judged by who has an opening
