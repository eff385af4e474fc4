"""Sheets as villages keep them: merged cells, totals, titles, signatures, a sheet for each village."""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.intake.commit import commit_import
from core.intake.findings import Level
from core.intake.parsing.text import key
from core.intake.reading.detection import Detection, detect, propose_mapping
from core.intake.reading.headers import SkipReason
from core.intake.reading.other_structure import range_text
from core.intake.reading.skipping import set_aside
from core.intake.reading.tables import Place, RowNumber, row_ranges, runs
from core.intake.sheets import SHEETS
from core.locale import translator
from core.store.database import Database
from core.store.schema import Community, Person
from tests.accesses import administrator
from tests.core.intake.books import ods_bytes, several, xls_bytes
from tests.core.intake.files import (
    NOW,
    SEEKER,
    codes,
    csv_bytes,
    id_number,
    make_communities,
    plan_upload,
    planned,
    proposal,
    seeker,
    upload,
    xlsx_bytes,
)

WIDE = ("序号", "社区", *SEEKER, "备注")


def villager(serial: int, community: str | None = "荷风社区", **changes: Any) -> list[Any]:
    """A row under WIDE."""
    return [serial, community, *seeker(serial, **changes), None]


def skipped(data: bytes) -> dict[int, SkipReason]:
    return {entry.row.number: entry.reason for entry in proposal(data).table.skipped}


def communities_of(db: Database) -> dict[str, str]:
    """Name → community of every person."""
    query = select(Person.name, Community.name.label("community")).join(Community)
    with db.read() as connection:
        return {row.name: row.community for row in connection.execute(query)}


# -- merged cells ----------------------------------------------------------------------------------------


def test_a_cell_merged_downward_counts_in_every_row_that_it_covers(any_db: Database) -> None:
    make_communities(any_db)

    def merge(_: Any, sheet: Any) -> None:
        for cells in ("B2:B4", "B5:B6", "H5:H6"):
            sheet.merge_cells(cells)

    rows = [villager(n, "荷风社区" if n <= 3 else "莲塘社区") for n in range(1, 6)]
    plan = planned(any_db, xlsx_bytes([WIDE, *rows], merge))

    assert plan.ready
    notes = [f.message(translator()) for f in plan.findings if f.code == "merged_down"]
    assert notes == [
        "“社区”：合并单元格的值用于其中每一行（第 2–4, 5–6 行）。",
        "“登记日期”：合并单元格的值用于其中每一行（第 5–6 行）。",
    ]
    commit_import(any_db, plan, administrator(), NOW)
    assert communities_of(any_db) == {f"求职者{n}": "荷风社区" if n <= 3 else "莲塘社区" for n in range(1, 6)}


def test_a_merged_range_fills_neither_blank_rows_nor_those_beside_it() -> None:
    def merge(_: Any, sheet: Any) -> None:
        sheet.merge_cells("B2:B9")
        sheet.merge_cells("I2:I3")

    table = proposal(xlsx_bytes([WIDE, villager(1), [], villager(2, None)], merge)).table

    assert [(row.number, row.cells[1]) for row in table.rows] == [(2, "荷风社区"), (4, "荷风社区")]
    assert [f.values["rows"] for f in table.findings if f.code == "merged_down"] == ["2–4"]


def test_a_cell_merged_sideways_in_a_data_row_is_pointed_out(db: Database) -> None:
    make_communities(db)

    plan = planned(db, xlsx_bytes([WIDE, villager(1)], lambda _, sheet: sheet.merge_cells("F2:G2")))

    assert codes(plan) == [("merged_sideways", 2, "户口性质")]
    assert plan.findings[-1].values == {"headers": "户口性质、文化程度", "first": "户口性质"}


# -- cells beyond the header --------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [xlsx_bytes, csv_bytes])
def test_a_cell_beyond_the_header_is_an_error_with_its_row(db: Database, made: Any) -> None:
    plan = planned(db, made([SEEKER, seeker(1), [*seeker(2), None, "缝纫"], seeker(3, 姓名="")]))

    assert codes(plan) == [("beyond_header", 3, None), ("required", 4, "姓名")]
    assert "“缝纫”" in plan.errors[0].message(translator())
    assert plan.counts == {"new": 1, "changed": 0, "same": 0, "duplicate": 0, "review": 0, "error": 2}


