"""The weekly sheet by hand: a row opens what it counts, and the workbook for print is the form of the bureau."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

ROW, CHECKBOX = 33, 18  # pixels: height of a row, middle of the column of checkboxes


def select_row(page: Page, number: int) -> None:
    """Tick the row with that number."""
    table = page.get_by_test_id("stDataFrame").locator("canvas").first
    expect(table).to_be_visible()
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + CHECKBOX, box["y"] + ROW * (number + 0.5))  # a scroller lies over the canvas


@pytest.mark.parametrize(
    ("row", "button", "count"),
    [(2, "本周新增：125", "125"), (2, "本年累计：5,905", "5,905"), (7, "71 人再就业", "71"), (7, "215 人退出", "215")],
)
def test_a_figure_of_a_row_opens_exactly_its_rows(server, window, row: int, button: str, count: str) -> None:  # type: ignore[no-untyped-def]
    page = window().open(f"{server.url}/weekly_sheet")
    select_row(page, row)

    page.get_by_role("button", name=button).click()

    expect(page.get_by_role("dialog").locator("h3").first).to_have_text(re.compile(rf"^{count}(（| (人|人次|条)$)"))


def test_a_row_shows_its_problems_in_full(server, window) -> None:  # type: ignore[no-untyped-def]
    page = window().open(f"{server.url}/weekly_sheet")
    select_row(page, 2)

    expect(page.get_by_text("未走访人员较多，走访间隔超过45天 → 网格员分片包干，补齐走访")).to_be_visible()
    expect(page.get_by_text("2025-W43-02 · 沈鹤汀 · 2025-11-11 · 待办")).to_be_visible()


def test_the_workbook_of_a_former_week_is_downloaded(server, window) -> None:  # type: ignore[no-untyped-def]
    page = window().open(f"{server.url}/weekly_sheet?week=2025-W40")

    with page.expect_download() as download:
        page.get_by_role("button", name="导出调度表（A3）").click()

    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert sheet["A1"].value == "演示数据 周调度表（2025年第40周）"
    assert download.value.suggested_filename.startswith("演示数据_周调度表（2025年第40周）")
