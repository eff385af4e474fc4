"""The map over tiles of the national service: asked for by the server, never by the browser, and without the key in it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error, Response, expect

from tests.browser.conftest import serve_sample
from tests.fake_tianditu import serve as serve_tiles

pytestmark = pytest.mark.browser

KEY = "secret0key0of0the0bureau"


def test_tiles_come_through_the_server_and_the_key_stays_there(sample_file, window, tmp_path) -> None:  # type: ignore[no-untyped-def]
    with (
        serve_tiles() as service,
        serve_sample(tmp_path, sample_file, TIANDITU_KEY=KEY, TIANDITU_SERVER=service.url) as server,
    ):
        tab = window()
        fetched: list[Response] = []
        tab.on("response", lambda response: fetched.append(response))
        with (
            tab.page.expect_response(lambda response: "/tiles/vec_w/" in response.url, timeout=60_000),
            tab.page.expect_response(lambda response: "/tiles/cva_w/" in response.url, timeout=60_000),
        ):
            page = tab.open(f"{server.url}/job_map")
        expect(page.get_by_text("底图：天地图")).to_be_visible()
        page.wait_for_timeout(1000)  # what else the map asks for

        ours = [response for response in fetched if "/tiles/" in response.url]
        assert {response.status for response in ours} == {200}
        assert {url.split("/")[1] for url in service.asked} >= {"vec_w", "cva_w"}
        sent = b"".join([*tab.frames, *map(body, fetched), *(response.url.encode() for response in fetched)])
        assert KEY.encode() not in sent
        assert KEY not in server.log.read_text()
        assert tab.outside == []
        assert tab.errors == []


def body(response: Response) -> bytes:
    try:
        return response.body()
    except Error:
        return b""
