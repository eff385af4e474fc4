"""Signal and noise in a weekly series: process-behaviour (XmR) charts as in the NHS's Making Data Count.

    chart = control_chart(series, is_share=True)     # None under 12 ordinary weeks
    chart.change(higher_is_better=True)              # Change.WORSENING: an arrow may be drawn
    chart.assurance(0.85, higher_is_better=True)     # Assurance.HIT_OR_MISS

Centre = mean of the baseline, limits = centre ± 2.66 · mean moving range (Shewhart's 3 / d₂, d₂ = 1.128 for two points).
For a share whose denominator varies the limits follow it (p′ chart, Laney 2002): centre ± 3 · √(p̄(1 − p̄)/n) · σ_z.

The baseline is fixed, as the yearly targets are: the last 26 ordinary weeks before the year began (in the first year the
first 26 of the series); a named person may start a new one at a week, with a reason (``commands.pin_note``). Festival
weeks are drawn but count neither for limits nor for rules.

Cumulative figures move slowly: a week resembles the one before, moving ranges understate the spread by √(1 − r) (r =
autocorrelation at lag 1) and runs mean nothing. Where r of the baseline exceeds 2/√n, limits are widened by 1/√(1 − r)
and only points outside count (Wieringa 1999, *Statistical process control for serially correlated data*, ch. 3); the
limits of such a share are never narrower than chance alone, ± 3 · √(p̄(1 − p̄)/n).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.locale import N_

__all__ = [
    "ASSURANCE",
    "CHANGES",
    "MIN_WEEKS",
    "RULES",
    "Assurance",
    "Change",
    "ControlChart",
    "Rule",
    "WeeklySeries",
    "autocorrelation",
    "control_chart",
    "p_prime_limits",
    "signals",
    "xmr_limits",
]

BASELINE = 26  # ordinary weeks
MIN_WEEKS = 12  # ordinary weeks: below it nothing is concluded
RUN = 8  # points on one side of the centre
TREND = 6  # points each higher (or lower) than the one before
XMR = 2.66  # limits in mean moving ranges
D2 = 1.128  # mean moving range of two points, in standard deviations

Floats = NDArray[np.float64]


class Rule(StrEnum):
    """Why a point is a signal, strongest first."""

    OUTSIDE = "outside"
    RUN = "run"
    TREND = "trend"
    TWO_OF_THREE = "two_of_three"


RULES = {
    Rule.OUTSIDE: N_("outside the limits"),
    Rule.RUN: N_("8 weeks in a row on one side of the mean"),
    Rule.TREND: N_("6 weeks in a row rising or falling"),
    Rule.TWO_OF_THREE: N_("2 of 3 weeks close to the same limit"),
}


class Change(StrEnum):
    """What the latest week says against the baseline; the value is the icon."""

    IMPROVING = "↗"
    WORSENING = "↘"
    COMMON = "~"
    TOO_FEW = "…"


CHANGES = {
    Change.IMPROVING: N_("improving"),
    Change.WORSENING: N_("worsening"),
    Change.COMMON: N_("usual variation"),
    Change.TOO_FEW: N_("fewer than 12 weeks of data"),
}


class Assurance(StrEnum):
    """Whether the target will be met as things are; the value is the icon."""

    PASS = "✓"
    FAIL = "✗"
    HIT_OR_MISS = "?"


ASSURANCE = {
    Assurance.PASS: N_("target met"),
    Assurance.FAIL: N_("out of reach"),
    Assurance.HIT_OR_MISS: N_("hit or miss"),
}


@dataclass(frozen=True)
class WeeklySeries:
    """A ratio at the end of each week: ``days`` are Sundays, counts and flags have the same length."""

    days: pd.DatetimeIndex
    numerator: NDArray[np.int64]
    denominator: NDArray[np.int64]
    is_festival: NDArray[np.bool_]

    @property
    def values(self) -> Floats:
        """numerator ÷ denominator, NaN where the denominator is 0."""
        ratio: Floats = np.full(len(self.days), np.nan)
        np.divide(self.numerator, self.denominator, out=ratio, where=self.denominator > 0)
        return ratio


@dataclass(frozen=True)
class ControlChart:
    """A series with its limits.

    ``table``: day, value, is_festival, centre, low, high (NaN before the baseline), rule (code or "") and direction
    (+1, −1, 0) of the signal. ``is_widened``: the limits in force allow for autocorrelation.
    """

    table: pd.DataFrame
    is_widened: bool

    def change(self, *, higher_is_better: bool = True) -> Change:
        """Whether the last ordinary week is a signal, and for better or worse."""
        direction = int(self._last["direction"]) * (1 if higher_is_better else -1)
        return Change.IMPROVING if direction > 0 else Change.WORSENING if direction < 0 else Change.COMMON

    @property
    def rule(self) -> Rule | None:
        """The rule that makes the last ordinary week a signal."""
        return Rule(self._last["rule"]) if self._last["rule"] else None

    def assurance(self, target: float, *, higher_is_better: bool = True) -> Assurance:
        """What to expect against ``target``: the limits, after a signal of the same width around the last 8 weeks."""
        low, high = float(self._last["low"]), float(self._last["high"])
        if self._last["direction"]:
            shift = float(self._ordinary["value"].tail(RUN).mean()) - float(self._last["centre"])
            low, high = low + shift, high + shift
        if not higher_is_better:
            low, high, target = -high, -low, -target
        if low >= target:
            return Assurance.PASS
        return Assurance.FAIL if high < target else Assurance.HIT_OR_MISS

    @cached_property
    def _ordinary(self) -> pd.DataFrame:
        return self.table[~self.table["is_festival"] & self.table["value"].notna()]

    @cached_property
    def _last(self) -> pd.Series:
        return self._ordinary.iloc[-1]


def autocorrelation(values: Floats) -> float:
    """At lag 1, with the mean and variance of the whole; 0 for a constant series."""
    d = values - values.mean()
    total = float((d * d).sum())
    return float((d[1:] * d[:-1]).sum()) / total if total > 0 else 0.0


def xmr_limits(values: Floats) -> tuple[float, float]:
    """Centre and half width of the limits of a baseline.

    >>> xmr_limits(np.array([5, 6, 4, 7, 5, 6, 5, 4, 6, 5.0]))      # 5.3, 4.1377…
    """
    return float(values.mean()), XMR * float(np.abs(np.diff(values)).mean())


def p_prime_limits(numerator: NDArray[np.int64], denominator: NDArray[np.int64], size: int) -> tuple[float, Floats]:
    """Centre, and half width for each point, of a share; the first ``size`` points are the baseline.

    With equal denominators the same as ``xmr_limits``. Where nothing or everything is counted there is no width.
    """
    n = denominator.astype(np.float64)
    centre = float(numerator[:size].sum() / n[:size].sum())
    sigma = np.sqrt(max(centre * (1 - centre), 0.0) / n)
    if not sigma.all():
        return centre, np.zeros(len(n))
    z = (numerator[:size] / n[:size] - centre) / sigma[:size]
    return centre, 3 * sigma * float(np.abs(np.diff(z)).mean()) / D2


def signals(
    values: Floats, centre: float, half_width: Floats, *, runs: bool = True
) -> tuple[list[Rule | None], NDArray[np.int64]]:
    """For each point the strongest rule that it fulfils, and its direction: +1 up, −1 down, 0 without a signal.

    Outside a limit; the 8th and later on one side; the 6th and later of a rise or fall; near (beyond two thirds of the
    width) the same limit as one of the two points before or after. Without ``runs`` only the first rule counts.
    """
    side = np.sign(values - centre).astype(np.int64)
    outside = np.abs(values - centre) > half_width + 1e-12
    run, trend, near = np.zeros((3, len(values)), dtype=np.int64)
    if runs:
        step = np.sign(np.diff(values)).astype(np.int64)
        for k in range(RUN - 1, len(values)):
            run[k] = side[k] if abs(side[k - RUN + 1 : k + 1].sum()) == RUN else 0
        for k in range(TREND - 1, len(values)):
            trend[k] = step[k - 1] if abs(step[k - TREND + 1 : k].sum()) == TREND - 1 else 0
        third = np.where(np.abs(values - centre) > half_width * 2 / 3, side, 0)
        for k in range(len(values)):
            windows = (third[j : j + 3] for j in range(max(k - 2, 0), k + 1))
            near[k] = third[k] if third[k] and any((w == third[k]).sum() >= 2 for w in windows) else 0
    by_rule = {Rule.OUTSIDE: np.where(outside, side, 0), Rule.RUN: run, Rule.TREND: trend, Rule.TWO_OF_THREE: near}
    rules = [next((rule for rule, hit in by_rule.items() if hit[k]), None) for k in range(len(values))]
    directions = np.array([by_rule[rule][k] if rule else 0 for k, rule in enumerate(rules)], dtype=np.int64)
    return rules, directions


def control_chart(series: WeeklySeries, *, is_share: bool, rebased_on: Iterable[date] = ()) -> ControlChart | None:
    """Limits and signals of a series; None under 12 ordinary weeks with a value.

    ``rebased_on``: days from which a new baseline counts; one with fewer than 12 ordinary weeks so far is not used yet.
    """
    values = series.values
    usable = np.flatnonzero(~series.is_festival & ~np.isnan(values))
    if len(usable) < MIN_WEEKS:
        return None
    centres, widths = np.full((2, len(values)), np.nan)
    rules: list[str] = [""] * len(values)
    directions = np.zeros(len(values), dtype=np.int64)
    is_widened = False
    starts = _baseline_starts(series.days[usable], rebased_on)
    for begin, end in zip(starts, [*starts[1:], len(usable)], strict=True):
        rows = usable[begin:end]
        centre, width, is_widened = _limits(series, rows, is_share)
        hits, signs = signals(values[rows], centre, width, runs=not is_widened)
        centres[rows], widths[rows], directions[rows] = centre, width, signs
        for row, rule in zip(rows, hits, strict=True):
            rules[row] = rule.value if rule else ""
    table = pd.DataFrame(
        {
            "day": series.days,
            "value": values,
            "is_festival": series.is_festival,
            "centre": centres,
            "low": centres - widths,
            "high": centres + widths,
            "rule": rules,
            "direction": directions,
        }
    )
    return ControlChart(table, is_widened)


def _limits(series: WeeklySeries, rows: NDArray[np.intp], is_share: bool) -> tuple[float, Floats, bool]:
    """Centre, half width at each of ``rows`` and whether it allows for autocorrelation; the first rows are the baseline."""
    size = min(BASELINE, len(rows))
    baseline = series.values[rows][:size]
    centre, half = xmr_limits(baseline)
    width = np.full(len(rows), half)
    n = series.denominator[rows]
    if is_share and len(set(n.tolist())) > 1 and 0 <= centre <= 1:
        centre, width = p_prime_limits(series.numerator[rows], n, size)
    r = autocorrelation(baseline)
    if r <= 2 / np.sqrt(size):
        return centre, width, False
    chance = 3 * np.sqrt(max(centre * (1 - centre), 0.0) / n) if is_share else np.zeros(len(rows))
    return centre, np.maximum(width / np.sqrt(1 - r), chance), True


def _baseline_starts(days: pd.DatetimeIndex, rebased_on: Iterable[date]) -> list[int]:
    """Positions among ordinary weeks at which a baseline begins, in order."""
    before = int(days.searchsorted(pd.Timestamp(days[-1].year, 1, 1)))
    first = max(before - BASELINE, 0) if before >= MIN_WEEKS else 0
    rebased = {int(days.searchsorted(pd.Timestamp(day))) for day in rebased_on}
    return [first, *sorted(k for k in rebased if k > first and len(days) - k >= MIN_WEEKS)]
