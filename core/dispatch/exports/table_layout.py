"""Widths of the columns of a table: no word is broken, and a column wider than its texts gives room to the others."""

from __future__ import annotations

from core.dispatch.exports.text_width import longest_word, text_width
from core.dispatch.slide_model import TableFigure

__all__ = ["PADDING", "column_widths"]

PADDING = 1.0  # ems left and right of a cell together
SHORT = 8.0  # ems: columns of texts no longer than this stay on one line
STEPS = 60  # of the bisection: exact to a millionth of a unit


def column_widths(figure: TableFigure, width: float, size: float) -> list[float] | None:
    """Widths that add up to ``width``, for type of ``size``; None if a word would have to be broken.

    Every column gets its share of a common length, but at least its longest word (or all of a short text) and at most its
    longest text; what is left when all texts have room goes to all by their shares.
    """
    least, most, shares = [], [], [column.width for column in figure.columns]
    for nth, column in enumerate(figure.columns):
        cells = [row.cells[nth] for row in figure.rows]
        edge = PADDING * size + 0.5
        least.append(max([longest_word(column.name, size, True), *(longest_word(cell, size) for cell in cells)]) + edge)
        most.append(max([text_width(column.name, size, True), *(text_width(cell, size) for cell in cells)]) + edge)
    kept = [need if need <= (SHORT + PADDING) * size else low for low, need in zip(least, most, strict=True)]
    if sum(kept) <= width:
        least = kept
    if sum(least) > width:
        return None
    if sum(most) <= width:
        spare = (width - sum(most)) / sum(shares)
        return [need + spare * share for need, share in zip(most, shares, strict=True)]
    low, high = 0.0, width / min(shares)
    for _ in range(STEPS):
        unit = (low + high) / 2
        if sum(_clamped(unit, shares, least, most)) > width:
            high = unit
        else:
            low = unit
    return _clamped(low, shares, least, most)


def _clamped(unit: float, shares: list[float], least: list[float], most: list[float]) -> list[float]:
    return [min(max(unit * share, low), high) for share, low, high in zip(shares, least, most, strict=True)]
