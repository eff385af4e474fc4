"""The header of a table, in one row or two, and the table below it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from core.intake.findings import Finding, Level
from core.intake.parsing.text import header_key, text_of
from core.intake.reading.merges import Boundaries, boundaries, fill_down, merged_spans
from core.intake.reading.tables import Place, Raw, RawRow, RawTable, RowNumber, row_ranges, runs
from core.intake.sheets import SHEETS
from core.terms import Term

__all__ = [
    "HEADER_WITHIN",
    "HeaderedTable",
    "SheetSource",
    "SkipReason",
    "SkippedRow",
    "detect_header",
    "known_header_count",
    "row_key",
]

HEADER_WITHIN = 12  # rows from the top
KNOWN_HEADERS = frozenset(key for sheet in SHEETS.values() for key in sheet.known)


@dataclass(frozen=True)
class SheetSource:
    """A sheet of the book that rows of a table come from."""

    name: str
    header_row: int
    """Number of its (last) header row, as the spreadsheet numbers it."""
    columns: Mapping[str, int]
    """Header of the table → position of the column in this sheet, from 0."""


class SkipReason(Term):
    """Why a row below the header is no data."""

    HEADER = "header", "重复的标题或表头", "title or header repeated"
    COLUMN_NUMBERS = "column_numbers", "列号", "numbers of the columns"
    TOTAL = "total", "小计、合计", "total"
    SECTION = "section", "分组标题", "title of a section"
    NUMBERED = "numbered", "只有序号", "nothing but a number"
    FOOTER = "footer", "表尾说明或签字", "note or signature"
    NOTHING = "nothing", "没有要导入的内容", "nothing in the columns that are imported"


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row below the header that is no data."""

    row: RawRow
    reason: SkipReason


