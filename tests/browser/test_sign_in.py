"""Signing in on the real server: nothing answers before, and what an administrator takes away is gone within 5 seconds."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from streamlit.web.server.starlette import starlette_routes
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from core.accounts import queries
from core.accounts.commands import NewAccount, add, deactivate, set_password, set_role
from core.policy import Action, system_access
from core.store.commands import command
from core.store.database import Database
from core.terms import AccountRole
from pages import frame
from pages.sign_in.open_sockets import OVER
from tests.browser.conftest import Server, Window
from tests.stores import KEY

pytestmark = pytest.mark.browser

PAGES = [entry[0] for entries in frame.PAGES.values() for entry in entries]
PASSWORD = "Lotus wind 2026"
PROMISE = 5.0  # seconds


@pytest.fixture
def staffed(own_server: Server) -> Server:
    """A server with a dispatcher who has a password, beside the demonstration's accounts."""
    change_accounts(own_server, lambda change, _: set_password(change, add(change, WANG), PASSWORD))
    return own_server


WANG = NewAccount("wang.fang", "王芳", AccountRole.DISPATCHER)


def change_accounts(server: Server, what) -> None:  # type: ignore[no-untyped-def]
    """Run ``what(change, id of 王芳)`` as an administrator at a terminal would."""
    db = Database(f"sqlite:///{server.database}", key=KEY)
    with db.read() as connection:
        account = queries.account_by_sign_in_name(connection, WANG.sign_in_name)
    with command(db, actor=system_access("test"), action=Action.SET_ROLE, at=datetime.now(UTC)) as change:
        what(change, account.id if account is not None else None)
    db.dispose()


def status(url: str, method: str = "GET", cookie: str = "") -> tuple[int, bytes]:
    """Of an answer that is not followed further."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    request = urllib.request.Request(url, method=method, headers={"Cookie": cookie} if cookie else {})
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_nothing_of_streamlit_answers_before_signing_in(server: Server) -> None:
    names = [
        name for name in dir(starlette_routes) if name.endswith(("ROUTE_HEALTH", "ROUTE_METRICS")) or "_ROUTE_" in name
    ]
    routes = [value for name in names if isinstance(value := getattr(starlette_routes, name), str)]
    addresses = [
        *PAGES,
        *routes,
        "tiles/vec/12/3370/1600",
        "tiles/style/map_plain_light",
        "static/js/x.js",
        "index.html",
    ]
    assert len(routes) >= 9

    for address in addresses:
        path = address.replace("{file_id:path}", "0" * 56).replace("{path:path}", "x").replace("{", "").replace("}", "")
        for method in ("GET", "PUT", "DELETE"):
            code, body = status(f"{server.url}/{path}", method)
            assert code in (303, 401), (method, path, code)
            assert b"streamlit" not in body.lower()
    assert status(f"{server.url}/readyz")[0] == 200


def test_a_raw_socket_without_a_session_gets_nothing_but_the_reason(server: Server) -> None:
    address = server.url.replace("http", "ws") + "/_stcore/stream"
    for headers in ({}, {"Cookie": "signed_in=" + "x" * 43}):
        with connect(address, additional_headers=headers, subprotocols=["streamlit"]) as socket:  # type: ignore[list-item]
            with pytest.raises(ConnectionClosed):
                socket.recv(timeout=5)
            assert socket.close_code == OVER


def sign_in(window: Window, url: str) -> Page:
    """By name and password, as a person does."""
    window.page.context.clear_cookies()
    page = window.page
    page.goto(url)
    page.get_by_text("使用登录名和密码登录").click()
    page.get_by_label("登录名").fill(WANG.sign_in_name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    return window.settle()


def test_a_password_opens_the_wanted_page_and_a_deactivation_closes_every_tab(staffed: Server, window) -> None:  # type: ignore[no-untyped-def]
    url = f"{staffed.url}/people?person=900"
    first = window()
    page = sign_in(first, url)
    assert page.url == url
    expect(page.locator(".st-key-header")).to_contain_text("王芳 · 调度员")
    token = next(cookie for cookie in page.context.cookies() if cookie["name"] == "signed_in")
    assert token["httpOnly"]
    tab = page.context.new_page()
    tab.goto(f"{staffed.url}/meeting?present=1&slide=3")
    expect(tab.locator(".slide h1")).not_to_be_empty()  # presented: nothing runs here by itself

    change_accounts(staffed, deactivate)
    started = time.monotonic()
    for each in (page, tab):
        each.wait_for_url("**/sign-in**", timeout=PROMISE * 1000)
    assert time.monotonic() - started < PROMISE

    assert "next=%2Fpeople%3Fperson%3D900" in page.url
    assert status(url, cookie=f"signed_in={token['value']}")[0] == 303
    assert status(f"{staffed.url}/media/x", cookie=f"signed_in={token['value']}")[0] == 401
    tab.close()


def test_a_role_that_changes_acts_in_the_open_page_and_signing_out_in_the_other_tab(staffed: Server, window) -> None:  # type: ignore[no-untyped-def]
    page = sign_in(window(), staffed.url)
    change_accounts(staffed, lambda change, account: set_role(change, account, AccountRole.ENTERPRISE_OFFICER))
    expect(page.locator(".st-key-header")).to_contain_text("王芳 · 企业专员", timeout=PROMISE * 1000)

    tab = page.context.new_page()
    tab.goto(f"{staffed.url}/figures")
    expect(tab.locator(".st-key-header")).to_contain_text("王芳 · 企业专员", timeout=20_000)
    tab.locator(".st-key-header").get_by_role("button", name="王芳").click()
    tab.get_by_role("button", name="退出登录").click()
    started = time.monotonic()
    for each in (tab, page):
        each.wait_for_url("**/sign-in**", timeout=PROMISE * 1000)
    assert time.monotonic() - started < PROMISE
    tab.close()


def test_a_click_on_a_role_opens_the_overview_and_another_click_another_role(own_server: Server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    tab.page.context.clear_cookies()
    page = tab.page
    page.goto(f"{own_server.url}/?lang=en")
    page.get_by_role("button", name="leader").click()
    tab.settle()
    expect(page.locator(".st-key-header")).to_contain_text("郭青崖 · leader")
    assert page.locator("h1").count() == 1

    page.locator(".st-key-header").get_by_role("button", name="郭青崖").click()
    page.get_by_role("button", name="Another role").click()
    page.get_by_role("button", name="enterprise officer").click()
    tab.settle()
    expect(page.locator(".st-key-header")).to_contain_text("enterprise officer")
    assert tab.errors == []
    assert tab.outside == []


def test_the_sign_in_page_is_accessible_and_fits_a_phone(server: Server, window) -> None:  # type: ignore[no-untyped-def]
    from axe_playwright_python.sync_playwright import Axe

    phone = window(390, 844)
    phone.page.context.clear_cookies()
    for lang in ("zh", "en"):
        phone.page.goto(f"{server.url}/sign-in?lang={lang}")
        assert phone.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
        response = Axe().run(phone.page).response
        assert [v["id"] for v in response["violations"] if v["impact"] in ("serious", "critical")] == []
