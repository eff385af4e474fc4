"""The seventeen worst inputs that a bureau sends, each made here, each with its message; nothing is written."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date
from typing import Any

import pytest
from openpyxl.styles import Font

from core.intake.findings import Finding, Refusal
from core.intake.reading import gate
from core.intake.reading.upload import read_upload
from core.locale import translator
from core.store.database import Database
from tests.core.intake.files import (
    SEEKER,
    codes,
    csv_bytes,
    id_number,
    planned,
    proposal,
    refusal,
    seeker,
    upload,
    with_part,
    xlsx_bytes,
)

SEEKERS = [SEEKER, seeker(1), seeker(2)]


def messages(findings: Any) -> str:
    return "\n".join(f"{f.row} {f.column} {f.message(translator('zh_CN'))}" for f in findings)


# 1, 2, 3: encodings


def test_1_gb18030_with_rare_characters_is_read(db: Database) -> None:
    data = csv_bytes([SEEKER, seeker(1, 姓名="䶮㛃")], "gb18030")
    with pytest.raises(UnicodeDecodeError):
        data.decode("gbk")

    assert planned(db, data).ready
    assert upload(data).tables[0].rows[1].cells[0] == "䶮㛃"


def test_2_text_that_decodes_as_gb18030_to_garbage_is_refused() -> None:
    data = csv_bytes(SEEKERS, "utf-8")
    broken = data + b"\xe5\xa7"  # cut in the middle of a character
    assert broken.decode("gb18030", errors="ignore")

    assert refusal(broken + b"\xff") == "encoding"


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8-sig", ","), ("utf-8", ";"), ("utf-16", "\t")])
def test_3_byte_order_marks_and_tab_text_are_read(db: Database, encoding: str, delimiter: str) -> None:
    assert planned(db, csv_bytes(SEEKERS, encoding, delimiter)).counts["new"] == 2


# 4, 5, 6: ID numbers


def test_4_a_blank_in_the_id_column_does_not_change_the_other_digits(db: Database) -> None:
    plan = planned(db, csv_bytes([SEEKER, seeker(1), seeker(2, 公民身份号码="")]))

    assert plan.ready
    assert [o.after.get("id_last4") for o in plan.operations if "name" in o.after] == [seeker(1)[1][-4:], None]


def test_5_shortened_and_disguised_numbers(db: Database) -> None:
    good = id_number(3)
    disguised = [seeker(n, 公民身份号码=text) for n, text in enumerate((f'="{good}"', f"'{good}", f"{good}\t"), 1)]

    plan = planned(db, csv_bytes([SEEKER, seeker(9, 公民身份号码="3.70811E+17")]))

    assert codes(plan) == [("id_scientific", 2, "公民身份号码")]
    assert "3.70811E+17" in messages(plan.errors)
    for row in disguised:
        assert planned(db, csv_bytes([SEEKER, row])).ready


def test_6_an_id_in_a_number_cell_is_refused_by_its_type(db: Database) -> None:
    row = seeker(1, 公民身份号码=int(id_number(1)[:15] + "000"))

    plan = planned(db, xlsx_bytes([SEEKER, row]))

    assert codes(plan) == [("id_as_number", 2, "公民身份号码")]
    assert "末几位已经丢失" in messages(plan.errors)


# 7: layout


def two_row_header(book: Any, sheet: Any) -> None:
    sheet.insert_rows(1, 2)
    sheet["A1"] = "荷风社区求职登记汇总表"
    sheet.merge_cells("A1:F1")
    for column, text in ((1, "基本情况"), (4, "求职情况")):
        sheet.cell(2, column, text)
    sheet.merge_cells("A2:C2")
    sheet.merge_cells("D2:F2")
    sheet.append(["填表人：李明", None, "审核人：", None, "2025年3月5日"])


def test_7_title_two_row_header_and_footer_are_cut_off(db: Database) -> None:
    plan = planned(db, xlsx_bytes(SEEKERS, two_row_header))

    assert plan.ready
    assert plan.counts["new"] == 2
    assert [row.number for row in plan.rows] == [4, 5]
    assert [entry.row.number for entry in plan.request.table.skipped] == [6]


# 8, 9, 10: cells


def test_8_mixed_dates_are_read_and_two_digit_years_refused(db: Database) -> None:
    written = ["2025-03-01", "2025/3/1", "2025.3.1", "2025年3月1日", "20250301", "45717"]
    plan = planned(db, csv_bytes([SEEKER, *(seeker(n, 登记日期=day) for n, day in enumerate(written, 1))]))
    assert {o.after["stated_on"] for o in plan.operations if "stated_on" in o.after} <= {date(2025, 3, 1)}
    assert {o.after["entered_pool_on"] for o in plan.operations if "name" in o.after} == {date(2025, 3, 1)}
    assert [code for code, *_ in codes(plan)] == ["serial_date"]

    refused = planned(db, csv_bytes([SEEKER, seeker(1, 登记日期="24.5.1")]))

    assert codes(refused) == [("two_digit_year", 2, "登记日期")]


def test_9_full_width_and_invisible_signs_make_no_difference(db: Database) -> None:
    wide = {ord(str(n)): chr(0xFF10 + n) for n in range(10)}
    plain = [SEEKER, seeker(1)]
    odd = [SEEKER, [str(cell).translate(wide) + "\u200b\u3000" for cell in seeker(1)]]

    assert planned(db, csv_bytes(odd)).operations == planned(db, csv_bytes(plain)).operations


def test_10_people_called_na_are_people_and_error_values_are_errors(db: Database) -> None:
    plan = planned(db, csv_bytes([SEEKER, seeker(1, 姓名="NA"), seeker(2, 姓名="None")]))
    assert [o.after["name"] for o in plan.operations if "name" in o.after] == ["NA", "None"]

    plan = planned(db, xlsx_bytes([SEEKER, seeker(1, 文化程度="#N/A")]))

    assert codes(plan) == [("error_value", 2, "文化程度")]


# 11, 12: workbooks


def test_11_formulas_without_result_do_not_vanish(db: Database) -> None:
    plan = planned(db, xlsx_bytes([SEEKER, seeker(1, 文化程度='=CONCATENATE("初","中")'), seeker(2)]))

    assert codes(plan) == [("formula", 2, "文化程度")]


def test_11_a_row_of_nothing_but_formulas_is_noticed(db: Database) -> None:
    plan = planned(db, xlsx_bytes([SEEKER, seeker(1), ["=A2"] * len(SEEKER)]))

    assert {row for code, row, _ in codes(plan) if code == "formula"} == {3}


def test_12_hidden_rows_and_sheets_and_double_headers_are_told(db: Database) -> None:
    def hide(book: Any, sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        hidden = book.create_sheet("旧数据")
        hidden.append(SEEKER)
        hidden.append(seeker(5))
        hidden.sheet_state = "hidden"

    headers = [*SEEKER[:-1], "登记\n日期", "联系电话"]
    plan = planned(db, xlsx_bytes([headers, [*seeker(1), "1"], [*seeker(2), "2"]], hide))

    assert plan.counts["new"] == 2
    by_code = {f.code: f for f in plan.findings}
    assert by_code["hidden_rows"].values == {"count": 1, "rows": "3"}
    assert by_code["hidden_sheet"].values == {"name": "旧数据"}
    assert by_code["duplicate_header"].values == {"header": "联系电话"}


# 13: disguises


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"  \r\n ", "empty_file"),
        ("\ufeff <html><body><table><tr><td>姓名</td></tr></table>".encode(), "html_file"),
        (b"%PDF-1.7 ...", "pdf_file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_a_sheet"),
        (b"PK\x03\x04 and then nothing", "broken_file"),
        (csv_bytes([SEEKER, ['"' + "x" * 50_000]])[:40_000], "broken_csv"),
        (csv_bytes([["a"] * 90, ["b"] * 90]), "too_many_columns"),
    ],
)
def test_13_files_in_disguise_are_refused_in_clear_words(data: bytes, code: str) -> None:
    assert refusal(data) == code
    assert Refusal(code, {"limit": 1, "size": 1, "count": 1, "row": 2}).message(translator("zh_CN"))


def test_13_a_zip_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("photos/1.jpg", "x")

    assert refusal(out.getvalue()) == "not_a_sheet"


def test_13_a_workbook_with_a_damaged_part_is_refused() -> None:
    assert refusal(with_part(xlsx_bytes(SEEKERS), "xl/workbook.xml", b"<workbook")) == "broken_file"


# 14, 15: size


def sheet_xml(rows: bytes) -> bytes:
    return (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData>" + rows + b"</sheetData></worksheet>"
    )


def test_14_many_rows_in_a_small_file_are_stopped_early() -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 400_001))
    data = with_part(xlsx_bytes(SEEKERS), "xl/worksheets/sheet1.xml", sheet_xml(rows))
    assert len(data) < 3 * gate.MEGA
    start = time.process_time()

    assert refusal(data) == "too_many_rows"
    assert time.process_time() - start < 10


def test_14_a_part_that_unpacks_beyond_the_limit_is_refused_while_unpacking() -> None:
    data = with_part(xlsx_bytes(SEEKERS), "xl/worksheets/sheet1.xml", b" " * (gate.PART_LIMIT + 1))

    assert refusal(data) == "unpacks_too_big"


def test_14_too_many_parts_and_too_many_bytes_are_refused() -> None:
    data = xlsx_bytes(SEEKERS)
    for n in range(2):
        data = with_part(data, f"xl/media/{n}.bin", b"\0" * (31 * gate.MEGA))
    assert refusal(data) == "unpacks_too_big"

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(gate.PART_COUNT_LIMIT + 1):
            archive.writestr(f"{n}", "")
    assert refusal(out.getvalue()) == "too_many_parts"
    assert refusal(b"x" * (gate.FILE_LIMIT + 1)) == "too_big"


def test_15_blank_styled_rows_do_not_count(db: Database) -> None:
    def style(book: Any, sheet: Any) -> None:
        for row in range(4, 5_000):
            sheet.cell(row, 1).font = Font(bold=True)

    plan = planned(db, xlsx_bytes(SEEKERS, style))

    assert plan.counts["new"] == 2
    assert [f.code for f in plan.findings if f.row is None] == ["blank_stop"]


# 16, 17: attacks


def test_16_definitions_in_any_part_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'

    assert refusal(with_part(xlsx_bytes(SEEKERS), "xl/sharedStrings.xml", bomb)) == "doctype"
    assert refusal(with_part(xlsx_bytes(SEEKERS), "docProps/custom.xml", bomb.decode().encode("utf-16"))) == "doctype"


def test_17_macros_and_links_to_other_workbooks_are_refused() -> None:
    assert refusal(with_part(xlsx_bytes(SEEKERS), "xl/vbaProject.bin", b"x")) == "macros"
    assert refusal(with_part(xlsx_bytes(SEEKERS), "xl/externalLinks/externalLink1.xml", b"<x/>")) == "external_links"


def test_a_text_without_known_headers_is_left_to_the_person() -> None:
    proposed = proposal(csv_bytes([["甲", "乙"], ["1", "2"]]))

    assert proposed.sheet is None
    assert proposed.mapping == {"甲": None, "乙": None}


def test_a_header_without_rows_is_no_table(db: Database) -> None:
    plan = planned(db, csv_bytes([SEEKER]))

    assert plan.rows == ()
    assert isinstance(read_upload(b",,,\r\n,,,", "x.csv"), Refusal)


def test_findings_read_in_english_too(db: Database) -> None:
    plan = planned(db, csv_bytes([SEEKER, seeker(1, 登记日期="24.5.1", 文化程度="博士后站")]))

    assert [isinstance(f, Finding) and f.message(translator("en")).isascii() for f in plan.errors] == [False, False]
    assert "two digits" in messages_in_english(plan.errors)


def messages_in_english(findings: Any) -> str:
    return "\n".join(f.message(translator("en")) for f in findings)
