"""Bands against an exact oracle: the set is computed with fractions at every critical point and between any two."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from core.matching.ranking import stability
from core.matching.ranking.scoring import Profile, coverage_bound, is_rankable, scores, top
from core.matching.ranking.stability import Band, bands


def profile_of(x: np.ndarray, expected: int = 4000) -> Profile:
    return Profile.of(x, [expected] * len(x))


class Exact:
    """Scores, coverage and the listed set as functions of the share of one weight, in fractions."""

    def __init__(self, profile: Profile, weights: np.ndarray, ids: np.ndarray, j: int, k: int, least: float) -> None:
        w = [int(v) for v in weights]
        others = [0 if h == j else w[h] for h in range(len(w))]
        if not any(others):
            others = [0 if h == j else 1 for h in range(len(w))]
        n, total = len(profile), sum(others)
        x, known = profile.values.astype(int), profile.known
        self.now = Fraction(w[j], sum(w))
        self.start = [Fraction(sum(others[h] * int(x[h, i]) for h in range(len(w))), total) for i in range(n)]
        self.end = [Fraction(int(x[j, i])) for i in range(n)]
        self.cover_start = [Fraction(sum(others[h] * int(known[h, i]) for h in range(len(w))), total) for i in range(n)]
        self.cover_end = [Fraction(int(known[j, i])) for i in range(n)]
        self.ids, self.k, self.bound, self.n = ids.tolist(), k, coverage_bound(least), n

    def listed(self, t: Fraction) -> list[int]:
        """The first k at share ``t``, in order."""
        rows = [i for i in range(self.n) if (1 - t) * self.cover_start[i] + t * self.cover_end[i] >= self.bound]
        return sorted(rows, key=lambda i: (-((1 - t) * self.start[i] + t * self.end[i]), self.ids[i]))[: self.k]

    def critical(self) -> list[Fraction]:
        """Shares at which two scores meet or a coverage meets the threshold."""
        roots = set()
        for i in range(self.n):
            lines = [(self.cover_start[i] - self.bound, self.cover_end[i] - self.bound)]
            lines += [(self.start[i] - self.start[h], self.end[i] - self.end[h]) for h in range(i)]
            roots |= {a / (a - b) for a, b in lines if a != b}
        return sorted(root for root in roots if 0 < root < 1)

    def first_change(self, rising: bool) -> tuple[Fraction, set[int], set[int]] | None:
        """(share, who leaves, who enters) of the first change just beyond it, or None."""
        points = [t for t in self.critical() if (t >= self.now if rising else t <= self.now)]
        points = sorted({self.now, *points}, reverse=not rising)
        end = Fraction(1 if rising else 0)
        base = set(self.listed(self.now))
        if self.now == end:
            return None
        for here, beyond in zip(points, [*points[1:], end], strict=True):
            if here == end:
                return None
            after = set(self.listed((here + beyond) / 2))
            if after != base:
                return here, base - after, after - base
        return None


def by_few(profile, weights, ids, k, least, seeds=2) -> tuple[Band, ...]:  # type: ignore[no-untyped-def]
    """The same with rows left out as for a hundred thousand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stability, "FEW", 0)
        patch.setattr(stability, "SEEDS", seeds)
        return bands(profile, weights, ids, k, least)


