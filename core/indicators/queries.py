"""SELECTs that only the indicators need."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, func, select

from core.store.frames import Ids, frame, within
from core.store.schema import (
    ActionItem,
    AuditEvent,
    Community,
    Employer,
    Event,
    IndicatorNote,
    Product,
    Revision,
    Target,
    Workshop,
    WorkshopWeek,
)

__all__ = [
    "LogPosition",
    "actions",
    "changed_tables",
    "communities",
    "events",
    "log_position",
    "notes",
    "products",
    "targets",
    "workshop_weeks",
    "workshops",
]


@dataclass(frozen=True)
class LogPosition:
    """Where the audit log stands: the id of its last event, and how many writes it does not account for."""

    last_id: int
    unlogged: int


def log_position(connection: Connection) -> LogPosition:
    """Where the audit log stands now."""
    last = connection.scalar(select(func.max(AuditEvent.id)))
    return LogPosition(last or 0, connection.scalar(select(Revision.unlogged)) or 0)


def changed_tables(connection: Connection, since: int) -> frozenset[str]:
    """The tables that events after ``since`` name."""
    t = AuditEvent
    return frozenset(connection.scalars(select(t.entity).where(t.id > since).distinct()))


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
