"""Every enterprise with its score, its tier on file, the tier by the rule, and what would raise it a tier.

    assessments = assess_enterprises(ledger, parameters, today)

The badge is the score of the latest review: panel and third party as on file, monitoring **computed from the bureau's own
rows** at the review's day and frozen then with its goalposts (``monitoring.review_monitoring``), so that a review never changes
afterwards. A monitoring value that a review sheet brings is shown beside it and flagged where it differs by more than the
dated parameter ``tier_monitoring_gap``; it is never scored. ``live`` is the same with monitoring from the rows as of today. The
tier is the one on file: the last recorded decision, else what the rule gives over the reviews.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pandas as pd

from core.enterprises.monitoring import (
    SILENT_REFERRALS,
    Ledger,
    Monitoring,
    monitoring_on,
    people_there,
    review_monitoring,
    unanswered,
)
from core.enterprises.robustness import reach_of_scores
from core.enterprises.rules import BUILT_IN, Rules, rules_on
from core.enterprises.score import FLOOR, Score, panel_value, score
from core.enterprises.tiers import UNPLACED, Review, Step, replay, tier_of
from core.locale import N_
from core.store.settings import parameter
from core.terms import EvidenceSource, Pillar, Tier, TierCause

__all__ = [
    "FLAGS",
    "BREACHES",
    "Flag",
    "Lift",
    "Period",
    "Disagreement",
    "EnterpriseAssessment",
    "assess_enterprises",
    "lifts",
]


EPSILON = 1e-9
PILLARS = {p.value: p for p in Pillar}
TIERS = {t.value: t for t in Tier}
CAUSES = {c.value: c for c in TierCause}


class Flag(StrEnum):
    """What a card shows beside its score."""

    BREACH = "breach"
    NEW = "new"
    NOT_RATED = "not_rated"
    RECONCILE = "reconcile"
    NO_THIRD_PARTY = "no_third_party"
    FILED_DIFFERS = "filed_differs"
    UNRESPONSIVE = "unresponsive"
    OFF_RULE = "off_rule"


FLAGS = {
    Flag.BREACH: N_("compliance breach"),
    Flag.NEW: N_("not reviewed yet"),
    Flag.NOT_RATED: N_("not rated: data are missing"),
    Flag.RECONCILE: N_("sources disagree"),
    Flag.NO_THIRD_PARTY: N_("no third-party assessment"),
    Flag.FILED_DIFFERS: N_("filed monitoring differs from the bureau's rows"),
    Flag.UNRESPONSIVE: N_("does not answer referrals"),
    Flag.OFF_RULE: N_("tier on file differs from the rule"),
}
BREACHES = {
    "wage_arrears": N_("wage arrears"),
    "safety_breach": N_("safety breach"),
    "dishonesty": N_("dishonesty"),
}


@dataclass(frozen=True)
class Disagreement:
    """A filed monitoring value that is far from the one computed from the rows; both 0..1."""

    pillar: Pillar | None  # None: the sheet's total
    filed: float
    computed: float


@dataclass(frozen=True)
class Period:
    """One review in the history."""

    reviewed_on: date
    index: float | None  # computed from monitored rows, panel and third party
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
    monitoring: Monitoring  # of the latest review; of today before the first
    filed: Mapping[Pillar, float | None]  # monitoring as the latest review sheet states it, 0..1; never scored
    disagreements: tuple[Disagreement, ...]  # of the latest review
    marks: Mapping[Pillar, tuple[tuple[str, float], ...]]  # panel: judge and mark, of the latest review
    reviewed_on: date | None
    next_review_on: date | None
    tier: Tier
    standing: Step  # by the rule, after the latest review
    preview: Step  # the rule, if the next review brought the same score
    rules: Rules  # that made ``score``: of the latest review
    history: tuple[Period, ...]
    breaches: tuple[str, ...]
    target_people: int
    waiting: int  # referrals without an answer
    flags: tuple[Flag, ...]

    @property
    def index(self) -> float | None:
        return self.score.index

    @property
    def is_reviewed(self) -> bool:
        """Whether it has a place on the board; before its first review ``tier`` means nothing."""
        return bool(self.history)

    @property
    def change(self) -> float | None:
        """Points of the latest review against the one before."""
        reviews = [p.index for p in self.history if p.cause is not TierCause.MANUAL and p.index is not None]
        return None if self.index is None or len(reviews) < 2 else self.index - reviews[-2]

    @property
    def next_threshold(self) -> float | None:
        """Lower bound of the tier above the one on file; None at the top."""
        thresholds = self.rules.thresholds
        return thresholds[self.tier.order] if self.tier.order < len(thresholds) else None

    @property
    def points_to_next(self) -> float | None:
        """Points that the score lacks to the tier above; negative where it is beyond it; None at the top or unrated."""
        return None if self.next_threshold is None or self.index is None else self.next_threshold - self.index


@dataclass(frozen=True)
class Lift:
    """Raising one pillar alone to ``needed`` brings the score to the threshold."""

    pillar: Pillar
    value: float
    needed: float  # may lie above 1: then this pillar alone can't

    @property
    def reachable(self) -> bool:
        return self.needed <= 1.0


def lifts(current: Score, target: float, weights: Mapping[Pillar, float] = BUILT_IN.weights) -> list[Lift]:
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


def assess_enterprises(ledger: Ledger, parameters: pd.DataFrame, today: date) -> list[EnterpriseAssessment]:
    """Every enterprise that had opened by ``today``, best first within its tier, unrated last, unreviewed at the end."""
    rules = ledger.rules_by_review()
    evidence = _evidence(ledger, rules)
    current = monitoring_on(ledger, parameters, today)
    reviewed = review_monitoring(ledger, parameters)
    rules_today = rules_on(ledger.rules, today)
    gap = parameter(parameters, "tier_monitoring_gap", today)
    waiting = unanswered(ledger, today)
    there = people_there(ledger, today)
    target = there[there["target"].astype(bool)].groupby("employer_id")["person_id"].nunique()
    reviews: dict[int, list[Any]] = {}
    for review in ledger.reviews.itertuples():
        reviews.setdefault(int(review.employer_id), []).append(review)
    cases = [
        _scored(
            row,
            reviews.get(int(row["id"]), []),
            evidence=evidence,
            reviewed=reviewed,
            current=current[int(row["id"])],
            rules=rules,
            rules_today=rules_today,
        )
        for _, row in ledger.enterprises.iterrows()
        if pd.isna(row["opened_on"]) or row["opened_on"] <= pd.Timestamp(today)
    ]
    reach = iter(
        reach_of_scores([s for case in cases for s in case.all_scores], [r for case in cases for r in case.all_rules])
    )  # one computation of the draws for all of them
    assessments = [
        _assess(
            case,
            [next(reach) for _ in case.all_scores],
            gap=gap,
            waiting=int(waiting.get(int(case.row["id"]), 0)),
            target_people=int(target.get(int(case.row["id"]), 0)),
        )
        for case in cases
    ]
    return sorted(
        assessments, key=lambda s: (not s.is_reviewed, -s.tier.order, s.index is None, -(s.index or 0.0), s.key)
    )


Marks = dict[Pillar, tuple[tuple[str, float], ...]]
Values = dict[Pillar, float | None]


@dataclass
class Evidence:
    """What one review has on file; ``filed`` is the monitoring that its sheet states, ``filed_total`` its mean (0..1)."""

    filed: Values
    panel: Values
    third: Values
    marks: Marks
    filed_total: float | None = None

    @property
    def is_there(self) -> bool:
        return bool(self.filed or self.panel or self.third or self.filed_total is not None)


def _evidence(ledger: Ledger, rules: Mapping[int, Rules]) -> dict[int, Evidence]:
    """By review id. A sheet's single total is used for every pillar if panel or third party left no details."""
    evidence = {int(key): Evidence({}, {}, {}, {}) for key in ledger.reviews["id"]}
    cells: dict[tuple[int, str, str], list[tuple[str, float]]] = {}
    for row in ledger.review_scores.itertuples():
        cell = (int(row.assessment_id), str(row.pillar), str(row.source))
        cells.setdefault(cell, []).append((str(row.judge), float(row.value)))
    for (review, pillar_code, source), marks in cells.items():
        if review not in evidence:
            continue
        on_file, pillar, values = evidence[review], PILLARS[pillar_code], [value for _, value in marks]
        if source == EvidenceSource.PANEL:
            on_file.marks[pillar] = tuple(marks)
            on_file.panel[pillar] = panel_value(values, rules[review].min_judges)
        elif source == EvidenceSource.THIRD_PARTY:
            on_file.third[pillar] = sum(values) / len(values)
        else:
            on_file.filed[pillar] = sum(values) / len(values)
    for row in ledger.reviews.itertuples():
        on_file = evidence[int(row.id)]
        on_file.panel = on_file.panel or _everywhere(row.panel)
        on_file.third = on_file.third or _everywhere(row.third_party)
        on_file.filed_total = None if pd.isna(row.monitoring) else float(row.monitoring) / 100
    return evidence


