"""Two people at once: what one saves, the other sees within three seconds; nobody overwrites anybody unasked."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import work_as

pytestmark = pytest.mark.browser


def open_editor(page: Page) -> Page:
    page.get_by_role("button", name="更正资料").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


@pytest.mark.timed
def test_an_edit_in_one_window_shows_in_the_other_within_three_seconds(own_server, window) -> None:  # type: ignore[no-untyped-def]
    url = f"{own_server.url}/people?person=900"
    one, other = window().open(url), window().open(url)
    work_as(one, "王芳")
    before = other.locator(".st-key-header").inner_text()

    one.get_by_role("button", name="变更状态").click()
    dialog = one.get_by_role("dialog")
    dialog.locator("[data-testid=stSelectbox] input").click()
    one.get_by_role("option", name="失联").click()
    dialog.get_by_role("button", name="保存").click()
    started = time.monotonic()
    expect(other.locator("h1")).to_contain_text("失联", timeout=3_500)

    assert time.monotonic() - started < 3.5
    assert other.locator(".st-key-header").inner_text() != before


def test_the_second_of_two_editors_is_told_and_nothing_is_lost(own_server, window) -> None:  # type: ignore[no-untyped-def]
    url = f"{own_server.url}/people?person=900"
    first, second = window().open(url), window().open(url)
    work_as(first, "王芳")
    work_as(second, "赵强")
    open_editor(first)
    open_editor(second)
    second.get_by_role("dialog").get_by_label("备注").fill("赵强的话")

    first.get_by_role("dialog").get_by_label("备注").fill("王芳的话")
    first.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(first.get_by_role("dialog")).to_be_hidden()
    second.wait_for_timeout(3_000)  # the heartbeat must not close the open dialog

    expect(second.get_by_role("dialog").get_by_label("备注")).to_have_value("赵强的话")
    second.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(second.get_by_role("dialog")).to_contain_text(re.compile("有人修改了这条记录"))
    second.get_by_role("button", name="用我的覆盖").click()
    expect(second.get_by_role("dialog")).to_be_hidden()

    from sqlalchemy import select

    from core.store.database import Database
    from core.store.schema import AuditEvent, Person

    with Database(f"sqlite:///{own_server.database}").read() as connection:
        note = connection.execute(select(Person.note).where(Person.id == 900)).scalar_one()
        events = connection.execute(
            select(AuditEvent.actor, AuditEvent.after).where(AuditEvent.action == "edit_person").order_by(AuditEvent.id)
        ).all()
    assert note == "赵强的话"
    assert [(actor, after["note"]) for actor, after in events] == [("王芳", "王芳的话"), ("赵强", "赵强的话")]
