"""The map of changes: who may not be identified from it, its classes, its legend, its twin without WebGL."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.access.accessibility import compute_accessibility
from core.access.measures import MEASURES, make_measures
from core.access.scenario_privacy import (
    SuppressedCount,
    hidden_changes,
    measures_after,
    ranking,
    reach_changes,
    suppressed_count,
)
from core.access.what_if import Outcome, Scenario, marginal_effects, play
from core.geography.plane import TravelMode
from core.job_map.classes import HIDDEN, diverging
from core.job_map.deck import community_deck
from core.job_map.map_view import HIDDEN_COLOUR, UNCHANGED, MapView, change_colours, legend
from core.job_map.ranking_chart import change_chart
from core.job_map.static_map import static_map
from core.locale import translator
from tests.core.access.factories import WALK, a_snapshot, some_rates

MOVING = [code for code, measure in MEASURES.items() if measure.moves]


def map_views(
    code: str = "covered", lang: str = "en", dark: bool = False, stations: int = 40
) -> tuple[MapView, Outcome]:
    """The difference that four opened premises make in a district with few openings, and the outcome."""
    snapshot = a_snapshot(communities=9, people=1500, jobs=12, idle=6, metres=9000)
    accessibility = compute_accessibility(snapshot, TravelMode.WALK, WALK)
    rates = some_rates(snapshot)
    measures = make_measures(snapshot, accessibility, rates, 3)
    opened = {int(n): stations for n in snapshot.idle["id"][:4]}
    outcome = play(snapshot, accessibility, marginal_effects(snapshot, accessibility), Scenario(opened))
    after = measures_after(snapshot, accessibility, rates, measures, outcome)
    return MapView(translator(lang), dark, snapshot, accessibility, after, code, frozenset(), before=measures), outcome


def newly(map_view: MapView, outcome: Outcome) -> np.ndarray:
    had, has = map_view.accessibility.cumulative >= 1, outcome.cumulative >= 1
    return map_view.snapshot.sum_over_seekers((~had & has).astype(float)).astype(int)


@pytest.mark.parametrize("k", [3, 8, 20])
def test_a_change_for_fewer_than_k_people_is_hidden_and_left_out_of_the_total(k: int) -> None:
    map_view, outcome = map_views()
    counts = newly(map_view, outcome)
    small = (counts > 0) & (counts < k)

    mask = hidden_changes(map_view.snapshot, map_view.accessibility, outcome, k)["covered"]
    hidden = suppressed_count(map_view.snapshot, reach_changes(map_view.accessibility, outcome)[0], k)

    assert np.array_equal(mask, small)
    assert hidden == SuppressedCount(int(counts[counts >= k].sum()), bool(small.any()))


def test_a_total_says_when_some_are_left_out() -> None:
    tr = translator("en")

    assert [SuppressedCount(12).text(tr), SuppressedCount(10, True).text(tr), SuppressedCount(0, True).text(tr)] == [
        "12",
        "at least 10",
        "a few",
    ]


def test_the_ranking_of_premises_tells_no_more_than_the_map_of_each() -> None:
    map_view, _ = map_views()
    effects = marginal_effects(map_view.snapshot, map_view.accessibility)
    for row in ranking(map_view.snapshot, map_view.accessibility, effects, 5).itertuples():
        outcome = play(map_view.snapshot, map_view.accessibility, effects, Scenario({row.id: row.stations}))
        assert row.gained == suppressed_count(map_view.snapshot, reach_changes(map_view.accessibility, outcome)[0], 5)
        assert row.newly_reached == reach_changes(map_view.accessibility, outcome)[0].sum()


def test_what_is_hidden_of_the_change_is_hidden_after_it_too() -> None:
    map_view, outcome = map_views()
    measures = replace(map_view.before, min_count=20)
    after = measures_after(map_view.snapshot, map_view.accessibility, some_rates(map_view.snapshot), measures, outcome)
    masks = hidden_changes(map_view.snapshot, map_view.accessibility, outcome, 20)

    for code in MOVING:
        assert after.values[code][masks[code]].isna().all()
    assert any(mask.any() for mask in masks.values())
    assert after.values["visited"].equals(map_view.before.values["visited"])


@pytest.mark.parametrize("code", MOVING)
def test_the_difference_is_after_minus_before(code: str) -> None:
    map_view, _ = map_views(code)
    gap = (map_view.measures.values[code] - map_view.before.values[code]).to_numpy(dtype=float)
    step = MEASURES[code].step

    assert np.array_equal(np.isnan(gap), np.isnan(map_view.values))
    assert np.nanmax(np.abs(gap - map_view.values)) <= step / 2
    assert (map_view.values[~np.isnan(gap)] != 0).any()


def test_nothing_changes_and_everything_is_in_the_class_of_no_change() -> None:
    map_view, _ = map_views()
    still = replace(map_view, measures=map_view.before)

    assert [row.text for row in legend(still)] == ["no change"]
    assert {still.colour(row) for row in range(9)} == {UNCHANGED[False]}


def test_an_opening_is_better_and_never_worse() -> None:
    for code in MOVING:
        for dark in (False, True):
            map_view, _ = map_views(code, dark=dark)
            better = set(
                change_colours(map_view.measure, 7, dark)[4:]
                if map_view.measure.more_is_better
                else change_colours(map_view.measure, 7, dark)[:3]
            )
            used = {map_view.colour(row) for row in range(9)} - {UNCHANGED[dark], HIDDEN_COLOUR[dark]}
            assert used
            assert used <= better, code


@pytest.mark.parametrize("code", MOVING)
def test_the_legend_of_changes_counts_every_community_once_and_names_the_hidden(code: str) -> None:
    map_view, _ = map_views(code)
    rows = legend(map_view)

    assert sum(row.count for row in rows) == 9
    hidden = int(np.isnan(map_view.values).sum())
    assert hidden == sum(row.count for row in rows if "fewer than 3" in row.text)


@given(some.lists(some.floats(-100, 100).map(lambda v: round(v, 1)) | some.just(float("nan")), max_size=25))
def test_classes_of_changes_keep_falls_none_and_rises_apart(changes: list[float]) -> None:
    values = np.array(changes, dtype=float)
    classes = diverging(values)
    middle = len(classes.bounds) // 2

    assert len(classes.bounds) % 2 == 1
    known = classes.index != HIDDEN
    assert np.array_equal(known, ~np.isnan(values))
    assert np.array_equal(np.sign(classes.index[known] - middle), np.sign(values[known]))
    size = np.abs(classes.index[known] - middle)
    order = np.argsort(np.abs(values[known]), kind="stable")
    assert (np.diff(size[order]) >= 0).all()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_the_deck_and_the_static_map_show_the_same_changes_in_the_same_colours(lang: str, dark: bool) -> None:
    map_view, _ = map_views("density", lang, dark)
    chart = json.dumps(static_map(map_view, "").to_dict(), ensure_ascii=False)
    deck = json.loads(community_deck(map_view, "x").to_json())
    labels = next(layer for layer in deck["layers"] if layer["id"] == "label")["data"]

    for row in range(9):
        assert map_view.colour(row) in chart
        assert labels[row]["n"].endswith(map_view.text(row))
        assert map_view.text(row) in chart
    tips = [row["t"] for row in next(layer for layer in deck["layers"] if layer["id"] == "community")["data"]]
    assert any(" → " in tip for tip in tips)


def test_the_chart_of_changes_leaves_out_what_the_map_hides() -> None:
    map_view, _ = map_views("covered")
    values = map_view.measures.values.copy()
    moved = [row for row in range(9) if map_view.values[row] > 0]
    values.loc[values.index[moved[0]], "covered"] = np.nan
    after = replace(map_view, measures=replace(map_view.measures, values=values), before=None)
    before = replace(map_view, measures=map_view.before, before=None)

    chart = change_chart(after, before, "t")

    shown = [row["name"] for row in next(iter(chart.to_dict()["datasets"].values()))]
    assert sorted(shown) == sorted(map_view.names[row] for row in moved[1:])
