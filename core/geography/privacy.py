"""Small counts must not give persons away, not even by subtraction. Every map output passes through here.

A count of 1 … ``min_count`` − 1 is hidden. Since totals are shown as well, further cells are hidden with it until what
is hidden together can't be narrowed down: at least two cells, each of which could be as large as ``min_count``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.geography.plane import Floats

__all__ = ["hidden_cells", "hidden_in_total", "hide", "is_small", "shown_bands"]

Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]


def is_small(count: float, min_count: int) -> bool:
    """Whether a count of persons is too small to be shown: 1 … ``min_count`` − 1. Nobody (0) gives nobody away."""
    return 0 < count < min_count


def hidden_in_total(counts: Counts, min_count: int, hidden: Mask | None = None, cost: Floats | None = None) -> Mask:
    """Which of ``counts`` to hide when their total is shown too; ``hidden`` says what is hidden already.

    Of m hidden cells that add up to T, none can be pinned below ``min_count`` while T − (m − 1) ≥ ``min_count``,
    because each other cell is at least 1. Visible cells join, those of least ``cost`` (by default the smallest) first, until that holds.
    """
    mask: Mask = (counts > 0) & (counts < min_count)
    if hidden is not None:
        mask |= hidden & (counts > 0)
    if not mask.any():
        return mask
    order = np.argsort(counts if cost is None else cost, kind="stable")
    candidates = [i for i in order if counts[i] > 0 and not mask[i]]
    for i in candidates:
        if mask.sum() >= 2 and counts[mask].sum() - (mask.sum() - 1) >= min_count:
            break
        mask[i] = True
    return mask


def hidden_cells(table: Counts, min_count: int, cost: Floats | None = None) -> Mask:
    """Which cells of a two-way table to hide when the totals of its rows and columns are shown.

    ``cost`` says what it costs to hide a cell that is not small itself; by default its count.
    Rows and columns are protected in turn until nothing changes; then no hidden cell may follow from the totals of both
    sides together. Exact, as the cells that can change are those on a cycle of the residual graph of a transport problem.
    """
    mask = np.zeros(table.shape, dtype=bool)
    price: Floats = table.astype(float) if cost is None else cost
    while True:
        before = mask.copy()
        for i in range(table.shape[0]):
            mask[i] = hidden_in_total(table[i], min_count, mask[i], price[i])
        for j in range(table.shape[1]):
            mask[:, j] = hidden_in_total(table[:, j], min_count, mask[:, j], price[:, j])
        if (mask == before).all():
            joined = _joined(table, mask, price)
            if joined is None:
                return mask
            mask[joined] = True


def _joined(table: Counts, mask: Mask, price: Floats) -> tuple[int, int] | None:
    """The cheapest visible cell in the row or column of a pinned one, to be hidden too; None if no cell is pinned."""
    for i, j in np.argwhere(mask):
        if not _is_pinned(table, mask, int(i), int(j)):
            continue
        visible = (table > 0) & ~mask
        near = np.zeros_like(mask)
        near[i], near[:, j] = True, True
        for choice in (visible & near, visible):
            if choice.any():
                cells = np.argwhere(choice)
                at = cells[np.argmin(price[choice])]
                return int(at[0]), int(at[1])
    return None


def _is_pinned(table: Counts, mask: Mask, row: int, column: int) -> bool:
    """Whether a hidden cell follows from the totals and from every hidden cell being at least 1.

    A cell can be larger where others of its column and row make room: along cells that fall, which only those above 1
    can, and rise in turn, from its column back to its row. It can be smaller the other way round.
    """
    rises = mask.copy()
    rises[row, column] = False
    falls = rises & (table > 1)
    nowhere = np.zeros(mask.shape[0], dtype=bool), np.zeros(mask.shape[1], dtype=bool)
    rows, columns = nowhere[0].copy(), nowhere[1].copy()
    columns[column] = True
    if _reached(rises, falls, rows, columns)[0][row]:
        return False
    rows, columns = nowhere
    rows[row] = True
    return table[row, column] == 1 or not _reached(rises, falls, rows, columns)[1][column]


def _reached(rises: Mask, falls: Mask, rows: Mask, columns: Mask) -> tuple[Mask, Mask]:
    """Rows and columns that are reached from those given, from a row by a cell that rises, from a column by one that falls."""
    while True:
        wider_columns = columns | rises[rows].any(axis=0)
        wider_rows = rows | falls[:, wider_columns].any(axis=1)
        if (wider_rows == rows).all() and (wider_columns == columns).all():
            return rows, columns
        rows, columns = wider_rows, wider_columns


def shown_bands(counts: Sequence[int], min_count: int) -> tuple[int | None, ...]:
    """Cumulative counts of nested bands, None where one would give a few persons away, by itself or by subtraction.

    From the widest band inwards, a count is shown if it and what it lacks to the next shown one are 0 or at least
    ``min_count``.
    """
    shown: list[int | None] = []
    wider: int | None = None
    for count in reversed(counts):
        if is_small(count, min_count) or (wider is not None and is_small(wider - count, min_count)):
            shown.append(None)
        else:
            shown.append(count)
            wider = count
    return tuple(reversed(shown))


def hide(values: Floats, mask: Mask) -> Floats:
    """``values`` with NaN where hidden."""
    return np.where(mask, np.nan, values)
