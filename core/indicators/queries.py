"""SELECTs that only the indicators need."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select

from core.store.frames import Ids, frame, within
from core.store.schema import (
    ActionItem,
    Community,
    Employer,
    Event,
    IndicatorNote,
    Product,
    Target,
    Workshop,
    WorkshopWeek,
)

__all__ = ["actions", "communities", "events", "notes", "products", "targets", "workshop_weeks", "workshops"]


def communities(connection: Connection) -> pd.DataFrame:
    """id, code, name, kind."""
    t = Community
    return frame(connection, select(t.id, t.code, t.name, t.kind).order_by(t.id))


def workshops(connection: Connection, of: Ids = None) -> pd.DataFrame:
    """id, name, community_id, community, opened_on, stations."""
    t = Workshop
    statement = (
        select(t.id, t.name, t.community_id, Community.name.label("community"), t.opened_on, t.stations)
        .join(Community, Community.id == t.community_id)
        .order_by(t.id)
    )
    return frame(connection, within(statement, t.community_id, of))


def workshop_weeks(connection: Connection) -> pd.DataFrame:
    """Weekly reports: workshop_id, week (Monday), on_roll (persons), hours (attended), labour_cost (yuan)."""
    t = WorkshopWeek
    return frame(
        connection,
        select(t.workshop_id, t.week, t.on_roll, t.hours, t.labour_cost).order_by(t.workshop_id, t.week),
    )


def products(connection: Connection) -> pd.DataFrame:
    """id, code, name, family, employer, standard_minutes, piece_rate."""
    t = Product
    return frame(
        connection,
        select(t.id, t.code, t.name, t.family, Employer.name.label("employer"), t.standard_minutes, t.piece_rate)
        .outerjoin(Employer, Employer.id == t.employer_id)
        .order_by(t.code),
    )


def events(connection: Connection) -> pd.DataFrame:
    """Recruitment events with their counts of persons."""
    return frame(connection, select(*Event.__table__.columns).order_by(Event.held_on, Event.id))


def actions(connection: Connection) -> pd.DataFrame:
    """Action items of the dispatch meetings."""
    return frame(connection, select(*ActionItem.__table__.columns).order_by(ActionItem.id))


def notes(connection: Connection) -> pd.DataFrame:
    """Notes pinned to weeks: indicator, community_id, week (Monday), text, starts_baseline, author, made_at."""
    t = IndicatorNote
    columns = [t.indicator, t.community_id, t.week, t.text, t.starts_baseline, t.author, t.made_at]
    return frame(connection, select(*columns).order_by(t.week, t.id))


def targets(connection: Connection) -> pd.DataFrame:
    """Yearly targets: id, indicator, year, community_id, value, valid_from, reason, author."""
    return frame(connection, select(*Target.__table__.columns).order_by(Target.id))
