"""Matching as a caseworker meets it: choose, weigh, read, pass the link on. What it takes to read the page stands here."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Locator, Page, expect

from core.matching.inputs.factors import CODES
from tests.browser import conftest
from tests.browser.conftest import Window

pytestmark = pytest.mark.browser
T = TypeVar("T")
CROCHET = 148  # an opening for which many rank, some with unknown facts
SEEKER = 124  # a person for whom many openings rank
CHART = "[data-testid=stVegaLiteChart]"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)
LABELS = "nodes => nodes.map(node => node.getAttribute('aria-label')).filter(text => text)"
LINES = ".ranked .line"
WIDTH = 128  # points that a line of the list is wide
# What the lines of the list show, by place: label, total, state, and its parts as (factor, start, end) in points.
READ = """(lines, width) => lines.sort((a, b) => a.dataset.place - b.dataset.place).map((line) => {
  const points = (size) => (width * parseFloat(size)) / 100;
  return {
    line: line.querySelector('.label').textContent,
    total: line.querySelector('.total').textContent,
    state: line.querySelector('.state').textContent,
    parts: [...line.querySelectorAll('.part')]
      .map(({style}, factor) => [factor, points(style.left), points(style.left) + points(style.width)])
      .filter(([, start, end]) => end > start),
  };
})"""
BAND = re.compile(r"^[^:]*: (?P<low>[\d.]+)%; factor: .*?; high: (?P<high>[\d.]+)")


@dataclass(frozen=True)
class Slider:
    """A slider and what its label says: value, share of all weight, band in which the first place holds (per cent)."""

    value: int
    share: int
    low: float
    high: float


@dataclass(frozen=True)
class Seen:
    """The ranked list and the sliders at one moment."""

    title: str
    lines: tuple[str, ...]  # place, masked name, arrow
    totals: tuple[str, ...]
    parts: tuple[tuple[int, int, float, float], ...]  # place, position of the factor's colour, start, end
    states: tuple[str, ...]
    sliders: tuple[Slider, ...]


def labels(page: Page, chart: int = 0) -> list[str]:
    """What the marks of a chart tell those who can't see them."""
    labels: list[str] = page.locator(CHART).nth(chart).locator("[aria-roledescription]").evaluate_all(LABELS)
    return labels


def lines(page: Page) -> list[dict[str, Any]]:
    """The lines of the ranked list, the first place first: see ``READ``."""
    expect(page.locator(".ranked[data-live]")).to_have_count(0, timeout=20_000)  # the server's answer is here
    shown: list[dict[str, Any]] = page.locator(LINES).evaluate_all(READ, WIDTH)
    return shown


def seen(page: Page) -> Seen:
    """Read the page."""
    shown = lines(page)
    return Seen(
        page.locator("h1").inner_text(),
        tuple(line["line"] for line in shown),
        tuple(line["total"] for line in shown),
        tuple(
            (place, factor, start, end)
            for place, line in enumerate(shown, start=1)
            for factor, start, end in line["parts"]
        ),
        tuple(line["state"] for line in shown),
        tuple(slider(page, code) for code in CODES),
    )


def slider(page: Page, code: str) -> Slider:
    """One of the seven, by the code of its factor."""
    box = page.locator(f".st-key-w_{code}")
    label = box.locator("label").inner_text()
    low, high = re.findall(r"[\d.]+", label)[-2:]
    share = re.search(r"(\d+)%", label)
    assert share is not None
    return Slider(int(box.locator("input").input_value()), int(share[1]), float(low), float(high))


def section(page: Page) -> list[str]:
    """What the charts under the list tell."""
    return [text for chart in range(page.locator(CHART).count()) for text in labels(page, chart)]


def changed(tab: Window, read: Callable[[Page], T], before: T | None = None) -> T:
    """What ``read`` tells of the page once it differs from ``before`` and has come to rest."""
    last, deadline = before, time.monotonic() + 30
    while time.monotonic() < deadline:
        now = read(tab.settle())
        if now != before and now == last:
            return now
        last = now
    raise AssertionError(f"still {before}")


def opened(tab: Window, url: str, drawn: str = LINES) -> Page:
    """The page with its list drawn, or another of its figures."""
    page = tab.open(url)
    expect(page.locator(drawn).first).to_be_visible(timeout=20_000)
    return page


def slide(page: Page, code: str, key: str) -> None:
    """Move a slider from the keyboard."""
    page.locator(f".st-key-w_{code} input").focus()
    page.keyboard.press(key)