def test_a_column_without_header_is_pointed_out_until_it_has_a_meaning(db: Database) -> None:
    header = list(WIDE)
    header[6] = None
    file = upload(xlsx_bytes([header, villager(1, None), villager(2, None)]))
    detected = detect(file)
    mapping = detected.mapping | {"(7)": "education"}

    assert [f.code for f in detected.table.findings] == ["no_header"]
    table = set_aside(detected.body, SHEETS["job_seekers"], mapping)
    assert plan_upload(db, file, "job_seekers", table, mapping).ready


# -- rows that are no data --------------------------------------------------------------------------------------


def monthly(rows: int = 3) -> list[list[Any]]:
    """A register of three communities as it is printed: a title and header on each page, totals, signatures."""
    title, header = ["求职登记汇总表"], list(WIDE)
    people = [villager(n) for n in range(1, rows * 3 + 1)]
    return [
        title,
        header,
        list(range(1, len(WIDE) + 1)),
        ["一、荷风社区"],
        *people[:rows],
        [None, "小 计", None, None, f"{rows}人"],
        [rows + 1],
        title,
        header,
        ["第二网格"],
        *people[rows : 2 * rows],
        ["本页小计", None, rows],
        ["社区负责人（签字）：", None, None, "经办人："],
        title,
        header,
        *people[2 * rows :],
        ["合计", "", len(people), "=SUM(C4:C9)"],
        ["填表人：李明", None, None, "审核人：", None, None, None, "2025年3月5日"],
        ["（盖章）"],
        ["第3页 共3页"],
    ]


EXPECTED = {
    3: SkipReason.COLUMN_NUMBERS, 4: SkipReason.SECTION, 8: SkipReason.TOTAL, 9: SkipReason.NUMBERED,
    10: SkipReason.HEADER, 11: SkipReason.HEADER, 12: SkipReason.SECTION, 16: SkipReason.TOTAL,
    17: SkipReason.FOOTER, 18: SkipReason.HEADER, 19: SkipReason.HEADER, 23: SkipReason.TOTAL,
    24: SkipReason.FOOTER, 25: SkipReason.FOOTER, 26: SkipReason.FOOTER,
}  # fmt: skip


def test_rows_that_are_no_data_are_skipped_with_the_reason(db: Database) -> None:
    make_communities(db)
    data = xlsx_bytes(monthly())

    plan = planned(db, data)

    assert skipped(data) == EXPECTED
    assert codes(plan) == []
    assert plan.counts["new"] == 9


def test_the_same_rows_are_skipped_in_csv(db: Database) -> None:
    assert skipped(csv_bytes(monthly())) == EXPECTED


def test_a_skipped_row_can_be_taken_as_data() -> None:
    proposed = proposal(xlsx_bytes([SEEKER, seeker(1), ["小计", None, "2"]]))
    assert [entry.row.number for entry in proposed.table.skipped] == [3]

    table = set_aside(proposed.body, SHEETS["job_seekers"], proposed.mapping, restored={3})

    assert [row.number for row in table.rows] == [2, 3]
    assert table.skipped == ()


@pytest.mark.parametrize(
    "row",
    [
        villager(1, "合计社区"),
        villager(1, 姓名="合计"),
        [*villager(1)[:-1], "本月小计 3 人"],
        [None, None, "王芳", None, None, None, None, None, None],
        [1, "荷风社区", "王芳", None, "19900000001", None, None, None, None],
        [None, None, None, id_number(1), None, None, None, None, None],
        [None, None, None, int(id_number(1)[:15] + "000"), None, None, None, None, None],
        [None, None, "填表人", None, None, None, None, "2025-03-01", None],
        [None, None, "1", None, None, None, None, "2025-03-01", None],
        [None, None, None, None, "19900000001", None, None, None, None],
    ],
)
def test_a_row_that_may_be_a_person_is_never_skipped(row: list[Any]) -> None:
    assert skipped(xlsx_bytes([WIDE, villager(2), row, villager(3)])) == {}


WORDS = st.sampled_from(
    ["合计", "小计", "荷风社区", "填表人：", "备注", "1", "2", "序号", "姓名", "签字：", "一、荷风", "王芳", "2025-03-01", "", None, 3, 7.5]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, min_size=len(WIDE), max_size=len(WIDE)), st.booleans())
def test_no_row_with_an_id_number_or_two_required_values_is_skipped(cells: list[Any], with_id: bool) -> None:
    row = list(cells)
    if with_id:
        row[3] = id_number(7)
    else:
        row[2], row[7] = "王芳", date(2025, 3, 1)
    assert 3 not in skipped(xlsx_bytes([WIDE, villager(1), row, villager(2)]))


