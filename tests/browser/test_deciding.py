"""Deciding in the browser: an order is taken and planned for, enterprises are reviewed, rules changed, a roster approved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from core.store.database import Database
from core.store.schema import (
    ApprovedRoster,
    Assessment,
    AssessmentScore,
    Community,
    Employer,
    Person,
    Placement,
    RosterCell,
    Workshop,
)
from core.terms import AccountRole, Channel, EmployerKind, EvidenceSource, JobForm, Pillar, Tier
from tests import hand_example
from tests.browser.conftest import Server, Window, serve, work_as
from tests.hand_example import NAME, TODAY
from tests.stores import KEY, copy_of, empty_store, sign_in

pytestmark = pytest.mark.browser
SCORES = {"甲企": 0.97, "乙企": 0.96, "丙企": 0.95, "丁企": 0.915}  # all four leaders: above 90 points
PILLARS = tuple(pillar.zh for pillar in Pillar)
CELLS = "canvas [role=gridcell]"
OFFICER = "企专甲"
JUDGES = ("评委甲", "评委乙", "评委丙", "评委丁")


def enter(db: Database) -> None:
    """The worked example without its order but with the names of its twelve people, and four enterprises of the top tier."""
    hand_example.enter(db, with_order=False)
    for name in JUDGES:
        sign_in(db, AccountRole.CASEWORKER, name)  # with an account they can be called to a panel
    with db.write() as s:
        place = s.scalars(select(Community.id)).one()
        shop = s.scalars(select(Workshop.id)).one()
        for n in range(12):
            worker = Person(name=f"工友{n:02d}", community_id=place, entered_pool_on=date(2024, 1, 2))
            s.add(worker)
            s.flush()
            s.add(
                Placement(
                    person_id=worker.id,
                    started_on=date(2025, 3, 3),
                    channel=Channel.WORKSHOP,
                    workshop_id=shop,
                    form=JobForm.PART_TIME,
                )
            )
        for name, score in SCORES.items():
            firm = Employer(
                name=name, kind=EmployerKind.CRAFT_ECOMMERCE, community_id=place, opened_on=date(2023, 3, 3)
            )
            s.add(firm)
            s.flush()
            for day in (date(2025, 5, 20), date(2025, 11, 20)):
                review = Assessment(employer_id=firm.id, reviewed_on=day, tier=Tier.LEADER)
                s.add(review)
                s.flush()
                sources = [*((EvidenceSource.PANEL, judge) for judge in JUDGES), (EvidenceSource.THIRD_PARTY, "")]
                s.add_all(
                    AssessmentScore(assessment_id=review.id, pillar=p, source=source, judge=judge, value=score)
                    for p in Pillar
                    for source, judge in sources
                )


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on that store, to which the tests of this file write one after the other."""
    folder = tmp_path_factory.mktemp("deciding")
    db = copy_of(empty_store(), folder)
    enter(db)
    db.dispose()
    with serve(folder, folder / "district.db") as running:
        yield running


def rostered(server: Server) -> set[tuple[int, int]]:
    """Person and half day of the newest approved roster."""
    db = Database(f"sqlite:///{server.database}", key=KEY)
    newest = select(func.max(ApprovedRoster.id)).scalar_subquery()
    with db.read() as connection:
        cells = connection.execute(select(RosterCell.person_id, RosterCell.slot).where(RosterCell.roster_id == newest))
        pairs = {(person, slot) for person, slot in cells}
    db.dispose()
    return pairs


def somebody_else_writes(server: Server, page: Page) -> None:
    """Something that has nothing to do with this page, which runs anew once it notices."""
    shown = page.get_by_text(re.compile(r"数据版本 \d+"))
    before = shown.inner_text()
    db = Database(f"sqlite:///{server.database}", key=KEY)
    with db.write():
        pass  # raises the revision
    db.dispose()
    expect(shown).not_to_have_text(before, timeout=15_000)


def press(opened: Window, name: str, place: Locator | None = None) -> None:
    (place or opened.page.get_by_test_id("stMain")).get_by_role(
        "button", name=re.compile(rf"(^|\s){re.escape(name)}$")
    ).first.click()
    opened.settle()


def pick(opened: Window, label: str, option: str) -> None:
    opened.page.get_by_role("combobox", name=label).first.click()
    opened.page.get_by_role("option", name=option).first.click()
    opened.page.keyboard.press("Escape")  # where several can be chosen the list stays open over the page
    opened.settle()


def unfold(opened: Window, name: str) -> None:
    """Open a part of the page."""
    part = opened.page.locator("details").filter(has=opened.page.get_by_text(name, exact=True))
    part.locator("summary").click()
    expect(part).to_have_attribute("open", "", timeout=10_000)
    opened.settle()


def enter_number(opened: Window, label: str, value: str) -> None:
    field = opened.page.get_by_role("spinbutton", name=label).first
    field.fill(value)
    field.press("Tab")
    opened.settle()


def said(page: Page, text: str) -> None:
    expect(page.get_by_text(re.compile(text)).first).to_be_visible(timeout=15_000)


def cell(page: Page, text: str | re.Pattern[str]) -> None:
    """A cell of a table, which is drawn on a canvas, holds ``text``."""
    expect(page.locator(CELLS).filter(has_text=text).first).to_be_attached(timeout=15_000)


