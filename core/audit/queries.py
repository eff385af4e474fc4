"""SELECTs of the audit log that stay fast at a million events: by key, never by offset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from core.locale import BUREAU_ZONE
from core.people.merging.queries import numbers_before
from core.people.queries import rows_of_person
from core.store.schema import AuditEvent, Person

__all__ = ["Filter", "actors", "actions", "count", "entities", "page"]

T = AuditEvent


@dataclass(frozen=True)
class Filter:
    """Which events: of a person and what is recorded about them, by whom, in which table, what was done, on which day."""

    person_id: int | None = None
    actor: str | None = None
    entity: str | None = None
    action: str | None = None
    day: date | None = None


def page(
    connection: Connection, wanted: Filter, size: int, *, older_than: int | None = None
) -> tuple[list[Mapping[str, Any]], bool]:
    """Up to ``size`` events, newest first, with an id below ``older_than``; and whether there are more."""
    conditions: list[ColumnElement[bool]] = []
    if older_than is not None:
        conditions.append(T.id < older_than)
    if wanted.person_id is not None:
        rows = rows_of_person(connection, wanted.person_id)
        rows[Person.__tablename__] = [wanted.person_id, *numbers_before(connection, wanted.person_id)]
        conditions.append(_about(rows))
    for column, value in ((T.actor, wanted.actor), (T.entity, wanted.entity), (T.action, wanted.action)):
        if value is not None:
            conditions.append(column == value)
    if wanted.day is not None:
        first, last = _ids_of(connection, wanted.day)
        if first is None or last is None:
            return [], False
        conditions += [T.id.between(first, last), *_on(wanted.day)]
    statement = select(*T.__table__.columns).where(*conditions).order_by(T.id.desc()).limit(size + 1)
    events: list[Mapping[str, Any]] = [dict(row) for row in connection.execute(statement).mappings()]
    return events[:size], len(events) > size


def count(connection: Connection) -> int:
    """How many events there are."""
    return connection.scalar(select(func.count()).select_from(T)) or 0


def actors(connection: Connection) -> list[str]:
    """Everybody who has written to the log."""
    return _distinct(connection, T.actor)


def actions(connection: Connection) -> list[str]:
    """Every command that has left an event."""
    return _distinct(connection, T.action)


def entities(connection: Connection) -> list[str]:
    """Every table that an event speaks of."""
    return _distinct(connection, T.entity)


def _distinct(connection: Connection, column: InstrumentedAttribute[str]) -> list[str]:
    """The values of an indexed column, each found by a jump to the next one: a DISTINCT would read the whole index."""
    first = select(func.min(column).label("value")).cte("distinct_values", recursive=True)
    following = select(func.min(column)).where(column > first.c.value).scalar_subquery()
    distinct = first.union_all(select(following).where(first.c.value.is_not(None)))
    return [str(value) for value in connection.scalars(select(distinct.c.value)) if value is not None]


def _about(rows: Mapping[str, Sequence[int]]) -> ColumnElement[bool]:
    return or_(*(and_(T.entity == name, T.entity_id.in_([str(i) for i in ids])) for name, ids in rows.items() if ids))


def _on(day: date) -> list[ColumnElement[bool]]:
    start = datetime.combine(day, time(), tzinfo=BUREAU_ZONE)
    return [T.at >= start, T.at < start + timedelta(days=1)]


def _ids_of(connection: Connection, day: date) -> tuple[int | None, int | None]:
    """The first and last event of a day of the bureau."""
    first, last = connection.execute(select(func.min(T.id), func.max(T.id)).where(*_on(day))).one()
    return first, last
