"""Exported tables: no text acts as a formula, no code loses its digits, each file has its number."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from core.intake.export import as_cell, frame_to_xlsx
from core.locale import translator

FRAME = pd.DataFrame(
    {
        "姓名": pd.array(["王芳", "=1+1", None], dtype="str"),
        "电话": pd.array(["019900000001", "+8619900000001", "13800001111"], dtype="str"),
        "人数": pd.array([3, None, 5], dtype="Int64"),
        "占比": [0.5, float("nan"), -2.0],
        "日期": pd.to_datetime(["2025-03-01", None, "2025-03-02"]),
        "居家": pd.array([True, None, False], dtype="boolean"),
    }
)


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1a", "＠x"])
def test_texts_that_a_spreadsheet_would_run_are_quoted_texts(text: str) -> None:
    cell = as_cell(Workbook(write_only=True).create_sheet(), text)

    assert (cell.data_type, cell.number_format, cell.quotePrefix) == ("s", "@", True)


def test_a_workbook_keeps_texts_as_texts() -> None:
    book = load_workbook(io.BytesIO(frame_to_xlsx(FRAME, "人员[名单]", translator(), "EX-2")))
    sheet = book.active

    assert sheet.title == "人员 名单 "
    assert (sheet["A3"].value, sheet["A3"].data_type, sheet["A3"].number_format) == ("=1+1", "s", "@")
    assert sheet["A3"].quotePrefix
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("019900000001", "s")
    assert sheet["C2"].value == 3
    assert sheet["E2"].value.isoformat().startswith("2025-03-01")
    assert sheet["F4"].value == "否"
    assert book.properties.identifier == "EX-2"


def test_a_note_goes_below_the_table_and_into_the_properties() -> None:
    book = load_workbook(io.BytesIO(frame_to_xlsx(FRAME, "x", translator(), "1", note="=a note")))

    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == len(FRAME) + 3
    assert rows[-1][0] == book.properties.description == "=a note"
    assert book.active.cell(len(rows), 1).data_type == "s"


def test_two_exports_of_the_same_rows_differ_within_their_first_64_kib() -> None:
    long = pd.concat([FRAME] * 4_000, ignore_index=True)

    one, two = (frame_to_xlsx(long, "x", translator(), number) for number in ("EX-1", "EX-2"))
    assert len(one) > 65_536
    assert one[:65_536] != two[:65_536]


def test_an_empty_table_has_its_headers() -> None:
    empty = FRAME.iloc[:0]

    assert [c.value for c in load_workbook(io.BytesIO(frame_to_xlsx(empty, "", translator(), "1"))).active[1]] == list(
        empty
    )
