"""Classes of the choropleth."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.job_map.classes import HIDDEN, Classes, natural_breaks, quantiles

# Employment density of the 58 counties of California: the example data of pysal's mapclassify (BSD licence).
CALEMP = """329.92 0.42 5.9 14.03 2.78 1.34 181.27 1.65 10.03 16.7 1.32 3.99 3.16 0.22 8.7 6.56 3.27 0.33 370.5 4.51
75.29 0.99 2.74 8.68 0.14 0.92 12.63 28.7 12.02 722.85 36.68 0.74 29.82 192.05 3.38 11.15 110.74 4111.45 49.47 10.33
317.11 20.47 264.93 66.26 5.39 0.13 0.61 50.65 40.48 36.67 13.09 1.81 0.2 7.6 2.51 57.26 24.32 6.97"""

values_lists = st.lists(
    st.one_of(st.integers(0, 50).map(float), st.floats(0, 1000), st.just(float("nan"))), min_size=0, max_size=25
)


def test_natural_breaks_of_the_counties_of_california():
    classes = natural_breaks(np.array(CALEMP.split(), dtype=float), 5)
    assert classes.bounds == pytest.approx([75.29, 192.05, 370.50, 722.85, 4111.45])
    assert classes.count.tolist() == [49, 3, 4, 1, 1]


@given(st.lists(st.integers(0, 30), min_size=3, max_size=9), st.integers(1, 4))
def test_no_other_grouping_has_a_smaller_sum_of_squares(numbers, k):
    values = np.array(numbers, dtype=float)
    classes = natural_breaks(values, k)

    def spread(groups: list[np.ndarray]) -> float:
        return sum(((group - group.mean()) ** 2).sum() for group in groups)

    ordered = np.unique(values)
    used = len(classes.bounds)
    best = min(
        spread([values[(values >= part[0]) & (values <= part[-1])] for part in np.split(ordered, list(cuts))])
        for cuts in combinations(range(1, len(ordered)), used - 1)
    )
    assert spread([values[classes.index == c] for c in range(used)]) == pytest.approx(best, abs=1e-9)


@given(values_lists, st.integers(1, 6), st.sampled_from([natural_breaks, quantiles]))
def test_every_known_value_has_a_class_and_every_class_a_value(numbers, k, method):
    values = np.array(numbers, dtype=float)
    classes = method(values, k)
    known = ~np.isnan(values)
    assert ((classes.index == HIDDEN) == ~known).all()
    assert classes.count.sum() == known.sum()
    assert (classes.count > 0).all()
    assert len(classes.bounds) <= k
    order = np.argsort(values[known], kind="stable")
    assert (np.diff(classes.index[known][order]) >= 0).all()
    for c in range(len(classes.bounds)):
        assert classes.low[c] == values[classes.index == c].min()


@pytest.mark.parametrize("same", [0.0, 1.0, 37.5])
@pytest.mark.parametrize("method", [natural_breaks, quantiles])
def test_equal_values_make_one_class(same, method):
    classes = method(np.full(14, same))
    assert classes.bounds.tolist() == [same]
    assert classes.count.tolist() == [14]


@pytest.mark.parametrize("method", [natural_breaks, quantiles])
def test_hidden_values_alone_make_no_class(method):
    classes = method(np.full(3, np.nan))
    assert classes.bounds.size == 0
    assert classes.index.tolist() == [HIDDEN] * 3


def test_values_above_the_last_bound_stay_in_the_last_class():
    classes = Classes.of(np.array([1.0, 9.0]), np.array([2.0, 5.0]))
    assert classes.index.tolist() == [0, 1]


def test_quantiles_split_evenly():
    assert quantiles(np.arange(10, dtype=float), 5).count.tolist() == [2] * 5
