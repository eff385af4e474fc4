"""Addresses: a page for those that exist, a 404 with the way back for those that don't."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit import file_util

from pages import frame
from pages.addresses import UnknownAddresses, front_end, is_unknown, routes

PAGES = [entry[0] for entries in frame.PAGES.values() for entry in entries]


def get(path: str, query: str = "") -> tuple[int, str]:
    """Status and body of an app that has the pages and one file."""
    app = Starlette(
        routes=[*routes(PAGES), Route("/{path:path}", lambda _: PlainTextResponse("Streamlit"))],
        middleware=[Middleware(UnknownAddresses, pages=PAGES)],
    )
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": query.encode()}
    scope |= {"http_version": "1.1", "scheme": "http", "server": ("localhost", 80), "root_path": ""}
    asyncio.run(app(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], body.decode()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_the_front_end_that_knows_its_server(page: str) -> None:
    assert get(f"/{page}") == (200, front_end())
    assert front_end().count("BACKEND_BASE_URL") == 1
    assert "font-size: 18.5px" in front_end()  # of a wall, before tables measure it
    assert front_end().index("BACKEND_BASE_URL") < front_end().index('<script type="module"')


@pytest.mark.parametrize("path", ["/nope", "/job_map/nope", "/Job_Map", "/api/v1/people"])
def test_an_unknown_address_says_so_and_leads_back(path: str) -> None:
    status, body = get(path)

    assert status == 404
    assert "没有这个页面" in body
    assert '<a href="/">' in body
    status, body = get(path, "lang=en")
    assert status == 404
    assert "This page does not exist" in body
    assert '<a href="/?lang=en">' in body


def test_what_a_person_typed_is_shown_as_text() -> None:
    assert "<script>alert" not in get("/<script>alert(1)<")[1]


@pytest.mark.parametrize(
    "path",
    ["/_stcore/health", "/static/js/x", "/favicon.png", "/media/abc", "/app/static/map_plain_light.json", "/tiles/a"],
)
def test_other_addresses_are_left_to_streamlit(path: str) -> None:
    assert not is_unknown(path, PAGES)
    assert get(path) == (200, "Streamlit")


def test_streamlit_alone_still_has_to_be_told() -> None:
    """Once this fails, see whether Streamlit finds its server by itself and ``front_end`` can go."""
    index = (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
    assert "BACKEND_BASE_URL" not in index
