"""Moving weights: sliders that keep the share of locked ones, and the least change of weights that fits some marks.

rescaled({"skills": 60, "travel": 40, …}, "travel", {"skills"})   # travel moved, skills keeps its share
suggest(profile.take(five), weights, (Mark.GOOD, Mark.SO_SO, …))   # weights under which the marks hold
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from core.locale import Translator
from core.matching.inputs.factors import CODES, FACTORS
from core.matching.ranking.scoring import Profile, scores

__all__ = ["Mark", "Suggestion", "evened", "hundred", "rescaled", "suggest"]

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
            return tr("The weights already fit: {held} of {n} comparisons hold.", **counts)
        told = tr(", ").join(
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
                "Least change: {moves}. Then {held} of {n} comparisons of your marks hold (now {before}); no weights meet all.",
                moves=told,
                **counts,
            )
        return tr(
            "Least change: {moves}. Then {held} of {n} comparisons of your marks hold (now {before}).",
            moves=told,
            **counts,
        )


def hundred(weights: Floats) -> dict[str, int]:
    """Weights that sum to 1 as whole sliders that sum to 100 (largest remainders)."""
    exact = 100 * weights
    whole = np.floor(exact + 1e-9).astype(int)
    for j in np.argsort(whole - exact, kind="stable")[: 100 - int(whole.sum())]:
        whole[j] += 1
    return dict(zip(CODES, whole.tolist(), strict=True))


def evened(sliders: Mapping[str, int], locked: Collection[str]) -> dict[str, int]:
    """The same for every slider that is not locked; what the locked ones leave of 100, or 50 without locks."""
    free = [code for code in CODES if code not in locked]
    if not free:
        return dict(sliders)
    if not locked:
        return dict.fromkeys(CODES, 50)
    left = max(100 - sum(sliders[code] for code in locked), 0)
    return {**sliders, **_spread(dict.fromkeys(free, 1), left)}


def rescaled(sliders: Mapping[str, int], moved: str, locked: Collection[str]) -> dict[str, int]:
    """Sliders that sum to 100 after ``moved`` was set: locked ones stay, the others share the rest as before."""
    held = {code: sliders[code] for code in locked if code != moved}
    value = min(sliders[moved], max(100 - sum(held.values()), 0))
    others = {code: sliders[code] for code in CODES if code not in held and code != moved}
    left = 100 - sum(held.values()) - value
    if not others:
        return {**sliders, moved: value}
    return {**sliders, moved: value, **_spread(others, max(left, 0))}


def _spread(parts: Mapping[str, int], total: int) -> dict[str, int]:
    """``total`` divided in the proportion of ``parts`` (evenly if all are zero), in whole numbers."""
    values = np.array(list(parts.values()), dtype=float)
    shares = values / values.sum() if values.sum() > 0 else np.full(len(values), 1 / len(values))
    exact = shares * total
    whole = np.floor(exact + 1e-9).astype(int)
    for j in np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]:
        whole[j] += 1
    return dict(zip(parts, whole.tolist(), strict=True))


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
