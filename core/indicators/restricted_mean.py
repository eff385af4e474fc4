"""Mean days since the start of work until a horizon, and how two groups differ in it; competing risks, censoring.

The mean is the area under the cumulative incidence of a job, the restricted mean time lost of Andersen (2013, Statistics
in Medicine 32:5278): expected days between the start of a job and the horizon, 0 for those without a job by then. The
difference of two groups needs no proportional hazards and is in days, not in odds. Its error comes from the jackknife: a
pseudo-value of each person (Andersen, Klein and Rosthøj 2003, Biometrika 90:15), deterministic, no draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from core.indicators.cohorts import Z95, cumulative_incidence

__all__ = ["Z_POWER_80", "Difference", "difference", "is_observed", "mean_days", "pseudo_values", "size_to_decide"]

Days = NDArray[np.int64]
Events = NDArray[np.int64]
Z_POWER_80 = 0.8416212335729143


@dataclass(frozen=True)
class Difference:
    """First group minus second, in days, with its 95% interval."""

    value: float
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether the interval excludes 0."""
        return self.low > 0 or self.high < 0


def is_observed(days: Days, events: Events, end: int) -> bool:
    """Whether the curve is known until day ``end``: somebody is followed so far, or nobody is left to be followed."""
    if not len(days):
        return False
    last = days.max()
    return bool(last >= end or (events[days == last] != 0).all())


def mean_days(days: Days, events: Events, start: int, end: int) -> float:
    """Area under the cumulative incidence of event 1 between ``start`` and ``end``, in days; 0 for nobody."""
    if not len(days):
        return 0.0
    curve = cumulative_incidence(days, events)
    inside = curve.times[(curve.times > start) & (curve.times < end)]
    corners = np.r_[start, inside, end]
    share, _ = curve.at(corners[:-1])
    return float(share @ np.diff(corners))


def pseudo_values(days: Days, events: Events, start: int, end: int) -> NDArray[np.float64]:
    """n · mean of all − (n − 1) · mean without the person, for each person (n,); needs two people or more.

    Without censoring a pseudo-value is the person's own days in work. People with the same day and event share theirs.
    """
    n = len(days)
    if n < 2:
        raise ValueError("a jackknife needs two people")
    whole = mean_days(days, events, start, end)
    _, first, kind = np.unique(np.stack([days, events]), axis=1, return_index=True, return_inverse=True)
    without = [mean_days(np.delete(days, at), np.delete(events, at), start, end) for at in first]
    values = n * whole - (n - 1) * np.array(without, dtype=np.float64)
    return np.asarray(values[kind.reshape(-1)[:n]])


def difference(value: float, variances: tuple[float, float], sizes: tuple[int, int]) -> Difference:
    """``value`` with the interval of Welch (1947): variances of the persons' values and sizes of two groups.

    Both sizes must be 2 or more. Without any variance the interval is the value itself.
    """
    parts = [variance / n for variance, n in zip(variances, sizes, strict=True)]
    total = sum(parts)
    if total <= 0:
        return Difference(value, value, value)
    freedom = total**2 / sum(part**2 / (n - 1) for part, n in zip(parts, sizes, strict=True))
    half = float(student.ppf(0.975, freedom)) * sqrt(total)
    return Difference(value, value - half, value + half)


def size_to_decide(variances: tuple[float, float], share_first: float, days: float) -> int:
    """Persons of both groups together by which a difference of ``days`` is detected in four of five cases.

    N = (z₀.₉₇₅ + z₀.₈)² (σ₁²/p + σ₂²/(1 − p)) / δ², p the share of the first group: the size formula of two means with
    unequal groups (Chow, Shao and Wang 2008, Sample Size Calculations in Clinical Research, section 3.2). ValueError
    unless 0 < p < 1 and ``days`` > 0.
    """
    if not 0 < share_first < 1 or days <= 0:
        raise ValueError("two groups and a difference above 0 are needed")
    spread = variances[0] / share_first + variances[1] / (1 - share_first)
    return ceil((Z95 + Z_POWER_80) ** 2 * spread / days**2)
