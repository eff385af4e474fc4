"""Named what-ifs are kept, listed newest first, and come back as they were, as far as the district still has the places."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access.what_if import Scenario, nearest_workshop
from core.store.commands import NotFound
from core.store.database import Database
from core.store.scenarios import archive_scenario, save_scenario, scenarios
from core.terms import ScenarioKind
from tests.accesses import dispatcher
from tests.conftest import NOW
from tests.core.access.factories import a_snapshot


def test_a_saved_scenario_comes_back_as_it_was(any_db: Database) -> None:
    snapshot = a_snapshot()
    site = snapshot.sites["key"].iloc[0]
    scenario = Scenario({70: 20, 71: 5}, {site: 3}, frozenset([snapshot.sites["key"].iloc[1]]))

    save_scenario(
        any_db, ScenarioKind.MAP, "  两处开办 ", scenario.as_json(), actor=dispatcher("李明"), at=NOW, reason="周调度"
    )

    with any_db.read() as connection:
        [saved] = scenarios(connection, ScenarioKind.MAP)
        others = scenarios(connection, ScenarioKind.WORKSHOP)
    assert (saved.name, saved.author, saved.reason, saved.made_at) == ("两处开办", "李明", "周调度", NOW)
    assert Scenario.from_json(saved.content, snapshot) == scenario
    assert others == []


def test_places_that_are_gone_are_left_out_of_a_saved_scenario() -> None:
    content = {"opened": {"70": 20, "999": 4}, "added": {"e0": 2}, "closed": ["w99"]}

    assert Scenario.from_json(content, a_snapshot()) == Scenario({70: 20})
    assert not Scenario.from_json({}, a_snapshot())


def test_scenarios_are_listed_newest_first_and_can_be_put_away(db: Database) -> None:
    first = save_scenario(db, ScenarioKind.MAP, "甲", {}, actor=dispatcher("李明"), at=NOW)
    save_scenario(db, ScenarioKind.MAP, "乙", {}, actor=dispatcher("李明"), at=NOW + timedelta(days=1))

    with db.read() as connection:
        assert [saved.name for saved in scenarios(connection, ScenarioKind.MAP)] == ["乙", "甲"]
    archive_scenario(db, first, actor=dispatcher("李明"), at=NOW)
    with db.read() as connection:
        assert [saved.name for saved in scenarios(connection, ScenarioKind.MAP)] == ["乙"]
    with pytest.raises(NotFound):
        archive_scenario(db, first, actor=dispatcher("李明"), at=NOW)
    with pytest.raises(ValueError, match="name"):
        save_scenario(db, ScenarioKind.MAP, " ", {}, actor=dispatcher("李明"), at=NOW)


def test_stations_are_handed_to_the_nearest_workshop() -> None:
    snapshot = a_snapshot()

    assert nearest_workshop(snapshot, 70) == "第一微工厂"
    with pytest.raises(KeyError):
        nearest_workshop(snapshot, 999)
