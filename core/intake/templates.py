"""Workbooks of the import page: blank templates, and the uploaded file back with what is wrong in red.

The annotated copy keeps the row numbers of the original, so that messages fit both, and can be mended and uploaded
as it is: its first column is passed over.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from core.intake.export import as_cell
from core.intake.findings import Finding, Level
from core.intake.parsing.text import NOTES_HEADER
from core.intake.parsing.vocabulary import Vocabulary
from core.intake.planning.plan import ImportPlan
from core.intake.reading.detection import merged_spans
from core.intake.reading.upload import Formula, Table, Upload
from core.intake.sheets import Column, Sheet
from core.locale import Translator

__all__ = ["annotated", "template"]

RED, AMBER = PatternFill("solid", fgColor="F8C9C4"), PatternFill("solid", fgColor="FBE6B8")
REQUIRED, KEPT, PASSED = (PatternFill("solid", fgColor=c) for c in ("F3D9D5", "E3ECE8", "EFEFEF"))
WRAPPED = Alignment(wrap_text=True, vertical="top")
TEMPLATE_ROWS = 1_000  # rows below the header that get drop-downs and formats
LISTS = "lists"


def annotated(upload: Upload, plan: ImportPlan, tr: Translator) -> bytes:
    """The sheet of ``upload`` that was read as a workbook: messages in the first column, the cells they mean in red."""
    grid = plan.request.grid
    table = next(table for table in upload.tables if table.name == grid.name)
    by_row: dict[int, list[Finding]] = defaultdict(list)
    for finding in plan.findings:
        if finding.level is not Level.NOTE:
            by_row[finding.row or grid.header_row].append(finding)
    places = {header: position for position, header in enumerate(grid.headers)}
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_title(table.name))
    sheet.column_dimensions["A"].width = 60
    sheet.freeze_panes = f"B{grid.header_row + 1}"
    number = 0
    for row in table.rows:
        for _ in range(row.number - number - 1):
            sheet.append([])
        number = row.number
        cells = _spread(table, number, row.cells) if grid.header_row - 1 <= number <= grid.header_row else row.cells
        sheet.append(_annotate(sheet, cells, by_row.get(number, ()), places, number == grid.header_row, tr))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _annotate(
    sheet: Any, cells: Sequence[Any], findings: Sequence[Finding], places: dict[str, int], header: bool, tr: Translator
) -> list[Any]:
    said = [f"{f.column}: {f.message(tr)}" if f.column else f.message(tr) for f in findings]
    first = as_cell(sheet, "\n".join(([NOTES_HEADER] if header else []) + said) or None)
    first.alignment = WRAPPED
    shown = [as_cell(sheet, c.text if isinstance(c, Formula) else c) for c in cells]
    for finding in findings:
        position = places.get(finding.column or "")
        if position is not None and not header:
            shown += [as_cell(sheet, None) for _ in range(position + 1 - len(shown))]
            shown[position].fill = RED if finding.level is Level.ERROR else AMBER
            first.font = Font(color="B3261E") if finding.level is Level.ERROR else first.font
    return [first, *shown]


def _spread(table: Table, number: int, cells: Sequence[Any]) -> list[Any]:
    """Header cells with the name of a merged group in each of its columns, for merges are not written again."""
    found = list(cells)
    for first, last in merged_spans(table.merges, number):
        if first < len(found) and last - first < len(found) // 2:  # a title across the sheet is no group
            found += [None] * (last + 1 - len(found))
            found[first : last + 1] = [found[first]] * (last + 1 - first)
    return found


def _title(name: str) -> str:
    return "".join(" " if c in "[]:*?/\\" else c for c in name)[:31] or "1"


# -- templates ------------------------------------------------------------------------------------------


def template(sheet: Sheet, tr: Translator, words: Vocabulary) -> bytes:
    """A blank sheet: headers, one example row, drop-down lists of allowed values, and a sheet of explanations.

    Columns that are not stored keep their place, greyed, so that the bureau's own files fit. The example row is
    recognised and passed over on import.
    """
    book = Workbook()
    page = book.active
    page.title = _title(tr(sheet.title))
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    columns = sorted(sheet.columns, key=lambda column: column.further)
    for position, column in enumerate(columns, 1):
        _column(page, lists, sheet, column, position, words)
    page.freeze_panes = "A2"
    _explanations(book.create_sheet(tr("Explanations")), columns, tr)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _column(page: Any, lists: Any, sheet: Sheet, column: Column, position: int, words: Vocabulary) -> None:
    letter = get_column_letter(position)
    head = page.cell(1, position, column.header)
    head.fill = PASSED if not column.kept else REQUIRED if column.required else KEPT
    head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="center")
    page.column_dimensions[letter].width = max(11, min(30, 2 * len(column.header) + 2))
    if column.parser is None:
        return
    example = page.cell(2, position)
    example.value, example.data_type = column.example or None, "s" if column.example else "n"
    example.font = Font(italic=True, color="6B7280")
    if sheet.parsers[column.code].as_text:
        page.column_dimensions[letter].number_format = "@"
        example.number_format = "@"
    choices = column.parser.choices(words)
    if choices:
        for row, choice in enumerate(choices, 1):
            lists.cell(row, position, choice)
        rule = DataValidation(type="list", formula1=f"{LISTS}!${letter}$1:${letter}${len(choices)}", allow_blank=True)
        rule.showErrorMessage = False  # a proposal: the import explains what does not fit
        rule.add(f"{letter}2:{letter}{TEMPLATE_ROWS + 1}")
        page.add_data_validation(rule)


def _explanations(page: Any, columns: Sequence[Column], tr: Translator) -> None:
    for position, title in enumerate((tr("Column"), tr("Required"), tr("What to write"), tr("Example")), 1):
        page.cell(1, position, title).font = Font(bold=True)
    for row, column in enumerate(columns, 2):
        page.cell(row, 1, column.label(tr))
        page.cell(row, 2, tr("yes") if column.required else "")
        page.cell(row, 3, column.explanation(tr)).alignment = WRAPPED
        cell = page.cell(row, 4)
        cell.value, cell.data_type = column.example or None, "s" if column.example else "n"
    for letter, width in (("A", 30), ("B", 10), ("C", 80), ("D", 34)):
        page.column_dimensions[letter].width = width
