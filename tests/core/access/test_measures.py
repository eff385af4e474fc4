"""Measures by community, their suppression, and what would change them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from core.access.accessibility import compute_accessibility, summary
from core.access.measures import MEASURES, Rate, make_measures, wilson
from core.access.nearby import place_point, seekers_within, sites_near
from core.access.scenario_privacy import reach_changes
from core.access.snapshot import make_snapshot
from core.access.what_if import Scenario, marginal_effects, play, rank_premises
from core.geography.plane import TravelMode
from core.locale import translator
from core.terms import PersonState
from tests.core.access.factories import WALK, a_boundary, a_snapshot, some_rates, some_sources


def accessibility_of(snapshot, minutes=15):
    return compute_accessibility(snapshot, TravelMode.WALK, WALK, minutes)


def board_of(snapshot, k=3, **changes):
    return make_measures(snapshot, accessibility_of(snapshot), some_rates(snapshot, **changes), k)


def test_district_density_is_the_mean_over_seekers_and_not_over_communities():
    snapshot = a_snapshot()
    measures = board_of(snapshot)
    weighted = np.average(measures.values["density"], weights=snapshot.seekers)
    assert measures.district["density"] == pytest.approx(weighted)
    assert measures.district["covered"] == pytest.approx(
        np.average(measures.values["covered"], weights=snapshot.seekers)
    )


def test_unmet_need_and_openings_that_fall_to_seekers_add_up():
    snapshot = a_snapshot()
    accessibility = accessibility_of(snapshot)
    unmet = board_of(snapshot).district["unmet"]
    assert unmet == pytest.approx(np.maximum(1 - accessibility.access.value, 0).sum())
    assert 0 <= unmet <= len(snapshot.homes)


def test_rates_are_numerator_over_denominator_with_a_wilson_interval():
    measures = board_of(a_snapshot(), exits=12)
    assert measures.values["reemployed"].iloc[0] == pytest.approx(4 / 12)
    assert measures.interval("reemployed", 11) == pytest.approx(wilson(4, 12))
    assert measures.interval("density", 11) is None


def test_wilson_intervals_equal_those_of_scipy():
    from scipy.stats import binomtest

    for successes, n in ((0, 5), (71, 215), (9, 9), (1, 40)):
        expected = binomtest(successes, n).proportion_ci(method="wilson")
        assert wilson(successes, n) == pytest.approx((expected.low, expected.high), abs=1e-6)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_community_with_two_seekers_shows_no_measure_of_seekers():
    sources = some_sources()
    people = sources.people.copy()
    first = people["community_id"] == 11
    seeking = people.index[first & (people["state"] == PersonState.SEEKING)]
    people.loc[seeking[2:], "state"] = PersonState.ON_POST.value
    measures = board_of(make_snapshot(replace(sources, people=people)))
    assert np.isnan(measures.values[["density", "covered", "unmet"]].iloc[0]).all()
    assert np.isnan(measures.bases["seekers"].iloc[0])
    assert pd.isna(measures.states["seeking"].iloc[0])
    assert measures.values["density"].isna().sum() >= 2  # the district's total must not give it away
    assert not measures.values["visited"].isna().any()


def test_exits_of_few_people_hide_the_rate():
    snapshot = a_snapshot()
    rates = some_rates(snapshot)
    few = rates["re_employment"].denominator.copy()
    few.iloc[2] = 2
    rates["re_employment"] = Rate(rates["re_employment"].numerator, few)
    measures = make_measures(snapshot, accessibility_of(snapshot), rates, 3)
    assert np.isnan(measures.values["reemployed"].iloc[2])
    assert measures.values["reemployed"].isna().sum() == 2
    assert not measures.values["density"].isna().any()


def test_free_stations_stand_where_a_workshop_is_and_nowhere_else():
    measures = board_of(a_snapshot())
    assert measures.values["free_stations"].iloc[0] == 7
    assert measures.values["free_stations"].iloc[1:].isna().all()
    assert measures.district["free_stations"] == 7


def test_a_district_without_jobs_people_or_premises_is_drawn_all_the_same():
    for changes in ({"jobs": 0}, {"people": 0}, {"idle": 0}, {"jobs": 0, "people": 0, "idle": 0}, {"communities": 1}):
        snapshot = a_snapshot(**changes)
        measures, accessibility = board_of(snapshot), accessibility_of(snapshot)
        assert list(measures.values) == list(MEASURES)
        effects = marginal_effects(snapshot, accessibility)
        assert len(rank_premises(snapshot, accessibility, effects)) == changes.get("idle", 4)
        play(snapshot, accessibility, effects, Scenario())


def test_values_are_written_with_their_unit():
    tr = translator("en")
    assert MEASURES["covered"].text(tr, 0.334) == "33%"
    assert MEASURES["reemployed"].text(tr, 0.3302) == "33.0%"
    assert MEASURES["density"].text(tr, 1204.4) == "1,204"
    assert MEASURES["density"].text(tr, float("nan")) == "—"


def test_worst_communities_come_first_whichever_way_a_measure_points():
    measures = board_of(a_snapshot())
    lowest_first = measures.values["density"].loc[measures.ranked("density")]
    highest_first = measures.values["unmet"].loc[measures.ranked("unmet")]
    assert lowest_first.is_monotonic_increasing
    assert highest_first.is_monotonic_decreasing


# -- what if --------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 500), st.integers(1, 60))
def test_a_workshop_opened_in_a_what_if_counts_as_one_that_stands_there(seed, stations):
    sources = some_sources(seed, jobs=12)
    snapshot = make_snapshot(sources)
    accessibility = accessibility_of(snapshot)
    room = snapshot.idle.iloc[1]
    outcome = play(
        snapshot, accessibility, marginal_effects(snapshot, accessibility), Scenario({int(room["id"]): stations})
    )
    job = sources.jobs.iloc[:1].assign(id=999, employer_id=999, lon=room["lon"], lat=room["lat"], left=stations)
    built = make_snapshot(replace(sources, jobs=pd.concat([sources.jobs, job], ignore_index=True)))
    after = accessibility_of(built)
    assert outcome.value == pytest.approx(after.access.value, abs=1e-12)
    assert outcome.cumulative == pytest.approx(after.cumulative)
    assert not reach_changes(accessibility, outcome)[1].any()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 500))
def test_a_site_closed_in_a_what_if_counts_as_gone(seed):
    sources = some_sources(seed, jobs=12)
    snapshot = make_snapshot(sources)
    accessibility = accessibility_of(snapshot)
    key = snapshot.sites["key"].iloc[3]
    outcome = play(
        snapshot, accessibility, marginal_effects(snapshot, accessibility), Scenario(closed=frozenset([key]))
    )
    gone = sources.jobs[~sources.jobs["id"].isin(snapshot.sites["job_ids"].iloc[3])]
    after = accessibility_of(make_snapshot(replace(sources, jobs=gone)))
    assert outcome.value == pytest.approx(after.access.value, abs=1e-12)
    assert outcome.cumulative == pytest.approx(after.cumulative)
    assert not reach_changes(accessibility, outcome)[0].any()


def test_more_openings_at_a_site_raise_access_in_proportion():
    snapshot = a_snapshot()
    accessibility = accessibility_of(snapshot)
    key, openings = snapshot.sites["key"].iloc[0], int(snapshot.sites["openings"].iloc[0])
    effects = marginal_effects(snapshot, accessibility)
    doubled = play(snapshot, accessibility, effects, Scenario(added={key: openings}))
    share = accessibility.access.ratio[0] * accessibility.pairs.column(0)
    assert doubled.value - accessibility.access.value == pytest.approx(share)


def test_nothing_chosen_changes_nothing():
    snapshot = a_snapshot()
    accessibility = accessibility_of(snapshot)
    outcome = play(snapshot, accessibility, marginal_effects(snapshot, accessibility), Scenario())
    assert outcome.before == outcome.after
    assert not np.any(reach_changes(accessibility, outcome))
    assert not Scenario()


def test_ranking_of_premises_agrees_with_opening_each_alone():
    snapshot = a_snapshot(jobs=8, idle=6)
    accessibility = accessibility_of(snapshot)
    effects = marginal_effects(snapshot, accessibility)
    ranking = rank_premises(snapshot, accessibility, effects)
    for row in ranking.itertuples():
        outcome = play(snapshot, accessibility, effects, Scenario({row.id: row.stations}))
        assert reach_changes(accessibility, outcome)[0].sum() == row.newly_reached
        assert outcome.after.gini == pytest.approx(row.gini)
    assert ranking["newly_reached"].is_monotonic_decreasing


def test_premises_without_room_reach_nobody():
    sources = some_sources(jobs=0)
    rooms = sources.premises.assign(possible_stations=pd.array([None] * 4, dtype="Int64"))
    snapshot = make_snapshot(replace(sources, premises=rooms))
    accessibility = accessibility_of(snapshot)
    assert (
        rank_premises(snapshot, accessibility, marginal_effects(snapshot, accessibility))["newly_reached"].eq(0).all()
    )


def test_unknown_premises_are_refused():
    snapshot = a_snapshot()
    accessibility = accessibility_of(snapshot)
    with pytest.raises(KeyError):
        play(snapshot, accessibility, marginal_effects(snapshot, accessibility), Scenario({12345: 3}))


def test_the_summary_counts_people_with_and_without_an_opening():
    snapshot = a_snapshot()
    accessibility = accessibility_of(snapshot)
    totals = summary(accessibility.access.value, accessibility.cumulative, snapshot.supply)
    assert totals.covered + totals.uncovered == totals.seekers == len(snapshot.homes)
    in_reach = snapshot.supply[accessibility.access.reached > 0]
    assert accessibility.access.value.sum() == pytest.approx(in_reach.sum())
    assert totals.openings == snapshot.supply.sum()


# -- the atlas -------------------------------------------------------------------------------------


def test_jobs_of_one_employer_at_one_place_make_one_site():
    sources = some_sources(jobs=3)
    twice = sources.jobs.assign(employer_id=500, employer="一厂", lon=116.6, lat=35.37)
    sites = make_snapshot(replace(sources, jobs=twice)).sites
    assert len(sites) == 1
    assert sites["openings"].iloc[0] == int(twice["left"].sum())
    assert sites["job_ids"].iloc[0] == (100, 101, 102)


def test_two_places_of_one_employer_have_different_keys():
    sources = some_sources(jobs=3)
    sites = make_snapshot(replace(sources, jobs=sources.jobs.assign(employer_id=500, employer="一厂"))).sites
    assert sites["key"].is_unique
    assert set(sites["key"]) == {"e500", "e500.1", "e500.2"}


def test_seekers_without_a_position_stand_at_their_communitys_centre():
    sources = some_sources()
    people = sources.people.assign(lon=np.nan, lat=np.nan)
    snapshot = make_snapshot(replace(sources, people=people))
    assert snapshot.placed == len(snapshot.homes) > 0
    assert len(np.unique(snapshot.homes, axis=0)) <= len(snapshot.communities)


def test_given_boundaries_are_used_and_missing_ones_become_voronoi_cells():
    sources = some_sources()
    given_ = [a_boundary(lon, lat, 0.004) for lon, lat in zip(sources.communities.lon, sources.communities.lat)]  # noqa: B905
    all_given = sources.communities.assign(boundary=given_, boundary_source="given")
    snapshot = make_snapshot(replace(sources, communities=all_given))
    assert not snapshot.approximate
    assert all(shapely.get_num_coordinates(shape) == 5 for shape in snapshot.shapes)
    assert make_snapshot(sources).approximate
    some = all_given.assign(boundary=[*given_[:3], None, None, None])
    assert len(make_snapshot(replace(sources, communities=some)).shapes) == 6


def test_a_multipolygon_with_a_hole_keeps_its_parts():
    sources = some_sources(communities=1)
    ring = a_boundary(116.6, 35.37, 0.02)["coordinates"][0]
    hole = a_boundary(116.6, 35.37, 0.004)["coordinates"][0]
    island = a_boundary(116.7, 35.37, 0.004)["coordinates"][0]
    boundary = {"type": "MultiPolygon", "coordinates": [[ring, hole], [island]]}
    snapshot = make_snapshot(replace(sources, communities=sources.communities.assign(boundary=[boundary])))
    assert [1 + len(polygon.interiors) for polygon in snapshot.shapes[0].geoms] == [2, 1]


def test_places_near_a_point_come_with_minutes_nearest_first():
    snapshot = a_snapshot()
    accessibility = accessibility_of(snapshot)
    key = snapshot.sites["key"].iloc[2]
    near = sites_near(snapshot, accessibility, place_point(snapshot, key))
    assert near["key"].iloc[0] == key
    assert near["minutes"].iloc[0] == pytest.approx(0)
    assert near["minutes"].is_monotonic_increasing
    assert {"p70", key} <= set(snapshot.places)
    with pytest.raises(KeyError):
        place_point(snapshot, "e1")


def test_seekers_within_bands_are_cumulative():
    snapshot = a_snapshot()
    counts = seekers_within(snapshot, accessibility_of(snapshot), snapshot.labels[0])
    assert list(counts) == sorted(counts)
