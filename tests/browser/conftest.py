"""A real server on a copy of the sample district (or an empty store) and a real Chromium.

Servers on a copy of the sample are forked from a process that has everything imported and computed; the tests about the
start itself start the app from nothing. Windows of a size share the browser's cache of files: what is tested is the
app, not how fast Chromium reads Streamlit's own scripts. Streamlit gives every window a session of its own.
"""

from __future__ import annotations

import os
import shutil
import signal
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
from typing import Any
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from core.store.database import Database
from core.terms import AccountRole
from pages.sign_in.cookie import COOKIE
from tests.browser.app_process import start_process
from tests.stores import KEY, meeting_store, sign_in

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
    "--disable-gpu-compositing",  # WebGL is drawn by SwiftShader; the page around it needs no such detour
]
EMPTY = "about:blank"
TOKEN = "session-of-every-window"
SERVERS: dict[int | None, Server] = {}  # by port
SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.getAttribute('data-test-script-state') !== 'notRunning') return false;
  if (document.querySelectorAll('[data-testid="stSkeleton"], [data-stale="true"]').length) return false;
  return !!document.querySelector('[data-testid="stMain"] h1');
}"""

# By a timer of the page itself: a browser that is slow to send what was entered is slow here as well.
A_MOMENT = "() => new Promise(done => setTimeout(done, 150))"


@dataclass
class Server:
    """A running app and where it answers."""

    url: str
    database: Path
    log: Path


@contextmanager
def serve_sample(
    folder: Path, sample_file: Path, *, database: Path | None = None, **environment: str
) -> Iterator[Server]:
    """The app on a copy of the sample district in ``folder``, or on ``database``, such a copy from before a restart."""
    database = database or Path(shutil.copy(sample_file, folder / "district.db"))
    log, port = folder / "server.log", _free_port()
    process = start_process(port, log, _environment(database) | environment, sample_file)
    try:
        url = f"http://localhost:{port}"
        _wait_for(f"{url}/readyz", log)
        yield _signed_in(Server(url, database, log))
    finally:
        process.terminate()
        process.join(timeout=20)
        if process.is_alive():
            process.kill()
            pytest.fail(f"the server did not stop:\n{log.read_text()[-8000:]}")


@contextmanager
def serve(folder: Path, database: Path, **environment: str) -> Iterator[Server]:
    """The app as `make run` starts it, ready to answer."""
    with start(folder, database, **environment) as server:
        _wait_for(f"{server.url}/readyz", server.log)
        yield _signed_in(server)


@contextmanager
def start(folder: Path, database: Path, **environment: str) -> Iterator[Server]:
    """The app as `make run` starts it, on a free port; it may still be loading."""
    port = _free_port()
    log = folder / "server.log"
    env = {**os.environ, "PYTHONFAULTHANDLER": "1", **_environment(database), **environment}
    with log.open("w") as out:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT)
        try:
            url = f"http://localhost:{port}"
            _wait_for(f"{url}/sign-in", log)
            yield Server(url, database, log)
        finally:
            _stop(process, log)


def _stop(process: subprocess.Popen[bytes], log: Path) -> None:
    """Ask a server to stop; one that does not is ended, and what its threads were doing is shown."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)  # its faulthandler writes the stack of every thread
        process.wait()
        pytest.fail(f"the server did not stop:\n{log.read_text()[-8000:]}")


def _signed_in(server: Server) -> Server:
    """The same server; every window that is opened now is signed in as a dispatcher."""
    SERVERS[urlparse(server.url).port] = server
    sign_in_at(server, AccountRole.DISPATCHER, token=TOKEN)
    return server


def sign_in_at(server: Server, role: AccountRole, name: str | None = None, *, token: str | None = None) -> str:
    """The token of a new session in the store of a server; see ``tests.stores.sign_in``."""
    db = Database(f"sqlite:///{server.database}", key=KEY)
    token = sign_in(db, role, name, token=token)
    db.dispose()
    return token


def work_as(page: Page, name: str | None, role: AccountRole = AccountRole.DISPATCHER) -> None:
    """Let someone else sign in at the browser of an open page, and load it again."""
    give_cookie(page.context, sign_in_at(SERVERS[urlparse(page.url).port], role, name))
    page.reload(wait_until="domcontentloaded")
    page.evaluate(A_MOMENT)
    page.wait_for_function(SETTLED, timeout=45_000)


