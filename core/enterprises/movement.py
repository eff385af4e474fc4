"""What other rules would move: every enterprise's score, tier and rank by the rules in force and by the proposed ones.

    table = movement(ledger, parameters, rules_on(ledger.rules, today), proposed, today)
    table.moved_share        # of the highest tier

Both sides replay the whole history by one set of rules, memory and decisions included, so that the difference is that of
the rules alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from core.enterprises.assessment import EnterpriseAssessment, assess_enterprises
from core.enterprises.monitoring import Ledger
from core.enterprises.robustness import rank_columns
from core.enterprises.rules import Rules
from core.enterprises.tiers import tier_of
from core.terms import Tier

__all__ = ["MAX_MOVED_SHARE", "Move", "Movement", "compare", "movement", "under_rules"]

MAX_MOVED_SHARE = 0.2  # of the highest tier: beyond it a change of rules needs a second confirmation


@dataclass(frozen=True)
class Move:
    """One enterprise by the old and by the new rules; an index, tier and rank of None where it is not rated."""

    key: int
    name: str
    index: tuple[float | None, float | None]
    tier: tuple[Tier | None, Tier | None]
    rank: tuple[int | None, int | None]

    @property
    def moves(self) -> bool:
        """Whether it changes its tier."""
        return self.tier[0] is not self.tier[1]


@dataclass(frozen=True)
class Movement:
    """All enterprises that have been reviewed, in the order of the old ranks."""

    moves: tuple[Move, ...]

    @property
    def top(self) -> Tier:
        """The highest tier with a member by the old rules."""
        return max((m.tier[0] for m in self.moves if m.tier[0] is not None), key=lambda t: t.order, default=Tier.LEADER)

    @property
    def moved_share(self) -> float:
        """Enterprises that leave the top tier ÷ its members by the old rules; 0 without members."""
        members = [m for m in self.moves if m.tier[0] is self.top]
        return sum(m.moves for m in members) / len(members) if members else 0.0

    @property
    def needs_second_confirmation(self) -> bool:
        return self.moved_share > MAX_MOVED_SHARE


def under_rules(ledger: Ledger, parameters: pd.DataFrame, rules: Rules, today: date) -> list[EnterpriseAssessment]:
    """The board if ``rules`` had held at every review: figures that are frozen are kept, and scored between the goalposts
    that ``rules`` name, else between those that were frozen with them.
    """
    frozen = ledger.frozen.copy()
    for position, end in enumerate(("low", "high")):
        named = {code: posts[position] for code, posts in rules.goalposts.items()}
        frozen[end] = frozen["indicator"].map(named).astype("float64").fillna(frozen[end])
    always = pd.DataFrame({"since": pd.to_datetime(["1970-01-01"]), "content": [rules.to_json()]})
    return assess_enterprises(
        replace(ledger, frozen=frozen, rules=always, rounds=ledger.rounds.head(0)), parameters, today
    )


def movement(ledger: Ledger, parameters: pd.DataFrame, old: Rules, new: Rules, today: date) -> Movement:
    """Every reviewed enterprise by ``old`` and by ``new``."""
    return compare(under_rules(ledger, parameters, old, today), under_rules(ledger, parameters, new, today))


def compare(before: Sequence[EnterpriseAssessment], after: Sequence[EnterpriseAssessment]) -> Movement:
    """The movement from one board to another of the same reviews; see ``under_rules``."""
    sides = [{a.key: a for a in side if a.is_reviewed} for side in (before, after)]
    ranks = [_ranks(list(side.values())) for side in sides]
    moves = [
        Move(
            key=key,
            name=own.name,
            index=(own.index, sides[1][key].index),
            tier=(_tier(own), _tier(sides[1][key])),
            rank=(ranks[0].get(key), ranks[1].get(key)),
        )
        for key, own in sides[0].items()
    ]
    return Movement(tuple(sorted(moves, key=lambda m: (m.rank[0] is None, m.rank[0] or 0, m.key))))


def _tier(assessment: EnterpriseAssessment) -> Tier | None:
    return tier_of(assessment.standing.level) if assessment.standing.is_placed else None


def _ranks(assessments: Sequence[EnterpriseAssessment]) -> dict[int, int]:
    """Rank by score of the rated ones, 1 = highest."""
    rated = [a for a in assessments if a.index is not None]
    order = rank_columns(np.array([[a.index] for a in rated], dtype=float).reshape(len(rated), 1))[:, 0]
    return {a.key: int(rank) for a, rank in zip(rated, order, strict=True)}
