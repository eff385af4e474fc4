"""The header of a table, in one row or two, and the table below it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.utils import range_boundaries

from core.intake.findings import Finding, Level
from core.intake.parsing.text import header_key, text_of
from core.intake.reading.tables import Raw, RawRow, RawTable
from core.intake.sheets import SHEETS

__all__ = ["HeaderedTable", "detect_header", "known_header_count", "merged_spans"]

HEADER_WITHIN = 12  # rows from the top
FOOTER = re.compile(
    r"(?:填表人|填报人|制表人?|审核人?|复核人?|负责人|单位负责人|经办人|填报(?:时间|日期|单位)|合计|总计|小计|注|备注|说明)"
    r"\s*(?:[::;]|$)"
)
KNOWN_HEADERS = frozenset(key for sheet in SHEETS.values() for key in sheet.known)


@dataclass(frozen=True)
class HeaderedTable:
    """A table under its header: unique header labels, data rows, and notes about the file."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[RawRow, ...]
    header_row: int
    """Row number of the (last) header row."""
    findings: tuple[Finding, ...] = ()


def known_header_count(table: RawTable) -> int:
    """How many headers of the table some template knows, at its most likely header row."""
    return max((count for count, *_ in _candidates(table)), default=0)


def detect_header(table: RawTable) -> HeaderedTable:
    """The table below its most likely header: title, header and footer cut off, header labels made unique."""
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
    return HeaderedTable(table.name, tuple(unique), tuple(body), header_row, tuple(findings))


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


def merged_spans(merges: Sequence[str], row: int) -> list[tuple[int, int]]:
    """(first, last) column, from 0, of each range such as "A2:D2" that is merged sideways in ``row``."""
    boundaries = [range_boundaries(text) for text in merges]
    return [(left - 1, right - 1) for left, top, right, bottom in boundaries if top <= row <= bottom and left < right]


def _table_findings(table: RawTable, body: Sequence[RawRow]) -> list[Finding]:
    findings = []
    numbers = {row.number for row in body}
    hidden = [number for number in table.hidden_rows if number in numbers]
    if hidden:
        shown = ", ".join(str(n) for n in hidden[:10]) + (" …" if len(hidden) > 10 else "")
        findings.append(Finding("hidden_rows", Level.WARNING, values={"count": len(hidden), "rows": shown}))
    if table.stopped is not None and body:
        blank = table.stopped - body[-1].number
        findings.append(Finding("blank_stop", Level.NOTE, values={"row": table.stopped, "count": blank}))
    return findings


def _is_footer(row: RawRow) -> bool:
    """A remark below the table: few cells, the first of which begins like a remark."""
    filled = [text for text in _labels(row.cells) if text]
    return len(filled) <= 6 and bool(filled) and FOOTER.match(header_key(filled[0])) is not None
