"""The tiers that a review round proposes, with the grounds of each, from inputs that can be kept and computed again.

    inputs = round_inputs(connection, round_id)           # what the rows say, once
    proposals = propose(inputs, rules)                    # pure: the same inputs and rules give the same tiers
    is_reproduced(frozen_inputs, frozen_rules, frozen_results)

A judge with a conflict of interest marks nothing; the panel's value is the median of at least ``rules.min_judges`` marks. A
third-party assessment counts while it is valid on the day that the period ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from math import isclose
from statistics import median
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from core.enterprises import queries
from core.enterprises.assessment import BREACHES, assess_enterprises
from core.enterprises.goalposts import INDICATORS
from core.enterprises.loading import load
from core.enterprises.monitoring import Monitoring, monitoring_on
from core.enterprises.robustness import reach_of_scores
from core.enterprises.rules import Rules
from core.enterprises.score import Score, panel_value, score
from core.enterprises.tiers import Review, Step, advance, asks_demotion, asks_promotion, is_sure, tier_of, top_level
from core.locale import N_
from core.store import settings
from core.terms import EvidenceSource, Pillar, Tier, TierCause

__all__ = [
    "GROUNDS",
    "CaseInputs",
    "Ground",
    "Proposal",
    "Spread",
    "is_reproduced",
    "propose",
    "round_inputs",
    "third_party_counts",
]

DIGITS, CLOSE = 9, 1e-8  # decimals of a frozen result, and how far one computed again may be from it


class Ground(StrEnum):
    """Why a proposal is what it is."""

    BREACH = "breach"
    NOT_RATED = "not_rated"
    FIRST = "first"
    PROMOTED = "promoted"
    DEMOTED = "demoted"
    KEPT = "kept"
    ONE_MORE_UP = "one_more_up"
    ONE_MORE_DOWN = "one_more_down"
    CAPPED = "capped"
    SOURCES_DISAGREE = "sources_disagree"
    UNSURE = "unsure"


GROUNDS = {
    Ground.BREACH: N_("compliance breach: watch tier at once"),
    Ground.NOT_RATED: N_("not rated: too little evidence; the tier stays"),
    Ground.FIRST: N_("first rated review: placed by its score"),
    Ground.PROMOTED: N_("promoted: the score held beyond the threshold"),
    Ground.DEMOTED: N_("demoted: the score stayed below the threshold"),
    Ground.KEPT: N_("within the margin: the tier stays"),
    Ground.ONE_MORE_UP: N_("beyond the threshold, but not in enough consecutive reviews yet"),
    Ground.ONE_MORE_DOWN: N_("below the threshold, but not in enough consecutive reviews yet"),
    Ground.CAPPED: N_("no valid third-party assessment: growth is the highest tier"),
    Ground.SOURCES_DISAGREE: N_("sources disagree: no promotion before they are reconciled"),
    Ground.UNSURE: N_("the threshold is not reached surely enough for a promotion"),
}


@dataclass(frozen=True)
class Spread:
    """What the panel says of one pillar: median and extremes of ``n`` marks, 0..1."""

    median: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class CaseInputs:
    """Everything that one enterprise's proposal is computed from."""

    employer_id: int
    name: str
    monitoring: Mapping[str, tuple[float | None, float, float]]  # by indicator: value, goalposts
    panel: Mapping[Pillar, Mapping[str, float]]  # by judge, 0..1
    third: Mapping[Pillar, float]  # 0..1; empty without a valid assessment
    breaches: tuple[str, ...]
    excluded: tuple[str, ...]  # judges with a conflict of interest
    tier: Tier | None  # on file before the round
    before: Step  # by the rule, after the review before

    def spreads(self) -> dict[Pillar, Spread]:
        """The panel's marks by pillar, where there are any."""
        return {
            pillar: Spread(median(given.values()), min(given.values()), max(given.values()), len(given))
            for pillar, given in self.panel.items()
            if given
        }

    def score(self, rules: Rules) -> Score:
        """The score by ``rules``, the monitoring between the goalposts that are part of the inputs."""
        indicators = tuple(
            replace(i, low=self.monitoring[i.code][1], high=self.monitoring[i.code][2])
            for i in INDICATORS
            if i.code in self.monitoring
        )
        raw = pd.Series({code: value for code, (value, _, _) in self.monitoring.items()}, dtype="float64")
        panel = {p: panel_value(list(given.values()), rules.min_judges) for p, given in self.panel.items()}
        return score(Monitoring(raw, indicators, None).pillars, panel, self.third, rules)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values; numbers survive exactly."""
        return {
            "employer_id": self.employer_id,
            "name": self.name,
            "monitoring": {code: list(values) for code, values in self.monitoring.items()},
            "panel": {p.value: dict(sorted(given.items())) for p, given in self.panel.items()},
            "third": {p.value: v for p, v in self.third.items()},
            "breaches": list(self.breaches),
            "excluded": list(self.excluded),
            "tier": None if self.tier is None else self.tier.value,
            "before": _step_json(self.before),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> CaseInputs:
        """The inverse of ``to_json``."""
        return cls(
            employer_id=int(content["employer_id"]),
            name=str(content["name"]),
            monitoring={code: (value, low, high) for code, (value, low, high) in content["monitoring"].items()},
            panel={Pillar.of(p): dict(given) for p, given in content["panel"].items()},
            third={Pillar.of(p): float(v) for p, v in content["third"].items()},
            breaches=tuple(content["breaches"]),
            excluded=tuple(content["excluded"]),
            tier=None if content["tier"] is None else Tier.of(content["tier"]),
            before=Step(**{**content["before"], "cause": TierCause.of(content["before"]["cause"])}),
        )


@dataclass(frozen=True)
class Proposal:
    """The tier proposed for one enterprise."""

    inputs: CaseInputs
    score: Score
    after: Step
    probability: float | None  # of reaching the next threshold; None at the top or unrated
    grounds: tuple[Ground, ...]

    @property
    def tier(self) -> Tier:
        return tier_of(self.after.level)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values, numbers to ``DIGITS`` decimals."""
        return {
            "employer_id": self.inputs.employer_id,
            "index": _kept(self.score.index),
            "arithmetic": _kept(self.score.arithmetic),
            "coverage": _kept(self.score.coverage),
            "probability": _kept(self.probability),
            "grounds": [g.value for g in self.grounds],
            "after": _step_json(self.after),
        }


