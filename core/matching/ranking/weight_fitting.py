"""Weights fitted to a caseworker's marks: the least change of the weights under which better marks score higher.

suggest(profile.take(five), weights, (Mark.GOOD, Mark.SO_SO, …))   # weights under which the marks hold
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from core.locale import Translator
from core.matching.inputs.factors import CODES, FACTORS
from core.matching.ranking.scoring import Profile, scores
from core.matching.ranking.sliders import hundred

__all__ = ["Mark", "Suggestion", "suggest"]

Floats = npt.NDArray[np.float64]
MARGIN = 0.02  # a better mark should lead by two points, so that whole sliders keep the lead
CONFLICT = 50.0  # what one point of a mark not met costs, against one point of weight moved


class Mark(IntEnum):
    """What a caseworker says of a candidate for a job."""

    NO = 0
    SO_SO = 1
    GOOD = 2


@dataclass(frozen=True, eq=False)
class Suggestion:
    """Sliders that sum to 100, and how many of the comparisons implied by the marks hold under them."""

    sliders: dict[str, int]
    held: int
    compared: int
    held_before: int

    def sentence(self, before: Floats, tr: Translator) -> str:
        """What would move, and what it would achieve."""
        after = np.array([self.sliders[code] for code in CODES])
        apart = after - 100 * before
        moved = [j for j in np.argsort(-np.abs(apart), kind="stable") if abs(apart[j]) >= 0.5]
        counts = {"held": self.held, "n": self.compared, "before": self.held_before}
        if not moved:
            return tr("The weights already match {held} of your {n} comparisons.", **counts)
        moves = tr(", ").join(
            tr(
                "{factor} {old} → {new}",
                factor=tr(FACTORS[j].label),
                old=tr.percent(float(before[j]), 0),
                new=tr.percent(after[j] / 100, 0),
            )
            for j in moved
        )
        if self.held < self.compared:
            return tr(
                "Suggested weights: {moves}. They match {held} of your {n} comparisons (currently {before}); no weights match all.",
                moves=moves,
                **counts,
            )
        return tr(
            "Suggested weights: {moves}. They match {held} of your {n} comparisons (currently {before}).",
            moves=moves,
            **counts,
        )


def suggest(profile: Profile, weights: Floats, marks: Sequence[Mark]) -> Suggestion:
    """The least change of ``weights`` (sum of |change|) under which better marked candidates score higher.

    A linear programme: min Σ|w' − w| + C·Σ slack, (x_a − x_b)·w' ≥ margin − slack for every pair with mark a > mark b,
    Σ w' = 1, w' ≥ 0. An unknown factor stands in at the candidate's present score, which leaves that score as it is.
    Held comparisons are counted with the true scores under the rounded sliders.
    """
    point = np.nan_to_num(scores(profile, weights).point)
    x = np.where(profile.known > 0, profile.filled, point[None, :])
    pairs = [(a, b) for a in range(len(marks)) for b in range(len(marks)) if marks[a] > marks[b]]
    m, p = len(weights), len(pairs)
    if not pairs:
        return Suggestion(hundred(weights), 0, 0, 0)
    apart = np.array([x[:, a] - x[:, b] for a, b in pairs])
    # variables: w' (m), |w' − w| (m), slack (p)
    cost = np.concatenate([np.zeros(m), np.ones(m), np.full(p, CONFLICT)])
    eye, none = np.eye(m), np.zeros((m, p))
    bounds_above = np.block(
        [[-apart, np.zeros((p, m)), -np.eye(p)], [eye, -eye, none], [-eye, -eye, none]],
    )
    limits = np.concatenate([np.full(p, -MARGIN), weights, -weights])
    total = np.concatenate([np.ones(m), np.zeros(m + p)])[None, :]
    found = linprog(cost, A_ub=bounds_above, b_ub=limits, A_eq=total, b_eq=[1.0], bounds=(0, None), method="highs")
    sliders = hundred(np.maximum(found.x[:m], 0) / found.x[:m].sum())
    after = np.array([sliders[code] for code in CODES]) / 100
    return Suggestion(sliders, _held(profile, after, pairs), p, _held(profile, weights, pairs))


def _held(profile: Profile, weights: Floats, pairs: list[tuple[int, int]]) -> int:
    point = scores(profile, weights).point
    return sum(bool(point[a] > point[b]) for a, b in pairs)
