"""Every enterprise with its score, its tier on file, the tier by the rule, and what would raise it a tier.

    assessments = assess_enterprises(ledger, indicators, today, Travel(ebike, detour))

The badge is the score of the latest review, computed from the evidence on file: panel, third party, and monitoring as
recorded then, or, where none was recorded, computed from the bureau's rows as of the review's day. So a review never
changes afterwards. Beside it, ``live`` is the same with monitoring computed from the rows as of today. The tier is
the one on file: the last recorded decision, else what the rule gives over the reviews.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pandas as pd

from core.enterprises.goalposts import Indicator
from core.enterprises.monitoring import SILENT_REFERRALS, Ledger, monitor, people_there, unanswered
from core.enterprises.robustness import reach_of_scores
from core.enterprises.score import FLOOR, WEIGHTS, Score, monitoring_pillars, panel_value, score
from core.enterprises.tiers import THRESHOLDS, Review, Step, replay, tier_of
from core.locale import N_
from core.store.settings import parameter
from core.terms import EvidenceSource, Pillar, Tier, TierCause

__all__ = [
    "FLAGS",
    "BREACHES",
    "Flag",
    "Lift",
    "Period",
    "EnterpriseAssessment",
    "Travel",
    "assess_enterprises",
    "lifts",
]


PILLARS = {p.value: p for p in Pillar}
TIERS = {t.value: t for t in Tier}
CAUSES = {c.value: c for c in TierCause}


class Flag(StrEnum):
    """What a card shows beside its score."""

    BREACH = "breach"
    NOT_RATED = "not_rated"
    RECONCILE = "reconcile"
    NO_THIRD_PARTY = "no_third_party"
    UNRESPONSIVE = "unresponsive"
    OFF_RULE = "off_rule"


FLAGS = {
    Flag.BREACH: N_("compliance breach"),
    Flag.NOT_RATED: N_("not rated: data are missing"),
    Flag.RECONCILE: N_("sources disagree"),
    Flag.NO_THIRD_PARTY: N_("no third-party assessment"),
    Flag.UNRESPONSIVE: N_("does not answer referrals"),
    Flag.OFF_RULE: N_("tier on file differs from the rule"),
}
BREACHES = {
    "wage_arrears": N_("wage arrears"),
    "safety_breach": N_("safety breach"),
    "dishonesty": N_("dishonesty"),
}


@dataclass(frozen=True)
class Travel:
    """How far a person gets: metres a minute by e-bike, and way ÷ straight line."""

    ebike: float
    detour: float

    @classmethod
    def on(cls, parameters: pd.DataFrame, today: date) -> Travel:
        """The dated parameters in force on ``today``."""
        return cls(
            ebike=parameter(parameters, "ebike_metres_per_minute", today),
            detour=parameter(parameters, "detour_factor", today),
        )


@dataclass(frozen=True)
class Period:
    """One review in the history."""

    reviewed_on: date
    index: float | None  # computed from the evidence on file
    recorded: float | None  # composite as the review sheet states it
    tier: Tier  # recorded, else by the rule
    by_rule: Tier
    cause: TierCause
    reason: str
    decided_by: str
    method: str


@dataclass(frozen=True)
class EnterpriseAssessment:
    """One enterprise today."""

    key: int
    name: str
    community: str
    opened_on: date | None
    raw: pd.Series  # monitored figures as of today, see ``monitoring``
    score: Score  # of the latest review; of today's rows alone before the first
    live: Score  # the same with monitoring from today's rows
    marks: Mapping[Pillar, tuple[tuple[str, float], ...]]  # panel: judge and mark, of the latest review
    reviewed_on: date | None
    next_review_on: date | None
    tier: Tier
    preview: Step  # the rule, if the next review brought the same score
    history: tuple[Period, ...]
    breaches: tuple[str, ...]
    target_people: int
    waiting: int  # referrals without an answer
    flags: tuple[Flag, ...]

    @property
    def index(self) -> float | None:
        return self.score.index

    @property
    def change(self) -> float | None:
        """Points of the latest review against the one before."""
        reviews = [p.index for p in self.history if p.cause is not TierCause.MANUAL and p.index is not None]
        return None if self.index is None or len(reviews) < 2 else self.index - reviews[-2]

    @property
    def next_threshold(self) -> float | None:
        """Lower bound of the tier above the one on file; None at the top."""
        return THRESHOLDS[self.tier.order] if self.tier.order < len(THRESHOLDS) else None


@dataclass(frozen=True)
class Lift:
    """Raising one pillar alone to ``needed`` brings the score to the threshold."""

    pillar: Pillar
    value: float
    needed: float  # may lie above 1: then this pillar alone can't

    @property
    def reachable(self) -> bool:
        return self.needed <= 1.0


def lifts(current: Score, target: float, weights: Mapping[Pillar, float] = WEIGHTS) -> list[Lift]:
    """Per pillar, the value that lifts the geometric index to ``target``: P·(target/index)^(1/w); smallest step first."""
    if current.index is None or current.index >= target:
        return []
    total = sum(weights.values())
    steps = []
    for part in current.pillars:
        if part.value is None or weights[part.pillar] <= 0:
            continue
        base = max(part.value, FLOOR)
        steps.append(Lift(part.pillar, part.value, base * (target / current.index) ** (total / weights[part.pillar])))
    return sorted(steps, key=lambda s: s.needed - s.value)


def assess_enterprises(
    ledger: Ledger, indicators: Sequence[Indicator], today: date, travel: Travel
) -> list[EnterpriseAssessment]:
    """Every enterprise that had opened by ``today``, best first within its tier, unrated last."""
    evidence = _evidence(ledger)
    unmonitored = [not evidence[int(key)].monitoring for key in ledger.reviews["id"]]
    days = sorted({d.date() for d in ledger.reviews.loc[unmonitored, "reviewed_on"]} | {today})
    monitored = {day: monitor(ledger, day, travel.ebike, travel.detour) for day in days}
    waiting = unanswered(ledger, today)
    there = people_there(ledger, today)
    target = there[there["target"].astype(bool)].groupby("employer_id")["person_id"].nunique()
    assessments = []
    for _, row in ledger.enterprises.iterrows():
        if not pd.isna(row["opened_on"]) and row["opened_on"] > pd.Timestamp(today):
            continue
        key = int(row["id"])
        assessments.append(
            _assess(
                row,
                ledger.reviews[ledger.reviews["employer_id"] == key],
                evidence=evidence,
                monitored={day: monitoring_pillars(figures.loc[key], indicators) for day, figures in monitored.items()},
                raw=monitored[today].loc[key],
                today=today,
                waiting=int(waiting.get(key, 0)),
                target_people=int(target.get(key, 0)),
            )
        )
    return sorted(assessments, key=lambda s: (-s.tier.order, s.index is None, -(s.index or 0.0), s.key))


Marks = dict[Pillar, tuple[tuple[str, float], ...]]
Values = dict[Pillar, float | None]


@dataclass
class Evidence:
    """What one review has on file."""

    monitoring: Values
    panel: Values
    third: Values
    marks: Marks

    @property
    def is_there(self) -> bool:
        return bool(self.monitoring or self.panel or self.third)


def _evidence(ledger: Ledger) -> dict[int, Evidence]:
    """By review id. A sheet's single total is used for every pillar if panel or third party left no details."""
    evidence = {int(key): Evidence({}, {}, {}, {}) for key in ledger.reviews["id"]}
    for (review, pillar_code, source), rows in ledger.review_scores.groupby(["assessment_id", "pillar", "source"]):
        on_file = evidence.get(int(review))
        if on_file is None:
            continue
        pillar, values = PILLARS[str(pillar_code)], [float(v) for v in rows["value"]]
        if source == EvidenceSource.PANEL:
            on_file.marks[pillar] = tuple(zip((str(j) for j in rows["judge"]), values, strict=True))
            on_file.panel[pillar] = panel_value(values)
        elif source == EvidenceSource.THIRD_PARTY:
            on_file.third[pillar] = sum(values) / len(values)
        else:
            on_file.monitoring[pillar] = sum(values) / len(values)
    for row in ledger.reviews.itertuples():
        on_file = evidence[int(row.id)]
        on_file.panel = on_file.panel or _everywhere(row.panel)
        on_file.third = on_file.third or _everywhere(row.third_party)
    return evidence