def propose(inputs: Sequence[CaseInputs], rules: Rules) -> list[Proposal]:
    """One proposal an enterprise, in the order of ``inputs``."""
    scores = [case.score(rules) for case in inputs]
    proposals = []
    for case, own, reach in zip(inputs, scores, reach_of_scores(scores, rules), strict=True):
        review = Review(
            index=own.index,
            breach=bool(case.breaches),
            has_third_party=own.has_third_party,
            reconcile=bool(own.reconcile),
            probability=reach,
            rules=rules,
        )
        after = advance(case.before, review, rules)
        level = case.before.level
        probability = reach[level] if reach is not None and level < len(reach) else None
        proposals.append(Proposal(case, own, after, probability, _grounds(case.before, review, after, rules)))
    return proposals


def is_reproduced(
    inputs: Sequence[Mapping[str, Any]], rules: Mapping[str, Any], results: Sequence[Mapping[str, Any]]
) -> bool:
    """Whether frozen ``inputs`` under their own frozen ``rules`` still give the frozen ``results``.

    Numbers may differ by ``CLOSE``: powers and logarithms differ in their last bit from one processor to another.
    """
    again = propose([CaseInputs.from_json(case) for case in inputs], Rules.from_json(rules))
    return len(again) == len(results) and all(
        own.to_json().keys() == kept.keys() and all(_agree(value, kept[name]) for name, value in own.to_json().items())
        for own, kept in zip(again, results, strict=True)
    )


def _agree(value: object, kept: object) -> bool:
    """Equal, or numbers that are as good as equal."""
    if isinstance(value, float) and isinstance(kept, float | int):
        return isclose(value, kept, rel_tol=0, abs_tol=CLOSE)
    return value == kept


