"""Which units of a ranking can be told apart: simultaneous confidence sets for ranks.

Mogstad, Romano, Shaikh and Wilhelm (2024), *Inference for ranks with applications to mobility across neighbourhoods and
academic achievement across countries*, Review of Economic Studies 91; single step, as ``csranks(stepdown = FALSE)``.

    sets = rank_sets(estimates, errors)
    sets.low, sets.high        # rank 1 = highest; every true rank lies in its set with 95% probability
    sets.leaders               # positions that beat all others, () when nothing can be concluded
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

__all__ = ["RankSets", "rank_sets", "rank_sets_of_draws", "share_error"]

DRAWS = 10_000
SEED = 20240219
Z95 = 1.959963984540054
MAX_LEADERS = 3  # a longer list names nobody

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class RankSets:
    """Ranks 1 … p of p units, 1 = highest estimate; arrays in the order of the units."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    beats: NDArray[np.bool_]  # (p, p): row beats column
    half_width: Floats  # of the interval by which two units of equal error are told apart: not overlapping

    @property
    def leaders(self) -> tuple[int, ...]:
        """The smallest group, of at most three, whose every member beats everyone outside it; () if there is none."""
        return self._group(self.beats)

    @property
    def laggards(self) -> tuple[int, ...]:
        """The same at the other end: everyone outside beats every member."""
        return self._group(self.beats.T)

    def _group(self, beats: NDArray[np.bool_]) -> tuple[int, ...]:
        order = np.argsort(-beats.sum(axis=1), kind="stable")
        for size in range(1, min(MAX_LEADERS, len(order) - 1) + 1):
            inside, outside = order[:size], order[size:]
            if beats[np.ix_(inside, outside)].all():
                return tuple(int(k) for k in inside)
        return ()


def rank_sets(
    estimates: Sequence[float] | Floats,
    errors: Sequence[float] | Floats,
    *,
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> RankSets:
    """Rank sets of independent estimates with standard errors > 0.

    j beats k when θ_j − θ_k > c · √(s_j² + s_k²), c = the ``confidence`` quantile of the largest |Z_j − Z_k| / √(s_j² +
    s_k²) over all pairs, Z ~ N(0, s²). Set of j = [1 + number that beat j, p − number that j beats].
    """
    theta, s = np.asarray(estimates, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    p = len(theta)
    if p < 2:
        return RankSets(np.ones(p, np.int64), np.ones(p, np.int64), np.zeros((p, p), bool), np.zeros(p))
    spread = np.sqrt(s[:, None] ** 2 + s[None, :] ** 2)
    z = np.random.default_rng(seed).standard_normal((draws, p)) * s
    largest = np.zeros(draws)
    for j in range(p - 1):
        gaps = np.abs(z[:, j, None] - z[:, j + 1 :]) / spread[j, j + 1 :]
        largest = np.maximum(largest, gaps.max(axis=1))
    c = float(np.quantile(largest, confidence))
    beats = theta[:, None] - theta[None, :] > c * spread
    return RankSets(
        low=1 + beats.sum(axis=0),
        high=p - beats.sum(axis=1),
        beats=beats,
        half_width=c * s / sqrt(2),
    )


def rank_sets_of_draws(estimates: Sequence[float] | Floats, draws: Floats, *, confidence: float = 0.95) -> RankSets:
    """Rank sets of estimates that err together; ``draws`` (p, n) are joint draws of what they may be.

    The same single step with the distribution of the draws in place of independent normal errors: σ_jk is the standard
    deviation of D_j − D_k, c the ``confidence`` quantile of the largest |D_j − D_k − mean| / σ_jk over all pairs. Two units
    that never differ by chance are told apart by any difference.
    """
    theta, d = np.asarray(estimates, dtype=np.float64), np.asarray(draws, dtype=np.float64)
    p = len(theta)
    if p < 2:
        return RankSets(np.ones(p, np.int64), np.ones(p, np.int64), np.zeros((p, p), bool), np.zeros(p))
    centred = d - d.mean(axis=1, keepdims=True)
    spread = np.zeros((p, p))
    largest = np.zeros(d.shape[1])
    for j in range(p - 1):
        gaps = centred[j] - centred[j + 1 :]
        own = gaps.std(axis=1)
        spread[j, j + 1 :] = spread[j + 1 :, j] = own
        varies = own > 0
        if varies.any():
            gaps = np.abs(gaps[varies]) / own[varies, None]
            largest = np.maximum(largest, gaps.max(axis=0))
    c = float(np.quantile(largest, confidence))
    beats = theta[:, None] - theta[None, :] > c * spread
    return RankSets(
        low=1 + beats.sum(axis=0),
        high=p - beats.sum(axis=1),
        beats=beats,
        half_width=c * centred.std(axis=1) / sqrt(2),
    )


def share_error(numerator: float, denominator: float) -> float:
    """Standard error of a share from the rate that Agresti and Coull (1998) shrink towards a half: never 0.

    >>> round(share_error(0, 10), 3)        # 0.1
    """
    n = denominator + Z95**2
    rate = min(max((numerator + Z95**2 / 2) / n, 0.0), 1.0)
    return sqrt(rate * (1 - rate) / n)