def _everywhere(total: float) -> Values:
    return {} if pd.isna(total) else dict.fromkeys(Pillar, float(total) / 100)


def _assess(
    row: pd.Series,
    reviews: pd.DataFrame,
    *,
    evidence: Mapping[int, Evidence],
    monitored: Mapping[date, Values],
    raw: pd.Series,
    today: date,
    waiting: int,
    target_people: int,
) -> EnterpriseAssessment:
    """One enterprise from its own ``row`` and ``reviews``; ``monitored`` holds its pillars today and on
    the day of each review that recorded none."""
    scores: list[Score] = []
    latest = Evidence({}, {}, {}, {})
    for r in reviews.itertuples():
        on_file, day = evidence[int(r.id)], r.reviewed_on.date()
        if scores and not on_file.is_there:  # a decision between reviews rests on the evidence of the one before
            scores.append(scores[-1])
            continue
        latest = on_file
        computed = on_file.monitoring or monitored[day]
        scores.append(score(computed, on_file.panel, on_file.third))
    last = None if reviews.empty else reviews.iloc[-1]
    live = score(monitored[today], latest.panel, latest.third)
    current = scores[-1] if scores else live
    breaches = () if last is None else tuple(name for name in BREACHES if bool(last[name]))
    reach = reach_of_scores([*scores, current])
    past = [_given(r, *known) for r, known in zip(reviews.itertuples(), zip(scores, reach, strict=False), strict=True)]
    ahead = Review(
        index=current.index,
        breach=bool(breaches),
        has_third_party=current.has_third_party,
        reconcile=bool(current.reconcile),
        probability=reach[-1],
    )
    steps = replay([*past, ahead])
    history = tuple(
        _period(r, computed, step) for r, computed, step in zip(reviews.itertuples(), scores, steps, strict=False)
    )
    tier = history[-1].tier if history else tier_of(steps[-1].level)
    flags = {
        Flag.BREACH: bool(breaches),
        Flag.NOT_RATED: current.index is None,
        Flag.RECONCILE: bool(current.reconcile),
        Flag.NO_THIRD_PARTY: current.index is not None and not current.has_third_party,
        Flag.UNRESPONSIVE: waiting >= SILENT_REFERRALS,
        Flag.OFF_RULE: bool(history) and history[-1].tier is not history[-1].by_rule,
    }
    return EnterpriseAssessment(
        key=int(row["id"]),
        name=str(row["name"]),
        community=_text(row["community"]),
        opened_on=None if pd.isna(row["opened_on"]) else row["opened_on"].date(),
        raw=raw,
        score=current,
        live=live,
        marks=latest.marks,
        reviewed_on=None if last is None else last["reviewed_on"].date(),
        next_review_on=None if last is None or pd.isna(last["next_review_on"]) else last["next_review_on"].date(),
        tier=tier,
        preview=steps[-1],
        history=history,
        breaches=breaches,
        target_people=target_people,
        waiting=waiting,
        flags=tuple(flag for flag, holds in flags.items() if holds),
    )


def _given(row: Any, computed: Score, reach: tuple[float, ...] | None) -> Review:
    """What a review brings to the rule: the composite that it recorded, else the one computed from its evidence."""
    manual = row.cause == TierCause.MANUAL and not pd.isna(row.tier)
    return Review(
        index=computed.index if pd.isna(row.score) else float(row.score),
        breach=any(bool(getattr(row, name)) for name in BREACHES),
        has_third_party=computed.has_third_party,
        reconcile=bool(computed.reconcile),
        probability=reach,
        decided=TIERS[row.tier].order if manual else None,
    )


def _period(row: Any, computed: Score, step: Step) -> Period:
    tier = None if pd.isna(row.tier) else TIERS[row.tier]
    cause = None if pd.isna(row.cause) else CAUSES[row.cause]
    return Period(
        reviewed_on=row.reviewed_on.date(),
        index=computed.index,
        recorded=None if pd.isna(row.score) else float(row.score),
        tier=tier or tier_of(step.level),
        by_rule=tier_of(step.level),
        cause=cause or step.cause,
        reason=_text(row.reason),
        decided_by=_text(row.decided_by),
        method=_text(row.method_version),
    )


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)
