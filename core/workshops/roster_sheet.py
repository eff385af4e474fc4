"""An approved roster on paper: a workbook of one A4 landscape page for the wall and a slip for each person.

It carries full names, because the people themselves read it; it is made for a named colleague only.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from core.intake.export import EXPORT_NUMBER, sheet_title, write_value
from core.locale import Translator
from core.workshops.roster import DAYS, SLOTS
from core.workshops.staffing import SHIFTS

__all__ = ["PublishedRoster", "PublishedRow", "roster_workbook", "slot_name"]

THIN = Side(style="thin", color="9AA0A6")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
WORKS = PatternFill("solid", fgColor="DCE6F1")
SLIPS_A_PAGE = 6
SLIP_ROWS = 7


@dataclass(frozen=True)
class PublishedRow:
    """One person's half days."""

    name: str
    slots: tuple[int, ...]
    leads: bool


@dataclass(frozen=True)
class PublishedRoster:
    """What goes on paper."""

    workshop: str
    week: date  # its Monday
    rev: int
    shift_hours: float
    approved_by: str
    approved_at: datetime
    rows: tuple[PublishedRow, ...]

    @property
    def opened(self) -> list[int]:
        """The half days on which anybody works."""
        return sorted({s for row in self.rows for s in row.slots})


def slot_name(slot: int, tr: Translator) -> str:
    """'Mon am'."""
    return f"{tr(DAYS[slot // 2])} {tr('am') if slot % 2 == 0 else tr('pm')}"


def roster_workbook(roster: PublishedRoster, tr: Translator, number: str) -> bytes:
    """The sheet for the wall and the slips; ``number`` is the export number."""
    book = Workbook()
    book.properties.title = tr(EXPORT_NUMBER, number=number)
    book.properties.identifier = number
    wall = book.active
    assert isinstance(wall, Worksheet)
    wall.title = sheet_title(tr("Roster"))
    _wall(wall, roster, tr)
    _slips(book.create_sheet(sheet_title(tr("Slips"))), roster, tr)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _wall(sheet: Worksheet, roster: PublishedRoster, tr: Translator) -> None:
    """A row a person, a column an opened half day, at most one page wide."""
    _page(sheet, landscape=True)
    slots = roster.opened
    last = len(slots) + 4
    _text(sheet, 1, 1, _title(roster, tr), bold=True, size=16)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=last)
    sheet.row_dimensions[1].height = 30
    heads = [tr("Full name"), *(f"{slot_name(s, tr)}\n{_day(roster, s)}" for s in slots)]
    for column, text in enumerate([*heads, tr("Shifts"), tr("Hours"), tr("Signature")], 1):
        _text(sheet, 2, column, text, bold=True, box=True)
    sheet.row_dimensions[2].height = 34
    for k, row in enumerate(roster.rows, 3):
        _text(sheet, k, 1, row.name + (f" · {tr('leads')}" if row.leads else ""), box=True)
        for column, s in enumerate(slots, 2):
            _text(sheet, k, column, "●" if s in row.slots else "", box=True)
            if s in row.slots:
                sheet.cell(k, column).fill = WORKS
        _number(sheet, k, len(slots) + 2, len(row.slots))
        _number(sheet, k, len(slots) + 3, len(row.slots) * roster.shift_hours)
        _text(sheet, k, last, "", box=True)
        sheet.row_dimensions[k].height = 22
    foot = len(roster.rows) + 3
    _text(sheet, foot, 1, tr("People a shift"), bold=True, box=True)
    for column, s in enumerate(slots, 2):
        _number(sheet, foot, column, sum(s in row.slots for row in roster.rows))
    _text(sheet, foot + 1, 1, _approval(roster, tr))
    sheet.column_dimensions["A"].width = 18
    for column in range(2, last + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 9 if column < last else 14
    sheet.print_title_rows = "1:2"
    sheet.freeze_panes = "B3"


def _slips(sheet: Worksheet, roster: PublishedRoster, tr: Translator) -> None:
    """A block a person, six to a page, to be cut apart."""
    _page(sheet, landscape=False)
    sheet.column_dimensions["A"].width = 16
    sheet.column_dimensions["B"].width = 70
    working = [row for row in roster.rows if row.slots]
    for k, row in enumerate(working):
        top = k * SLIP_ROWS + 1
        _text(sheet, top, 1, row.name, bold=True, size=14)
        _text(sheet, top, 2, _title(roster, tr))
        lines = [
            (tr("Half days"), tr.join(f"{slot_name(s, tr)} ({_day(roster, s)})" for s in row.slots)),
            (tr("Hours"), _hours(roster, row, tr)),
            (tr("Begins"), tr("{am} in the morning, {pm} in the afternoon", am=_clock(0), pm=_clock(1))),
            (tr("Task"), tr("leads the shift") if row.leads else tr("works at a station")),
        ]
        for n, (name, text) in enumerate(lines, 1):
            _text(sheet, top + n, 1, name, box=True)
            _text(sheet, top + n, 2, text, box=True, left=True)
        _text(sheet, top + len(lines) + 1, 1, "")
        sheet.row_dimensions[top + 1].height = 44
        if (k + 1) % SLIPS_A_PAGE == 0:
            sheet.row_breaks.append(Break(id=top + SLIP_ROWS - 1))


def _page(sheet: Worksheet, *, landscape: bool) -> None:
    setup = sheet.page_setup
    setup.paperSize, setup.orientation = 9, "landscape" if landscape else "portrait"  # 9 = A4
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    sheet.oddFooter.center.text = "&P / &N"


def _text(
    sheet: Worksheet,
    row: int,
    column: int,
    text: str,
    *,
    bold: bool = False,
    size: int = 11,
    box: bool = False,
    left: bool = False,
) -> None:
    cell = sheet.cell(row, column)
    write_value(cell, text)
    cell.font = Font(bold=bold, size=size)
    is_left = left or (column == 1 and not box)
    cell.alignment = Alignment(horizontal="left" if is_left else "center", vertical="center", wrap_text=box)
    if box:
        cell.border = BOX


def _number(sheet: Worksheet, row: int, column: int, value: float) -> None:
    cell = sheet.cell(row, column)
    write_value(cell, value)
    cell.alignment, cell.border = Alignment(horizontal="center", vertical="center"), BOX


def _title(roster: PublishedRoster, tr: Translator) -> str:
    end = roster.week + timedelta(days=6)
    return tr(
        "{name}: roster {first} to {last}",
        name=tr.name(roster.workshop),
        first=tr.day(roster.week),
        last=tr.day(end, "short"),
    )


def _approval(roster: PublishedRoster, tr: Translator) -> str:
    return tr(
        "Version {rev}, approved by {name}, {time}",
        rev=roster.rev,
        name=roster.approved_by,
        time=tr.time(roster.approved_at),
    )


def _hours(roster: PublishedRoster, row: PublishedRow, tr: Translator) -> str:
    return tr(
        "{n} shifts of {each} h = {all} h",
        n=len(row.slots),
        each=tr.number(roster.shift_hours, 1),
        all=tr.number(len(row.slots) * roster.shift_hours, 1),
    )


def _day(roster: PublishedRoster, slot: int) -> str:
    assert 0 <= slot < SHIFTS
    return f"{roster.week + timedelta(days=slot // 2):%m-%d}"


def _clock(half: int) -> str:
    begin = SLOTS[half][0]
    return f"{int(begin):02d}:{round(begin % 1 * 60):02d}"
