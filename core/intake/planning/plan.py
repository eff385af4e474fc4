"""A dry run: what an import would do, row by row and field by field, without doing it.

``make_plan`` is a pure function of the request and the stored rows; committing makes the plan again inside the
transaction and compares digests, so that what a person confirmed is what happens.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from core.intake.findings import Decision, Finding, Level, RowStatus
from core.intake.parsing.text import NOTES_HEADER
from core.intake.parsing.vocabulary import Vocabulary
from core.intake.planning.derivations import Context
from core.intake.planning.parsed_rows import headers_by_code, parse_rows
from core.intake.planning.persons import Answer
from core.intake.planning.planner import ImportPlanner
from core.intake.planning.plausibility import IMPLAUSIBLE, Norms
from core.intake.planning.statements import KeptValue, Operation, PlannedChange, RowOutcome, StoreReader, Verb
from core.intake.queries import StoredRows, norms, remembered_people, vocabulary
from core.intake.reading.detection import ColumnMapping
from core.intake.reading.headers import HeaderedTable
from core.intake.sheets import SHEETS, SheetSpec
from core.store.commands import as_json
from core.store.schema import Base
from core.terms import Datum

__all__ = ["Cancelled", "ImportPlan", "ImportRequest", "Options", "Progress", "make_plan", "plan_import"]

Progress = Callable[[int, int], bool | None]
"""Called with (done, total); returning False cancels."""


class Cancelled(Exception):
    """The person stopped the import; nothing was written."""


@dataclass(frozen=True)
class Options:
    """What a person chooses besides the mapping."""

    datum: Datum = Datum.WGS84
    day: date | None = None
    """The reporting day, for sheets that don't carry their week."""
    otherwise: Decision | None = None
    """The decision on every row that fits someone without a full ID number and isn't decided singly."""
    decisions: Mapping[int, Answer] = field(default_factory=dict)
    """Answers by row number: a decision, or the id of the person whom the row means."""
    replaced: frozenset[tuple[int, str, str]] = frozenset()
    """(row, table, field) of stored values that are newer than those of the file and are to be replaced all the same."""
    platform: str | None = None
    """The recruitment platform whose export the file is."""
    confirmed: bool = False
    """A person has looked at the unlikely values and says that they are right."""

    def as_json(self) -> dict[str, Any]:
        return {
            "datum": self.datum.value,
            "day": as_json(self.day),
            "otherwise": as_json(self.otherwise),
            "decisions": {str(int(row)): as_json(answer) for row, answer in sorted(self.decisions.items())},
            "replaced": [[int(row), table, name] for row, table, name in sorted(self.replaced)],
            "platform": self.platform,
            "confirmed": self.confirmed,
        }


@dataclass(frozen=True)
class ImportRequest:
    """Everything that a plan depends on, except the store."""

    file_name: str
    sha256: str
    sheet: str
    table: HeaderedTable
    mapping: ColumnMapping
    options: Options = field(default_factory=Options)
    today: date | None = None
    """The day whose thresholds for unlikely values are in force; None: the newest."""


@dataclass(frozen=True)
class ImportPlan:
    """The result of a dry run."""

    request: ImportRequest
    rows: tuple[RowOutcome, ...]
    findings: tuple[Finding, ...]
    operations: tuple[Operation, ...] = field(repr=False)
    words: Vocabulary = field(repr=False)
    kept: tuple[KeptValue, ...] = field(default=(), repr=False)
    """Stored values that are newer than those of the file, also those that a person decided to replace."""
    people: Mapping[str, int] = field(default_factory=dict, repr=False)
    """Fingerprint of each row whose person was a question → the person (negative: a new one)."""

    @cached_property
    def counts(self) -> dict[str, int]:
        """Rows by status, every status named."""
        counts = Counter(row.status for row in self.rows)
        return {status.value: counts[status] for status in RowStatus}

    @cached_property
    def entity_counts(self) -> dict[tuple[type[Base], Verb], int]:
        """(table, verb) → rows of the store that would be written, in the order of the sheet's entities."""
        counts = Counter((operation.table, operation.verb) for operation in self.operations)
        tables = list(dict.fromkeys(entity.table for entity in SHEETS[self.request.sheet].entities))
        return {(table, verb): counts[table, verb] for table in tables for verb in VERBS if counts[table, verb]}

    @cached_property
    def changes(self) -> tuple[PlannedChange, ...]:
        """Every field that the import would write or delete, in the order of the file: nothing else is done."""
        changes = [
            PlannedChange(o.rows.get(name, o.row), o.table, o.id, o.verb, name, o.before.get(name), o.after.get(name))
            for o in self.operations
            for name in (o.before if o.verb == "delete" else o.after)
            if name != "id"
        ]
        return tuple(sorted(changes, key=lambda change: change.row))

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is Level.ERROR)

    @property
    def implausible(self) -> tuple[Finding, ...]:
        """Unlikely values that a person confirms before the import."""
        return tuple(finding for finding in self.findings if finding.code in IMPLAUSIBLE)

    @property
    def ready(self) -> bool:
        """Nothing is wrong, nothing waits for a decision, and unlikely values are confirmed."""
        is_confirmed = self.request.options.confirmed or not self.implausible
        return not self.errors and is_confirmed and not any(row.is_open for row in self.rows)

    @cached_property
    def digest(self) -> str:
        """Equal for plans that would do the same and keep the same."""
        content = hashlib.sha256(f"{self.request.sheet} {self.request.sha256} {self.ready}\n".encode())
        for o in self.operations:
            content.update(repr((o.table.__tablename__, o.verb, o.id, o.before, o.after)).encode())
        for kept in self.kept:
            content.update(repr((kept.key, kept.stored, kept.last.actor, kept.last.at)).encode())
        return content.hexdigest()


