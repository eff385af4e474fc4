"""The doors and the gate: who comes in by which way, and that nothing answers without a session."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as strategy
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.testing.v1 import AppTest

from core.accounts import passwords, queries, sessions
from core.accounts.commands import NewAccount, add, deactivate, link_for, set_password, set_role
from core.locale import BUREAU_ZONE
from core.policy import Action, system_access
from core.store.commands import command
from core.store.database import Database
from core.store.emptying import empty
from core.terms import AccountRole
from pages import cache, frame, startup
from pages.http_headers import FrontEndFiles, SecurityHeaders, front_end_file
from pages.sign_in.cookie import COOKIE
from pages.sign_in.gate import Gate, local_address
from pages.sign_in.open_sockets import OVER, OpenSockets
from pages.sign_in.routes import Doors
from tests.accesses import administrator
from tests.core.intake.files import SEEKER, csv_bytes, done, seeker
from tests.stores import NOW, sign_in

PAGES = [entry[0] for entries in frame.PAGES.values() for entry in entries]
PASSWORD = "Lotus wind 2026"
HOST = "http://testserver"
HIDDEN = "only with a session"


@pytest.fixture(scope="module", autouse=True)
def cheap_hashes() -> Iterator[None]:
    from argon2 import PasswordHasher

    plain = passwords.HASHER
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords.HASHER = plain


class Site:
    """The app around a stand-in for Streamlit that answers every address and echoes every socket."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.sockets = OpenSockets()
        self.received: list[bytes] = []
        self.app = Starlette(
            routes=[
                *Doors(PAGES).routes,
                Route("/readyz", lambda _: PlainTextResponse("ready")),
                WebSocketRoute("/{path:path}", self.echo),
                Route("/{path:path}", lambda _: PlainTextResponse(HIDDEN), methods=["GET", "PUT", "POST", "DELETE"]),
            ],
            middleware=[
                Middleware(SecurityHeaders),
                Middleware(Gate, pages=PAGES, sockets=self.sockets),
                Middleware(FrontEndFiles),
                Middleware(SessionMiddleware, secret_key="as Streamlit has one"),
            ],
        )

    async def echo(self, socket: WebSocket) -> None:
        await socket.accept()
        with suppress(WebSocketDisconnect):
            while True:
                self.received.append(await socket.receive_bytes())
                await socket.send_bytes(b"answer")

    def browser(self, token: str | None = None, scheme: str = "http") -> TestClient:
        cookies = {COOKIE: token} if token else {}
        headers = {"origin": f"{scheme}://testserver"}
        return TestClient(
            self.app, base_url=f"{scheme}://testserver", cookies=cookies, headers=headers, follow_redirects=False
        )


@pytest.fixture
def site_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[Database], Site]:
    def for_store(db: Database) -> Site:
        monkeypatch.setenv("DATABASE_URL", db.url.render_as_string(hide_password=False))
        if cache.store.database().url != db.url:
            cache.store.forget()
        monkeypatch.setattr(startup, "STATE", startup.State(is_ready=True))
        return Site(db)

    return for_store


@pytest.fixture
def real(site_of: Callable[[Database], Site], db: Database) -> Site:
    """A store of real people: a dispatcher with a password, and an administrator."""
    with command(db, actor=system_access("test"), action=Action.ADD_ACCOUNT, at=NOW) as change:
        set_password(change, add(change, NewAccount("xu", "许小满", AccountRole.DISPATCHER)), PASSWORD)
        add(change, NewAccount("admin", "王主任", AccountRole.ADMINISTRATOR))
    return site_of(db)


def sign_in_by_password(browser: TestClient, password: str = PASSWORD, **fields: str) -> Any:
    return browser.post("/sign-in", data={"name": "xu", "password": password, **fields})


INNER = [
    "/static/js/index.js",
    "/app/static/map_plain_light.json",
    "/media/0123.xlsx",
    "/component/x/index.html",
    "/favicon.png",
    "/manifest.json",
    "/tiles/style/map_plain_light",
    "/tiles/vec/12/3370/1600",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/upload_file/session/file",
    "/_stcore/bidi-components/x.js",
    "/_stcore/agent/openapi.json",
    "/auth/login",
    "/oauth2callback",
    "/sign-in/anything-else",
    "/sign-in/",
    "/readyz/more",
]


