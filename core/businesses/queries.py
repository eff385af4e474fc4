"""SELECTs of micro-businesses, what they were helped with, and premises."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select

from core.store.frames import frame
from core.store.schema import BusinessSupport, Community, MicroBusiness, Premises

__all__ = ["businesses", "premises", "support"]


def businesses(connection: Connection) -> pd.DataFrame:
    """Every micro-business with the names of its community and premises, by id; see ``schema.MicroBusiness``."""
    t = MicroBusiness
    return frame(
        connection,
        select(*t.__table__.columns, Community.name.label("community"), Premises.name.label("premises"))
        .join(Community, Community.id == t.community_id)
        .outerjoin(Premises, Premises.id == t.premises_id)
        .order_by(t.id),
    )


def support(connection: Connection) -> pd.DataFrame:
    """id, business_id, kind, given_on, amount (yuan) of every help, by business and day."""
    t = BusinessSupport
    return frame(connection, select(*t.__table__.columns).order_by(t.business_id, t.given_on, t.id))


def premises(connection: Connection) -> pd.DataFrame:
    """Every premises with the name of its community, by id; see ``schema.Premises``."""
    t = Premises
    return frame(
        connection,
        select(*t.__table__.columns, Community.name.label("community"))
        .join(Community, Community.id == t.community_id)
        .order_by(t.id),
    )
