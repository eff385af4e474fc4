"""Half-filled forms: kept through a restart of the server, and when what they are about is taken back meanwhile."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from core.intake.undo import undo_import
from core.store.database import Database
from core.store.schema import Draft, ImportBatch, Person, Visit
from tests.accesses import administrator
from tests.browser.conftest import serve_sample
from tests.browser.test_two_windows import open_editor, work_as
from tests.core.intake.files import NOW, SEEKER, csv_bytes, done, seeker
from tests.stores import KEY

pytestmark = pytest.mark.browser


def open_visit(page: Page) -> Page:
    page.get_by_role("button", name="登记走访").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


def needs_box(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("dialog").get_by_label("诉求与困难")


def test_a_half_filled_visit_survives_a_restart_and_is_forgotten_once_saved(sample_file, tmp_path, window) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "before").mkdir()
    (tmp_path / "after").mkdir()
    with serve_sample(tmp_path / "before", sample_file) as server:
        page = window().open(f"{server.url}/people?person=900")
        work_as(page, "王芳")
        open_visit(page)
        needs_box(page).fill("想学面点，下午有空")
        needs_box(page).blur()
        expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
        page.wait_for_timeout(500)

    with serve_sample(tmp_path / "after", sample_file, database=server.database) as again:
        page = window().open(f"{again.url}/people?person=900")
        work_as(page, "王芳")
        open_visit(page)
        expect(needs_box(page)).to_have_value("想学面点，下午有空")
        expect(page.get_by_role("dialog")).to_contain_text("未保存的内容")
        page.get_by_role("dialog").get_by_role("button", name="保存").click()
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.get_by_test_id("stToast")).to_contain_text("已保存")
        with Database(f"sqlite:///{again.database}").read() as connection:
            assert connection.execute(select(Draft.content)).first() is None
            assert "想学面点，下午有空" in set(connection.scalars(select(Visit.needs).where(Visit.person_id == 900)))


def test_an_editor_is_told_of_an_undo_and_keeps_what_was_typed(own_server, window) -> None:  # type: ignore[no-untyped-def]
    db = Database(f"sqlite:///{own_server.database}", key=KEY)
    page = window().open(own_server.url)
    work_as(page, "王芳")  # with an account: imported people end the demonstration
    done(db, csv_bytes([SEEKER, seeker(1)]))
    done(db, csv_bytes([SEEKER, seeker(1, 文化程度="大专")]))
    with db.read() as connection:
        person = connection.scalars(select(Person.id).order_by(Person.id.desc())).first()
        added, changed = sorted(connection.scalars(select(ImportBatch.id)))[-2:]
    page.goto(f"{own_server.url}/people?person={person}", wait_until="domcontentloaded")
    dialog = open_editor(page).get_by_role("dialog")
    dialog.get_by_label("备注").fill("本周可上岗")

    undo_import(db, changed, administrator("管理员"), NOW, reason="误传")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_contain_text(re.compile("有人修改了这条记录"))
    dialog.get_by_role("button", name="保留对方的").click()
    expect(dialog).to_be_hidden()

    dialog = open_editor(page).get_by_role("dialog")
    dialog.get_by_label("备注").fill("本周可上岗")
    undo_import(db, added, administrator("管理员"), NOW, reason="误传")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_contain_text("已不在库中")
    expect(dialog.get_by_label("备注")).to_have_value("本周可上岗")
    db.dispose()


def test_a_date_or_a_number_out_of_range_is_not_saved_as_what_stood_there_before(district, window) -> None:  # type: ignore[no-untyped-def]
    page = open_visit(window().open(f"{district.url}/people?person=901"))
    dialog = page.get_by_role("dialog")
    day = dialog.get_by_test_id("stDateInput").filter(has_text="走访日期")

    def enter(digits: str) -> None:
        day.get_by_role("spinbutton").first.click()
        page.keyboard.type(digits)
        dialog.get_by_role("heading", name="登记走访").click()

    enter("20260305")
    expect(dialog.get_by_text("日期不得晚于 2025/12/28，请改正后再保存")).to_be_visible()
    dialog.get_by_role("button", name="保存").click()
    expect(day.get_by_role("spinbutton").first).to_be_focused()
    expect(dialog).to_be_visible()

    enter("20251203")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_have_count(0)
    with Database(f"sqlite:///{district.database}", key=KEY).read() as connection:
        days = connection.scalars(select(Visit.visited_on).where(Visit.person_id == 901)).all()
    assert date(2025, 12, 3) in days
    assert date(2025, 12, 28) not in days


def paste(page: Page, box: Locator, text: str) -> None:
    box.focus()
    page.keyboard.insert_text(text)


def test_a_paste_that_is_too_long_stays_and_is_not_saved_before_it_is_shortened(district, window) -> None:  # type: ignore[no-untyped-def]
    page = open_visit(window().open(f"{district.url}/people?person=902"))
    dialog, box = page.get_by_role("dialog"), needs_box(page)
    field = dialog.get_by_test_id("stTextArea").filter(has_text="诉求与困难")

    paste(page, box, "诉" * 523)

    expect(field).to_have_attribute("data-too-long", "最多 500 字，超出 23 字")
    dialog.get_by_role("button", name="保存").click()
    expect(box).to_be_focused()
    expect(box).to_have_value("诉" * 523)
    with Database(f"sqlite:///{district.database}", key=KEY).read() as connection:
        assert not connection.scalars(select(Visit.id).where(Visit.needs.startswith("诉诉"))).all()

    box.fill("诉" * 500)
    expect(field).not_to_have_attribute("data-too-long", re.compile("."))
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_have_count(0)
    with Database(f"sqlite:///{district.database}", key=KEY).read() as connection:
        needs = connection.scalars(select(Visit.needs).where(Visit.person_id == 902)).all()
    assert "诉" * 500 in needs


def test_a_text_that_is_too_long_is_said_in_english_and_keeps_a_form_from_being_sent(district, window) -> None:  # type: ignore[no-untyped-def]
    page = window().open(f"{district.url}/matching?lang=en")
    page.get_by_role("combobox", name="Person in detail").click()
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="Book a visit").click()
    popover = page.get_by_test_id("stPopoverBody")
    box = popover.get_by_label("Reason")
    box.fill("why " * 60)
    expect(popover.get_by_test_id("stTextInput")).to_have_attribute(
        "data-too-long", "At most 200 characters; 39 too many"
    )

    box.press("Enter")
    popover.get_by_role("button", name="Save").click()

    expect(box).to_be_focused()
    expect(box).to_have_value("why " * 60)
