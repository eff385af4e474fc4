"""Every format in which a bureau keeps its sheets gives the same rows, or one sentence that names it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from core.intake.findings import Refusal
from core.intake.reading.upload import read_upload
from core.locale import translator
from core.store.database import Database
from tests.core.intake.books import (
    ODS_TYPE,
    compound_file,
    ods_bytes,
    prefixed,
    record,
    rewritten,
    strict,
    xls_bytes,
    xlsb_bytes,
    zipped,
)
from tests.core.intake.files import (
    SEEKER,
    codes,
    csv_bytes,
    id_number,
    planned,
    refusal,
    seeker,
    upload,
    xlsx_bytes,
)

SEEKERS = [SEEKER, seeker(1), seeker(2)]
AS_NUMBER = [SEEKER, seeker(1, 公民身份号码=int(id_number(1)[:15] + "000"))]

FORMATS = pytest.mark.parametrize(
    "made",
    [xlsx_bytes, xls_bytes, xlsb_bytes, ods_bytes, lambda rows: strict(xlsx_bytes(rows)), lambda rows: prefixed(xlsx_bytes(rows))],
    ids=["xlsx", "xls", "xlsb", "ods", "strict", "prefixed"],
)  # fmt: skip


@FORMATS
def test_a_format_gives_the_rows(db: Database, made: Callable[..., bytes]) -> None:
    plan = planned(db, made(SEEKERS))

    assert plan.ready
    assert plan.operations == planned(db, xlsx_bytes(SEEKERS)).operations


@FORMATS
def test_an_id_stored_as_a_number_is_refused_in_every_format(db: Database, made: Callable[..., bytes]) -> None:
    assert codes(planned(db, made(AS_NUMBER))) == [("id_as_number", 2, "公民身份号码")]


def test_a_wps_sheet_is_a_compound_file_too(db: Database) -> None:
    assert planned(db, xls_bytes(SEEKERS, stream="Book")).ready


@pytest.mark.parametrize("made", [xls_bytes, xlsb_bytes, ods_bytes], ids=["xls", "xlsb", "ods"])
def test_merged_cells_of_other_formats_count_in_each_row(db: Database, made: Callable[..., bytes]) -> None:
    data = made([*SEEKERS[:2], seeker(2, 登记日期=None)], merges=[(1, 2, 5, 5)])

    assert upload(data).tables[0].merges == ("F2:F3",)
    assert planned(db, data).ready


@pytest.mark.parametrize("made", [xlsx_bytes, xls_bytes, xlsb_bytes, ods_bytes], ids=["xlsx", "xls", "xlsb", "ods"])
def test_an_error_value_is_no_blank(db: Database, made: Callable[..., bytes]) -> None:
    assert codes(planned(db, made([SEEKER, seeker(1, 文化程度="#N/A")]))) == [("error_value", 2, "文化程度")]


def test_hidden_rows_of_other_formats_are_known() -> None:
    assert upload(xlsb_bytes(SEEKERS, hidden=2)).tables[0].hidden_rows == (3,)
    assert upload(ods_bytes(SEEKERS, hidden=2)).tables[0].hidden_rows == (3,)
    assert upload(xls_bytes(SEEKERS, hidden=2)).tables[0].hidden_rows == (3,)


# -- structure, with and without prefix -------------------------------------------------------------------------


def quirky(book: Any, sheet: Any) -> None:
    sheet.row_dimensions[3].hidden = True
    sheet.merge_cells("E2:E3")
    sheet["F4"] = "=F3"


@pytest.mark.parametrize("change", [bytes, prefixed, strict], ids=["plain", "prefixed", "strict"])
def test_hidden_rows_merges_and_formulas_are_read_with_any_prefix(
    db: Database, change: Callable[[bytes], bytes]
) -> None:
    data = change(xlsx_bytes([*SEEKERS, seeker(3)], quirky))

    table = upload(data).tables[0]
    plan = planned(db, data)

    assert (table.hidden_rows, table.merges) == ((3,), ("E2:E3",))
    assert ("formula", 4, "登记日期") in codes(plan)
    assert ("hidden_rows", None, None) in codes(plan)


def test_an_empty_text_is_the_result_of_a_formula(db: Database) -> None:
    data = xlsx_bytes([SEEKER, seeker(1, 文化程度='=IF(A2="","",A2)')])
    with_result = rewritten(
        data,
        lambda name, text: text.replace('<c r="E2">', '<c r="E2" t="str">') if name.endswith("sheet1.xml") else text,
    )

    assert ("formula", 2, "文化程度") in codes(planned(db, data))
    assert planned(db, with_result).ready


def test_a_doctype_in_a_worksheet_is_refused_however_it_is_encoded() -> None:
    def change(name: str, text: str) -> str:
        return text.replace("<worksheet", "<!DOCTYPE x><worksheet", 1) if "worksheets/" in name else text

    assert refusal(rewritten(xlsx_bytes(SEEKERS), change)) == "doctype"


# -- dates -------------------------------------------------------------------------------------------------------


def since_1904(name: str, text: str) -> str:
    return text.replace("<workbookPr/>", '<workbookPr date1904="1"/>') if name == "xl/workbook.xml" else text


@pytest.mark.parametrize(
    "made",
    [
        lambda rows: rewritten(xlsx_bytes(rows), since_1904),
        lambda rows: xls_bytes(rows, head=record(0x0022, b"\1\0")),
    ],
    ids=["xlsx", "xls"],
)
def test_numbers_taken_as_dates_follow_the_date_system_of_the_book(db: Database, made: Callable[..., bytes]) -> None:
    data = made([SEEKER, seeker(1, 登记日期=45717 - 1462)])

    plan = planned(db, data)

    assert {o.after["entered_pool_on"].isoformat() for o in plan.operations if "name" in o.after} == {"2025-03-01"}
    (warned,) = [f for f in plan.findings if f.code == "serial_date"]
    assert warned.values == {"value": str(45717 - 1462), "day": "2025-03-01"}


# -- books that openpyxl rejects -----------------------------------------------------------------------------------


def bad_styles(name: str, text: str) -> str:
    return text.replace('patternType="gray125"', 'patternType="speckled"') if name == "xl/styles.xml" else text


def bad_properties(name: str, text: str) -> str:
    return text.replace("<dcterms:created", "<dcterms:created>yesterday</dcterms:created><dcterms:created") if name == "docProps/core.xml" else text  # fmt: skip


def renamed(name: str) -> str:
    return {"xl/workbook.xml": "xl\\Workbook.xml", "xl/styles.xml": "XL/styles.xml"}.get(name, name)


@pytest.mark.parametrize("spoiled", [
    rewritten(xlsx_bytes([*SEEKERS, seeker(3)], quirky), bad_styles),
    rewritten(xlsx_bytes([*SEEKERS, seeker(3)], quirky), lambda _, text: text, renamed),
    rewritten(xlsx_bytes([*SEEKERS, seeker(3)], quirky), bad_properties),
])  # fmt: skip
def test_books_that_openpyxl_rejects_are_read_with_their_types_and_structure(db: Database, spoiled: bytes) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011  (whatever openpyxl raises)
        load_workbook(io.BytesIO(spoiled), read_only=True)

    table = upload(spoiled).tables[0]

    assert (table.hidden_rows, table.merges) == ((3,), ("E2:E3",))
    assert codes(planned(db, spoiled)) == codes(planned(db, xlsx_bytes([*SEEKERS, seeker(3)], quirky)))


def test_cells_in_opposite_corners_do_not_exhaust_the_memory() -> None:
    def corner(_: Any, sheet: Any) -> None:
        sheet["XFD1048576"] = "x"

    spoiled = rewritten(xlsx_bytes(SEEKERS, corner), bad_styles)
    far = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    blank = far.replace(' office:value-type="string"', "").replace("<text:p>x</text:p>", "")

    assert refusal(spoiled) == "reaches_too_far"
    assert refusal(xlsb_bytes([*SEEKERS, [*[None] * 9, "x"]], first_row=1_048_000)) == "reaches_too_far"
    assert refusal(xls_bytes([*SEEKERS, [*[None] * 200, "x"]], first_row=60_000)) == "reaches_too_far"
    assert refusal(ods_bytes(SEEKERS, after=far)) == "reaches_too_far"
    assert len(upload(ods_bytes(SEEKERS, after=blank)).tables[0].rows) == 3


# -- named and refused, or unpacked ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code", "named"),
    [
        (compound_file({"Workbook": b"\x09\x08\x10\0" + b"?" * 500}), "old_excel", ".xls"),
        (compound_file({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "encrypted", "密码"),
        (xls_bytes(SEEKERS, head=record(0x002F, b"\1\0" + bytes(52))), "encrypted", "密码"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "broken_file", "损坏"),
        (compound_file({"WordDocument": b"x"}), "word_file", "Word"),
        (compound_file({"PowerPoint Document": b"x"}), "not_a_sheet", ".xlsx"),
        (zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}), "word_file", "Word"),
        (zipped({"Index/Document.iwa": "x"}), "other_format", "Numbers"),
        (zipped({"mimetype": ODS_TYPE, "content.xml": "<a/>", "META-INF/manifest.xml": "<x><encryption-data/></x>"}), "encrypted", "密码"),
        (b"Rar!\x1a\x07\x01\0" + b"x" * 50, "archive", ".rar"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "other_format", "2003"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "other_format", "MHTML"),
        (zipped({"三月.csv": csv_bytes(SEEKERS), "四月.csv": csv_bytes(SEEKERS)}), "several_books", "2"),
        (zipped({"照片.jpg": b"x"}), "not_a_sheet", ".xlsx"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(data: bytes, code: str, named: str) -> None:
    upload_read = read_upload(data, "表.xlsx")

    assert isinstance(upload_read, Refusal)
    assert upload_read.code == code
    assert named in upload_read.message(translator("zh_CN"))


@pytest.mark.parametrize("book", [xlsx_bytes(SEEKERS), csv_bytes(SEEKERS, "gb18030"), xls_bytes(SEEKERS)])
def test_a_book_in_a_zip_archive_is_read(db: Database, book: bytes) -> None:
    data = zipped({"__MACOSX/._求职登记.xlsx": b"x", "~$求职登记.xlsx": b"x", "三月/求职登记.xlsx": book})

    assert planned(db, data).counts["new"] == 2
    assert upload(data).data == book
    assert refusal(zipped({"a.zip": data, "b.xlsx": zipped({"求职登记.xlsx": book})})) == "not_a_sheet"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read(db: Database, encoding: str) -> None:
    assert planned(db, csv_bytes(SEEKERS, encoding, "\t")).counts["new"] == 2


# -- CSV ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_the_one_under_which_headers_are_known(db: Database, delimiter: str) -> None:
    others = [mark for mark in ",;|" if mark != delimiter]
    header = (*SEEKER, "工作经历")

    plan = planned(
        db, csv_bytes([header, [*seeker(1), others[0].join("甲乙丙丁戊己庚辛") + others[1] * 9]], "utf-8", delimiter)
    )

    assert plan.ready
    assert plan.counts["new"] == 1


def test_a_mark_without_partner_and_an_endless_cell_name_their_row() -> None:
    text = csv_bytes([*SEEKERS, *(seeker(n) for n in range(3, 40))]).decode("utf-8-sig")
    lines = text.split("\r\n")
    unclosed = [*lines]
    unclosed[4] = '"' + unclosed[4]

    assert refused("\r\n".join(unclosed).encode()) == ("broken_csv", 5)
    assert refused(csv_bytes([*SEEKERS, seeker(3, 姓名="x" * 40_000)])) == ("cell_too_long", 4)
    assert refused(csv_bytes([*SEEKERS, seeker(3, 姓名="x" * 32_000)])) is None


def refused(data: bytes) -> tuple[str, int] | None:
    upload_read = read_upload(data, "表.csv")
    return (upload_read.code, upload_read.values["row"]) if isinstance(upload_read, Refusal) else None


def test_a_long_cell_of_a_workbook_names_its_row() -> None:
    def change(_: str, text: str) -> str:
        return text.replace(seeker(2)[2], "x" * 40_000)

    assert refused(rewritten(xlsx_bytes(SEEKERS), change)) == ("cell_too_long", 3)


def test_a_zip_bomb_inside_an_archive_is_stopped() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("表.csv", b"0" * (41 * 1024 * 1024))

    assert refusal(out.getvalue()) == "unpacks_too_big"
