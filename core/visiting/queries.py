"""Reads of visiting rounds: where they start, what was made, and what a number on the paper stands for."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import Connection, func, select

from core.store.frames import frame
from core.store.schema import Community, Person, Premises, VisitingRound, VisitingStop
from core.terms import PremisesKind

__all__ = ["people_on_paper", "rounds", "start_points", "stops"]


def start_points(connection: Connection) -> pd.DataFrame:
    """Where rounds of a community begin: community_id, place (name; None: the label point), lon, lat.

    Its service centre; the first one by number where it has several, its label point where it has none.
    """
    centres = (
        select(Premises.community_id, func.min(Premises.id).label("id"))
        .where(Premises.kind == PremisesKind.SERVICE_CENTRE)
        .group_by(Premises.community_id)
        .subquery()
    )
    return frame(
        connection,
        select(
            Community.id.label("community_id"),
            Premises.name.label("place"),
            func.coalesce(Premises.lon, Community.lon).label("lon"),
            func.coalesce(Premises.lat, Community.lat).label("lat"),
        )
        .outerjoin(centres, centres.c.community_id == Community.id)
        .outerjoin(Premises, Premises.id == centres.c.id)
        .order_by(Community.id),
    )


def rounds(connection: Connection) -> pd.DataFrame:
    """Every round, newest first: id, community_id, community, visitor, walk_on, begins_at, made_by, households, called."""
    r, s = VisitingRound, VisitingStop
    return frame(
        connection,
        select(
            r.id,
            r.community_id,
            Community.name.label("community"),
            r.visitor,
            r.walk_on,
            r.begins_at,
            r.made_by,
            func.count(s.id).label("households"),
            func.count(s.called_on).label("called"),
        )
        .join(Community, Community.id == r.community_id)
        .outerjoin(s, s.round_id == r.id)
        .group_by(r.id, Community.name)
        .order_by(r.walk_on.desc(), r.id.desc()),
    )


def stops(connection: Connection) -> pd.DataFrame:
    """Households of rounds: id, round_id, position, person_id, number, arrives_at, called_on, result."""
    t = VisitingStop
    return frame(connection, select(*t.__table__.columns).order_by(t.round_id, t.position))


def people_on_paper(connection: Connection, person_ids: Sequence[int]) -> pd.DataFrame:
    """person_id, name, phone, address of these people, in full: for ``core.visiting.commands.reveal_round`` only."""
    t = Person
    return frame(
        connection,
        select(t.id.label("person_id"), t.name, t.phone, t.address).where(t.id.in_(person_ids)).order_by(t.id),
    )
