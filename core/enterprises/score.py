"""The score of an enterprise: six pillars, three sources each, a geometric composite in which a weak pillar can't be compensated.

    result = score(monitored, panel, third, rules)       # dicts Pillar → 0..1
    result.index, result.arithmetic, result.coverage, result.missing

P = Σ ω·value ÷ Σ ω over the sources present, ω = 0.4 monitoring, 0.3 panel, 0.3 third party as built in; index = 100 · Π P^w with P
floored at 0.01. A score returns its parts, so that a hand calculation equals the badge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np
import pandas as pd

from core.enterprises.goalposts import Indicator
from core.enterprises.rules import BUILT_IN, Rules
from core.terms import EvidenceSource, Pillar

__all__ = [
    "ECONOMIC",
    "FLOOR",
    "SOCIAL",
    "PillarScore",
    "Score",
    "geometric",
    "monitoring_pillars",
    "panel_value",
    "score",
]

FLOOR = 0.01  # smallest pillar value in the geometric mean
SOCIAL = (Pillar.JOBS, Pillar.RETENTION, Pillar.TRAINING, Pillar.RESPONSIBILITY)  # 社会担当
ECONOMIC = (Pillar.INCOME, Pillar.ORDERS)  # 经济效益


@dataclass(frozen=True)
class PillarScore:
    """One pillar with what each source says (None = no value)."""

    pillar: Pillar
    sources: Mapping[EvidenceSource, float | None]
    value: float | None  # weighted mean of the sources present
    reconcile_gap: float = BUILT_IN.reconcile_gap

    @property
    def gap(self) -> float:
        """Largest distance between two sources."""
        present = [v for v in self.sources.values() if v is not None]
        return max(present) - min(present) if len(present) > 1 else 0.0

    @property
    def reconcile(self) -> bool:
        """Whether the sources disagree so much that they must talk."""
        return self.gap > self.reconcile_gap


@dataclass(frozen=True)
class Score:
    """A score with its parts; ``index`` is None when it is not rated."""

    pillars: tuple[PillarScore, ...]
    index: float | None  # geometric, 0..100
    arithmetic: float | None  # beside it, 0..100
    coverage: float  # pillar × source cells present
    missing: tuple[tuple[Pillar, EvidenceSource], ...]

    def value(self, pillar: Pillar) -> float | None:
        """Value of one pillar, 0..1."""
        return next(p.value for p in self.pillars if p.pillar is pillar)

    @property
    def has_third_party(self) -> bool:
        return any(p.sources[EvidenceSource.THIRD_PARTY] is not None for p in self.pillars)

    @property
    def reconcile(self) -> tuple[PillarScore, ...]:
        return tuple(p for p in self.pillars if p.reconcile)

    @property
    def weakest(self) -> PillarScore | None:
        """The rated pillar with the lowest value."""
        rated = [p for p in self.pillars if p.value is not None]
        return min(rated, key=lambda p: p.value or 0.0) if rated else None

    def axis(self, pillars: Sequence[Pillar]) -> float | None:
        """Geometric mean of some pillars, 0..100; None when one is silent."""
        values = [self.value(p) for p in pillars]
        if any(v is None for v in values):
            return None
        return 100 * geometric([v for v in values if v is not None], [1.0] * len(values))


def geometric(values: Sequence[float], weights: Sequence[float]) -> float:
    """Weighted geometric mean with the floor of 0.01.

    >>> round(100 * geometric([0.9, 0.9, 0.3], [1, 1, 1]), 1)        # 62.4
    """
    return float(np.exp(np.average(np.log(np.maximum(values, FLOOR)), weights=weights)))


def panel_value(marks: Sequence[float], min_judges: int = BUILT_IN.min_judges) -> float | None:
    """Median of at least ``min_judges`` judges, else None: one or two judges are not a panel."""
    return float(median(marks)) if len(marks) >= min_judges else None


def monitoring_pillars(raw: pd.Series, indicators: Sequence[Indicator]) -> dict[Pillar, float | None]:
    """Mean of a pillar's known indicators, each between its goalposts; None when none is known."""
    figures: dict[str, float] = raw.to_dict()
    parts: dict[Pillar, list[float]] = {pillar: [] for pillar in Pillar}
    for item in indicators:
        if not pd.isna(figures[item.code]):
            parts[item.pillar].append(item.score(float(figures[item.code])))
    return {pillar: float(np.mean(scores)) if scores else None for pillar, scores in parts.items()}


def score(
    monitored: Mapping[Pillar, float | None],
    panel: Mapping[Pillar, float | None],
    third: Mapping[Pillar, float | None],
    rules: Rules = BUILT_IN,
) -> Score:
    """Combine sources and pillars; not rated below the coverage that the rules ask or when a weighted pillar is wholly silent."""
    pillars, missing = [], []
    for pillar in Pillar:
        sources = {
            EvidenceSource.MONITORING: monitored.get(pillar),
            EvidenceSource.PANEL: panel.get(pillar),
            EvidenceSource.THIRD_PARTY: third.get(pillar),
        }
        missing += [(pillar, source) for source, value in sources.items() if value is None]
        present = {s: v for s, v in sources.items() if v is not None}
        value = fmean(present.values(), [rules.source_weights[s] for s in present]) if present else None
        pillars.append(PillarScore(pillar, sources, value, rules.reconcile_gap))
    coverage = 1 - len(missing) / (len(Pillar) * len(EvidenceSource))
    counted = [(p.value, rules.weights[p.pillar]) for p in pillars if rules.weights[p.pillar] > 0]
    silent = any(value is None for value, _ in counted)
    index = plain = None
    if coverage >= rules.min_coverage - 1e-9 and not silent:
        values, shares = [v for v, _ in counted if v is not None], [w for _, w in counted]
        index, plain = 100 * geometric(values, shares), 100 * fmean(values, shares)
    return Score(tuple(pillars), index, plain, coverage, tuple(missing))
