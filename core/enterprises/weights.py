"""The ranking under other weights of the pillars: the order, how far each weight may move, and what a wanted place takes.

    ranking = ranking_of(assessments)                    # the rated enterprises on a log scale
    ranking.order(sliders), ranking.bands(sliders, top_n)
    least_change(ranking, key, place, weights)           # a challenge to a place, never a setting

The index is a geometric mean, so the order is that of Σ w·ln P: linear in the weights, as the scores of matching are. The
bands are matching's, exact on ln P in ten-thousandths of its range (which is 0.02 points of the index at most).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from core.enterprises.robustness import Assessed
from core.enterprises.score import FLOOR
from core.matching.ranking.scoring import UNIT, NoWeights, Profile, order, scores
from core.matching.ranking.stability import Band
from core.matching.ranking.stability import bands as stability_bands
from core.terms import Pillar

__all__ = ["Challenge", "Ranking", "least_change", "ranking_of", "whole_weights"]

Floats = NDArray[np.float64]
LEAD = 1e-6  # in ln P: what puts an enterprise ahead of another in a challenge
SHOWN = 1e-4  # share of a weight below which a change is rounding


def whole_weights(sliders: Mapping[Pillar, int]) -> NDArray[np.int64]:
    """Sliders 0–100 as whole weights in the order of ``Pillar``; NoWeights if all are zero."""
    weights = np.array([sliders[p] for p in Pillar], dtype=np.int64)
    if not weights.any():
        raise NoWeights("every slider is zero")
    return weights


@dataclass(frozen=True, eq=False)
class Ranking:
    """Rated enterprises: ``logs`` (n, pillars) are ln P, P floored at 0.01."""

    keys: NDArray[np.int64]
    logs: Floats

    def index(self, weights: NDArray[np.int64] | Floats) -> Floats:
        """The geometric index of each enterprise, 0..100."""
        return np.asarray(100 * np.exp(self.logs @ (weights / weights.sum())))

    @property
    def profile(self) -> Profile:
        """Pillars (pillars, n) in ten-thousandths of the range from the floor to 1, for the engine of matching."""
        values = np.rint((1 - self.logs.T / log(FLOOR)) * UNIT).astype(np.uint16)
        return Profile(values, np.ones(values.shape, dtype=bool))

    def order(self, weights: NDArray[np.int64]) -> list[int]:
        """Keys from the first place to the last; of equal scores the lower key comes first."""
        return [int(self.keys[n]) for n in order(scores(self.profile, weights).total, self.keys)]

    def bands(self, weights: NDArray[np.int64], top_n: int) -> tuple[Band, ...]:
        """For each pillar the range of its share within which the first ``top_n`` are the same enterprises."""
        return tuple(
            band.renamed(self.keys)
            for band in stability_bands(self.profile, weights, self.keys, min(top_n, len(self.keys)))
        )


def ranking_of(assessments: Sequence[Assessed]) -> Ranking:
    """The rated enterprises; a pillar without a value (of weight 0) counts as the floor."""
    rated = [a for a in assessments if a.score.index is not None]
    values = np.array([[p.value or FLOOR for p in a.score.pillars] for a in rated], dtype=np.float64)
    return Ranking(
        np.array([a.key for a in rated], dtype=np.int64),
        np.log(np.maximum(values.reshape(len(rated), len(Pillar)), FLOOR)),
    )


@dataclass(frozen=True)
class Challenge:
    """The weights nearest to the present ones that put an enterprise at ``place`` or above."""

    key: int
    place: int
    before: Mapping[Pillar, float]  # shares
    after: Mapping[Pillar, float]
    passed: tuple[int, ...]  # enterprises that fall behind it

    @property
    def shifted(self) -> float:
        """Share of all weight that changes hands, 0..1."""
        return sum(abs(self.after[p] - self.before[p]) for p in Pillar) / 2

    @property
    def changes(self) -> list[tuple[Pillar, float, float]]:
        """(pillar, share before, share after) where it differs, largest change first."""
        moved = [(p, self.before[p], self.after[p]) for p in Pillar if abs(self.after[p] - self.before[p]) > SHOWN]
        return sorted(moved, key=lambda change: -abs(change[2] - change[1]))


def least_change(ranking: Ranking, key: int, place: int, weights: Floats | NDArray[np.int64]) -> Challenge | None:
    """The smallest Σ|w′ − w| that brings ``key`` to ``place`` or above; None where no weights do.

    A mixed-integer programme: w′ ≥ 0 of sum 1; each other enterprise is behind, or one of the ``place`` − 1 that may stay
    ahead. Raises ValueError for an enterprise that is not ranked or a place outside the list.
    """
    names = ranking.keys.tolist()
    if key not in names or not 1 <= place <= len(names):
        raise ValueError(f"no place {place} for enterprise {key}")
    own, share = names.index(key), np.asarray(weights, dtype=np.float64) / weights.sum()
    others = np.array([n for n in range(len(names)) if n != own], dtype=int)
    lead = ranking.logs[own] - ranking.logs[others]  # (m, pillars)
    p, m = len(Pillar), len(others)
    if not m:
        return None
    reach = np.abs(lead).max(axis=1) + LEAD
    # Columns: w′ (p), |w′ − w| (p), stays ahead (m).
    cost = np.concatenate([np.zeros(p), np.ones(p), np.zeros(m)])
    eye = np.eye(p)
    constraints = [
        LinearConstraint(np.concatenate([np.ones(p), np.zeros(p + m)])[None], 1, 1),
        LinearConstraint(np.hstack([eye, eye, np.zeros((p, m))]), share, np.inf),
        LinearConstraint(np.hstack([-eye, eye, np.zeros((p, m))]), -share, np.inf),
        LinearConstraint(np.hstack([lead, np.zeros((m, p)), np.diag(reach)]), LEAD, np.inf),
        LinearConstraint(np.concatenate([np.zeros(2 * p), np.ones(m)])[None], 0, place - 1),
    ]
    integrality = np.concatenate([np.zeros(2 * p), np.ones(m)])
    solved = milp(cost, integrality=integrality, bounds=Bounds(0, 1), constraints=constraints)
    if not solved.success:
        return None
    after = np.maximum(solved.x[:p], 0)
    after /= after.sum()
    was_ahead, is_behind = lead @ share <= 0, lead @ after > 0
    return Challenge(
        key=key,
        place=place,
        before=dict(zip(Pillar, share.tolist(), strict=True)),
        after=dict(zip(Pillar, after.tolist(), strict=True)),
        passed=tuple(names[n] for n in others[was_ahead & is_behind]),
    )
