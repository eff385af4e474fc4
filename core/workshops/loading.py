"""Rows → what the states of the workshops are computed from, as of a day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from core.people import queries as people_queries
from core.store import settings
from core.workshops import queries
from core.workshops.states import WorkshopRows

__all__ = ["load"]


def load(connection: Connection, today: date) -> WorkshopRows:
    """Everything that was on record on ``today``."""
    return WorkshopRows(
        workshops=queries.workshops(connection),
        weeks=queries.weeks(connection, today),
        outputs=queries.outputs(connection, today),
        orders=queries.orders(connection, today),
        roll=queries.roll(connection, today),
        person_skills=people_queries.person_skills(connection),
        product_skills=queries.product_skills(connection),
        received=queries.received(connection, today),
        parameters=settings.parameters(connection),
    )
