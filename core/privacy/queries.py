"""SELECTs for the rights of persons: whose time is over, and everything that is recorded about somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Date, func, or_, select

from core.people.merging.queries import numbers_before
from core.people.queries import rows_of_person
from core.store.audit_chain import as_json, since_emptied
from core.store.frames import frame
from core.store.schema import AuditEvent, Base, Person, PersonStateSpell
from core.terms import PersonState

__all__ = ["due", "events_about", "everything_about", "log_about"]

ACTIVE = (PersonState.SEEKING, PersonState.ON_POST)
"""States in which somebody is served: their data is still needed."""


PORTION = 900  # keys of one statement


def due(connection: Connection, today: date, years: float) -> pd.DataFrame:
    """People to anonymise, with since when: person_id, why ('consent' or 'retention'), since.

    Consent that was withdrawn counts at once. The period of retention counts from the last day of anything recorded about
    a person, and not while they seek work or hold a post.
    """
    p = Person
    withdrawn = frame(
        connection,
        select(p.id, p.consent_withdrawn_on)
        .where(p.consent_withdrawn_on <= today, p.anonymised_on.is_(None))
        .order_by(p.id),
    )
    end = (pd.Timestamp(today) - pd.DateOffset(months=round(years * 12))).date()
    last = _last_days(connection)
    active = set(connection.scalars(_in_state(today, ACTIVE)))
    known = set(connection.scalars(select(p.id).where(p.anonymised_on.is_(None))))
    over = sorted(i for i, day in last.items() if day < end and i in known - active - set(withdrawn["id"]))
    rows = [(int(i), "consent", day) for i, day in zip(withdrawn["id"], withdrawn["consent_withdrawn_on"], strict=True)]
    rows += [(i, "retention", pd.Timestamp(last[i])) for i in over]
    table = pd.DataFrame(rows, columns=["person_id", "why", "since"])
    return table.astype({"person_id": "int64", "since": "datetime64[s]"})


def everything_about(connection: Connection, person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Table → rows about a person as plain data, without keyed hashes; LookupError for an unknown person."""
    tables = Base.metadata.tables
    rows_of: dict[str, list[dict[str, Any]]] = {}
    for name, ids in rows_of_person(connection, person_id).items():
        rows = connection.execute(select(tables[name]).where(tables[name].c.id.in_(ids))).mappings()
        content = [_extracted({k: as_json(v) for k, v in row.items() if k != "version"}) for row in rows]
        if content:
            rows_of[name] = content
    if Person.__tablename__ not in rows_of:
        raise LookupError(f"person {person_id}")
    return rows_of


def _extracted(value: Any) -> Any:
    """``value`` without keyed hashes, at any depth: rows before a merge are kept as a whole."""
    if isinstance(value, dict):
        return {name: _extracted(part) for name, part in value.items() if name != "id_hash"}
    return [_extracted(part) for part in value] if isinstance(value, list) else value


def log_about(connection: Connection, person_id: int) -> list[dict[str, Any]]:
    """Who did what with the person's rows, oldest first: at, actor, action, entity, entity_id."""
    t = AuditEvent
    columns = (t.at, t.actor, t.action, t.entity, t.entity_id)
    rows = rows_of_person(connection, person_id)
    rows[Person.__tablename__] = [person_id, *numbers_before(connection, person_id)]
    events = connection.execute(select(t.id, *columns).where(_named(rows)))
    return [
        {"at": e.at.isoformat(), "actor": e.actor, "action": e.action, "entity": e.entity, "entity_id": e.entity_id}
        for e in sorted(events, key=lambda e: e.id)
    ]


def events_about(connection: Connection, person_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Whole events about people, also those of rows that were deleted since, and of records that were merged into theirs."""
    t, wanted = AuditEvent, set(person_ids)
    former = {number for person in wanted for number in numbers_before(connection, person)}
    ids: dict[str, set[str]] = {Person.__tablename__: {str(i) for i in wanted | former}}
    for person in wanted:
        for name, rows in rows_of_person(connection, person).items():
            ids.setdefault(name, set()).update(map(str, rows))
    for column in (
        "person_id",
        "plan_id",
        "placement_id",
        "follow_up_id",
    ):  # rows below plans and placements come after these
        owners = {int(key) for key in ids.get(column.removesuffix("_id"), ()) if key.isdecimal()}
        tables = [table.name for table in Base.metadata.sorted_tables if column in table.c]
        named = connection.execute(
            select(t.entity, t.entity_id, t.before, t.after).where(t.entity.in_(tables), since_emptied()),
            execution_options={"yield_per": 5_000},
        )
        for entity, row_id, before, after in named:
            if ((before or {}).get(column) or (after or {}).get(column)) in owners:
                ids.setdefault(entity, set()).add(row_id)
    events: list[dict[str, Any]] = []
    for entity, keys in ids.items():
        ordered = sorted(keys)
        for start in range(0, len(ordered), PORTION):
            some = ordered[start : start + PORTION]
            statement = select(t.__table__).where(t.entity == entity, t.entity_id.in_(some), since_emptied())
            events += [dict(row) for row in connection.execute(statement).mappings()]
    return events


def _named(rows: dict[str, list[int]]) -> Any:
    t = AuditEvent
    return or_(
        *(
            (t.entity == name) & t.entity_id.in_([str(i) for i in ids]) & since_emptied()
            for name, ids in rows.items()
            if ids
        )
    )


def _in_state(today: date, states: Sequence[PersonState]) -> Any:
    s = PersonStateSpell
    newest = (
        select(s.person_id, func.max(s.since).label("since")).where(s.since <= today).group_by(s.person_id).subquery()
    )
    return (
        select(s.person_id)
        .join(newest, (newest.c.person_id == s.person_id) & (newest.c.since == s.since))
        .where(s.state.in_(states))
    )


def _last_days(connection: Connection) -> dict[int, date]:
    """Person → the last day of anything recorded about them; their own row counts from their entry into the pool."""
    last: dict[int, date] = {}
    own = select(Person.id, func.coalesce(Person.entered_pool_on, Person.consent_on))
    statements: list[Any] = [own]
    for table in Base.metadata.sorted_tables:
        if "person_id" in table.c:
            days = [c for c in table.c if isinstance(c.type, Date)]
            statements += [select(table.c.person_id, func.max(day)).group_by(table.c.person_id) for day in days]
    for statement in statements:
        for person, day in connection.execute(statement):
            if day is not None and (person not in last or day > last[person]):
                last[person] = day
    return last
