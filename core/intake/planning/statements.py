"""The vocabulary of a plan: what a line says of a row, and what is done about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from core.intake.planning.parsed_rows import Line
from core.store.schema import Base

__all__ = ["FieldChange", "Merged", "Operation", "Operations", "Statement", "Store"]


class Store(Protocol):
    """Where stored rows come from: ``rows.StoredRows``, or a dictionary in a test."""

    def load(
        self, table: type[Base], fields: Collection[str], by: str, values: Collection[Any]
    ) -> Iterable[Mapping[str, Any]]: ...


@dataclass(slots=True)
class Operation:
    """One row to insert, update or delete. Negative ids stand for rows that this import makes."""

    table: type[Base]
    verb: Literal["insert", "update", "delete"]
    id: int
    after: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A stored value that a line replaces."""

    entity: str
    field: str
    old: Any
    new: Any


@dataclass(slots=True)
class Statement:
    """What one line says of one row: values to set, and values that only fill gaps."""

    line: Line
    sets: dict[str, Any]
    fills: dict[str, Any]


@dataclass(slots=True)
class Merged:
    """All statements of the file about one row: field → (value, line that won)."""

    lines: list[Line] = field(default_factory=list)
    sets: dict[str, tuple[Any, Line]] = field(default_factory=dict)
    fills: dict[str, tuple[Any, Line]] = field(default_factory=dict)

    def add(self, statement: Statement) -> None:
        self.lines.append(statement.line)
        for name, value in statement.sets.items():
            self.sets[name] = (value, statement.line)
        for name, value in statement.fills.items():
            self.fills.setdefault(name, (value, statement.line))


class Operations:
    """Operations in order, those on one row found again, and negative ids for rows yet to be made."""

    def __init__(self) -> None:
        self.list: list[Operation] = []
        self.fresh: dict[tuple[Any, ...], int] = {}
        """(table, *natural key) → id of a row that this import makes."""
        self._open: dict[tuple[type[Base], int], Operation] = {}

    def new_id(self, table: type[Base], key: tuple[Any, ...]) -> int:
        """The negative id of a row that is yet to be made; the same for the same key."""
        return self.fresh.setdefault((table, *key), -len(self.fresh) - 1)

    def insert(self, table: type[Base], row_id: int, after: dict[str, Any], refs: tuple[str, ...]) -> None:
        self._add(Operation(table, "insert", row_id, after, refs=refs))

    def change(self, table: type[Base], row_id: int, name: str, old: Any, new: Any, refs: tuple[str, ...]) -> None:
        """Set one field, of a stored row or of one that is being made."""
        operation = self._open.get((table, row_id))
        if operation is None:
            operation = self._add(Operation(table, "update", row_id, refs=refs))
        if operation.verb == "update":
            operation.before.setdefault(name, old)
        operation.after[name] = new

    def delete(self, table: type[Base], row: Mapping[str, Any]) -> None:
        """Delete a stored row (its whole content, with id), or forget one that is being made."""
        pending = self._open.pop((table, row["id"]), None)
        if pending is not None:
            self.list = [operation for operation in self.list if operation is not pending]
        if row["id"] > 0:
            before = dict(row) | (pending.before if pending is not None else {})
            self.list.append(Operation(table, "delete", row["id"], before=before))

    def _add(self, operation: Operation) -> Operation:
        self.list.append(operation)
        self._open[(operation.table, operation.id)] = operation
        return operation
