"""The records of a plan: what a row of the file states about a row of the store, and what is done about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from core.intake.findings import RowStatus
from core.intake.planning.parsed_rows import ParsedRow
from core.store.schema import Base

__all__ = [
    "Candidate",
    "FieldChange",
    "MergedRow",
    "Operation",
    "Operations",
    "RowDraft",
    "RowOutcome",
    "Statement",
    "StoreReader",
]


class StoreReader(Protocol):
    """Where stored rows come from: ``queries.StoredRows``, or a dictionary in a test."""

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
    """A stored value that a row of the file replaces."""

    entity: str
    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Candidate:
    """A known person whom a row may mean; ``by`` says what they have in common (a key of ``findings.BY``)."""

    id: int
    name: str
    phone: str | None
    last4: str | None
    by: str


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What happens with one row of the file."""

    number: int
    status: RowStatus
    changes: tuple[FieldChange, ...] = ()
    candidates: tuple[Candidate, ...] = ()


@dataclass(slots=True)
class RowDraft:
    """A row of the file while it is planned; ``outcome`` is what comes of it."""

    row: ParsedRow
    has_error: bool = False
    duplicate_of: int | None = None
    """Number of the earlier row that says the same."""
    ids: dict[str, int] = field(default_factory=dict)
    """Entity → id of its row in the store; negative for one that the import will make."""
    is_new: bool = False
    is_changed: bool = False
    changes: list[FieldChange] = field(default_factory=list)
    candidates: tuple[Candidate, ...] = ()
    is_undecided: bool = False
    """Nobody has decided yet whether it is the one candidate."""

    @classmethod
    def of(cls, row: ParsedRow) -> RowDraft:
        return cls(row, has_error=row.has_error)

    @property
    def number(self) -> int:
        return self.row.number

    @property
    def values(self) -> Mapping[str, Any]:
        return self.row.values

    @property
    def is_usable(self) -> bool:
        return not self.has_error and self.duplicate_of is None

    def outcome(self) -> RowOutcome:
        """A row that changes nothing needs no decision about its person."""
        if self.has_error:
            status = RowStatus.ERROR
        elif self.duplicate_of is not None:
            status = RowStatus.DUPLICATE
        elif self.is_undecided and (self.is_changed or self.is_new):
            status = RowStatus.REVIEW
        elif self.is_new:
            status = RowStatus.NEW
        elif self.is_changed:
            status = RowStatus.CHANGED
        else:
            status = RowStatus.SAME
        return RowOutcome(self.number, status, tuple(self.changes), self.candidates)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one row of the file says of one row of the store: values to set, and values that only fill gaps."""

    source: RowDraft
    sets: dict[str, Any]
    fills: dict[str, Any]


@dataclass(slots=True)
class MergedRow:
    """All statements of the file about one row of the store: field → (value, row of the file that won)."""

    sources: list[RowDraft] = field(default_factory=list)
    sets: dict[str, tuple[Any, RowDraft]] = field(default_factory=dict)
    fills: dict[str, tuple[Any, RowDraft]] = field(default_factory=dict)

    def add(self, statement: Statement) -> None:
        """A later statement replaces values that are set; the first one to fill a gap stays."""
        self.sources.append(statement.source)
        for name, value in statement.sets.items():
            self.sets[name] = (value, statement.source)
        for name, value in statement.fills.items():
            self.fills.setdefault(name, (value, statement.source))


class Operations:
    """Operations in order, at most one for each row, and negative ids for rows that do not exist yet."""

    def __init__(self) -> None:
        self.list: list[Operation] = []
        self.fresh: dict[tuple[Any, ...], int] = {}
        """(table, *natural key) → id of a row that this import makes."""
        self._open: dict[tuple[type[Base], int], Operation] = {}

    def new_id(self, table: type[Base], key: tuple[Any, ...]) -> int:
        """The negative id of a row that the import will make; the same for the same key."""
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
