"""From the bytes of a workbook or CSV file to tables of typed raw cells with the row numbers of the spreadsheet.

Nothing is interpreted here: texts stay texts (CSV has nothing else), numbers stay numbers, so that a parser can tell
an ID number typed as text from one that Excel has rounded.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

import openpyxl

from core.intake.findings import Refusal, UploadRefused
from core.intake.reading import gate
from core.intake.reading.headers import known_header_count
from core.intake.reading.tables import Formula, RawRow, RawTable, Upload

__all__ = ["read_upload"]

ROW_LIMIT = 20_000
COLUMN_LIMIT = 80
BLANK_LIMIT = 50
CELL_LIMIT = 32_767  # Excel's own


def read_upload(data: bytes, name: str) -> Upload | Refusal:
    """The tables of a file of at most 10 MB, or why it is turned away. ``name`` is shown, never trusted."""
    try:
        accepted = gate.accept(data)
        tables = _read_workbook(data, accepted) if accepted.kind == "xlsx" else (_read_csv(data, name),)
        if not any(table.rows for table in tables):
            raise UploadRefused("no_table")
    except UploadRefused as refused:
        return refused.refusal
    return Upload(name, data, hashlib.sha256(data).hexdigest(), accepted.kind, tables)


# -- workbooks --------------------------------------------------------------------------------------


def _read_workbook(data: bytes, accepted: gate.AcceptedFile) -> tuple[RawTable, ...]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that openpyxl does not know
            return tuple(_worksheets(data, accepted))
    except UploadRefused:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers raise on damaged parts
        raise UploadRefused("broken_file") from error


def _worksheets(data: bytes, accepted: gate.AcceptedFile) -> Iterator[RawTable]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    formulas: Any = None
    for sheet in book.worksheets:
        path = sheet._worksheet_path.lstrip("/")
        facts = accepted.facts.get(path, gate.PartFacts((), (), False))
        sheet.reset_dimensions()  # some programs write a wrong one
        rows, stopped = _collect(enumerate(sheet.iter_rows(values_only=True), 1))
        if facts.formulas:
            formulas = formulas or openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
            rows = _with_formulas(rows, formulas[sheet.title])
        yield RawTable(
            name=sheet.title,
            rows=tuple(rows),
            hidden=sheet.sheet_state != "visible",
            hidden_rows=facts.hidden_rows,
            merges=facts.merges,
            stopped=stopped,
        )


def _with_formulas(rows: list[RawRow], sheet: Any) -> list[RawRow]:
    """``rows`` with a ``Formula`` in each cell that holds one without a result.

    Rows of nothing but such cells looked blank in the first reading; they come back here.
    """
    sheet.reset_dimensions()
    stored = {row.number: row.cells for row in rows}
    last = max(stored, default=0) + BLANK_LIMIT
    marked_rows: list[RawRow] = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_row=last), 1):
        results = stored.get(number, ())
        cells = cells[:COLUMN_LIMIT]
        full = results + (None,) * (len(cells) - len(results))
        marked = tuple(
            Formula(str(getattr(text, "text", text))) if value is None and text is not None else value
            for value, text in zip(full, cells + (None,) * (len(full) - len(cells)), strict=True)
        )
        if any(value is not None for value in marked):
            marked_rows.append(RawRow(number, marked))
    return marked_rows


def _collect(numbered: Iterable[tuple[int, tuple[Any, ...]]]) -> tuple[list[RawRow], int | None]:
    """(rows with content, row number at which reading stopped after too many blank ones or None).

    Raises UploadRefused where there are too many rows or columns.
    """
    rows: list[RawRow] = []
    last = 0
    for number, cells in numbered:
        width = len(cells)
        while width and _is_blank(cells[width - 1]):
            width -= 1
        if not width:
            if number - last > BLANK_LIMIT:
                return rows, number
            continue
        if width > COLUMN_LIMIT:
            raise UploadRefused("too_many_columns", limit=COLUMN_LIMIT)
        if len(rows) == ROW_LIMIT:
            raise UploadRefused("too_many_rows", limit=f"{ROW_LIMIT:,}")
        rows.append(RawRow(number, cells[:width]))
        last = number
    return rows, None


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


# -- CSV ---------------------------------------------------------------------------------------------


def _read_csv(data: bytes, name: str) -> RawTable:
    """The first strict decoding in which the templates know at least two headers; UTF-8 is accepted without any.

    Known headers decide more reliably between GB 18030 and UTF-8 than a statistical detector does on short tables.
    """
    fallback: RawTable | None = None
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
        if known_header_count(table) >= 2:
            return table
        if encoding != "gb18030":  # which decodes nearly everything
            fallback = fallback or table
    if fallback is None:
        raise UploadRefused("broken_csv" if broken else "encoding")
    return fallback


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ("utf-8", "gb18030")


def _parse_csv(text: str, name: str) -> RawTable:
    head = text[:20_000].splitlines()[:12]
    delimiter = max(",\t;", key=lambda mark: max((line.count(mark) for line in head), default=0))
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, stopped = _collect((number, _cells(cells)) for number, cells in enumerate(reader, 1))
    return RawTable(name=name, rows=tuple(rows), stopped=stopped)


def _cells(cells: list[str]) -> tuple[str | None, ...]:
    return tuple(cell if cell and not cell.isspace() else None for cell in cells)