def _everywhere(total: float) -> Values:
    return {} if pd.isna(total) else dict.fromkeys(Pillar, float(total) / 100)


@dataclass(frozen=True, eq=False)
class _Scored:
    """One enterprise with the score of each of its ``reviews`` and by the rules of each, before the rule of tiers."""

    row: pd.Series
    reviews: Sequence[Any]  # rows, oldest first
    scores: list[Score]
    rules: list[Rules]
    evidence: Evidence  # of the latest review; empty before the first
    monitoring: Monitoring
    current: Monitoring
    shown: Score
    shown_rules: Rules
    live: Score

    @property
    def all_scores(self) -> list[Score]:
        """Those of the reviews and the one shown: what the next review would bring if nothing changed."""
        return [*self.scores, self.shown]

    @property
    def all_rules(self) -> list[Rules]:
        return [*self.rules, self.shown_rules]


def _scored(
    row: pd.Series,
    reviews: Sequence[Any],
    *,
    evidence: Mapping[int, Evidence],
    reviewed: Mapping[int, Monitoring],
    current: Monitoring,
    rules: Mapping[int, Rules],
    rules_today: Rules,
) -> _Scored:
    """One enterprise from its own ``row`` and ``reviews``; ``evidence``, ``reviewed`` and ``rules`` are by review id,
    ``current`` of today.
    """
    scores: list[Score] = []
    own_rules = [rules[int(r.id)] for r in reviews]
    shown_rules = rules_today
    latest, monitoring = Evidence({}, {}, {}, {}), current
    for r, in_force in zip(reviews, own_rules, strict=True):
        on_file = evidence[int(r.id)]
        if (
            scores and not on_file.is_there and pd.isna(r.round_id)
        ):  # a decision between reviews rests on the evidence of the one before
            scores.append(scores[-1])
            continue
        latest, monitoring, shown_rules = on_file, reviewed.get(int(r.id), current), in_force
        scores.append(score(monitoring.pillars, on_file.panel, on_file.third, in_force))
    live = score(current.pillars, latest.panel, latest.third, shown_rules)
    return _Scored(
        row=row,
        reviews=reviews,
        scores=scores,
        rules=own_rules,
        evidence=latest,
        monitoring=monitoring,
        current=current,
        shown=scores[-1] if scores else live,
        shown_rules=shown_rules,
        live=live,
    )


