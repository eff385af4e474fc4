"""Commit an import all or nothing, and take it back.

The plan is made anew inside the writing transaction; if it would no longer do what was confirmed, nothing happens.
Every row leaves an audit event under its batch, and undoing a batch plays those events backwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy.exc import IntegrityError

from core.intake import queries
from core.intake.planning.plan import Cancelled, ImportPlan, Progress, Request, replan
from core.intake.planning.statements import Operation
from core.intake.reading.detection import fingerprint
from core.store.commands import Change, NotFound, command, from_json
from core.store.database import Database
from core.store.schema import Base, HeaderMapping, ImportBatch
from core.terms import BatchState

__all__ = [
    "Blocker",
    "ImportRefused",
    "PlanChanged",
    "UndoRefused",
    "apply_plan",
    "commit_import",
    "undo_import",
]

IMPORT, UNDO = "import", "undo_import"
ACCOUNTING = frozenset({ImportBatch.__tablename__, HeaderMapping.__tablename__})
PORTION = 2_000  # rows between two calls of progress


class ImportRefused(Exception):
    """The plan has errors or open decisions, or the store refuses a value."""


class PlanChanged(Exception):
    """The store changed since the plan was confirmed; ``plan`` is what the import would do now."""

    def __init__(self, plan: ImportPlan) -> None:
        super().__init__("the store changed since the import was checked")
        self.plan = plan


@dataclass(frozen=True)
class Blocker:
    """Why a batch can't be undone: a row was changed by someone, or another row refers to it."""

    entity: str
    entity_id: str
    reason: str
    """'changed' or the table that refers to the row."""
    actor: str | None = None
    at: datetime | None = None


class UndoRefused(Exception):
    """Rows of the batch were changed or used afterwards; nothing was undone."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__(f"{len(blockers)} rows of the batch were changed or used afterwards")
        self.blockers = tuple(blockers)


def commit_import(db: Database, plan: ImportPlan, actor: str, at: datetime, progress: Progress | None = None) -> int:
    """Do what ``plan`` says in one transaction; returns the id of the batch.

    Raises ImportRefused, PlanChanged (someone wrote meanwhile) or Cancelled; the store then is as it was.
    """
    if not plan.ready:
        raise ImportRefused("the plan has errors or open decisions")
    try:
        with command(db, actor=actor, action=IMPORT, at=at) as change:
            fresh = replan(change.session.connection(), plan.request, db.key)
            if fresh.digest != plan.digest:
                raise PlanChanged(fresh)
            return apply_plan(change, fresh, progress)
    except IntegrityError as error:
        raise ImportRefused(str(error.orig)) from error


def apply_plan(change: Change, plan: ImportPlan, progress: Progress | None = None) -> int:
    """Write a plan inside a running command; the caller answers for its being fresh."""
    if not plan.ready:
        raise ImportRefused("the plan has errors or open decisions")
    request = plan.request
    change.batch_id = None
    batch = ImportBatch(
        sheet=request.sheet,
        file_name=request.file_name[-200:],
        sha256=request.sha256,
        mapping={"columns": dict(request.mapping), "options": request.options.as_json()},
        counts=plan.counts,
        actor=change.actor,
        at=change.at,
        state=BatchState.COMMITTED,
    )
    change.batch_id = int(change.add(batch))
    _remember(change, request)
    _operate(change, plan.operations, progress)
    return change.batch_id


def _remember(change: Change, request: Request) -> None:
    """Keep the confirmed mapping for the next file with these headers."""
    mark = fingerprint(request.grid.headers)
    known = queries.header_mapping_id(change.session.connection(), request.sheet, mark)
    values = {"mapping": dict(request.mapping), "actor": change.actor, "at": change.at}
    if known is None:
        change.add(HeaderMapping(sheet=request.sheet, fingerprint=mark, **values))
    else:
        change.edit(HeaderMapping, known, values)


def _operate(change: Change, operations: Sequence[Operation], progress: Progress | None) -> None:
    made: dict[tuple[str, int], int] = {}
    done, total = 0, len(operations)
    for (table, verb), alike in groupby(operations, key=lambda o: (o.table, o.verb)):
        portion = list(alike)
        for start in range(0, len(portion), PORTION):
            some = portion[start : start + PORTION]
            _WRITE[verb](change, table, some, made)
            done += len(some)
            if progress is not None and progress(done, total) is False:
                raise Cancelled


def _insert(change: Change, table: type[Base], some: Sequence[Operation], made: dict[tuple[str, int], int]) -> None:
    columns = table.__table__.c
    names = {name for operation in some for name in operation.after}
    empty = {name: _default(columns[name]) for name in names}
    ids = change.add_all(table, [empty | _linked(operation, made) for operation in some])
    for operation, row_id in zip(some, ids, strict=True):
        made[(table.__tablename__, operation.id)] = row_id


def _update(change: Change, table: type[Base], some: Sequence[Operation], made: dict[tuple[str, int], int]) -> None:
    change.edit_all(table, [(operation.id, operation.before, _linked(operation, made)) for operation in some])


def _delete(change: Change, table: type[Base], some: Sequence[Operation], _made: Mapping[Any, int]) -> None:
    change.remove_all(table, [(operation.id, operation.before) for operation in some])


_WRITE: dict[str, Callable[[Change, type[Base], Sequence[Operation], dict[tuple[str, int], int]], None]] = {
    "insert": _insert,
    "update": _update,
    "delete": _delete,
}


def _default(column: Any) -> Any:
    return column.default.arg if column.default is not None and column.default.is_scalar else None


def _linked(operation: Operation, made: Mapping[tuple[str, int], int]) -> dict[str, Any]:
    """The new values, with the keys that the store has given to rows made before."""
    after = dict(operation.after)
    for name in operation.refs:
        if isinstance(after.get(name), int) and after[name] < 0:
            target = next(iter(operation.table.__table__.c[name].foreign_keys)).column.table.name
            after[name] = made[(target, after[name])]
    return after


# -- undo ----------------------------------------------------------------------------------------------


def undo_import(db: Database, batch_id: int, actor: str, at: datetime) -> None:
    """Take a batch back. Raises UndoRefused with the rows that stand in the way, NotFound if it isn't in force."""
    with command(db, actor=actor, action=UNDO, at=at, batch_id=batch_id) as change:
        batch = change.session.get(ImportBatch, batch_id)
        if batch is None or batch.state is not BatchState.COMMITTED:
            raise NotFound(f"import batch {batch_id}")
        connection = change.session.connection()
        events = [e for e in queries.batch_events(connection, batch_id, IMPORT) if e.entity not in ACCOUNTING]
        blockers = _blockers(connection, batch_id, events)
        if blockers:
            raise UndoRefused(blockers)
        _reverse(change, events)
        undone = {"state": BatchState.UNDONE, "undone_at": at, "undone_by": change.actor}
        change.edit(ImportBatch, batch_id, undone)


