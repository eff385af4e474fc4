from __future__ import annotations

import numpy as np
import pytest

from core.matching.ranking import stability
from core.matching.ranking.scoring import Profile, is_rankable, scores, top
from core.matching.ranking.stability import Band, bands


def shifted(weights: np.ndarray, j: int, t: float) -> np.ndarray:
    """Weight j at t, the others in proportion (equally if j alone had weight)."""
    others = np.delete(weights, j)
    share = others / others.sum() if others.sum() > 1e-12 else np.full(len(others), 1 / len(others))
    return np.insert(share * (1 - t), j, t)


def chosen(profile: Profile, weights: np.ndarray, ids: np.ndarray, k: int, min_coverage: float) -> frozenset[int]:
    found = scores(profile, weights)
    ranked = np.flatnonzero(is_rankable(found, min_coverage))
    return frozenset(ranked[top(found.point[ranked], ids[ranked], k)].tolist())


def by_bisection(profile, weights, ids, j, k, min_coverage, direction, steps=3000) -> float:
    """The first change of the set when weight j moves: scan, then bisect."""
    end = 1.0 if direction > 0 else 0.0
    scan = np.linspace(weights[j], end, steps)
    at_zero, at_one = shifted(weights, j, 0.0), shifted(weights, j, 1.0)
    many = at_zero + np.outer(scan, at_one - at_zero)
    coverage = np.minimum(many @ profile.known, 1)
    coverage = np.where(coverage > 1 - 1e-9, 1, coverage)
    with np.errstate(divide="ignore", invalid="ignore"):
        point = np.where(coverage >= max(min_coverage, 1e-9) - 1e-12, many @ profile.filled / coverage, -1)
    order = np.argsort(-point, axis=1, kind="stable")[:, :k]
    sets = np.sort(np.where(np.take_along_axis(point, order, 1) >= 0, order, -1), axis=1)
    changed = np.flatnonzero((sets != sets[0]).any(axis=1))
    if not len(changed):
        return end
    good, bad = scan[changed[0] - 1], scan[changed[0]]
    base = chosen(profile, weights, ids, k, min_coverage)
    for _ in range(32):
        middle = (good + bad) / 2
        if chosen(profile, shifted(weights, j, middle), ids, k, min_coverage) == base:
            good = middle
        else:
            bad = middle
    return good


def bands_by_few(profile, weights, ids, k, min_coverage, seeds=2) -> tuple[Band, ...]:
    """The same with rows left out as for a hundred thousand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stability, "LARGE", 0)
        patch.setattr(stability, "SEEDS", seeds)
        return bands(profile, weights, ids, k, min_coverage)


def bands_of_all(profile, weights, ids, k, min_coverage) -> tuple[Band, ...]:
    """The same with every pair looked at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stability, "LARGE", 10**12)
        return bands(profile, weights, ids, k, min_coverage)


def same(one: tuple[Band, ...], other: tuple[Band, ...]) -> bool:
    """Equal ends, and the same rows change places where a change lies strictly inside 0..1."""
    ends = [(b.low, b.high) for b in one] == [pytest.approx((b.low, b.high), abs=1e-9) for b in other]
    who = [
        (s.leaves, s.enters, t.leaves, t.enters)
        for a, b in zip(one, other, strict=True)
        for s, t in ((a.below, b.below), (a.above, b.above))
        if s is not None and t is not None and 1e-6 < s.at < 1 - 1e-6
    ]
    return ends and all(swap[:2] == swap[2:] for swap in who)


def test_the_worked_example_of_three_candidates() -> None:
    profile = Profile.of(np.array([[0.9, 0.5, 0.1], [0.2, 0.7, 0.95]]))
    weights, ids = np.array([0.6, 0.4]), np.array([1, 2, 3])
    assert scores(profile, weights).point == pytest.approx([0.62, 0.58, 0.44])
    first = bands(profile, weights, ids, k=1)[0]
    assert (first.low, first.high) == pytest.approx((5 / 9, 1))
    assert first.below is not None
    assert (first.below.leaves, first.below.enters) == (0, 1)
    assert first.above is None
    pair = bands(profile, weights, ids, k=2)[0]
    assert (pair.low, pair.high) == pytest.approx((15 / 31, 1))
    assert pair.below is not None
    assert (pair.below.leaves, pair.below.enters) == (0, 2)


