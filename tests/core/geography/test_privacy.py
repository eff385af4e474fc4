"""Small counts can't be got back from what is shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from core.geography.privacy import _is_pinned, hidden_cells, hidden_in_total, hide, is_small, shown_bands

K = 3
counts_lists = st.lists(st.integers(0, 12), min_size=1, max_size=12)


@given(counts_lists, st.integers(2, 10))
def test_hidden_counts_of_a_total_could_each_be_as_large_as_k(numbers, k):
    counts = np.array(numbers)
    mask = hidden_in_total(counts, k)
    assert not ((counts > 0) & (counts < k) & ~mask).any()
    assert not mask[counts == 0].any()
    visible_nonzero = ((counts > 0) & ~mask).any()
    if mask.any() and visible_nonzero:
        hidden_total, cells = counts[mask].sum(), mask.sum()
        assert cells >= 2
        assert hidden_total - (cells - 1) >= k


def test_one_small_community_takes_the_next_smallest_with_it():
    assert hidden_in_total(np.array([2, 9, 5, 20]), K).tolist() == [True, False, True, False]


def test_two_ones_alone_would_be_known_from_their_sum():
    assert hidden_in_total(np.array([1, 1, 9, 20]), K).tolist() == [True, True, True, False]


def test_nothing_small_hides_nothing():
    assert not hidden_in_total(np.array([0, 3, 5]), K).any()


def test_the_cheapest_cell_goes_first_when_asked():
    cost = np.array([0.0, 9.0, 1.0, 5.0])
    assert hidden_in_total(np.array([2, 4, 30, 20]), K, cost=cost).tolist() == [True, False, True, False]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 7), st.integers(2, 5))
@example(1288, 7, 5)  # two rows of two hidden cells share their columns: 5 + 1, 13 + 1 and 5 + 13 leave 1 + 1
def test_no_small_cell_of_a_two_way_table_can_be_computed_from_totals(seed, rows, columns):
    """An exact audit: with every total and visible cell known, linear programming can't pin a small cell down."""
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 15, (rows, columns)) * rng.integers(0, 2, (rows, columns))
    mask = hidden_cells(table, K)
    assert not ((table > 0) & (table < K) & ~mask).any()
    free = [tuple(cell) for cell in np.argwhere(mask)]
    if not free or not ((table > 0) & ~mask).any():
        return
    low, high = bounds_of(table, mask, free)
    for (i, j), least, most in zip(free, low, high, strict=True):
        if 0 < table[i, j] < K:
            assert most > least, f"cell {i, j} is exactly known"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(2, 5))
def test_a_cell_is_pinned_where_linear_programming_leaves_one_value(seed, rows, columns):
    rng = np.random.default_rng(seed)
    table = rng.integers(1, 4, (rows, columns))
    mask = rng.random((rows, columns)) < 0.6
    free = [tuple(cell) for cell in np.argwhere(mask)]
    low, high = bounds_of(table, mask, free)

    assert [_is_pinned(table, mask, i, j) for i, j in free] == [a == b for a, b in zip(low, high, strict=True)]


def bounds_of(table: np.ndarray, mask: np.ndarray, free: list[tuple[int, int]]) -> tuple[list[float], list[float]]:
    equations, values = [], []
    for axis, n in ((0, table.shape[0]), (1, table.shape[1])):
        for line in range(n):
            cells = [1.0 if cell[axis] == line else 0.0 for cell in free]
            if any(cells):
                equations.append(cells)
                values.append(table.take(line, axis)[mask.take(line, axis)].sum())
    low, high = [], []
    for at in range(len(free)):
        goal = np.zeros(len(free))
        goal[at] = 1
        ends = [linprog(s * goal, A_eq=equations, b_eq=values, bounds=(1, None)) for s in (1, -1)]
        assert all(end.success for end in ends)
        low.append(round(ends[0].fun, 6))
        high.append(round(-ends[1].fun, 6))
    return low, high


def test_seekers_are_the_last_to_be_hidden():
    table = np.array([[20, 1, 30, 9], [25, 14, 31, 8], [22, 12, 30, 9]])
    cost = table.astype(float)
    cost[:, 0] += 1000
    mask = hidden_cells(table, K, cost)
    assert mask[0, 1]
    assert not mask[:, 0].any()


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5))
def test_no_few_persons_lie_between_two_bands_that_are_shown(steps):
    cumulative = np.cumsum(steps).tolist()
    shown = [n for n in shown_bands(cumulative, K) if n is not None]
    assert not any(is_small(n, K) for n in [*shown, *np.diff(shown)])


def test_bands_of_enough_people_are_all_shown():
    assert shown_bands((3, 10, 10), K) == (3, 10, 10)
    assert shown_bands((1, 3, 9), K) == (None, 3, 9)
    assert shown_bands((4, 5, 9), K) == (None, 5, 9)


@pytest.mark.parametrize(("n", "small"), [(0, False), (1, True), (2, True), (3, False)])
def test_nobody_is_not_a_small_count(n, small):
    assert is_small(n, K) is small


def test_hiding_leaves_nan():
    assert np.isnan(hide(np.array([1.0, 2.0]), np.array([True, False]))).tolist() == [True, False]