def _reverse(change: Change, events: Sequence[Any]) -> None:
    tables = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    for (entity, verb), alike in groupby(reversed(events), key=lambda e: (e.entity, _verb(e))):
        table, some = tables[entity], list(alike)
        if verb == "insert":
            change.remove_all(table, [(int(e.entity_id), from_json(table, e.after)) for e in some])
        elif verb == "delete":
            change.add_all(table, [from_json(table, e.before) for e in some])
        else:
            edits = [(int(e.entity_id), from_json(table, e.after), from_json(table, e.before)) for e in some]
            change.edit_all(table, edits)


def _verb(event: Any) -> str:
    return "insert" if event.before is None else "delete" if event.after is None else "update"


def _blockers(connection: Any, batch_id: int, events: Sequence[Any]) -> list[Blocker]:
    """Rows of the batch that someone changed afterwards, and rows from elsewhere that refer to what it made."""
    if not events:
        return []
    touched = {(event.entity, event.entity_id) for event in events}
    entities = {event.entity for event in events}
    last = max(event.id for event in events)
    found = [
        Blocker(event.entity, event.entity_id, "changed", event.actor, event.at)
        for event in queries.later_events(connection, last, batch_id, entities)
        if (event.entity, event.entity_id) in touched
    ]
    made: dict[str, set[int]] = defaultdict(set)
    linked: dict[tuple[str, str], set[int]] = defaultdict(set)
    """(table, field) → rows that the batch itself has changed there, perhaps to refer to what it made."""
    for event in events:
        if _verb(event) == "insert":
            made[event.entity].add(int(event.entity_id))
        for name in event.after or ():
            linked[(event.entity, name)].add(int(event.entity_id))
    for table in Base.metadata.sorted_tables:
        if "id" not in table.c:
            continue
        for key in table.foreign_keys:
            ids = made.get(key.column.table.name)
            if ids and key.column.name == "id" and table.name != ImportBatch.__tablename__:
                own = linked[(table.name, key.parent.name)]
                for row, referred in queries.referring(connection, table, key.parent, sorted(ids)):
                    if row not in own:
                        found.append(Blocker(key.column.table.name, str(referred), table.name))
    return found
