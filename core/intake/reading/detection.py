"""Which sheet an uploaded table is and what each of its columns means: a proposal that a person confirms."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from core.intake.findings import Finding, Level
from core.intake.parsing.text import NOTES_HEADER, header_key, key
from core.intake.reading.headers import HeaderedTable, detect_header
from core.intake.reading.joining import COMMUNITY, column_code, join
from core.intake.reading.skipping import set_aside
from core.intake.reading.tables import RawTable, Upload
from core.intake.sheets import SHEETS, SheetSpec

__all__ = [
    "ColumnMapping",
    "Detection",
    "SheetChoice",
    "detect",
    "fingerprint",
    "propose_mapping",
    "taught_headers",
]

ColumnMapping = Mapping[str, str | None]
"""Header label → column code, or None for a column that is ignored."""


@dataclass(frozen=True)
class SheetChoice:
    """A sheet of the book that could be imported."""

    name: str
    row_count: int
    """Rows of data, without those that are set aside."""
    sheet: SheetSpec | None
    """What it seems to be."""
    hidden: bool


@dataclass(frozen=True)
class Detection:
    """What a file seems to be. ``sheet`` is None, and nothing is mapped, where no sheet knows its headers."""

    table: HeaderedTable
    """``body`` without the rows that are no data under the proposed mapping."""
    body: HeaderedTable
    sheet: SheetSpec | None
    mapping: dict[str, str | None]
    choices: tuple[SheetChoice, ...]
    chosen: tuple[str, ...]
    """The names of the sheets that the table consists of."""
    is_remembered: bool = False
    """The mapping is the one that a person confirmed for the same headers before."""


@dataclass(frozen=True)
class _Candidate:
    """A sheet under its header, with the kind that fits it best; ``codes`` are the columns that it has."""

    raw: RawTable
    table: HeaderedTable
    sheet: SheetSpec | None
    likeness: float
    codes: frozenset[str]
    row_count: int


def detect(
    upload: Upload,
    remembered: Mapping[str, tuple[str, ColumnMapping]] | None = None,
    chosen: Collection[str] = (),
    communities: Collection[str] = (),
    learnt: Mapping[tuple[str, str], str] | None = None,
) -> Detection:
    """The most likely table, header and sheet.

    ``remembered``: fingerprint → (sheet, mapping) of earlier imports. ``chosen``: names of the sheets to read
    together; by default the visible ones of the likeliest kind, if their headers agree. ``communities``: ``key`` of
    the stored communities, with which names of sheets are compared. ``learnt``: (kind of sheet, key of a header) → the
    column that a person once chose for it.
    """
    filled = [table for table in upload.tables if table.rows]
    candidates = [_candidate(table, is_alone=len(filled) == 1) for table in filled]
    members = [c for c in candidates if c.raw.name in chosen] or _by_default(candidates)
    sheet = members[0].sheet
    if sheet is None:  # nothing says what its columns have in common with another sheet's
        members = members[:1]
    body = _body(members, sheet, communities)
    ignored = tuple(
        Finding("hidden_sheet" if other.raw.hidden else "other_sheet", Level.NOTE, values={"name": other.raw.name})
        for other in candidates
        if other not in members
    )
    body = replace(body, findings=body.findings + ignored)
    names = tuple(member.raw.name for member in members)
    confirmed = (remembered or {}).get(fingerprint(body.headers))
    is_remembered = confirmed is not None and confirmed[0] in SHEETS
    mapping: dict[str, str | None] = dict.fromkeys(body.headers)
    if confirmed is not None and is_remembered:
        sheet = SHEETS[confirmed[0]]
        mapping = propose_mapping(body.headers, sheet, learnt, confirmed[1])
    elif sheet is not None:
        mapping = propose_mapping(body.headers, sheet, learnt)
    table = body if sheet is None else set_aside(body, sheet, mapping)
    counts = [len(table.rows)] if len(candidates) == 1 else [candidate.row_count for candidate in candidates]
    choices = tuple(
        SheetChoice(c.raw.name, count, c.sheet, c.raw.hidden) for c, count in zip(candidates, counts, strict=True)
    )
    return Detection(table, body, sheet, mapping, choices, names, is_remembered)


def propose_mapping(
    headers: Sequence[str],
    sheet: SheetSpec,
    learnt: Mapping[tuple[str, str], str] | None = None,
    confirmed: ColumnMapping | None = None,
) -> dict[str, str | None]:
    """Header → code of the column of ``sheet`` that it names; of several headers for one column the first.

    ``learnt``: (kind of sheet, key of a header) → column, for headers that the sheet does not know, does not keep, or
    whose own column another header fills. ``confirmed``: what a person confirmed for these headers, which goes before
    what the sheet knows.
    """
    known = {header: column_code(sheet, header) for header in headers}
    kept = {header: code for header, code in known.items() if code in sheet.by_code and sheet.by_code[code].is_stored}
    taught = {header: (learnt or {}).get((sheet.code, key(header))) for header in headers}
    untaught = {header: code for header, code in kept.items() if taught[header] is None}
    sources: list[Mapping[str, str | None]] = [untaught, kept, taught, known]
    if confirmed is not None:
        codes = {header_key(header): code for header, code in confirmed.items()}
        sources = [{header: codes.get(header_key(header)) for header in headers}, taught]
    mapping: dict[str, str | None] = dict.fromkeys(headers)
    for source in sources:
        for header, code in source.items():
            if mapping[header] is None and code in sheet.by_code and code not in mapping.values():
                mapping[header] = code
    return mapping


def taught_headers(mapping: ColumnMapping, sheet: SheetSpec) -> dict[str, str]:
    """The headers of ``mapping`` whose column only a person can have told: the sheet by itself would not take them over."""
    own = propose_mapping(list(mapping), sheet)
    stored = {header: code for header, code in mapping.items() if code is not None and sheet.by_code[code].is_stored}
    return {h: code for h, code in stored.items() if own[h] is None or not sheet.by_code[own[h] or ""].is_stored}


def fingerprint(headers: Sequence[str]) -> str:
    """Equal for tables with the same headers in the same order, however they are spaced, annotated or not."""
    keys = [header_key(header) for header in headers if not header.startswith(NOTES_HEADER)]
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()


def _candidate(raw: RawTable, *, is_alone: bool) -> _Candidate:
    """``is_alone``: there is nothing to choose from, so that its rows need not be counted beforehand."""
    table = detect_header(raw)
    likeness, code = _best_sheet(table.headers)
    if likeness == 0:
        return _Candidate(raw, table, None, 0, frozenset(), len(table.rows))
    sheet = SHEETS[code]
    mapping = propose_mapping(table.headers, sheet)
    codes = frozenset(code for code in mapping.values() if code is not None)
    count = len(table.rows) if is_alone else len(set_aside(table, sheet, mapping).rows)
    return _Candidate(raw, table, sheet, likeness, codes, count)


def _by_default(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The likeliest sheet, with the others of its kind that have the same columns, but for the community's."""
    visible = [c for c in candidates if not c.raw.hidden] or list(candidates)
    best = max(visible, key=lambda c: (c.sheet is not None and c.row_count > 0, c.likeness))
    if best.sheet is None:
        return [best]
    return [
        c
        for c in visible
        if c.sheet is best.sheet and c.row_count and c.codes - {COMMUNITY} == best.codes - {COMMUNITY}
    ] or [best]


