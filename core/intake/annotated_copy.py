"""The uploaded file back as a workbook: what is wrong with each row in a column 错误说明, the cells in question coloured.

The messages come behind the last column of each sheet that was read. A column in front, as is customary, would shift
merges, drop-down lists, filters, conditional formats, names and formulas, and no library shifts them all. So the
book stays what it is, with all its sheets, and the copy can be corrected and uploaded: the column is ignored, its
messages are written anew. A CSV file, or a book of an older format, comes back as an .xlsx with the same rows and
columns.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Sequence

from openpyxl import Workbook

from core.intake.export import as_cell, sheet_title
from core.intake.findings import Finding, Level
from core.intake.marked_workbook import AMBER, RED, SheetNotes, mark
from core.intake.parsing.text import NOTES_HEADER
from core.intake.planning.plan import ImportPlan
from core.intake.reading.headers import HeaderedTable, SheetSource
from core.intake.reading.tables import Formula, RawTable, RowNumber, Upload, sheet_row
from core.locale import Translator

__all__ = ["annotated"]

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def annotated(upload: Upload, plan: ImportPlan, tr: Translator) -> bytes:
    """The file of ``upload`` as a workbook, with the errors and warnings of ``plan`` in the sheets that it read."""
    table = plan.request.table
    by_sheet: dict[str, list[Finding]] = defaultdict(list)
    for finding in plan.findings:
        if finding.level is not Level.NOTE:
            by_sheet[_sheet_of(finding, table)].append(finding)
    titles = {raw.name: raw.name for raw in upload.tables}
    book = upload.data
    if upload.kind != "xlsx":
        titles = {raw.name: sheet_title(raw.name) for raw in upload.tables}
        book = _plain_book(upload.tables)
    return mark(
        book, {titles[source.name]: _notes(source, table, by_sheet[source.name], tr) for source in table.sources}
    )


def _sheet_of(finding: Finding, table: HeaderedTable) -> str:
    """The sheet that a finding is about; one about a column or the whole file is written into the first."""
    if isinstance(finding.row, RowNumber):
        return finding.row.place.sheet
    with_column = [source.name for source in table.sources if finding.column in source.columns]
    return with_column[0] if with_column else table.sources[0].name


def _notes(source: SheetSource, table: HeaderedTable, findings: Sequence[Finding], tr: Translator) -> SheetNotes:
    lines: dict[int, list[str]] = defaultdict(list, {source.header_row: [NOTES_HEADER]})
    fills: dict[tuple[int, int], str] = {}
    red: set[int] = set()
    for finding in findings:
        row = source.header_row if finding.row is None else sheet_row(finding.row)
        message = finding.message(tr)
        lines[row].append(f"{finding.column}: {message}" if finding.column else message)
        is_error = finding.level is Level.ERROR
        if is_error:
            red.add(row)
        column = source.columns.get(finding.column or "")
        if column is not None and finding.row is not None and fills.get((row, column)) != RED:
            fills[(row, column)] = RED if is_error else AMBER
    own = [source.columns[h] for h in table.headers if h.startswith(NOTES_HEADER) and h in source.columns]
    return SheetNotes(
        column=own[0] if own else None,
        notes={row: UNPRINTABLE.sub("", "\n".join(texts))[:32_767] for row, texts in lines.items()},
        red_notes=frozenset(red),
        fills=fills,
    )


def _plain_book(tables: Sequence[RawTable]) -> bytes:
    """The tables as a workbook, row by row and column by column where they were; texts stay texts."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(sheet_title(table.name))
        if table.hidden:
            sheet.sheet_state = "hidden"
        for reference in table.merges:
            sheet.merged_cells.add(reference)
        number = 0
        for row in table.rows:
            for _ in range(row.number - number - 1):
                sheet.append([])
            number = row.number
            sheet.append([as_cell(sheet, cell.text if isinstance(cell, Formula) else cell) for cell in row.cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
