"""Which sheet an uploaded table is and what each of its columns means: a proposal that a person confirms."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.intake.findings import Finding, Level
from core.intake.parsing.text import header_key, short_header_key
from core.intake.reading.headers import HeaderedTable, detect_header
from core.intake.reading.tables import Upload
from core.intake.sheets import SHEETS, SheetSpec

__all__ = ["ColumnMapping", "Detection", "detect", "fingerprint", "propose_mapping"]

ColumnMapping = Mapping[str, str | None]
"""Header label → column code, or None for a column that is ignored."""


@dataclass(frozen=True)
class Detection:
    """What a file seems to be. ``sheet`` is None, and nothing is mapped, where no sheet knows its headers."""

    table: HeaderedTable
    sheet: SheetSpec | None
    mapping: dict[str, str | None]
    is_remembered: bool = False
    """The mapping is the one that a person confirmed for the same headers before."""


def detect(upload: Upload, remembered: Mapping[str, tuple[str, ColumnMapping]] | None = None) -> Detection:
    """The most likely table, header and sheet. ``remembered``: fingerprint → (sheet, mapping) of earlier imports."""
    tables = [table for table in upload.tables if table.rows]
    candidates = [(table, detect_header(table)) for table in tables if not table.hidden] or [
        (table, detect_header(table)) for table in tables
    ]
    ranked = [(*_best_sheet(headered.headers), raw, headered) for raw, headered in candidates]
    likeness, code, raw, table = max(ranked, key=lambda entry: entry[0])
    ignored = tuple(
        Finding("hidden_sheet" if other.hidden else "other_sheet", Level.NOTE, values={"name": other.name})
        for other in tables
        if other is not raw
    )
    table = replace(table, findings=table.findings + ignored)
    confirmed = (remembered or {}).get(fingerprint(table.headers))
    if confirmed is not None and confirmed[0] in SHEETS:
        return Detection(table, SHEETS[confirmed[0]], dict(confirmed[1]), is_remembered=True)
    if likeness == 0:
        return Detection(table, None, dict.fromkeys(table.headers))
    return Detection(table, SHEETS[code], propose_mapping(table.headers, SHEETS[code]))


def propose_mapping(headers: Sequence[str], sheet: SheetSpec) -> dict[str, str | None]:
    """Header → code of the column of ``sheet`` that it names; of several headers for one column the first."""
    mapping: dict[str, str | None] = {}
    for header in headers:
        code = _column_code(sheet, header)
        mapping[header] = code if code not in mapping.values() else None
    return mapping


def fingerprint(headers: Sequence[str]) -> str:
    """Equal for tables with the same headers in the same order, however they are spaced."""
    return hashlib.sha256("\n".join(header_key(header) for header in headers).encode()).hexdigest()


def _column_code(sheet: SheetSpec, header: str) -> str | None:
    return sheet.known.get(header_key(header)) or sheet.known.get(short_header_key(header))


def _best_sheet(headers: Sequence[str]) -> tuple[float, str]:
    """(likeness 0..1, code) of the sheet that the headers fit best; of equals the first by code."""
    return max(((_likeness(headers, SHEETS[code]), code) for code in sorted(SHEETS)), key=lambda pair: pair[0])


def _likeness(headers: Sequence[str], sheet: SheetSpec) -> float:
    """How well headers fit a sheet, 0..1; 0 where it knows fewer than two of them.

    Mostly the share of the headers that the sheet knows, halved if its required columns are missing altogether; a
    little the share of its template that is there, which decides between sheets that know them all.
    """
    matched = {code for header in headers if (code := _column_code(sheet, header)) is not None}
    if len(matched) < 2:
        return 0.0
    standard = {column.code for column in sheet.columns if not column.further}
    required = {column.code for column in sheet.columns if column.required}
    known_share = len(matched) / len(headers)
    required_share = len(matched & required) / max(1, len(required))
    template_share = len(matched & standard) / len(standard)
    return round(0.9 * known_share * (0.5 + 0.5 * required_share) + 0.1 * template_share, 4)
