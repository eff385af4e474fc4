"""Which sheet a table is, where its header stands, and which column means what: a proposal that a person confirms."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.intake.findings import Finding, Level, Refusal
from core.intake.parsing.text import header_key, short_header_key, text_of
from core.intake.reading.upload import Raw, Row, Table, Upload, open_upload
from core.intake.sheets import SHEETS, Sheet

__all__ = [
    "Grid",
    "Guess",
    "Mapping_",
    "fingerprint",
    "guess",
    "guess_sheet",
    "known_headers",
    "merged_spans",
    "read_upload",
]

HEADER_WITHIN = 12  # rows from the top
FOOTER = re.compile(
    r"(?:填表人|填报人|制表人?|审核人?|复核人?|负责人|单位负责人|经办人|填报(?:时间|日期|单位)|合计|总计|小计|注|备注|说明)"
    r"\s*(?:[::;]|$)"
)
Mapping_ = Mapping[str, str | None]
"""Header label → column code, or None for a column that is left out."""


@dataclass(frozen=True)
class Grid:
    """A table under its header: unique header labels, data rows, and remarks about the file."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    header_row: int
    """Row number of the (last) header row."""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Guess:
    """What a file seems to be. ``ranking``: every sheet with its likeness 0..1, best first."""

    grid: Grid
    sheet: Sheet | None
    confidence: float
    mapping: dict[str, str | None]
    ranking: tuple[tuple[str, float], ...]
    remembered: bool = False


def read_upload(data: bytes, name: str) -> Upload | Refusal:
    """Let a file in and read its tables, or say why not. ``name`` is shown, never trusted."""
    return open_upload(data, name, known_headers)


def known_headers(table: Table) -> int:
    """How many headers of the table some template knows, at its most likely header row."""
    return max((count for count, *_ in _candidates(table)), default=0)


def guess(upload: Upload, remembered: Mapping[str, tuple[str, Mapping_]] | None = None) -> Guess:
    """The most likely table, header and sheet. ``remembered``: fingerprint → (sheet, mapping) of earlier imports."""
    visible = [table for table in upload.tables if not table.hidden and table.rows]
    tables = visible or [table for table in upload.tables if table.rows]
    grids = [(_grid(table), table) for table in tables]
    grid, table = max(grids, key=lambda pair: _rank(pair[0].headers)[0][1])
    others = tuple(
        Finding("hidden_sheet" if other.hidden else "other_sheet", Level.NOTE, values={"name": other.name})
        for other in upload.tables
        if other is not table and other.rows
    )
    grid = Grid(grid.name, grid.headers, grid.rows, grid.header_row, grid.findings + others)
    ranking = _rank(grid.headers)
    before = (remembered or {}).get(fingerprint(grid.headers))
    if before is not None and before[0] in SHEETS:
        return Guess(grid, SHEETS[before[0]], 1.0, dict(before[1]), ranking, remembered=True)
    code, likeness = ranking[0]
    if likeness == 0:
        return Guess(grid, None, 0.0, dict.fromkeys(grid.headers), ranking)
    return guess_sheet(grid, SHEETS[code], ranking)


def guess_sheet(grid: Grid, sheet: Sheet, ranking: Sequence[tuple[str, float]] = ()) -> Guess:
    """The proposal for a sheet that a person has chosen."""
    likeness = dict(ranking or _rank(grid.headers)).get(sheet.code, 0.0)
    mapping: dict[str, str | None] = {}
    taken: set[str] = set()
    for header in grid.headers:
        code = _column(sheet, header)
        mapping[header] = code if code not in taken else None
        if code is not None:
            taken.add(code)
    return Guess(grid, sheet, likeness, mapping, tuple(ranking))


def fingerprint(headers: Sequence[str]) -> str:
    """Equal for tables with the same headers in the same order, however they are spaced."""
    return hashlib.sha256("\n".join(header_key(header) for header in headers).encode()).hexdigest()


def _column(sheet: Sheet, header: str) -> str | None:
    return sheet.known.get(header_key(header)) or sheet.known.get(short_header_key(header))


