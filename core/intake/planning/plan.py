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
from core.intake.planning.planner import ImportPlanner
from core.intake.planning.statements import FieldChange, Operation, RowOutcome, StoreReader
from core.intake.queries import StoredRows, vocabulary
from core.intake.reading.detection import ColumnMapping
from core.intake.reading.headers import HeaderedTable
from core.intake.sheets import SHEETS, SheetSpec
from core.locale import Translator
from core.store.commands import as_json
from core.terms import Datum, Term

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
    decisions: Mapping[int, Decision] = field(default_factory=dict)
    """Decisions by row number."""

    def as_json(self) -> dict[str, Any]:
        return {
            "datum": self.datum.value,
            "day": as_json(self.day),
            "otherwise": as_json(self.otherwise),
            "decisions": {str(row): decision.value for row, decision in sorted(self.decisions.items())},
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


@dataclass(frozen=True)
class ImportPlan:
    """The result of a dry run."""

    request: ImportRequest
    rows: tuple[RowOutcome, ...]
    findings: tuple[Finding, ...]
    operations: tuple[Operation, ...] = field(repr=False)
    words: Vocabulary = field(repr=False)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Rows by status, every status named."""
        counts = Counter(row.status for row in self.rows)
        return {status.value: counts[status] for status in RowStatus}

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is Level.ERROR)

    @property
    def ready(self) -> bool:
        """Nothing is wrong and nothing waits for a decision."""
        return not self.errors and not any(row.status is RowStatus.REVIEW for row in self.rows)

    @cached_property
    def digest(self) -> str:
        """Equal for plans that would do the same."""
        content = hashlib.sha256(f"{self.request.sheet} {self.request.sha256} {self.ready}\n".encode())
        for o in self.operations:
            content.update(repr((o.table.__tablename__, o.verb, o.id, o.before, o.after)).encode())
        return content.hexdigest()

    def header_of(self, change: FieldChange) -> str:
        """The header of the column that a change comes from, else the field's name."""
        sheet = SHEETS[self.request.sheet]
        columns = sheet.columns_for(change.entity, change.field) or sheet.columns_for(change.entity, "*")
        headers = headers_by_code(self.request.mapping)
        return next((headers[c.code] for c in columns if c.code in headers), change.field)

    def values_as_text(self, change: FieldChange, tr: Translator) -> tuple[str, str]:
        """Old and new value as words; names instead of keys."""
        table = next(e.table for e in SHEETS[self.request.sheet].entities if e.name == change.entity).__table__
        keys = list(table.c[change.field].foreign_keys)
        kind = keys[0].column.table.name if keys else None

        def as_text(value: Any) -> str:
            if value is None:
                return "—"
            if isinstance(value, Term):
                return tr.term(value)
            if isinstance(value, bool):
                return tr("yes") if value else tr("no")
            if isinstance(value, date):
                return value.isoformat()
            if kind is not None and isinstance(value, int) and value < 0:  # a row that this import makes
                return tr.term(RowStatus.NEW)
            return self.words.label(kind, value) if kind is not None and kind in self.words.kinds else str(value)

        return as_text(change.old), as_text(change.new)


def plan_import(
    connection: Connection, request: ImportRequest, hmac_key: bytes, progress: Progress | None = None
) -> ImportPlan:
    """The plan of ``request`` against the store as ``connection`` sees it.

    ``hmac_key`` is the server's key for hashes of ID numbers. Raises Cancelled when ``progress`` asks for it.
    """
    return make_plan(request, StoredRows(connection), vocabulary(connection), hmac_key, progress)


def make_plan(
    request: ImportRequest, store: StoreReader, words: Vocabulary, hmac_key: bytes, progress: Progress | None = None
) -> ImportPlan:
    """Pure: parse every row, find people and stored rows, collect operations and findings."""
    sheet = SHEETS[request.sheet]
    headers = headers_by_code(request.mapping)
    findings = [*request.table.findings, *_column_findings(request, sheet)]
    total = len(request.table.rows)

    def on_progress(done: int) -> None:
        if progress is not None and progress(done, total) is False:
            raise Cancelled

    if any(finding.level is Level.ERROR and finding.row is None for finding in findings):
        return ImportPlan(request, (), tuple(findings), (), words)
    rows, row_findings = parse_rows(request.table, sheet, request.mapping, words, request.options.datum, on_progress)
    planner = ImportPlanner(
        sheet=sheet,
        rows=rows,
        store=store,
        context=Context(words, request.options.day),
        headers=headers,
        hmac_key=hmac_key,
    )
    outcomes = planner.run(request.options.decisions, request.options.otherwise)
    on_progress(total)
    findings += row_findings + planner.findings
    settled = {row.number for row in outcomes if row.status in (RowStatus.SAME, RowStatus.DUPLICATE)}
    findings = [f for f in findings if f.code != "review_person" or f.row not in settled]
    findings.sort(key=lambda f: (f.row or 0, f.level.order))
    return ImportPlan(request, tuple(outcomes), tuple(findings), tuple(planner.operations.list), words)


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
