"""Compare every row with what the audit log says it holds: a change by SQL, behind the app's back, is found.

The log is replayed row by row: an insert gives all values, an edit some, a delete removes the row. What is left is what the
store must hold. Values that no event names are the columns' defaults; ``version``, which only counts edits, and columns that
are sealed by themselves are left out. Vocabulary and legal parameters come from the app's own files. Accounts of a city are
not compared: what happened to one is in the logs of several districts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, String, Table, cast, func, select

from core.store.audit_chain import is_erased, since_emptied
from core.store.commands import as_json
from core.store.migrate import reference_rows
from core.store.schema import CITY_TABLES, AuditEvent, Base, CityDistrict, Revision, UtcDateTime

__all__ = ["RowFinding", "audited_tables", "verify_rows"]

PORTION = 500  # rows looked up at once, below SQLite's limit of parameters
Progress = Callable[[int, int], bool | None]


@dataclass(frozen=True)
class RowFinding:
    """A row that is not as the log says. ``what``: 'changed' with the fields, 'missing', or 'unlogged'."""

    table: str
    row_id: str
    what: str
    fields: tuple[str, ...] = ()


def audited_tables() -> list[Table]:
    """Tables whose rows the log accounts for."""
    left_out = {Revision.__tablename__, AuditEvent.__tablename__}
    tables = Base.metadata.sorted_tables
    return [t for t in tables if t.name not in left_out and t.info.get("audited", True)]


def verify_rows(connection: Connection, progress: Progress | None = None) -> Iterator[RowFinding]:
    """Every difference between rows and log, table by table, in constant memory.

    ``progress`` is called with (events replayed, events in all) after each portion; False ends the check.
    """
    t = AuditEvent
    total = connection.scalar(select(func.count()).select_from(t).where(since_emptied())) or 0
    done = 0
    is_city = connection.scalar(select(CityDistrict.id).limit(1)) is not None
    for table in audited_tables():
        if is_city and table.name in CITY_TABLES:
            continue  # each district's log holds what was changed there
        reference = reference_rows(connection, table.name)
        portion: dict[str, dict[str, Any] | None] = {}
        for row_id, state, events in _replayed(connection, table):
            base = reference.pop(row_id, None)
            portion[row_id] = None if state is None else {**(base or {}), **state}
            done += events
            if len(portion) == PORTION:
                yield from _compared(connection, table, portion)
                portion = {}
                if progress is not None and progress(done, total) is False:
                    return
        for row_id, values in reference.items():
            portion[row_id] = values
        for start in range(0, len(portion), PORTION):
            some = dict(list(portion.items())[start : start + PORTION])
            yield from _compared(connection, table, some)
        yield from _unlogged(connection, table, reference)
        if progress is not None and progress(done, total) is False:
            return


def _replayed(connection: Connection, table: Table) -> Iterator[tuple[str, dict[str, Any] | None, int]]:
    """(id, content by the log or None where deleted, number of events) of each row of a table that the log names.

    An event without the values that every row must have is no insert: it says what was seen or done at a row.
    """
    t, entity = AuditEvent, table.name
    is_numbered = table.primary_key.columns[0].type.python_type is int
    required = {
        c.name
        for c in table.columns
        if c.info.get("audited", True)
        and not (c.nullable or c.primary_key or c.default is not None or c.server_default is not None)
    }
    events = connection.execute(
        select(t.entity_id, t.before, t.after, t.personal)
        .where(t.entity == entity, since_emptied())
        .order_by(t.entity_id, t.id),
        execution_options={"yield_per": 5_000},
    )
    for row_id, own in groupby(events, key=lambda e: e.entity_id):
        state: dict[str, Any] | None = None
        n = 0
        for event in own:
            n += 1
            if event.before is None and event.after is not None and not required <= set(event.after):
                continue
            if event.after is None:
                state = None
                continue
            state = dict(event.after) if event.before is None or state is None else {**state, **event.after}
            if is_erased(event.personal):
                for name in event.personal["fields"]:
                    state.pop(name, None)
                    state[ERASED] = True
            if event.before is None:
                state[WHOLE] = True
        if not is_numbered or row_id.isdecimal():
            yield str(row_id), state, n


WHOLE = " inserted"  # the log has the insert: a column that it does not name holds its default
ERASED = " erased"


def _compared(
    connection: Connection, table: Table, expected: Mapping[str, dict[str, Any] | None]
) -> Iterator[RowFinding]:
    key = table.primary_key.columns[0]
    columns = [c for c in table.columns if c.info.get("audited", True) and c.name != "version"]
    wanted = [key.type.python_type(row_id) for row_id in expected]
    stored = {str(row[key.name]): row for row in connection.execute(select(*columns).where(key.in_(wanted))).mappings()}
    for row_id, state in expected.items():
        row = stored.get(row_id)
        if state is None:
            if row is not None:
                yield RowFinding(table.name, row_id, "unlogged")
        elif row is None:
            yield RowFinding(table.name, row_id, "missing")
        else:
            fields = tuple(c.name for c in columns if not _agrees(c, row[c.name], state))
            if fields:
                yield RowFinding(table.name, row_id, "changed", fields)


def _agrees(column: Any, stored: Any, state: Mapping[str, Any]) -> bool:
    if column.name in state:
        wanted = state[column.name]
    elif column.primary_key or not state.get(WHOLE) or state.get(ERASED):
        return True
    else:
        wanted = column.default.arg if column.default is not None and column.default.is_scalar else None
    if isinstance(column.type, UtcDateTime) and isinstance(wanted, str) and stored is not None:
        return bool(datetime.fromisoformat(wanted) == stored)
    return bool(as_json(stored) == as_json(wanted))


def _unlogged(connection: Connection, table: Table, reference: Mapping[str, Any]) -> Iterator[RowFinding]:
    """Rows that neither the log nor the app's own files know."""
    key, t = table.primary_key.columns[0], AuditEvent
    known = (
        select(t.id)
        .where(t.entity == table.name, t.entity_id == cast(key, String), since_emptied())
        .correlate(table)
        .exists()
    )
    for row_id in connection.scalars(select(key).where(~known).order_by(key)):
        if str(row_id) not in reference:
            yield RowFinding(table.name, str(row_id), "unlogged")