def test_an_order_entered_by_form_reads_as_by_hand_and_three_more_people_meet_its_date(bureau, window) -> None:  # type: ignore[no-untyped-def]
    opened = window()
    page = opened.open(f"{bureau.url}/workshops?workshop={NAME}&workshop_tab=订单")
    enter_number(opened, "件数", "800")
    page.get_by_test_id("stDateInput").filter(has_text="交期").get_by_role("spinbutton").first.click()
    page.keyboard.type(f"{TODAY + timedelta(weeks=2):%Y%m%d}")
    page.locator("h1").click()  # to leave a date is to enter it
    opened.settle()
    press(opened, "接单")
    press(opened, f"由{NAME}接单", page.get_by_test_id("stPopoverBody"))
    said(page, "已列入示例微工厂在手订单")

    page.get_by_role("tab", name="现状").click()
    said(page, "瓶颈是人手.*负荷率117.7%.*占420.0工位小时的45%")
    page.get_by_role("tab", name="测算口径").click()
    cell(page, "2.355")
    cell(page, "0.355")
    page.get_by_role("tab", name="假如").click()
    slider = page.get_by_test_id("stSlider").filter(has_text="新增人数").get_by_role("slider")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    opened.settle()
    said(page, "▲ 接近饱和")
    cell(page, "99.7%")

    page.get_by_role("tab", name="排班").click()
    press(opened, "由test dispatcher审定")
    said(page, "第1版：test dispatcher于.*审定")
    with page.expect_download() as download:
        press(opened, "排班表及个人排班条（A4）")
    book = openpyxl.load_workbook(BytesIO(download.value.path().read_bytes()))
    assert [sheet.page_setup.paperSize for sheet in book] == [9, 9]  # A4
    assert book.worksheets[0].page_setup.orientation == "landscape"
    assert "工友00" in {str(cell.value)[:4] for cell in book.worksheets[0]["A"]}

    before = rostered(bureau)
    person, slot = min(before)
    page.get_by_role("combobox", name="人员").click()
    page.get_by_role("option", name=re.compile(rf"编号 {person}$")).click()  # two of the twelve are masked alike
    opened.settle()
    day = TODAY + timedelta(days=1 + slot // 2)
    pick(opened, "日期", f"{day.month}月{day.day}日")
    press(opened, "以最少调整重排")
    said(page, "缺勤，另调整[012]处")
    somebody_else_writes(bureau, page)
    opened.settle()
    press(opened, "由test dispatcher审定")
    said(page, "第2版：test dispatcher于.*审定")
    after = rostered(bureau)
    gone = {(p, s) for p, s in before if p == person and s // 2 == slot // 2}
    assert not gone & after
    assert len((before - gone) ^ after) <= 2
    assert not opened.errors


def test_rules_that_move_a_quarter_of_the_top_tier_are_asked_about_twice(bureau, window) -> None:  # type: ignore[no-untyped-def]
    opened = window()
    page = opened.open(f"{bureau.url}/enterprises?enterprise_tab=规则")
    work_as(page, OFFICER, AccountRole.ENTERPRISE_OFFICER)
    enter_number(opened, "领军", "92")
    said(page, "1家企业梯队将变动.*最高档（领军）中25%将变动")
    page.get_by_role("textbox", name="理由", exact=True).fill("向领军看齐")
    press(opened, "保存版本")
    said(page, "最高档中25%将变动，超过20%")
    press(opened, "确认变动并保存")
    said(page, "现行规则：2025-1版。门槛 储备 60 / 成长 70 / 骨干 80 / 领军 92")
    assert not opened.errors


def test_four_judges_review_an_enterprise_of_which_one_has_a_conflict_of_interest(bureau, window) -> None:  # type: ignore[no-untyped-def]
    opened = window()
    page = opened.open(f"{bureau.url}/enterprises?enterprise_tab=评审")
    work_as(page, OFFICER, AccountRole.ENTERPRISE_OFFICER)
    for judge in JUDGES:
        pick(opened, "评审组", judge)
    page.get_by_test_id("stMultiSelect").filter(has_text="企业").get_by_role("button", name="Clear all").click()
    pick(opened, "企业", "丁企")
    press(opened, "启动")
    unfold(opened, "申报回避")
    pick(opened, "评委", JUDGES[3])
    page.get_by_role("textbox", name="理由", exact=True).fill("配偶在该企业任职")
    press(opened, "回避")
    said(page, f"{JUDGES[3]}回避丁企：配偶在该企业任职")

    for judge, mark in zip(JUDGES, (80, 90, 94), strict=False):
        work_as(page, judge, AccountRole.CASEWORKER)
        assert page.locator(CELLS).filter(has_text=re.compile("^(80|90)$")).count() == 0  # blind
        for pillar in PILLARS:
            page.get_by_role("spinbutton", name=pillar).fill(str(mark))
        press(opened, "保存打分")
        expect(page.locator(CELLS).filter(has_text="6/6")).to_have_count(JUDGES.index(judge) + 1)
    work_as(page, JUDGES[3], AccountRole.CASEWORKER)
    expect(page.get_by_text("本人打分")).to_have_count(0)

    work_as(page, OFFICER, AccountRole.ENTERPRISE_OFFICER)
    unfold(opened, "录入第三方评估或违规情况")
    page.get_by_role("textbox", name="第三方机构").fill("市质量协会")
    for pillar in PILLARS:
        page.get_by_role("spinbutton", name=pillar).fill("90")
    press(opened, "保存评估")
    press(opened, "截止打分")
    cell(page, "90 (80–94)")
    press(opened, "生成梯队建议")
    pick(opened, "梯队", "骨干")
    page.get_by_role("textbox", name="理由（与建议不一致时必填）").fill("订单连续两季下降")
    press(opened, "保存")
    cell(page, "订单连续两季下降")
    press(opened, "结束议定")
    press(opened, "归档")
    said(page, "已用归档数据按当期规则重新计算，结果一致")
    assert not opened.errors
