"""A what-if in a real browser: the map before, after and the difference; saved, raised at the meeting, opened by its link."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from core.job_map.overlays import SYMBOLS
from tests.browser.conftest import work_as
from tests.browser.job_map.decks import decks, pixel, press

pytestmark = pytest.mark.browser

ROOM = "苇泊社区闲置仓储间"


def labels(frames: list[bytes]) -> dict[str, str]:
    """Community → figure on the map that was sent last."""
    _, deck = decks(frames)[-1]
    rows = next(layer for layer in deck["layers"] if layer["id"] == "label")["data"]
    split = (row["n"].rsplit("\n", 1) for row in rows)
    return {name.replace("\n", ""): figure for name, figure in split}


def idle_premises(path) -> int:  # type: ignore[no-untyped-def]
    import sqlite3

    with sqlite3.connect(path) as store:
        return int(store.execute("SELECT id FROM premises WHERE name = ?", [ROOM]).fetchone()[0])


def test_the_map_switches_between_before_after_and_difference(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = tab.open(f"{server.url}/job_map?open={idle_premises(server.database)}")
    page.locator("[data-testid=stDeckGlJsonChart] canvas").first.wait_for()
    share = page.get_by_test_id("stMetric").filter(has_text="个百分点")
    expect(share).to_contain_text(re.compile(r"^有岗可及比例.*2\.\d\s*个百分点$", re.DOTALL))
    shown = {"前后差异": labels(tab.frames)}
    for side in ("实施前", "实施后"):
        sent = len(decks(tab.frames))
        page.get_by_role("radio", name=side).click()
        while len(decks(tab.frames)) == sent:
            page.wait_for_timeout(100)
        shown[side] = labels(tab.frames)

    def value(side: str, name: str) -> float:
        return float(re.sub("[%+]", "", shown[side][name]).replace("−", "-"))

    assert value("实施后", "苇泊社区") > value("实施前", "苇泊社区")
    gap = value("实施后", "苇泊社区") - value("实施前", "苇泊社区")
    assert value("前后差异", "苇泊社区") == pytest.approx(gap, abs=1)
    assert shown["前后差异"]["荷风社区"] == "0"
    assert "side=after" in page.url
    assert tab.outside == []
    assert tab.errors == []


def test_a_click_on_idle_premises_chooses_them(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = tab.open(f"{server.url}/job_map?layers=idle")
    page.locator("[data-testid=stDeckGlJsonChart] canvas").first.wait_for()
    page.wait_for_timeout(4000)  # base map and letters
    _, deck = decks(tab.frames)[-1]
    symbols = next(layer for layer in deck["layers"] if layer["id"] == "symbols")["data"]
    room = next(row for row in symbols if row["t"].startswith("明渠社区腾退门面房"))
    assert SYMBOLS[room["c"]] == "idle"

    spot = {"id": "label", "data": [{"p": room["p"], "n": "room"}]}
    x, y = pixel(page, deck | {"layers": [spot]}, "room")
    press(page, x, y, "明渠社区腾退门面房")

    expect(page).to_have_url(re.compile(rf"[?&]place=p{room['i']}(&|$)"))  # which follows the panel
    assert tab.errors == []


def test_the_static_map_shows_the_difference_too(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = tab.open(f"{server.url}/job_map?view=static&open={idle_premises(server.database)}")

    page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first.wait_for()
    expect(page.get_by_text("有岗可及比例（百分点）")).to_be_visible()
    assert page.locator("[data-testid=stDeckGlJsonChart]").count() == 0
    assert tab.errors == []


def test_a_what_if_is_saved_raised_at_the_meeting_and_opened_from_the_overview(own_server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    room = idle_premises(own_server.database)
    page = tab.open(f"{own_server.url}/job_map?open={room}")
    work_as(page, "王听雨")
    tab.settle()

    page.get_by_role("button", name="已存方案").click()
    page.get_by_label("方案名称").fill("苇泊先行")
    page.get_by_label("方案名称").press("Enter")
    tab.settle()
    page.locator(".st-key-map_scenario_save button").click()
    expect(page.get_by_text("苇泊先行（王听雨于")).to_be_visible(timeout=15_000)
    page.keyboard.press("Escape")

    page.get_by_role("button", name="提交周调度会").click()
    form = page.locator("[data-testid=stForm]")
    expect(form.get_by_label("下步措施与成效指标")).to_have_value(re.compile(ROOM))
    form.locator("[data-testid=stSelectbox] input").fill("姜莺时")
    form.locator("[data-testid=stSelectbox] input").press("Enter")
    form.get_by_role("button", name="提交").click()
    expect(page.get_by_text(re.compile(r"已提交（2025-W52-M\d+）：责任人姜莺时"))).to_be_visible(timeout=15_000)
    scenario = re.search(r"scenario=(\d+)", page.url)
    assert scenario is not None

    other = window()
    overview = other.open(own_server.url)
    entry = overview.get_by_text("岗位地图方案待会商")
    expect(entry).to_be_visible()
    link = overview.locator(f"a[href*='scenario={scenario[1]}']")
    link.click()
    other.settle()
    expect(overview.get_by_text("苇泊先行（王听雨于")).to_be_visible(timeout=15_000)
    assert labels(other.frames)["苇泊社区"].startswith("+")
    assert tab.errors == other.errors == []