TITLE = ["荷岸街道求职登记汇总表"]
NO_DATA = (
    TITLE,
    list(WIDE),
    ["一、荷风社区"],
    ["（二）莲塘社区人员"],
    ["第三网格"],
    [None, "小 计", None, None, "3人"],
    ["本页小计", None, 3],
    ["合计：12人"],
    [7],
    ["填表人：李明", None, None, "审核人："],
    ["社区负责人（签字）"],
    ["备注：以上人员均已核对"],
    ["第2页 共3页"],
)
"""Rows that a person would not count."""


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.sampled_from(NO_DATA)), min_size=1, max_size=25),
    st.booleans(),
    st.sampled_from([xlsx_bytes, csv_bytes, xls_bytes, ods_bytes]),
)
def test_the_rows_read_are_those_that_a_person_would_count(plan: list[Any], merge: bool, made: Any) -> None:
    """None stands for a person; with ``merge`` the community of people who follow one another is one cell."""
    rows: list[list[Any]] = [TITLE, list(WIDE)]
    people: list[int] = []
    ranges: list[tuple[int, int, int, int]] = []
    for entry in plan:
        if entry is not None:
            rows.append(list(entry))
            continue
        follows = bool(people) and people[-1] == len(rows)
        people.append(len(rows) + 1)
        rows.append(villager(len(people), None if merge and follows else "荷风社区"))
        if follows and merge:
            top = ranges.pop()[0] if ranges and ranges[-1][1] == len(rows) - 2 else len(rows) - 2
            ranges.append((top, len(rows) - 1, 1, 1))
    if made is csv_bytes:
        data = csv_bytes(rows)
    elif made is xlsx_bytes:
        data = xlsx_bytes(rows, lambda _, sheet: [sheet.merge_cells(range_text(r[0], 1, r[1], 1)) for r in ranges])
    else:
        data = made([row or [None] for row in rows], merges=ranges)

    table = proposal(data).table

    assert [row.number for row in table.rows] == people
    assert len(table.rows) + len(table.skipped) == len(rows) - 2
    if made is not csv_bytes:
        assert {row.cells[1] for row in table.rows} <= {"荷风社区"}


def test_totals_of_a_sheet_of_numbers_are_skipped() -> None:
    sheet = SHEETS["workshop_weeks"]
    headers = [column.header for column in sheet.columns if column.required]
    data = xlsx_bytes([headers, ["荷风微工厂", "2025-W10", 10, 8, 40, 320.5], ["合计", None, 10, 8, 40, 320.5]])

    assert skipped(data) == {3: SkipReason.TOTAL}


def test_a_header_without_rows_says_so(db: Database) -> None:
    for data in (xlsx_bytes([SEEKER]), csv_bytes([SEEKER]), xlsx_bytes([["登记表"], SEEKER])):
        plan = planned(db, data)
        assert codes(plan) == [("no_rows", None, None)]
        assert "没有数据行" in plan.errors[0].message(translator())
    only_total = planned(db, xlsx_bytes([SEEKER, ["合计", None, 0]]))
    assert codes(only_total) == [("no_rows_left", None, None)]
    assert "没有数据行" in only_total.errors[0].message(translator())


def test_a_header_without_rows_is_preferred_to_a_sheet_of_explanations() -> None:
    detected = detect(upload(several(("登记表", [SEEKER]), ("填写说明", [["列", "怎么填"], ["姓名", "照身份证"]]))))

    assert detected.chosen == ("登记表",)
    assert [f.code for f in detected.table.findings] == ["other_sheet", "no_rows"]


def test_row_numbers_are_shown_in_runs_with_their_sheet() -> None:
    def at(*rows: int) -> list[RowNumber]:
        return [RowNumber(100 + row, Place("莲塘", row)) for row in rows]

    assert row_ranges(runs([3, 4, 5, 8])) == "3–5, 8"
    assert row_ranges(runs(at(3, 4, 8))) == "莲塘!3–4, 莲塘!8"
    assert row_ranges(runs(range(1, 40, 2))) == "1, 3, 5, 7, 9, 11, 13, 15 …"
    assert copy(at(3)[0]) == 103
    assert str(copy(at(3)[0])) == "莲塘!3"


# -- several sheets ------------------------------------------------------------------------------------------------