def _rank(headers: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """Likeness of each sheet 0..1: mostly the share of the headers that it knows, halved if required ones are missing
    altogether; a little the share of its template that is there, which decides between sheets that know them all."""
    found = []
    for code, sheet in SHEETS.items():
        matched = {c for c in (_column(sheet, header) for header in headers) if c is not None}
        standard = {column.code for column in sheet.columns if not column.further}
        required = [column.code for column in sheet.columns if column.required]
        known = len(matched) / max(1, len(headers))
        there = sum(c in matched for c in required) / max(1, len(required))
        complete = len(matched & standard) / len(standard)
        likeness = 0.9 * known * (0.5 + 0.5 * there) + 0.1 * complete if len(matched) >= 2 else 0.0
        found.append((code, round(likeness, 4)))
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


# -- headers ----------------------------------------------------------------------------------------

_ALL_KNOWN = frozenset(key for sheet in SHEETS.values() for key in sheet.known)


def _candidates(table: Table) -> list[tuple[int, int, int, tuple[str, ...]]]:
    """(known headers, -index, rows of the header, labels) for each row near the top, alone and with the next one."""
    found = []
    top = table.rows[:HEADER_WITHIN]
    for index, row in enumerate(top):
        labels = _labels(row.cells)
        found.append((_count(labels), -index, 1, labels))
        if index + 1 < len(top) and top[index + 1].number == row.number + 1:
            labels = _two_rows(table, row, top[index + 1])
            found.append((_count(labels), -index, 2, labels))
    return found


def _count(labels: Sequence[str]) -> int:
    return len({k for k in (header_key(label) for label in labels) if k in _ALL_KNOWN})


def _labels(cells: Sequence[Raw]) -> tuple[str, ...]:
    return tuple(re.sub(r"\s+", " ", text_of(cell)).strip() for cell in cells)


def _two_rows(table: Table, upper: Row, lower: Row) -> tuple[str, ...]:
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
        joined = next((j for j in (top + low, f"{top}({low})") if low and header_key(j) in _ALL_KNOWN), None)
        labels.append(joined or low or top)
    return tuple(labels)


def merged_spans(merges: Sequence[str], row: int) -> list[tuple[int, int]]:
    """Spans of columns (from 0) that are merged sideways in ``row``."""
    found = []
    for text in merges:
        parts = re.fullmatch(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", text)
        if parts and int(parts[2]) <= row <= int(parts[4]) and parts[1] != parts[3]:
            found.append((_number(parts[1]), _number(parts[3])))
    return found


def _number(letters: str) -> int:
    total = 0
    for letter in letters:
        total = total * 26 + ord(letter) - 64
    return total - 1


def _grid(table: Table) -> Grid:
    """Cut title, header and footer off; make the header labels unique."""
    candidates = _candidates(table)
    count, negative, depth, labels = max(candidates, key=lambda c: (c[0], c[1], -c[2]))
    index = -negative if count >= 2 else 0
    if count < 2:
        depth, labels = 1, _labels(table.rows[0].cells)
    body = list(table.rows[index + depth :])
    findings = list(_table_findings(table, body))
    while body and _is_footer(body[-1]):
        findings.append(Finding("footer", Level.NOTE, row=body[-1].number, values={"row": body[-1].number}))
        body.pop()
    unique: list[str] = []
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
    header_row = table.rows[index + depth - 1].number
    return Grid(table.name, tuple(unique), tuple(body), header_row, tuple(findings))


def _table_findings(table: Table, body: Sequence[Row]) -> list[Finding]:
    found = []
    numbers = {row.number for row in body}
    hidden = [number for number in table.hidden_rows if number in numbers]
    if hidden:
        shown = ", ".join(str(n) for n in hidden[:10]) + (" …" if len(hidden) > 10 else "")
        found.append(Finding("hidden_rows", Level.WARNING, values={"count": len(hidden), "rows": shown}))
    if table.stopped is not None and body:
        blank = table.stopped - body[-1].number
        found.append(Finding("blank_stop", Level.NOTE, values={"row": table.stopped, "count": blank}))
    return found


def _is_footer(row: Row) -> bool:
    """A remark below the table: few cells, the first of which begins like a remark."""
    filled = [text for text in _labels(row.cells) if text]
    return len(filled) <= 6 and bool(filled) and FOOTER.match(header_key(filled[0])) is not None
