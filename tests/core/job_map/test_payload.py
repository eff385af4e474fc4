"""What a look at the map weighs on its way to the browser, on the sample district."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from core.access import queries
from core.access.accessibility import MINUTES, make_reach
from core.access.measures import MEASURES, make_board
from core.access.snapshot import Atlas, make_atlas
from core.geography.plane import TravelMode, travel
from core.job_map.deck import community_deck
from core.job_map.map_view import LAYERS, Scene
from core.locale import translator
from core.store import settings
from core.store.database import Database
from tests.core.access.factories import some_rates

TODAY = date(2025, 12, 28)
LIMIT = 20_000  # bytes
STYLE = "/app/static/map_sample_light.json"


@pytest.fixture(scope="module")
def atlas(sample_db: Database) -> Atlas:
    with sample_db.read() as connection:
        return make_atlas(queries.load(connection, TODAY))


@pytest.fixture(scope="module")
def looks(atlas: Atlas, sample_db: Database) -> list[Scene]:
    """The most that can be on the map: every layer, rings, flows and outline of a community, a what-if."""
    with sample_db.read() as connection:
        parameters = settings.parameters(connection)
    found = []
    for minutes in MINUTES:
        reach = make_reach(atlas, TravelMode.WALK, travel(parameters, TravelMode.WALK, TODAY), minutes)
        board = make_board(atlas, reach, some_rates(atlas), 3)
        full = Scene(translator("zh_CN"), False, atlas, reach, board, "covered", frozenset(LAYERS))
        what_if = {"opened": frozenset(atlas.idle["id"][:3]), "closed": frozenset(atlas.sites["key"][:3])}
        ends = pd.concat([atlas.flows["home_id"], atlas.flows["work_id"]])
        row = atlas.position(int(ends.value_counts().index[0]))  # where most ways to work begin or end
        found += [replace(full, chosen=row, place=atlas.labels[row], **what_if), full]
    return found


def size(scene: Scene) -> int:
    return len(community_deck(scene, STYLE).to_json().encode())


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
@pytest.mark.parametrize("code", MEASURES)
def test_a_look_with_everything_on_travels_in_under_20_kilobytes(
    code: str, lang: str, dark: bool, looks: list[Scene]
) -> None:
    sizes = [size(replace(scene, code=code, tr=translator(lang), dark=dark)) for scene in looks]

    assert max(sizes) < LIMIT


def test_a_look_as_the_map_opens_travels_in_under_13_kilobytes(looks: list[Scene]) -> None:
    first = replace(looks[-1], layers=frozenset(code for code, layer in LAYERS.items() if layer.shown))

    assert size(first) < 13_000


def test_it_travels_as_one_line(looks: list[Scene]) -> None:
    assert "\n" not in community_deck(looks[0], STYLE).to_json()
