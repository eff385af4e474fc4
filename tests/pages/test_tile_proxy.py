"""The route for tiles against a small server of our own: kept on the disk, honest when it fails, silent about the key."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from core.job_map.tiles import BLANK
from core.store.database import Database
from pages import cache, tile_proxy
from pages.tile_proxy import Tianditu
from tests.fake_tianditu import PICTURE, Service, serve

KEY = "secret0key0of0the0bureau"
TILE = {"layer": "vec_w", "z": 12, "x": 3374, "y": 1615}  # over the sample district


@pytest.fixture
def service() -> Iterator[Service]:
    with serve() as service_:
        yield service_


@pytest.fixture
def tianditu(service: Service, tmp_path: Path) -> Tianditu:
    return Tianditu(service.url, KEY, tmp_path)


@pytest.fixture
def ask(service: Service, sample_copy: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Response]]:
    """``ask(tiles.answer, layer=…)`` calls a route of an app on the sample district."""
    cache.store.forget()
    tile_proxy.service.cache_clear()
    monkeypatch.setenv("DATABASE_URL", sample_copy.url.render_as_string(hide_password=False))
    monkeypatch.setenv("TIANDITU_KEY", KEY)
    monkeypatch.setenv("TIANDITU_SERVER", service.url)

    def call(route: Callable[[Request], Any], **parameters: object) -> Response:
        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "path_params": parameters}
        return asyncio.run(route(Request(scope)))  # type: ignore[no-any-return]

    yield call
    cache.store.forget()
    tile_proxy.service.cache_clear()


def test_without_a_key_there_are_no_tiles_and_no_request(
    ask: Callable[..., Response], service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIANDITU_KEY", " ")

    assert not tile_proxy.is_on()
    assert ask(tile_proxy.answer, **TILE).status_code == 404
    assert ask(tile_proxy.style, name="map_sample_light").status_code == 404
    assert service.asked == []


def test_a_tile_is_fetched_once_and_kept_beside_the_store(ask: Callable[..., Response], service: Service) -> None:
    first, second = ask(tile_proxy.answer, **TILE), ask(tile_proxy.answer, **TILE)

    assert first.body == second.body == PICTURE
    assert first.media_type == "image/png"
    assert len(service.asked) == 1
    assert KEY in service.asked[0]
    beside = Path(str(os.environ["DATABASE_URL"]).removeprefix("sqlite:///")).parent
    assert [path.read_bytes() for path in beside.rglob("*.tile")] == [PICTURE]


@pytest.mark.parametrize("wrong", [{"layer": "img_w"}, {"z": 18}, {"x": 0}, {"y": 0}])
def test_other_tiles_are_not_asked_for(ask: Callable[..., Response], service: Service, wrong: dict[str, Any]) -> None:
    assert ask(tile_proxy.answer, **TILE | wrong).status_code == 404
    assert service.asked == []


@pytest.mark.parametrize("reply", [(403, b"forbidden"), (200, b'{"msg": "wrong key"}'), (302, b""), (500, PICTURE)])
def test_a_failure_is_a_clear_tile_that_says_so_and_a_pause(
    ask: Callable[..., Response], service: Service, reply: tuple[int, bytes], caplog: pytest.LogCaptureFixture
) -> None:
    service.reply = reply
    with caplog.at_level(logging.WARNING):
        first, second = ask(tile_proxy.answer, **TILE), ask(tile_proxy.answer, **TILE)

    for response in (first, second):
        assert response.status_code == 200
        assert response.body == BLANK
        assert response.headers["X-Tile"] == "missing"
        assert response.headers["Cache-Control"] == "no-store"
    assert len(service.asked) == 1  # the pause
    assert "Tianditu" in caplog.text
    assert KEY not in caplog.text


def test_a_service_that_does_not_answer_is_given_up_and_tried_again_later(
    tianditu: Tianditu, service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    service.seconds = 0.4
    with monkeypatch.context() as hasty:
        hasty.setattr(tile_proxy, "TIMEOUT", 0.1)
        assert tianditu.tile("vec_w", 12, 1, 1) is None
    assert KEY not in caplog.text + repr(tianditu)

    service.seconds, tianditu.rests_until = 0.0, 0.0
    assert tianditu.tile("vec_w", 12, 1, 1) == PICTURE


def test_an_old_tile_is_better_than_none(tianditu: Tianditu, service: Service) -> None:
    tianditu.tile("vec_w", 12, 1, 1)
    (path,) = tianditu.folder.rglob("*.tile")
    os.utime(path, (0, 0))
    service.reply = (500, b"")

    assert tianditu.tile("vec_w", 12, 1, 1) == PICTURE
    assert len(service.asked) == 2


@pytest.mark.parametrize("name", ["map_sample_light", "map_sample_dark", "map_plain_light"])
def test_the_style_adds_tiles_to_a_base_map_without_the_key(ask: Callable[..., Response], name: str) -> None:
    response = ask(tile_proxy.style, name=name)

    text = bytes(response.body).decode()
    assert KEY not in text
    assert "http" not in text
    assert json.loads(text)["sources"]["vec_w"]["tiles"] == ["/tiles/vec_w/{z}/{x}/{y}"]


@pytest.mark.parametrize("name", ["map_none_light", "../../app", "map_sample_light.json", "logo"])
def test_other_styles_do_not_exist(ask: Callable[..., Response], name: str) -> None:
    assert ask(tile_proxy.style, name=name).status_code == 404