def of_all(profile, weights, ids, k, least) -> tuple[Band, ...]:  # type: ignore[no-untyped-def]
    """The same with every row looked at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stability, "FEW", 10**9)
        return bands(profile, weights, ids, k, least)


def test_the_worked_example_of_three_candidates() -> None:
    profile = profile_of(np.array([[0.9, 0.5, 0.1], [0.2, 0.7, 0.95]]))
    weights, ids = np.array([60, 40]), np.array([1, 2, 3])
    assert (scores(profile, weights).points / 100).tolist() == pytest.approx([0.62, 0.58, 0.44])
    first = bands(profile, weights, ids, 1)[0]
    assert (first.low, first.high) == (5 / 9, 1)
    assert first.below is not None
    assert (first.below.leaves, first.below.enters) == (0, 1)
    assert first.above is None
    pair = bands(profile, weights, ids, 2)[0]
    assert (pair.low, pair.high) == (15 / 31, 1)
    assert pair.below is not None
    assert (pair.below.leaves, pair.below.enters) == (0, 2)


@pytest.mark.parametrize("case", range(240))
def test_bands_equal_the_exact_oracle(case: int) -> None:
    """Coarse values and equal rows among them, so that ties, crossings of several and exact thresholds occur."""
    rng = np.random.default_rng(case)
    n, m = int(rng.integers(1, 12)), int(rng.integers(2, 8))
    x = rng.random((m, n)).round(int(rng.integers(1, 5)))
    if n > 3 and case % 3 == 0:
        x[:, 1] = x[:, 0]
    if case % 2:
        x[rng.random((m, n)) < 0.25] = np.nan
    weights = rng.integers(0, 12 if case % 5 else 100, m)
    if case % 10 == 3 or not weights.any():
        weights = np.eye(m, dtype=int)[int(rng.integers(m))] * 7
    least = (0.6, 0.0, 0.5)[case % 3]
    profile, ids, k = profile_of(x, int(rng.integers(0, 10_001))), rng.permutation(n), int(rng.integers(1, 4))
    intervals = bands(profile, weights, ids, k, least)
    assert intervals == of_all(profile, weights, ids, k, least) == by_few(profile, weights, ids, k, least)
    for j, band in enumerate(intervals):
        exact = Exact(profile, weights, ids, j, k, least)
        assert band.weight == float(exact.now)
        for swap, rising, end in ((band.below, False, band.low), (band.above, True, band.high)):
            expected = exact.first_change(rising)
            if expected is None:
                assert swap is None
                continue
            share, left, entered = expected
            assert swap is not None
            assert swap.at == end == pytest.approx(float(share), abs=1e-15)
            assert (swap.leaves is None and not left) or swap.leaves in left
            assert swap.enters is None or swap.enters in entered


def test_a_tie_now_ends_the_band_at_once_on_the_side_where_the_other_gains() -> None:
    profile = profile_of(np.array([[0.6, 0.4], [0.4, 0.6]]))
    first = bands(profile, np.array([50, 50]), np.array([1, 2]))[0]
    assert (first.low, first.weight, first.high) == (0.5, 0.5, 1.0)
    assert first.below is not None
    assert (first.below.leaves, first.below.enters) == (0, 1)
    assert first.margin == 0


def test_at_a_crossing_of_several_the_one_who_leads_beyond_it_is_named() -> None:
    """Rows 1 and 2 meet row 0 at the same share; row 2 is steeper and leads beyond it."""
    x = np.array([[0.2, 0.5, 0.8], [0.8, 0.5, 0.2]])
    first = bands(profile_of(x), np.array([40, 60]), np.array([1, 2, 3]))[0]
    assert first.high == 0.5
    assert first.above is not None
    assert (first.above.leaves, first.above.enters) == (0, 2)


@pytest.mark.parametrize("case", range(12))
def test_leaving_out_rows_that_can_not_be_first_changes_nothing(case: int) -> None:
    """Thousands of rows: complete, with gaps, with many ties; generous and strict thresholds; one weight alone."""
    rng = np.random.default_rng(1000 + case)
    x = rng.random((7, 4000)).round(1 + case % 3 * 2)
    if case % 2:
        x[rng.random(x.shape) < 0.1] = np.nan
    weights = np.eye(7, dtype=int)[2] * 30 if case == 4 else rng.integers(0, 101, 7)
    profile, ids = profile_of(x), rng.permutation(4000)
    for k in (1, 20):
        least = 0.6 if case % 4 == 1 else 0.3
        assert bands(profile, weights, ids, k, least) == of_all(profile, weights, ids, k, least)


def test_the_order_does_not_depend_on_the_size_of_the_pool() -> None:
    """Five equal people come out by id among ten and among a hundred thousand."""
    rng = np.random.default_rng(2)
    one, weights = rng.random((7, 1)), rng.integers(1, 101, 7)
    for n in (10, 1_000, 100_000):
        x = np.hstack([np.repeat(one, 5, axis=1), rng.random((7, n)) * 0.2])
        result = scores(profile_of(x), weights)
        assert top(result.total, np.arange(n + 5), 5).tolist() == [0, 1, 2, 3, 4]
        assert len(set(result.total[:5].tolist())) == 1


def test_someone_who_becomes_known_well_enough_replaces_nobody_while_there_is_room() -> None:
    x = np.array([[0.5, np.nan], [0.6, 0.9], [0.7, 0.8]])
    interval = bands(profile_of(x), np.array([50, 30, 20]), np.array([1, 2]), 2, 0.6)[0]
    assert interval.low == pytest.approx(0.4)
    assert interval.below is not None
    assert (interval.below.leaves, interval.below.enters) == (None, 1)
    assert is_rankable(scores(profile_of(x), np.array([50, 30, 20])), 0.6).tolist() == [True, False]


def test_one_candidate_is_stable_everywhere() -> None:
    intervals = bands(profile_of(np.array([[0.4], [0.6]])), np.array([50, 50]), np.array([9]))
    assert [(band.low, band.high) for band in intervals] == [(0.0, 1.0), (0.0, 1.0)]
    assert intervals[0].margin == 1.0


def test_twins_never_displace_each_other() -> None:
    intervals = bands(profile_of(np.array([[0.4, 0.4], [0.6, 0.6]])), np.array([50, 50]), np.array([1, 2]))
    assert [(band.low, band.high) for band in intervals] == [(0.0, 1.0), (0.0, 1.0)]


def test_nobody_ranked_has_no_change_to_report() -> None:
    intervals = bands(profile_of(np.empty((3, 0))), np.array([20, 30, 50]), np.array([], dtype=int))
    assert [(band.low, band.high) for band in intervals] == [(0.0, 1.0)] * 3
