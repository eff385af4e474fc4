"""The map of changes: who may not be told from it, its classes, its legend, its twin without WebGL."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.access.accessibility import make_reach
from core.access.measures import MEASURES, make_board
from core.access.scenario_privacy import Told, board_after, hidden_changes, ranking, reach_changes, told
from core.access.what_if import Outcome, Scenario, make_prospects, play
from core.geography.plane import TravelMode
from core.job_map.classes import HIDDEN, diverging
from core.job_map.deck import community_deck
from core.job_map.map_view import HIDDEN_COLOUR, UNCHANGED, Scene, change_colours, legend
from core.job_map.ranking_chart import change_chart
from core.job_map.static_map import static_map
from core.locale import translator
from tests.core.access.factories import WALK, an_atlas, some_rates

MOVING = [code for code, measure in MEASURES.items() if measure.moves]


def scenes(code: str = "covered", lang: str = "en", dark: bool = False, stations: int = 40) -> tuple[Scene, Outcome]:
    """The difference that four opened premises make in a district with few openings, and the outcome."""
    atlas = an_atlas(communities=9, people=1500, jobs=12, idle=6, metres=9000)
    reach = make_reach(atlas, TravelMode.WALK, WALK)
    rates = some_rates(atlas)
    board = make_board(atlas, reach, rates, 3)
    opened = {int(n): stations for n in atlas.idle["id"][:4]}
    outcome = play(atlas, reach, make_prospects(atlas, reach), Scenario(opened))
    after = board_after(atlas, reach, rates, board, outcome)
    return Scene(translator(lang), dark, atlas, reach, after, code, frozenset(), before=board), outcome


def newly(scene: Scene, outcome: Outcome) -> np.ndarray:
    had, has = scene.reach.cumulative >= 1, outcome.cumulative >= 1
    return scene.atlas.sum_over_seekers((~had & has).astype(float)).astype(int)


@pytest.mark.parametrize("k", [3, 8, 20])
def test_a_change_for_fewer_than_k_people_is_hidden_and_left_out_of_the_total(k: int) -> None:
    scene, outcome = scenes()
    counts = newly(scene, outcome)
    small = (counts > 0) & (counts < k)

    mask = hidden_changes(scene.atlas, scene.reach, outcome, k)["covered"]
    found = told(scene.atlas, reach_changes(scene.reach, outcome)[0], k)

    assert np.array_equal(mask, small)
    assert found == Told(int(counts[counts >= k].sum()), bool(small.any()))


def test_a_total_says_when_some_are_left_out() -> None:
    tr = translator("en")

    assert [Told(12).text(tr), Told(10, True).text(tr), Told(0, True).text(tr)] == ["12", "at least 10", "a few"]


def test_the_ranking_of_premises_tells_no_more_than_the_map_of_each() -> None:
    scene, _ = scenes()
    prospects = make_prospects(scene.atlas, scene.reach)
    for row in ranking(scene.atlas, scene.reach, prospects, 5).itertuples():
        outcome = play(scene.atlas, scene.reach, prospects, Scenario({row.id: row.stations}))
        assert row.told == told(scene.atlas, reach_changes(scene.reach, outcome)[0], 5)
        assert row.newly_reached == outcome.newly_reached


def test_what_is_hidden_of_the_change_is_hidden_after_it_too() -> None:
    scene, outcome = scenes()
    board = replace(scene.before, k=20)
    after = board_after(scene.atlas, scene.reach, some_rates(scene.atlas), board, outcome)
    masks = hidden_changes(scene.atlas, scene.reach, outcome, 20)

    for code in MOVING:
        assert after.values[code][masks[code]].isna().all()
    assert any(mask.any() for mask in masks.values())
    assert after.values["visited"].equals(scene.before.values["visited"])


@pytest.mark.parametrize("code", MOVING)
def test_the_difference_is_after_minus_before(code: str) -> None:
    scene, _ = scenes(code)
    gap = (scene.board.values[code] - scene.before.values[code]).to_numpy(dtype=float)
    step = MEASURES[code].step

    assert np.array_equal(np.isnan(gap), np.isnan(scene.values))
    assert np.nanmax(np.abs(gap - scene.values)) <= step / 2
    assert (scene.values[~np.isnan(gap)] != 0).any()


def test_nothing_changes_and_everything_is_in_the_class_of_no_change() -> None:
    scene, _ = scenes()
    still = replace(scene, board=scene.before)

    assert [row.text for row in legend(still)] == ["no change"]
    assert {still.colour(row) for row in range(9)} == {UNCHANGED[False]}


def test_an_opening_is_better_and_never_worse() -> None:
    for code in MOVING:
        for dark in (False, True):
            scene, _ = scenes(code, dark=dark)
            better = set(
                change_colours(scene.measure, 7, dark)[4:]
                if scene.measure.more_is_better
                else change_colours(scene.measure, 7, dark)[:3]
            )
            used = {scene.colour(row) for row in range(9)} - {UNCHANGED[dark], HIDDEN_COLOUR[dark]}
            assert used
            assert used <= better, code


@pytest.mark.parametrize("code", MOVING)
def test_the_legend_of_changes_counts_every_community_once_and_names_the_hidden(code: str) -> None:
    scene, _ = scenes(code)
    rows = legend(scene)

    assert sum(row.count for row in rows) == 9
    hidden = int(np.isnan(scene.values).sum())
    assert hidden == sum(row.count for row in rows if "fewer than 3" in row.text)


@given(some.lists(some.floats(-100, 100).map(lambda v: round(v, 1)) | some.just(float("nan")), max_size=25))
def test_classes_of_changes_keep_falls_none_and_rises_apart(changes: list[float]) -> None:
    values = np.array(changes, dtype=float)
    found = diverging(values)
    middle = len(found.bounds) // 2

    assert len(found.bounds) % 2 == 1
    known = found.index != HIDDEN
    assert np.array_equal(known, ~np.isnan(values))
    assert np.array_equal(np.sign(found.index[known] - middle), np.sign(values[known]))
    size = np.abs(found.index[known] - middle)
    order = np.argsort(np.abs(values[known]), kind="stable")
    assert (np.diff(size[order]) >= 0).all()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_the_deck_and_the_static_map_show_the_same_changes_in_the_same_colours(lang: str, dark: bool) -> None:
    scene, _ = scenes("density", lang, dark)
    chart = json.dumps(static_map(scene, "").to_dict(), ensure_ascii=False)
    deck = json.loads(community_deck(scene, "x").to_json())
    labels = next(layer for layer in deck["layers"] if layer["id"] == "label")["data"]

    for row in range(9):
        assert scene.colour(row) in chart
        assert labels[row]["n"].endswith(scene.text(row))
        assert scene.text(row) in chart
    tips = [row["t"] for row in next(layer for layer in deck["layers"] if layer["id"] == "community")["data"]]
    assert any(" → " in tip for tip in tips)


def test_the_chart_of_changes_leaves_out_what_the_map_hides() -> None:
    scene, _ = scenes("covered")
    values = scene.board.values.copy()
    moved = [row for row in range(9) if scene.values[row] > 0]
    values.loc[moved[0], "covered"] = np.nan
    after = replace(scene, board=replace(scene.board, values=values), before=None)
    before = replace(scene, board=scene.before, before=None)

    chart = change_chart(after, before, "t")

    shown = [row["name"] for row in next(iter(chart.to_dict()["datasets"].values()))]
    assert sorted(shown) == sorted(scene.names[row] for row in moved[1:])
