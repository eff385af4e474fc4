"""Every page in a real browser: cold deep links, no outside request, no script error, accessible, nothing personal sent."""

from __future__ import annotations

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = ("", "job_map", "workshops", "matching", "enterprises", "people", "data", "figures")

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_quietly_from_a_deep_link(server, window, page: str) -> None:  # type: ignore[no-untyped-def]
    found = window()

    opened = found.open(f"{server.url}/{page}")

    assert opened.locator("[data-testid=stTopNav]").is_visible()
    assert opened.locator("[data-testid=stException], [data-testid=stAlertContentError]").count() == 0
    assert opened.evaluate("document.documentElement.lang") == "zh-CN"
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    assert found.outside == []
    assert found.errors == []


@pytest.mark.parametrize("page", ["", "matching", "people"])
def test_the_first_request_of_a_fresh_process_gets_our_shell(empty_server, window, page: str) -> None:  # type: ignore[no-untyped-def]
    opened = window().open(f"{empty_server.url}/{page}")

    assert opened.locator(".st-key-header").is_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_no_serious_fault(server, window, page: str, lang: str) -> None:  # type: ignore[no-untyped-def]
    opened = window().open(f"{server.url}/{page}?lang={lang}")

    # st.metric draws its spark line without a name of its own; the metric around it has one
    found = Axe().run(opened, context={"exclude": [["[data-testid=stMetricChart]"]]}).response["violations"]

    serious = [
        (v["id"], node["target"], node["html"][:120], [check["message"] for check in node["any"]][:1])
        for v in found
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"][:4]
    ]
    assert serious == []


@pytest.mark.parametrize("page", PAGES)
def test_no_full_name_or_phone_reaches_the_browser(server, sample_db, window, page: str) -> None:  # type: ignore[no-untyped-def]
    from core.people import queries
    from core.store import settings

    with sample_db.read() as connection:
        people = queries.people(connection, date(2025, 12, 28))
        staff = set(settings.staff_names(connection))  # officials stand by their names
    found = window()
    found.open(f"{server.url}/{page}")
    sent = b"".join(found.frames)

    assert len(sent) > 1000
    assert [p for p in people["phone"].dropna() if p.encode() in sent] == []
    assert [n for n in people["name"] if len(n) > 2 and n not in staff and n.encode() in sent] == []


def test_phones_show_every_page_without_sideways_scrolling(server, window) -> None:  # type: ignore[no-untyped-def]
    found = window(390, 844)

    for page in PAGES:
        opened = found.open(f"{server.url}/{page}")
        assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), page
