"""Short weekly series ahead: simple exponential smoothing, SBA for intermittent demand, and the naive forecast.

    outcome = forecast([120, 131, …], horizon=8)
    outcome.method, outcome.mean, outcome.low, outcome.high, outcome.coverage

The method is chosen by its mean absolute error over rolling origins; naive stays unless beaten by more than 5 %. Counts
are forecast, not rates; nothing falls below 0; under eight weeks no interval is given.

Where enough past weeks can be judged, the interval is set by adaptive conformal inference (Gibbs and Candès 2021): the
quantile of the last errors, whose level moves up after every miss and down after every hit. An interval that still did not
hold what it promises (72 to 92 % of the past weeks for a nominal 80 %) is withheld.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.stats import t as student

from core.locale import N_

__all__ = ["METHODS", "Forecast", "Method", "adaptive_half_width", "croston", "forecast", "naive", "sba", "ses"]

ALPHAS = (0.1, 0.2, 0.3, 0.5)
CROSTON_ALPHA = 0.1
MIN_WEEKS = 8  # below it no interval
WIDE_WEEKS = 26  # from here on a 95 % interval as well
FIRST_ORIGIN = 8  # observations before the first rolling origin
NAIVE_ADVANTAGE = 0.05
LEVEL, WIDE_LEVEL = 0.80, 0.95
MIN_JUDGED = 10  # past weeks with an interval, below which the interval is not judged
HELD = (0.72, 0.92)  # share of the past weeks inside, for a nominal 80 %
STEP = 0.1  # by which a miss or a hit moves the level
ERRORS = 26  # errors from which a quantile is taken
BEYOND = 1.5  # × the largest error, where the level asks for more than all of them


class Method(StrEnum):
    """How the level ahead is estimated."""

    NAIVE = "naive"
    SES = "ses"
    SBA = "sba"


METHODS = {
    Method.NAIVE: N_("same as last week"),
    Method.SES: N_("exponential smoothing"),
    Method.SBA: N_("intermittent demand (SBA)"),
}


@dataclass(frozen=True)
class Forecast:
    """The weeks ahead. Intervals are None under eight weeks; the wide one under 26."""

    method: Method
    alpha: float | None
    weeks: int  # observations fitted
    mean: np.ndarray  # shape (horizon,)
    low: np.ndarray | None  # 80 %
    high: np.ndarray | None
    wide_low: np.ndarray | None  # 95 %
    wide_high: np.ndarray | None
    errors: dict[Method, float]  # mean absolute error over rolling origins
    coverage: float | None  # share of past weeks that fell into the interval given for them
    is_withheld: bool = False  # an interval would have been given, but did not hold what it promises


def ses(values: Sequence[float], alpha: float) -> float:
    """Level after simple exponential smoothing that starts at the first value (Brown 1956)."""
    level = float(values[0])
    for value in values[1:]:
        level += alpha * (float(value) - level)
    return level


def croston(values: Sequence[float], alpha: float = CROSTON_ALPHA) -> float:
    """Croston (1972): smoothed demand size ÷ smoothed interval; 0 where nothing was ever asked for."""
    size = gap = 0.0
    since = 0
    for value in values:
        since += 1
        if value > 0:
            if gap == 0:
                size, gap = float(value), float(since)
            else:
                size += alpha * (float(value) - size)
                gap += alpha * (since - gap)
            since = 0
    return size / gap if gap else 0.0


def sba(values: Sequence[float], alpha: float = CROSTON_ALPHA) -> float:
    """Croston's forecast without its bias: × (1 − α/2) (Syntetos and Boylan 2005)."""
    return (1 - alpha / 2) * croston(values, alpha)


def naive(values: Sequence[float]) -> float:
    """The last value."""
    return float(values[-1])


def best_alpha(values: Sequence[float]) -> float:
    """The smoothing constant with the smallest one-step squared error."""

    def loss(alpha: float) -> float:
        level, total = float(values[0]), 0.0
        for value in values[1:]:
            total += (float(value) - level) ** 2
            level += alpha * (float(value) - level)
        return total

    return min(ALPHAS, key=loss)


MODELS: dict[Method, Callable[[Sequence[float]], float]] = {
    Method.NAIVE: naive,
    Method.SES: lambda values: ses(values, best_alpha(values)),
    Method.SBA: sba,
}


