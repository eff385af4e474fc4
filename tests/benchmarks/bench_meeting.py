"""The meeting: freezing a week and ten, every document of a week with its memory, and a page turn in Chromium.

PYTHONPATH=. .venv/bin/python tests/benchmarks/bench_meeting.py
"""

from __future__ import annotations

import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from core.dispatch import queries
from core.dispatch.commands import freeze, freeze_history
from core.dispatch.documents import Meeting, make_document, stamp_of
from core.dispatch.slide_model import Stamp
from core.dispatch.slides import Week, slides_of
from core.dispatch.weeks import before, frozen_headers
from core.intake.seed import SAMPLE_AS_OF
from core.locale import translator
from core.policy import system_access
from core.store.database import Database
from core.terms import ExportKind
from tests.benchmarks.bench_pages import running_app, signed_in
from tests.benchmarks.slider import WATCH, step
from tests.stores import copy_of, sample_store

TURNS = 24
DOCUMENTS_GOAL, MEMORY_GOAL = 10.0, 400  # seconds, megabytes


def seconds(run: Callable[[], object]) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def bench_freezing() -> tuple[Week, Stamp]:
    """Freeze ten weeks, then the last one again; returns the last."""
    with tempfile.TemporaryDirectory() as folder:
        db = copy_of(sample_store(), Path(folder))
        now = datetime.now(UTC)
        ten = seconds(lambda: freeze_history(db, SAMPLE_AS_OF, count=10, actor=system_access("benchmark"), at=now))
        one = [
            seconds(
                lambda: freeze(
                    db, "2025-W52", today=SAMPLE_AS_OF, actor=system_access("benchmark"), at=now, reason="again"
                )
            )
            for _ in range(3)
        ]
        print(f"ten weeks frozen in {ten:.1f} s; one week in {statistics.median(one):.2f} s")
        week = last_week(db)
        db.dispose()
    return week


def last_week(db: Database) -> tuple[Week, Stamp]:
    """The newest frozen week of a store with the one before, and its stamp."""
    with db.read() as connection:
        headers = frozen_headers(queries.headers(connection))
        last, previous = headers[0], before(headers, headers[0])
        assert previous is not None
        content = [queries.content(connection, h.iso_week, h.rev) for h in (last, previous)]
    assert content[0] is not None
    week = Week(content[0], last.as_of, last.metric_version, content[1], previous.metric_version)
    return week, stamp_of(last, "district", "office", is_demo=True)


def bench_documents(week: Week, stamp: Stamp) -> None:
    """Every document in Chinese, with the memory of the process at its highest."""
    tr = translator("zh_CN")
    meeting = Meeting(agenda=(), decisions={}, held_on=date(2025, 12, 29), chair="", author="", is_closed=False)
    slides = seconds(lambda: slides_of(week, tr))
    took = {kind: seconds(lambda kind=kind: make_document(kind, week, stamp, tr, meeting)) for kind in ExportKind}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    parts = ", ".join(f"{kind.value} {spent:.2f} s" for kind, spent in took.items())
    total = sum(took.values())
    print(f"slides {slides:.2f} s; {parts}; all {total:.1f} s = {total / DOCUMENTS_GOAL:.2f} × goal")
    print(f"memory {memory:.0f} MB = {memory / MEMORY_GOAL:.2f} × goal")


def turn(page: Page, key: str) -> float:
    """Milliseconds from a key to the next slide painted."""
    page.bring_to_front()
    page.evaluate(WATCH, ".slide")
    page.keyboard.press(key)
    page.wait_for_function("window.__took !== null", timeout=30_000, polling=20)
    page.wait_for_timeout(250)
    return float(page.evaluate("window.__took"))


def bench_turns() -> None:
    """Page turns beside steps of a trivial fragment of the same process, in turns."""

    def prepare(db: Database) -> None:
        freeze_history(db, SAMPLE_AS_OF, count=2, actor=system_access("benchmark"), at=datetime.now(UTC))

    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder), prepare) as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking"]
        )
        pages = {}
        for name, address, ready in (("floor", "floor", "h1"), ("meeting", "meeting?present=1&slide=1", ".slide h1")):
            pages[name] = signed_in(browser.new_context(viewport={"width": 1920, "height": 1080})).new_page()
            pages[name].goto(f"{app.address}/{address}")
            pages[name].wait_for_selector(ready, timeout=120_000)
            pages[name].wait_for_timeout(3_000)
        floor, turns = [], []
        for n in range(TURNS):
            floor.append(step(pages["floor"], "value", "ArrowLeft" if n % 2 else "ArrowRight")[0])
            turns.append(turn(pages["meeting"], "ArrowRight" if n % 22 < 11 else "ArrowLeft"))
        browser.close()
    own, trivial = statistics.median(turns[2:]), statistics.median(floor[2:])
    print(
        f"page turn {own:.0f} ms = {own / trivial:.1f} × a trivial fragment ({trivial:.0f} ms); slowest {max(turns):.0f}"
    )


if __name__ == "__main__":
    bench_documents(*bench_freezing())
    bench_turns()
