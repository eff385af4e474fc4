"""Tables that leave the application: workbooks in which no text can act as a formula and no code loses its digits.

Each file carries its export number near its beginning, because a server that tells files apart by samples of their
bytes must never hand one person's export to another.
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from core.locale import N_, Translator
from core.locale.width import columns

__all__ = ["EXPORT_NUMBER", "as_cell", "frame_to_xlsx", "sheet_title", "write_value"]

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
HEADER_FILL = PatternFill("solid", fgColor="E8ECEF")
EXPORT_NUMBER = N_("Export number {number}")
WIDEST = 48


def frame_to_xlsx(frame: pd.DataFrame, title: str, tr: Translator, number: str, note: str = "") -> bytes:
    """A workbook with one sheet: texts as texts (format @), header frozen and filterable; a ``note`` below the table."""
    book = Workbook(write_only=True)
    book.properties.title = tr(EXPORT_NUMBER, number=number)
    book.properties.identifier = number
    sheet = book.create_sheet(sheet_title(title))
    sheet.freeze_panes = "A2"
    shown = [[_plain(value, tr) for value in row] for row in frame.itertuples(index=False)]
    for position, name in enumerate(frame.columns, 1):
        longest = max((_width(row[position - 1]) for row in shown[:200]), default=0)
        sheet.column_dimensions[get_column_letter(position)].width = min(WIDEST, max(_width(name), longest) + 3)
    if len(frame.columns):
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(frame.columns))}{len(frame) + 1}"
    sheet.append([_header(sheet, str(name)) for name in frame.columns])
    for row in shown:
        sheet.append([as_cell(sheet, value) for value in row])
    if note:
        book.properties.description = note
        sheet.append([])
        sheet.append([as_cell(sheet, note)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_cell(sheet: Any, value: Any) -> Any:
    """A cell of a write-only sheet with a value as ``write_value`` writes it."""
    cell = WriteOnlyCell(sheet, value=None)
    write_value(cell, value)
    return cell


def write_value(cell: Any, value: Any) -> None:
    """Write a value so that text stays text: no formula, no number out of a code."""
    if isinstance(value, str):
        cell._value, cell.data_type = _printable(value), "s"
        cell.number_format = "@"
        if value.startswith(RISKY):
            cell.quotePrefix = True
    else:
        cell.value = value
        if isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd hh:mm"
        elif isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"


def sheet_title(text: str) -> str:
    """``text`` as the name of a worksheet: at most 31 characters, none that Excel forbids."""
    return re.sub(r"[\[\]:*?/\\]", " ", text)[:31] or "1"


def _header(sheet: Any, name: str) -> Any:
    cell = as_cell(sheet, name)
    cell.font, cell.fill = Font(bold=True), HEADER_FILL
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _printable(text: str) -> str:
    """Without the control characters that XML can't hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)[:32_767]


def _plain(value: Any, tr: Translator) -> Any:
    """A frame's value as Excel knows it; missing is empty, yes/no in words."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, pd.Timestamp):
        moment = value.tz_localize(None) if value.tzinfo is not None else value
        return moment.date() if moment == moment.normalize() else moment.to_pydatetime()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    return value if isinstance(value, (int, float, date, datetime)) else str(value)


def _width(value: Any) -> int:
    """Width of the longest line in Latin characters; East Asian wide ones count double."""
    text = "" if value is None else str(value)
    return max(map(columns, text.splitlines()), default=0)
