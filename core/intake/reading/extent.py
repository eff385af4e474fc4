"""How far the cells of binary and OpenDocument sheets reach, before a reader makes room for the whole rectangle.

calamine holds a sheet as one array from its first to its last cell, so two cells in opposite corners would ask for
seventeen billion; it can't be interrupted there.
"""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from core.intake.findings import UploadRefused
from core.intake.reading.structure import SheetStructure

__all__ = ["CELLS_LIMIT", "check_ods", "check_structure", "check_xlsb"]

CELLS_LIMIT = 5_000_000
XLSB_ROW, XLSB_CELLS = 0, range(1, 12)


def check_structure(structure: SheetStructure) -> None:
    """Raise UploadRefused where a worksheet's XML reaches too far."""
    _check(structure.last_row, structure.last_column)


def check_xlsb(part: bytes) -> None:
    """Walk through the records of a binary worksheet ([MS-XLSB] 2.1.4): type and size in 7-bit groups, then data."""
    position = last_row = last_column = 0
    try:
        while position < len(part):
            kind, position = _seven_bit(part, position, 2)
            size, position = _seven_bit(part, position, 4)
            number = int.from_bytes(part[position : position + 4], "little")
            if kind == XLSB_ROW:
                last_row = max(last_row, number + 1)
            elif kind in XLSB_CELLS:
                last_column = max(last_column, number + 1)
            position += size
    except IndexError as error:
        raise UploadRefused("broken_file") from error
    _check(last_row, last_column)


def check_ods(part: bytes) -> None:
    """Count rows and columns of ``content.xml`` with their repetitions, up to the last that holds something."""
    counter = _OdsCounter()
    try:
        counter.parser.Parse(part, True)
    except expat.ExpatError as error:
        raise UploadRefused("broken_file") from error


def _check(rows: int, columns: int) -> None:
    if rows * columns > CELLS_LIMIT:
        raise UploadRefused("reaches_too_far", limit=f"{CELLS_LIMIT:,}")


def _seven_bit(data: bytes, position: int, longest: int) -> tuple[int, int]:
    """(number, position after it) of an integer in groups of seven bits, at most ``longest`` bytes."""
    number = 0
    for group in range(longest):
        byte = data[position]
        position += 1
        number |= (byte & 0x7F) << (7 * group)
        if not byte & 0x80:
            break
    return number, position


class _OdsCounter:
    """Handlers that keep the rows and columns of the table under way."""

    def __init__(self) -> None:
        self.row = self.column = self.last_row = self.last_column = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = _refuse_doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "table":
            self.row = self.last_row = self.last_column = 0
        elif local == "table-row":
            self.row += _count(attributes, "number-rows-repeated")
            self.column = 0
        elif local in ("table-cell", "covered-table-cell"):
            self.column += _count(attributes, "number-columns-repeated")
            if any(key.rpartition(":")[2] in ("value-type", "formula") for key in attributes):
                self._reach()
        elif local == "p" and self.column:
            self._reach()

    def _reach(self) -> None:
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        _check(self.last_row, self.last_column)


def _count(attributes: dict[str, str], name: str) -> int:
    text = next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "1")
    return int(text) if text.isdigit() else 1


def _refuse_doctype(*_declaration: Any) -> None:
    raise UploadRefused("doctype")
