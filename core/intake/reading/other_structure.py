"""The structure of binary and OpenDocument sheets, and how far any sheet reaches before calamine reads it.

calamine holds a sheet as one array from its first to its last cell, so two cells in opposite corners would ask for
seventeen billion; it can't be interrupted there.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Any
from xml.parsers import expat

from openpyxl.utils import get_column_letter

from core.intake.findings import UploadRefused
from core.intake.reading.rows import COLUMN_LIMIT, ROW_LIMIT
from core.intake.reading.structure import SheetStructure

__all__ = ["CELLS_LIMIT", "check_extent", "range_text", "read_ods", "read_xlsb", "xlsb_sheets"]

CELLS_LIMIT = 5_000_000
ROW, CELLS, MERGE, SHEET = 0, range(1, 12), 176, 156  # records of [MS-XLSB]: BrtRowHdr, …, BrtMergeCell, BrtBundleSh
ROWS, COLUMNS = 1_048_576, 16_384  # of the largest sheet
ERRORS = {3, 11}  # BrtCellError, BrtFmlaError
ERROR_TEXTS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
HIDDEN_FLAG = 0x10  # fDyZero in the twelfth byte of BrtRowHdr


def check_extent(structure: SheetStructure) -> None:
    """Raise UploadRefused where the cells of a sheet reach too far."""
    if structure.last_row * structure.last_column > CELLS_LIMIT:
        raise UploadRefused("reaches_too_far", limit=f"{CELLS_LIMIT:,}")


def range_text(top: int, left: int, bottom: int, right: int) -> str:
    """ "A2:B4" from rows and columns counted from 0."""
    return f"{get_column_letter(left + 1)}{top + 1}:{get_column_letter(right + 1)}{bottom + 1}"


# -- Excel binary workbook ([MS-XLSB]) ------------------------------------------------------------------


def read_xlsb(part: bytes) -> SheetStructure:
    """Hidden rows, merges, error values and extent of a binary worksheet."""
    hidden: list[int] = []
    merges: list[str] = []
    errors: dict[int, dict[int, str]] = {}
    row = last_row = last_column = 0
    for kind, data in _records(part):
        if kind == ROW and len(data) >= 12:
            row = int.from_bytes(data[:4], "little") + 1
            last_row = max(last_row, row)
            if data[11] & HIDDEN_FLAG:
                hidden.append(row)
        elif kind in CELLS:
            column = int.from_bytes(data[:4], "little")
            last_column = max(last_column, column + 1)
            if kind in ERRORS and len(data) > 8 and column < COLUMN_LIMIT:
                errors.setdefault(row, {})[column] = ERROR_TEXTS.get(data[8], "#N/A")
        elif kind == MERGE and len(data) >= 16:
            top, bottom, left, right = struct.unpack_from("<4I", data)
            if right < COLUMNS and bottom < ROWS:
                merges.append(range_text(top, left, bottom, right))
    return SheetStructure(tuple(hidden), tuple(merges), error_values=errors, last_row=last_row, last_column=last_column)


def xlsb_sheets(workbook: bytes) -> dict[str, str]:
    """Title → id of the relation to its part, of each sheet in ``workbook.bin``."""
    sheets = {}
    for kind, data in _records(workbook):
        if kind == SHEET:
            relation, position = _wide_text(data, 8)
            title, _ = _wide_text(data, position)
            sheets[title] = relation
    return sheets


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """(type, data) of each record (2.1.4): type and size in groups of seven bits, then the data."""
    position = 0
    while position < len(part):
        kind, position = _seven_bit(part, position, 2)
        size, position = _seven_bit(part, position, 4)
        yield kind, part[position : position + size]
        position += size


def _seven_bit(data: bytes, position: int, longest: int) -> tuple[int, int]:
    """(number, position after it) of an integer in groups of seven bits, at most ``longest`` bytes."""
    number = 0
    for group in range(longest):
        if position >= len(data):
            raise UploadRefused("broken_file")
        byte = data[position]
        position += 1
        number |= (byte & 0x7F) << (7 * group)
        if not byte & 0x80:
            break
    return number, position


def _wide_text(data: bytes, position: int) -> tuple[str, int]:
    """(text, position after it) of an XLWideString (2.5.169)."""
    length = int.from_bytes(data[position : position + 4], "little")
    end = position + 4 + 2 * length
    return data[position + 4 : end].decode("utf-16-le", "replace"), end


# -- OpenDocument -------------------------------------------------------------------------------------------


def read_ods(content: bytes) -> dict[str, SheetStructure]:
    """The structure of each table in ``content.xml``, by name.

    Repeated rows and columns count as often as they stand there, up to the last that holds something.
    """
    reader = _OdsReader()
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError as error:
        raise UploadRefused("broken_file") from error
    return reader.tables


class _OdsReader:
    """Handlers that keep the row and column under way; names are compared without their prefix."""

    def __init__(self) -> None:
        self.tables: dict[str, SheetStructure] = {}
        self.name = ""
        self.row = self.column = self.last_row = self.last_column = 0
        self.hidden: list[int] = []
        self.merges: list[str] = []
        self.errors: dict[int, dict[int, str]] = {}
        self.error: list[str] | None = None
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "table": self._start_table,
            "table-row": self._start_row,
            "table-cell": self._start_cell,
            "covered-table-cell": self._start_cell,
            "p": self._start_text,
        }
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = _refuse_doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        handler = self.starts.get(name.rpartition(":")[2])
        if handler is not None:
            local = {key.rpartition(":")[2]: value for key, value in attributes.items()}
            if attributes.get("calcext:value-type") == "error":
                local["value-type"] = "error"
            handler(local)

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "table-cell" and self.error is not None:
            if self.column <= COLUMN_LIMIT:
                self.errors.setdefault(self.row, {})[self.column - 1] = "".join(self.error) or "#N/A"
            self.error = self.parser.CharacterDataHandler = None
        elif local == "table":
            self.tables[self.name] = SheetStructure(
                hidden_rows=tuple(self.hidden),
                merges=tuple(self.merges),
                error_values=self.errors,
                last_row=self.last_row,
                last_column=self.last_column,
            )

    def _start_table(self, attributes: dict[str, str]) -> None:
        self.name = attributes.get("name", "")
        self.row = self.column = self.last_row = self.last_column = 0
        self.hidden, self.merges, self.errors = [], [], {}

    def _start_row(self, attributes: dict[str, str]) -> None:
        first = self.row + 1
        self.row += _count(attributes, "number-rows-repeated")
        self.column = 0
        if attributes.get("visibility", "visible") != "visible" and len(self.hidden) < ROW_LIMIT:
            self.hidden += range(first, min(self.row + 1, first + ROW_LIMIT))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        left = self.column
        self.column += _count(attributes, "number-columns-repeated")
        rows, columns = _count(attributes, "number-rows-spanned"), _count(attributes, "number-columns-spanned")
        if (rows > 1 or columns > 1) and left + columns <= COLUMNS:
            self.merges.append(range_text(self.row - 1, left, self.row + rows - 2, left + columns - 1))
        if "value-type" in attributes or "formula" in attributes:
            self._reach()
        if attributes.get("value-type") == "error":  # of the extension calcext, behind the standard's "string"
            self.error = []
            self.parser.CharacterDataHandler = self.error.append

    def _start_text(self, _attributes: dict[str, str]) -> None:
        if self.column:
            self._reach()

    def _reach(self) -> None:
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return int(text) if text.isdigit() and len(text) < 10 else 1


def _refuse_doctype(*_declaration: Any) -> None:
    raise UploadRefused("doctype")