VERBS: tuple[Verb, ...] = ("insert", "update", "delete")


def plan_import(
    connection: Connection, request: ImportRequest, hmac_key: bytes, progress: Progress | None = None
) -> ImportPlan:
    """The plan of ``request`` against the store as ``connection`` sees it.

    ``hmac_key`` is the server's key for hashes of ID numbers. Raises Cancelled when ``progress`` asks for it.
    """
    return make_plan(
        request,
        StoredRows(connection),
        vocabulary(connection),
        hmac_key,
        progress,
        norms=norms(connection, request.today),
        remembered=remembered_people(connection),
    )


def make_plan(
    request: ImportRequest,
    store: StoreReader,
    words: Vocabulary,
    hmac_key: bytes,
    progress: Progress | None = None,
    *,
    norms: Norms | None = None,
    remembered: Mapping[str, int] | None = None,
) -> ImportPlan:
    """Pure: parse every row, find people and stored rows, collect operations and findings.

    ``norms``: what unlikely values are told by; ``remembered``: fingerprint of a row → its person in a former import.
    """
    sheet = SHEETS[request.sheet]
    headers = headers_by_code(request.mapping)
    findings = [*request.table.findings, *_column_findings(request, sheet)]
    total = len(request.table.rows)

    def on_progress(done: int) -> None:
        if progress is not None and progress(done, total) is False:
            raise Cancelled

    if any(finding.level is Level.ERROR and finding.row is None for finding in findings):
        return ImportPlan(request, (), tuple(findings), (), words)
    norms = norms or Norms()
    rows, row_findings = parse_rows(
        request.table,
        sheet,
        request.mapping,
        words,
        request.options.datum,
        on_progress,
        norms.thresholds.get("import_far_km"),
    )
    planner = ImportPlanner(
        sheet=sheet,
        rows=rows,
        store=store,
        context=Context(words, request.options.day, request.options.platform),
        headers=headers,
        hmac_key=hmac_key,
        norms=norms,
        replaced=request.options.replaced,
        remembered=remembered,
    )
    outcomes = planner.run(request.options.decisions, request.options.otherwise)
    on_progress(total)
    findings += row_findings + planner.findings
    settled = {row.number for row in outcomes if row.status in (RowStatus.SAME, RowStatus.DUPLICATE)}
    findings = [f for f in findings if f.code not in ("review_person", "same_name") or f.row not in settled]
    findings.sort(key=lambda f: (f.row or 0, f.level.order))
    return ImportPlan(
        request=request,
        rows=tuple(outcomes),
        findings=tuple(findings),
        operations=tuple(planner.operations.list),
        words=words,
        kept=tuple(planner.kept),
        people=planner.people,
    )


def _column_findings(request: ImportRequest, sheet: SheetSpec) -> list[Finding]:
    """Missing required columns (errors), unknown ones and those that are not stored (notes)."""
    headers = headers_by_code(request.mapping)
    if not headers:
        return [Finding("nothing_mapped", Level.ERROR)]
    findings = [
        Finding("missing_column", Level.ERROR, column=column.header, values={"header": column.header})
        for column in sheet.columns
        if column.required and column.code not in headers
    ]
    if sheet.day and request.options.day is None and "week" not in headers:
        findings.append(Finding("reporting_day", Level.ERROR))
    for header in request.table.headers:
        code = request.mapping.get(header)
        if code is None and not header.startswith(("(", NOTES_HEADER)):
            findings.append(Finding("unknown_column", Level.NOTE, column=header, values={"header": header}))
        elif code is not None and not sheet.by_code[code].is_stored:
            values = {"header": header, "reason": sheet.by_code[code].reason}
            findings.append(Finding("not_kept", Level.NOTE, column=header, values=values))
    return findings