@pytest.mark.parametrize("case", range(100))
def test_bands_equal_bisection(case: int) -> None:
    """Four directions a case: 400 ends, complete and incomplete rows, thresholds and single weights among them."""
    rng = np.random.default_rng(case)
    n, m = int(rng.integers(2, 14)), int(rng.integers(2, 8))
    x = rng.random((m, n)).round(int(rng.integers(2, 6)))
    if case % 2:
        x[rng.random((m, n)) < 0.25] = np.nan
    weights = rng.dirichlet(np.ones(m))
    if case % 10 == 3:
        weights = np.eye(m)[int(rng.integers(m))]
    min_coverage = 0.6 if case % 4 == 1 else 0.0
    profile, ids, k = Profile.of(x), np.arange(n), int(rng.integers(1, 4))
    for k_ in (1, k):
        found = bands(profile, weights, ids, k_, min_coverage)
        assert same(found, bands_by_few(profile, weights, ids, k_, min_coverage))
        j = int(rng.integers(m))
        band = found[j]
        assert band.low <= weights[j] <= band.high
        assert band.low == pytest.approx(by_bisection(profile, weights, ids, j, k_, min_coverage, -1), abs=1e-9)
        assert band.high == pytest.approx(by_bisection(profile, weights, ids, j, k_, min_coverage, +1), abs=1e-9)


def test_the_one_who_enters_is_in_the_set_beyond_the_band() -> None:
    rng = np.random.default_rng(7)
    for _ in range(40):
        profile, ids = Profile.of(rng.random((5, 30))), np.arange(30)
        weights = rng.dirichlet(np.ones(5))
        for band in bands(profile, weights, ids, k=3):
            for swap, sign in ((band.below, -1), (band.above, 1)):
                if swap is None:
                    continue
                after = chosen(profile, shifted(weights, band.factor, swap.at + sign * 1e-7), ids, 3, 0)
                assert swap.enters in after
                assert swap.leaves not in after


@pytest.mark.parametrize("case", range(12))
def test_leaving_out_rows_that_can_not_be_first_changes_nothing(case: int) -> None:
    """Thousands of rows: complete, with gaps, with many ties; generous and strict thresholds; one weight alone."""
    rng = np.random.default_rng(1000 + case)
    x = rng.random((7, 4000)).round(1 + case % 3 * 2)
    if case % 2:
        x[rng.random(x.shape) < 0.1] = np.nan
    weights = np.eye(7)[2] if case == 4 else rng.dirichlet(np.ones(7))
    profile, ids = Profile.of(x), rng.permutation(4000)
    for k in (1, 20):
        min_coverage = 0.6 if case % 4 == 1 else 0.3
        assert same(bands(profile, weights, ids, k, min_coverage), bands_of_all(profile, weights, ids, k, min_coverage))


def test_someone_who_becomes_known_well_enough_replaces_nobody_while_there_is_room() -> None:
    x = np.array([[0.5, np.nan], [0.6, 0.9], [0.7, 0.8]])
    found = bands(Profile.of(x), np.array([0.5, 0.3, 0.2]), np.array([1, 2]), k=2, min_coverage=0.6)[0]
    assert found.low == pytest.approx(0.4)
    assert found.below is not None
    assert (found.below.leaves, found.below.enters) == (None, 1)


def test_one_candidate_is_stable_everywhere() -> None:
    found = bands(Profile.of(np.array([[0.4], [0.6]])), np.array([0.5, 0.5]), np.array([9]))
    assert [(band.low, band.high) for band in found] == [(0.0, 1.0), (0.0, 1.0)]
    assert found[0].margin == 1.0


def test_twins_never_displace_each_other() -> None:
    found = bands(Profile.of(np.array([[0.4, 0.4], [0.6, 0.6]])), np.array([0.5, 0.5]), np.array([1, 2]))
    assert [(band.low, band.high) for band in found] == [(0.0, 1.0), (0.0, 1.0)]


def test_nobody_ranked_has_no_change_to_tell() -> None:
    found = bands(Profile.of(np.empty((3, 0))), np.array([0.2, 0.3, 0.5]), np.array([], dtype=int))
    assert [(band.low, band.high) for band in found] == [(0.0, 1.0)] * 3