def work_as(tab: Window, name: str) -> None:
    conftest.work_as(tab.page, name)
    expect(tab.page.get_by_role("button", name="存为方案")).to_be_visible(timeout=20_000)
    tab.settle()


def dropped(tab: Window, key: str) -> Locator:
    """The options of a box; a click that only closed another one is made again."""
    box, options = tab.page.locator(f"[class*=st-key-{key}] input").first, tab.page.get_by_role("option")
    for _ in range(5):
        box.click()
        tab.page.wait_for_timeout(400)
        if options.count():
            return options
    raise AssertionError(f"{key} does not drop down")


def listed(tab: Window) -> list[int]:
    """Numbers of the people (or openings) on the list, first place first."""
    texts = dropped(tab, "match_row_").all_inner_texts()
    tab.page.keyboard.press("Escape")
    return [int(number) for text in texts for number in re.findall(r"编号 (\d+)", text)]


def choose(tab: Window, number: int) -> None:
    """Show a pair in full by the box above the list in words."""
    dropped(tab, "match_row_").filter(has_text=f"编号 {number}）").click()
    expect(tab.page.locator("h3")).to_be_visible(timeout=20_000)
    tab.settle()


def click_bar(tab: Window, place: int) -> None:
    tab.page.locator(f"{LINES}[data-place='{place}'] .bar").click()


def quiet(*windows: Window) -> None:
    """No script error, no request that leaves the machine, no error box."""
    for tab in windows:
        assert tab.errors == []
        assert tab.outside == []
        assert tab.page.locator("[data-testid=stException]").count() == 0


def assert_parts_make_the_total(tab: Seen) -> None:
    for place, total in enumerate(tab.totals, start=1):
        own = sorted((start, end) for line, _, start, end in tab.parts if line == place)
        joints = [0.0, *(end for _, end in own)]
        assert [start for start, _ in own] == pytest.approx(joints[:-1], abs=1e-3)  # the browser keeps six digits
        assert sum(end - start for start, end in own) == pytest.approx(float(total), abs=0.051)


def numbers(texts: Sequence[str]) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", " ".join(texts))


def query(**values: Any) -> str:
    return "&".join(f"{name}={value}" for name, value in values.items())