def villages() -> bytes:
    """Three villages: one with its community in a column, in another order; the name of the sheet for the others."""
    turned = [*reversed(SEEKER)]
    return several(
        ("荷风社区", [SEEKER, seeker(1), seeker(2)]),
        ("莲塘", [["莲塘就业登记"], turned, list(reversed(seeker(3))), ["合计", None, 1]]),
        ("其他", [(*SEEKER, "社区"), [*seeker(4), "荷风社区"]]),
        ("填写说明", [["列", "怎么填"], ["姓名", "照身份证"]]),
    )


def detected_with(data: bytes, *chosen: str) -> Detection:
    return detect(upload(data), chosen=chosen, communities={key("荷风社区"), key("莲塘")})


def test_sheets_of_one_kind_are_read_together_with_their_names_as_communities(any_db: Database) -> None:
    make_communities(any_db)
    file = upload(villages())
    detected = detected_with(villages())

    assert detected.chosen == ("荷风社区", "莲塘", "其他")
    assert [(c.name, c.row_count, c.sheet.code if c.sheet else None) for c in detected.choices] == [
        ("荷风社区", 2, "job_seekers"),
        ("莲塘", 1, "job_seekers"),
        ("其他", 1, "job_seekers"),
        ("填写说明", 1, None),
    ]
    plan = plan_upload(any_db, file, "job_seekers", detected.table, detected.mapping)
    assert plan.ready, [f.message(translator()) for f in plan.errors]
    assert plan.counts["new"] == 4
    assert [str(row.number) for row in plan.rows] == ["荷风社区!2", "荷风社区!3", "莲塘!3", "其他!2"]
    commit_import(any_db, plan, administrator(), NOW)
    assert communities_of(any_db) == {
        "求职者1": "荷风社区",
        "求职者2": "荷风社区",
        "求职者3": "莲塘社区",
        "求职者4": "荷风社区",
    }


def test_messages_name_the_sheet_with_the_row(db: Database) -> None:
    rows = [SEEKER, seeker(1), seeker(2)]
    file = upload(several(("一组", rows), ("二组", [*rows, seeker(3, 文化程度="博学")])))
    detected = detect(file)

    plan = plan_upload(db, file, "job_seekers", detected.table, detected.mapping)

    assert [str(f.row) for f in plan.findings if f.level is not Level.NOTE] == ["二组!2", "二组!3", "二组!4"]
    assert "一组!2" in next(f for f in plan.findings if f.code == "duplicate").message(translator())
    assert all(isinstance(row.number, RowNumber) for row in detected.table.rows)


def test_one_sheet_of_several_can_be_chosen() -> None:
    detected = detected_with(villages(), "莲塘")

    assert detected.chosen == ("莲塘",)
    assert [(row.number, isinstance(row.number, RowNumber)) for row in detected.table.rows] == [(3, False)]
    assert detected.table.headers[-1] == "社区（工作表名）"
    assert detected.mapping["社区（工作表名）"] == "community"


def test_sheets_with_other_columns_are_left_to_the_person() -> None:
    detected = detect(
        upload(
            several(
                ("名单", [SEEKER, seeker(1)]), ("另册", [SEEKER[:3], seeker(2)[:3]]), ("说明", [["写法"], ["照身份证"]])
            )
        )
    )

    assert detected.chosen == ("名单",)
    assert {f.values["name"] for f in detected.body.findings if f.code == "other_sheet"} == {"另册", "说明"}


@pytest.mark.parametrize("name", ["Sheet1", "工作表 1", "3月", "求职登记表", "全部"])
def test_a_name_that_says_nothing_is_no_community(name: str) -> None:
    data = several((name, [SEEKER, seeker(1)]), ("荷风社区", [SEEKER, seeker(2)]))

    table = detected_with(data).table

    assert [row.cells[-1] for row in table.rows] == [None, "荷风社区"]
    assert "社区（工作表名）" not in detected_with(data, name).mapping


def test_headers_of_one_meaning_share_a_column() -> None:
    other = [{"联系电话": "手机号"}.get(header, header) for header in SEEKER]
    detected = detected_with(several(("荷风社区", [SEEKER, seeker(1)]), ("莲塘", [other, seeker(2)])))

    assert detected.table.headers == (*SEEKER, "社区（工作表名）")
    assert [row.cells[2] for row in detected.table.rows] == [seeker(1)[2], seeker(2)[2]]
    assert propose_mapping(detected.table.headers, SHEETS["job_seekers"]) == detected.mapping