def test_nothing_answers_without_a_session(real: Site) -> None:
    browser = real.browser()

    for path in [*INNER, "/link/short"]:
        for method in ("GET", "PUT", "POST", "DELETE"):
            answer = browser.request(method, path)
            assert answer.status_code in (303, 401), (method, path)
            assert HIDDEN not in answer.text
    for page in [*PAGES, "nowhere", "password"]:
        answer = browser.get(f"/{page}?person=900")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")
        assert "no-store" in answer.headers["cache-control"]
    assert browser.get("/session").status_code == 401
    for path in ("/_stcore/stream", "/", "/people"):
        with browser.websocket_connect(path) as socket:
            with pytest.raises(WebSocketDisconnect) as closed:
                socket.receive_bytes()
            assert closed.value.code == OVER
    assert real.received == []


def test_with_a_session_everything_answers_but_the_administration(real: Site) -> None:
    person = real.browser(sign_in(real.db, AccountRole.DISPATCHER, "许小满"))
    administrator = real.browser(sign_in(real.db, AccountRole.ADMINISTRATOR, "王主任"))

    assert {path for path in INNER if person.get(path).status_code == 403} == {
        path for path in INNER if re.search("metrics|script-health|agent|auth", path)
    }
    assert all(administrator.get(path).text == HIDDEN for path in INNER)
    assert all(person.get(f"/{page}").text == HIDDEN for page in PAGES)
    assert person.get("/session").status_code == 204
    assert real.browser("x" * 43).get("/people").status_code == 303


def test_a_cookie_is_hidden_from_scripts_and_other_sites_and_bound_to_tls(real: Site) -> None:
    plain = sign_in_by_password(real.browser())
    behind_tls = sign_in_by_password(real.browser(scheme="https"))

    assert plain.status_code == behind_tls.status_code == 303
    flags = {part.strip().lower() for part in plain.headers["set-cookie"].split(";")[1:]}
    assert flags == {"httponly", "samesite=lax", "path=/"}
    assert "; secure" in behind_tls.headers["set-cookie"].lower()
    assert "strict-transport-security" not in plain.headers
    assert "max-age=31536000" in behind_tls.headers["strict-transport-security"]


def test_a_sign_in_leads_to_the_wanted_page_and_ends_the_session_before(real: Site) -> None:
    browser = real.browser()
    address = browser.get("/people?person=900&lang=en").headers["location"]
    page = browser.get(address)
    assert 'name="next" value="/people?person=900&amp;lang=en"' in page.text
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]

    first = sign_in_by_password(browser, next="/people?person=900", lang="en")
    assert first.headers["location"] == "/people?person=900&lang=en"
    before = browser.cookies[COOKIE]
    assert browser.get("/sign-in").headers["location"] == "/"

    sign_in_by_password(browser)
    assert sessions.resolve(real.db, before, datetime.now(UTC)) is None
    assert browser.get("/people").text == HIDDEN


