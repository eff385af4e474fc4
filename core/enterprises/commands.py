"""What people decide about enterprises, and what is kept of a review.

Moving a card is a recorded decision: a review row with a reason, a name and a day; nothing is overwritten. The monitored
figures of a review are frozen with their goalposts.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import select

from core.enterprises.loading import load
from core.enterprises.monitoring import period_reviews, review_monitoring
from core.locale import bureau_day
from core.store import settings
from core.store.commands import Change
from core.store.schema import Assessment, AssessmentMonitoring
from core.terms import Tier, TierCause

__all__ = ["decide_tier", "freeze_monitoring"]


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


def freeze_monitoring(change: Change, today: date) -> int:
    """Freeze the monitored figures of every review up to ``today`` that has none yet; returns how many reviews.

    The figures are those of the rows as of the review's day. What is frozen is never computed again.
    """
    connection = change.session.connection()
    ledger, parameters = load(connection, today), settings.parameters(connection)
    frozen = {int(key) for key in ledger.frozen["assessment_id"]}
    missing = [int(key) for key in period_reviews(ledger)["id"] if int(key) not in frozen]
    rows = [
        {
            "assessment_id": review,
            "indicator": indicator.code,
            "value": None if pd.isna(monitoring.raw[indicator.code]) else float(monitoring.raw[indicator.code]),
            "low": indicator.low,
            "high": indicator.high,
            "frozen_on": bureau_day(change.at),
        }
        for review, monitoring in review_monitoring(ledger, parameters, missing).items()
        for indicator in monitoring.indicators
    ]
    change.add_all(AssessmentMonitoring, rows)
    return len(missing)
