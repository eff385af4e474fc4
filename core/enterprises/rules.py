"""The rules of scores and tiers as one dated document: weights, goalposts, thresholds and what holds a promotion back.

    rules = rules_on(ledger.rules, day)          # the version in force on a day, else the built-in one
    rules.weights[Pillar.JOBS], rules.thresholds

A version is never changed: other rules are another version with a later first day. A review round keeps the document that
it was decided by, so that it can be computed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd

from core.terms import EvidenceSource, Pillar, Tier

__all__ = ["BUILT_IN", "Goalposts", "InvalidRules", "Rules", "rules_on"]

Goalposts = tuple[float, float]
"""The values that score 0 and 1, in the figure's own unit."""


class InvalidRules(ValueError):
    """The rules contradict themselves; ``code`` names how."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _even_weights() -> Mapping[Pillar, float]:
    return {pillar: 1 / len(Pillar) for pillar in Pillar}


def _source_weights() -> Mapping[EvidenceSource, float]:
    return {EvidenceSource.MONITORING: 0.4, EvidenceSource.PANEL: 0.3, EvidenceSource.THIRD_PARTY: 0.3}


@dataclass(frozen=True)
class Rules:
    """One version of the rules. ``weights`` and ``source_weights`` sum to 1; ``thresholds`` rise."""

    weights: Mapping[Pillar, float] = field(default_factory=_even_weights)
    source_weights: Mapping[EvidenceSource, float] = field(default_factory=_source_weights)
    thresholds: tuple[float, ...] = (60.0, 70.0, 80.0, 90.0)  # lower bounds of 储备, 成长, 骨干, 领军
    margin: float = 3.0  # points beyond a threshold that a move needs
    periods: int = 2  # consecutive reviews that a move needs
    min_probability: float = 0.7  # of reaching the threshold, for a promotion
    min_coverage: float = 2 / 3  # of the pillar × source cells; below it an enterprise is not rated
    min_judges: int = 3  # fewer are no panel
    reconcile_gap: float = 0.25  # between two sources of one pillar: no promotion beyond it
    goalposts: Mapping[str, Goalposts] = field(default_factory=dict)  # by indicator; absent: as built in
    version: str = "2024-1"

    def to_json(self) -> dict[str, Any]:
        """As a document of plain JSON values."""
        return {
            "version": self.version,
            "weights": {p.value: self.weights[p] for p in Pillar},
            "source_weights": {s.value: self.source_weights[s] for s in EvidenceSource},
            "thresholds": list(self.thresholds),
            "margin": self.margin,
            "periods": self.periods,
            "min_probability": self.min_probability,
            "min_coverage": self.min_coverage,
            "min_judges": self.min_judges,
            "reconcile_gap": self.reconcile_gap,
            "goalposts": {code: list(posts) for code, posts in sorted(self.goalposts.items())},
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Rules:
        """The inverse of ``to_json``."""
        return cls(
            weights={p: float(content["weights"][p.value]) for p in Pillar},
            source_weights={s: float(content["source_weights"][s.value]) for s in EvidenceSource},
            thresholds=tuple(float(t) for t in content["thresholds"]),
            margin=float(content["margin"]),
            periods=int(content["periods"]),
            min_probability=float(content["min_probability"]),
            min_coverage=float(content["min_coverage"]),
            min_judges=int(content["min_judges"]),
            reconcile_gap=float(content["reconcile_gap"]),
            goalposts={code: (float(low), float(high)) for code, (low, high) in content["goalposts"].items()},
            version=str(content["version"]),
        )

    def check(self) -> None:
        """InvalidRules if a board could not be computed by these rules, or would not mean what it says."""
        if any(w < 0 for w in self.weights.values()) or abs(sum(self.weights.values()) - 1) > 1e-9:
            raise InvalidRules("weights")
        if any(w <= 0 for w in self.source_weights.values()) or abs(sum(self.source_weights.values()) - 1) > 1e-9:
            raise InvalidRules("source_weights")
        steps = (0.0, *self.thresholds, 100.0)
        if len(self.thresholds) != len(Tier) - 1 or any(b - a <= 0 for a, b in pairwise(steps)):
            raise InvalidRules("thresholds")
        if 2 * self.margin >= min(b - a for a, b in pairwise(self.thresholds)):
            raise InvalidRules("margin")  # a promotion could be undone by the same score
        if self.periods < 1 or self.min_judges < 1:
            raise InvalidRules("counts")
        if not 0 <= self.min_probability <= 1 or not 0 < self.min_coverage <= 1 or not 0 < self.reconcile_gap <= 1:
            raise InvalidRules("shares")
        if any(low == high for low, high in self.goalposts.values()):
            raise InvalidRules("goalposts")


BUILT_IN = Rules()


def rules_on(versions: pd.DataFrame, day: date) -> Rules:
    """The newest of ``versions`` (since, content) that holds on ``day``; the built-in rules before the first."""
    known = versions[versions["since"] <= pd.Timestamp(day)]
    return BUILT_IN if known.empty else Rules.from_json(known.sort_values("since")["content"].iloc[-1])
