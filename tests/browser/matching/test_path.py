"""What is done with a pair: recommended, refused, hired, corrected; what follows from it elsewhere; two at the last seat."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from core.jobs import commands
from core.policy import Action
from core.store.commands import command, verify_audit
from core.store.database import Database
from core.store.schema import AuditEvent, Placement, Referral
from core.terms import ReferralState
from tests.accesses import dispatcher
from tests.browser.conftest import Server, Window
from tests.browser.matching.test_list import CHART, choose, labels, listed, opened, quiet, seen, work_as
from tests.conftest import KEY

pytestmark = pytest.mark.browser
TODAY = date(2025, 12, 28)
SHELVES, FRESH, CARE, GUARD, SEWING = 137, 176, 83, 153, 108  # openings; CARE has one seat, SEWING four
REFUSES, HIRED = 150, 124  # both rank for SHELVES and FRESH and have come as far as a finished course


def store(server: Server) -> Database:
    return Database(f"sqlite:///{server.database}", key=KEY)


def go_to(tab: Window, opening: str) -> None:
    """Another opening, chosen in the bar by what its line says."""
    box = tab.page.locator(".st-key-match_job input")
    box.click()
    box.fill(opening.split("｜")[0])
    tab.page.get_by_role("option", name=re.compile(rf"^{re.escape(opening)}（")).click()
    expect(tab.page.locator("h1")).to_contain_text(f"“{opening.split('｜')[0]}”", timeout=20_000)
    tab.settle()


def expect_message(tab: Window, text: str) -> None:
    """The message says so and the page has come to rest."""
    expect(tab.page.get_by_test_id("stToast").filter(has_text=text)).to_be_visible(timeout=20_000)
    tab.settle()


def recommend(tab: Window) -> None:
    tab.page.get_by_role("button", name="推荐", exact=True).click()
    expect_message(tab, "已推荐，评分与权重一并留存。")


def steps(tab: Window) -> list[str]:
    """The moves that are offered; the box stays open."""
    tab.settle()
    box = tab.page.locator("[class*=st-key-match_step] input")
    if not box.is_visible():
        tab.page.get_by_role("button", name="推进状态").click()
    box.click()
    expect(tab.page.get_by_role("option").first).to_be_visible()
    return tab.page.get_by_role("option").all_inner_texts()


def move_on(tab: Window, step: str) -> None:
    """One step further, by the box and its button."""
    assert step in steps(tab)
    tab.page.get_by_role("option", name=step, exact=True).click()
    tab.page.locator(".st-key-match_advance button").click()
    expect_message(tab, f"已登记：{step}")
    expect(tab.page.locator("[class*=st-key-match_step] input")).to_be_hidden()  # a second click takes no further step


def refuse(tab: Window, reason: str) -> None:
    tab.settle()
    tab.page.get_by_role("button", name="登记拒绝").click()
    tab.page.locator(".st-key-match_reason input").click()
    tab.page.get_by_role("option", name=reason, exact=True).click()
    tab.page.locator(".st-key-match_refuse button").click()
    expect_message(tab, "拒绝已登记。")


def seats(tab: Window) -> int:
    """Seats left as the line above the bars says."""
    line = tab.page.get_by_text(re.compile("本岗位已推荐")).inner_text()
    match = re.search(r"余 (\d+) 个名额", line)
    assert match is not None
    return int(match[1])


def overview(tab: Window, url: str) -> dict[str, int]:
    """The funnel's stages and two tiles."""
    page = opened(tab, url, f"{CHART} svg")
    texts = page.locator(CHART).first.locator("text").all_text_contents()
    names = texts[: texts.index("已就业") + 2]
    counts = [int(text.split()[0].replace(",", "")) for text in texts[len(names) : 2 * len(names)]]
    tile = page.get_by_role("button", name=re.compile("人再就业")).first.inner_text()
    return dict(zip(names, counts, strict=True)) | {"再就业": int(re.findall(r"\d+", tile)[0])}