@given(strategy.text(max_size=40) | strategy.from_regex(r"(https?:)?[/\\]{0,3}[\w.@]{1,12}(/[\w?=&#]{0,9})?"))
@example("//evil.example/people")
@example("https://evil.example/people")
@example("/\\evil.example")
@example("\\\\evil.example")
@example("javascript:alert(1)")
@example("/people\r\nSet-Cookie: x=y")
@example("http:people")
@example("//[")
@example("/people/../../evil")
@example("/sign-out")
def test_no_address_leads_out_of_the_app(wanted: str) -> None:
    address = local_address(wanted, PAGES)

    assert re.fullmatch(r"/[a-z_]*(\?[\w%=&.*+-]*)?", address), address
    assert address.partition("?")[0][1:] in PAGES


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "", "sec-fetch-site": "cross-site"},
    ],
)
def test_forms_of_other_sites_are_refused(real: Site, headers: dict[str, str]) -> None:
    browser = real.browser(sign_in(real.db, AccountRole.DISPATCHER, "许小满"))

    for path in ("/sign-in", "/sign-in/demonstration", "/sign-out", "/password", f"/link/{'x' * 43}"):
        answer = browser.post(path, data={"name": "xu", "password": PASSWORD}, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    assert browser.get("/session").status_code == 204


def test_wrong_passwords_are_answered_alike_until_the_lock_says_until_when(real: Site) -> None:
    browser = real.browser()

    answers = [sign_in_by_password(browser, "wrong") for _ in range(5)]
    unknown = browser.post("/sign-in", data={"name": "<b>nobody</b>", "password": "x"})

    assert [answer.status_code for answer in answers] == [401, 401, 401, 401, 429]
    assert "登录名或密码错误。" in answers[0].text
    assert "登录名或密码错误。" in unknown.text
    assert "<b>" not in unknown.text
    assert re.search(r"已锁定至 \d\d:\d\d", answers[4].text)
    assert 890 <= int(answers[4].headers["retry-after"]) <= 900
    assert sign_in_by_password(browser).status_code == 429
    assert browser.post("/sign-in", content=b"name=" + b"x" * 20_000).status_code == 413


def test_signing_out_takes_the_cookie_back_and_kills_it(real: Site) -> None:
    browser = real.browser()
    sign_in_by_password(browser)
    token = browser.cookies[COOKIE]

    answer = browser.post("/sign-out", data={"lang": "en"})

    assert answer.headers["location"] == "/sign-in?lang=en"
    assert COOKIE not in browser.cookies
    assert real.browser(token).get("/people").status_code == 303


def test_a_socket_ends_with_its_session_and_with_the_role(real: Site) -> None:
    with real.db.read() as connection:
        account = queries.account_by_sign_in_name(connection, "xu")
    assert account is not None

    def closed_by(what: Callable[[Any], None]) -> bool:
        token = sign_in(real.db, AccountRole.DISPATCHER, "许小满")
        browser = real.browser(token)
        with browser, browser.websocket_connect("/_stcore/stream") as socket:
            socket.send_bytes(b"")
            assert socket.receive_bytes() == b"answer"
            browser.portal.call(real.sockets.check)  # type: ignore[union-attr]
            assert len(real.sockets.sockets) == 1
            with command(real.db, actor=system_access("test"), action=Action.SET_ROLE, at=NOW) as change:
                what(change)
            browser.portal.call(real.sockets.check)  # type: ignore[union-attr]
            with pytest.raises(WebSocketDisconnect) as closed:
                socket.receive_bytes()
        return closed.value.code == OVER and not real.sockets.sockets

    assert closed_by(lambda change: sessions.end_all(change, account.id))
    assert closed_by(lambda change: set_role(change, account.id, AccountRole.CASEWORKER))
    with command(real.db, actor=system_access("test"), action=Action.SET_ROLE, at=NOW) as change:
        set_role(change, account.id, AccountRole.DISPATCHER)
    assert closed_by(lambda change: deactivate(change, account.id))


def test_messages_that_act_on_everybody_do_not_reach_streamlit(real: Site) -> None:
    browser = real.browser(sign_in(real.db, AccountRole.DISPATCHER, "许小满"))
    refused = [BackMsg(clear_cache=True), BackMsg(debug_shutdown_runtime=True), BackMsg(set_run_on_save=True)]
    passed = BackMsg()
    passed.rerun_script.query_string = "x"

    with browser.websocket_connect("/_stcore/stream") as socket:
        for message in [*refused, passed]:
            socket.send_bytes(message.SerializeToString())
        assert socket.receive_bytes() == b"answer"

    assert real.received == [passed.SerializeToString()]


def test_a_link_makes_the_first_administrator_once(site_of: Callable[[Database], Site], db: Database) -> None:
    site = site_of(db)
    with command(db, actor=system_access("test"), action=Action.FIRST_LINK, at=datetime.now(UTC)) as change:
        path = f"/link/{link_for(change, None)}"
    browser = site.browser()
    assert "first-link" in browser.get("/sign-in").text
    assert "首位系统管理员" in browser.get(path).text
    fields = {"sign_in_name": "wang", "name": "王主任", "password": PASSWORD, "again": PASSWORD}

    assert "两次输入的密码不一致" in browser.post(path, data=fields | {"again": "x"}).text
    assert "至少 10 位" in browser.post(path, data=fields | {"password": "short", "again": "short"}).text
    answer = browser.post(path, data=fields)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    access = sessions.resolve(db, browser.cookies[COOKIE], datetime.now(UTC))
    assert access is not None
    assert (access.name, access.role) == ("王主任", AccountRole.ADMINISTRATOR)
    assert site.browser().post(path, data=fields | {"sign_in_name": "li"}).status_code == 404
    assert "first-link" not in site.browser().get("/sign-in").text


def test_a_password_is_changed_by_its_owner_and_other_browsers_are_out(real: Site) -> None:
    browser, other = real.browser(), real.browser()
    sign_in_by_password(browser)
    sign_in_by_password(other)
    new = "Another phrase 7"

    assert browser.get("/password").status_code == 200
    fields = {"old": PASSWORD, "password": new, "again": new}
    assert "当前密码错误" in browser.post("/password", data=fields | {"old": "wrong"}).text
    assert (
        "不能包含"
        in browser.post("/password", data=fields | {"password": "许小满 xu 2026 A", "again": "许小满 xu 2026 A"}).text
    )
    assert browser.post("/password", data=fields).headers["location"] == "/"

    assert browser.get("/people").text == HIDDEN
    assert other.get("/people").status_code == 303
    assert sign_in_by_password(real.browser()).status_code == 401
    assert sign_in_by_password(real.browser(), new).status_code == 303


def test_each_role_of_the_demonstration_opens_by_one_click_until_the_store_is_emptied(
    site_of: Callable[[Database], Site], sample_copy: Database
) -> None:
    site = site_of(sample_copy)
    page = site.browser().get("/sign-in").text
    assert "演示数据" in page
    accounts = re.findall(r'name="account" value="(\d+)"', page)
    roles = set()
    for account in accounts:
        browser = site.browser()
        assert browser.post("/sign-in/demonstration", data={"account": account}).headers["location"] == "/"
        access = sessions.resolve(site.db, browser.cookies[COOKIE], datetime.now(UTC))
        assert access is not None
        roles.add(access.role)
        if access.role is AccountRole.CASEWORKER:
            assert access.communities is not None
            assert len(access.communities) == 2
    assert roles == set(AccountRole)
    assert "切换" not in page
    assert "已登录" in browser.get("/sign-in").text  # another role is a click away
    for nonsense in ("", "-1", "999999", "1 or 1", "１"):
        assert site.browser().post("/sign-in/demonstration", data={"account": nonsense}).status_code == 403

    empty(site.db, actor=administrator(), at=NOW, allow_real=True)

    assert browser.get("/people").status_code == 303
    for account in accounts:
        assert site.browser().post("/sign-in/demonstration", data={"account": account}).status_code == 403
    assert 'name="account"' not in site.browser().get("/sign-in").text


def test_after_an_import_of_people_the_door_and_the_badge_say_what_the_store_holds(
    site_of: Callable[[Database], Site], sample_copy: Database, opener: Callable[[Database], Callable[..., AppTest]]
) -> None:
    done(sample_copy, csv_bytes([SEEKER, seeker(1)]))

    door = site_of(sample_copy).browser().get("/sign-in").text
    at = opener(sample_copy)("data")

    assert "含演示数据" in door
    assert "演示已结束" in door
    assert 'name="account"' not in door
    badges = [text.value for text in at.markdown if "演示数据" in text.value]
    assert len(badges) == 1
    assert "含演示数据" in badges[0]
    assert at.session_state["view"].today == datetime.now(BUREAU_ZONE).date()  # no longer the last day of the sample


def test_the_sign_in_page_shows_the_progress_of_the_first_load(real: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup, "STATE", startup.State(done=3, total=26))
    assert "正在准备演示数据" in real.browser().get("/sign-in").text
    monkeypatch.setattr(startup, "STATE", startup.State(error=ValueError("x")))
    assert "演示数据" in real.browser().get("/sign-in").text


def test_scripts_are_compressed_for_browsers_that_take_it(real: Site) -> None:
    from pathlib import Path

    from streamlit import file_util

    folder = Path(file_util.get_static_dir()) / "static" / "js"
    entry = next(folder.glob("index.*.js"))
    browser = real.browser(sign_in(real.db, AccountRole.DISPATCHER, "许小满"))

    answer = browser.get(f"/static/js/{entry.name}")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == entry.read_bytes()
    assert int(answer.headers["content-length"]) < entry.stat().st_size / 2
    assert browser.get(f"/static/js/{entry.name}", headers={"accept-encoding": "identity"}).text == HIDDEN
    small = min(folder.glob("*.js"), key=lambda file: file.stat().st_size)
    assert browser.get(f"/static/js/{small.name}").content == small.read_bytes()
    assert front_end_file("/static/../../secrets.js") is None
    assert front_end_file("/static/js/nothing.js") is None


def test_a_hundred_scripts_ask_the_store_once_and_end_with_the_session(
    real: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    find = sessions.find

    def noted(db: Database, token: str, now: datetime) -> sessions.Session | None:
        asked.append(token)
        return find(db, token, now)

    monkeypatch.setattr(sessions, "find", noted)
    browser = real.browser(sign_in(real.db, AccountRole.DISPATCHER, "许小满"))

    assert {browser.get("/static/js/index.js").text for _ in range(100)} == {HIDDEN}
    assert len(asked) == 1
    assert browser.get("/tasks").text == HIDDEN
    assert len(asked) == 2
    assert real.browser("another").get("/static/js/index.js").status_code == 401
