"""Tiers with memory: one good or bad review moves nobody.

    replay([62, 74, 76, 78.5, 79], Rules(thresholds=(45, 60, 75)))[-1].level        # 3

By the built-in rules: promote one step after two consecutive reviews ≥ threshold + 3, if the sources agree and the
threshold is reached with a probability of at least 70% (not asked where it was not computed); demote one step after two
below threshold − 3; otherwise keep and reset the counter. A review without a rating keeps the tier and resets the counter
too. A compliance breach leads to the lowest tier at once. Each review counts by the rules of its own day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.enterprises.rules import BUILT_IN, Rules
from core.terms import Tier, TierCause

__all__ = ["UNPLACED", "Review", "Step", "advance", "level_of", "replay", "tier_of"]


@dataclass(frozen=True)
class Review:
    """What one review brings to the rule."""

    index: float | None  # None: not rated
    breach: bool = False  # wage arrears, safety, dishonesty
    has_third_party: bool = True  # without it 成长 is the highest tier
    reconcile: bool = False  # sources disagree: no promotion
    probability: float | tuple[float, ...] | None = None  # P(score ≥ next threshold), or ≥ each one; None: not computed
    decided: int | None = None  # level that a person decided, with reason and name
    rules: Rules | None = None  # in force at this review; None: those of the whole replay


@dataclass(frozen=True)
class Step:
    """The rule's level and counters after a review."""

    level: int
    cause: TierCause
    up: int  # consecutive reviews that ask for promotion
    down: int  # consecutive reviews that ask for demotion
    is_placed: bool = True  # False before the first rated review


UNPLACED = Step(level=0, cause=TierCause.SCORE, up=0, down=0, is_placed=False)


def level_of(index: float, thresholds: Sequence[float] = BUILT_IN.thresholds) -> int:
    """Number of thresholds reached: the tier without memory."""
    return sum(index >= t for t in thresholds)


def tier_of(level: int) -> Tier:
    """Level 0..4 as a tier, lowest first."""
    return list(Tier)[level]


def replay(reviews: Sequence[Review | float], rules: Rules = BUILT_IN) -> list[Step]:
    """The step after each review, oldest first; see ``advance``."""
    steps: list[Step] = []
    for item in reviews:
        review = item if isinstance(item, Review) else Review(float(item))
        steps.append(advance(steps[-1] if steps else UNPLACED, review, review.rules or rules))
    return steps


def advance(before: Step, review: Review, rules: Rules) -> Step:
    """One review later. The first rated review places by threshold alone; an unrated one keeps the tier and resets the
    counters; a level that a person decided holds from that review on, and the counters start anew.
    """
    top = top_level(review, rules)
    if review.breach:
        return Step(0, TierCause.GATE, 0, 0)
    if review.decided is not None:
        return Step(review.decided, TierCause.MANUAL, 0, 0)
    if review.index is None:
        return Step(before.level, TierCause.SCORE, 0, 0, before.is_placed)
    if not before.is_placed:
        return Step(min(level_of(review.index, rules.thresholds), top), TierCause.SCORE, 0, 0)
    if asks_promotion(before.level, review.index, rules):
        up = before.up + 1
        if up >= rules.periods and before.level < top and not review.reconcile and is_sure(before.level, review, rules):
            return Step(before.level + 1, TierCause.SCORE, 0, 0)
        return Step(before.level, TierCause.SCORE, up, 0)
    if asks_demotion(before.level, review.index, rules):
        down = before.down + 1
        if down >= rules.periods:
            return Step(before.level - 1, TierCause.SCORE, 0, 0)
        return Step(before.level, TierCause.SCORE, 0, down)
    return Step(before.level, TierCause.SCORE, 0, 0)


def top_level(review: Review, rules: Rules) -> int:
    """The highest level open to the review: 成长 without a third-party assessment."""
    highest = len(rules.thresholds)
    return highest if review.has_third_party else min(Tier.GROWTH.order, highest)


def asks_promotion(level: int, index: float, rules: Rules) -> bool:
    """Whether a score is beyond the next threshold by the margin."""
    return level < len(rules.thresholds) and index >= rules.thresholds[level] + rules.margin


def asks_demotion(level: int, index: float, rules: Rules) -> bool:
    """Whether a score is below the threshold of its level by the margin."""
    return level > 0 and index < rules.thresholds[level - 1] - rules.margin


def is_sure(level: int, review: Review, rules: Rules) -> bool:
    """Whether the next threshold is reached with the probability that a promotion needs; True where none was computed."""
    reach = review.probability[level] if isinstance(review.probability, tuple) else review.probability
    return reach is None or reach >= rules.min_probability
