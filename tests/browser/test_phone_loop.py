"""A stranger at the door until the follow-up after 90 days, on a phone and without a sheet; what moves elsewhere."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import update

from core.store.database import Database
from core.store.schema import Setting
from core.terms import AccountRole
from tests.browser.conftest import Server, Window, work_as
from tests.browser.matching.test_list import CHART, LINES, dropped
from tests.browser.matching.test_path import expect_message
from tests.stores import KEY

pytestmark = pytest.mark.browser
PHONE = {
    "width": 390,
    "height": 844,
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36",
}
REGISTERED = date(2025, 12, 28)  # the last day of the sample
COURSE_ENDS = REGISTERED + timedelta(days=18)


def fill(tab: Window, label: str, text: str) -> None:
    """Type into a field of the open dialog, and leave it."""
    field = tab.page.get_by_role("dialog").get_by_role("textbox", name=label).first
    field.fill(text)
    field.press("Tab")
    tab.settle()


def front(page: Page) -> Locator:
    """What lies on top of the page: a dialog, a box of fields, or else the page."""
    for layer in (page.get_by_role("dialog"), page.get_by_test_id("stPopoverBody")):
        if layer.count():
            return layer.last
    return page.get_by_test_id("stMain")


def fill_number(tab: Window, label: str, value: str) -> None:
    field = front(tab.page).get_by_role("spinbutton", name=label).first
    field.fill(value)
    field.press("Tab")
    tab.settle()


def press(tab: Window, name: str) -> None:
    """Press a button, which a phone must be able to reach, once the page is complete."""
    tab.settle()
    button = front(tab.page).get_by_role("button", name=re.compile(f"{name}$")).first
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= tab.page.viewport_size["width"]
    button.click()
    tab.settle()


def pick(tab: Window, label: str, option: str, typed: str = "") -> None:
    """Choose in a box; the menu closes over the fields that it covered."""
    box = front(tab.page).get_by_role("combobox", name=label).first
    box.click()
    if box.is_editable():  # a phone keeps its keyboard down where there is little to choose from
        box.fill(typed or option)
    tab.page.get_by_role("option", name=re.compile(f"^{re.escape(option)}")).first.click()
    expect(tab.page.get_by_role("listbox")).to_have_count(0)
    tab.settle()


GROWN = """part => Promise.allSettled(part.getAnimations({subtree: true})
  .filter(motion => motion.effect.getComputedTiming().endTime < Infinity).map(motion => motion.finished))"""


def unfold(tab: Window, name: str) -> None:
    """Open a part of the form, if it is not open already; while it still grows, the list of a box in it would close."""
    part = front(tab.page).locator("details").filter(has=tab.page.get_by_text(name, exact=True))
    if part.get_attribute("open") is None:
        part.locator("summary").click()
    expect(part).to_have_attribute("open", "", timeout=10_000)
    part.evaluate(GROWN)
    tab.settle()


def move_day(server: Server, day: date) -> None:
    """The district's day, which is kept in the demonstration store."""
    store = Database(f"sqlite:///{server.database}", key=KEY)
    with store.write() as session:
        session.execute(update(Setting).where(Setting.key == "as_of").values(value=day.isoformat()))
    store.dispose()


def funnel(tab: Window, url: str) -> dict[str, int]:
    """The stages of the overview's funnel: how many people have come that far."""
    page = tab.open(url)
    chart = page.locator(f"{CHART} svg").first
    chart.scroll_into_view_if_needed()
    texts = page.locator(CHART).first.locator("text").all_text_contents()
    names = texts[: texts.index("已就业") + 2]
    counts = [int(text.split()[0].replace(",", "")) for text in texts[len(names) : 2 * len(names)]]
    return dict(zip(names, counts, strict=True))


def due(tab: Window, url: str) -> dict[str, int]:
    """The kinds of due work with their numbers."""
    page = tab.open(f"{url}/tasks")
    texts = page.get_by_test_id("stRadio").get_by_role("radiogroup").inner_text().split("\n")
    return {
        name.strip(): int(n.replace(",", "")) for name, n in re.findall(r"^(\D+?) ([\d,]+)", "\n".join(texts), re.M)
    }


