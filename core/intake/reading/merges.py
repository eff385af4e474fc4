"""Merged cells: only the first cell of a range holds the value that people see in all of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from openpyxl.utils import range_boundaries

from core.intake.reading.tables import Raw, RawRow

__all__ = ["Boundaries", "FilledDown", "boundaries", "fill_down", "merged_spans"]

Boundaries = tuple[int, int, int, int]
"""(left, top, right, bottom): columns from 0, rows as the spreadsheet numbers them."""


@dataclass(frozen=True)
class FilledDown:
    """Rows in which merged cells have their value in every row, and where."""

    rows: tuple[RawRow, ...]
    spans: dict[int, list[tuple[int, int]]]
    """Column → (first, last) row of each merged range that was filled."""


def boundaries(merges: Sequence[str]) -> list[Boundaries]:
    """The corners of ranges such as "A2:D2"; what is no range is left out."""
    corners = []
    for text in merges:
        try:
            left, top, right, bottom = range_boundaries(text)
        except (TypeError, ValueError):
            continue
        if None not in (left, top, right, bottom):
            corners.append((left - 1, top, right - 1, bottom))
    return corners


def merged_spans(merges: Sequence[str], row: int) -> list[tuple[int, int]]:
    """(first, last) column, from 0, of each range that is merged sideways in ``row``."""
    return [(left, right) for left, top, right, bottom in boundaries(merges) if top <= row <= bottom and left < right]


def fill_down(rows: Sequence[RawRow], merges: Sequence[Boundaries]) -> FilledDown:
    """The first value of each range that covers several rows, in all of them.

    Only rows with content count: a range that reaches into blank rows makes no new ones. Of ranges that overlap,
    which only damaged books have, the upper one is followed.
    """
    numbers = [row.number for row in rows]
    filled: dict[int, dict[int, Raw]] = defaultdict(dict)
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    bottoms: dict[int, int] = {}
    for left, top, _, bottom in sorted(merges, key=lambda corners: corners[1]):
        if bottom == top or top <= bottoms.get(left, 0):
            continue
        bottoms[left] = bottom
        first = bisect_left(numbers, top)
        if first == len(numbers) or numbers[first] != top or left >= len(rows[first].cells):
            continue
        value = rows[first].cells[left]
        last = bisect_right(numbers, bottom) - 1
        if value is None or last == first:
            continue
        for index in range(first + 1, last + 1):
            filled[index][left] = value
        spans[left].append((numbers[first], numbers[last]))
    return FilledDown(
        tuple(_with_values(row, filled[index]) if index in filled else row for index, row in enumerate(rows)),
        dict(sorted(spans.items())),
    )


def _with_values(row: RawRow, values: dict[int, Raw]) -> RawRow:
    cells = [*row.cells, *[None] * (max(values) + 1 - len(row.cells))]
    for column, value in values.items():
        cells[column] = value
    return replace(row, cells=tuple(cells), merged=tuple(sorted(values)))
