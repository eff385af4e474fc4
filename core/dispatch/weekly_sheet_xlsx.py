"""The weekly sheet as the bureau prints it: A3 landscape, one page wide, and importable again as it is.

Headers, units and terms are those of the bureau's form, in Chinese whatever language the screen has. A line with
several actions has a further row for each, with the number of the action, so that an import knows every one of them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from core import palette
from core.dispatch.weekly_sheet import ACTION_COLUMNS, COLUMNS, LINES, Period, light_text
from core.intake.export import EXPORT_NUMBER, sheet_title, write_value
from core.intake.sheets.work import DISPATCH
from core.locale import Translator, translator
from core.locale.width import columns
from core.terms import ActionStatus, Light

__all__ = ["HEADER_ROW", "weekly_sheet_xlsx"]

HEADER_ROW = 4  # below title, unit and day, and a note
FIRST_FIGURE = list(COLUMNS).index("target") + 1
A3 = 8  # paper size, ECMA-376 part 1, 18.3.1.63
NARROWEST, WIDEST = 6, 30  # columns, in Latin letters

BAND = PatternFill("solid", fgColor="DCE6EA")
EDGE = Side(style="thin", color="A6B0B6")
GRID = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
WRAPPED = ("problem", "measure")
RIGHT = Alignment(horizontal="right", vertical="center")
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(vertical="center", wrap_text=True)
FIGURE_COLUMNS = ("target", *Period, "change", "completion", "year_share", "gap", "year_change")


def weekly_sheet_xlsx(table: pd.DataFrame, *, office: str, as_of: date, number: str, is_demo: bool) -> bytes:
    """The workbook of a ``weekly_sheet``. ``office`` is the district's office as the bureau's sheets name it.

    ``number`` is the export's own number, kept in the file's properties; ``is_demo`` marks invented data.
    """
    tr = translator()
    book = Workbook()
    book.properties.title = tr(EXPORT_NUMBER, number=number)
    book.properties.identifier = number
    sheet = book.active
    sheet.title = sheet_title(tr(DISPATCH.title))
    _write_heading(sheet, tr, office, as_of, is_demo=is_demo)
    cells = [row for line in table.to_dict("records") for row in _rows(tr, line, office)]
    for position, (name, column) in enumerate(zip(COLUMNS, DISPATCH.columns, strict=True), 1):
        header = sheet.cell(HEADER_ROW, position, column.header)
        header.font, header.fill, header.border, header.alignment = Font(bold=True), BAND, GRID, CENTRE
        longest = max((_width(name, row) for row in cells), default=0)
        width = max(NARROWEST, min(WIDEST, max(longest, -(-columns(column.header) // 2)) + 2))
        sheet.column_dimensions[get_column_letter(position)].width = width
    for place, row in enumerate(cells, HEADER_ROW + 1):
        for position, name in enumerate(COLUMNS, 1):
            _write(sheet.cell(place, position), name, row)
    _set_up_page(sheet, tr, is_demo=is_demo)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_heading(sheet: Any, tr: Translator, office: str, as_of: date, *, is_demo: bool) -> None:
    """Title, unit with day and week, and what the figures of a rate are."""
    mark = tr("Demonstration data") + " " if is_demo else ""
    texts = (
        (mark + tr("Weekly dispatch sheet, {week}", week=tr.week(as_of)), Font(bold=True, size=18), CENTRE),
        (tr("Unit: {office}    As of {day}", office=office, day=tr.day(as_of)), Font(size=11), LEFT),
        (tr("Rates: “this week” is the present value, changes are in points."), Font(size=9), LEFT),
    )
    for row, (text, font, alignment) in enumerate(texts, 1):
        cell = sheet.cell(row, 1)
        write_value(cell, text)
        cell.font, cell.alignment = font, alignment
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(COLUMNS))
    sheet.row_dimensions[1].height = 30
    sheet.row_dimensions[HEADER_ROW].height = 34


def _rows(tr: Translator, line: Mapping[str, Any], office: str) -> Iterator[dict[str, Any]]:
    """The cells of a row of the table by column of the form: with its first action, then a row for each further one."""
    kept = LINES[line["line"]]
    actions: list[dict[str, Any]] = [
        dict(zip(ACTION_COLUMNS, texts, strict=True))
        for texts in zip(*(str(line[name]).split("\n") for name in ACTION_COLUMNS), strict=True)
    ]
    who = {"number": int(line["number"]), "office": line["community"] or office, "iso_week": line["iso_week"]}
    who |= {"line": line["line"], "name": kept.sheet_name, "unit": tr(kept.unit)}
    for place, action in enumerate(actions):
        figures = _figures(tr, line) if place == 0 else {}
        yield dict.fromkeys(COLUMNS) | who | figures | _typed_action(action)


def _figures(tr: Translator, line: Mapping[str, Any]) -> dict[str, Any]:
    figures: dict[str, Any] = {name: None if pd.isna(line[name]) else float(line[name]) for name in FIGURE_COLUMNS}
    if LINES[line["line"]].rows is None:
        figures |= {Period.MONTH.value: "—", Period.YEAR.value: "—"}
    rank = None if pd.isna(line["rank"]) else int(line["rank"])
    return figures | {"rank": rank, "light": light_text(tr, line["light"]) or None, "light_code": line["light"]}


def _typed_action(action: Mapping[str, str]) -> dict[str, Any]:
    cells: dict[str, Any] = {name: text or None for name, text in action.items()}
    for name in ("due_on", "closed_on"):
        cells[name] = date.fromisoformat(action[name]) if action[name] else None
    return cells | {"status": ActionStatus.of(action["status"]).zh if action["status"] else None}


def _write(cell: Any, name: str, row: Mapping[str, Any]) -> None:
    value = row[name]
    write_value(cell, value)
    cell.border = GRID
    cell.alignment = LEFT if name in (*WRAPPED, "name", "office") else CENTRE
    if isinstance(value, float):
        cell.alignment, cell.number_format = RIGHT, _number_format(name, row["line"], value)
    if name == "light" and value:
        cell.fill = PatternFill(
            "solid", fgColor=palette.tint(palette.LIGHTS[Light.of(row["light_code"])]).removeprefix("#")
        )


def _number_format(name: str, line: str, value: float) -> str:
    """The format of a figure: counts whole, rates with two digits, shares as percentages, changes with their sign."""
    is_count = LINES[line].rows is not None
    if name in ("completion", "year_share"):
        return "0.0%"
    if name == "gap":
        return "+0.0;-0.0;0.0"
    if name in ("change", "year_change"):
        return "+0.0%;-0.0%;0.0%" if is_count else "+0.00;-0.00;0.00"
    if is_count or name == "target":
        return "#,##0" if value.is_integer() else "#,##0.0##"
    return "0.00"


def _set_up_page(sheet: Any, tr: Translator, *, is_demo: bool) -> None:
    """A3 landscape, one page wide, the header on every page, page numbers below."""
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, FIRST_FIGURE)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A3
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.6, 0.8, 0.4
    sheet.print_options.horizontalCentered = True
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.oddFooter.center.text = tr("Page {page} of {pages}", page="&P", pages="&N")
    if is_demo:
        sheet.oddFooter.left.text = tr("Demonstration data")


def _width(name: str, row: Mapping[str, Any]) -> int:
    """Width of a cell as it is printed, in Latin letters."""
    value = row[name]
    if isinstance(value, float):
        form = _number_format(name, row["line"], value)
        return len(f"{100 * value:+.1f}%" if "%" in form else f"{value:,.2f}" if "." in form else f"{value:,.0f}")
    return len("2025-12-28") if isinstance(value, date) else columns("" if value is None else str(value))
