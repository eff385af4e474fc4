"""Measures by community, their suppression, and what would change them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from core.access.accessibility import make_reach, summary
from core.access.measures import MEASURES, Rate, make_board, wilson
from core.access.nearby import place_point, places, seekers_within, sites_near
from core.access.snapshot import make_atlas
from core.access.what_if import Scenario, make_prospects, play, rank_premises
from core.geography.plane import TravelMode
from core.locale import translator
from core.terms import PersonState
from tests.core.access.factories import WALK, a_boundary, an_atlas, some_rates, some_sources


def reach_of(atlas, minutes=15):
    return make_reach(atlas, TravelMode.WALK, WALK, minutes)


def board_of(atlas, k=3, **changes):
    return make_board(atlas, reach_of(atlas), some_rates(atlas, **changes), k)


def test_district_density_is_the_mean_over_seekers_and_not_over_communities():
    atlas = an_atlas()
    board = board_of(atlas)
    weighted = np.average(board.values["density"], weights=atlas.seekers)
    assert board.district["density"] == pytest.approx(weighted)
    assert board.district["covered"] == pytest.approx(np.average(board.values["covered"], weights=atlas.seekers))


def test_unmet_need_and_openings_that_fall_to_seekers_add_up():
    atlas = an_atlas()
    reach = reach_of(atlas)
    unmet = board_of(atlas).district["unmet"]
    assert unmet == pytest.approx(np.maximum(1 - reach.access.value, 0).sum())
    assert 0 <= unmet <= len(atlas.homes)


def test_rates_are_numerator_over_denominator_with_a_wilson_interval():
    board = board_of(an_atlas(), exits=12)
    assert board.values["reemployed"].iloc[0] == pytest.approx(4 / 12)
    assert board.interval("reemployed", 0) == pytest.approx(wilson(4, 12))
    assert board.interval("density", 0) is None


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
    board = board_of(make_atlas(replace(sources, people=people)))
    assert np.isnan(board.values[["density", "covered", "unmet"]].iloc[0]).all()
    assert np.isnan(board.bases["seekers"].iloc[0])
    assert pd.isna(board.states["seeking"].iloc[0])
    assert board.values["density"].isna().sum() >= 2  # the district's total must not give it away
    assert not board.values["visited"].isna().any()


def test_exits_of_few_people_hide_the_rate():
    atlas = an_atlas()
    rates = some_rates(atlas)
    few = rates["re_employment"].denominator.copy()
    few.iloc[2] = 2
    rates["re_employment"] = Rate(rates["re_employment"].numerator, few)
    board = make_board(atlas, reach_of(atlas), rates, 3)
    assert np.isnan(board.values["reemployed"].iloc[2])
    assert board.values["reemployed"].isna().sum() == 2
    assert not board.values["density"].isna().any()


def test_free_stations_stand_where_a_workshop_is_and_nowhere_else():
    board = board_of(an_atlas())
    assert board.values["free_stations"].iloc[0] == 7
    assert board.values["free_stations"].iloc[1:].isna().all()
    assert board.district["free_stations"] == 7


def test_a_district_without_jobs_people_or_premises_is_drawn_all_the_same():
    for changes in ({"jobs": 0}, {"people": 0}, {"idle": 0}, {"jobs": 0, "people": 0, "idle": 0}, {"communities": 1}):
        atlas = an_atlas(**changes)
        board, reach = board_of(atlas), reach_of(atlas)
        assert list(board.values) == list(MEASURES)
        prospects = make_prospects(atlas, reach)
        assert len(rank_premises(atlas, reach, prospects)) == changes.get("idle", 4)
        play(atlas, reach, prospects, Scenario())


def test_values_are_written_with_their_unit():
    tr = translator("en")
    assert MEASURES["covered"].text(tr, 0.334) == "33%"
    assert MEASURES["reemployed"].text(tr, 0.3302) == "33.0%"
    assert MEASURES["density"].text(tr, 1204.4) == "1,204"
    assert MEASURES["density"].text(tr, float("nan")) == "—"


def test_worst_communities_come_first_whichever_way_a_measure_points():
    board = board_of(an_atlas())
    lowest_first = board.values["density"].iloc[board.ranked("density")]
    highest_first = board.values["unmet"].iloc[board.ranked("unmet")]
    assert lowest_first.is_monotonic_increasing
    assert highest_first.is_monotonic_decreasing


# -- what if --------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 500), st.integers(1, 60))
def test_a_workshop_opened_in_a_what_if_counts_as_one_that_stands_there(seed, stations):
    sources = some_sources(seed, jobs=12)
    atlas = make_atlas(sources)
    reach = reach_of(atlas)
    room = atlas.idle.iloc[1]
    outcome = play(atlas, reach, make_prospects(atlas, reach), Scenario({int(room["id"]): stations}))
    job = sources.jobs.iloc[:1].assign(id=999, employer_id=999, lon=room["lon"], lat=room["lat"], left=stations)
    built = make_atlas(replace(sources, jobs=pd.concat([sources.jobs, job], ignore_index=True)))
    after = reach_of(built)
    assert outcome.value == pytest.approx(after.access.value, abs=1e-12)
    assert outcome.cumulative == pytest.approx(after.cumulative)
    assert outcome.lost == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 500))
def test_a_site_closed_in_a_what_if_counts_as_gone(seed):
    sources = some_sources(seed, jobs=12)
    atlas = make_atlas(sources)
    reach = reach_of(atlas)
    key = atlas.sites["key"].iloc[3]
    outcome = play(atlas, reach, make_prospects(atlas, reach), Scenario(closed=frozenset([key])))
    gone = sources.jobs[~sources.jobs["id"].isin(atlas.sites["job_ids"].iloc[3])]
    after = reach_of(make_atlas(replace(sources, jobs=gone)))
    assert outcome.value == pytest.approx(after.access.value, abs=1e-12)
    assert outcome.cumulative == pytest.approx(after.cumulative)
    assert outcome.newly_reached == 0


def test_more_openings_at_a_site_raise_access_in_proportion():
    atlas = an_atlas()
    reach = reach_of(atlas)
    key, openings = atlas.sites["key"].iloc[0], int(atlas.sites["openings"].iloc[0])
    prospects = make_prospects(atlas, reach)
    doubled = play(atlas, reach, prospects, Scenario(added={key: openings}))
    share = reach.access.ratio[0] * reach.pairs.column(0)
    assert doubled.value - reach.access.value == pytest.approx(share)


def test_nothing_chosen_changes_nothing():
    atlas = an_atlas()
    reach = reach_of(atlas)
    outcome = play(atlas, reach, make_prospects(atlas, reach), Scenario())
    assert outcome.before == outcome.after
    assert (outcome.newly_reached, outcome.lost) == (0, 0)
    assert not Scenario()


def test_ranking_of_premises_agrees_with_opening_each_alone():
    atlas = an_atlas(jobs=8, idle=6)
    reach = reach_of(atlas)
    prospects = make_prospects(atlas, reach)
    ranking = rank_premises(atlas, reach, prospects)
    for row in ranking.itertuples():
        outcome = play(atlas, reach, prospects, Scenario({row.id: row.stations}))
        assert outcome.newly_reached == row.newly_reached
        assert outcome.after.gini == pytest.approx(row.gini)
    assert ranking["newly_reached"].is_monotonic_decreasing


def test_premises_without_room_reach_nobody():
    sources = some_sources(jobs=0)
    rooms = sources.premises.assign(possible_stations=pd.array([None] * 4, dtype="Int64"))
    atlas = make_atlas(replace(sources, premises=rooms))
    reach = reach_of(atlas)
    assert rank_premises(atlas, reach, make_prospects(atlas, reach))["newly_reached"].eq(0).all()


def test_unknown_premises_are_refused():
    atlas = an_atlas()
    reach = reach_of(atlas)
    with pytest.raises(KeyError):
        play(atlas, reach, make_prospects(atlas, reach), Scenario({12345: 3}))


def test_the_summary_counts_people_with_and_without_an_opening():
    atlas = an_atlas()
    reach = reach_of(atlas)
    found = summary(atlas, reach.access.value, reach.cumulative, atlas.supply, reach.access.reached)
    assert found.covered + found.uncovered == found.seekers == len(atlas.homes)
    assert found.openings_in_reach == pytest.approx(reach.access.value.sum())


# -- the atlas -------------------------------------------------------------------------------------


def test_jobs_of_one_employer_at_one_place_make_one_site():
    sources = some_sources(jobs=3)
    twice = sources.jobs.assign(employer_id=500, employer="一厂", lon=116.6, lat=35.37)
    sites = make_atlas(replace(sources, jobs=twice)).sites
    assert len(sites) == 1
    assert sites["openings"].iloc[0] == int(twice["left"].sum())
    assert sites["job_ids"].iloc[0] == (100, 101, 102)


def test_two_places_of_one_employer_have_different_keys():
    sources = some_sources(jobs=3)
    sites = make_atlas(replace(sources, jobs=sources.jobs.assign(employer_id=500, employer="一厂"))).sites
    assert sites["key"].is_unique
    assert set(sites["key"]) == {"e500", "e500.1", "e500.2"}


def test_seekers_without_a_position_stand_at_their_communitys_centre():
    sources = some_sources()
    people = sources.people.assign(lon=np.nan, lat=np.nan)
    atlas = make_atlas(replace(sources, people=people))
    assert atlas.placed == len(atlas.homes) > 0
    assert len(np.unique(atlas.homes, axis=0)) <= len(atlas.communities)


def test_given_boundaries_are_used_and_missing_ones_become_voronoi_cells():
    sources = some_sources()
    given_ = [a_boundary(lon, lat, 0.004) for lon, lat in zip(sources.communities.lon, sources.communities.lat)]  # noqa: B905
    all_given = sources.communities.assign(boundary=given_, boundary_source="given")
    atlas = make_atlas(replace(sources, communities=all_given))
    assert not atlas.approximate
    assert all(shapely.get_num_coordinates(shape) == 5 for shape in atlas.shapes)
    assert make_atlas(sources).approximate
    some = all_given.assign(boundary=[*given_[:3], None, None, None])
    assert len(make_atlas(replace(sources, communities=some)).shapes) == 6


def test_a_multipolygon_with_a_hole_keeps_its_parts():
    sources = some_sources(communities=1)
    ring = a_boundary(116.6, 35.37, 0.02)["coordinates"][0]
    hole = a_boundary(116.6, 35.37, 0.004)["coordinates"][0]
    island = a_boundary(116.7, 35.37, 0.004)["coordinates"][0]
    boundary = {"type": "MultiPolygon", "coordinates": [[ring, hole], [island]]}
    atlas = make_atlas(replace(sources, communities=sources.communities.assign(boundary=[boundary])))
    assert [1 + len(polygon.interiors) for polygon in atlas.shapes[0].geoms] == [2, 1]


def test_places_near_a_point_come_with_minutes_nearest_first():
    atlas = an_atlas()
    reach = reach_of(atlas)
    key = atlas.sites["key"].iloc[2]
    near = sites_near(atlas, reach, place_point(atlas, key))
    assert near["key"].iloc[0] == key
    assert near["minutes"].iloc[0] == pytest.approx(0)
    assert near["minutes"].is_monotonic_increasing
    assert {"p70", key} <= set(places(atlas))
    with pytest.raises(KeyError):
        place_point(atlas, "e1")


def test_seekers_within_bands_are_cumulative():
    atlas = an_atlas()
    found = seekers_within(atlas, reach_of(atlas), atlas.labels[0])
    assert list(found) == sorted(found)
