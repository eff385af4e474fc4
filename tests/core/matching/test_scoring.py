from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
import skcriteria
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skcriteria.agg.simple import WeightedSumModel
from skcriteria.agg.topsis import TOPSIS
from skcriteria.preprocessing.scalers import VectorScaler

from core.matching.inputs.factors import CODES, travel_gain
from core.matching.ranking.scoring import (
    UNIT,
    NoWeights,
    Profile,
    as_weights,
    contributions,
    is_rankable,
    order,
    reciprocal,
    scores,
    top,
)

EQUAL = np.full(7, 10)
MEANS = [1042, 3128, 8959, 6935, 2113, 2027, 0]
shares = st.floats(0, 1, allow_nan=False, width=32)
factors_of = st.integers(1, 30).flatmap(
    lambda n: arrays(np.float64, (7, n), elements=st.one_of(shares, st.just(np.nan)))
)
sliders = st.lists(st.integers(0, 100), min_size=7, max_size=7).filter(any)


def weights_of(values: list[int]) -> np.ndarray:
    return as_weights(dict(zip(CODES, values, strict=True)))


def profile_of(x: np.ndarray, expected: list[int] | None = None) -> Profile:
    return Profile.of(x, MEANS[: len(x)] if expected is None else expected)


def places(total: np.ndarray) -> list[int]:
    """The place (1, 2, …) of every row."""
    place = np.empty(len(total), dtype=int)
    place[order(total, np.arange(len(total)))] = np.arange(1, len(total) + 1)
    return place.tolist()


def test_sliders_are_whole_numbers_and_all_zero_is_refused() -> None:
    assert as_weights({"skills": 30.0, "travel": 10}).tolist() == [30, 10, 0, 0, 0, 0, 0]
    with pytest.raises(NoWeights):
        as_weights(dict.fromkeys(CODES, 0))
    with pytest.raises(ValueError, match="unknown factors: age"):
        as_weights({"age": 1})
    for bad in (-1, 101, 0.5, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="slider"):
            as_weights({"skills": bad})


def test_an_unknown_factor_counts_at_its_expected_value() -> None:
    """w .5/.3/.2, x = (.8, –, .5), μ₂ = .4 → expected .62, interval [.5, .8], known .7."""
    profile = profile_of(np.array([[0.8], [np.nan], [0.5]]), [0, 4000, 0])
    result = scores(profile, np.array([50, 30, 20]))
    assert result.total.tolist() == [62 * UNIT]
    assert (result.low[0], result.high[0]) == (50 * UNIT, 80 * UNIT)
    assert result.points[0] == pytest.approx(62)
    assert result.coverage[0] == 0.7
    assert is_rankable(result, 0.7).all()
    assert not is_rankable(result, 0.71).any()
    assert contributions(profile, np.array([50, 30, 20]))[:, 0] == pytest.approx([40, 12, 10])


def test_blankness_does_not_lead() -> None:
    """60% known at its best against a complete profile that is better than average: dividing by c let the blank lead."""
    blank = np.array([1, 1, 1, np.nan, np.nan, np.nan, np.nan])
    whole = np.array([0.95, 0.9, 1, 0.9, 0.8, 0.9, 0.8])
    result = scores(
        profile_of(np.array([blank, whole]).T), as_weights(dict(zip(CODES, (20,) * 3 + (10,) * 4, strict=True)))
    )
    assert result.total[0] < result.total[1] < result.high[0]


def test_somebody_of_whom_nothing_is_known_is_never_ranked() -> None:
    result = scores(profile_of(np.full((7, 1), np.nan)), EQUAL)
    assert not is_rankable(result, 0.0).any()


def test_single_precision_sums_are_exact() -> None:
    rng = np.random.default_rng(1)
    x = np.where(rng.random((7, 5000)) < 0.1, np.nan, rng.random((7, 5000)))
    profile, weights = profile_of(x), np.array([100, 99, 98, 97, 100, 100, 100])
    result = scores(profile, weights)
    exact = weights @ profile.values.astype(np.int64)
    assert result.total.tolist() == exact.tolist()
    assert result.low.tolist() == (weights @ np.where(profile.known, profile.values, 0).astype(np.int64)).tolist()
    assert result.known_weight.tolist() == (weights @ profile.known.astype(np.int64)).tolist()


def test_travel_decays_like_a_bell_over_thirty_minutes() -> None:
    gain = travel_gain(np.array([0, 10, 15, 20, 30, 31, np.nan]), 30)
    assert gain[:5] == pytest.approx([1, 0.862656, 0.701367, 0.493575, 0], abs=1e-6)
    assert gain[5] == 0
    assert np.isnan(gain[6])


def test_mutual_fit_is_the_harmonic_mean_of_both_sides() -> None:
    x = np.zeros((7, 2))
    for code, value in {"travel": 0.8, "hours": 0.8, "pay": 0.8, "intent": 0.8}.items():
        x[CODES.index(code)] = value
    for code in ("skills", "experience", "readiness"):
        x[CODES.index(code)] = (0.4, 0)
    a, b, both = reciprocal(profile_of(x), EQUAL)
    assert (a[0], b[0]) == pytest.approx((0.8, 0.4))
    assert both == pytest.approx([0.5333, 0], abs=5e-5)
    only_person = np.eye(7, dtype=int)[CODES.index("travel")]
    assert reciprocal(profile_of(x), only_person)[1][0] == pytest.approx(0.4)


