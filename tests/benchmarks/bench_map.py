"""What the job map weighs and what a person waits for after a click, against a trivial page of the same process.

    PYTHONPATH=. .venv/bin/python tests/benchmarks/bench_map.py

Prints the messages and files of a first load and of a click on a community (kilobytes, beside those of the trivial
page), the time from the click on the map, and from the choice in the select box, to the new panel (beside the slider
step of the trivial fragment), and the milliseconds of a what-if step at the size of the sample district.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

from playwright.sync_api import Browser, Page, Request, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from core.access import queries
from core.access.accessibility import compute_accessibility
from core.access.snapshot import make_snapshot
from core.access.what_if import Scenario, marginal_effects, play, rank_premises
from core.geography.plane import TravelMode, travel
from core.store import settings
from core.store.database import Database
from tests.benchmarks.bench_access import best
from tests.benchmarks.bench_pages import SETTLED, running_app, signed_in
from tests.benchmarks.slider import step
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.job_map.decks import decks, pixel

CLICKS = 14
WARM = 4  # clicks that don't count
CANVAS = "[data-testid=stDeckGlJsonChart] canvas"
# Notes on the next press how long it takes until the heading of the panel has changed, and is painted.
WATCH = """(event) => {
  const look = () => document.querySelector('[role=tabpanel] h3')?.textContent ?? null;
  const mine = window.__watch = (window.__watch ?? 0) + 1;
  window.__took = null;
  document.addEventListener(event, () => {
    const start = performance.now(), before = look();
    const wait = () => {
      if (mine !== window.__watch) return;
      if (look() !== before && look() !== null) requestAnimationFrame(() => { window.__took = performance.now() - start; });
      else requestAnimationFrame(wait);
    };
    requestAnimationFrame(wait);
  }, {once: true, capture: true});
}"""


@dataclass
class Traffic:
    """Bytes that reached a window since the last look."""

    frames: list[bytes] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    @classmethod
    def of(cls, page: Page) -> Traffic:
        traffic = cls()

        def note(data: bytes | str) -> None:
            traffic.frames.append(data if isinstance(data, bytes) else data.encode())

        def keep(request: Request) -> None:
            traffic.requests.append(request)

        page.on("websocket", lambda socket: socket.on("framereceived", note))
        page.on("requestfinished", keep)
        return traffic

    def taken(self) -> tuple[float, float, float]:
        """Kilobytes (messages, files under /app/static, the front end's own files), and start anew."""
        sizes = {True: 0, False: 0}
        for request in self.requests:
            if not request.url.startswith(("blob:", "data:")):
                public = urlparse(request.url).path.startswith("/app/static")
                sizes[public] += request.sizes()["responseBodySize"]
        messages = sum(map(len, self.frames))
        self.frames.clear()
        self.requests.clear()
        return messages / 1000, sizes[True] / 1000, sizes[False] / 1000


def settle(page: Page) -> None:
    page.wait_for_function(SETTLED, timeout=120_000, polling=50)
    page.wait_for_timeout(1200)  # the base map, and what comes after the run


def opened(browser: Browser, url: str) -> tuple[Page, Traffic]:
    page = signed_in(browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")).new_page()
    traffic = Traffic.of(page)
    page.goto(url, wait_until="domcontentloaded")
    settle(page)
    return page, traffic


def timed(page: Page, act: Callable[[int], None]) -> float:
    """Median milliseconds from a click to the new panel. A click that the page misses while it draws is done again."""
    times: list[float] = []
    while len(times) < CLICKS:
        act(len(times))
        try:
            page.wait_for_function("window.__took !== null", timeout=10_000, polling=20)
        except PlaywrightTimeout:
            continue
        times.append(page.evaluate("window.__took"))
        settle(page)
    return statistics.median(times[WARM:])


def on_the_map(browser: Browser, url: str) -> tuple[float, dict[str, tuple[float, float, float]]]:
    """Milliseconds from the click on a community to its panel, and the traffic of the first load and of a click."""
    page, traffic = opened(browser, f"{url}/job_map")
    page.locator(CANVAS).first.wait_for()
    page.wait_for_timeout(2000)
    (_, deck), *_ = decks(traffic.frames)
    sizes = {"first load": traffic.taken()}
    labels = next(layer for layer in deck["layers"] if layer["id"] == "label")["data"]
    names = [row["n"].split("\n")[0] for row in labels][:2]

    def click(n: int) -> None:
        x, y = pixel(page, deck, names[n % 2])
        page.mouse.move(x, y + 14, steps=3)
        page.wait_for_timeout(400)
        page.evaluate(WATCH, "pointerup")
        page.mouse.down()
        page.wait_for_timeout(60)
        page.mouse.up()

    times = timed(page, click)
    traffic.taken()
    click(0)
    settle(page)
    sizes["click"] = traffic.taken()
    page.context.close()
    return times, sizes


def in_the_box(browser: Browser, url: str) -> float:
    """Milliseconds from the choice of a community in the select box, on the map without WebGL, to its panel."""
    page, _ = opened(browser, f"{url}/job_map?view=static")

    def choose(n: int) -> None:
        page.locator("[class*=st-key-map_community_] input").click()
        page.get_by_role("option").nth(1 + n % 2).wait_for()
        page.evaluate(WATCH, "pointerup")
        page.get_by_role("option").nth(1 + n % 2).click()

    times = timed(page, choose)
    page.context.close()
    return times


def what_if(database: Path) -> None:
    """One step of a what-if, and the ranking of all idle premises, on the sample district."""
    db = Database(f"sqlite:///{database}")
    with db.read() as connection:
        day = settings.district(connection).as_of
        assert day is not None
        snapshot = make_snapshot(queries.load(connection, day))
        way = travel(settings.parameters(connection), TravelMode.WALK, day)
    db.dispose()
    accessibility = compute_accessibility(snapshot, TravelMode.WALK, way)
    effects = marginal_effects(snapshot, accessibility)
    scenario = Scenario({int(snapshot.idle["id"].iloc[0]): 20}, closed=frozenset([snapshot.sites["key"].iloc[0]]))
    size = f"{len(snapshot.homes)} seekers, {len(snapshot.sites)} places, {len(snapshot.idle)} idle premises"
    for name, run in (
        ("what-if step", lambda: play(snapshot, accessibility, effects, scenario)),
        ("ranking of all premises", lambda: rank_premises(snapshot, accessibility, effects)),
    ):
        print(f"{name:<24} {best(run)[0]:8.2f} ms   {size}")


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, running_app(Path(folder)) as app, sync_playwright() as playwright:
        what_if(Path(folder) / "district.db")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page, traffic = opened(browser, f"{app.address}/floor")
        sizes = {"trivial page": traffic.taken()}
        keys = [step(page, "value", "ArrowLeft" if n % 2 else "ArrowRight")[0] for n in range(CLICKS)]
        floor = statistics.median(keys[WARM:])
        page.context.close()
        click, of_map = on_the_map(browser, app.address)
        box = in_the_box(browser, app.address)
        browser.close()
    for name, (messages, public, front) in (sizes | of_map).items():
        print(f"{name:<24} {messages:8.1f} KB messages {public:8.1f} KB map files {front:8.1f} KB front end (kept)")
    for name, took in (("trivial fragment", floor), ("click on the map → panel", click), ("box → panel", box)):
        print(f"{name:<24} {took:8.0f} ms   {took / floor:5.1f} × trivial")


if __name__ == "__main__":
    main()
