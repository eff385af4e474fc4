"""What a look at the map weighs on its way to the browser, on the sample district."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from core.access import queries
from core.access.accessibility import MINUTES, compute_accessibility
from core.access.measures import MEASURES, make_measures
from core.access.snapshot import DistrictSnapshot, make_snapshot
from core.geography.plane import TravelMode, travel
from core.job_map.deck import community_deck
from core.job_map.map_view import LAYERS, MapView
from core.locale import translator
from core.store import settings
from core.store.database import Database
from tests.core.access.factories import some_rates

TODAY = date(2025, 12, 28)
LIMIT = 20_000  # bytes
STYLE = "/app/static/map_sample_light.json"


@pytest.fixture(scope="module")
def snapshot(sample_db: Database) -> DistrictSnapshot:
    with sample_db.read() as connection:
        return make_snapshot(queries.load(connection, TODAY))


@pytest.fixture(scope="module")
def map_views(snapshot: DistrictSnapshot, sample_db: Database) -> list[MapView]:
    """The most that can be on the map: every layer, rings, flows and outline of a community, a what-if."""
    with sample_db.read() as connection:
        parameters = settings.parameters(connection)
    map_views = []
    for minutes in MINUTES:
        accessibility = compute_accessibility(
            snapshot, TravelMode.WALK, travel(parameters, TravelMode.WALK, TODAY), minutes
        )
        measures = make_measures(snapshot, accessibility, some_rates(snapshot), 3)
        full = MapView(translator("zh_CN"), False, snapshot, accessibility, measures, "covered", frozenset(LAYERS))
        what_if = {"opened": frozenset(snapshot.idle["id"][:3]), "closed": frozenset(snapshot.sites["key"][:3])}
        ends = pd.concat([snapshot.flows["home_id"], snapshot.flows["work_id"]])
        busiest = int(ends.value_counts().index[0])  # where most ways to work begin or end
        place = snapshot.labels[snapshot.position(busiest)]
        map_views += [replace(full, community=busiest, place=place, **what_if), full]
    return map_views


def size(map_view: MapView) -> int:
    return len(community_deck(map_view, STYLE).to_json().encode())


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
@pytest.mark.parametrize("code", MEASURES)
def test_a_look_with_everything_on_travels_in_under_20_kilobytes(
    code: str, lang: str, dark: bool, map_views: list[MapView]
) -> None:
    sizes = [size(replace(map_view, code=code, tr=translator(lang), dark=dark)) for map_view in map_views]

    assert max(sizes) < LIMIT


def test_a_look_as_the_map_opens_travels_in_under_13_kilobytes(map_views: list[MapView]) -> None:
    first = replace(map_views[-1], layers=frozenset(code for code, layer in LAYERS.items() if layer.shown))

    assert size(first) < 13_000


def test_it_travels_as_one_line(map_views: list[MapView]) -> None:
    assert "\n" not in community_deck(map_views[0], STYLE).to_json()
