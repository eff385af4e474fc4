"""The frame: headers, language across pages, links that stay whole, errors without a trace."""

from __future__ import annotations

import json
import socket
import time
import urllib.error
import urllib.request
from urllib.parse import urlparse

import pytest
from playwright.sync_api import expect

from core.store.database import Database
from core.terms import AccountRole
from pages.sign_in.cookie import COOKIE
from pages.streamlit_patches.server_settings import GRACE
from tests.browser.conftest import TOKEN, serve_sample, work_as

pytestmark = pytest.mark.browser


def test_every_answer_carries_the_security_headers(server) -> None:  # type: ignore[no-untyped-def]
    request = urllib.request.Request(f"{server.url}/people", headers={"Cookie": f"{COOKIE}={TOKEN}"})
    with urllib.request.urlopen(request) as answer:
        headers = answer.headers

    assert "Server" not in headers
    assert "connect-src 'self' data: blob:;" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_readiness_asks_the_store(server) -> None:  # type: ignore[no-untyped-def]
    revision = Database(f"sqlite:///{server.database}").revision()

    with urllib.request.urlopen(f"{server.url}/readyz") as answer:
        assert json.load(answer) == {"ready": True, "revision": revision}


def test_an_unknown_host_name_is_refused(server) -> None:  # type: ignore[no-untyped-def]
    request = urllib.request.Request(f"{server.url}/_stcore/host-config", headers={"Host": "evil.example"})

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)

    assert refused.value.code == 400
    refused.value.close()


def test_a_link_to_a_page_asks_for_nothing_that_is_missing(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    refused: list[str] = []
    tab.on("response", lambda response: refused.append(response.url) if response.status >= 400 else None)

    page = tab.open(f"{server.url}/figures?lang=en")

    expect(page.locator("h1")).to_have_text("Published figures, recomputed from rows")
    assert refused == []


def test_an_address_without_a_page_says_so_and_leads_to_the_overview(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    response = tab.page.goto(f"{server.url}/nope?lang=en")

    assert response.status == 404
    expect(tab.page.locator("h1")).to_have_text("This page does not exist")
    tab.page.get_by_role("link", name="To the overview").click()
    expect(tab.settle().locator("h1")).to_contain_text("Re-employment rate 33.0%")


def test_the_language_stays_across_pages_and_in_the_address(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()
    page = tab.open(f"{server.url}/figures")

    page.locator(".st-key-header").get_by_role("radio", name="English").or_(
        page.locator(".st-key-header").get_by_role("button", name="English")
    ).first.click()
    expect(page.locator("h1")).to_have_text("Published figures, recomputed from rows")
    page.get_by_test_id("stTopNav").get_by_text("Overview").click()
    expect(page.locator("h1")).to_contain_text("Re-employment rate 33.0%")

    assert "lang=en" in page.url
    assert page.evaluate("document.documentElement.lang") == "en"


def test_front_end_words_are_chinese(server, window) -> None:  # type: ignore[no-untyped-def]
    page = window().open(f"{server.url}/figures")
    work_as(page, None, AccountRole.ADMINISTRATOR)
    page.goto(f"{server.url}/data")

    expect(page.get_by_test_id("stFileUploader")).to_contain_text("上传")
    expect(page.get_by_test_id("stFileUploader")).to_contain_text("每个文件不超过 10 MB")
    page.get_by_test_id("stMainMenu").click()
    expect(page.get_by_text("深色")).to_be_visible()


def test_a_filter_of_the_pool_is_a_link_without_personal_data(server, window) -> None:  # type: ignore[no-untyped-def]
    page = window().open(f"{server.url}/people?community=1&waiting=90")

    sentence = page.get_by_text("等待 90 天及以上")
    expect(sentence).to_be_visible()
    expect(sentence).to_contain_text("住在")
    page.get_by_role("textbox", name="姓名、电话或编号").fill("王")
    page.get_by_role("textbox", name="姓名、电话或编号").press("Enter")
    expect(page.get_by_text("打码姓名、电话或编号与查找内容相符")).to_be_visible()

    assert "%E7%8E%8B" not in page.url
    assert "王" not in page.url


def test_a_client_that_never_finishes_sending_holds_up_no_restart(tmp_path, sample_file) -> None:  # type: ignore[no-untyped-def]
    with serve_sample(tmp_path, sample_file) as server:
        host = urlparse(server.url).netloc
        client = socket.create_connection(("localhost", urlparse(server.url).port or 0))
        head = f"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nOrigin: {server.url}\r\nContent-Length: 100\r\n"
        client.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\nname=".encode())
        asked_to_stop = time.monotonic()
    assert time.monotonic() - asked_to_stop < 2 * GRACE
    client.close()
