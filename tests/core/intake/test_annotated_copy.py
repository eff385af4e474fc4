"""The copy with its messages is the uploaded book, but for a column of notes and the colour of some cells."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from core.intake.annotated_copy import annotated
from core.intake.marked_workbook import AMBER, RED
from core.intake.reading.detection import detect
from core.locale import translator
from core.store.database import Database
from tests.core.intake.books import cells_of, prefixed, rewritten, several, strict, xls_bytes
from tests.core.intake.files import (
    SEEKER,
    codes,
    csv_bytes,
    make_communities,
    plan_upload,
    planned,
    seeker,
    upload,
    xlsx_bytes,
)

EXTENSION = (
    '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:dataValidations count="0"/>'
    "</ext></extLst></worksheet>"
)


def furnished(book: Any, sheet: Any) -> None:
    """What people put into a sheet besides values."""
    sheet.insert_rows(1)
    sheet["A1"] = "荷风社区登记表"
    sheet.merge_cells("A1:F1")
    rule = DataValidation(type="list", formula1='"初中,大专"', allow_blank=True)
    rule.add("E3:E100")
    sheet.add_data_validation(rule)
    sheet.auto_filter.ref = "A2:F5"
    sheet["A3"].comment = Comment("电话里核对过", "李明")
    sheet["B3"].fill = PatternFill("solid", fgColor="00FF00")
    sheet.column_dimensions.group("A", "XFD", hidden=False)
    sheet.column_dimensions["A"].width = 12
    sheet.freeze_panes = "A3"
    other = book.create_sheet("统计")
    other["A1"] = "=SUM(Sheet!A1:A9)"


def copy_of(db: Database, data: bytes) -> bytes:
    return annotated(upload(data), planned(db, data), translator())


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


BAD = [SEEKER, seeker(1, 文化程度="博学"), seeker(2), seeker(3, 联系电话="12", 登记日期=45717)]


@pytest.mark.filterwarnings("ignore:Data Validation extension")  # openpyxl would drop it
def test_everything_else_stays_as_it_was(db: Database) -> None:
    data = rewritten(
        xlsx_bytes(BAD, furnished),
        lambda name, text: text.replace("</worksheet>", EXTENSION) if name.endswith("sheet1.xml") else text,
    )

    copy = copy_of(db, data)

    before, after = parts(data), parts(copy)
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {"xl/styles.xml", "xl/worksheets/sheet1.xml"}
    assert b"x14:dataValidations" in after["xl/worksheets/sheet1.xml"]
    old, new = load_workbook(io.BytesIO(data)), load_workbook(io.BytesIO(copy))
    assert [cells[:6] for cells in cells_of(copy)] == cells_of(data)
    for attribute in ("merged_cells", "auto_filter", "freeze_panes", "data_validations"):
        assert str(getattr(new["Sheet"], attribute)) == str(getattr(old["Sheet"], attribute))
    assert new["Sheet"]["A3"].comment.text == "电话里核对过"
    assert new["Sheet"]["B3"].fill.fgColor.rgb == "0000FF00"
    assert (new["Sheet"].column_dimensions["A"].width, new["Sheet"].column_dimensions["G"].width) == (12, 60)


def test_messages_stand_in_the_row_and_wrong_cells_are_coloured(db: Database) -> None:
    sheet = load_workbook(io.BytesIO(copy_of(db, xlsx_bytes(BAD, furnished))))["Sheet"]

    assert [bool(sheet.cell(row, 7).value) for row in range(1, 6)] == [False, True, True, False, True]
    assert sheet["G2"].value == "错误说明"
    assert sheet["G3"].value.startswith("文化程度: ")
    assert sheet["G3"].alignment.wrap_text
    assert sheet["E3"].fill.fgColor.rgb == RED
    assert sheet["F5"].fill.fgColor.rgb == AMBER
    assert sheet["C5"].fill.fgColor.rgb == RED


@pytest.mark.parametrize("change", [bytes, prefixed, strict], ids=["plain", "prefixed", "strict"])
def test_a_copy_is_corrected_and_uploaded_and_marked_anew(db: Database, change: Any) -> None:
    data = change(xlsx_bytes(BAD, furnished))
    copy = copy_of(db, data)
    assert codes(planned(db, copy)) == codes(planned(db, data))
    assert detect(upload(copy)).mapping | {"错误说明": None} == detect(upload(data)).mapping | {"错误说明": None}

    once_more = rewritten(copy, lambda name, text: text.replace("博学", "初中") if "sheet" in name.lower() else text)
    again = copy_of(db, once_more)

    table = upload(again).tables[0]
    assert table.rows[1].cells[6:] == ("错误说明",)
    assert [row.number for row in table.rows if len(row.cells) > 6] == [2, 5]
    if change is not strict:  # which openpyxl does not read
        sheet = load_workbook(io.BytesIO(again))["Sheet"]
        assert sheet["E3"].fill.fill_type is None
        assert sheet["C5"].fill.fgColor.rgb == RED


def test_each_sheet_has_its_own_messages(db: Database) -> None:
    make_communities(db)
    turned = [*reversed(SEEKER)]
    data = several(("荷风社区", [SEEKER, seeker(1)]), ("莲塘社区", [turned, [*reversed(seeker(2, 联系电话="12"))]]))
    file = upload(data)
    detected = detect(file)
    plan = plan_upload(db, file, "job_seekers", detected.table, detected.mapping)

    copy = annotated(file, plan, translator())

    assert [row[6] for row in cells_of(copy, "荷风社区")] == ["错误说明", None]
    header, message = (row[6] for row in cells_of(copy, "莲塘社区"))
    assert header == "错误说明"
    assert message.startswith("联系电话: ")
    assert load_workbook(io.BytesIO(copy))["莲塘社区"]["D2"].fill.fgColor.rgb == RED


@pytest.mark.parametrize("made", [csv_bytes, xls_bytes])
def test_other_formats_come_back_as_a_workbook(db: Database, made: Any) -> None:
    data = made([["登记表"], *BAD[:2]])

    copy = copy_of(db, data)

    assert cells_of(copy)[2][:6] == (*BAD[1],)
    assert cells_of(copy)[2][6].startswith("文化程度: ")
    assert codes(planned(db, copy)) == codes(planned(db, data))