def _kept(value: float | None) -> float | None:
    """A computed number as it is frozen: without the digits in which processors differ."""
    return None if value is None else round(value, DIGITS)


def _grounds(before: Step, review: Review, after: Step, rules: Rules) -> tuple[Ground, ...]:
    """Every rule that took part, the deciding one first."""
    if review.breach:
        return (Ground.BREACH,)
    if review.index is None:
        return (Ground.NOT_RATED,)
    capped = () if review.has_third_party else (Ground.CAPPED,)
    if not before.is_placed:
        return (Ground.FIRST, *capped)
    if after.level > before.level:
        return (Ground.PROMOTED,)
    if after.level < before.level:
        return (Ground.DEMOTED, *capped)
    if asks_demotion(before.level, review.index, rules):
        return (Ground.ONE_MORE_DOWN, *capped)
    if not asks_promotion(before.level, review.index, rules):
        return (Ground.KEPT, *capped)
    holds = {
        Ground.ONE_MORE_UP: after.up < rules.periods,
        Ground.CAPPED: before.level >= top_level(review, rules),
        Ground.SOURCES_DISAGREE: review.reconcile,
        Ground.UNSURE: not is_sure(before.level, review, rules),
    }
    return tuple(ground for ground, is_so in holds.items() if is_so)


def third_party_counts(assessed_on: object, valid_until: object, ends_on: date) -> bool:
    """Whether a third-party assessment was made and is still valid on the day that the period ends; without a last day it
    does not lapse.
    """
    at = pd.Timestamp(ends_on)
    made = not pd.isna(assessed_on) and pd.Timestamp(str(assessed_on)) <= at
    return made and (pd.isna(valid_until) or pd.Timestamp(str(valid_until)) >= at)


def round_inputs(connection: Connection, round_id: int) -> list[CaseInputs]:
    """The inputs of a round's proposal from the rows: monitoring as of its last day, marks, assessments, history before.

    LookupError if there is no such round.
    """
    rounds = queries.rounds(connection).set_index("id")
    if round_id not in rounds.index:
        raise LookupError(f"review round {round_id}")
    ends_on = rounds.loc[round_id, "ends_on"].date()
    ledger, parameters = load(connection, ends_on - timedelta(days=1)), settings.parameters(connection)
    before = {a.key: a for a in assess_enterprises(ledger, parameters, ends_on)}
    monitoring = monitoring_on(ledger, parameters, ends_on)
    marks, exclusions = queries.marks(connection, None), queries.exclusions(connection)
    cases = queries.cases(connection)
    inputs = []
    for case in cases[cases["round_id"] == round_id].itertuples():
        key, own = int(case.employer_id), marks[marks["case_id"] == case.id]
        history, figures = before[key], monitoring[key]
        excluded = tuple(exclusions.loc[exclusions["case_id"] == case.id, "judge"])
        panel = own[(own["source"] == EvidenceSource.PANEL) & ~own["judge"].isin(excluded)]
        third = own[own["source"] == EvidenceSource.THIRD_PARTY]
        counts = third_party_counts(case.assessed_on, case.valid_until, ends_on)
        inputs.append(
            CaseInputs(
                employer_id=key,
                name=str(case.name),
                monitoring={
                    i.code: (None if pd.isna(value := figures.raw[i.code]) else float(value), i.low, i.high)
                    for i in figures.indicators
                },
                panel={
                    p: dict(zip(rows["judge"], rows["value"].astype(float), strict=True))
                    for p in Pillar
                    if not (rows := panel[panel["pillar"] == p]).empty
                },
                third={Pillar.of(p): float(v) for p, v in zip(third["pillar"], third["value"], strict=True) if counts},
                breaches=tuple(name for name in BREACHES if bool(getattr(case, name))),
                excluded=excluded,
                tier=history.tier if history.is_reviewed else None,
                before=history.standing,
            )
        )
    return inputs


def _step_json(step: Step) -> dict[str, Any]:
    return {
        "level": step.level,
        "cause": step.cause.value,
        "up": step.up,
        "down": step.down,
        "is_placed": step.is_placed,
    }
