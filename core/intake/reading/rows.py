"""The rows of a table as they come from any reader, within the limits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.intake.findings import UploadRefused
from core.intake.reading.tables import RawRow

__all__ = ["BLANK_LIMIT", "CELL_LIMIT", "COLUMN_LIMIT", "ROW_LIMIT", "collect"]

ROW_LIMIT = 20_000
COLUMN_LIMIT = 80
BLANK_LIMIT = 50
CELL_LIMIT = 32_767  # Excel's own


def collect(numbered: Iterable[tuple[int, tuple[Any, ...]]], name: str) -> tuple[list[RawRow], int | None]:
    """(rows with content, row number at which reading stopped after too many blank ones or None).

    Raises UploadRefused where there are too many rows or columns or a cell is too long; ``name`` is the sheet's.
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
        for cell in cells:
            if isinstance(cell, str) and len(cell) > CELL_LIMIT:
                raise UploadRefused(
                    "cell_too_long", row=number, name=name, count=f"{len(cell):,}", limit=f"{CELL_LIMIT:,}"
                )
        rows.append(RawRow(number, cells[:width]))
        last = number
    return rows, None


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
