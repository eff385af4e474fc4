"""Every page in a real browser: cold deep links, no outside request, no script error, accessible, nothing personal sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe

from pages import frame
from tests.browser.conftest import Contexts, Server, Window, close, new_window
from tests.browser.legibility import illegible, sideways

PAGES = tuple(entry[0] for entries in frame.PAGES.values() for entry in entries)
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
PARTS = (
    "tasks?part=blocked",
    "tasks?part=landing",
    "tasks?part=radar",
    "training?part=catalogue",
    "openings?part=sources",
)
LANGUAGES = {"zh": "zh-CN", "en": "en"}  # in the address → of the document

pytestmark = pytest.mark.browser


@pytest.fixture(
    scope="module",
    params=[(page, lang) for page in PAGES for lang in LANGUAGES],
    ids=lambda param: f"{param[0] or 'overview'}-{param[1]}",
)
def opened(request: pytest.FixtureRequest, server: Server, contexts: Contexts) -> Iterator[tuple[Window, str]]:
    """A page opened from a deep link, and its language; opened once for the tests that only read it."""
    page, lang = request.param
    window = new_window(contexts(0, 1440, 900))
    window.open(f"{server.url}/{page}?lang={lang}")
    yield window, lang
    close(window)


def test_a_page_opens_quietly_from_a_deep_link(opened: tuple[Window, str]) -> None:
    window, lang = opened
    page = window.page

    assert page.locator("[data-testid=stTopNav]").is_visible()
    assert page.locator("[data-testid=stException], [data-testid=stAlertContentError]").count() == 0
    assert page.evaluate("document.documentElement.lang") == LANGUAGES[lang]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    assert window.outside == []
    assert window.errors == []


def test_every_text_is_whole_apart_from_others_and_dark_enough(opened: tuple[Window, str]) -> None:
    window, _ = opened

    assert illegible(window.page) == {"cut": [], "upon": [], "faint": []}


def test_no_full_name_or_phone_reaches_the_browser(opened: tuple[Window, str], sample_db) -> None:  # type: ignore[no-untyped-def]
    from core.people import queries
    from core.store import settings

    with sample_db.read() as connection:
        people = queries.people(connection, date(2025, 12, 28))
        staff = set(settings.staff_names(connection))  # officials appear by their names
    window, _ = opened
    sent = b"".join(window.frames)

    assert len(sent) > 1000
    assert [p for p in people["phone"].dropna() if p.encode() in sent] == []
    assert [n for n in people["name"] if len(n) > 2 and n not in staff and n.encode() in sent] == []


def test_axe_finds_no_serious_fault(opened: tuple[Window, str]) -> None:
    window, lang = opened
    if lang == "en":
        pytest.skip("the same elements as in Chinese")

    # st.metric draws its spark line without a name of its own; the metric around it has one
    response = Axe().run(window.page, context={"exclude": [["[data-testid=stMetricChart]"]]}).response

    serious = [
        (v["id"], node["target"], node["html"][:120], [check["message"] for check in node["any"]][:1])
        for v in response["violations"]
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"][:4]
    ]
    assert serious == []


@pytest.mark.parametrize("page", ["people"])
def test_the_first_request_of_a_fresh_process_gets_our_shell(empty_server, window, page: str) -> None:  # type: ignore[no-untyped-def]
    shown = window().open(f"{empty_server.url}/{page}")

    assert shown.locator(".st-key-header").is_visible()


def test_phones_show_every_page_whole(server, window) -> None:  # type: ignore[no-untyped-def]
    phone = window(390, 844, user_agent=PHONE, is_mobile=True, has_touch=True)

    for page in (*PAGES, *PARTS):
        shown = phone.open(f"{server.url}/{page}")
        assert shown.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), page
        assert illegible(shown) == {"cut": [], "upon": [], "faint": []}, page
        assert sideways(shown) == [], page
        assert shown.locator("[data-testid=stElementToolbar]:visible").count() == 0, (
            page
        )  # over what stands above a table


def test_what_is_selected_reads_on_the_dark_theme(server, window) -> None:  # type: ignore[no-untyped-def]
    shown = window(color_scheme="dark").open(f"{server.url}/workshops")  # with tabs and segments

    assert shown.locator("[data-selected]").count() > 0
    assert illegible(shown) == {"cut": [], "upon": [], "faint": []}
