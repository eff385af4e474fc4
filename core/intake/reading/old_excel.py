"""Excel 97–2003 and WPS books ([MS-XLS] BIFF records in a compound file, [MS-CFB]): their structure, not their values.

calamine reads the values; what it does not show is read here: hidden rows, error values, the date system, a password,
and how far the cells reach.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.intake.findings import UploadRefused
from core.intake.reading.other_structure import ERROR_TEXTS
from core.intake.reading.structure import SheetStructure

__all__ = ["OldBook", "read_old_book", "streams"]

LAST_SECTOR = 0xFFFFFFFA  # above: marks of free sectors and of the end of a chain
BOF, EOF, FILE_PASS, DATE_MODE, CODE_PAGE, BOUND_SHEET = 0x0809, 0x000A, 0x002F, 0x0022, 0x0042, 0x0085
ROW, BOOL_OR_ERROR, MULTIPLE_NUMBERS = 0x0208, 0x0205, 0x00BD
FORMULAS = (0x0006, 0x0206, 0x0406)
CELLS = (*FORMULAS, 0x0203, 0x0204, BOOL_OR_ERROR, 0x027E, 0x00D6, 0x00FD)  # NUMBER, LABEL, RK, RSTRING, LABELSST
HIDDEN = 0x20  # fDyZero of ROW
BIFF_8 = 0x0600


@dataclass(frozen=True)
class OldBook:
    """``structures`` by the title of the sheet; without merges, which calamine knows."""

    structures: dict[str, SheetStructure] = field(default_factory=dict)
    date_1904: bool = False


def streams(data: bytes) -> dict[str, bytes]:
    """Name → content of each stream of a compound file, in upper case; raises UploadRefused if it is damaged."""
    try:
        return _CompoundFile(data).streams()
    except (IndexError, struct.error, ValueError) as error:
        raise UploadRefused("broken_file") from error


def read_old_book(book: bytes) -> OldBook:
    """The structure of the stream "Workbook" (or "Book", of Excel 95); raises UploadRefused for one with a password."""
    sheets: dict[str, int] = {}
    date_1904, code_page, version = False, 1252, BIFF_8
    for kind, content in _records(book, 0):
        if kind == FILE_PASS:
            raise UploadRefused("encrypted")
        if kind == BOF and len(content) >= 2:
            version = _number(content, 0)
        elif kind == DATE_MODE:
            date_1904 = content[:1] == b"\1"
        elif kind == CODE_PAGE:
            code_page = _number(content, 0)
        elif kind == BOUND_SHEET and len(content) > 7:
            sheets[_title(content, version, code_page)] = int.from_bytes(content[:4], "little")
    return OldBook({title: _structure(book, start) for title, start in sheets.items()}, date_1904)


def _structure(book: bytes, start: int) -> SheetStructure:
    hidden: list[int] = []
    errors: dict[int, dict[int, str]] = {}
    last_row = last_column = 0
    for kind, content in _records(book, start):
        if kind == ROW and len(content) >= 14 and _number(content, 12) & HIDDEN:
            hidden.append(_number(content, 0) + 1)
        if (kind not in CELLS and kind != MULTIPLE_NUMBERS) or len(content) < 4:
            continue
        row, column = _number(content, 0) + 1, _number(content, 2)
        last_row = max(last_row, row)
        last_column = max(last_column, (_number(content, len(content) - 2) if kind == MULTIPLE_NUMBERS else column) + 1)
        code = _error_code(kind, content)
        if code is not None:
            errors.setdefault(row, {})[column] = ERROR_TEXTS.get(code, "#N/A")
    return SheetStructure(tuple(hidden), error_values=errors, last_row=last_row, last_column=last_column)


def _error_code(kind: int, content: bytes) -> int | None:
    """The error that a cell shows, as its value or as the result of its formula."""
    if kind == BOOL_OR_ERROR and len(content) >= 8 and content[7] == 1:
        return content[6]
    if kind in FORMULAS and content[12:14] == b"\xff\xff" and content[6] == 2:
        return content[8]
    return None


def _records(book: bytes, position: int) -> Iterator[tuple[int, bytes]]:
    """(type, data) of the records of a substream, from its BOF to its EOF, over those nested in it."""
    depth = 0
    while position + 4 <= len(book):
        kind, size = _number(book, position), _number(book, position + 2)
        content = book[position + 4 : position + 4 + size]
        position += 4 + size
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 1:
            yield kind, content
        if depth <= 0:
            return


def _title(content: bytes, version: int, code_page: int) -> str:
    """The name of a sheet in its BOUNDSHEET record: a length, then characters of one byte or two."""
    length = content[6]
    if version >= BIFF_8:
        is_wide = content[7] & 1
        return content[8 : 8 + length * (1 + is_wide)].decode("utf-16-le" if is_wide else "latin-1", "replace")
    try:
        return content[7 : 7 + length].decode(f"cp{code_page}", "replace")
    except LookupError:
        return content[7 : 7 + length].decode("gb18030", "replace")


def _number(data: bytes, position: int) -> int:
    return int.from_bytes(data[position : position + 2], "little")


class _CompoundFile:
    """Streams as chains of sectors."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.shift, self.mini_shift = struct.unpack_from("<HH", data, 30)
        if self.shift not in (9, 12) or self.mini_shift > self.shift:
            raise ValueError("sector size")
        _, self.directory, _, self.cutoff, mini_table, _, more, _ = struct.unpack_from("<8I", data, 44)
        numbers = list(struct.unpack_from("<109I", data, 76))
        while more < LAST_SECTOR and len(numbers) < len(data):
            *further, more = self._table(more)
            numbers += further
        self.next = [entry for number in numbers if number < LAST_SECTOR for entry in self._table(number)]
        self.mini_next = self._integers(self._chain(mini_table)) if mini_table < LAST_SECTOR else []

    def streams(self) -> dict[str, bytes]:
        directory = self._chain(self.directory)
        contents: dict[str, bytes] = {}
        small = b""
        for position in range(0, len(directory) - 127, 128):
            entry = directory[position : position + 128]
            kind, start, size = entry[66], *struct.unpack_from("<II", entry, 116)
            name = entry[: max(0, _number(entry, 64) - 2)][:62].decode("utf-16-le", "replace").upper()
            if kind == 5:
                small = self._chain(start) if start < LAST_SECTOR else b""
            elif kind == 2:
                contents[name] = (self._chain(start) if size >= self.cutoff else self._mini(small, start))[:size]
        return contents

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self.shift
        return self.data[start : start + (1 << self.shift)]

    def _table(self, number: int) -> list[int]:
        return self._integers(self._sector(number))

    def _integers(self, data: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))

    def _chain(self, start: int) -> bytes:
        """The sectors from ``start`` on; a chain that runs in a circle is damaged."""
        sectors: list[bytes] = []
        while start < LAST_SECTOR:
            if len(sectors) > len(self.next):
                raise ValueError("circle")
            sectors.append(self._sector(start))
            start = self.next[start]
        return b"".join(sectors)

    def _mini(self, small: bytes, start: int) -> bytes:
        """A stream of less than ``cutoff`` bytes: a chain of small sectors in the stream of the root."""
        pieces: list[bytes] = []
        while start < LAST_SECTOR:
            if len(pieces) > len(self.mini_next):
                raise ValueError("circle")
            pieces.append(small[start << self.mini_shift : (start + 1) << self.mini_shift])
            start = self.mini_next[start]
        return b"".join(pieces)
