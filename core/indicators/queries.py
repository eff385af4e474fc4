"""SELECTs that only the indicators need."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, Table, func, select

from core.store.frames import Ids, frame, within
from core.store.schema import (
    ActionItem,
    AuditEvent,
    Community,
    Employer,
    Event,
    IndicatorNote,
    Person,
    Product,
    Revision,
    Target,
    Workshop,
    WorkshopWeek,
)

__all__ = [
    "LogPosition",
    "actions",
    "changed_people",
    "changed_tables",
    "communities",
    "events",
    "log_position",
    "notes",
    "products",
    "targets",
    "these_people",
    "workshop_weeks",
    "workshops",
]


MOST_EVENTS = 200  # of one table that are read one by one, below SQLite's limit of parameters


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


def changed_people(connection: Connection, table: Table, since: int) -> frozenset[int] | None:
    """Whose rows of ``table`` the events after ``since`` made, changed or removed; None where there are many events.

    The events that make, move or remove a row name its person; another one is of whose row it is now.
    """
    t = AuditEvent
    statement = select(t.entity_id, t.before, t.after).where(t.id > since, t.entity == table.name)
    events = connection.execute(statement.limit(MOST_EVENTS + 1)).all()
    if len(events) > MOST_EVENTS:
        return None
    people: set[int] = set()
    unnamed: set[int] = set()
    for key, *sides in events:
        named = {side["person_id"] for side in sides if side and "person_id" in side}
        people |= named
        if not named:
            unnamed.add(int(key))
    people |= set(connection.scalars(select(table.c.person_id).where(table.c.id.in_(unnamed))))
    return frozenset(people)


def these_people(people: Collection[int]) -> Ids:
    """``people``, to narrow another query to them."""
    return select(Person.id).where(Person.id.in_(people))


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