def moved(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """What differs, and by how much."""
    return {
        name: after.get(name, 0) - before.get(name, 0)
        for name in before | after
        if after.get(name, 0) != before.get(name, 0)
    }


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_somebody_at_the_door_is_followed_up_after_90_days(own_server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window(**PHONE)
    stages = funnel(tab, own_server.url)
    page = tab.open(f"{own_server.url}/people")

    press(tab, "登记新求职者")
    fill(tab, "姓名", "季秋白")
    community = page.get_by_role("dialog").get_by_role("combobox", name="社区")
    community.fill("荷风社区")
    page.get_by_role("option", name="荷风社区").click()
    tab.settle()
    page.get_by_role("dialog").get_by_text("同意登记并使用上述信息").click()
    tab.settle()
    press(tab, "登记")
    expect(page.locator("h1")).to_contain_text("季*白 · 求职中", timeout=20_000)
    assert "person=" in page.url
    assert fits(page)

    press(tab, "登记走访")
    fill(tab, "诉求与困难", "希望离家近")
    unfold(tab, "意愿与时间")
    pick(tab, "意愿1", "商品营业员")
    for label, value in (("最低薪酬（元/月）", "2100"), ("最远通勤（分钟）", "60")):
        fill_number(tab, label, value)
    pick(tab, "接受居家或计件", "是")
    unfold(tab, "技能与限制")
    pick(tab, "本人会的技能", "便利店经营")
    pick(tab, "便利店经营：等级", "会做")
    unfold(tab, "技能与限制")
    page.get_by_role("dialog").get_by_role("button", name="不上夜班").click()
    tab.settle()
    press(tab, "保存")
    expect(page.get_by_text("本人限制：不上夜班")).to_be_visible(timeout=20_000)

    press(tab, "制定新计划")
    fill(tab, "目标", "家附近就业")
    press(tab, "保存")
    expect(page.get_by_text("家附近就业")).to_be_visible(timeout=20_000)

    press(tab, "增加步骤")
    fill(tab, "具体内容", "参加家门口培训")
    press(tab, "保存")
    expect(page.get_by_text("0 步已完成 1 步").or_(page.get_by_text("1 步已完成 0 步"))).to_be_visible(timeout=20_000)
    assert fits(page)
    number = re.search(r"person=(\d+)", page.url)[1]
    person = f"{own_server.url}/people?person={number}"
    assert moved(stages, funnel(tab, own_server.url)) == {"已走访": 1, "技能画像": 1, "一人一策": 1}

    tab.open(f"{own_server.url}/training")
    press(tab, "安排班次")
    pick(tab, "培训项目", "便利店经营培训")
    pick(tab, "社区", "荷风社区")
    press(tab, "保存")
    session = page.url
    tab.open(person)
    press(tab, "报名培训")
    press(tab, "报名")
    expect_message(tab, "已报名。")
    move_day(own_server, COURSE_ENDS)
    stages = funnel(tab, own_server.url)  # of this day: time alone moves people, too
    tab.open(session)
    press(tab, "登记出勤与结果")
    page.get_by_text("未登记结果的学员全部满勤且合格").click()
    tab.settle()
    press(tab, "保存登记表")
    expect_message(tab, "登记表已保存")
    assert fits(page)

    tab.open(person)
    page.get_by_role("link", name="到人岗匹配中调整权重").click()
    tab.settle()
    expect(page.locator(LINES).first).to_be_visible(timeout=20_000)
    dropped(tab, "match_row_").first.click()
    expect(page.locator("h3")).to_be_visible(timeout=20_000)
    tab.settle()
    press(tab, "推荐")
    expect_message(tab, "已推荐")
    for step in ("面试中", "已录用", "已入职"):
        if not page.get_by_test_id("stPopoverBody").count():  # it may still be open from the step before
            press(tab, "推进状态")
        pick(tab, "下一步", step)
        press(tab, "保存")
        expect_message(tab, f"已登记：{step}")
    assert fits(page)
    stages, before = funnel(tab, own_server.url), stages
    assert moved(before, stages) == {"已培训": 1, "已推荐": 1, "已就业": 1}

    for days in (30, 90):
        move_day(own_server, COURSE_ENDS + timedelta(days=days))
        tab.open(f"{own_server.url}/tasks?kind=follow_ups")
        while not page.get_by_text("季*白").count():
            press(tab, "再显示\\d+项")
        waiting = due(tab, own_server.url)
        tab.open(person)
        press(tab, "登记回访")
        press(tab, "保存")
        expect_message(tab, "回访已登记")
        assert moved(waiting, due(tab, own_server.url)) == {"回访": -1}
    assert moved(stages, funnel(tab, own_server.url))["稳岗90天"] >= 1
    assert not tab.errors
    assert not tab.outside

    work_as(page, "审计员甲", AccountRole.AUDITOR)
    tab.open(f"{own_server.url}/audit?person={number}")
    assert fits(page)

    store = Database(f"sqlite:///{own_server.database}", key=KEY)
    with store.read() as connection:
        actions = connection.exec_driver_sql("SELECT entity FROM audit_event ORDER BY id DESC LIMIT 60").scalars().all()
    store.dispose()
    assert {
        "person",
        "visit",
        "accommodation",
        "plan",
        "plan_measure",
        "enrolment",
        "referral",
        "placement",
        "follow_up",
    } <= set(actions)
