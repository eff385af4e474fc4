"""Whom to support under a budget, a quota and rules: the exact optimum, a reason for each, the price of each rule.

    selection = select(candidates, Limits(budget=100_000, quota=4))
    selection.chosen, selection.value, selection.cost
    explain(candidates, limits), prices(candidates, limits)

A 0-1 knapsack with side constraints, solved to optimality by HiGHS; of equally good selections the cheaper one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from core.terms import Tier

__all__ = ["Candidate", "Limits", "Selection", "Verdict", "explain", "prices", "select"]


@dataclass(frozen=True)
class Candidate:
    """An enterprise that may be chosen: ``value`` in whole units (persons, or tenths of a point), ``cost`` in yuan."""

    key: int
    value: int
    cost: float
    community: str
    tier: Tier | None  # None: not reviewed


@dataclass(frozen=True)
class Limits:
    """The rules of a selection; None: no such rule."""

    budget: float | None = None  # yuan in all
    quota: int | None = None  # enterprises in all
    per_community: int | None = None  # enterprises of one community
    lowest_tier: Tier | None = None


@dataclass(frozen=True)
class Selection:
    """The best choice: keys in the order of the candidates."""

    chosen: tuple[int, ...]
    value: int
    cost: float


@dataclass(frozen=True)
class Verdict:
    """Why an enterprise is in or out: ``loss`` is the value lost when its fate is turned round; None: a rule forbids it."""

    key: int
    is_chosen: bool
    loss: int | None


def select(
    candidates: Sequence[Candidate], limits: Limits, *, fixed: Mapping[int, bool] | None = None
) -> Selection | None:
    """The choice of greatest value within ``limits``; ``fixed``: keys that must be in or out. None where nothing fits."""
    if not candidates:
        return Selection((), 0, 0.0)
    n = len(candidates)
    value = np.array([c.value for c in candidates], dtype=np.float64)
    cost = np.array([c.cost for c in candidates], dtype=np.float64)
    lower, upper = np.zeros(n), np.ones(n)
    for k, candidate in enumerate(candidates):
        if limits.lowest_tier is not None and (
            candidate.tier is None or candidate.tier.order < limits.lowest_tier.order
        ):
            upper[k] = 0
        if fixed is not None and candidate.key in fixed:
            lower[k], upper[k] = (1, upper[k]) if fixed[candidate.key] else (0, 0)
    if (lower > upper).any():
        return None
    constraints = []
    if limits.budget is not None:
        constraints.append(LinearConstraint(cost[None], -np.inf, limits.budget))
    if limits.quota is not None:
        constraints.append(LinearConstraint(np.ones((1, n)), -np.inf, limits.quota))
    if limits.per_community is not None:
        places = sorted({c.community for c in candidates})
        rows = np.array([[c.community == place for c in candidates] for place in places], dtype=np.float64)
        constraints.append(LinearConstraint(rows, -np.inf, limits.per_community))
    thrift = 0.4 / (cost.sum() + 1)  # all costs together weigh less than one unit of value
    solved = milp(
        thrift * cost - value,
        integrality=np.ones(n),
        bounds=Bounds(lower, upper),
        constraints=constraints,
        options={"mip_rel_gap": 0.0},
    )
    if not solved.success:
        return None
    is_in = solved.x > 0.5
    return Selection(
        tuple(c.key for c, chosen in zip(candidates, is_in, strict=True) if chosen),
        int(value[is_in].sum()),
        float(cost[is_in].sum()),
    )


def explain(candidates: Sequence[Candidate], limits: Limits) -> list[Verdict]:
    """For each candidate what turning its fate round would cost in value, all others chosen anew."""
    best = select(candidates, limits)
    if best is None:
        return []
    verdicts = []
    for candidate in candidates:
        is_chosen = candidate.key in best.chosen
        other = select(candidates, limits, fixed={candidate.key: not is_chosen})
        verdicts.append(Verdict(candidate.key, is_chosen, None if other is None else best.value - other.value))
    return verdicts


def prices(candidates: Sequence[Candidate], limits: Limits) -> dict[str, int]:
    """By rule in force: the value that would be gained without it."""
    best = select(candidates, limits)
    if best is None:
        return {}
    gains = {}
    for rule in (f.name for f in fields(limits) if getattr(limits, f.name) is not None):
        without = select(candidates, replace(limits, **{rule: None}))
        assert without is not None  # fewer rules: what fitted still fits
        gains[rule] = without.value - best.value
    return gains