@dataclass(frozen=True)
class HeaderedTable:
    """A table under its header: unique header labels, data rows, and notes about the file."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[RawRow, ...]
    """In a table of several sheets their numbers are of the type ``RowNumber``."""
    header_row: int
    """Row number of the (last) header row."""
    findings: tuple[Finding, ...] = ()
    skipped: tuple[SkippedRow, ...] = ()
    """Rows that are no data, with the reason; ``rows`` is without them."""
    sources: tuple[SheetSource, ...] = ()
    header_rows: frozenset[tuple[str, ...]] = frozenset()
    """``row_key`` of each title and header row, which may stand again at the top of a printed page."""
    spans: Mapping[int, tuple[tuple[int, ...], ...]] = field(default_factory=dict)
    """Row number → positions of the columns of each range that is merged sideways there."""
    date_1904: bool = False


def known_header_count(table: RawTable) -> int:
    """How many headers of the table some template knows, at its most likely header row."""
    return max((count for count, *_ in _candidates(table)), default=0)


def detect_header(table: RawTable, offset: int | None = None) -> HeaderedTable:
    """The table below its most likely header: title and header cut off, header labels unique, merged cells filled down.

    ``offset``: in a table of several sheets, the number of rows before this sheet; the rows then carry their place.
    """

    def numbered(row: int) -> int:
        return row if offset is None else RowNumber(offset + row, Place(table.name, row))

    candidates = _candidates(table)
    count, negative, depth, labels = max(candidates, key=lambda c: (c[0], c[1], -c[2]))
    index = -negative if count >= 2 else 0
    if count < 2:
        depth, labels = 1, _labels(table.rows[0].cells)
    headers, findings = _unique(labels)
    header_row = table.rows[index + depth - 1].number
    ranges = [corners for corners in boundaries(table.merges) if corners[1] > header_row]
    filled = fill_down(table.rows[index + depth :], ranges)
    body = filled.rows
    findings += _table_findings(table, body, numbered)
    for column, spans in filled.spans.items():
        if column < len(headers):
            shown = row_ranges((numbered(first), numbered(last)) for first, last in spans)
            values = {"header": headers[column], "rows": shown}
            findings.append(Finding("merged_down", Level.NOTE, column=headers[column], values=values))
    return HeaderedTable(
        name=table.name,
        headers=headers,
        rows=body if offset is None else tuple(RawRow(numbered(r.number), r.cells, r.merged) for r in body),
        header_row=header_row,
        findings=tuple(findings),
        sources=(SheetSource(table.name, header_row, {header: n for n, header in enumerate(headers)}),),
        header_rows=frozenset(row_key(row.cells) for row in table.rows[: index + depth]),
        spans=_sideways(ranges, body, len(headers), numbered),
        date_1904=table.date_1904,
    )


def row_key(cells: Sequence[Raw]) -> tuple[str, ...]:
    """What rows that read the same have in common: the texts without blanks, without those missing at the end."""
    keys = [header_key(text_of(cell)) for cell in cells]
    while keys and not keys[-1]:
        keys.pop()
    return tuple(keys)


def _unique(labels: Sequence[str]) -> tuple[tuple[str, ...], list[Finding]]:
    """Labels as headers, each once: a repeated one is numbered, a missing one is named by its position."""
    unique: list[str] = []
    findings = []
    seen: Counter[str] = Counter()
    for position, label in enumerate(labels):
        seen[header_key(label)] += 1
        if not label:
            unique.append(f"({position + 1})")
        elif seen[header_key(label)] > 1:
            unique.append(f"{label} ({seen[header_key(label)]})")
            findings.append(Finding("duplicate_header", Level.WARNING, column=label, values={"header": label}))
        else:
            unique.append(label)
    return tuple(unique), findings


def _sideways(
    ranges: Sequence[Boundaries], body: Sequence[RawRow], width: int, numbered: Callable[[int], int]
) -> dict[int, tuple[tuple[int, ...], ...]]:
    """Row number → columns, among the first ``width``, of each range of several columns that begins in the row."""
    numbers = {row.number for row in body}
    spans: dict[int, tuple[tuple[int, ...], ...]] = {}
    for left, top, right, _ in ranges:
        columns = tuple(range(left, min(right + 1, width)))
        if left < right and columns and top in numbers:
            spans[numbered(top)] = (*spans.get(numbered(top), ()), columns)
    return spans


def _candidates(table: RawTable) -> list[tuple[int, int, int, tuple[str, ...]]]:
    """(known headers, -index, rows of the header, labels) for each row near the top, alone and with the next one."""
    candidates = []
    top = table.rows[:HEADER_WITHIN]
    for index, row in enumerate(top):
        labels = _labels(row.cells)
        candidates.append((_known_count(labels), -index, 1, labels))
        if index + 1 < len(top) and top[index + 1].number == row.number + 1:
            labels = _two_row_labels(table, row, top[index + 1])
            candidates.append((_known_count(labels), -index, 2, labels))
    return candidates


def _known_count(labels: Sequence[str]) -> int:
    """How many different labels some template knows."""
    return len({k for k in (header_key(label) for label in labels) if k in KNOWN_HEADERS})


def _labels(cells: Sequence[Raw]) -> tuple[str, ...]:
    return tuple(re.sub(r"\s+", " ", text_of(cell)).strip() for cell in cells)


def _two_row_labels(table: RawTable, upper: RawRow, lower: RawRow) -> tuple[str, ...]:
    """Labels of a header in two rows: the lower one where it says something, else the upper; under a merged group the
    group's name is put before the label if that makes it a known one."""
    width = max(len(upper.cells), len(lower.cells))
    tops = list(_labels(upper.cells)) + [""] * (width - len(upper.cells))
    lows = list(_labels(lower.cells)) + [""] * (width - len(lower.cells))
    for first, last in merged_spans(table.merges, upper.number):
        for n in range(first, min(last, width - 1) + 1):
            tops[n] = tops[first]
    labels = []
    for top, low in zip(tops, lows, strict=True):
        joined = next((j for j in (top + low, f"{top}({low})") if low and header_key(j) in KNOWN_HEADERS), None)
        labels.append(joined or low or top)
    return tuple(labels)


def _table_findings(table: RawTable, body: Sequence[RawRow], numbered: Callable[[int], int]) -> list[Finding]:
    findings = []
    numbers = {row.number for row in body}
    hidden = [number for number in table.hidden_rows if number in numbers]
    if hidden:
        values = {"count": len(hidden), "rows": row_ranges(runs(numbered(number) for number in hidden))}
        findings.append(Finding("hidden_rows", Level.WARNING, values=values))
    if table.stopped is not None and body:
        blank = table.stopped - body[-1].number
        findings.append(Finding("blank_stop", Level.NOTE, values={"row": numbered(table.stopped), "count": blank}))
    return findings
