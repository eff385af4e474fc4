"""The bars of the ranked list while a slider is dragged, and that the browser ranks as the server does."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.matching.inputs.factors import CODES
from core.matching.inputs.limits import UNKNOWN
from core.matching.inputs.loading import load
from core.matching.ranking.contenders import contenders
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.scoring import as_weights
from core.matching.ranking.shortlist import build_shortlist, candidates_for_job
from core.matching.ranking.sliders import rescaled
from pages.common.bars.mount import FOLDER
from pages.matching.live_bars import packed
from tests.browser.matching.test_list import CROCHET, LINES, changed, opened, quiet, seen

pytestmark = pytest.mark.browser
TODAY = date(2025, 12, 28)
TOP = 10
# Notes for every frame the order of the list, the value of the slider, and whether the mouse has been released.
WATCH = """([list, slider]) => {
  const root = [...document.querySelectorAll('*')].map((node) => node.shadowRoot).find((r) => r?.querySelector(list));
  window.frames_ = [];
  let isReleased = false;
  document.addEventListener('pointerup', () => { isReleased = true; }, {capture: true, once: true});
  const note = () => {
    const lines = [...root.querySelectorAll(list)].sort((a, b) => a.dataset.place - b.dataset.place);
    window.frames_.push({
      order: lines.map((line) => line.querySelector('.label').textContent.split(/\\s+/)[1]).join(' '),
      value: Number(document.querySelector(slider).value), isReleased,
    });
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
}"""
MODULE = """async ([source, data]) => {
  window.bars_ = await import(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})));
  window.pool_ = window.bars_.unpacked(data);
}"""


def thumb(page: Page, code: str) -> tuple[float, float]:
    """Where to take the thumb of a slider."""
    page.locator(f".st-key-w_{code} input").scroll_into_view_if_needed()
    box = page.locator(f".st-key-w_{code} input").locator("xpath=../..").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_order_and_shares_follow_the_thumb_while_it_is_dragged(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = opened(tab, f"{server.url}/matching?job={CROCHET}")
    before = changed(tab, seen)
    x, y = thumb(page, "skills")
    page.evaluate(WATCH, [LINES, ".st-key-w_skills input"])

    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 16):
        page.mouse.move(x - 6 * step, y)
        page.wait_for_timeout(20)
    expect(page.locator(".ranked[data-live]")).to_be_visible()
    shares = page.locator(".ranked .share").all_inner_texts()
    page.mouse.up()
    after = changed(tab, seen, before)

    frames: list[dict[str, Any]] = page.evaluate("window.frames_")
    dragged = [frame for frame in frames if not frame["isReleased"]]
    orders = {frame["order"] for frame in dragged}
    assert len(orders) > 2  # several orders on the screen before the mouse was released
    assert len({frame["value"] for frame in dragged}) > 5
    assert dragged[-1]["value"] == after.sliders[0].value < before.sliders[0].value
    assert dragged[-1]["order"].split() == [line.split()[1] for line in after.lines]
    assert [int(share.rstrip("%")) for share in shares] == [each.share for each in after.sliders]
    assert page.locator(".ranked .share").all_inner_texts() == shares
    quiet(tab)


def test_a_line_of_the_list_opens_from_the_keyboard_and_reads_its_parts(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = opened(tab, f"{server.url}/matching?job={CROCHET}")
    first = changed(tab, seen)
    line = page.locator(f"{LINES}[data-place='2'] button")

    assert f"{first.totals[1]} 分" in str(line.get_attribute("aria-label"))
    assert "技能" in str(line.get_attribute("aria-label"))
    line.focus()
    page.keyboard.press("Enter")

    expect(page.locator("h3")).to_contain_text(first.lines[1].split()[1])
    quiet(tab)


def test_the_browser_ranks_as_the_server_over_two_hundred_weights(sample_db, window) -> None:  # type: ignore[no-untyped-def]
    """With many weights zero, so that many scores are equal and the number decides."""
    with sample_db.read() as connection:
        pool = load(connection, TODAY)
    candidates = candidates_for_job(pool, CROCHET)
    mask = pool.people_mask()
    eligible = np.flatnonzero(mask & (candidates.verdict > UNKNOWN))
    some = eligible[contenders(candidates.profile.take(eligible), candidates.ids[eligible], TOP)]
    data = {**packed(candidates, some, preset=BUILT_IN[0], top_n=TOP), "pool": "", "names": [], "states": []}
    rng = np.random.default_rng(4)
    choices = [rng.integers(0, 101, 7) * (rng.random(7) < share) for share in rng.uniform(0.2, 1, 200)]
    weights = [w.tolist() if w.any() else [0, 0, 0, 0, 0, 0, 1] for w in choices]
    page = window().page
    page.evaluate(MODULE, [(FOLDER / "bars.js").read_text(encoding="utf-8"), data])

    first = page.evaluate(
        "([all, top]) => all.map((w) => [...window.bars_.ranked(window.pool_, w, top)].map((n) => window.pool_.ids[n]))",
        [weights, TOP],
    )

    assert len(some) < len(eligible)
    for own, listed in zip(weights, first, strict=True):
        shortlist = build_shortlist(candidates, as_weights(dict(zip(CODES, own, strict=True))), TOP, mask=mask)
        assert listed == candidates.ids[shortlist.rows].tolist()
    moves = [(w, int(rng.integers(7)), int(rng.integers(101)), (rng.random(7) < 0.3).tolist()) for w in weights]
    moves = [(w, j, value, [lock and n != j for n, lock in enumerate(locks)]) for w, j, value, locks in moves]
    for (own, j, value, locks), result in zip(
        moves, page.evaluate("all => all.map((move) => window.bars_.rescaled(...move))", moves), strict=True
    ):
        moved = dict(zip(CODES, own, strict=True)) | {CODES[j]: value}
        locked = [code for code, lock in zip(CODES, locks, strict=True) if lock]
        assert result == list((rescaled(moved, CODES[j], locked) if locked else moved).values())
