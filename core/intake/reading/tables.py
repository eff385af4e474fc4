"""What a file holds before anything is interpreted: tables of typed raw cells under the row numbers of the spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

__all__ = ["Formula", "Raw", "RawRow", "RawTable", "Upload"]


@dataclass(frozen=True)
class Formula:
    """A formula whose result was never stored in the file: its value is unknown."""

    text: str


Raw = str | int | float | bool | datetime | date | time | Formula | None


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row that is not blank, under the number that the spreadsheet shows."""

    number: int
    cells: tuple[Raw, ...]


@dataclass(frozen=True)
class RawTable:
    """One worksheet, or the one table of a CSV file. ``stopped`` is the row after which nothing was read."""

    name: str
    rows: tuple[RawRow, ...]
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
    tables: tuple[RawTable, ...]

    def __repr__(self) -> str:  # no content in logs
        return f"Upload({self.name!r}, {len(self.data)} bytes)"
