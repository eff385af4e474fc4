"""Tiers with memory: one good or bad review moves nobody.

    replay([62, 74, 76, 78.5, 79], (45, 60, 75))[-1].level        # 3

Promote one step after two consecutive reviews ≥ threshold + 3, if the sources agree and the threshold is reached with a
probability of at least 70% (not asked where it was not computed); demote one step after two below threshold − 3;
otherwise keep and reset the counter. A review without a rating keeps the tier and resets the counter too. A compliance breach leads to the lowest tier at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.terms import Tier, TierCause

__all__ = ["MARGIN", "MIN_PROBABILITY", "PERIODS", "THRESHOLDS", "Review", "Step", "level_of", "replay", "tier_of"]

THRESHOLDS = (60.0, 70.0, 80.0, 90.0)  # lower bounds of 储备, 成长, 骨干, 领军
MARGIN = 3.0  # points
PERIODS = 2  # consecutive reviews
MIN_PROBABILITY = 0.7  # of reaching the threshold, for a promotion


@dataclass(frozen=True)
class Review:
    """What one review brings to the rule."""

    index: float | None  # None: not rated
    breach: bool = False  # wage arrears, safety, dishonesty
    has_third_party: bool = True  # without it 成长 is the highest tier
    reconcile: bool = False  # sources disagree: no promotion
    probability: float | tuple[float, ...] | None = None  # P(score ≥ next threshold), or ≥ each one; None: not computed
    decided: int | None = None  # level that a person decided, with reason and name


@dataclass(frozen=True)
class Step:
    """The rule's level and counters after a review."""

    level: int
    cause: TierCause
    up: int  # consecutive reviews that ask for promotion
    down: int  # consecutive reviews that ask for demotion


def level_of(index: float, thresholds: Sequence[float] = THRESHOLDS) -> int:
    """Number of thresholds reached: the tier without memory."""
    return sum(index >= t for t in thresholds)


def tier_of(level: int) -> Tier:
    """Level 0..4 as a tier, lowest first."""
    return list(Tier)[level]


def replay(
    reviews: Sequence[Review | float],
    thresholds: Sequence[float] = THRESHOLDS,
    margin: float = MARGIN,
    periods: int = PERIODS,
) -> list[Step]:
    """The tier after each review. The first rated review places by threshold alone; an unrated one keeps the tier and resets
    the counters.

    A level that a person decided holds from that review on, and the counters start anew.
    """
    ceiling = min(Tier.GROWTH.order, len(thresholds))
    level, up, down, placed = 0, 0, 0, False
    steps: list[Step] = []
    for item in reviews:
        review = item if isinstance(item, Review) else Review(float(item))
        top = len(thresholds) if review.has_third_party else ceiling
        cause = TierCause.SCORE
        if review.breach:
            level, up, down, placed, cause = 0, 0, 0, True, TierCause.GATE
        elif review.decided is not None:
            level, up, down, placed, cause = review.decided, 0, 0, True, TierCause.MANUAL
        elif review.index is None:
            up = down = 0
        elif not placed:
            level, placed = min(level_of(review.index, thresholds), top), True
        else:
            level, up, down = _move(level, up, down, review, thresholds, margin, periods, top)
        steps.append(Step(level, cause, up, down))
    return steps


def _move(
    level: int, up: int, down: int, review: Review, thresholds: Sequence[float], margin: float, periods: int, top: int
) -> tuple[int, int, int]:
    assert review.index is not None
    if level < len(thresholds) and review.index >= thresholds[level] + margin:
        up, down = up + 1, 0
        reach = review.probability[level] if isinstance(review.probability, tuple) else review.probability
        is_sure = reach is None or reach >= MIN_PROBABILITY
        if up >= periods and level < top and not review.reconcile and is_sure:
            return level + 1, 0, 0
        return level, up, down
    if level > 0 and review.index < thresholds[level - 1] - margin:
        down, up = down + 1, 0
        return (level - 1, 0, 0) if down >= periods else (level, up, down)
    return level, 0, 0
