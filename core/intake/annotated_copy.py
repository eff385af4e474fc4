"""The uploaded file back as a workbook, with what is wrong in its first column and the cells in question coloured.

The copy keeps the row numbers of the original, so that messages fit both. It can be corrected and uploaded as it is:
its first column is ignored.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from core.intake.export import as_cell, sheet_title
from core.intake.findings import Finding, Level
from core.intake.parsing.text import NOTES_HEADER
from core.intake.planning.plan import ImportPlan
from core.intake.reading.headers import merged_spans
from core.intake.reading.tables import Formula, RawTable, Upload
from core.locale import Translator

__all__ = ["annotated"]

RED, AMBER = PatternFill("solid", fgColor="F8C9C4"), PatternFill("solid", fgColor="FBE6B8")
WRAPPED = Alignment(wrap_text=True, vertical="top")


def annotated(upload: Upload, plan: ImportPlan, tr: Translator) -> bytes:
    """The sheet of ``upload`` that ``plan`` read, as a workbook: messages in the first column, wrong cells in red."""
    headered = plan.request.table
    table = next(table for table in upload.tables if table.name == headered.name)
    by_row: dict[int, list[Finding]] = defaultdict(list)
    for finding in plan.findings:
        if finding.level is not Level.NOTE:
            by_row[finding.row or headered.header_row].append(finding)
    places = {header: position for position, header in enumerate(headered.headers)}
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_title(table.name))
    sheet.column_dimensions["A"].width = 60
    sheet.freeze_panes = f"B{headered.header_row + 1}"
    number = 0
    for row in table.rows:
        for _ in range(row.number - number - 1):
            sheet.append([])
        number = row.number
        cells = (
            _spread_merged(table, number, row.cells)
            if headered.header_row - 1 <= number <= headered.header_row
            else row.cells
        )
        sheet.append(_annotated_row(sheet, cells, by_row.get(number, ()), places, number == headered.header_row, tr))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _annotated_row(
    sheet: Any, cells: Sequence[Any], findings: Sequence[Finding], places: dict[str, int], header: bool, tr: Translator
) -> list[Any]:
    messages = [f"{f.column}: {f.message(tr)}" if f.column else f.message(tr) for f in findings]
    first = as_cell(sheet, "\n".join(([NOTES_HEADER] if header else []) + messages) or None)
    first.alignment = WRAPPED
    shown = [as_cell(sheet, c.text if isinstance(c, Formula) else c) for c in cells]
    for finding in findings:
        position = places.get(finding.column or "")
        if position is not None and not header:
            shown += [as_cell(sheet, None) for _ in range(position + 1 - len(shown))]
            shown[position].fill = RED if finding.level is Level.ERROR else AMBER
            first.font = Font(color="B3261E") if finding.level is Level.ERROR else first.font
    return [first, *shown]


def _spread_merged(table: RawTable, number: int, cells: Sequence[Any]) -> list[Any]:
    """Header cells with the name of a merged group in each of its columns, because merges are not written again."""
    spread = list(cells)
    for first, last in merged_spans(table.merges, number):
        if first < len(spread) and last - first < len(spread) // 2:  # a title across the sheet is no group
            spread += [None] * (last + 1 - len(spread))
            spread[first : last + 1] = [spread[first]] * (last + 1 - first)
    return spread
