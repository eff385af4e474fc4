"""What a file holds before anything is interpreted: tables of typed raw cells under the row numbers of the spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal, NamedTuple

__all__ = [
    "FileKind",
    "Formula",
    "Place",
    "Raw",
    "RawRow",
    "RawTable",
    "RowNumber",
    "Upload",
    "row_labels",
    "row_ranges",
    "runs",
    "sheet_row",
]

FileKind = Literal["xlsx", "xls", "xlsb", "ods", "csv"]
RANGES_SHOWN = 8


@dataclass(frozen=True)
class Formula:
    """A formula whose result was never stored in the file: its value is unknown."""

    text: str


Raw = str | int | float | bool | datetime | date | time | Formula | None


class Place(NamedTuple):
    """A row of a sheet of the book, as the spreadsheet numbers it."""

    sheet: str
    row: int


class RowNumber(int):
    """The number of a row in a table of several sheets: an integer in their order, written as its place ("三里屯!5")."""

    place: Place

    def __new__(cls, number: int, place: Place) -> RowNumber:
        self = super().__new__(cls, number)
        self.place = place
        return self

    def __getnewargs__(self) -> tuple[int, Place]:  # type: ignore[override]  # for copies
        return int(self), self.place

    def __str__(self) -> str:
        return f"{self.place.sheet}!{self.place.row}"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def sheet_row(number: int) -> int:
    """The row of its sheet that a number stands for."""
    return number.place.row if isinstance(number, RowNumber) else number


def row_labels(numbers: Iterable[int | None]) -> list[int | str | None]:
    """How row numbers are shown to people: as the place where several sheets were read, else as they are."""
    return [str(number) if isinstance(number, RowNumber) else number for number in numbers]


def row_span(first: int, last: int) -> str:
    """ "3–5", or "三里屯!3–5"."""
    if first == last:
        return str(first)
    return f"{first}–{sheet_row(last)}"


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """(first, last) of each run of consecutive numbers among ascending ones."""
    spans: list[tuple[int, int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return spans


def row_ranges(spans: Iterable[tuple[int, int]]) -> str:
    """(first, last) row numbers in few words: "3–5, 8", or "三里屯!3–5, 三里屯!8"; the first few with an ellipsis."""
    texts = [row_span(first, last) for first, last in spans]
    return ", ".join(texts[:RANGES_SHOWN]) + (" …" if len(texts) > RANGES_SHOWN else "")


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row that is not blank, under the number that the spreadsheet shows."""

    number: int
    cells: tuple[Raw, ...]
    merged: tuple[int, ...] = ()
    """Positions of cells that are blank in the file and have the value of the merged cell that covers them."""


@dataclass(frozen=True)
class RawTable:
    """One worksheet, or the one table of a CSV file. ``stopped`` is the row after which nothing was read."""

    name: str
    rows: tuple[RawRow, ...]
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    merges: tuple[str, ...] = ()
    stopped: int | None = None
    date_1904: bool = False
    """Numbers that mean days count from 1904-01-01, as in books of old Macs, instead of 1899-12-30."""


@dataclass(frozen=True)
class Upload:
    """A file that passed the gate. ``data`` is kept for the annotated copy."""

    name: str
    data: bytes
    sha256: str
    kind: FileKind
    tables: tuple[RawTable, ...]

    def __repr__(self) -> str:  # no content in logs
        return f"Upload({self.name!r}, {len(self.data)} bytes)"