def test_from_recommendation_to_hire_everything_that_follows_is_seen_elsewhere(district, window) -> None:  # type: ignore[no-untyped-def]
    tab, office = window(), window()
    before = overview(office, district.url)
    page = opened(tab, f"{district.url}/matching?job={FRESH}")
    work_as(tab, "王芳")
    assert {REFUSES, HIRED} <= set(listed(tab))
    choose(tab, HIRED)
    recommend(tab)

    go_to(tab, "理货员｜莲塘社区居委会")
    assert seats(tab) == 2
    everyone = listed(tab)
    choose(tab, REFUSES)
    recommend(tab)
    refuse(tab, "距离太远")
    assert [number for number in everyone if number != REFUSES] == listed(tab)[: len(everyone) - 1]

    choose(tab, HIRED)
    recommend(tab)
    move_on(tab, "面试中")
    move_on(tab, "已录用")
    assert steps(tab) == ["已入职", "未录用", "已关闭"]
    page.keyboard.press("Escape")
    move_on(tab, "已入职")
    assert seats(tab) == 1
    assert HIRED not in listed(tab)

    go_to(tab, "生鲜理货员｜菜篮子与风生鲜铺")
    assert REFUSES in listed(tab)  # only the pair that was refused is gone
    assert HIRED not in listed(tab)

    person = window()
    history = opened(person, f"{district.url}/people?person={HIRED}", f"{CHART} svg")
    expect(history.locator("h1")).to_contain_text("已就业")
    line = " ".join(labels(history, 1))
    assert "理货员 · 莲塘社区居委会 · 已入职" in line
    assert "生鲜理货员 · 菜篮子与风生鲜铺 · 已关闭" in line
    assert "类别: 就业; 内容: 莲塘社区居委会" in line

    after = overview(office, district.url)
    moved = {name: after[name] - n for name, n in before.items() if after[name] != n}
    assert moved == {"已推荐": 2, "已就业": 1, "再就业": 1}
    quiet(tab, office, person)
    _check_store(district)


def _check_store(server: Server) -> None:
    """States, the placement, and an unbroken audit of who did what."""
    with store(server).read() as connection:
        states = {
            (row.person_id, row.job_id): row.state
            for row in connection.execute(
                select(Referral.person_id, Referral.job_id, Referral.state).where(Referral.staff == "王芳")
            )
        }
        placed = connection.execute(select(Placement.started_on).where(Placement.person_id == HIRED)).scalars().all()
        events = [
            dict(row) for row in connection.execute(select(AuditEvent.__table__).order_by(AuditEvent.id)).mappings()
        ]
    assert states == {
        (HIRED, FRESH): ReferralState.CLOSED,
        (REFUSES, SHELVES): ReferralState.DECLINED,
        (HIRED, SHELVES): ReferralState.STARTED,
    }
    assert TODAY in placed
    own = [(event["action"], event["entity"]) for event in events if event["actor"] == "王芳"]
    step = "advance_referral"
    assert [action for action, _ in own][:6] == ["recommend", "recommend", "refuse", "recommend", step, step]
    assert sorted(entity for action, entity in own[6:] if action == step) == [
        "person_state",
        "placement",
        "referral",
        "referral",
    ]
    assert verify_audit(events, KEY) is None