def forecast(values: Sequence[float], horizon: int = 8) -> Forecast:
    """Forecast ``horizon`` weeks; ``values`` are counts a week in order of time, exceptional weeks left out.

    Raises ValueError without a single week.
    """
    series = [float(v) for v in values]
    if not series:
        raise ValueError("a forecast needs at least one week")
    origins = range(FIRST_ORIGIN, len(series))
    levels = {m: np.array([model(series[:k]) for k in origins]) for m, model in MODELS.items()}
    actual = np.array(series[FIRST_ORIGIN:])
    errors = {m: float(np.abs(actual - level).mean()) if len(actual) else float("nan") for m, level in levels.items()}
    method = Method.NAIVE
    if len(actual):
        challenger = min((Method.SES, Method.SBA), key=lambda m: errors[m])
        if errors[challenger] < (1 - NAIVE_ADVANTAGE) * errors[Method.NAIVE]:
            method = challenger
    alpha = {Method.SES: best_alpha(series), Method.SBA: CROSTON_ALPHA}.get(method)
    mean = np.full(horizon, max(MODELS[method](series), 0.0))
    growth = _growth(method, alpha, horizon)
    low = high = wide_low = wide_high = None
    errors_so_far = np.abs(actual - levels[method])
    half, coverage = adaptive_half_width(errors_so_far, LEVEL)
    is_withheld = coverage is not None and not HELD[0] <= coverage <= HELD[1]
    if coverage is not None and not is_withheld:
        low, high = np.maximum(mean - half * growth, 0.0), mean + half * growth
        if len(series) >= WIDE_WEEKS:
            wide = max(adaptive_half_width(errors_so_far, WIDE_LEVEL)[0], half)
            wide_low, wide_high = np.maximum(mean - wide * growth, 0.0), mean + wide * growth
    elif coverage is None and len(series) >= MIN_WEEKS:
        residuals = np.array(
            [series[k] - MODELS[method](series[:k]) for k in range(max(2, len(series) // 4), len(series))]
        )
        low, high = _interval(mean, residuals, growth, LEVEL)
    return Forecast(
        method=method,
        alpha=alpha,
        weeks=len(series),
        mean=mean,
        low=low,
        high=high,
        wide_low=wide_low,
        wide_high=wide_high,
        errors=errors,
        coverage=coverage,
        is_withheld=is_withheld,
    )


def _growth(method: Method, alpha: float | None, horizon: int) -> np.ndarray:
    """How the error's standard deviation grows with the step: √h for naive, √(1 + (h−1)α²) for smoothing."""
    step = np.arange(1, horizon + 1)
    if method is Method.NAIVE:
        return np.asarray(np.sqrt(step))
    return np.asarray(np.sqrt(1 + (step - 1) * (alpha or 0.0) ** 2))


def _interval(mean: np.ndarray, errors: np.ndarray, growth: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    spread = float(np.sqrt(np.mean(errors**2)))
    half = float(student.ppf(0.5 + level / 2, max(len(errors) - 1, 1))) * spread * growth
    return np.maximum(mean - half, 0.0), mean + half


def adaptive_half_width(errors: np.ndarray, level: float) -> tuple[float, float | None]:
    """Half the width of the interval for the next week, and the share of past weeks that theirs held.

    ``errors``: absolute errors one week ahead, in order of time. (nan, None) where fewer than ``MIN_JUDGED`` can be judged.
    """
    if len(errors) < MIN_WEEKS + MIN_JUDGED:
        return float("nan"), None
    miss, inside = 1 - level, []
    for k in range(MIN_WEEKS, len(errors)):
        is_inside = errors[k] <= _quantile(errors[max(0, k - ERRORS) : k], 1 - miss)
        inside.append(is_inside)
        miss += STEP * ((1 - level) - (not is_inside))
    return _quantile(errors[-ERRORS:], 1 - miss), float(np.mean(inside))


def _quantile(errors: np.ndarray, level: float) -> float:
    """The ⌈level · (n + 1)⌉-th smallest of n errors; beyond the largest where there are too few, 0 below the smallest."""
    rank = int(np.ceil(min(max(level, 0.0), 1.0) * (len(errors) + 1)))
    if rank <= 0:
        return 0.0
    ordered = np.sort(errors)
    return float(ordered[rank - 1] if rank <= len(errors) else BEYOND * ordered[-1])
