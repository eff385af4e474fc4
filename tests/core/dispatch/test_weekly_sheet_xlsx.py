"""The printed weekly sheet: set up for A3, safe to open, and importable again without a change."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from core.dispatch.weekly_sheet import COLUMNS, weekly_sheet
from core.dispatch.weekly_sheet_xlsx import HEADER_ROW, weekly_sheet_xlsx
from core.indicators.facts import Facts, load
from core.intake.commit import commit_import
from core.intake.sheets.work import DISPATCH
from core.store import settings
from core.store.database import Database
from tests.accesses import administrator
from tests.core.intake.files import NOW, contents, planned

SUNDAY = date(2025, 12, 28)
OFFICE = "区社保就业服务部"
NAMES = list(COLUMNS)


def stored(db: Database) -> tuple[Facts, pd.DataFrame]:
    with db.read() as connection:
        return load(connection), settings.parameters(connection)


def exported(facts: Facts, parameters: pd.DataFrame, day: date = SUNDAY, *, is_demo: bool = True) -> bytes:
    table = weekly_sheet(facts, parameters, day)
    return weekly_sheet_xlsx(table, office=OFFICE, as_of=day, number="20251228-180000-abcdef", is_demo=is_demo)


@pytest.fixture(scope="module")
def sheet(sample_db: Database) -> Any:
    return load_workbook(io.BytesIO(exported(*stored(sample_db)))).active


@pytest.mark.parametrize("day", [SUNDAY, date(2025, 11, 2), date(2025, 12, 25)])
def test_an_exported_sheet_changes_nothing_when_it_is_imported(sample_copy: Database, day: date) -> None:
    before = contents(sample_copy)
    plan = planned(sample_copy, exported(*stored(sample_copy), day))

    assert (plan.request.sheet, plan.errors) == ("dispatch", ())
    assert (plan.counts["new"], plan.counts["changed"]) == (0, 0)
    assert plan.operations == ()
    commit_import(sample_copy, plan, administrator(), NOW)
    assert contents(sample_copy) == before


def test_the_form_has_the_headers_of_the_import_and_a_row_for_each_action(sheet: Any, sample_db: Database) -> None:
    table = weekly_sheet(*stored(sample_db), SUNDAY)
    actions = table["action"].str.split("\n").map(len)

    assert [cell.value for cell in sheet[HEADER_ROW]] == [column.header for column in DISPATCH.columns]
    assert sheet.max_row == HEADER_ROW + actions.sum() > HEADER_ROW + len(table)
    numbers = [row[0].value for row in sheet.iter_rows(min_row=HEADER_ROW + 1)]
    assert numbers == table["number"].repeat(actions).tolist()


def test_the_page_is_set_up_for_print(sheet: Any) -> None:
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 8)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert sheet.oddFooter.left.text == "演示数据"
    assert sheet["A1"].value == "演示数据 周调度表（2025年第52周）"
    assert OFFICE in sheet["A2"].value
    assert "2025年12月28日" in sheet["A2"].value


def test_figures_are_numbers_with_their_formats_and_lights_are_words_on_colour(sheet: Any) -> None:
    row = {name: sheet.cell(HEADER_ROW + 1, position) for position, name in enumerate(NAMES, 1)}

    assert (row["target"].value, row["week"].value, row["year"].value) == (250, 2, 233)
    assert (row["completion"].value, row["completion"].number_format) == (233 / 250, "0.0%")
    assert row["light"].value == "▲ 关注"
    assert row["light"].fill.fgColor.rgb.endswith("EDDEC7")


def test_real_data_is_not_marked_as_demonstration(sample_db: Database) -> None:
    data = exported(*stored(sample_db), is_demo=False)

    sheet = load_workbook(io.BytesIO(data)).active
    assert "演示" not in sheet["A1"].value
    assert not sheet.oddFooter.left.text


def test_text_that_looks_like_a_formula_stays_text(sample_db: Database) -> None:
    facts, parameters = stored(sample_db)
    actions = facts.actions.assign(problem='=HYPERLINK("http://x")', measure="+1", owner="@a")

    sheet = load_workbook(io.BytesIO(exported(replace(facts, actions=actions), parameters))).active

    texts = [cell for row in sheet.iter_rows(min_row=HEADER_ROW + 1) for cell in row if cell.value in ("+1", "@a")]
    assert texts
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert all(cell.quotePrefix for cell in texts)


def test_an_empty_store_exports_a_sheet_without_figures(db: Database) -> None:
    sheet = load_workbook(io.BytesIO(exported(*stored(db)))).active

    assert sheet.max_row > HEADER_ROW
