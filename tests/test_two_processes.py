"""Two processes of the app on one store: one sign-in serves both, a write in one shows in the other, one may die."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from core.policy import Action, system_access
from core.store.commands import command
from core.store.database import ROOT, Database
from core.store.settings import save_setting
from pages.sign_in.cookie import COOKIE
from tests.stores import KEY

pytestmark = pytest.mark.slow

PATIENCE = 240.0  # seconds for a start on a machine that does much else
PASSWORD = "Lotus wind 2026"
NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream dashboard {{
        hash $cookie_{cookie} consistent;
        {servers}
    }}
    server {{
        listen 127.0.0.1:{port};
        large_client_header_buffers 4 16k;
        location / {{
            proxy_pass http://dashboard;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection "upgrade";
            proxy_connect_timeout 1s;
        }}
    }}
}}
"""

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


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """Two processes that start at the same time on an empty store."""
    own = {"DATABASE_URL": f"sqlite:///{tmp_path}/district.db", "SERVER_KEY": KEY.decode(), "SAMPLE": "0"}
    started = []
    for number in range(2):
        port, printed = free_port(), tmp_path / f"printed_{number}.txt"
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


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not on this machine")
def test_behind_nginx_the_other_process_takes_over(servers: tuple[Server, Server], tmp_path: Path) -> None:
    one, other = servers
    within(PATIENCE, lambda: one.get("/readyz").is_success and other.get("/readyz").is_success)
    fields = {"sign_in_name": "wang", "name": "王主任", "password": PASSWORD, "again": PASSWORD}
    link = within(PATIENCE, one.first_link)
    token = httpx.post(one.address + link, data=fields, headers={"Origin": one.address}, timeout=20).cookies[COOKIE]
    port, file = free_port(), tmp_path / "nginx.conf"
    upstream = " ".join(f"server 127.0.0.1:{server.port} max_fails=1 fail_timeout=5s;" for server in servers)
    file.write_text(NGINX.format(folder=tmp_path, cookie=COOKIE, servers=upstream, port=port))
    proxy = subprocess.Popen(["nginx", "-p", str(tmp_path), "-c", str(file)])
    try:

        def page() -> bool:
            return httpx.get(f"http://localhost:{port}/data", cookies={COOKIE: token}, timeout=3).status_code == 200

        within(10, page)
        one.process.kill()
        within(3, page)
    finally:
        proxy.terminate()
        proxy.wait()
