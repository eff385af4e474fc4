"""The order of the enterprises while the weight of a pillar is dragged, and that the browser ranks as the server does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.enterprises.weights import Ranking, whole_weights
from core.terms import Pillar
from pages.common.bars.mount import FOLDER
from pages.enterprises.live_order import LISTED, contender_data
from tests.browser.matching.test_bars import MODULE, WATCH
from tests.browser.matching.test_list import LINES, READ, WIDTH, changed, lines, opened, quiet

pytestmark = pytest.mark.browser
ADDRESS = "/enterprises?enterprise_tab=权重"
SLIDER = ".st-key-pillar_weight_retention input"


def thumb(page: Page) -> tuple[float, float]:
    """Where to take the thumb of the slider."""
    page.locator(SLIDER).scroll_into_view_if_needed()
    box = page.locator(SLIDER).locator("xpath=../..").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drawn(page: Page) -> list[tuple[str, str, str]]:
    """Name, score and tier by place, whoever ranked them."""
    shown: list[dict[str, Any]] = page.locator(LINES).evaluate_all(READ, WIDTH)
    return [(line["line"].split()[1], line["total"], line["state"]) for line in shown]


def answered(page: Page) -> list[tuple[str, str, str]]:
    """The same as the server ranked them."""
    lines(page)
    return drawn(page)


def test_a_slider_keeps_the_keyboard_from_step_to_step(server, window) -> None:  # type: ignore[no-untyped-def]
    found = window()
    page = opened(found, f"{server.url}{ADDRESS}")
    before = int(page.locator(SLIDER).input_value())
    page.locator(SLIDER).focus()
    for step in range(1, 4):
        page.keyboard.press("ArrowRight")
        found.settle()
        expect(page.locator(SLIDER)).to_be_focused()
        assert int(page.locator(SLIDER).input_value()) == before + step
    page.get_by_role("button", name="恢复现行权重").click()
    expect(page.locator(SLIDER)).to_have_value(str(before))
    quiet(found)


def test_scores_order_and_tiers_follow_the_thumb_while_it_is_dragged(server, window) -> None:  # type: ignore[no-untyped-def]
    found = window()
    page = opened(found, f"{server.url}{ADDRESS}")
    before = changed(found, answered)
    x, y = thumb(page)
    page.evaluate(WATCH, [LINES, SLIDER])

    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 16):
        page.mouse.move(x + 4 * step, y)
        page.wait_for_timeout(20)
    expect(page.locator(".ranked[data-live]")).to_be_visible()
    live = drawn(page)
    page.mouse.up()
    after = changed(found, answered, before)

    dragged = [frame for frame in page.evaluate("window.frames_") if not frame["isReleased"]]
    assert len({frame["order"] for frame in dragged}) > 1  # other orders on the screen before the mouse was released
    assert len({frame["value"] for frame in dragged}) > 5
    assert live == after != before
    quiet(found)


def test_a_line_challenges_its_place_from_the_keyboard_and_reads_its_parts(server, window) -> None:  # type: ignore[no-untyped-def]
    found = window()
    page = opened(found, f"{server.url}{ADDRESS}")
    name, score, tier = changed(found, answered)[2]
    line = page.locator(f"{LINES}[data-place='3'] button")

    said = str(line.get_attribute("aria-label"))
    assert f"{score} 分" in said
    assert said.endswith(tier)
    assert f"{Pillar.RETENTION.zh} −" in said
    line.focus()
    page.keyboard.press("Enter")

    chosen = page.locator(".st-key-challenge_enterprise").get_by_role("combobox")
    expect(chosen).to_have_value(name, timeout=20_000)
    quiet(found)


def test_the_browser_ranks_and_scores_as_the_server_over_two_hundred_weights(window) -> None:  # type: ignore[no-untyped-def]
    """With pillars in tenths and many weights zero, so that many scores are equal and the number decides."""
    rng = np.random.default_rng(5)
    values = np.where(rng.random((300, len(Pillar))) < 0.2, 0.01, rng.integers(1, 11, (300, len(Pillar))) / 10)
    keys = rng.permutation(1000)[:300]
    ranking, published = Ranking(keys, np.log(values)), dict.fromkeys(Pillar, 50)
    choices = [rng.integers(0, 101, 6) * (rng.random(6) < share) for share in rng.uniform(0.2, 1, 200)]
    weights = [w.tolist() if w.any() else [0, 0, 0, 0, 0, 1] for w in choices]
    data = contender_data(ranking, published, {int(key): str(key) for key in keys}) | {"pool": ""}
    page = window().page
    page.evaluate(MODULE, [(FOLDER / "bars.js").read_text(encoding="utf-8"), data])

    listed = page.evaluate(
        """all => all.map((weights) => [...window.bars_.ranked(window.pool_, weights, window.pool_top_)].map((row) => {
          const {ids, known, logs} = window.pool_;
          const shown = {known: known[row], logs: logs.map((column) => column[row])};
          const {score, parts} = window.bars_.split(weights, shown);
          return [ids[row], score, parts.reduce((sum, {worth}) => sum + worth, 0)];
        }))""".replace("window.pool_top_", str(LISTED)),
        weights,
    )

    rows = {int(key): row for row, key in enumerate(keys)}
    for own, line in zip(weights, listed, strict=True):
        whole = whole_weights(dict(zip(Pillar, own, strict=True)))
        ids, score, lost = (list(column) for column in zip(*line, strict=True))
        assert ids == ranking.order(whole)[:LISTED]
        assert score == pytest.approx(ranking.index(whole)[[rows[key] for key in ids]], rel=1e-12)
        assert np.add(score, lost) == pytest.approx(np.full(LISTED, 100.0))
