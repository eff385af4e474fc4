"""Control charts against a worked example, their rules one by one, and what must hold for any series."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.holidays import is_festival_week
from core.indicators.signals import (
    Assurance,
    Change,
    Rule,
    WeeklySeries,
    autocorrelation,
    control_chart,
    p_prime_limits,
    signals,
    xmr_limits,
)

EXAMPLE = [5, 6, 4, 7, 5, 6, 5, 4, 6, 5]
NOISE = np.random.default_rng(5).integers(40, 61, 40).tolist()  # of 100, without memory


def series(numerator: list[int], denominator: list[int] | int = 100, festival: tuple[int, ...] = ()) -> WeeklySeries:
    """A weekly series that ends on 28 December 2025."""
    n = len(numerator)
    bottom = [denominator] * n if isinstance(denominator, int) else denominator
    return WeeklySeries(
        days=pd.date_range(end=pd.Timestamp(2025, 12, 28), periods=n, freq="7D", unit="s"),
        numerator=np.array(numerator, dtype=np.int64),
        denominator=np.array(bottom, dtype=np.int64),
        is_festival=np.isin(np.arange(n), festival),
    )


def test_the_worked_example_comes_out_as_published() -> None:
    centre, half = xmr_limits(np.array(EXAMPLE, dtype=float))

    assert centre == pytest.approx(5.3)
    assert np.abs(np.diff(EXAMPLE)).mean() == pytest.approx(14 / 9)
    assert half == pytest.approx(4.138, abs=5e-4)


def test_equal_denominators_make_the_p_prime_chart_an_xmr_chart() -> None:
    counts = np.array([a * 10 for a in EXAMPLE])
    centre, half = p_prime_limits(counts, np.full(10, 100), 10)
    plain_centre, plain_half = xmr_limits(counts / 100)

    assert centre == pytest.approx(plain_centre)
    assert half == pytest.approx(np.full(10, plain_half), rel=1e-3)  # 2.66 is 3 / 1.128, rounded


def test_limits_of_a_share_are_wider_where_fewer_are_counted() -> None:
    _, half = p_prime_limits(np.array([10, 12, 9, 3]), np.array([20, 22, 20, 5]), 4)
    assert half[3] > half[0] > half[1]


def test_a_share_of_all_or_nothing_has_no_width() -> None:
    assert p_prime_limits(np.array([4, 5]), np.array([4, 5]), 2)[1].tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("values", "rule", "direction"),
    [
        ([0, 1, -1, 3.1], Rule.OUTSIDE, 1),
        ([0, -1, 1, -3.1], Rule.OUTSIDE, -1),
        ([-1, 1, 0.5, 1, 0.6, 1, 0.4, 1, 0.5], Rule.RUN, 1),
        ([1, 0.8, 0.5, 0.1, -0.2, -0.5], Rule.TREND, -1),
        ([0, 2.5, 0, 2.2], Rule.TWO_OF_THREE, 1),
        ([0, 2.5, -2.5, 0.1], None, 0),
        ([0.5] * 7, None, 0),
        ([0.1, 0.2, 0.3, 0.4, 0.5], None, 0),
        ([0, 2.5, 0, 0, 2.2], None, 0),
    ],
)
def test_each_rule_alone(values: list[float], rule: Rule | None, direction: int) -> None:
    rules, directions = signals(np.array(values, dtype=float), 0.0, np.full(len(values), 3.0))

    assert (rules[-1], directions[-1]) == (rule, direction)


def test_without_runs_only_points_outside_count() -> None:
    rules, _ = signals(np.array([0.5] * 10 + [4.0]), 0.0, np.full(11, 3.0), runs=False)
    assert rules == [None] * 10 + [Rule.OUTSIDE]


def test_under_twelve_ordinary_weeks_nothing_is_concluded() -> None:
    assert control_chart(series(NOISE[:11]), is_share=True) is None
    assert control_chart(series(NOISE[:12], festival=(3,)), is_share=True) is None
    assert control_chart(series(NOISE[:12]), is_share=True) is not None


def test_festival_weeks_neither_widen_the_limits_nor_make_a_signal() -> None:
    spiked = [*NOISE[:20], 0, *NOISE[20:], 0]
    chart = control_chart(series(spiked, festival=(20, len(spiked) - 1)), is_share=True)
    plain = control_chart(series(NOISE), is_share=True)

    assert chart is not None
    assert plain is not None
    assert chart.table["centre"].dropna().unique() == pytest.approx(plain.table["centre"].dropna().unique())
    assert chart.table.loc[chart.table["is_festival"], "rule"].tolist() == ["", ""]
    assert chart.change() is plain.change()


def test_a_jump_is_better_or_worse_by_the_direction_of_the_indicator() -> None:
    chart = control_chart(series([*NOISE, 95]), is_share=True)

    assert chart is not None
    assert chart.rule is Rule.OUTSIDE
    assert chart.change() is Change.IMPROVING
    assert chart.change(higher_is_better=False) is Change.WORSENING


def test_noise_is_usual_variation() -> None:
    chart = control_chart(series(NOISE), is_share=True)

    assert chart is not None
    assert not chart.is_widened
    assert chart.change() is Change.COMMON


def test_targets_are_met_missed_or_a_matter_of_chance() -> None:
    chart = control_chart(series(NOISE), is_share=True)

    assert chart is not None
    assert chart.assurance(0.1) is Assurance.PASS
    assert chart.assurance(0.9) is Assurance.FAIL
    assert chart.assurance(0.5) is Assurance.HIT_OR_MISS
    assert chart.assurance(0.9, higher_is_better=False) is Assurance.PASS


def test_a_cumulative_share_drifts_without_signalling_every_week() -> None:
    rng = np.random.default_rng(3)
    exits = np.cumsum(rng.poisson(4, 100) + 1)
    back = np.minimum(np.cumsum(rng.binomial(5, 0.33, 100)), exits)
    chart = control_chart(series(back.tolist(), exits.tolist()), is_share=True)

    assert chart is not None
    assert chart.is_widened
    assert (chart.table["direction"] != 0).mean() < 0.1


def test_a_named_week_starts_a_new_baseline() -> None:
    shifted = [*NOISE[:26], *(min(n + 30, 100) for n in NOISE[:26])]
    before = control_chart(series(shifted), is_share=True)
    monday = (pd.Timestamp(2025, 12, 29) - pd.Timedelta(weeks=26)).date()
    after = control_chart(series(shifted), is_share=True, rebased_on=[monday])

    assert before is not None
    assert after is not None
    assert before.change() is Change.IMPROVING
    assert after.change() is Change.COMMON
    assert after.table["centre"].iloc[-1] == pytest.approx(np.mean(shifted[26:]) / 100, abs=0.01)


def test_weeks_before_the_baseline_have_no_limits() -> None:
    chart = control_chart(
        series([*NOISE, *NOISE, *NOISE]), is_share=True
    )  # 120 weeks: baseline is the last half of 2024
    assert chart is not None
    first = chart.table.loc[chart.table["centre"].notna(), "day"].iloc[0]
    assert date(2024, 6, 24) <= first.date() <= date(2024, 7, 10)


def test_autocorrelation_of_a_line_is_high_and_of_a_constant_none() -> None:
    assert autocorrelation(np.arange(26, dtype=float)) > 0.8
    assert autocorrelation(np.ones(26)) == 0.0


def test_the_weeks_of_a_holiday_are_in_the_dated_table() -> None:
    assert is_festival_week(date(2025, 1, 27))
    assert is_festival_week(date(2025, 2, 3))
    assert not is_festival_week(date(2025, 2, 10))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(50, 80)), min_size=12, max_size=60))
def test_every_point_outside_the_limits_is_a_signal(rows: list[tuple[int, int]]) -> None:
    chart = control_chart(series([a for a, _ in rows], [b for _, b in rows]), is_share=True)

    assert chart is not None
    table = chart.table.dropna(subset=["centre"])
    outside = (table["value"] > table["high"] + 1e-9) | (table["value"] < table["low"] - 1e-9)
    assert (table.loc[outside, "rule"] == Rule.OUTSIDE.value).all()
    assert ((table["low"] <= table["centre"]) & (table["centre"] <= table["high"])).all()