@settings(deadline=None)
@given(factors_of, sliders)
def test_points_sum_to_the_total_and_lie_in_the_interval(x: np.ndarray, values: list[int]) -> None:
    profile, weights = profile_of(x), weights_of(values)
    result, parts = scores(profile, weights), contributions(profile, weights)
    assert parts.sum(axis=0) == pytest.approx(result.points, abs=1e-9)
    assert (result.low <= result.total).all()
    assert (result.total <= result.high).all()
    assert (parts >= 0).all()


@settings(deadline=None)
@given(factors_of, sliders, st.integers(0, 12), st.randoms())
def test_permuting_people_changes_nothing(x: np.ndarray, values: list[int], k: int, random) -> None:  # type: ignore[no-untyped-def]
    weights, ids = weights_of(values), np.arange(100, 100 + x.shape[1])
    shuffle = np.array(random.sample(range(x.shape[1]), x.shape[1]), dtype=int)
    one = ids[top(scores(profile_of(x), weights).total, ids, k)]
    mixed = scores(profile_of(x[:, shuffle]), weights).total
    assert one.tolist() == ids[shuffle][top(mixed, ids[shuffle], k)].tolist()


@settings(deadline=None)
@given(arrays(np.float64, (7, 8), elements=shares), sliders, st.integers(0, 6), shares)
def test_raising_a_factor_never_lowers_a_score(x: np.ndarray, values: list[int], j: int, rise: float) -> None:
    weights, better = weights_of(values), x.copy()
    better[j] = np.minimum(x[j] + rise, 1)
    assert (scores(profile_of(better), weights).total >= scores(profile_of(x), weights).total).all()


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), min_size=0, max_size=40), st.integers(0, 45))
def test_the_first_k_are_those_of_the_whole_order_ties_by_id(values: list[int], k: int) -> None:
    total, ids = np.array(values, dtype=np.int64), np.arange(len(values))[::-1].copy()
    whole = order(total, ids)
    assert top(total, ids, k).tolist() == whole[:k].tolist()
    expected = sorted(range(len(values)), key=lambda i: (-values[i], ids[i]))
    assert whole.tolist() == expected


def test_it_agrees_with_scikit_criteria() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        x, weights = rng.random((7, 25)).round(4), rng.integers(1, 101, 7)
        oracle = WeightedSumModel().evaluate(skcriteria.mkdm(x.T, [max] * 7, weights=weights / weights.sum()))
        result = scores(profile_of(x), weights)
        assert result.points / 100 == pytest.approx(oracle.e_.score)
        assert places(result.total) == oracle.rank_.tolist()


def test_the_ranking_of_heat_losses_published_by_kracka_and_others_in_2010() -> None:
    """Six alternatives, equal weights; smaller is better but for the fifth and last column; columns scaled to sum 1."""
    matrix = np.array(
        [
            [33.95, 23.78, 11.45, 39.97, 29.44, 167.10, 3.852],
            [38.9, 4.17, 6.32, 0.01, 4.29, 132.52, 25.184],
            [37.59, 9.36, 8.23, 4.35, 10.22, 136.71, 10.845],
            [30.44, 37.59, 13.91, 74.08, 45.10, 198.34, 2.186],
            [36.21, 14.79, 9.17, 17.77, 17.06, 148.3, 6.610],
            [37.8, 8.55, 7.97, 2.35, 9.25, 134.83, 11.935],
        ]
    )
    larger_is_better = np.isin(np.arange(7), [4, 6])
    x = np.where(larger_is_better, matrix, 1 / matrix)
    result = scores(profile_of((x / x.sum(axis=0)).T), EQUAL)
    expected = [0.12040426, 0.3458235, 0.13838192, 0.12841246, 0.12346084, 0.14351701]
    assert result.points / 100 == pytest.approx(expected, abs=5e-5)  # half a ten-thousandth
    assert places(result.total) == [6, 1, 3, 4, 5, 2]


def test_exactly_the_least_share_of_known_weight_may_rank() -> None:
    """60% known is not below 60%."""
    x = np.full((7, 1), 0.5)
    x[3:] = np.nan
    for known in ((10, 20, 30), (30, 20, 10), (20, 20, 20)):
        weights = weights_of([*known, 10, 10, 10, 10])
        assert is_rankable(scores(profile_of(x), weights), 0.6).all()
        assert not is_rankable(scores(profile_of(x), weights_of([*known[:2], known[2] - 1, 11, 10, 10, 10])), 0.6).any()


def test_the_oracle_itself_gives_the_published_topsis_example() -> None:
    matrix = [[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]]
    decision = VectorScaler(target="matrix").transform(skcriteria.mkdm(matrix, [max] * 3, weights=[0.3, 0.4, 0.3]))
    assert TOPSIS().evaluate(decision).e_.similarity == pytest.approx([0.5037, 0.6581, 0.7482, 0.3340], abs=5e-5)


def test_three_candidates_in_every_order_of_rows() -> None:
    rows = {1: (0.9, 0.2), 2: (0.5, 0.7), 3: (0.1, 0.95)}
    for ids in permutations(rows):
        total = scores(profile_of(np.array([rows[i] for i in ids]).T), np.array([60, 40])).total
        assert [ids[n] for n in order(total, np.array(ids))] == [1, 2, 3]
