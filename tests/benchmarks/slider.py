"""What a person waits for at a slider: key → new bars painted in Chromium, against a trivial fragment of the process."""

from __future__ import annotations

import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Connection, insert, select

from core.store.database import Database
from core.store.schema import Base, Intention, Person, PersonSkill, PersonStateSpell
from tests.benchmarks.bench_pages import SETTLED, running_app, signed_in

LINEUP = 121.0  # milliseconds that LineUp.js takes for a re-ranking of 10,000 rows
TABLES: tuple[type[Base], ...] = (PersonStateSpell, Intention, PersonSkill)
# Notes on the next key press how long it takes until what is watched has changed, and until the page is at rest.
WATCH = """(what) => {
  const look = () => (what === 'value'
    ? [...document.querySelectorAll('p')].find((p) => /^value/.test(p.textContent))
    : document.querySelector(what))?.innerHTML ?? null;
  const rested = () => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-stale="true"]');
  window.__took = window.__rested = null;
  document.addEventListener('keydown', () => {
    const start = performance.now(), before = look();
    const wait = () => {
      const now = look();
      if (window.__took === null && now !== null && now !== before)
        requestAnimationFrame(() => { window.__took = performance.now() - start; });
      if (window.__took !== null && rested()) window.__rested = performance.now() - start;
      else requestAnimationFrame(wait);
    };
    requestAnimationFrame(wait);
  }, {once: true, capture: true});
}"""
CHART = "[data-testid=stVegaLiteChart]"


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
    """Milliseconds from a key on a slider: to the watched text's change, and to a page at rest; medians."""

    changed: float
    settled: float


def step(page: Page, watch: str, key: str) -> tuple[float, float]:
    """One key on the page's first slider."""
    page.bring_to_front()
    page.locator("input[type=range]").first.focus()
    page.evaluate(WATCH, watch)
    page.keyboard.press(key)
    page.wait_for_function("window.__rested !== null", timeout=120_000, polling=20)
    page.wait_for_timeout(250)
    return page.evaluate("[window.__took, window.__rested]")


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
        pages, found = {}, {}
        for name, ready in (("floor", "h1"), ("matching", f"{CHART} svg")):
            page = signed_in(browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")).new_page()
            page.goto(f"{app.address}/{name}")
            page.wait_for_selector(ready, timeout=600_000)
            page.wait_for_function(SETTLED, timeout=600_000)
            page.wait_for_timeout(1500)
            pages[name], found[name] = page, []
        for n in range(rounds):
            for name, watch in (("floor", "value"), ("matching", CHART)):
                found[name].append(step(pages[name], watch, "ArrowLeft" if n % 2 else "ArrowRight"))
        browser.close()
    return {
        name: Waits(*(statistics.median(column) for column in zip(*waits[ignored:], strict=True)))
        for name, waits in found.items()
    }


def main(sizes: tuple[int | None, ...] = (None, 10_000, 100_000)) -> None:
    """Print a line a size."""
    for people in sizes:
        found = measure(people)
        floor, matching = found["floor"], found["matching"]
        label = "sample" if people is None else f"{people:,}"
        print(
            f"slider step, {label:>8} people: floor {floor.changed:4.0f} ms, bars {matching.changed:5.0f} ms = "
            f"{matching.changed / floor.changed:.1f} × floor, {matching.changed / LINEUP:.1f} × LineUp.js; "
            f"all at rest {matching.settled:5.0f} ms",
            flush=True,
        )


if __name__ == "__main__":
    main()
