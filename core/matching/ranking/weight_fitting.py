"""Weights fitted to a caseworker's ratings: the least change of the weights under which better ratings score higher.

    suggest(profile.take(five), weights, (Mark.GOOD, Mark.SO_SO, …))

Scores are linear in the weights (an unknown factor is filled with its expected value), so this is an exact mixed-integer
linear programme over whole sliders: first as many comparisons as possible, then as little change as possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

from core.locale import Translator
from core.matching.inputs.factors import CODES, FACTORS
from core.matching.ranking.scoring import UNIT, Profile, Weights
from core.matching.ranking.sliders import hundred

__all__ = ["Mark", "Suggestion", "suggest"]

Differences = npt.NDArray[np.int64]
TOTAL = 100  # sliders of a suggestion sum to it
VISIBLE = TOTAL * UNIT // 1000  # a lead of a tenth of a point: one that is seen
STRICT = 1  # any lead


class Mark(IntEnum):
    """How a caseworker rates a candidate for a job."""

    NO = 0
    SO_SO = 1
    GOOD = 2


@dataclass(frozen=True, eq=False)
class Suggestion:
    """Sliders that sum to 100, and how many of the comparisons implied by the ratings hold under them."""

    sliders: dict[str, int]
    held: int
    compared: int
    held_before: int

    def sentence(self, before: Weights, tr: Translator) -> str:
        """What would move from the weights ``before``, and what it would achieve."""
        share = before / before.sum()
        after = np.array([self.sliders[code] for code in CODES])
        change = after - 100 * share
        moved = [j for j in np.argsort(-np.abs(change), kind="stable") if abs(change[j]) >= 0.5]
        counts = {"held": self.held, "n": self.compared, "before": self.held_before}
        if not moved:
            return tr("The weights already match {held} of your {n} comparisons.", **counts)
        moves = tr(", ").join(
            tr(
                "{factor} {old} → {new}",
                factor=tr(FACTORS[j].label),
                old=tr.percent(float(share[j]), 0),
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


def suggest(profile: Profile, weights: Weights, marks: Sequence[Mark]) -> Suggestion:
    """Whole sliders (sum 100) that match most comparisons of the ratings with the least change of ``weights``.

    A comparison is a pair of rows of which one is rated better; it holds where that one scores higher. Among sliders that
    match equally many, leads of a tenth of a point are preferred to smaller ones, then the least Σ |change|.
    """
    pairs = [(a, b) for a in range(len(marks)) for b in range(len(marks)) if marks[a] > marks[b]]
    if not pairs:
        return Suggestion(hundred(weights), 0, 0, 0)
    values = profile.values.astype(np.int64)
    differences = np.array([values[:, a] - values[:, b] for a, b in pairs])
    best: Weights | None = None
    for lead in (VISIBLE, STRICT):
        weights_here = _fit(differences, TOTAL * weights / weights.sum(), lead)
        if best is None or _held(differences, weights_here) > _held(differences, best):
            best = weights_here
        if _held(differences, best) == len(pairs):
            break
    assert best is not None
    sliders = dict(zip(CODES, best.tolist(), strict=True))
    return Suggestion(sliders, _held(differences, best), len(pairs), _held(differences, weights))


def _held(differences: Differences, weights: Weights) -> int:
    """Comparisons in which the better rated row scores higher; ``differences`` (pairs, 7) of factor values."""
    return int((differences @ weights > 0).sum())


def _fit(differences: Differences, current: npt.NDArray[np.float64], lead: int) -> Weights:
    """min C·Σ z + Σ |w − current| over whole w ≥ 0 with Σ w = 100 and differences·w ≥ lead for every pair with z = 0.

    One broken comparison costs more than any change (C > 2·100). Variables: w (7), |change| (7), z (pairs).
    """
    p, m = differences.shape
    cost = np.concatenate([np.zeros(m), np.ones(m), np.full(p, 3.0 * TOTAL)])
    worst = TOTAL * np.maximum(-differences.min(axis=1), 0) + lead  # what giving up a comparison makes room for
    eye, none = np.eye(m), np.zeros((m, p))
    constraints = [
        LinearConstraint(np.hstack([differences / UNIT, np.zeros((p, m)), np.diag(worst / UNIT)]), lead / UNIT, np.inf),
        LinearConstraint(np.hstack([eye, -eye, none]), -np.inf, current),
        LinearConstraint(np.hstack([eye, eye, none]), current, np.inf),
        LinearConstraint(np.concatenate([np.ones(m), np.zeros(m + p)])[None, :], TOTAL, TOTAL),
    ]
    solution = milp(
        cost,
        integrality=np.concatenate([np.ones(m), np.zeros(m), np.ones(p)]),
        bounds=Bounds(0, np.concatenate([np.full(2 * m, TOTAL), np.ones(p)])),
        constraints=constraints,
        options={"mip_rel_gap": 0},
    )
    if solution.x is None:
        raise RuntimeError(f"weights: {solution.message}")
    return np.asarray(np.rint(solution.x[:m]), dtype=np.int64)
