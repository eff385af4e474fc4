"""Moving a card is a recorded decision: a review row with a reason, a name and a day; nothing is overwritten."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from core.store.commands import Change
from core.store.schema import Assessment
from core.terms import Tier, TierCause

__all__ = ["decide_tier"]


def decide_tier(change: Change, employer_id: int, tier: Tier, reason: str, day: date, index: float | None) -> None:
    """Record that ``change.actor`` puts an enterprise in ``tier``; ``index`` is the score they saw.

    Raises ValueError without a reason. A second decision on the same day replaces the first and keeps it in the audit.
    """
    if not reason.strip():
        raise ValueError("a decision needs a reason")
    values = {
        "tier": tier,
        "cause": TierCause.MANUAL,
        "reason": reason.strip()[:200],
        "decided_by": change.actor,
        "score": None if index is None else round(index, 1),
    }
    same_day = change.session.scalar(
        select(Assessment.id).where(Assessment.employer_id == employer_id, Assessment.reviewed_on == day)
    )
    if same_day is not None:
        change.edit(Assessment, same_day, values)
    else:
        change.add(Assessment(employer_id=employer_id, reviewed_on=day, **values))