def _assess(
    case: _Scored,
    reach: Sequence[tuple[float, ...] | None],
    *,
    gap: float,
    waiting: int,
    target_people: int,
) -> EnterpriseAssessment:
    """The rule of tiers over an enterprise's reviews; ``reach`` has one entry for each of ``case.all_scores``."""
    row, reviews, scores, shown, shown_rules = case.row, case.reviews, case.scores, case.shown, case.shown_rules
    latest, monitoring, current = case.evidence, case.monitoring, case.current
    last = reviews[-1] if reviews else None
    breaches = () if last is None else tuple(name for name in BREACHES if bool(getattr(last, name)))
    past = [
        _given(r, computed, probability, in_force)
        for r, computed, probability, in_force in zip(reviews, scores, reach[:-1], case.rules, strict=True)
    ]
    ahead = Review(
        index=shown.index,
        breach=bool(breaches),
        has_third_party=shown.has_third_party,
        reconcile=bool(shown.reconcile),
        probability=reach[-1],
        rules=shown_rules,
    )
    steps = replay([*past, ahead])
    history = tuple(_period(r, computed, step) for r, computed, step in zip(reviews, scores, steps, strict=False))
    tier = history[-1].tier if history else tier_of(steps[-1].level)
    disagreements = _disagreements(latest, monitoring.pillars, gap)
    flags = {
        Flag.BREACH: bool(breaches),
        Flag.NEW: not history,
        Flag.NOT_RATED: bool(history) and shown.index is None,
        Flag.RECONCILE: bool(shown.reconcile),
        Flag.NO_THIRD_PARTY: shown.index is not None and not shown.has_third_party,
        Flag.FILED_DIFFERS: bool(disagreements),
        Flag.UNRESPONSIVE: waiting >= SILENT_REFERRALS,
        Flag.OFF_RULE: bool(history) and history[-1].tier is not history[-1].by_rule,
    }
    return EnterpriseAssessment(
        key=int(row["id"]),
        name=str(row["name"]),
        community=_text(row["community"]),
        opened_on=None if pd.isna(row["opened_on"]) else row["opened_on"].date(),
        raw=current.raw,
        score=shown,
        live=case.live,
        monitoring=monitoring,
        filed=latest.filed,
        disagreements=disagreements,
        marks=latest.marks,
        reviewed_on=None if last is None else last.reviewed_on.date(),
        next_review_on=None if last is None or pd.isna(last.next_review_on) else last.next_review_on.date(),
        tier=tier,
        standing=steps[-2] if len(steps) > 1 else UNPLACED,
        preview=steps[-1],
        rules=shown_rules,
        history=history,
        breaches=breaches,
        target_people=target_people,
        waiting=waiting,
        flags=tuple(flag for flag, holds in flags.items() if holds),
    )