def give_cookie(context: BrowserContext, token: str) -> None:
    """Sign a browser in; cookies of a host are sent to all its ports."""
    context.add_cookies(
        [{"name": COOKIE, "value": token, "domain": "localhost", "path": "/", "httpOnly": True, "sameSite": "Lax"}]
    )


def _environment(database: Path) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{database}", "SAMPLE": "0"}


def _free_port() -> int:
    """The lowest free port of this worker's own range: the browser keeps Streamlit's scripts, compiled, by address."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for port in range(21_000 + 100 * worker, 21_100 + 100 * worker):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


def _wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.1)
    raise TimeoutError(log.read_text())


@pytest.fixture(scope="session")
def sample_file() -> Path:
    """The sample district with frozen weeks in a SQLite file."""
    return meeting_store()


@pytest.fixture(scope="session")
def server(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server on the sample district for all tests that leave it as it is."""
    with serve_sample(tmp_path_factory.mktemp("server"), sample_file) as running:
        yield running


@pytest.fixture
def own_server(sample_file: Path, tmp_path: Path) -> Iterator[Server]:
    """A server of one's own, to write to."""
    with serve_sample(tmp_path, sample_file) as running:
        yield running


@pytest.fixture(scope="module")
def district(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that the tests of one file write to; each has openings of its own."""
    with serve_sample(tmp_path_factory.mktemp("district"), sample_file) as running:
        yield running


@pytest.fixture
def empty_server(tmp_path: Path) -> Iterator[Server]:
    """A server on an empty store."""
    with serve(tmp_path, tmp_path / "district.db") as running:
        yield running


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
    listeners: list[tuple[Any, Callable[..., None]]] = field(default_factory=list)

    def on(self, event: Any, listener: Callable[..., None]) -> None:
        """Call ``listener`` at each ``event`` of the page until the window is closed."""
        self.page.on(event, listener)
        self.listeners.append((event, listener))

    def open(self, url: str) -> Page:
        self.page.goto(url, wait_until="domcontentloaded")
        return self.settle()

    def settle(self) -> Page:
        """Wait until the script has run and everything is drawn."""
        self.page.evaluate(A_MOMENT)
        self.page.wait_for_function(SETTLED, timeout=45_000)
        return self.page


Contexts = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def contexts(chromium: Browser) -> Iterator[Contexts]:
    """``contexts(number, width, height, **options)`` is the browser context of that number and shape, made once."""
    made: dict[str, BrowserContext] = {}

    def get(number: int, width: int, height: int, **options: object) -> BrowserContext:
        shape = repr((number, width, height, sorted(options.items())))
        if shape not in made:
            size = {"width": width, "height": height}
            made[shape] = chromium.new_context(viewport=size, locale="zh-CN", **options)  # type: ignore[arg-type]
        return made[shape]

    yield get
    for context in made.values():
        context.close()


@pytest.fixture
def window(contexts: Contexts) -> Iterator[Callable[..., Window]]:
    """``window()`` opens a new window with a session of its own; nothing that it stores in the browser stays.

    The windows of a test have a context each: Chromium draws only the front window of one.
    """
    windows: list[Window] = []

    def make(width: int = 1440, height: int = 900, **options: object) -> Window:
        windows.append(new_window(contexts(len(windows), width, height, **options)))
        return windows[-1]

    yield make
    for each in windows:
        close(each)


def new_window(context: BrowserContext) -> Window:
    """A window that notes errors, requests to other machines and what the server sends.

    It is an emptied page of ``context`` if there is one: a new one costs a renderer that reads every script again.
    """
    give_cookie(context, TOKEN)
    window = Window(next((page for page in context.pages if page.url == EMPTY), None) or context.new_page())
    window.on("pageerror", lambda error: window.errors.append(str(error)))
    window.on("request", lambda request: _note_outside(window, request.url))
    window.on("websocket", lambda socket: socket.on("framereceived", lambda data: _note_frame(window, data)))
    return window


def close(window: Window) -> None:
    """Empty the page for the next window: what it stored and its cookies, its listeners, and where the mouse is."""
    page = window.page
    if page.url.startswith("http"):
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    page.goto(EMPTY)
    page.mouse.move(0, 0)
    page.context.clear_cookies()
    for event, listener in window.listeners:
        page.remove_listener(event, listener)


def _note_outside(window: Window, url: str) -> None:
    host = urlparse(url).hostname
    if host not in (None, "localhost", "127.0.0.1") and not url.startswith(("data:", "blob:")):
        window.outside.append(url)


def _note_frame(window: Window, data: bytes | str) -> None:
    window.frames.append(data if isinstance(data, bytes) else data.encode())