def test_a_step_is_taken_back_by_closing_and_recommending_again_and_what_ended_is_not_offered(district, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = opened(tab, f"{district.url}/matching?job={GUARD}")
    expect(page.get_by_role("button", name="推荐", exact=True)).to_have_count(0)
    work_as(tab, "赵强")
    first, second = listed(tab)[:2]
    choose(tab, second)
    expect(page.get_by_role("button", name="推进状态")).to_have_count(0)  # nothing to move on yet

    recommend(tab)
    move_on(tab, "面试中")
    assert steps(tab) == ["已录用", "未录用", "已关闭"]  # not back to recommended, not straight to work
    page.keyboard.press("Escape")
    move_on(tab, "已关闭")
    expect(page.get_by_role("button", name="推进状态")).to_have_count(0)
    recommend(tab)
    assert steps(tab) == ["面试中", "已录用", "未录用", "已关闭"]
    page.keyboard.press("Escape")
    assert "已推荐" in seen(page).states[1]

    move_on(tab, "未录用")
    assert second not in listed(tab)
    assert first in listed(tab)
    quiet(tab)


def offered(server: Server, job: int, people: list[int]) -> None:
    """The store as it stands when these people have an offer of the opening."""
    now = datetime.now(UTC)
    for person in people:
        with command(store(server), actor=dispatcher("赵强"), action=Action.RECOMMEND, at=now) as change:
            referral = commands.recommend(change, person_id=person, job_id=job, today=TODAY)
        with command(store(server), actor=dispatcher("赵强"), action=Action.ADVANCE_REFERRAL, at=now) as change:
            commands.advance(change, referral, ReferralState.OFFERED, today=TODAY)


def test_two_at_the_last_seat_one_wins_and_the_other_is_told(district, window) -> None:  # type: ignore[no-untyped-def]
    one, other = window(), window()
    opened(one, f"{district.url}/matching?job={CARE}")
    rivals = listed(one)[:2]
    offered(district, CARE, rivals)
    for tab, name, person in zip((one, other), ("王芳", "赵强"), rivals, strict=True):
        opened(tab, f"{district.url}/matching?job={CARE}")
        work_as(tab, name)
        assert seats(tab) == 1
        choose(tab, person)
        assert steps(tab)[0] == "已入职"
        tab.page.get_by_role("option", name="已入职", exact=True).click()
        tab.settle()

    for tab in (one, other):  # at once: a click that waits for nothing
        tab.page.locator(".st-key-match_advance button").evaluate("button => button.click()")

    done = "已登记：已入职"
    # Who comes second is told by the command, or, if the run that takes the click knows already, by the page.
    full = "该岗位名额已满：已有他人先行办理。|原选岗位已招满或关闭"
    for tab in (one, other):
        expect(tab.page.get_by_text(re.compile(f"{done}|{full}")).first).to_be_visible(timeout=20_000)
    assert sorted(tab.page.get_by_text(done).count() for tab in (one, other)) == [0, 1]
    with store(district).read() as connection:
        states = connection.execute(
            select(Referral.state).where(Referral.job_id == CARE, Referral.person_id.in_(rivals))
        ).scalars()
        assert sorted(state.value for state in states) == ["offered", "started"]
    for tab in (one, other):
        tab.settle()
        assert f"job={CARE}" not in tab.page.url  # filled: no longer offered for matching
    quiet(one, other)


def test_a_pair_shown_stays_the_same_when_somebody_else_leaves_the_list(district, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = opened(tab, f"{district.url}/matching?job={SEWING}")
    first, last = min(listed(tab)), max(listed(tab))
    work_as(tab, "王芳")
    choose(tab, last)
    pair = page.locator("h3").inner_text()
    offered(district, SEWING, [first])
    with store(district).read() as connection:
        referral = connection.execute(
            select(Referral.id).where(Referral.person_id == first, Referral.job_id == SEWING)
        ).scalar_one()

    with command(
        store(district), actor=dispatcher("赵强"), action=Action.ADVANCE_REFERRAL, at=datetime.now(UTC)
    ) as change:
        commands.advance(change, referral, ReferralState.STARTED, today=TODAY)
    expect(page.get_by_text(re.compile("余 3 个名额")).first).to_be_visible(timeout=10_000)
    tab.settle()

    assert first not in listed(tab)
    assert page.locator("[class*=st-key-match_row_] input").first.input_value().endswith(f"编号 {last}）")
    assert page.locator("h3").inner_text() == pair
    quiet(tab)
