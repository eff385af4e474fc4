"""Forecasts against published numbers, and honest intervals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workshops.forecast import Method, adaptive_half_width, croston, forecast, sba, ses

DEMAND = [0, 5, 0, 0, 3, 0, 6, 4, 0, 0, 0, 7]


def test_croston_sba_and_smoothing_give_the_published_numbers() -> None:
    assert croston(DEMAND, 0.1) == pytest.approx(2.31123734, abs=1e-8)
    assert sba(DEMAND, 0.1) == pytest.approx(2.19567548, abs=1e-8)
    assert ses(DEMAND, 0.3) == pytest.approx(2.80713616, abs=1e-8)


def test_naive_stays_unless_clearly_beaten() -> None:
    walk = np.cumsum(np.random.default_rng(1).normal(0, 5, 80)) + 200
    assert forecast(walk.tolist()).method is Method.NAIVE
    noise = np.random.default_rng(2).normal(100, 10, 80)
    assert forecast(noise.tolist()).method is Method.SES


def test_fewer_than_eight_weeks_give_no_interval_and_fewer_than_26_no_wide_one() -> None:
    assert forecast([10, 12, 11]).low is None
    middle = forecast([10.0, 12, 11, 9, 10, 12, 13, 11, 10, 12])
    assert middle.low is not None
    assert middle.wide_low is None
    assert forecast([10.0, 12, 11, 9] * 8).wide_low is not None


def test_one_week_is_enough_for_a_level_and_none_is_too_few() -> None:
    assert forecast([7]).mean.tolist() == [7.0] * 8
    with pytest.raises(ValueError, match="at least one week"):
        forecast([])


def test_an_interval_that_did_not_hold_is_withheld() -> None:
    calm_then_wild = [100.0, 101, 99, 100] * 5 + [100, 300, 20, 500, 5, 700, 1, 900, 10, 1200, 3]
    series = forecast(calm_then_wild)
    assert series.coverage is not None
    assert series.coverage < 0.72
    assert series.is_withheld
    assert series.low is series.high is series.wide_low is None


def test_the_interval_follows_a_series_that_grows_wilder() -> None:
    """Errors whose spread doubles: a fixed share of them is still inside."""
    rng = np.random.default_rng(4)
    covered = [adaptive_half_width(np.abs(rng.normal(0, np.linspace(1, 4, 90))), 0.8)[1] for _ in range(20)]
    assert all(c is not None and 0.72 <= c <= 0.92 for c in covered)
    assert adaptive_half_width(np.ones(17), 0.8)[1] is None


def test_intervals_hold_about_what_they_promise() -> None:
    coverages = [forecast(np.random.default_rng(s).poisson(40, 60).tolist()).coverage for s in range(25)]
    assert 0.72 <= float(np.mean([c for c in coverages if c is not None])) <= 0.92


@given(st.lists(st.integers(0, 500), min_size=1, max_size=60))
def test_nothing_falls_below_zero_and_bounds_enclose_the_mean(values: list[int]) -> None:
    series = forecast(values)
    assert (series.mean >= 0).all()
    if series.low is not None and series.high is not None:
        assert (series.low >= 0).all()
        assert ((series.low <= series.mean + 1e-9) & (series.mean <= series.high + 1e-9)).all()
        assert (np.diff(series.high - series.mean) >= -1e-9).all()
