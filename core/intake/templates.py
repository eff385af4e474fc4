"""Blank templates of every sheet: headers, an example row, drop-down lists, and a sheet of explanations."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from core.intake.cell_rules import CELL_RULES
from core.intake.export import sheet_title
from core.intake.parsing.vocabulary import Vocabulary
from core.intake.sheets import Column, SheetSpec
from core.locale import Translator

__all__ = ["template"]

REQUIRED, STORED, IGNORED = (PatternFill("solid", fgColor=c) for c in ("F3D9D5", "E3ECE8", "EFEFEF"))
WRAPPED = Alignment(wrap_text=True, vertical="top")
TEMPLATE_ROWS = 1_000  # rows below the header that get drop-downs and formats
LISTS = "lists"  # the hidden sheet with the values of the drop-downs


def template(sheet: SheetSpec, tr: Translator, words: Vocabulary) -> bytes:
    """A blank sheet: headers, one example row, drop-down lists of allowed values, and a sheet of explanations.

    Columns that are not stored keep their place, greyed, so that the bureau's own files fit. The example row is
    recognised and passed over on import.
    """
    book = Workbook()
    page = book.active
    page.title = sheet_title(tr(sheet.title))
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    columns = sorted(sheet.columns, key=lambda column: column.further)
    for position, column in enumerate(columns, 1):
        _write_column(page, lists, sheet, column, position, words)
    page.freeze_panes = "A2"
    _write_explanations(book.create_sheet(tr("Explanations")), columns, tr)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_column(page: Any, lists: Any, sheet: SheetSpec, column: Column, position: int, words: Vocabulary) -> None:
    letter = get_column_letter(position)
    head = page.cell(1, position, column.header)
    head.fill = IGNORED if not column.is_stored else REQUIRED if column.required else STORED
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


def _write_explanations(page: Any, columns: Sequence[Column], tr: Translator) -> None:
    for position, title in enumerate((tr("Column"), tr("Required"), tr("What to write"), tr("Example")), 1):
        page.cell(1, position, title).font = Font(bold=True)
    for row, column in enumerate(columns, 2):
        page.cell(row, 1, column.label(tr))
        page.cell(row, 2, tr("yes") if column.required else "")
        page.cell(row, 3, column.explanation(tr)).alignment = WRAPPED
        cell = page.cell(row, 4)
        cell.value, cell.data_type = column.example or None, "s" if column.example else "n"
    first = len(columns) + 3
    page.cell(first, 1, tr("In every column")).font = Font(bold=True)
    for row, (written, meaning) in enumerate(CELL_RULES, first + 1):
        page.cell(row, 1, tr(written)).alignment = WRAPPED
        page.cell(row, 3, tr(meaning)).alignment = WRAPPED
    for letter, width in (("A", 30), ("B", 10), ("C", 80), ("D", 34)):
        page.column_dimensions[letter].width = width