def test_a_person_chosen_from_the_list_stands_in_full_beside_it(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = opened(tab, f"{server.url}/matching?job={CROCHET}")
    second = listed(tab)[1]
    before = seen(page)
    name = before.lines[1].split()[1]

    choose(tab, second)

    assert page.locator("h3").inner_text() == f"{name} ↔ 钩织工"
    expect(page.get_by_text("第 2 名，共")).to_be_visible()
    assert seen(page) == before
    assert str(second) not in page.url.split("?")[1]
    quiet(tab)


def test_a_click_on_a_bar_shows_that_pair(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = opened(tab, f"{server.url}/matching?job={CROCHET}")
    name = seen(page).lines[2].split()[1]

    click_bar(tab, 3)

    expect(page.locator("h3")).to_have_text(f"{name} ↔ 钩织工")
    expect(page.get_by_text("第 3 名，共")).to_be_visible()
    other = seen(page).lines[4].split()[1]
    click_bar(tab, 5)
    expect(page.locator("h3")).to_have_text(f"{other} ↔ 钩织工")
    quiet(tab)


def test_one_slider_moves_bars_arrows_shares_bands_stability_and_fairness_together(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = opened(tab, f"{server.url}/matching?job={CROCHET}&test=stability")
    first, bands = changed(tab, seen), changed(tab, section)
    assert not any(mark in line for line in first.lines for mark in "▲▼新")  # as the preset has it

    slide(page, "skills", "Home")
    moved = changed(tab, seen, first)

    assert page.url.endswith("&w_skills=0")
    assert moved.sliders[0].value == moved.sliders[0].share == 0
    assert abs(sum(each.share for each in moved.sliders) - 100) <= 3  # each rounded by itself
    assert all(now != then for now, then in zip(moved.sliders, first.sliders, strict=True))
    assert moved.parts != first.parts
    assert all(colour != 0 for _, colour, _, _ in moved.parts)  # a factor without weight has no bar
    assert {mark for line in moved.lines for mark in "▲▼新" if mark in line} >= {"▼", "新"}
    assert_parts_make_the_total(first)
    assert_parts_make_the_total(moved)
    held = changed(tab, section, bands)
    bounds_shown = [(float(m["low"]), 100 * float(m["high"])) for m in map(BAND.match, held) if m]
    assert len(bounds_shown) == 2 * len(CODES)  # of the first place, and of the first ten
    for each, band in zip(moved.sliders, bounds_shown, strict=False):
        assert (each.low, each.high) == pytest.approx(band, abs=0.051)

    page.get_by_role("radio", name="公平性").click()
    rates = changed(tab, section, held)
    slide(page, "skills", "End")
    expect(page.locator(".st-key-w_skills input")).to_have_value("100")

    assert numbers(changed(tab, section, rates)) != numbers(rates)
    assert changed(tab, seen, moved).lines != moved.lines
    quiet(tab)


def test_the_link_opens_the_same_view_and_english_shows_the_same_numbers(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = opened(tab, f"{server.url}/matching?job={CROCHET}&test=stability&preset=near&top=20")
    before = changed(tab, seen)
    slide(page, "travel", "PageUp")
    here = changed(tab, seen, before)
    bands = changed(tab, section)

    other, english = window(), window()
    opened(other, page.url)
    opened(english, f"{page.url}&lang=en")

    assert changed(other, seen) == here
    assert changed(other, section) == bands
    there = changed(english, seen)
    assert (there.totals, there.parts, there.sliders) == (here.totals, here.parts, here.sliders)
    assert numbers(there.lines) == numbers(here.lines)
    assert numbers(changed(english, section)) == numbers(bands)
    assert len(here.lines) == 20
    quiet(tab, other, english)


def test_all_sliders_at_zero_say_what_to_do_and_one_raised_brings_the_list_back(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = tab.open(f"{server.url}/matching?job={CROCHET}&" + query(**{f"w_{code}": 0 for code in CODES}))
    message = page.get_by_text("所有权重都为零，无从排序，请至少调高一项。")
    expect(message).to_be_visible(timeout=20_000)
    assert page.locator(LINES).count() == 0

    slide(page, "hours", "End")

    expect(page.locator(LINES).first).to_be_visible(timeout=20_000)
    expect(message).to_be_hidden()
    now = changed(tab, seen)
    assert [each.share for each in now.sliders] == [0, 0, 100, 0, 0, 0, 0]
    assert {colour for _, colour, _, _ in now.parts} == {CODES.index("hours")}
    quiet(tab)


def test_jobs_for_a_person_reload_from_a_link_without_a_name(server, sample_db, window) -> None:  # type: ignore[no-untyped-def]
    from sqlalchemy import select

    from core.store.schema import Person

    with sample_db.read() as connection:
        name = connection.execute(select(Person.name).where(Person.id == SEEKER)).scalar_one()
    tab = window()
    page = opened(tab, f"{server.url}/matching?job={CROCHET}")
    page.get_by_role("radio", name="为个人找岗").click()
    box = page.locator(".st-key-match_person input")
    box.click()
    box.fill(f"{SEEKER} 号")
    page.get_by_role("option").first.click()
    expect(page.locator("h1")).to_contain_text(f"“{name[0]}*{name[2:]}”首选")
    here = changed(tab, seen)
    click_bar(tab, 1)
    expect(page.locator("h3")).to_be_visible()
    slide(page, "pay", "End")
    here = changed(tab, seen, here)

    again = window()
    opened(again, page.url)

    assert page.url.split("?")[1] == f"person={SEEKER}&w_pay=100"
    assert changed(again, seen) == here
    assert name.encode() not in b"".join([*tab.frames, *again.frames])
    quiet(tab, again)


def test_a_phone_folds_the_weights_and_shows_the_list_without_sideways_scrolling(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window(390, 844, user_agent=PHONE, is_mobile=True, has_touch=True)
    page = opened(tab, f"{server.url}/matching?job={CROCHET}")

    weights = page.get_by_test_id("stExpander").filter(has_text="权重").first
    sliders = page.locator("[class*=st-key-w_]")
    assert [sliders.nth(n).is_visible() for n in range(sliders.count())] == [False] * sliders.count()
    fold, bars = weights.bounding_box(), page.locator(".ranked").bounding_box()
    assert fold is not None
    assert bars is not None
    assert bars["y"] - (fold["y"] + fold["height"]) < 844 / 2  # no seven sliders between
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")

    before = lines(page)
    weights.locator("summary").tap()
    expect(page.locator(".st-key-w_skills")).to_be_visible()
    slide(page, "skills", "Home")
    assert changed(tab, lines, before) != before
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    quiet(tab)
