"""Two processes of the app on one store: one sign-in serves both, a write in one shows in the other, one may die."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from streamlit.proto.Common_pb2 import UploadedFileInfo
from streamlit.proto.WidgetStates_pb2 import WidgetState

from core.policy import Action, system_access
from core.store.commands import command
from core.store.database import ROOT, Database
from core.store.settings import save_setting
from pages.sign_in.cookie import COOKIE
from tests.load.client import Window, open_window
from tests.stores import KEY

pytestmark = pytest.mark.slow

PATIENCE = 240.0  # seconds for a start on a machine that does much else
PASSWORD = "Lotus wind 2026"
NGINX = """
daemon off;
master_process off;  # a worker of another user could not write here
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    log_format places "$cookie_{cookie} $upstream_addr";
    access_log {folder}/access.log places;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {configuration}
}}
"""
SESSIONS = 8
IMPORTED = "1 import on record"
ROWS = 60  # of the largest cells that a sheet may have: more than a megabyte, compressed too

T = TypeVar("T")


@dataclass(frozen=True)
class Server:
    """A process of the app and what it prints."""

    process: subprocess.Popen[bytes]
    port: int
    printed: Path

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def get(self, path: str, token: str = "") -> httpx.Response:
        return httpx.get(self.address + path, cookies={COOKIE: token} if token else {}, timeout=10)

    def first_link(self) -> str | None:
        match = re.search(r"/link/[\w-]+", self.printed.read_text())
        return match.group() if match else None


def within(seconds: float, ask: Callable[[], T | None]) -> T:
    """The first answer that is there, asked until ``seconds`` are over."""
    end = time.monotonic() + seconds
    while True:
        try:
            answer = ask()
        except httpx.TransportError:
            answer = None
        if answer:
            return answer
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def two_processes(store: str, folder: Path) -> Iterator[tuple[Server, Server]]:
    """Two processes that start at the same time on an empty store."""
    own = {"DATABASE_URL": store, "SERVER_KEY": KEY.decode(), "SAMPLE": "0"}
    started = []
    for number in range(2):
        port, printed = free_port(), folder / f"printed_{number}.txt"
        line = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        with printed.open("wb") as output:
            process = subprocess.Popen(
                line, cwd=ROOT, env={**os.environ, **own}, stdout=output, stderr=subprocess.STDOUT
            )
        started.append(Server(process, port, printed))
    try:
        yield started[0], started[1]
    finally:
        for server in started:
            server.process.kill()
            server.process.wait()


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """Both on one SQLite store."""
    with two_processes(f"sqlite:///{tmp_path}/district.db", tmp_path) as both:
        yield both


def test_two_processes_share_sign_in_and_writes_and_one_may_be_killed(
    servers: tuple[Server, Server], tmp_path: Path
) -> None:
    one, other = servers
    link = within(PATIENCE, one.first_link)
    assert within(PATIENCE, other.first_link) == link  # either may be used
    within(PATIENCE, lambda: one.get("/readyz").is_success and other.get("/readyz").is_success)

    fields = {"sign_in_name": "wang", "name": "王主任", "password": PASSWORD, "again": PASSWORD}
    answer = httpx.post(one.address + link, data=fields, headers={"Origin": one.address}, timeout=20)
    token = answer.cookies[COOKIE]
    assert other.get("/data", token).status_code == 200
    assert other.get(link).status_code == 404  # used up in both

    before = other.get("/readyz").json()["revision"]
    db = Database(f"sqlite:///{tmp_path}/district.db", key=KEY)
    with command(db, actor=system_access("test"), action=Action.IMPORT, at=datetime.now(UTC)) as change:
        save_setting(change, "office_zh", "就业服务部")
    db.dispose()
    assert {server.get("/readyz").json()["revision"] for server in servers} == {before + 1}

    one.process.send_signal(signal.SIGKILL)
    assert within(3, lambda: other.get("/data", token)).status_code == 200


@contextmanager
def behind_nginx(servers: tuple[Server, Server], folder: Path) -> Iterator[str]:
    """The address of nginx with the configuration that README.md prints, with ports and a certificate of our own."""
    with_one, upstream = re.findall(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert f"hash $cookie_{COOKIE} consistent;" in upstream
    certificate, key, port = folder / "jobs.pem", folder / "jobs.key", free_port()
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-nodes", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", *subject, *files], check=True, capture_output=True
    )
    configuration = upstream + with_one[with_one.index("server {\n    listen") :]
    for printed, ours in {
        "127.0.0.1:8501": f"127.0.0.1:{servers[0].port}",
        "127.0.0.1:8502": f"127.0.0.1:{servers[1].port}",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/jobs.pem": str(certificate),
        "/etc/ssl/jobs.key": str(key),
    }.items():
        assert configuration.count(printed) == 1
        configuration = configuration.replace(printed, ours)
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(folder=folder, cookie=COOKIE, configuration=configuration))
    proxy = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(file)])
    try:
        yield f"https://localhost:{port}"
    finally:
        proxy.terminate()
        proxy.wait()


def places(folder: Path, tokens: Iterable[str]) -> list[set[str]]:
    """The processes that nginx had answer each session."""
    answered = defaultdict(set)
    for line in (folder / "access.log").read_text().splitlines():
        token, _, process = line.partition(" ")
        answered[token].add(process)
    return [answered[token] for token in tokens]


def signed_in(address: str) -> httpx.Client:
    """A browser with cookies of its own that has signed in by the form."""
    browser = httpx.Client(base_url=address, timeout=20)
    fields = {"name": "wang", "password": PASSWORD}
    assert browser.post("/sign-in", data=fields, headers={"Origin": address}).status_code == 303
    assert browser.get("/data").status_code == 200
    assert browser.get("/_stcore/health").cookies["_streamlit_xsrf"]
    return browser


def token_of(browser: httpx.Client) -> str:
    return next(cookie.value or "" for cookie in browser.cookies.jar if cookie.name == COOKIE)


def communities(word: str) -> bytes:
    """A list of communities of more than a megabyte; lists of different words of one length differ in these only."""
    chance = random.Random(7)
    lines = ["社区代码,社区,社区类型,标注经度,标注纬度,摘录"]
    for number in range(1, ROWS + 1):
        filling = base64.b64encode(chance.randbytes(24_000)).decode()
        excerpt = word + filling[len(word) :] if number == ROWS // 4 else filling
        lines.append(f"{370899001000 + number},社区{number},城市社区,116.{6000 + number},35.3375,{excerpt}")
    return "\n".join(lines).encode()


async def upload(browser: httpx.Client, window: Window, data: bytes) -> WidgetState:
    """Choose a file in the uploader, as the front end does; the state that it then has."""
    place = await window.place_for("communities.csv")
    headers = {"X-Xsrftoken": browser.cookies["_streamlit_xsrf"]}
    answer = browser.put(place.upload_url, files={"file": ("communities.csv", data, "text/csv")}, headers=headers)
    assert answer.status_code == 204, answer.text
    state = WidgetState(id=window.one("file_uploader").file_uploader.id)
    file = UploadedFileInfo(file_id=place.file_id, name="communities.csv", size=len(data), file_urls=place)
    state.file_uploader_state_value.uploaded_file_info.append(file)
    assert (await window.run(widgets=[state])).errors == 0
    return state


async def check_own_bytes(browser: httpx.Client, window: Window, word: str, words: list[str]) -> None:
    """The workbook that is made of an upload has the word of this upload and no other."""
    address = await window.file_of(window.one("download_button", "errors marked"))
    answer = browser.get(address)
    assert answer.status_code == 200
    assert len(answer.content) > 2**20
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        text = b"".join(book.read(name) for name in book.namelist())
    assert [other for other in words if other.encode() in text] == [word]


async def windows_on(stack: AsyncExitStack, address: str, tokens: Iterable[str]) -> list[Window]:
    """A window on the import in each browser."""
    windows = []
    for token in tokens:
        window = await stack.enter_async_context(open_window(address, cookie=f"{COOKIE}={token}", query="lang=en"))
        assert (await window.go_to("data")).errors == 0
        windows.append(window)
    return windows


@pytest.mark.skipif(
    not (shutil.which("nginx") and shutil.which("openssl")), reason="nginx or openssl is not on this machine"
)
def test_behind_nginx_every_session_works_and_the_other_process_takes_over(
    postgres_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sign-in, upload, download and live refresh of eight sessions that are spread over both processes."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "jobs.pem"))
    store = postgres_db.url.render_as_string(hide_password=False)
    with (
        two_processes(store, tmp_path) as servers,
        behind_nginx(servers, tmp_path) as address,
        ExitStack() as opened,
    ):
        within(PATIENCE, lambda: all(server.get("/readyz").is_success for server in servers))
        fields = {"sign_in_name": "wang", "name": "王主任", "password": PASSWORD, "again": PASSWORD}
        link = within(PATIENCE, servers[0].first_link)
        assert httpx.post(address + link, data=fields, headers={"Origin": address}, timeout=20).status_code == 303
        browsers: dict[str, httpx.Client] = {}
        while len(browsers) < SESSIONS or len(set.union(*places(tmp_path, browsers))) < 2:  # tokens are random
            browser = signed_in(address)
            opened.callback(browser.close)
            browsers[token_of(browser)] = browser
        asyncio.run(work(address, browsers))
        assert [len(processes) for processes in places(tmp_path, browsers)] == [1] * len(browsers)

        servers[0].process.kill()
        within(3, lambda: all(browser.get("/data", timeout=3).is_success for browser in browsers.values()))
        asyncio.run(look(address, browsers))


async def work(address: str, browsers: Mapping[str, httpx.Client]) -> None:
    """Every session uploads and downloads; what one of them then imports is seen in all windows."""
    words = [f"window-{number:02d}" for number in range(len(browsers))]
    async with AsyncExitStack() as stack:
        windows = await windows_on(stack, address, browsers)
        for browser, window, word in zip(browsers.values(), windows, words, strict=True):
            chosen = await upload(browser, window, communities(word))
        for browser, window, word in zip(browsers.values(), windows, words, strict=True):
            await check_own_bytes(browser, window, word, words)
        assert not any(window.shows(IMPORTED) for window in windows)
        button = WidgetState(id=windows[-1].one("button", "Import").button.id, trigger_value=True)
        await windows[-1].run(widgets=[chosen, button])
        for window in windows[:-1]:
            await window.run(fragment=next(iter(window.heartbeats)))
        assert all(window.shows(IMPORTED) for window in windows)


async def look(address: str, browsers: Mapping[str, httpx.Client]) -> None:
    """Every session opens a window again, which shows what has been imported."""
    async with AsyncExitStack() as stack:
        assert all(window.shows(IMPORTED) for window in await windows_on(stack, address, browsers))
