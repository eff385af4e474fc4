"""What a person waits for at a slider: key → new bars painted in Chromium, against a trivial fragment of the process."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Connection, insert, select

from core.store.database import Database
from core.store.schema import Base, Intention, Person, PersonSkill, PersonStateSpell
from tests.benchmarks.bench_pages import SETTLED, server

LINEUP = 121.0  # milliseconds that LineUp.js takes for a re-ranking of 10,000 rows
TABLES: tuple[type[Base], ...] = (PersonStateSpell, Intention, PersonSkill)
# Notes on the next key press how long it takes until the watched text has changed.
WATCH = """(what) => {
  const look = () => (what === 'value'
    ? [...document.querySelectorAll('p')].find((p) => /^value/.test(p.textContent))
    : document.querySelector(what))?.textContent ?? null;
  window.__took = null;
  document.addEventListener('keydown', () => {
    const start = performance.now(), before = look();
    const wait = () => {
      const now = look();
      if (now !== null && now !== before) requestAnimationFrame(() => { window.__took = performance.now() - start; });
      else requestAnimationFrame(wait);
    };
    requestAnimationFrame(wait);
  }, {once: true, capture: true});
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


def steps(page: Page, slider: str, watch: str, n: int = 14) -> float:
    """Median milliseconds from a key on the slider to the changed text."""
    found = []
    for i in range(n):
        page.locator(slider).first.focus()
        page.evaluate(WATCH, watch)
        page.keyboard.press("ArrowLeft" if i % 2 else "ArrowRight")
        page.wait_for_function("window.__took !== null", timeout=30_000, polling=20)
        found.append(page.evaluate("window.__took"))
        page.wait_for_function(SETTLED, polling=50, timeout=60_000)
        page.wait_for_timeout(250)
    return statistics.median(found[4:])


def measure(people: int | None) -> tuple[float, float]:
    """Milliseconds (trivial fragment, matching) with the sample as it is or multiplied to ``people``."""
    with (
        tempfile.TemporaryDirectory() as folder,
        server(Path(folder), prepare=None if people is None else lambda db: multiply(db, people)) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
        page.goto(f"{url}/floor")
        page.wait_for_function(SETTLED, timeout=600_000)
        floor = steps(page, "input[type=range]", "value")
        page.goto(f"{url}/matching")
        page.wait_for_selector("[data-testid=stVegaLiteChart] svg", timeout=600_000)
        page.wait_for_function(SETTLED, timeout=600_000)
        page.wait_for_timeout(1500)
        ranked = steps(page, "input[type=range]", "[data-testid=stVegaLiteChart]")
        browser.close()
        return floor, ranked


def main(sizes: tuple[int | None, ...] = (None, 10_000, 100_000)) -> None:
    """Print a line a size."""
    for people in sizes:
        floor, ranked = measure(people)
        label = "sample" if people is None else f"{people:,}"
        print(
            f"slider step, {label:>8} people: floor {floor:4.0f} ms, bars {ranked:5.0f} ms = {ranked / floor:.1f} × floor, "
            f"{ranked / LINEUP:.1f} × LineUp.js",
            flush=True,
        )


if __name__ == "__main__":
    main()
