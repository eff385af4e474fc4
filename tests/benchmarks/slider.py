"""What a person waits for at a slider, in Chromium against a trivial fragment of the process.

A key: until the bars have moved (ranked by the browser), until the server's bars are there, until the page is at rest. A
drag with the mouse: the time from frame to frame while the thumb moves.
"""

from __future__ import annotations

import itertools
import math
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright
from sqlalchemy import Connection, insert, select

from core.store.database import ROOT, Database
from core.store.schema import Base, Intention, Person, PersonSkill, PersonStateSpell
from tests.benchmarks.bench_pages import SETTLED, running_app, signed_in

LINEUP = 121.0  # milliseconds that LineUp.js takes for a re-ranking of 10,000 rows
TABLES: tuple[type[Base], ...] = (PersonStateSpell, Intention, PersonSkill)
DRAGS = 4
DRAG = 90  # moves of the mouse while the thumb is held
# Notes on the next key press how long it takes until what is watched has changed, until it is the server's answer, and
# until the page is at rest.
WATCH = """(what) => {
  const list = document.querySelector('[class*=st-key-match_list] [data-testid=stBidiComponentIsolated]');
  const bars = () => list?.shadowRoot.querySelector('.ranked');
  const look = () => (what === 'bars' ? bars()
    : [...document.querySelectorAll('p')].find((p) => /^value/.test(p.textContent)))?.innerHTML ?? null;
  const rested = () => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-stale="true"]');
  window.__took = window.__answered = window.__rested = null;
  document.addEventListener('keydown', () => {
    const start = performance.now(), before = look();
    const passed = () => performance.now() - start;
    const wait = () => {
      const now = look();
      if (window.__took === null && now !== null && now !== before)
        requestAnimationFrame(() => { window.__took = passed(); });
      if (window.__took !== null && window.__answered === null && !bars()?.hasAttribute('data-live'))
        requestAnimationFrame(() => { window.__answered = passed(); });
      if (window.__answered !== null && rested()) window.__rested = passed();
      else requestAnimationFrame(wait);
    };
    requestAnimationFrame(wait);
  }, {once: true, capture: true});
}"""
FRAMES = """() => {
  window.__frames = [];
  const note = (now) => { window.__frames.push(now); window.__noting = requestAnimationFrame(note); };
  window.__noting = requestAnimationFrame(note);
}"""
# Milliseconds of ranking alone, median and 95th percentile: n contenders, the first 50.
RANK = """async ([source, n]) => {
  const bars = await import(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})));
  const values = Array.from({length: 7}, () => Uint16Array.from({length: n}, () => Math.random() * 10001));
  const pool = {size: n, ids: Int32Array.from({length: n}, (_, i) => i), values, coverage: [3, 5],
    known: Uint8Array.from({length: n}, () => 127 - (Math.random() < 0.3 ? 4 : 0))};
  const took = Array.from({length: 300}, () => {
    const weights = Array.from({length: 7}, () => Math.floor(Math.random() * 101)), start = performance.now();
    bars.ranked(pool, weights, 50);
    return performance.now() - start;
  }).slice(20).sort((a, b) => a - b);
  return [took[took.length >> 1], took[Math.floor(took.length * 0.95)]];
}"""


