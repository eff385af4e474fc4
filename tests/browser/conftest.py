"""A real server on a copy of the sample district (or an empty store) and a real Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]
SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.getAttribute('data-test-script-state') !== 'notRunning') return false;
  if (document.querySelectorAll('[data-testid="stSkeleton"], [data-stale="true"]').length) return false;
  return !!document.querySelector('[data-testid="stMain"] h1');
}"""


@dataclass
class Server:
    """A running app and where it answers."""

    url: str
    database: Path
    log: Path


@contextmanager
def serve(folder: Path, database: Path, **environment: str) -> Iterator[Server]:
    """The app as `make run` starts it, ready to answer."""
    with start(folder, database, **environment) as found:
        _wait_for(f"{found.url}/readyz", found.log)
        yield found


@contextmanager
def start(folder: Path, database: Path, **environment: str) -> Iterator[Server]:
    """The app as `make run` starts it, on a free port; it may still be loading."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "server.log"
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{database}", "SAMPLE": "0", **environment}
    with log.open("w") as out:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT)
        try:
            url = f"http://localhost:{port}"
            _wait_for(f"{url}/_stcore/health", log)
            yield Server(url, database, log)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.2)
    raise TimeoutError(log.read_text())


@pytest.fixture(scope="session")
def server(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server on the sample district for all tests that leave it as it is."""
    folder = tmp_path_factory.mktemp("server")
    database = shutil.copy(sample_file, folder / "district.db")
    with serve(folder, Path(database)) as found:
        yield found


@pytest.fixture
def own_server(sample_file: Path, tmp_path: Path) -> Iterator[Server]:
    """A server of one's own, to write to."""
    database = shutil.copy(sample_file, tmp_path / "district.db")
    with serve(tmp_path, Path(database)) as found:
        yield found


@pytest.fixture(scope="module")
def district(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that the tests of one file write to; each has openings of its own."""
    folder = tmp_path_factory.mktemp("district")
    with serve(folder, Path(shutil.copy(sample_file, folder / "district.db"))) as found:
        yield found


@pytest.fixture
def empty_server(tmp_path: Path) -> Iterator[Server]:
    """A server on an empty store."""
    with serve(tmp_path, tmp_path / "district.db") as found:
        yield found


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@dataclass
class Window:
    """A browser window that notes what a person should never meet."""

    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)

    def open(self, url: str) -> Page:
        self.page.goto(url, wait_until="domcontentloaded")
        return self.settle()

    def settle(self) -> Page:
        """Wait until the script has run and everything is drawn."""
        self.page.wait_for_timeout(150)
        self.page.wait_for_function(SETTLED, timeout=45_000)
        return self.page


@pytest.fixture
def window(chromium: Browser) -> Iterator[Callable[..., Window]]:
    """``window()`` opens a new window with a session of its own."""
    contexts: list[BrowserContext] = []

    def make(width: int = 1440, height: int = 900, **options: object) -> Window:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **options)  # type: ignore[arg-type]
        contexts.append(context)
        found = Window(context.new_page())
        found.page.on("pageerror", lambda error: found.errors.append(str(error)))
        found.page.on("request", lambda request: _note_outside(found, request.url))
        found.page.on("websocket", lambda socket: socket.on("framereceived", lambda data: _note_frame(found, data)))
        return found

    yield make
    for context in contexts:
        context.close()


def _note_outside(window: Window, url: str) -> None:
    host = urlparse(url).hostname
    if host not in (None, "localhost", "127.0.0.1") and not url.startswith(("data:", "blob:")):
        window.outside.append(url)


def _note_frame(window: Window, data: bytes | str) -> None:
    window.frames.append(data if isinstance(data, bytes) else data.encode())
