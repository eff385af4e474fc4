"""An import from dry run to undo: what was confirmed happens, once, wholly, and can be taken back."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from core.geography.datum import wgs84_to_gcj02
from core.intake.annotated_copy import annotated
from core.intake.commit import ImportRefused, commit_import
from core.intake.findings import Level, RowStatus
from core.intake.planning.plan import Options
from core.intake.undo import undo_import
from core.locale import translator
from core.store.commands import NotFound, verify_audit
from core.store.database import Database
from core.store.schema import (
    AuditEvent,
    ImportBatch,
    Intention,
    Person,
    PersonStateSpell,
)
from core.terms import BatchState, Datum, PersonState, Sex
from tests.accesses import administrator
from tests.core.intake.files import (
    NOW,
    SEEKER,
    codes,
    contents,
    csv_bytes,
    done,
    id_number,
    make_communities,
    moved,
    planned,
    seeker,
    shown,
    upload,
    xlsx_bytes,
)

WIDE = {ord(str(n)): chr(0xFF10 + n) for n in range(10)}

# -- the whole way ------------------------------------------------------------------------------------

HEADERS_ABOVE = ["人员信息", None, None, None, None, "求职意向", None, None, "位置", None]
HEADERS = ["姓名", "公民身份号码", "联系电话", "文化程度", "登记日期", "求职意向1\n(职业/工种)", "期望月薪(元)", "社区",
           "经度", "纬度"]  # fmt: skip


def survey(mended: bool) -> list[list[Any]]:
    """300 people with full-width digits and GCJ-02 positions; twelve rows are wrong unless mended."""
    cells: list[list[Any]] = []
    for n in range(300):
        lon, lat = (float(v) for v in wgs84_to_gcj02(116.58 + n / 10_000, 35.40 + n / 20_000))
        phone = str(19900000000 + n).translate(WIDE)
        row = [
            f"居民{n:03d}",
            id_number(n),
            phone,
            "初中",
            "2025年3月1日",
            "缝纫工",
            "2500－3500",
            "荷风社区",
            lon,
            lat,
        ]
        cells.append(row)
    if not mended:
        for n, (column, value) in enumerate(BAD):
            cells[n * 20][column] = value
    return cells


BAD: list[tuple[int, Any]] = [
    (0, None),
    (1, int(id_number(20)[:15] + "000")),
    (1, id_number(40)[:-1]),
    (1, "3.70899E+17"),
    (2, "1990000"),
    (3, "博士后"),
    (4, "25.3.1"),
    (4, None),
    (5, "缝纫师"),
    (6, "面谈三千"),
    (7, "荷枫社区"),
    (9, None),
]
BAD_CODES = ["required", "id_as_number", "id_length", "id_scientific", "phone", "term", "two_digit_year", "required",
             "lookup_occupation", "pay", "lookup_community", "half_position"]  # fmt: skip


def workbook(rows: list[list[Any]]) -> bytes:
    def merge(book: Any, sheet: Any) -> None:
        sheet.merge_cells("A1:J1")
        for span in ("A2:E2", "F2:H2", "I2:J2"):
            sheet.merge_cells(span)

    return xlsx_bytes([["荷风社区就业意愿摸底表（2025年3月）"], HEADERS_ABOVE, HEADERS, *rows], merge)


GCJ = Options(datum=Datum.GCJ02)


def test_a_survey_is_refused_with_a_message_per_bad_row_then_mended_committed_repeated_and_undone(
    any_db: Database,
) -> None:
    make_communities(any_db)
    before = contents(any_db)

    refused = planned(any_db, workbook(survey(mended=False)), GCJ, "job_seekers")

    assert [f.code for f in refused.errors] == BAD_CODES
    assert [f.row for f in refused.errors] == [4 + 20 * n for n in range(12)]
    assert [f.column for f in refused.errors] == [
        (HEADERS[n if code != "half_position" else 9]).replace("\n", " ")
        for (n, _), code in zip(BAD, BAD_CODES, strict=True)
    ]
    assert all(f.message(translator()) for f in refused.errors)
    assert refused.counts["error"] == 12
    with pytest.raises(ImportRefused):
        commit_import(any_db, refused, administrator(), NOW)
    assert contents(any_db) == before

    plan = planned(any_db, workbook(survey(mended=True)), GCJ, "job_seekers")
    assert plan.errors == ()
    assert moved(plan) == (300, 0)
    batch = commit_import(any_db, plan, administrator(), NOW)

    with any_db.read() as connection:
        person = connection.execute(select(Person.__table__).where(Person.name == "居民100")).one()
        wish = connection.execute(select(Intention.__table__).where(Intention.person_id == person.id)).one()
        state = connection.execute(
            select(PersonStateSpell.state, PersonStateSpell.since).where(PersonStateSpell.person_id == person.id)
        ).one()
    assert person.lon == pytest.approx(116.59, abs=1e-7)
    assert person.lat == pytest.approx(35.405, abs=1e-7)
    assert (person.phone, person.sex, person.birth_date) == ("19900000100", Sex.FEMALE, date(1985, 6, 1))
    assert (wish.wish_1, wish.reserve_pay, wish.target_pay) == ("6-05-01-03", 2500, 3500)
    assert tuple(state) == (PersonState.SEEKING, date(2025, 3, 1))

    again = planned(any_db, workbook(survey(mended=True)), GCJ, "job_seekers")
    assert moved(again) == (0, 0)
    assert again.operations == ()
    assert again.counts["same"] == 300

    undo_import(any_db, batch, administrator(), NOW, reason="误传")
    assert contents(any_db) == before
    with any_db.read() as connection:
        events = connection.execute(select(AuditEvent.__table__).order_by(AuditEvent.id)).mappings().all()
        assert connection.execute(select(ImportBatch.state)).scalar_one() is BatchState.UNDONE
    assert verify_audit(events, any_db.key) is None
    with pytest.raises(NotFound):
        undo_import(any_db, batch, administrator(), NOW, reason="误传")


def test_the_full_id_number_is_nowhere_in_the_store(db: Database) -> None:
    done(db, csv_bytes([SEEKER, seeker(1)]))
    db.dispose()

    path = db.url.database
    assert path is not None
    with open(path, "rb") as file, open(path + "-wal", "ab+") as log:  # noqa: PTH123
        log.seek(0)
        assert seeker(1)[1].encode() not in file.read() + log.read()


# -- dry run ---------------------------------------------------------------------------------------------


def test_changes_are_shown_field_by_field_in_words(db: Database) -> None:
    make_communities(db)
    header = (*SEEKER, "社区")
    done(db, csv_bytes([header, [*seeker(1), "荷风社区"]]))

    plan = planned(db, csv_bytes([header, [*seeker(1, 户口性质="乡村", 登记日期="2025-03-01"), "莲塘社区"]]))

    assert [row.status for row in plan.rows] == [RowStatus.CHANGED]
    assert shown(plan) == {"户口性质": ("城镇", "乡村"), "社区": ("荷风社区", "莲塘社区")}


def test_a_blank_cell_keeps_and_the_word_clears(db: Database) -> None:
    header = (*SEEKER, "工作经历")
    done(db, csv_bytes([header, [*seeker(1), "缝纫三年"]]))

    assert moved(planned(db, csv_bytes([header, [*seeker(1), ""]]))) == (0, 0)
    done(db, csv_bytes([header, [*seeker(1, 联系电话="清空"), "清空"]]))

    with db.read() as connection:
        assert connection.execute(select(Person.career, Person.phone)).one() == (None, None)
    refused = planned(db, csv_bytes([header, [*seeker(1, 登记日期="清空"), ""]]))
    assert codes(refused) == [("cannot_clear", 2, "登记日期")]


def test_repetitions_in_a_file_are_counted_once_and_contradictions_are_errors(db: Database) -> None:
    plan = planned(db, csv_bytes([SEEKER, seeker(1), seeker(2), seeker(1)]))
    assert plan.counts == {"new": 2, "changed": 0, "same": 0, "duplicate": 1, "review": 0, "error": 0}
    assert [(f.code, f.row, f.values["first"]) for f in plan.findings] == [("duplicate", 4, 2)]

    other = planned(db, csv_bytes([SEEKER, seeker(1), seeker(1, 文化程度="大专")]))
    assert codes(other) == [("contradiction", 3, "文化程度")]


def test_an_older_statement_does_not_replace_newer_wishes(db: Database) -> None:
    header = (*SEEKER, "期望月薪(元)")
    done(db, csv_bytes([header, [*seeker(1), "3000"]]))

    plan = planned(db, csv_bytes([header, [*seeker(1, 登记日期="2025-02-01"), "2000"]]))

    assert moved(plan) == (0, 0)
    assert [(kept.field, kept.stored, kept.given, kept.last.day) for kept in plan.kept] == [
        ("reserve_pay", 3000.0, 2000.0, date(2025, 3, 1)),
        ("target_pay", 3000.0, 2000.0, date(2025, 3, 1)),
    ]
    ticked = Options(replaced=frozenset({plan.kept[0].key}))
    assert [
        (c.field, c.new)
        for c in planned(db, csv_bytes([header, [*seeker(1, 登记日期="2025-02-01"), "2000"]]), ticked).changes
    ] == [("reserve_pay", 2000.0)]


def test_columns_that_are_not_kept_are_named_with_the_reason(db: Database) -> None:
    plan = planned(db, csv_bytes([(*SEEKER, "民族", "星座"), [*seeker(1), "汉族", "双鱼"]]))

    notes = {f.column: f.message(translator()) for f in plan.findings if f.level is Level.NOTE}
    assert "个人信息只采集必需的部分" in notes["民族"]
    assert "星座" in notes["星座"]


def test_a_missing_required_column_stops_before_the_rows(db: Database) -> None:
    plan = planned(db, csv_bytes([SEEKER[:-1], seeker(1)[:-1]]), sheet="job_seekers")

    assert [(f.code, f.column) for f in plan.errors] == [("missing_column", "登记日期")]
    assert not plan.ready


# -- annotated copy -----------------------------------------------------------------------------------------


def test_the_annotated_copy_shows_each_error_in_red_and_can_be_mended_and_uploaded(db: Database) -> None:
    make_communities(db)
    data = workbook(survey(mended=False)[:25])
    file = upload(data)
    plan = planned(db, data, GCJ, "job_seekers")

    copy = annotated(file, plan, translator())

    sheet = load_workbook(io.BytesIO(copy)).active
    assert sheet["K3"].value.startswith("错误说明")
    assert "“姓名”为空" in sheet["K4"].value
    assert sheet["A4"].fill.fgColor.rgb.endswith("F8C9C4")
    assert sheet["B24"].fill.fgColor.rgb.endswith("F8C9C4")
    assert sheet["K5"].value is None
    assert sheet["B5"].data_type == "s"

    for row in sheet.iter_rows(min_row=4):
        if row[-1].value:
            clean = survey(mended=True)[row[0].row - 4]
            for cell, value in zip(row[:-1], clean, strict=True):
                cell.value = value
    out = io.BytesIO()
    sheet.parent.save(out)
    mended = planned(db, out.getvalue(), GCJ, "job_seekers")
    assert mended.ready
    assert mended.counts["new"] == 25


def test_a_csv_comes_back_as_a_workbook(db: Database) -> None:
    data = csv_bytes([SEEKER, seeker(1, 文化程度="=1+1")])
    copy = annotated(upload(data), planned(db, data), translator())

    cell = load_workbook(io.BytesIO(copy)).active["E2"]

    assert (cell.value, cell.data_type) == ("=1+1", "s")
