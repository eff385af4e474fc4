"""Weights on the screen: locked, suggested by marks, kept under a name; a tie-break and a quota in the open."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core.matching.inputs.factors import CODES
from core.matching.inputs.loading import load
from core.matching.ranking.scoring import as_weights
from core.matching.ranking.shortlist import build_shortlist, candidates_for_job
from core.policy import Action
from core.store.commands import command
from core.store.database import Database
from core.store.schema import AuditEvent, Hardship, WeightPreset
from tests.accesses import dispatcher
from tests.browser.conftest import Server, Window
from tests.browser.matching.test_list import CROCHET, changed, dropped, listed, opened, quiet, seen, slide, work_as
from tests.conftest import KEY

pytestmark = pytest.mark.browser
WEAVING = 107  # the first and the fourth stay among the first ten under the suggested weights
TODAY = date(2025, 12, 28)
NAME, REASON = "熟手急用", "订单赶工，先要熟手"


def filters(page: Page) -> None:
    """Open the box of filters."""
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()


def values(page: Page) -> dict[str, int]:
    return {code: each.value for code, each in zip(CODES, seen(page).sliders, strict=True)}


def test_a_locked_factor_keeps_its_share_while_the_others_make_room(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = opened(tab, f"{server.url}/matching?job={CROCHET}")
    before = changed(tab, seen)
    page.locator(".st-key-match_lock").get_by_role("button", name="技能").click()
    expect(page.locator(".st-key-w_skills input")).to_be_disabled()

    slide(page, "travel", "PageUp")
    now = changed(tab, seen, before)

    assert "lock=skills" in page.url
    assert (now.sliders[0].value, now.sliders[0].share) == (before.sliders[0].value, before.sliders[0].share)
    assert now.sliders[1].value == before.sliders[1].value + 10
    assert all(after.value < then.value for after, then in zip(now.sliders[2:], before.sliders[2:], strict=True))
    assert sum(each.value for each in now.sliders) == 100
    assert [each.share for each in now.sliders] == [each.value for each in now.sliders]
    assert now.totals != before.totals
    again = window()
    opened(again, page.url)
    assert changed(again, seen) == now
    expect(again.page.locator(".st-key-w_skills input")).to_be_disabled()
    quiet(tab, again)


def test_two_marks_suggest_weights_that_are_taken_with_one_click(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = opened(tab, f"{server.url}/matching?job={WEAVING}&test=marks")
    before, order = changed(tab, seen), listed(tab)
    marks = page.locator("[class*=st-key-match_mark_]")
    expect(page.get_by_text("至少")).to_be_visible()

    marks.nth(0).get_by_role("radio").nth(2).click()  # no
    expect(marks.nth(0).get_by_role("radio").nth(2)).to_be_checked()
    marks.nth(3).get_by_role("radio").nth(0).click()  # good
    advice = page.get_by_text(re.compile("最小调整"))
    expect(advice).to_be_visible(timeout=20_000)
    assert "调整后 1 组比较中符合 1 组（现为 0 组）" in advice.inner_text()
    moves = re.findall(r"(\S+?) (\d+)% → (\d+)%", advice.inner_text().split("：", 1)[1])
    page.get_by_role("button", name="采用这组权重").click()
    now = changed(tab, seen, before)

    apart = {
        (then.value, after.value)
        for then, after in zip(before.sliders, now.sliders, strict=True)
        if then.value != after.value
    }
    assert moves
    assert apart == {(int(old), int(new)) for _, old, new in moves}
    assert now.parts != before.parts
    places = listed(tab)
    assert places.index(order[3]) < places.index(order[0])
    quiet(tab)


def choose_preset(tab: Window, name: str) -> None:
    dropped(tab, "match_preset").filter(has_text=name).click()
    tab.settle()


def test_weights_kept_under_a_name_are_compared_with_and_archived_but_not_lost(district, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = opened(tab, f"{district.url}/matching?job={CROCHET}")
    work_as(tab, "王芳")
    before = changed(tab, seen)
    slide(page, "experience", "End")
    moved = changed(tab, seen, before)
    kept = values(page)
    assert any(mark in line for line in moved.lines for mark in "▲▼新")

    page.get_by_role("button", name="存为方案").click()
    for label, text in (("方案名称", NAME), ("设定理由", REASON)):
        page.get_by_label(label).fill(text)
        page.get_by_label(label).press("Tab")
    save = page.locator(".st-key-match_preset_save button")
    expect(save).to_be_enabled()
    header = page.locator(".st-key-header")
    revision = re.search(r"数据版本 (\d+)", header.inner_text())
    assert revision is not None
    save.click()
    expect(header).to_contain_text(f"数据版本 {int(revision[1]) + 1}", timeout=20_000)
    tab.settle()
    page.keyboard.press("Escape")  # the box of the name
    choose_preset(tab, NAME)
    against = changed(tab, seen, moved)

    expect(page.get_by_text(re.compile(f"对照“{NAME}”.*王芳.*{REASON}"))).to_be_visible()
    assert not any(mark in line for line in against.lines for mark in "▲▼新")  # the list against itself
    assert against.totals == moved.totals
    again = window()
    opened(again, page.url)
    assert changed(again, seen) == against

    page.get_by_role("button", name="存为方案").click()
    page.get_by_role("button", name=f"归档“{NAME}”").click()
    expect(page.get_by_text(re.compile("对照“综合均衡”"))).to_be_visible(timeout=20_000)
    tab.settle()
    page.keyboard.press("Escape")
    offered = dropped(tab, "match_preset").all_inner_texts()
    assert "综合均衡" in offered
    assert NAME not in offered
    quiet(tab, again)
    with Database(f"sqlite:///{district.database}", key=KEY).read() as connection:
        row = connection.execute(select(WeightPreset.__table__).where(WeightPreset.name == NAME)).mappings().one()
        actions = connection.execute(select(AuditEvent.action).where(AuditEvent.actor == "王芳")).scalars().all()
    assert (row["author"], row["reason"], row["revision"]) == ("王芳", REASON, 1)
    assert row["weights"] == kept
    assert row["archived_at"] is not None
    assert actions == ["save_preset", "archive_preset"]


def test_a_tie_break_in_the_open_changes_places_but_no_points(server, sample_db, window) -> None:  # type: ignore[no-untyped-def]
    """Under readiness alone many score alike: among those the people in hardship come first."""
    tab = window()
    only = "&".join(f"w_{code}={100 if code == 'readiness' else 0}" for code in CODES)
    page = opened(tab, f"{server.url}/matching?job={CROCHET}&{only}")
    before, order = changed(tab, seen), listed(tab)
    filters(page)

    page.get_by_text("同分时就业困难人员优先", exact=True).click()
    now = changed(tab, seen, before)

    assert "hardship=1" in page.url
    expect(page.get_by_text(re.compile("、同分时就业困难人员优先、"))).to_be_visible()
    assert now.totals == before.totals
    assert now.sliders[0].share == before.sliders[0].share
    page.keyboard.press("Escape")
    with sample_db.read() as connection:
        pool = load(connection, TODAY)
    shortlist = build_shortlist(
        candidates_for_job(pool, CROCHET),
        as_weights({"readiness": 100}),
        10,
        mask=pool.people_mask(),
        priority_mask=pool.people["hardship"].to_numpy(dtype=bool),
    )
    places = listed(tab)
    assert places == pool.seekers.ids[shortlist.rows].tolist()
    assert places != order
    quiet(tab)


def test_a_quota_in_the_open_marks_whom_it_brings_in_and_changes_no_points(district, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = opened(tab, f"{district.url}/matching?job={CROCHET}&top=20")
    wide, points = listed(tab), changed(tab, seen).totals
    known = dict(zip(wide, points, strict=True))
    _out_of_hardship(district, wide[:8])
    page = opened(tab, f"{district.url}/matching?job={CROCHET}")
    before = changed(tab, seen)
    filters(page)

    page.get_by_role("radio", name="50%").click()
    now = changed(tab, seen, before)

    assert page.url.endswith("quota=50")
    expect(page.get_by_text(re.compile("、名单中就业困难人员不少于 50%、"))).to_be_visible()
    sentence = page.get_by_text(re.compile("配额：就业困难人员")).inner_text()
    match = re.search(r"就业困难人员 (\d+) 人（至少 (\d+) 人），其中按配额列入 (\d+) 人，替下 (.+)", sentence)
    assert match is not None
    reached, wanted, brought, instead = int(match[1]), int(match[2]), int(match[3]), match[4].split("、")
    page.keyboard.press("Escape")
    places = listed(tab)
    assert (reached, wanted) == (5, 5)
    assert len([state for state in now.states if "配额" in state]) == brought == len(instead) > 0
    newcomers = [number for number, state in zip(places, now.states, strict=True) if "配额" in state]
    assert set(newcomers) == set(places) - set(wide[:10])
    assert [known[number] for number in places] == list(now.totals)
    quiet(tab)


def _out_of_hardship(server: Server, people: list[int]) -> None:
    """These people lose every category of employment difficulty."""
    store = Database(f"sqlite:///{server.database}", key=KEY)
    with command(store, actor=dispatcher("赵强"), action=Action.EDIT_PERSON, at=datetime.now(UTC)) as change:
        columns = Hardship.__table__.columns
        rows = change.session.execute(select(*columns).where(Hardship.person_id.in_(people))).mappings().all()
        change.remove_all(Hardship, [(row["id"], row) for row in rows])
