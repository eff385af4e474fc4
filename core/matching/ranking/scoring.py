"""Weighted ranking: score with missing values, deterministic order, contributions in points, comparison of two.

profile = Profile.of(factors(block)[:, :, 0])
weights = normalise({"skills": 40, "travel": 60})
found = scores(profile, weights)
best = top(found.point, ids, 10)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from core.matching.inputs.factors import CODES, FACTORS, Side

__all__ = [
    "NoWeights",
    "Profile",
    "Scores",
    "TINY",
    "contributions",
    "is_rankable",
    "normalise",
    "order",
    "places",
    "reciprocal",
    "scores",
    "top",
]

Floats = npt.NDArray[np.floating[Any]]
Positions = npt.NDArray[np.intp]
TINY = 1e-12


class NoWeights(ValueError):
    """Every slider stands at zero: there is nothing to rank by."""


def normalise(sliders: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """Sliders by factor code (absent = 0) → weights (7,) that sum to 1, in the order of ``FACTORS``.

    NoWeights if all are zero; ValueError for an unknown code or a value that is negative or not finite.
    """
    unknown = set(sliders) - set(CODES)
    if unknown:
        raise ValueError(f"unknown factors: {', '.join(sorted(unknown))}")
    values = np.array([float(sliders.get(code, 0)) for code in CODES])
    if not np.isfinite(values).all() or (values < 0).any():
        raise ValueError("a slider must be a number from 0 on")
    if values.sum() == 0:
        raise NoWeights("every slider stands at zero")
    return np.asarray(values / values.sum())


@dataclass(frozen=True, eq=False)
class Profile:
    """Factors of n people (or jobs): ``filled`` (7, n) with 0 for unknown, ``known`` (7, n) 1 or 0.

    The screen holds both in double precision, because bands are exact to 1e-9: 112 bytes a person and opening (0.11 MB
    for 1,000 people). Single precision halves that and the time of ``scores``; the factors themselves are float32.
    """

    filled: Floats
    known: Floats

    @classmethod
    def of(cls, x: Floats, dtype: type[np.floating[Any]] = np.float64) -> Self:
        """From factors (7, n) with NaN for unknown."""
        known = ~np.isnan(x)
        return cls(np.where(known, x, 0).astype(dtype), known.astype(dtype))

    def __len__(self) -> int:
        return int(self.filled.shape[1])

    @cached_property
    def complete(self) -> bool:
        """Nothing is unknown: scores then need no coverage."""
        return bool(self.known.all())

    @cached_property
    def x(self) -> Floats:
        """The factors with NaN for unknown."""
        return np.where(self.known > 0, self.filled, np.nan)

    def take(self, index: npt.NDArray[Any]) -> Profile:
        """Some columns."""
        return Profile(self.filled[:, index], self.known[:, index])


@dataclass(frozen=True, eq=False)
class Scores:
    """Per row: ``point`` 0..1 over what is known, ``low``..``high`` whatever the unknown may be, ``coverage`` c."""

    point: Floats
    low: Floats
    high: Floats
    coverage: Floats


def scores(profile: Profile, weights: Floats) -> Scores:
    """Σ_O w·x / c with c = Σ_O w over the observed factors; interval [Σ_O w·x, Σ_O w·x + 1 − c]; NaN where c = 0."""
    weights = weights.astype(profile.filled.dtype)
    low = weights @ profile.filled
    if profile.complete:
        return Scores(low, low, low, np.ones_like(low))
    coverage = np.minimum(weights @ profile.known, 1)
    coverage = np.where(coverage > 1 - 1e-9, 1, coverage)
    point = np.divide(low, coverage, out=np.full_like(low, np.nan), where=coverage > TINY)
    return Scores(point, low, low + (1 - coverage), coverage)


def is_rankable(found: Scores, min_coverage: float) -> npt.NDArray[np.bool_]:
    """Rows of which enough is known to be ranked; the others need a visit first.

    The method sends c < ``min_coverage`` to a visit, so someone of whom exactly 60% of the weight is known is ranked. Weights
    are shares of whole sliders, whose sums may miss 0.6 by a rounding error: ``TINY`` takes that up.
    """
    return np.asarray(found.coverage >= max(min_coverage, 1e-9) - TINY)


def order(point: Floats, ids: npt.NDArray[Any]) -> Positions:
    """Positions by score, highest first, then by id; unknown scores last."""
    return np.lexsort((ids, -np.fmax(point, -1)))


def top(point: Floats, ids: npt.NDArray[Any], top_n: int) -> Positions:
    """The first ``top_n`` of ``order`` without sorting the rest."""
    n = len(point)
    if top_n >= n:
        return order(point, ids)
    if top_n <= 0:
        return np.empty(0, dtype=np.intp)
    value = np.fmax(point, -1)
    among = np.flatnonzero(value >= np.partition(value, n - top_n)[n - top_n])
    return among[order(point[among], ids[among])[:top_n]]


def places(point: Floats, ids: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """The place (1, 2, …) of every row."""
    found = np.empty(len(point), dtype=np.int64)
    found[order(point, ids)] = np.arange(1, len(point) + 1)
    return found


def contributions(profile: Profile, weights: Floats) -> Floats:
    """Points out of 100 by factor, (7, n): 100·w·x / c. They sum to 100 × the score."""
    parts = weights[:, None] * profile.filled
    coverage = weights @ profile.known
    return np.asarray(100 * np.divide(parts, coverage, out=np.zeros_like(parts), where=coverage > TINY))


def reciprocal(profile: Profile, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """(a, b, R): the person's side, the employer's side and R = 2ab/(a + b); NaN where a side is unknown.

    Each side is the weighted mean of its own factors; a side whose sliders are all zero counts them equally.
    """
    sides = []
    for side in Side:
        mine = np.array([factor.side is side for factor in FACTORS])
        weight = np.where(mine, weights, 0)
        weight = weight if weight.sum() > 0 else mine.astype(float)
        sides.append(scores(profile, weight / weight.sum()).point)
    a, b = sides
    both = a + b
    return a, b, np.where(both > 0, 2 * a * b / np.where(both > 0, both, 1), np.where(np.isnan(both), np.nan, 0))
