"""Rows → what enterprises are assessed from, as of a day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from core.enterprises import queries
from core.enterprises.monitoring import Ledger

__all__ = ["load"]


def load(connection: Connection, today: date) -> Ledger:
    """Every enterprise with its reviews up to ``today``; the other rows carry their own dates."""
    return Ledger(
        enterprises=queries.enterprises(connection),
        months=queries.months(connection),
        placements=queries.placements(connection),
        trained=queries.trained(connection),
        referrals=queries.referrals(connection),
        reviews=queries.reviews(connection, today),
        review_scores=queries.review_scores(connection),
        frozen=queries.frozen_monitoring(connection),
        rules=queries.rules(connection),
        rounds=queries.rounds_frozen(connection),
    )
