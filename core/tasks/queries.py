"""SELECTs of what only the list of due work needs."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select

from core.store.frames import frame
from core.store.schema import FollowUp, FollowUpDifficulty, Order, Person

__all__ = ["consents", "difficulties", "follow_ups", "orders"]


def follow_ups(connection: Connection) -> pd.DataFrame:
    """id, placement_id, followed_on, result, monthly_pay (yuan), weekly_hours, note."""
    return frame(connection, select(*FollowUp.__table__.columns).order_by(FollowUp.placement_id, FollowUp.followed_on))


def difficulties(connection: Connection) -> pd.DataFrame:
    """follow_up_id, kind: each difficulty reported at a follow-up."""
    t = FollowUpDifficulty
    return frame(connection, select(t.follow_up_id, t.kind).order_by(t.follow_up_id, t.kind))


def orders(connection: Connection) -> pd.DataFrame:
    """workshop_id, received_on, closed_on of every order."""
    t = Order
    return frame(connection, select(t.workshop_id, t.received_on, t.closed_on).order_by(t.id))


def consents(connection: Connection) -> pd.DataFrame:
    """person_id, entered_pool_on, consent_on, consent_withdrawn_on of everyone."""
    t = Person
    return frame(
        connection,
        select(t.id.label("person_id"), t.entered_pool_on, t.consent_on, t.consent_withdrawn_on).order_by(t.id),
    )
