"""The records of a plan: what a row of the file states about a row of the store, and what is done about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, Protocol

from core.intake.findings import RowStatus
from core.intake.planning.parsed_rows import ParsedRow
from core.store.schema import Base
from core.terms import Agreement, Sex

__all__ = [
    "Candidate",
    "Conflict",
    "KeptValue",
    "LastWrite",
    "MergedRow",
    "Operation",
    "Operations",
    "PersonKeys",
    "PlannedChange",
    "RowDraft",
    "RowOutcome",
    "Statement",
    "StoreReader",
    "Verb",
]

Verb = Literal["insert", "update", "delete"]


class LastWrite(NamedTuple):
    """Who last wrote a stored field. ``day`` is the day that the value was true on: the reporting day of an imported
    row (None where its sheet has none), else the day of the edit."""

    day: date | None
    actor: str
    at: datetime | None
    is_import: bool


class PersonKeys(NamedTuple):
    """What a row says that can tell people apart."""

    name: str
    id_hash: str | None
    """Of the full ID number."""
    sex_of_id: Sex | None
    sex: Sex | None
    phone: str | None
    last4: str | None
    birth: date | None
    community: int | None


class StoreReader(Protocol):
    """Where stored rows come from: ``queries.StoredRows``, or a dictionary in a test."""

    def load(
        self, table: type[Base], fields: Collection[str], by: str, values: Collection[Any] | None
    ) -> Iterable[Mapping[str, Any]]:
        """``fields`` and id of the rows whose ``by`` is one of ``values``; of all rows for None."""
        ...

    def last_writes(self, table: type[Base], ids: Collection[int]) -> Mapping[tuple[int, str], LastWrite]:
        """(id, field) → who wrote it last, for the rows of ``table`` with these ids."""
        ...


@dataclass(slots=True)
class Operation:
    """One row to insert, update or delete. Negative ids stand for rows that this import makes."""

    table: type[Base]
    verb: Verb
    id: int
    row: int
    """Number of the row of the file that causes it."""
    after: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    refs: tuple[str, ...] = ()
    rows: dict[str, int] = field(default_factory=dict)
    """Field → number of the row that gives its value, where that is another one."""
    stated_on: date | None = None
    """The day on which the values are stated."""


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One field of a row of the store that an import would write or delete; ``old`` is None for a new row."""

    row: int
    """Number of the row of the file that it comes from."""
    table: type[Base]
    id: int
    verb: Verb
    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class KeptValue:
    """A stored value that is newer than the one in the file, and is therefore kept unless a person decides otherwise."""

    row: int
    table: type[Base]
    id: int
    field: str
    stored: Any
    given: Any
    stated_on: date | None
    """The day of the value in the file."""
    last: LastWrite

    @property
    def key(self) -> tuple[int, str, str]:
        """What a person's decision to replace it is kept under."""
        return self.row, self.table.__tablename__, self.field


BESIDE_THE_NAME = ("phone", "last4", "birth", "community")


