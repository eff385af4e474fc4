"""Every number of the overview opens its rows, with the same count."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from core.terms import AccountRole
from tests.browser.conftest import work_as

PASSWORD = "Lotus wind 2026"

pytestmark = pytest.mark.browser

# button on the overview → head count in the dialog
OPENS = [
    ("71 人再就业", "71"),
    ("215 人退出", "215"),
    ("141 人在岗", "141"),
    ("108 人在册", "108"),
    ("132 个工位", "132"),
    ("2,688 项技能", "2,688"),
]


@pytest.mark.parametrize(("button", "count"), OPENS)
def test_a_tile_opens_exactly_its_rows(server, window, button: str, count: str) -> None:  # type: ignore[no-untyped-def]
    page = window().open(server.url)

    page.get_by_role("button", name=button).first.click()

    heading = page.get_by_role("dialog").locator("h3").first
    expect(heading).to_have_text(re.compile(rf"^{count}(（| (人|人次|条)$)"))
    expect(page.get_by_role("dialog").get_by_role("heading").first).to_have_text(
        re.compile(rf"：{button.replace(' ', '')}$")
    )


def test_a_published_figure_opens_exactly_its_rows(server, window) -> None:  # type: ignore[no-untyped-def]
    page = window().open(f"{server.url}/figures")

    page.get_by_role("button", name="34 人入职").click()

    expect(page.get_by_role("dialog").locator("h3").first).to_have_text("34 人")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_stage_of_the_funnel_opens_from_the_keyboard(server, window) -> None:  # type: ignore[no-untyped-def]
    page = window().open(server.url)

    page.get_by_label("查看某一环节的名单").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("dialog").locator("h3").first).to_have_text(re.compile(r"^[\d,]+ 人$"))


def test_the_first_start_shows_progress_then_the_roles_and_a_click_leads_to_the_overview(tmp_path, window) -> None:  # type: ignore[no-untyped-def]
    from tests.browser.conftest import start

    with start(tmp_path, tmp_path / "district.db", SAMPLE="1") as server:
        page = window().page
        page.goto(server.url)
        expect(page.get_by_text("正在准备演示数据")).to_be_visible(timeout=15_000)
        page.get_by_role("button", name="调度员").click(timeout=90_000)
        expect(page.locator("h1")).to_contain_text("二次就业率 33.0%", timeout=90_000)
        expect(page.get_by_text("演示数据")).to_be_visible()


def test_emptying_asks_for_the_word_and_starts_for_real(own_server, window) -> None:  # type: ignore[no-untyped-def]
    page = window().open(own_server.url)
    work_as(page, None, AccountRole.ADMINISTRATOR)
    page.goto(f"{own_server.url}/data?part=start")
    button = page.get_by_role("button", name="清空数据")
    expect(button).to_be_disabled()

    word = page.get_by_label("输入“清空”确认")
    word.fill("清空")
    word.press("Enter")
    button.click()

    expect(page.get_by_text("系统尚无账号")).to_be_visible()  # the accounts of the demonstration went with its data
    expect(page.get_by_text("演示数据", exact=True)).to_be_hidden()
    [link] = re.findall(r"http://\S+/link/\S+", own_server.log.read_text())
    page.goto(link)
    for field, value in (("登录名", "wang"), ("姓名", "王主任"), ("新密码", PASSWORD), ("再次输入新密码", PASSWORD)):
        page.get_by_label(field, exact=field == "新密码").first.fill(value)
    page.get_by_role("button", name="创建账号").click()
    expect(page.locator("input[type=file]")).to_be_attached()  # where the administrator starts: the first sheet


def test_tables_and_templates_download_as_workbooks(server, window, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from openpyxl import load_workbook

    page = window().open(f"{server.url}/people")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载 Excel").click()
    waiting.value.save_as(tmp_path / "pool.xlsx")
    sheet = load_workbook(tmp_path / "pool.xlsx").active
    assert sheet.max_row == 436
    assert all("*" in sheet.cell(row, 1).value for row in range(2, 20))

    page = window().open(f"{server.url}/data?part=templates")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载").first.click()
    waiting.value.save_as(tmp_path / "template.xlsx")
    assert load_workbook(tmp_path / "template.xlsx").active["A1"].value == "社区代码"


def test_a_row_about_a_person_opens_the_person(server, window) -> None:  # type: ignore[no-untyped-def]
    page = window().open(server.url)
    page.locator(".st-key-attention_overdue_visits button").first.click()
    grid = page.get_by_role("dialog").get_by_test_id("stDataFrame").locator(".dvn-scroller")
    expect(grid).to_be_visible()
    page.wait_for_timeout(500)  # the grid slides in with its dialog

    grid.click(position={"x": 20, "y": 52})

    expect(page.get_by_text("返回人员库")).to_be_visible()
    assert re.search(r"person=\d+", page.url)
