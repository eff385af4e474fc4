"""A meeting as it is held: keys turn pages, a decision is written down on the slide, notes follow, two rooms at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from core.policy import Action
from tests.accesses import dispatcher
from tests.browser.conftest import work_as

pytestmark = pytest.mark.browser
WALL = (1920, 1080)
SMALLEST_TYPE = """() => Math.min(...[...document.querySelectorAll(
  '.slide h1, .slide span, .slide p, .slide small, .slide b')].filter(e => e.textContent.trim())
  .map(e => parseFloat(getComputedStyle(e).fontSize)))"""
BELOW_THE_WINDOW = """() => [...document.querySelectorAll(
  '.slide, .slide *, .st-key-stage_bar, .st-key-stage_bar button, .st-key-stage_bar a, .st-key-stage_bar input')]
  .map(e => [e.className || e.tagName, e.getBoundingClientRect().bottom]).filter(([, y]) => y > innerHeight)"""
# Parts of a slide that lie over the next one, and pictures that are taller than their place.
CUT_OFF = """() => {
  const parts = [...document.querySelectorAll('.slide > *'), document.querySelector('.st-key-stage_bar')];
  const box = e => e.getBoundingClientRect();
  const over = parts.slice(1).filter((e, k) => box(parts[k]).bottom > box(e).top + 1);
  const wide = parts.filter(e => e.scrollHeight > e.clientHeight + 1 && e.matches('.body'));
  return [...over, ...wide].map(e => e.className || e.tagName);
}"""


def position(page: Page) -> str:
    return page.locator(".slide .section span").last.inner_text()


def turned_to(page: Page, number: int) -> None:
    expect(page.locator(".slide .section span").last).to_have_text(re.compile(rf"^{number} / \d+$"))
    expect(page.locator(".slide h1")).not_to_be_empty()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [WALL, (1366, 768)])
def test_every_slide_fits_the_window_with_the_bar_below_it(server, window, size, language) -> None:  # type: ignore[no-untyped-def]
    page = window(*size).open(f"{server.url}/meeting?present=1&slide=1&lang={language}")
    turned_to(page, 1)
    last = int(position(page).split(" / ")[1])
    assert last >= 10
    for number in range(1, last + 1):
        if number > 1:
            page.keyboard.press("ArrowRight")
        turned_to(page, number)
        drawn = page.locator(".slide .figure img")
        if drawn.count():
            expect(drawn).to_have_js_property("complete", True)
            assert drawn.evaluate("image => image.naturalWidth") > 0
        assert page.evaluate(BELOW_THE_WINDOW) == [], number
        assert page.evaluate(CUT_OFF) == [], number
        if size == WALL:
            assert page.evaluate(SMALLEST_TYPE) >= 24, number


def test_slides_are_turned_by_keys_on_a_wall(server, window) -> None:  # type: ignore[no-untyped-def]
    page = window(*WALL).open(f"{server.url}/meeting?present=1&slide=1")
    turned_to(page, 1)
    expect(page.locator("header[data-testid=stHeader]")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    turned_to(page, 2)
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="→")).to_be_disabled()
    page.keyboard.press("Home")
    turned_to(page, 1)
    page.keyboard.press("ArrowLeft")
    turned_to(page, 1)
    page.keyboard.press("Escape")
    expect(page.locator("h1", has_text="调度会")).to_be_visible()
    assert "present" not in page.url


def test_a_link_opens_its_slide_and_a_list_opens_over_it(server, window) -> None:  # type: ignore[no-untyped-def]
    page = window(*WALL).open(f"{server.url}/meeting?present=1&slide=3")
    turned_to(page, 3)
    button = page.locator(".st-key-stage_bar").get_by_role("button", name=re.compile(r"^\d+ 人再就业"))
    count = button.inner_text().split()[0]

    button.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("h3")).to_have_text(re.compile(rf"^{count} (人|人次|条|个岗位)$"))
    page.keyboard.press("Escape")  # closes the list and nothing else

    expect(dialog).to_be_hidden()
    turned_to(page, 3)


def test_an_action_is_raised_on_a_slide_and_closed_with_evidence_afterwards(own_server, window) -> None:  # type: ignore[no-untyped-def]
    page = window(*WALL).open(f"{own_server.url}/meeting?present=1&slide=8")
    work_as(page, "许小满")
    turned_to(page, 8)
    page.get_by_role("button", name="议定").click()
    expect(page.get_by_role("button", name="提出督办事项")).to_be_visible()
    page.get_by_label("存在问题").fill("")
    page.get_by_role("button", name="提出督办事项").click()
    expect(page.get_by_text("请写明问题。")).to_be_in_viewport(ratio=1)
    page.get_by_label("存在问题").fill("苇泊社区走访力量不足")
    page.locator("[data-testid=stPopoverBody] [data-testid=stSelectbox]", has_text="责任人").locator("input").click()
    page.get_by_role("option", name="许小满").click()
    page.get_by_role("button", name="提出督办事项").click()
    expect(page.get_by_role("button", name="议定 (1)")).to_be_visible()
    turned_to(page, 8)

    later = window().open(f"{own_server.url}/meeting?tab=follow_up")
    work_as(later, "许小满")
    action = later.locator("[data-testid=stExpander]", has_text="苇泊社区走访力量不足")
    action.locator("summary").click()
    action.get_by_text("凭佐证销号").first.click()
    action.get_by_label("办结佐证").fill("走访台账第12页")
    action.get_by_role("button", name="凭佐证销号").click()
    closed = later.locator("h3", has_text="本周销号")
    expect(closed).to_contain_text("5")


def test_the_notes_window_follows_its_own_presentation_only(server, window) -> None:  # type: ignore[no-untyped-def]
    one, other = (window(*WALL).open(f"{server.url}/meeting?present=1&slide={n}") for n in (1, 5))
    turned_to(one, 1)
    turned_to(other, 5)
    link = one.get_by_role("link", name=re.compile("speaker_notes")).get_attribute("href")
    notes = window().open(f"{server.url}{link}")
    expect(notes.get_by_text(re.compile(r"^1 / \d+"))).to_be_visible()

    one.keyboard.press("ArrowRight")
    turned_to(one, 2)
    expect(notes.get_by_text(re.compile(r"^2 / \d+"))).to_be_visible()
    turned_to(other, 5)


def test_pinned_weights_are_played_and_left_as_they_were(own_server, window) -> None:  # type: ignore[no-untyped-def]
    from datetime import UTC, datetime

    from core.dispatch.agenda import AgendaItem
    from core.dispatch.meetings import save_agenda
    from core.matching.ranking.presets import BUILT_IN, save_preset
    from core.store.commands import command
    from core.store.database import Database
    from tests.stores import KEY

    db = Database(f"sqlite:///{own_server.database}", key=KEY)
    now = datetime.now(UTC)
    with command(db, actor=dispatcher("许小满"), action=Action.EDIT_PERSON, at=now) as change:
        preset = save_preset(change, "近处优先", BUILT_IN[1].weights, "冬季出行不便")
    items = [AgendaItem(f"what-if-weights-{preset}", 5)]
    save_agenda(db, "2025-W52", items, version=None, actor=dispatcher("许小满"), at=now)
    db.dispose()
    page = window(*WALL).open(f"{own_server.url}/meeting?present=1&slide=1")
    title = page.locator(".slide h1")
    expect(title).to_contain_text("近处优先")
    before = title.inner_text()

    page.locator("[data-testid=stCheckbox]", has_text="现场推演").locator("label").click()
    expect(page.locator(".slide .section strong")).to_have_text("未冻结")
    expect(title).not_to_have_text(before)
    page.locator("[data-testid=stCheckbox]", has_text="现场推演").locator("label").click()

    expect(title).to_have_text(before)
    expect(page.locator(".slide .section strong")).to_have_count(0)
