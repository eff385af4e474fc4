"""SELECTs of communities and of the positions that their boundaries are checked against."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, select, union_all

from core.store.frames import frame
from core.store.schema import Community, Employer, Person, Premises

__all__ = ["StoredBoundaries", "boundaries", "communities", "positions"]


@dataclass(frozen=True, eq=False)
class StoredBoundaries:
    """What boundaries of a file are checked against: ``communities``, and ``points``, places and homes with
    community_id, lon, lat, which tell whether outlines are shifted."""

    communities: pd.DataFrame
    points: pd.DataFrame


def boundaries(connection: Connection) -> StoredBoundaries:
    """Communities with their boundaries, and the positions inside."""
    return StoredBoundaries(communities(connection), positions(connection))


def communities(connection: Connection) -> pd.DataFrame:
    """id, code, name, town, kind, lon, lat (label point), boundary (GeoJSON or None), boundary_source."""
    t = Community
    columns = [c for c in t.__table__.columns if c.key != "version"]
    return frame(connection, select(*columns).order_by(t.id))


def positions(connection: Connection) -> pd.DataFrame:
    """community_id, lon, lat of premises, employers and homes; for checks of outlines only."""
    tables = (Premises, Employer, Person)
    known = union_all(
        *(
            select(t.community_id, t.lon, t.lat).where(
                t.community_id.is_not(None), t.lon.is_not(None), t.lat.is_not(None)
            )
            for t in tables
        )
    ).subquery()
    return frame(connection, select(known))
