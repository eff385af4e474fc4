"""What can be proved of hidden counts: against every table there is, and on a table as the bureau would publish it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.geography.suppression_audit import Release, protect, provable_intervals


def small_cells(release: Release, cells: int, min_count: int) -> np.ndarray:
    """Only the cells that are small themselves, the usual mistake."""
    return (np.arange(len(release.counts)) < cells) & (release.counts > 0) & (release.counts < min_count)


def by_trying_all(table: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Interval of each hidden cell over all whole-number tables with the same shown cells and totals."""
    places = np.argwhere(hidden)
    most = [min(table[i].sum(), table[:, j].sum()) for i, j in places]
    fits = []
    for values in product(*(range(end + 1) for end in most)):
        guess = table.copy()
        guess[hidden] = values
        if (guess.sum(0) == table.sum(0)).all() and (guess.sum(1) == table.sum(1)).all():
            fits.append(values)
    return np.stack([np.min(fits, axis=0), np.max(fits, axis=0)], axis=1)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000))
def test_intervals_are_those_of_all_tables_that_there_are(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 5, (int(rng.integers(1, 4)), int(rng.integers(1, 4))))
    hidden = rng.random(table.shape) < 0.5
    if not 0 < hidden.sum() <= 5:
        return
    release = Release.of_table(table)
    mask = np.zeros(len(release.counts), dtype=bool)
    mask[: table.size] = hidden.ravel()

    assert provable_intervals(release, mask) == pytest.approx(by_trying_all(table, hidden))


def test_hiding_the_small_cells_alone_hides_nothing_and_the_complement_all_of_them() -> None:
    table = np.random.default_rng(8).integers(1, 60, (14, 6))
    release = Release.of_table(table)
    small = small_cells(release, table.size, 5)
    assert small.sum() == 6
    assert (np.ptp(provable_intervals(release, small), axis=1) < 0.5).all()  # 6 of 6 recovered exactly

    protection = protect(release, 5)

    assert protection.narrowest >= 5
    assert (protection.hidden >= small).all()
    assert protection.cells(table.shape).sum() <= 17
    assert not protection.hidden[table.size :].any()  # every total stays
    assert np.ptp(provable_intervals(release, protection.hidden), axis=1).min() == pytest.approx(protection.narrowest)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 100_000), st.integers(1, 6), st.integers(1, 4))
def test_any_table_can_be_protected(seed: int, rows: int, columns: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 25, (rows, columns)) * rng.integers(0, 2, (rows, columns))
    release = Release.of_table(table)

    protection = protect(release, 5)

    assert not ((release.counts > 0) & (release.counts < 5) & ~protection.hidden).any()
    assert protection.narrowest >= 5 - 1e-6
    counts = release.counts[protection.hidden]
    assert (protection.intervals[:, 0] <= counts + 1e-6).all()
    assert (counts <= protection.intervals[:, 1] + 1e-6).all()


def test_nothing_small_hides_nothing() -> None:
    protection = protect(Release.of_table(np.array([[5, 0], [9, 7]])), 5)
    assert not protection.hidden.any()
    assert protection.narrowest == np.inf


def test_what_is_published_anyway_stays_and_the_certificate_says_so() -> None:
    table = Release.of_table(np.array([[2, 20], [1, 30], [0, 9]]))
    totals = np.arange(len(table.counts)) >= 9  # of the columns, and of all: three people are in the first

    protection = protect(table, 5, published=totals)

    assert not protection.hidden[totals].any()
    assert protection.hidden[[0, 2]].all()
    assert protection.narrowest == 3  # each of the hidden counts is one of 0, 1, 2, 3
    assert protect(table, 5).narrowest >= 5


def test_tables_over_the_same_people_are_audited_together() -> None:
    """Two groups of a community and, in another table of the release, the first of them again with a neighbour's."""
    members = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1]], dtype=bool)
    counts = members @ np.array([2, 30, 40])
    release = Release(members, counts, counts.astype(float))
    alone = np.array([True, True, False, False, False])
    assert np.ptp(provable_intervals(release, alone), axis=1).max() == 0  # the other table gives the two away

    assert protect(release, 5).narrowest >= 5