def multiply(db: Database, people: int) -> None:
    """Fill the store up to about ``people`` people: copies of the known ones, each at a place of its own."""
    with db.write() as session:
        connection = session.connection()
        known = [dict(row._mapping) for row in connection.execute(select(*Person.__table__.columns))]
        top = max(row["id"] for row in known)
        copies = range(1, -(-people // len(known)))
        for n in copies:
            rows = [
                {
                    **row,
                    "id": row["id"] + n * top,
                    "name": f"{row['name']}{n}",
                    "id_hash": None,
                    "lon": None if row["lon"] is None else row["lon"] + 0.0001 * (n % 50),
                    "lat": None if row["lat"] is None else row["lat"] - 0.0001 * (n // 50),
                }
                for row in known
            ]
            connection.execute(insert(Person), [{k: v for k, v in row.items() if k in _fields(Person)} for row in rows])
        for table in TABLES:
            _copy(connection, table, top, copies)


def _fields(table: type[Base]) -> set[str]:
    return set(table.__table__.c.keys())


def _copy(connection: Connection, table: type[Base], top: int, copies: range) -> None:
    """The rows of a table once more for every copy of their person."""
    rows = [dict(row._mapping) for row in connection.execute(select(*table.__table__.columns))]
    for row in rows:
        row.pop("id", None)
    for n in copies:
        connection.execute(insert(table), [{**row, "person_id": row["person_id"] + n * top} for row in rows])


@dataclass(frozen=True)
class Waits:
    """Milliseconds: from a key on a slider to a change, to the server's answer, to a page at rest (medians); of a drag,
    from frame to frame (95th percentile), and of the page's main thread a frame, without the time that others had it."""

    changed: float
    answered: float
    settled: float
    frame: float
    work: float


def step(page: Page, watch: str, key: str) -> tuple[float, float, float]:
    """One key on the page's first slider."""
    page.bring_to_front()
    page.locator("input[type=range]").first.focus()
    page.evaluate(WATCH, watch)
    page.keyboard.press(key)
    page.wait_for_function("window.__rested !== null", timeout=120_000, polling=20)
    page.wait_for_timeout(250)
    return page.evaluate("[window.__took, window.__answered, window.__rested]")


def drag(page: Page, thread: CDPSession) -> tuple[list[float], float]:
    """The page's first slider dragged to and fro: milliseconds from frame to frame, and of the main thread in all."""
    page.bring_to_front()
    box = page.locator("input[type=range]").first.locator("xpath=../..").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(FRAMES)
    before = _busy(thread)
    for n in range(DRAG):
        page.mouse.move(x + 60 * math.sin(n / 9), y)
    busy = _busy(thread) - before
    page.evaluate("cancelAnimationFrame(window.__noting)")
    times: list[float] = page.evaluate("window.__frames")
    page.mouse.up()
    page.wait_for_function(SETTLED, timeout=120_000)
    page.wait_for_timeout(400)
    return [after - before for before, after in itertools.pairwise(times)], busy


def _busy(thread: CDPSession) -> float:
    """Milliseconds of processor time that the main thread has had."""
    metrics = thread.send("Performance.getMetrics")["metrics"]
    return 1000 * next(float(m["value"]) for m in metrics if m["name"] == "TaskDuration")


def percentile(times: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def measure(people: int | None, rounds: int = 24, ignored: int = 4) -> dict[str, Waits]:
    """Waits on the trivial fragment and in matching, in turns, with the sample as it is or multiplied to ``people``."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder), prepare=None if people is None else lambda db: multiply(db, people)) as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking"]
        )
        pages: dict[str, Page] = {}
        steps: dict[str, list[tuple[float, float, float]]] = {"floor": [], "matching": []}
        frames: dict[str, list[float]] = {"floor": [], "matching": []}
        for name, ready in (("floor", "h1"), ("matching", ".ranked .line")):
            page = signed_in(browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")).new_page()
            page.goto(f"{app.address}/{name}")
            page.wait_for_selector(ready, timeout=600_000)
            page.wait_for_function(SETTLED, timeout=600_000)
            page.wait_for_timeout(1500)
            pages[name] = page
        for n in range(rounds):
            for name, watch in (("floor", "value"), ("matching", "bars")):
                steps[name].append(step(pages[name], watch, "ArrowLeft" if n % 2 else "ArrowRight"))
        busy = dict.fromkeys(pages, 0.0)
        for name, page in pages.items():
            thread = page.context.new_cdp_session(page)
            thread.send("Performance.enable", {"timeDomain": "threadTicks"})
            for _ in range(DRAGS):
                times, work = drag(page, thread)
                frames[name] += times
                busy[name] += work
        browser.close()
    return {
        name: Waits(
            *map(statistics.median, zip(*steps[name][ignored:], strict=True)),
            frame=percentile(frames[name]),
            work=busy[name] / len(frames[name]),
        )
        for name in pages
    }


def ranking_alone(sizes: tuple[int, ...] = (10_000, 100_000)) -> dict[int, tuple[float, float]]:
    """Milliseconds, median and 95th percentile, of ranking as many contenders in Chromium, without drawing."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        source, page = (
            (ROOT / "pages" / "common" / "bars" / "bars.js").read_text(encoding="utf-8"),
            browser.new_page(),
        )
        timings = {n: tuple(page.evaluate(RANK, [source, n])) for n in sizes}
        browser.close()
    return timings


def main(sizes: tuple[int | None, ...] = (None, 10_000, 100_000)) -> None:
    """Print a line a size."""
    for n, (usual, most) in ranking_alone().items():
        print(f"ranking in the browser, {n:>8,} contenders: {usual:5.2f} ms, 95% under {most:5.2f} ms")
    for people in sizes:
        figures = measure(people)
        floor, matching = figures["floor"], figures["matching"]
        label = "sample" if people is None else f"{people:,}"
        print(
            f"slider, {label:>8} people: key → floor {floor.changed:4.0f} ms, bars move {matching.changed:4.0f} ms, "
            f"server's bars {matching.answered:5.0f} ms = {matching.answered / floor.changed:.1f} × floor, "
            f"{matching.answered / LINEUP:.1f} × LineUp.js; all at rest {matching.settled:5.0f} ms; frames of a drag, "
            f"95% under {matching.frame:5.1f} ms = {matching.frame / floor.frame:.1f} × floor ({floor.frame:.1f} ms), "
            f"main thread {matching.work:.1f} ms a frame (floor {floor.work:.1f})",
            flush=True,
        )


if __name__ == "__main__":
    main()
