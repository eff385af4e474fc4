"""What becomes of two rows that one person may have only once, when two records become one.

The row of the record that stays keeps its key. A rule says what it holds afterwards; the other row goes. A table without a
rule of its own has its gaps filled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.locale import N_
from core.store.schema import (
    Accommodation,
    Enrolment,
    EventIntent,
    Experience,
    FollowUp,
    Hardship,
    Intention,
    PersonSkill,
    PersonStateSpell,
    Placement,
    Plan,
    Referral,
    RosterCell,
    Visit,
    WelfarePost,
)
from core.terms import EnrolmentResult, Evidence, PlanStatus, ReferralState

__all__ = ["FILL_GAPS", "NUMBERED", "REFERRALS", "RULES", "CollisionRule", "Row", "fill_gaps"]

Row = Mapping[str, Any]
"""Column → value of a stored row."""

UNSETTLED = (ReferralState.RECOMMENDED, ReferralState.CLOSED)
REFERRALS = (
    *(ReferralState.CLOSED, ReferralState.RECOMMENDED, ReferralState.INTERVIEW, ReferralState.NOT_HIRED),
    *(ReferralState.DECLINED, ReferralState.OFFERED, ReferralState.STARTED),
)
"""Of two recommendations for one opening the later of these states stays."""
RESULTS = (EnrolmentResult.WITHDRAWN, EnrolmentResult.ENROLLED, EnrolmentResult.FAILED, EnrolmentResult.PASSED)
"""Of two results of one course session the later of these stays."""


@dataclass(frozen=True)
class CollisionRule:
    """``combine(kept, other)`` is what the row that stays holds; keys and id are put back by the caller."""

    text: str
    combine: Callable[[Row, Row], dict[str, Any]]


def fill_gaps(kept: Row, other: Row) -> dict[str, Any]:
    """``kept`` with the values of ``other`` where it has none."""
    return {name: other.get(name) if value is None else value for name, value in kept.items()}


def _higher(rank: Callable[[Row], Any]) -> Callable[[Row, Row], dict[str, Any]]:
    """The row of the higher rank, its gaps filled from the other; the kept one of two that rank alike."""

    def combine(kept: Row, other: Row) -> dict[str, Any]:
        return fill_gaps(other, kept) if rank(other) > rank(kept) else fill_gaps(kept, other)

    return combine


def _skill_rank(row: Row) -> tuple[int, int]:
    return Evidence.of(row["evidence"]).order, row["level"]


def _hardship(kept: Row, other: Row) -> dict[str, Any]:
    """Since the earlier day, until the later one; without an end if either has none."""
    first = [row["since"] for row in (kept, other) if row["since"] is not None]
    last = [row["until"] for row in (kept, other)]
    until = None if None in last else max(last)
    return fill_gaps(kept, other) | {"since": min(first, default=None), "until": until}


def _visit(kept: Row, other: Row) -> dict[str, Any]:
    needs = list(dict.fromkeys(row["needs"] for row in (kept, other) if row["needs"]))
    days = [row["next_on"] for row in (kept, other) if row["next_on"] is not None]
    return fill_gaps(kept, other) | {"needs": "\n".join(needs) or None, "next_on": min(days, default=None)}


def _plan(kept: Row, other: Row) -> dict[str, Any]:
    """A plan that is under way stays under way; both goals are kept as far as there is room."""
    first, second = (other, kept) if _is_live(other) and not _is_live(kept) else (kept, other)
    closed = {} if not _is_live(first) else {"closed_on": None, "closing_reason": None}
    goals = "; ".join(dict.fromkeys(row["goal"] for row in (first, second) if row["goal"]))
    return fill_gaps(first, second) | closed | {"goal": goals[:200] or None}


def _is_live(plan: Row) -> bool:
    return bool(plan["status"] == PlanStatus.LIVE)


def _experience(kept: Row, other: Row) -> dict[str, Any]:
    return {**kept, "years": max(kept["years"], other["years"])}


def _roster_cell(kept: Row, other: Row) -> dict[str, Any]:
    return {**kept, "leads": kept["leads"] or other["leads"], "locked": kept["locked"] or other["locked"]}


FILL_GAPS = CollisionRule(N_("the values of the record that stays; its gaps are filled from the other"), fill_gaps)

RULES: Mapping[str, CollisionRule] = {
    PersonSkill.__tablename__: CollisionRule(
        N_("the skill with the stronger evidence, then the higher level"), _higher(_skill_rank)
    ),
    Hardship.__tablename__: CollisionRule(N_("since the earlier day, until the later one"), _hardship),
    Accommodation.__tablename__: CollisionRule(N_("stated once"), fill_gaps),
    Intention.__tablename__: CollisionRule(
        N_("the wishes stated last; gaps are filled from the earlier ones"), _higher(lambda row: row["stated_on"])
    ),
    Experience.__tablename__: CollisionRule(N_("the longer time"), _experience),
    PersonStateSpell.__tablename__: CollisionRule(N_("the state in the record that stays"), lambda kept, _: {**kept}),
    WelfarePost.__tablename__: FILL_GAPS,
    Visit.__tablename__: CollisionRule(N_("one visit with both texts and the earlier next date"), _visit),
    Plan.__tablename__: CollisionRule(N_("one plan with both goals and all steps; under way if either is"), _plan),
    Referral.__tablename__: CollisionRule(
        N_("the recommendation that has come further"), _higher(lambda row: REFERRALS.index(row["state"]))
    ),
    Placement.__tablename__: FILL_GAPS,
    FollowUp.__tablename__: FILL_GAPS,
    Enrolment.__tablename__: CollisionRule(N_("the better result"), _higher(lambda row: RESULTS.index(row["result"]))),
    EventIntent.__tablename__: FILL_GAPS,
    RosterCell.__tablename__: CollisionRule(N_("one half day; leading or fixed if either is"), _roster_cell),
}
"""Table → its rule."""

NUMBERED: Mapping[str, str] = {"plan_measure": "step"}
"""Table → column that numbers rows below a row: two of them with one number both stay, the second with the next free one."""