def _disagreements(on_file: Evidence, computed: Values, gap: float) -> tuple[Disagreement, ...]:
    """Pillars whose filed monitoring is more than ``gap`` from the computed one; of a sheet without details its total."""
    known = {pillar: value for pillar, value in computed.items() if value is not None}
    pairs = [
        Disagreement(pillar, filed, known[pillar])
        for pillar, filed in on_file.filed.items()
        if filed is not None and pillar in known
    ]
    if not on_file.filed and on_file.filed_total is not None and known:
        pairs = [Disagreement(None, on_file.filed_total, sum(known.values()) / len(known))]
    return tuple(d for d in pairs if abs(d.filed - d.computed) > gap + EPSILON)


def _given(row: Any, computed: Score, reach: tuple[float, ...] | None, rules: Rules) -> Review:
    """What a review brings to the rule: the index of its evidence; the sheet's own composite only where there is none."""
    manual = row.cause == TierCause.MANUAL and not pd.isna(row.tier)
    return Review(
        index=float(row.score) if computed.index is None and not pd.isna(row.score) else computed.index,
        breach=any(bool(getattr(row, name)) for name in BREACHES),
        has_third_party=computed.has_third_party,
        reconcile=bool(computed.reconcile),
        probability=reach,
        decided=TIERS[row.tier].order if manual else None,
        rules=rules,
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