def _body(members: Sequence[_Candidate], sheet: SheetSpec | None, communities: Collection[str]) -> HeaderedTable:
    """All rows of the chosen sheets as one table; those of several carry their place."""
    if sheet is None or len(members) == 1:
        table = members[0].table
        return table if sheet is None else join([table], sheet, communities)
    tables = []
    offset = 0
    for member in members:
        tables.append(detect_header(member.raw, offset))
        offset += member.raw.rows[-1].number + 1
    return join(tables, sheet, communities)


def _best_sheet(headers: Sequence[str]) -> tuple[float, str]:
    """(likeness 0..1, code) of the sheet that the headers fit best; of equals the first by code."""
    return max(((_likeness(headers, SHEETS[code]), code) for code in sorted(SHEETS)), key=lambda pair: pair[0])


def _likeness(headers: Sequence[str], sheet: SheetSpec) -> float:
    """How well headers fit a sheet, 0..1; 0 where it knows fewer than two of them.

    Mostly the share of the headers that the sheet knows, halved if its required columns are missing altogether; a
    little the share of its template that is there, which decides between sheets that know them all.
    """
    matched = {code for header in headers if (code := column_code(sheet, header)) is not None}
    if len(matched) < 2:
        return 0.0
    standard = {column.code for column in sheet.columns if not column.further}
    required = {column.code for column in sheet.columns if column.required}
    known_share = len(matched) / len(headers)
    required_share = len(matched & required) / max(1, len(required))
    template_share = len(matched & standard) / len(standard)
    return round(0.9 * known_share * (0.5 + 0.5 * required_share) + 0.1 * template_share, 4)
