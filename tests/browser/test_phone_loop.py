"""A stranger at the door, on a phone: registered, visited and given a plan with a step, without a sheet."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from core.store.database import Database
from tests.browser.conftest import Window
from tests.stores import KEY

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


def fill(found: Window, label: str, text: str) -> None:
    """Type into a field of the open dialog, and leave it."""
    field = found.page.get_by_role("dialog").get_by_role("textbox", name=label).first
    field.fill(text)
    field.press("Tab")
    found.settle()


def press(found: Window, name: str) -> None:
    """Press a button, which a phone must be able to reach."""
    page = found.page
    dialog = page.get_by_role("dialog")
    button = (dialog if dialog.count() else page).get_by_role("button", name=re.compile(f"{name}$")).first
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    button.click()
    found.settle()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_somebody_at_the_door_gets_a_record_a_visit_and_a_plan(own_server, window) -> None:  # type: ignore[no-untyped-def]
    found = window(**PHONE)
    page = found.open(f"{own_server.url}/people")

    press(found, "登记新求职者")
    fill(found, "姓名", "季秋白")
    community = page.get_by_role("dialog").get_by_role("combobox", name="社区")
    community.fill("荷风社区")
    page.get_by_role("option", name="荷风社区").click()
    found.settle()
    page.get_by_role("dialog").get_by_text("同意登记并使用上述信息").click()
    found.settle()
    press(found, "登记")
    expect(page.locator("h1")).to_contain_text("季*白 · 求职中")
    assert "person=" in page.url
    assert fits(page)

    press(found, "登记走访")
    fill(found, "诉求与困难", "希望离家近")
    page.get_by_role("dialog").get_by_text("技能与限制").click()
    page.get_by_role("dialog").get_by_role("button", name="不上夜班").click()
    found.settle()
    press(found, "保存")
    expect(page.get_by_text("本人限制：不上夜班")).to_be_visible()

    press(found, "制定新计划")
    fill(found, "目标", "家附近就业")
    press(found, "保存")
    expect(page.get_by_text("家附近就业")).to_be_visible()

    page.get_by_role("button", name="增加步骤").click()
    step = page.get_by_test_id("stPopoverBody")
    step.get_by_role("textbox", name="具体内容").fill("参加家门口培训")
    step.get_by_role("button", name="保存").click()
    found.settle()
    expect(page.get_by_text("0 步已完成 1 步").or_(page.get_by_text("1 步已完成 0 步"))).to_be_visible()
    assert fits(page)
    assert not found.errors
    assert not found.outside

    store = Database(f"sqlite:///{own_server.database}", key=KEY)
    with store.read() as connection:
        actions = connection.exec_driver_sql("SELECT entity FROM audit_event ORDER BY id DESC LIMIT 12").scalars().all()
    store.dispose()
    assert {"person", "visit", "accommodation", "plan", "plan_measure"} <= set(actions)
