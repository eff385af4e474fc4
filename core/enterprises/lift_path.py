"""What would lift an enterprise to a score, pillar by pillar, and in how many months at its own pace.

    paths = lift_paths(assessment, 83.0, history)       # history: its monitoring by month, see ``monitoring_history``

One pillar changes and the others, the panel and the third party stay. The pace is the median slope between any two of its
last twelve months (Theil and Sen), which a single odd month does not move; without a rising pace there is no date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from math import exp, log
from statistics import median

import pandas as pd

from core.enterprises.assessment import EnterpriseAssessment, lifts
from core.enterprises.goalposts import Indicator
from core.enterprises.monitoring import Ledger, monitoring_on
from core.terms import EvidenceSource, Pillar

__all__ = ["FigureStep", "LiftPath", "lift_paths", "monitoring_history", "pace"]

MONTHS = 12
MIN_MONTHS = 4  # known months that a pace needs


@dataclass(frozen=True)
class FigureStep:
    """One monitored figure that alone would bring its pillar there, in its own unit."""

    indicator: Indicator
    now: float
    needed: float


@dataclass(frozen=True)
class LiftPath:
    """One pillar from ``value`` to ``needed`` (0..1); monitoring from ``monitored`` to ``target``."""

    pillar: Pillar
    value: float
    needed: float
    monitored: float | None
    target: float | None  # None: monitoring alone cannot bring it there
    pace: float | None  # of monitoring a month, 0..1; None: too few months
    figures: tuple[FigureStep, ...]

    @property
    def months(self) -> float | None:
        """Months at its own pace; None without a rising pace or where monitoring alone is not enough."""
        if self.target is None or self.monitored is None or self.pace is None or self.pace <= 0:
            return None
        return (self.target - self.monitored) / self.pace


def lift_paths(
    assessment: EnterpriseAssessment, target: float, history: Mapping[Pillar, Sequence[float | None]]
) -> list[LiftPath]:
    """A path for each pillar that alone can lift today's score to ``target``: those with a date first, soonest first."""
    paths = []
    for step in lifts(assessment.live, target, assessment.rules.weights):
        if not step.reachable:
            continue
        part = assessment.live.pillars[step.pillar.order]
        monitored = part.sources[EvidenceSource.MONITORING]
        present = sum(assessment.rules.source_weights[s] for s, v in part.sources.items() if v is not None)
        wanted = None
        if monitored is not None:
            share = assessment.rules.source_weights[EvidenceSource.MONITORING] / present
            needed = monitored + (step.needed - step.value) / share
            wanted = needed if needed <= 1 else None
        paths.append(
            LiftPath(
                pillar=step.pillar,
                value=step.value,
                needed=step.needed,
                monitored=monitored,
                target=wanted,
                pace=pace(history.get(step.pillar, ())),
                figures=()
                if wanted is None or monitored is None
                else _figures(assessment, step.pillar, wanted - monitored),
            )
        )
    return sorted(paths, key=lambda p: (p.months is None, p.months or 0.0, p.needed - p.value))


def pace(values: Sequence[float | None]) -> float | None:
    """Median slope a month between any two known months; None with fewer than four.

    >>> pace([0.1, 0.2, 0.3, 0.9])        # 0.18: one odd month of four
    """
    known = [(month, value) for month, value in enumerate(values) if value is not None]
    if len(known) < MIN_MONTHS:
        return None
    return float(median((b - a) / (n - m) for (m, a), (n, b) in combinations(known, 2)))


def _figures(assessment: EnterpriseAssessment, pillar: Pillar, rise: float) -> tuple[FigureStep, ...]:
    """Figures of the pillar that alone, within their goalposts, raise its mean by ``rise``."""
    known = [i for i in assessment.monitoring.indicators if i.pillar is pillar and not pd.isna(assessment.raw[i.code])]
    steps = []
    for item in known:
        now = float(assessment.raw[item.code])
        wanted = item.score(now) + rise * len(known)
        if wanted <= 1:
            steps.append(FigureStep(item, now, _value_at(item, wanted)))
    return tuple(steps)


def _value_at(item: Indicator, score: float) -> float:
    """The raw value that scores ``score``: the inverse of ``Indicator.score`` between the goalposts."""
    if item.log:
        return exp(log(item.low) + score * (log(item.high) - log(item.low)))
    return item.low + score * (item.high - item.low)


def monitoring_history(
    ledger: Ledger, parameters: pd.DataFrame, today: date, months: int = MONTHS
) -> dict[int, dict[Pillar, list[float | None]]]:
    """By enterprise: the monitoring of each pillar at the last ``months`` ends of months, oldest first, today last."""
    days = [today]
    while len(days) < months:
        days.insert(0, days[0].replace(day=1) - timedelta(days=1))
    by_day = [{key: m.pillars for key, m in monitoring_on(ledger, parameters, day).items()} for day in days]
    return {
        int(key): {pillar: [scores[int(key)][pillar] for scores in by_day] for pillar in Pillar}
        for key in ledger.enterprises["id"]
    }
