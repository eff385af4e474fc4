"""SELECTs of what only the list of due work needs."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select

from core.store.frames import frame
from core.store.schema import FollowUp, Person

__all__ = ["consents", "follow_ups"]


def follow_ups(connection: Connection) -> pd.DataFrame:
    """id, placement_id, followed_on, result, note."""
    return frame(connection, select(*FollowUp.__table__.columns).order_by(FollowUp.placement_id, FollowUp.followed_on))


def consents(connection: Connection) -> pd.DataFrame:
    """person_id, entered_pool_on, consent_on, consent_withdrawn_on of everyone."""
    t = Person
    return frame(
        connection,
        select(t.id.label("person_id"), t.entered_pool_on, t.consent_on, t.consent_withdrawn_on).order_by(t.id),
    )
