"""What a person waits for: first load of each page, against a trivial page of the same process.

The slider step is measured by ``slider.py`` (run with ``bench_matching.py``).

PYTHONPATH=. .venv/bin/python tests/benchmarks/bench_pages.py
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from core.store.database import ROOT, Database
from core.terms import AccountRole
from pages.sign_in.cookie import COOKIE
from tests.stores import KEY, meeting_store, sign_in

PAGES = ("floor", "", "job_map", "workshops", "matching", "enterprises", "people", "data", "figures")
ROUNDS = 5
TOKEN = "session-of-the-benchmark"
SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app?.getAttribute('data-test-script-state') === 'notRunning'
    && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]')
    && !!document.querySelector('[data-testid="stMain"] h1');
}"""


@dataclass(frozen=True)
class RunningApp:
    """The app with the trivial page: where it answers, its process, its store."""

    address: str
    pid: int
    db: Database


@contextmanager
def running_app(folder: Path, prepare: Callable[[Database], None] | None = None) -> Iterator[RunningApp]:
    """The app with the trivial page, on the sample district; ``prepare`` may change the store first."""
    with running_processes(folder, 1, prepare) as [app]:
        yield app


@contextmanager
def running_processes(
    folder: Path, count: int, prepare: Callable[[Database], None] | None = None
) -> Iterator[list[RunningApp]]:
    """``count`` processes of ``running_app`` on one store."""
    db = Database(f"sqlite:///{shutil.copy(meeting_store(), folder / 'district.db')}", key=KEY)
    if prepare is not None:
        prepare(db)
    sign_in(db, AccountRole.DISPATCHER, token=TOKEN)
    with ExitStack() as stack:
        stack.callback(db.dispose)
        yield [stack.enter_context(_running(db)) for _ in range(count)]


@contextmanager
def _running(db: Database) -> Iterator[RunningApp]:
    """A process on a port of its own, answering."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.benchmarks.shell", str(port)]
    own = {"DATABASE_URL": str(db.url), "SERVER_KEY": KEY.decode(), "SAMPLE": "0"}
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own}, stdout=subprocess.DEVNULL)
    try:
        address = f"http://localhost:{port}"
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{address}/readyz", timeout=1)
                break
            except OSError:  # not there yet
                time.sleep(0.2)
        _rest(process.pid)
        yield RunningApp(address, process.pid, db)
    finally:
        process.terminate()
        process.wait()


def _rest(pid: int) -> None:
    """Wait until a process does next to nothing for a second: it computes what pages begin with once it has started."""
    process = psutil.Process(pid)
    while process.cpu_percent(interval=1.0) > 5.0:
        pass


def signed_in(context: BrowserContext) -> BrowserContext:
    """A browser with the cookie of the session that ``running_app`` has made."""
    context.add_cookies([{"name": COOKIE, "value": TOKEN, "domain": "localhost", "path": "/"}])
    return context


def first_load(browser: Browser, url: str) -> float:
    """Seconds from the address to the settled page, in a new session."""
    context = signed_in(browser.new_context(viewport={"width": 1440, "height": 900}))
    page = context.new_page()
    start = time.perf_counter()
    page.goto(url, wait_until="domcontentloaded")
    page.wait_for_function(SETTLED, timeout=60_000, polling=20)
    took = time.perf_counter() - start
    context.close()
    return took


def median(measure: Callable[[], float], rounds: int = ROUNDS) -> float:
    measure()  # warm
    return statistics.median(measure() for _ in range(rounds))


def main() -> None:
    """Print a table of loads."""
    with tempfile.TemporaryDirectory() as folder, running_app(Path(folder)) as app, sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        loads = {page: median(lambda page=page: first_load(browser, f"{app.address}/{page}")) for page in PAGES}  # type: ignore[misc]
        for page, seconds in loads.items():
            print(f"first load /{page:<12} {seconds:6.2f} s   {seconds / loads['floor']:5.2f} × floor")
        browser.close()


if __name__ == "__main__":
    main()