@dataclass(frozen=True)
class Candidate:
    """A known person whom a row may mean, with the facts that they have in common.

    ``facts``: name, phone, last4, birth and community → how they compare. ``row``: the row of the file that brings the person,
    for one who is not stored yet.
    """

    id: int
    name: str
    phone: str | None
    last4: str | None
    birth: date | None
    community: int | None
    facts: Mapping[str, Agreement]
    row: int | None = None

    @property
    def agreeing(self) -> tuple[str, ...]:
        """The facts beside the name that the row and the person have in common."""
        return tuple(name for name in BESIDE_THE_NAME if self.facts[name] is Agreement.AGREES)

    @property
    def by(self) -> str:
        """What the row and the person have in common, as a key of ``findings.BY``."""
        has = set(self.agreeing)
        if {"phone", "last4"} <= has:
            return "both"
        return next((name for name in BESIDE_THE_NAME if name in has), "name")


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What happens with one row of the file. ``candidates``: known people whom it may mean, if it names none for certain."""

    number: int
    status: RowStatus
    candidates: tuple[Candidate, ...] = ()
    person: PersonKeys | None = None
    """What the row says of its person."""
    is_open: bool = False
    """The import waits for a decision; else the candidates are shown for the case that the row means one of them."""


@dataclass(slots=True)
class RowDraft:
    """A row of the file while it is planned; ``outcome`` is what comes of it."""

    row: ParsedRow
    stated_on: date | None = None
    """The day on which its facts are stated."""
    has_error: bool = False
    duplicate_of: int | None = None
    """Number of the earlier row that says the same."""
    ids: dict[str, int] = field(default_factory=dict)
    """Entity → id of its row in the store; negative for one that the import will make."""
    is_new: bool = False
    is_changed: bool = False
    candidates: tuple[Candidate, ...] = ()
    person: PersonKeys | None = None
    is_undecided: bool = False
    """Nobody has decided yet whether it is the one candidate."""
    only_fills: bool = False
    """It speaks of what was merged into another: it fills gaps there and changes nothing."""
    fingerprint: str | None = None
    """Set where whom the row means was a question: under it the answer is remembered."""

    @classmethod
    def of(cls, row: ParsedRow, stated_on: date | None) -> RowDraft:
        return cls(row, stated_on, has_error=row.has_error)

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
        is_open = False
        if self.has_error:
            status = RowStatus.ERROR
        elif self.duplicate_of is not None:
            status = RowStatus.DUPLICATE
        elif self.is_undecided and (self.is_changed or self.is_new):
            status, is_open = RowStatus.REVIEW, True
        elif self.is_new:
            status = RowStatus.NEW
        elif self.is_changed:
            status = RowStatus.CHANGED
        else:
            status = RowStatus.SAME
        candidates = () if status in (RowStatus.SAME, RowStatus.DUPLICATE) else self.candidates
        return RowOutcome(self.number, status, candidates, self.person, is_open)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one row of the file says of one row of the store: values to set, and values that only fill gaps.

    ``stated``: the fields among them that stand in cells. ``constant``: those that no later day changes (sex, birth).
    """

    source: RowDraft
    sets: dict[str, Any]
    fills: dict[str, Any]
    stated: frozenset[str] = frozenset()
    constant: frozenset[str] = frozenset()


class Conflict(NamedTuple):
    """Two rows of the file that state different values of one field, and neither is the later statement."""

    field: str
    first: RowDraft
    second: RowDraft


@dataclass(slots=True)
class MergedRow:
    """All statements of the file about one row of the store: field → (value, row of the file that won)."""

    sources: list[RowDraft] = field(default_factory=list)
    sets: dict[str, tuple[Any, RowDraft]] = field(default_factory=dict)
    fills: dict[str, tuple[Any, RowDraft]] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)

    def add(self, statement: Statement) -> None:
        """A statement of a later day replaces values that are set; the first one to fill a gap stays. Different values
        of the same day are a conflict."""
        source = statement.source
        self.sources.append(source)
        for name, value in statement.sets.items():
            known = self.sets.get(name)
            if known is not None and known[0] != value and name in statement.stated:
                days = known[1].stated_on, source.stated_on
                if name in statement.constant or None in days or days[0] == days[1]:
                    self.conflicts.append(Conflict(name, known[1], source))
            self.sets[name] = (value, source)
        for name, value in statement.fills.items():
            known = self.fills.setdefault(name, (value, source))
            if name in statement.constant and known[0] != value:
                self.conflicts.append(Conflict(name, known[1], source))


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

    def insert(
        self, table: type[Base], row_id: int, after: dict[str, Any], refs: tuple[str, ...], source: RowDraft
    ) -> None:
        self._add(Operation(table, "insert", row_id, source.number, after, refs=refs, stated_on=source.stated_on))

    def change(
        self, table: type[Base], row_id: int, name: str, old: Any, new: Any, refs: tuple[str, ...], source: RowDraft
    ) -> None:
        """Set one field, of a stored row or of one that is being made."""
        operation = self._open.get((table, row_id))
        if operation is None:
            operation = self._add(Operation(table, "update", row_id, source.number, refs=refs))
        if operation.verb == "update":
            operation.before.setdefault(name, old)
        operation.after[name] = new
        operation.rows[name] = source.number
        days = [day for day in (operation.stated_on, source.stated_on) if day is not None]
        operation.stated_on = max(days, default=None)

    def delete(self, table: type[Base], row: Mapping[str, Any], source: RowDraft) -> None:
        """Delete a stored row (its whole content, with id), or forget one that is being made."""
        pending = self._open.pop((table, row["id"]), None)
        if pending is not None:
            self.list = [operation for operation in self.list if operation is not pending]
        if row["id"] > 0:
            before = dict(row) | (pending.before if pending is not None else {})
            self.list.append(Operation(table, "delete", row["id"], source.number, before=before))

    def content(self, table: type[Base], row_id: int) -> Mapping[str, Any]:
        """The values that an open operation would write into a row."""
        operation = self._open.get((table, row_id))
        return {} if operation is None else operation.after

    def _add(self, operation: Operation) -> Operation:
        self.list.append(operation)
        self._open[(operation.table, operation.id)] = operation
        return operation
