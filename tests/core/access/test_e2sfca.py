"""E2SFCA against pysal's access, its worked example, and what must hold for any district."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access.e2sfca import BANDS, Bands, Catchments, e2sfca, find_catchments, gini, openings_within, pairs_within
from core.geography.plane import Travel

WALK = Travel(75.0, 1.3)


def a_catchment(cost: np.ndarray, bands: Bands) -> Catchments:
    """Pairs from a full matrix of minutes (homes × sites)."""
    home, site = (index.ravel() for index in np.indices(cost.shape))
    return Catchments(home, site, cost.ravel(), bands.weight(cost.ravel()), *cost.shape)


@st.composite
def districts(draw):
    seed = draw(st.integers(0, 10_000))
    homes, sites = draw(st.integers(0, 60)), draw(st.integers(0, 25))
    rng = np.random.default_rng(seed)
    size = draw(st.sampled_from([500.0, 3000.0, 20_000.0]))
    return (
        rng.uniform(0, size, (homes, 2)),
        rng.uniform(0, size, (sites, 2)),
        rng.integers(0, 5, homes).astype(float),
        rng.integers(0, 9, sites).astype(float),
    )


def test_three_hospitals_score_as_in_the_worked_example_of_pysal():
    cost = np.array([[1, 80, 40], [80, 1, 40], [40, 40, 1]], dtype=float)
    accessibility = a_catchment(cost, Bands((10.0, 20.0, 61.0), (1.0, 0.68, 0.22)))
    access = e2sfca(accessibility, np.array([100.0, 50.0, 10.0]), np.array([15.0, 20.0, 100.0]))
    assert 1000 * access.value / 1000 == pytest.approx([0.658398944, 0.894769669, 2.442162211], abs=1e-9)


def test_e2sfca_equals_pysal_access_to_the_twelfth_digit():
    rng = np.random.default_rng(7)
    homes, sites = rng.uniform(0, 9000, (120, 2)), rng.uniform(0, 9000, (40, 2))
    demand, supply = rng.integers(1, 40, 120).astype(float), rng.integers(1, 30, 40).astype(float)
    bands = BANDS.within(30)
    ours = e2sfca(find_catchments(homes, sites, WALK, bands), demand, supply).value
    assert ours == pytest.approx(pysal(homes, sites, demand, supply, bands), rel=1e-12, abs=1e-15)


def pysal(homes, sites, demand, supply, bands: Bands) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns about itself on import and about unserved places
        from access import Access, weights
    metres = np.sqrt(((homes[:, None, :] - sites[None, :, :]) ** 2).sum(axis=2))
    minutes = WALK.minutes(metres)
    home, site = np.nonzero(minutes <= bands.limit)
    cost = pd.DataFrame({"o": home, "d": site, "cost": minutes[home, site]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = Access(
            demand_df=pd.DataFrame({"id": range(len(homes)), "n": demand}),
            demand_index="id",
            demand_value="n",
            supply_df=pd.DataFrame({"id": range(len(sites)), "s": supply}),
            supply_index="id",
            supply_value="s",
            cost_df=cost,
            cost_origin="o",
            cost_dest="d",
            cost_name="cost",
        )
        steps = weights.step_fn(dict(zip(bands.minutes, bands.weights, strict=True)))
        access = model.enhanced_two_stage_fca(name="a", weight_fn=steps, max_cost=bands.limit)
    return access["a_s"].reindex(range(len(homes))).fillna(0).to_numpy()


@given(districts())
def test_every_opening_that_somebody_reaches_is_shared_out_exactly_once(district):
    homes, sites, demand, supply = district
    access = e2sfca(find_catchments(homes, sites, WALK), demand, supply)
    assert (demand @ access.value) == pytest.approx(supply[access.reached > 0].sum(), abs=1e-9)
    assert np.isfinite(access.value).all()


@given(districts(), st.integers(0, 1000))
def test_the_order_of_homes_and_sites_does_not_matter(district, seed):
    homes, sites, demand, supply = district
    rng = np.random.default_rng(seed)
    h, s = rng.permutation(len(homes)), rng.permutation(len(sites))
    plain = e2sfca(find_catchments(homes, sites, WALK), demand, supply).value
    mixed = e2sfca(find_catchments(homes[h], sites[s], WALK), demand[h], supply[s]).value
    assert mixed == pytest.approx(plain[h], abs=1e-12)


@given(districts(), st.floats(1, 40), st.floats(1, 40))
def test_more_minutes_never_mean_fewer_openings(district, a, b):
    homes, sites, _, supply = district
    accessibility = find_catchments(homes, sites, WALK, BANDS.within(40))
    short, long = sorted((a, b))
    assert (openings_within(accessibility, supply, short) <= openings_within(accessibility, supply, long)).all()


@given(districts(), st.floats(1, 30_000))
def test_the_grid_join_finds_what_comparing_all_pairs_finds(district, radius):
    homes, sites, _, _ = district
    home, site, metres = pairs_within(homes, sites, radius)
    every = np.sqrt(((homes[:, None, :] - sites[None, :, :]) ** 2).sum(axis=2))
    expected = set(zip(*map(list, np.nonzero(every <= radius)), strict=True))
    access = set(zip(home.tolist(), site.tolist(), strict=True))
    border = set(zip(*map(list, np.nonzero(np.abs(every - radius) < 1e-6)), strict=True))
    assert access ^ expected <= border
    assert len(access) == len(home)
    assert metres == pytest.approx(every[home, site])


def test_pairs_exactly_one_radius_apart_are_found_across_cell_borders():
    homes, sites = np.array([[0.0, 0.0], [100.0, 100.0]]), np.array([[100.0, 0.0], [0.0, 100.0], [200.0, 100.0]])
    home, site, _ = pairs_within(homes, sites, 100.0)
    assert sorted(zip(home.tolist(), site.tolist(), strict=True)) == [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)]


@pytest.mark.parametrize("radius", [1e-3, 1.0, 40.0, 5e4, 5e6])
@pytest.mark.parametrize("shape", [(1.0, 1.0), (5e4, 0.0), (0.0, 5e4), (0.0, 0.0), (5e4, 3e-3)])
def test_the_grid_join_bears_lines_points_and_radii_of_any_size(shape, radius):
    rng = np.random.default_rng(5)
    sites = rng.uniform(-1, 1, (60, 2)) * shape + [4e5, 3.9e6]
    homes = np.concatenate(
        [sites[::2], sites[:10] + np.array([radius, 0]), sites[:10] - np.array([0, radius]), [[0, 0], [9e6, 9e6]]]
    )
    home, site, metres = pairs_within(homes, sites, radius)
    every = np.sqrt(((homes[:, None, :] - sites[None, :, :]) ** 2).sum(axis=2))
    expected = set(zip(*map(list, np.nonzero(every <= radius)), strict=True))
    border = set(zip(*map(list, np.nonzero(np.abs(every - radius) < 1e-8)), strict=True))
    assert set(zip(home.tolist(), site.tolist(), strict=True)) ^ expected <= border
    assert (np.diff(home) >= 0).all()
    assert (metres <= radius).all()


def test_whoever_reaches_nothing_has_zero_and_not_nan():
    access = e2sfca(find_catchments(np.zeros((1, 2)), np.full((1, 2), 9999.0), WALK), np.ones(1), np.ones(1))
    assert access.value.tolist() == [0.0]
    assert access.ratio.tolist() == [0.0]


def test_a_home_without_people_takes_nothing_from_others():
    homes, sites = np.zeros((2, 2)), np.zeros((1, 2))
    access = e2sfca(find_catchments(homes, sites, WALK), np.array([1.0, 0.0]), np.array([3.0]))
    assert access.value.tolist() == [3.0, 3.0]


def test_the_end_of_a_band_belongs_to_it():
    minutes = np.array([0.0, 5.0, 5.0001, 10.0, 15.0, 15.0001])
    assert BANDS.weight(minutes).tolist() == [1.0, 1.0, 0.68, 0.68, 0.22, 0.0]
    assert BANDS.within(30).minutes == (10.0, 20.0, 30.0)


def test_gini_of_textbook_cases():
    assert gini(np.array([1.0, 1.0, 1.0]), np.ones(3)) == pytest.approx(0.0)
    assert gini(np.array([0.0, 0.0, 0.0, 1.0]), np.ones(4)) == pytest.approx(0.75)
    assert gini(np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4)) == pytest.approx(0.25)
    assert gini(np.zeros(3), np.ones(3)) == 0.0
    assert gini(np.empty(0), np.empty(0)) == 0.0


def test_gini_counts_people_and_not_rows():
    assert gini(np.array([1.0, 3.0]), np.array([2.0, 2.0])) == pytest.approx(gini(np.array([1.0, 1, 3, 3]), np.ones(4)))
