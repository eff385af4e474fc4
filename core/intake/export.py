"""Safe files out: what was text stays text, and nothing becomes a live formula in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
import unicodedata

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

__all__ = ["to_csv", "to_xlsx"]

HEADER_FILL = PatternFill("solid", fgColor="E9ECEF")
# A cell that starts like this is a formula to a spreadsheet, also in its full-width form or after a blank.
FORMULA = re.compile(r"^[\s]*[=+\-@\t\r\n]")
PLAIN_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")
FORBIDDEN_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def to_xlsx(frame: pd.DataFrame, sheet_name: str) -> bytes:
    """``frame`` as a workbook with one sheet, header row frozen.

    Texts are written as texts (`@` format, never a formula), numbers and dates as themselves, missing as empty.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(FORBIDDEN_IN_SHEET_NAMES.sub(" ", sheet_name)[:31] or "Sheet1")
    sheet.freeze_panes = "A2"
    for position, column in enumerate(frame.columns, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = _width(frame[column], str(column))
    header = []
    for column in frame.columns:
        cell = _text(sheet, str(column))
        cell.font, cell.fill = Font(bold=True), HEADER_FILL
        header.append(cell)
    sheet.append(header)
    for row in frame.itertuples(index=False, name=None):
        sheet.append([_cell(sheet, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def to_csv(frame: pd.DataFrame) -> bytes:
    """``frame`` as UTF-8 CSV with BOM; texts that look like formulas get a leading apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([_guarded(column) for column in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        writer.writerow([_guarded(value) for value in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")


def _cell(sheet: object, value: object) -> object:
    if value is None or value is pd.NaT or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, str):
        return _text(sheet, value)
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def _text(sheet: object, value: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=CONTROL.sub("", value))
    cell.data_type = "s"  # openpyxl would take a leading "=" for a formula
    cell.number_format = "@"
    return cell


def _guarded(value: object) -> str:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    text = str(value)
    folded = unicodedata.normalize("NFKC", text)
    return f"'{text}" if FORMULA.match(folded) and not PLAIN_NUMBER.match(folded) else text


def _width(values: pd.Series, header: str) -> float:
    """Column width in characters; Chinese characters count twice."""
    texts = [header, *values.head(200).dropna().astype("str")]
    longest = max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text) for text in texts)
    return min(max(longest + 2, 8), 50)
