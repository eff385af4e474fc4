"""Workbooks and CSV files as tables of typed raw cells with the row numbers of the spreadsheet.

Nothing is interpreted here: texts stay texts (CSV has nothing else), numbers stay numbers, so that a parser can tell
an ID number typed as text from one that Excel has rounded.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

import openpyxl

from core.intake.findings import Refusal
from core.intake.reading import gate

__all__ = ["Formula", "Raw", "Row", "Table", "Upload", "open_upload"]

ROW_LIMIT = 20_000
COLUMN_LIMIT = 80
BLANK_LIMIT = 50
CELL_LIMIT = 32_767  # Excel's own


@dataclass(frozen=True)
class Formula:
    """A formula whose result was never stored in the file: its value is unknown."""

    text: str


Raw = str | int | float | bool | datetime | date | time | Formula | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank, under the number that the spreadsheet shows."""

    number: int
    cells: tuple[Raw, ...]


@dataclass(frozen=True)
class Table:
    """One worksheet, or the one table of a CSV file. ``stopped`` is the row after which nothing was read."""

    name: str
    rows: tuple[Row, ...]
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    merges: tuple[str, ...] = ()
    stopped: int | None = None


@dataclass(frozen=True)
class Upload:
    """A file that passed the gate. ``data`` is kept for the annotated copy."""

    name: str
    data: bytes
    sha256: str
    kind: Literal["xlsx", "csv"]
    tables: tuple[Table, ...]

    def __repr__(self) -> str:  # no content in logs
        return f"Upload({self.name!r}, {len(self.data)} bytes)"


class _Refused(Exception):
    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, values)


def open_upload(data: bytes, name: str, known_headers: Callable[[Table], int]) -> Upload | Refusal:
    """Read a file of at most 10 MB. ``known_headers`` counts the headers of a table that the templates know: it
    decides which of several possible encodings is the right one."""
    passed = gate.inspect(data)
    if isinstance(passed, Refusal):
        return passed
    try:
        tables = _workbook(data, passed) if passed.kind == "xlsx" else (_csv(data, name, known_headers),)
    except _Refused as refused:
        return refused.refusal
    if not any(table.rows for table in tables):
        return Refusal("no_table")
    return Upload(name, data, hashlib.sha256(data).hexdigest(), passed.kind, tables)


# -- workbooks --------------------------------------------------------------------------------------


def _workbook(data: bytes, passed: gate.Passed) -> tuple[Table, ...]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that openpyxl does not know
            return tuple(_worksheets(data, passed))
    except _Refused:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers raise on damaged parts
        raise _Refused("broken_file") from error


def _worksheets(data: bytes, passed: gate.Passed) -> Iterator[Table]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    formulas: Any = None
    for sheet in book.worksheets:
        path = sheet._worksheet_path.lstrip("/")
        facts = passed.facts.get(path, gate.Facts((), (), False))
        sheet.reset_dimensions()  # some programs write a wrong one
        found, stopped = _collect(enumerate(sheet.iter_rows(values_only=True), 1))
        if facts.formulas:
            formulas = formulas or openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
            found = _with_formulas(found, formulas[sheet.title])
        yield Table(
            name=sheet.title,
            rows=tuple(found),
            hidden=sheet.sheet_state != "visible",
            hidden_rows=facts.hidden_rows,
            merges=facts.merges,
            stopped=stopped,
        )


def _with_formulas(rows: list[Row], sheet: Any) -> list[Row]:
    """Mark cells that hold a formula but no result. A row of nothing else was dropped as blank, so it is found again."""
    sheet.reset_dimensions()
    stored = {row.number: row.cells for row in rows}
    last = max(stored, default=0) + BLANK_LIMIT
    found: list[Row] = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_row=last), 1):
        results = stored.get(number, ())
        cells = cells[:COLUMN_LIMIT]
        full = results + (None,) * (len(cells) - len(results))
        marked = tuple(
            Formula(str(getattr(text, "text", text))) if value is None and text is not None else value
            for value, text in zip(full, cells + (None,) * (len(full) - len(cells)), strict=True)
        )
        if any(value is not None for value in marked):
            found.append(Row(number, marked))
    return found


def _collect(numbered: Iterable[tuple[int, tuple[Any, ...]]]) -> tuple[list[Row], int | None]:
    """Rows with content; stops after too many blank ones, refuses too many rows or columns."""
    found: list[Row] = []
    last = 0
    for number, cells in numbered:
        width = len(cells)
        while width and _blank(cells[width - 1]):
            width -= 1
        if not width:
            if number - last > BLANK_LIMIT:
                return found, number
            continue
        if width > COLUMN_LIMIT:
            raise _Refused("too_many_columns", limit=COLUMN_LIMIT)
        if len(found) == ROW_LIMIT:
            raise _Refused("too_many_rows", limit=f"{ROW_LIMIT:,}")
        found.append(Row(number, cells[:width]))
        last = number
    return found, None


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


# -- CSV ---------------------------------------------------------------------------------------------


def _csv(data: bytes, name: str, known_headers: Callable[[Table], int]) -> Table:
    """The first strict decoding in which at least two headers are known; UTF-8 is believed without."""
    fallback: Table | None = None
    broken = False
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, UnicodeError):
            continue
        try:
            table = _parse_csv(text, name)
        except csv.Error:
            broken = True
            continue
        if known_headers(table) >= 2:
            return table
        if encoding != "gb18030":  # which decodes nearly everything
            fallback = fallback or table
    if fallback is None:
        raise _Refused("broken_csv" if broken else "encoding")
    return fallback


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ("utf-8", "gb18030")


def _parse_csv(text: str, name: str) -> Table:
    head = text[:20_000].splitlines()[:12]
    delimiter = max(",\t;", key=lambda mark: max((line.count(mark) for line in head), default=0))
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, stopped = _collect((number, _cells(cells)) for number, cells in enumerate(reader, 1))
    return Table(name=name, rows=tuple(rows), stopped=stopped)


def _cells(cells: list[str]) -> tuple[str | None, ...]:
    return tuple(cell if cell and not cell.isspace() else None for cell in cells)
