"""Weighted ranking in whole numbers: scores, deterministic order, contributions in points.

A factor value is a whole number of ten-thousandths, a weight a whole slider 0–100; a score is the integer Σ w·x. Order,
ties and bands are therefore exact: they do not depend on the size of the pool or on how a sum is added up. An unknown
factor is filled with its expected value (``Goalposts.expected``), so that a blank profile cannot lead by blankness.

    profile = Profile.of_pairs(matrix)
    weights = as_weights({"skills": 40, "travel": 60})
    result = scores(profile, weights)
    best = top(result.total, ids, 10)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from core.matching.inputs.factors import CODES, FACTORS, Side, factors
from core.matching.inputs.matching_pool import PairMatrix

__all__ = [
    "UNIT",
    "NoWeights",
    "Profile",
    "Scores",
    "as_weights",
    "contributions",
    "coverage_bound",
    "is_rankable",
    "order",
    "points_per_unit",
    "reciprocal",
    "scores",
    "top",
]

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Weights = npt.NDArray[np.int64]
Positions = npt.NDArray[np.intp]
UNIT = 10_000  # a factor of 1 in ten-thousandths


class NoWeights(ValueError):
    """Every slider is zero: there is nothing to rank by."""


def as_weights(sliders: Mapping[str, float]) -> Weights:
    """Sliders by factor code (absent = 0) → whole weights (7,) in the order of ``FACTORS``.

    NoWeights if all are zero; ValueError for an unknown code or a value that is no whole number from 0 to 100.
    """
    unknown = set(sliders) - set(CODES)
    if unknown:
        raise ValueError(f"unknown factors: {', '.join(sorted(unknown))}")
    values = [float(sliders.get(code, 0)) for code in CODES]
    if any(not value.is_integer() or not 0 <= value <= 100 for value in values):
        raise ValueError("a slider must be a whole number from 0 to 100")
    if not any(values):
        raise NoWeights("every slider is zero")
    return np.array(values, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Profile:
    """Factors of n people (or jobs) in ten-thousandths: ``values`` (7, n), unknown ones filled, ``known`` (7, n).

    14 + 7 bytes a person and opening; the first score adds copies in single precision, in which sums of whole numbers
    up to 2^24 are exact: a score is at most 700 × 10,000.
    """

    values: npt.NDArray[np.uint16]
    known: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, x: Floats, expected: Sequence[int]) -> Self:
        """From factors (7, n) 0..1 with NaN for unknown; ``expected`` (7,) ten-thousandths fill the gaps."""
        known = ~np.isnan(x)
        whole = np.multiply(x, UNIT, dtype=np.float64)
        np.rint(whole, out=whole)
        np.copyto(whole, np.asarray(expected, dtype=np.float64)[:, None], where=~known)
        return cls(whole.astype(np.uint16), known)

    @classmethod
    def of_pairs(cls, matrix: PairMatrix) -> Self:
        """Every pair of a matrix, person by person: (7, n·m)."""
        x = factors(matrix)
        return cls.of(x.reshape(len(x), -1), [matrix.goalposts.expected.get(code, 0) for code in CODES])

    def __len__(self) -> int:
        return int(self.values.shape[1])

    @cached_property
    def is_complete(self) -> bool:
        """Nothing is unknown."""
        return bool(self.known.all())

    @cached_property
    def x(self) -> npt.NDArray[np.float64]:
        """The factors 0..1 with NaN for unknown."""
        return np.where(self.known, self.values.astype(np.float64) / UNIT, np.nan)

    @cached_property
    def dense_values(self) -> npt.NDArray[np.float32]:
        """``values`` for BLAS."""
        return self.values.astype(np.float32)

    @cached_property
    def dense_known(self) -> npt.NDArray[np.float32]:
        """``known`` for BLAS."""
        return self.known.astype(np.float32)

    def take(self, index: npt.NDArray[Any]) -> Profile:
        """Some columns."""
        return Profile(self.values[:, index], self.known[:, index])


@dataclass(frozen=True, eq=False)
class Scores:
    """Integer scores (n,) Σ w·x with unknown factors at their expected value, and how much of the weight is known.

    Whatever the unknown factors are worth, the score lies in ``low`` … ``high``. ``weight`` is Σ w.
    """

    profile: Profile
    weights: Weights
    total: npt.NDArray[np.int64]
    known_weight: npt.NDArray[np.int64]

    @property
    def weight(self) -> int:
        return int(self.weights.sum())

    @cached_property
    def low(self) -> npt.NDArray[np.int64]:
        """Σ over the known factors of w·x."""
        if self.profile.is_complete:
            return self.total
        return self.weights @ np.where(self.profile.known, self.profile.values, 0).astype(np.int64)

    @cached_property
    def high(self) -> npt.NDArray[np.int64]:
        """``low`` with every unknown factor at 1."""
        return self.low + (self.weight - self.known_weight) * UNIT

    @property
    def coverage(self) -> npt.NDArray[np.float64]:
        """Known share of the weight, 0..1."""
        return self.known_weight / self.weight

    @property
    def points(self) -> npt.NDArray[np.float64]:
        """Scores as points out of 100."""
        return np.asarray(self.total * points_per_unit(self.weights), dtype=np.float64)


def points_per_unit(weights: Weights) -> float:
    """Factor from an integer score to points out of 100: 100 / (Σ w · 10,000)."""
    return 100 / (int(weights.sum()) * UNIT)


def scores(profile: Profile, weights: Weights) -> Scores:
    """The score of every row."""
    narrow = weights.astype(np.float32)
    total = (narrow @ profile.dense_values).astype(np.int64)
    if profile.is_complete:
        known_weight = np.full(len(profile), weights.sum(), dtype=np.int64)
    else:
        known_weight = (narrow @ profile.dense_known).astype(np.int64)
    return Scores(profile, weights, total, known_weight)


def coverage_bound(min_coverage: float) -> Fraction:
    """The least known share of the weight that ranking needs, as an exact number; more than nothing in any case."""
    return max(Fraction(min_coverage).limit_denominator(UNIT), Fraction(1, UNIT))


def is_rankable(result: Scores, min_coverage: float) -> npt.NDArray[np.bool_]:
    """Rows of which enough is known to be ranked; the others need a visit first. Exactly ``min_coverage`` is enough."""
    bound = coverage_bound(min_coverage)
    return np.asarray(result.known_weight * bound.denominator >= bound.numerator * result.weight)


def order(total: Ints, ids: npt.NDArray[Any]) -> Positions:
    """Positions by score, highest first, then by id: the one order of lists, bands, assignment and export."""
    return np.lexsort((ids, -total))


def top(total: Ints, ids: npt.NDArray[Any], top_n: int) -> Positions:
    """The first ``top_n`` of ``order`` without sorting the rest."""
    n = len(total)
    if top_n >= n:
        return order(total, ids)
    if top_n <= 0:
        return np.empty(0, dtype=np.intp)
    among = np.flatnonzero(total >= np.partition(total, n - top_n)[n - top_n])
    return among[order(total[among], ids[among])[:top_n]]


def contributions(profile: Profile, weights: Weights) -> npt.NDArray[np.float64]:
    """Points out of 100 by factor, (7, n), unknown factors at their expected value. They sum to ``Scores.points``."""
    return np.asarray(weights[:, None] * profile.values * points_per_unit(weights))


def reciprocal(profile: Profile, weights: Weights) -> tuple[Floats, Floats, Floats]:
    """(a, b, R): the person's side, the employer's side and R = 2ab/(a + b), 0..1.

    Each side is the weighted mean of its own factors; a side whose sliders are all zero counts them equally.
    """
    sides = []
    for side in Side:
        own = np.array([factor.side is side for factor in FACTORS])
        weight = np.where(own, weights, 0)
        weight = weight if weight.any() else own.astype(np.int64)
        sides.append(scores(profile, weight).points / 100)
    a, b = sides
    both = a + b
    return a, b, np.where(both > 0, 2 * a * b / np.where(both > 0, both, 1), 0)
