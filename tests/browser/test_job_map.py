"""The map in a real browser: a click on a community and its twin in the select box, what travels, what stays at home."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Page

from core.geography.scene import LAYERS

pytestmark = pytest.mark.browser

STATIC = Path(__file__).resolve().parents[2] / "pages" / "static"
LIMIT, LIMIT_OF_ALL = 20_000, 25_000  # bytes of a deck as it opens, and with every layer on
HOLD = 60  # milliseconds that a finger rests


def decks(frames: list[bytes]) -> list[tuple[int, dict[str, Any]]]:
    """(bytes, deck) of every deck among the messages."""
    found = []
    for frame in frames:
        for match in re.finditer(rb'\{"initialViewState"', frame):
            text = frame[match.start() :].decode("utf-8", "ignore")
            deck, end = json.JSONDecoder().raw_decode(text)
            found.append((len(text[:end].encode()), deck))
    return found


def pixel(page: Page, deck: dict[str, Any], name: str) -> tuple[float, float]:
    """Where the label of a community stands on the screen (Web Mercator around the middle of the canvas)."""
    view = deck["initialViewState"]
    labels = next(layer for layer in deck["layers"] if layer["id"] == "label")["data"]
    lon, lat = next(row["p"] for row in labels if row["n"].startswith(name))
    scale = 512 * 2 ** view["zoom"]

    def north(degrees: float) -> float:
        return float(np.log(np.tan(np.pi / 4 + np.radians(degrees) / 2)))

    box = page.locator("[data-testid=stDeckGlJsonChart] canvas").first.bounding_box()
    assert box is not None
    x = box["x"] + box["width"] / 2 + scale * (lon - view["longitude"]) / 360
    y = box["y"] + box["height"] / 2 - scale * (north(lat) - north(view["latitude"])) / (2 * np.pi)
    return x, y


def panel(page: Page) -> str:
    """What stands beside the map."""
    return page.locator("[role=tabpanel]").first.inner_text()


def panel_of(found: Any, name: str) -> str:
    """The panel once it is about a community and whole."""
    found.page.locator("[role=tabpanel] h3", has_text=name).wait_for(timeout=20_000)
    found.page.wait_for_timeout(1000)
    return panel(found.settle())


def test_a_click_on_the_map_and_the_select_box_lead_to_the_same_panel(server, window) -> None:  # type: ignore[no-untyped-def]
    name = "清漪社区"
    clicked, selected = window(), window()
    page = clicked.open(f"{server.url}/job_map")
    page.locator("[data-testid=stDeckGlJsonChart] canvas").first.wait_for()
    page.wait_for_timeout(2500)  # tiles of the base map
    (_, deck), *_ = decks(clicked.frames)

    x, y = pixel(page, deck, name)
    page.mouse.move(x, y + 22, steps=5)
    page.wait_for_timeout(500)
    page.mouse.down()
    page.wait_for_timeout(HOLD)
    page.mouse.up()
    by_click = panel_of(clicked, name)

    other = selected.open(f"{server.url}/job_map")
    other.locator(".st-key-map_community input").click()
    other.locator(".st-key-map_community input").fill(name)
    other.keyboard.press("Enter")
    by_box = panel_of(selected, name)

    assert by_click == by_box
    assert "有岗可及比例" in by_click
    assert re.search(r"community=\d+", page.url)
    assert clicked.outside == selected.outside == []
    assert clicked.errors == selected.errors == []


def test_the_map_travels_in_a_few_kilobytes(server, window) -> None:  # type: ignore[no-untyped-def]
    sizes = {}
    for layers in ("", ",".join(LAYERS)):
        found = window()
        found.open(f"{server.url}/job_map?{urlencode({'layers': layers})}" if layers else f"{server.url}/job_map")
        found.page.locator("[data-testid=stDeckGlJsonChart] canvas").first.wait_for()
        sizes[layers] = max(size for size, _ in decks(found.frames))

    assert sizes.pop("") < LIMIT
    assert max(sizes.values()) < LIMIT_OF_ALL, sizes


def test_nothing_personal_travels_or_lies_in_a_public_file(server, sample_db, window) -> None:  # type: ignore[no-untyped-def]
    from core.people import rows
    from core.store import settings

    with sample_db.read() as connection:
        people = rows.people(connection, date(2025, 12, 28))
        staff = set(settings.staff_names(connection))  # colleagues are named to each other
    phones = [phone.encode() for phone in people["phone"].dropna()]
    names = [name.encode() for name in people["name"] if len(name) > 2 and name not in staff]
    found = window()
    page = found.open(f"{server.url}/job_map?{urlencode({'layers': ','.join(LAYERS), 'community': '3'})}")
    page.wait_for_timeout(1500)
    page.get_by_role("tab").nth(1).click()
    found.settle()
    sent = b"".join(found.frames) + b"".join(path.read_bytes() for path in STATIC.rglob("*") if path.is_file())

    assert len(sent) > 20_000
    assert [phone for phone in phones if phone in sent] == []
    assert [name for name in names if name in sent] == []
    for _, deck in decks(found.frames):
        fields = {key for layer in deck["layers"] for row in layer.get("data", []) for key in row}
        assert fields <= {"i", "t", "p", "c", "r", "m", "n", "s", "a", "b", "w"}, fields


def test_without_webgl_the_same_map_stands_as_a_picture(server, window) -> None:  # type: ignore[no-untyped-def]
    found = window()

    page = found.open(f"{server.url}/job_map?view=static")

    page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first.wait_for()
    assert page.locator("[data-testid=stDeckGlJsonChart]").count() == 0
    assert found.outside == []
