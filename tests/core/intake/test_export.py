"""What leaves the house: no text acts as a formula, no code loses its digits, each file has its number."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.intake.export import frame_to_csv, frame_to_xlsx, guarded
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
def test_texts_that_a_spreadsheet_would_run_get_an_apostrophe(text: str) -> None:
    assert guarded(text) == "'" + text


@given(st.floats(allow_nan=False, allow_infinity=False, width=32).map(lambda v: f"{v:f}"))
def test_plain_numbers_stay_numbers(text: str) -> None:
    assert guarded(text) == text


def test_a_csv_opens_in_excel_and_carries_its_number() -> None:
    data = frame_to_csv(FRAME, translator(), "EX-1")

    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == [*FRAME.columns, "导出编号 EX-1"]
    assert rows[1] == ["王芳", "019900000001", "3", "0.5", "2025-03-01", "是", ""]
    assert rows[2] == ["'=1+1", "+8619900000001", "", "", "", "", ""]
    assert rows[3][:5] == ["", "13800001111", "5", "-2.0", "2025-03-02"]


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


def test_two_exports_of_the_same_rows_differ_within_their_first_64_kib() -> None:
    long = pd.concat([FRAME] * 1_300, ignore_index=True)

    for write in (frame_to_csv, lambda *a: frame_to_xlsx(a[0], "x", *a[1:])):
        one, two = write(long, translator(), "EX-1"), write(long, translator(), "EX-2")
        assert len(one) > 65_536
        assert one[:65_536] != two[:65_536]


def test_an_empty_table_has_its_headers() -> None:
    empty = FRAME.iloc[:0]

    assert [c.value for c in load_workbook(io.BytesIO(frame_to_xlsx(empty, "", translator(), "1"))).active[1]] == list(
        empty
    )
