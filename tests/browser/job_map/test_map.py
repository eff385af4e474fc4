"""The map in a real browser: a click on a community and its twin in the select box, what travels, what stays at home."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlparse

import pytest
from playwright.sync_api import Error, Page, Response

from core.access import queries as access_queries
from core.job_map.map_view import LAYERS
from core.people import queries
from core.store import settings
from core.store.database import ROOT, Database
from tests.browser.job_map.decks import decks, pixel, press

pytestmark = pytest.mark.browser

STATIC, CATALOGUES = ROOT / "pages" / "static", ROOT / "core" / "locale"
LIMIT = 20_000  # bytes of a deck, as it opens and with every layer on
BELOW = 14  # pixels below the middle of a label


def choose(page: Page, deck: dict[str, Any], name: str) -> None:
    """Click on a community, below its label."""
    x, y = pixel(page, deck, name)
    press(page, x, y + BELOW, name)


def panel(page: Page) -> str:
    """The text beside the map."""
    return page.locator("[role=tabpanel]").first.inner_text()


def panel_of(tab: Any, name: str) -> str:
    """The panel once it is about a community and whole."""
    tab.page.locator("[role=tabpanel] h3", has_text=name).wait_for(timeout=20_000)
    tab.page.wait_for_timeout(1000)
    return panel(tab.settle())


def test_a_click_on_the_map_and_the_select_box_lead_to_the_same_panel(server, window) -> None:  # type: ignore[no-untyped-def]
    name = "明渠社区"
    clicked, selected = window(), window()
    page = clicked.open(f"{server.url}/job_map")
    page.locator("[data-testid=stDeckGlJsonChart] canvas").first.wait_for()
    page.wait_for_timeout(2500)  # tiles of the base map
    (_, deck), *_ = decks(clicked.frames)

    choose(page, deck, name)
    by_click = panel_of(clicked, name)

    other = selected.open(f"{server.url}/job_map")
    other.locator("[class*=st-key-map_community_] input").click()
    other.locator("[class*=st-key-map_community_] input").fill(name)
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
        tab = window()
        tab.open(f"{server.url}/job_map?{urlencode({'layers': layers})}" if layers else f"{server.url}/job_map")
        tab.page.locator("[data-testid=stDeckGlJsonChart] canvas").first.wait_for()
        sizes[layers] = max(size for size, _ in decks(tab.frames))

    assert sizes.pop("") < LIMIT
    assert max(sizes.values()) < LIMIT, sizes


def test_nothing_personal_travels_or_lies_in_a_public_file(server, sample_db, window) -> None:  # type: ignore[no-untyped-def]
    """Every name and phone of the district is looked for in all that reaches the browser: messages and files, after
    every layer, a click, the panel, the table, the what-if with a premises opened, and the map without WebGL."""
    phones, names = secrets(sample_db)
    tab = window()
    fetched: list[Response] = []
    tab.on("response", lambda response: fetched.append(response))
    page = tab.open(f"{server.url}/job_map?{urlencode({'layers': ','.join(LAYERS)})}")
    page.locator("[data-testid=stDeckGlJsonChart] canvas").first.wait_for()
    page.wait_for_timeout(2500)
    (_, deck), *_ = decks(tab.frames)
    choose(page, deck, "明渠社区")
    panel_of(tab, "明渠社区")
    page.get_by_role("tab").nth(1).click()
    tab.settle()
    page.locator("[role=tabpanel]:visible [data-baseweb=select] input, [role=tabpanel]:visible input").first.click()
    page.get_by_role("option").first.click()
    tab.settle()
    page.locator("[data-testid=stExpander] summary").last.click()
    tab.settle()
    page.goto(f"{server.url}/job_map?{urlencode({'view': 'static', 'layers': ','.join(LAYERS), 'community': '3'})}")
    page.wait_for_timeout(500)
    tab.settle()

    files = {response.url: body(response) for response in fetched if "/static/js/" not in urlparse(response.url).path}
    public = b"".join(path.read_bytes() for path in STATIC.rglob("*") if path.is_file())
    sent = b"".join([*tab.frames, *files.values(), public])
    assert len(tab.frames) > 200
    assert any("/app/static/map_" in url for url in files)
    assert [phone for phone in phones if phone.encode() in sent] == []
    assert [name for name in names if name.encode() in sent] == []
    assert tab.outside == []
    for _, deck in decks(tab.frames):
        fields = {key for layer in deck["layers"] for row in layer.get("data", []) for key in row}
        assert fields <= {"i", "t", "p", "c", "r", "m", "n", "s", "a", "b", "w"}, fields


def secrets(db: Database) -> tuple[list[str], list[str]]:
    """Phones and names of everybody who is no colleague; names that are part of a public word can't be told apart."""
    with db.read() as connection:
        people = queries.people(connection, date(2025, 12, 28))
        colleagues = set(settings.staff_names(connection))
        snapshot = access_queries.load(connection, date(2025, 12, 28))
    tables = (snapshot.communities, snapshot.premises, snapshot.workshops, snapshot.jobs, snapshot.events)
    public = "\n".join(path.read_text(encoding="utf-8") for path in CATALOGUES.rglob("*.po"))
    public += "\n".join(str(value) for table in tables for value in table.select_dtypes("str").to_numpy().ravel())
    names = {str(name) for name in people["name"] if name not in colleagues and name not in public}
    phones = {str(phone) for phone in people["phone"].dropna()}
    assert min(len(names), len(phones)) > 500
    return sorted(phones), sorted(names)


def body(response: Response) -> bytes:
    try:
        return response.body()
    except Error:  # no body: a redirect, or the window has moved on
        return b""


def test_without_webgl_the_same_map_stands_as_a_picture(server, window) -> None:  # type: ignore[no-untyped-def]
    tab = window()

    page = tab.open(f"{server.url}/job_map?view=static")

    page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first.wait_for()
    assert page.locator("[data-testid=stDeckGlJsonChart]").count() == 0
    assert tab.outside == []
