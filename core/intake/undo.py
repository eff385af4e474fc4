"""Undo an import: play the audit events of its batch backwards, unless someone built on its rows since."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from core.intake import queries
from core.locale import Translator
from core.policy import Access, Action
from core.store.commands import Change, CommandRefused, NotFound, command, from_json
from core.store.database import Database
from core.store.schema import Base, HeaderMapping, ImportBatch, LearntWord
from core.terms import BatchState

__all__ = ["Blocker", "Obstacle", "UndoPreview", "UndoRefused", "obstacles", "preview_undo", "undo_import"]

BOOKKEEPING = frozenset({ImportBatch.__tablename__, HeaderMapping.__tablename__, LearntWord.__tablename__})
"""Tables in which a batch leaves rows about itself; they stay."""


@dataclass(frozen=True)
class Blocker:
    """Why a batch can't be undone: a row was changed by someone, or another row refers to it."""

    entity: str
    entity_id: str
    reason: str
    """'changed' or the table that refers to the row."""
    actor: str | None = None
    at: datetime | None = None
    batch_id: int | None = None
    """The later import that changed it."""


@dataclass(frozen=True)
class UndoPreview:
    """What an undo would do, by table, and what stands in its way."""

    removed: Mapping[str, int]
    """Rows that the import added."""
    restored: Mapping[str, int]
    """Rows that it changed, which get back what they held."""
    returned: Mapping[str, int]
    """Rows that it deleted."""
    blockers: tuple[Blocker, ...]


@dataclass(frozen=True)
class Obstacle:
    """Rows of one table that stand in the way of an undo for one cause."""

    cause: Blocker
    """The last of them."""
    rows: tuple[str, ...]
    """Their ids, each once."""


class UndoRefused(CommandRefused):
    """Nothing was undone: rows of the batch were changed or used afterwards (``blockers``), or the reason is missing."""

    def __init__(self, blockers: Sequence[Blocker] = ()) -> None:
        super().__init__(f"{len(blockers)} rows of the batch were changed or used afterwards")
        self.blockers = tuple(blockers)

    def sentence(self, tr: Translator) -> str:
        """What to do first."""
        if not self.blockers:
            return tr("Not undone: a reason is missing.")
        return tr.plural(
            "It cannot be undone: {n} row of it was changed or used afterwards. Undo that first.",
            "It cannot be undone: {n} rows of it were changed or used afterwards. Undo that first.",
            len({(blocker.entity, blocker.entity_id) for blocker in self.blockers}),
        )


def preview_undo(connection: Connection, batch_id: int) -> UndoPreview:
    """What undoing a batch in force would do now; NotFound if it is not in force."""
    events = _events(connection, batch_id)
    verbs: dict[tuple[str, str], str] = {}
    for event in events:  # a row that was added stays one, whatever the import did to it afterwards
        row = (event.entity, event.entity_id)
        verbs[row] = verbs[row] if verbs.get(row) == "insert" else _verb(event)
    removed, restored, returned = (
        Counter(entity for (entity, _), verb in verbs.items() if verb == wanted)
        for wanted in ("insert", "update", "delete")
    )
    return UndoPreview(removed, restored, returned, tuple(_blockers(connection, batch_id, events)))


def obstacles(blockers: Sequence[Blocker]) -> list[Obstacle]:
    """``blockers`` by table and cause (who changed rows, which import did, which rows refer to them), in their order."""
    last: dict[tuple[object, ...], Blocker] = {}
    rows: dict[tuple[object, ...], dict[str, None]] = defaultdict(dict)
    for blocker in blockers:
        cause = (blocker.entity, blocker.reason, blocker.batch_id, None if blocker.batch_id else blocker.actor)
        last[cause] = blocker
        rows[cause][blocker.entity_id] = None
    return [Obstacle(blocker, tuple(rows[cause])) for cause, blocker in last.items()]


def undo_import(db: Database, batch_id: int, actor: Access, at: datetime, *, reason: str) -> None:
    """Take a batch back. Raises UndoRefused with the rows that prevent it, NotFound if it is not in force."""
    if not reason.strip():
        raise UndoRefused
    with command(db, actor=actor, action=Action.UNDO_IMPORT, at=at, batch_id=batch_id) as change:
        connection = change.session.connection()
        events = _events(connection, batch_id)
        blockers = _blockers(connection, batch_id, events)
        if blockers:
            raise UndoRefused(blockers)
        _reverse(change, events)
        undone = {"state": BatchState.UNDONE, "undone_at": at, "undone_by": change.actor}
        change.edit(ImportBatch, batch_id, undone)
        change.record(queries.UNDO, batch_id, {"reason": reason.strip()})


def _events(connection: Connection, batch_id: int) -> list[Any]:
    """What a batch in force changed, in order, less what it noted about itself."""
    if queries.batch_state(connection, batch_id) is not BatchState.COMMITTED:
        raise NotFound(f"import batch {batch_id}")
    events = queries.batch_events(connection, batch_id, Action.IMPORT.value)
    return [event for event in events if event.entity not in BOOKKEEPING]


def _reverse(change: Change, events: Sequence[Any]) -> None:
    tables = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    for (entity, verb), group in groupby(reversed(events), key=lambda e: (e.entity, _verb(e))):
        table, same = tables[entity], list(group)
        if verb == "insert":
            change.remove_all(table, [(int(e.entity_id), from_json(table, e.after)) for e in same])
        elif verb == "delete":
            change.add_all(table, [from_json(table, e.before) for e in same])
        else:
            edits = [(int(e.entity_id), from_json(table, e.after), from_json(table, e.before)) for e in same]
            change.edit_all(table, edits)


def _verb(event: Any) -> str:
    return "insert" if event.before is None else "delete" if event.after is None else "update"


def _blockers(connection: Connection, batch_id: int, events: Sequence[Any]) -> list[Blocker]:
    """Rows of the batch that someone changed afterwards, and rows from elsewhere that refer to its new ones."""
    if not events:
        return []
    touched = {(event.entity, event.entity_id) for event in events}
    entities = {event.entity for event in events}
    last = max(event.id for event in events)
    blockers = [
        Blocker(event.entity, event.entity_id, "changed", event.actor, event.at, event.batch_id)
        for event in queries.later_events(connection, last, batch_id, entities)
        if (event.entity, event.entity_id) in touched
    ]
    new_ids: dict[str, set[int]] = defaultdict(set)
    own_edits: dict[tuple[str, str], set[int]] = defaultdict(set)
    """(table, field) → rows that the batch itself wrote there, perhaps to refer to its new rows."""
    for event in events:
        if _verb(event) == "insert":
            new_ids[event.entity].add(int(event.entity_id))
        for name in event.after or ():
            own_edits[(event.entity, name)].add(int(event.entity_id))
    for table in Base.metadata.sorted_tables:
        if "id" not in table.c:
            continue
        for key in table.foreign_keys:
            ids = new_ids.get(key.column.table.name)
            if ids and key.column.name == "id" and table.name != ImportBatch.__tablename__:
                own_rows = own_edits[(table.name, key.parent.name)]
                for row, referred in queries.referring(connection, table, key.parent, sorted(ids)):
                    if row not in own_rows:
                        blockers.append(Blocker(key.column.table.name, str(referred), table.name))
    return blockers
