"""Commit an import, all or nothing.

The plan is made again inside the writing transaction; if it would no longer do what was confirmed, nothing happens.
Every row leaves an audit event under its batch, from which ``core.intake.undo`` takes it back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy.exc import IntegrityError

from core.intake import queries
from core.intake.learning import forget_headers, learn_headers
from core.intake.planning.plan import Cancelled, ImportPlan, ImportRequest, Progress, plan_import
from core.intake.planning.statements import Operation
from core.intake.reading.detection import fingerprint, propose_mapping, taught_headers
from core.intake.sheets import SHEETS
from core.policy import Access, Action
from core.store.commands import Change, command
from core.store.database import Database
from core.store.schema import Base, HeaderMapping, ImportBatch, Person
from core.store.settings import district, end_demonstration
from core.terms import BatchState

__all__ = ["ImportRefused", "PlanChanged", "apply_plan", "brings_people", "commit_import"]

CHUNK = 2_000  # rows between two calls of progress


class ImportRefused(Exception):
    """The plan has errors or open decisions, or the store refuses a value."""


class PlanChanged(Exception):
    """The store changed since the plan was confirmed; ``plan`` is what the import would do now."""

    def __init__(self, plan: ImportPlan) -> None:
        super().__init__("the store changed since the import was checked")
        self.plan = plan


def commit_import(db: Database, plan: ImportPlan, actor: Access, at: datetime, progress: Progress | None = None) -> int:
    """Do what ``plan`` says in one transaction; returns the id of the batch.

    Raises ImportRefused, PlanChanged (someone wrote meanwhile) or Cancelled; the store then is as it was.
    """
    try:
        with command(db, actor=actor, action=Action.IMPORT, at=at) as change:
            current = plan_import(change.session.connection(), plan.request, db.key)
            if current.digest != plan.digest:
                raise PlanChanged(current)
            batch_id = apply_plan(change, current, progress)
            if brings_people(current):
                _close_demonstration(change)
            return batch_id
    except IntegrityError as error:
        raise ImportRefused(str(error.orig)) from error


def apply_plan(change: Change, plan: ImportPlan, progress: Progress | None = None) -> int:
    """Write a plan made in the transaction of ``change``; returns the id of the batch, raises ImportRefused."""
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
    _remember_mapping(change, request)
    new_ids = _write(change, plan.operations, progress)
    if plan.people:
        people = {mark: new_ids.get((Person.__tablename__, person), person) for mark, person in plan.people.items()}
        change.edit(ImportBatch, change.batch_id, {"mapping": {**batch.mapping, "people": people}})
    return change.batch_id


def brings_people(plan: ImportPlan) -> bool:
    """Whether a plan adds people: in a store of the demonstration they are real ones, which nobody may open by a click."""
    return any(operation.table is Person and operation.verb == "insert" for operation in plan.operations)


def _close_demonstration(change: Change) -> None:
    """End the demonstration for good: its accounts no longer count, and undoing the import does not bring them back."""
    change.batch_id = None
    if district(change.session.connection()).demo:
        end_demonstration(change)


def _remember_mapping(change: Change, request: ImportRequest) -> None:
    """Propose the confirmed mapping for the next file with these headers, and what a person said of one for any file."""
    sheet, connection = SHEETS[request.sheet], change.session.connection()
    by_hand = taught_headers(request.mapping, sheet)
    learn_headers(change, request.sheet, {h: code for h, code in by_hand.items() if not h.startswith("(")})
    proposed = propose_mapping(request.table.headers, sheet, queries.learnt_headers(connection))
    taken_back = [h for h in taught_headers(proposed, sheet) if request.mapping.get(h) is None]
    forget_headers(change, request.sheet, taken_back)
    mark = fingerprint(request.table.headers)
    known = queries.header_mapping_id(connection, request.sheet, mark)
    values = {
        "mapping": dict(request.mapping),
        "platform": request.options.platform,
        "actor": change.actor,
        "at": change.at,
    }
    if known is None:
        change.add(HeaderMapping(sheet=request.sheet, fingerprint=mark, **values))
    else:
        change.edit(HeaderMapping, known, values)


def _write(change: Change, operations: Sequence[Operation], progress: Progress | None) -> dict[tuple[str, int], int]:
    """The operations in order, those on one table at once; ``progress`` may cancel between two chunks.

    Returns (table, negative id) → the id that the store has given.
    """
    new_ids: dict[tuple[str, int], int] = {}
    done, total = 0, len(operations)
    for (table, verb), group in groupby(operations, key=lambda o: (o.table, o.verb)):
        same = list(group)
        for start in range(0, len(same), CHUNK):
            chunk = same[start : start + CHUNK]
            WRITERS[verb](change, table, chunk, new_ids)
            done += len(chunk)
            if progress is not None and progress(done, total) is False:
                raise Cancelled
    return new_ids


def _insert(change: Change, table: type[Base], chunk: Sequence[Operation], new_ids: dict[tuple[str, int], int]) -> None:
    columns = table.__table__.c
    names = {name for operation in chunk for name in operation.after}
    defaults = {name: _default(columns[name]) for name in names}
    rows = [defaults | _with_new_ids(operation, new_ids) for operation in chunk]
    ids = change.add_all(table, rows, stated_on=[operation.stated_on for operation in chunk])
    for operation, row_id in zip(chunk, ids, strict=True):
        new_ids[(table.__tablename__, operation.id)] = row_id


def _update(change: Change, table: type[Base], chunk: Sequence[Operation], new_ids: dict[tuple[str, int], int]) -> None:
    edits = [(operation.id, operation.before, _with_new_ids(operation, new_ids)) for operation in chunk]
    change.edit_all(table, edits, stated_on=[operation.stated_on for operation in chunk])


def _delete(change: Change, table: type[Base], chunk: Sequence[Operation], _new_ids: Mapping[Any, int]) -> None:
    change.remove_all(table, [(operation.id, operation.before) for operation in chunk])


WRITERS: dict[str, Callable[[Change, type[Base], Sequence[Operation], dict[tuple[str, int], int]], None]] = {
    "insert": _insert,
    "update": _update,
    "delete": _delete,
}


def _default(column: Any) -> Any:
    return column.default.arg if column.default is not None and column.default.is_scalar else None


def _with_new_ids(operation: Operation, new_ids: Mapping[tuple[str, int], int]) -> dict[str, Any]:
    """The new values, with the ids that the store has given to the new rows they refer to."""
    after = dict(operation.after)
    for name in operation.refs:
        if isinstance(after.get(name), int) and after[name] < 0:
            target = next(iter(operation.table.__table__.c[name].foreign_keys)).column.table.name
            after[name] = new_ids[(target, after[name])]
    return after
