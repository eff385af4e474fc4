"""The Streamlit script behind every address: language, who is looking, navigation, run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = str(Path(__file__).resolve().parents[1])
if ROOT not in sys.path:  # started as a script, not as app.py
    sys.path.insert(0, ROOT)

import streamlit as st  # noqa: E402

from core.locale import N_, Words, words  # noqa: E402
from pages import cache, data, enterprises, figures, job_map, matching, overview, people, startup, workshops  # noqa: E402
from pages.parts import header, waiting  # noqa: E402
from pages.parts.builtin import translate_builtin  # noqa: E402
from pages.parts.view import View  # noqa: E402

# Section → (address, title, render). The first page of the first section is the start page.
PAGES: dict[str, list[tuple[str, str, Callable[[View], None]]]] = {
    "": [("", N_("Overview"), overview.render)],
    N_("Employment"): [
        ("job_map", N_("Job map"), job_map.render),
        ("workshops", N_("Micro-workshops"), workshops.render),
        ("matching", N_("Matching"), matching.render),
        ("enterprises", N_("Enterprise tiers"), enterprises.render),
    ],
    N_("People"): [("people", N_("Job-seeker pool"), people.render)],
    N_("Data"): [
        ("data", N_("Import and export"), data.render),
        ("figures", N_("Article figures"), figures.render),
    ],
}


def main() -> None:
    """One run: build the view, draw the frame, run the page."""
    tr = words("en" if header.language() == "en" else "zh_CN")
    st.set_page_config(page_title=tr("Community employment"), page_icon=header.ICON, layout="wide")
    st.logo(header.LOGO, size="large")
    translate_builtin(tr)
    if not startup.begin().is_ready:
        waiting.show(tr, startup.STATE)
        st.stop()
    revision = cache.revision()
    district = cache.district(revision)
    today = district.as_of or datetime.now(ZoneInfo("Asia/Shanghai")).date()
    navigation = st.navigation(_pages(tr), position="top")
    view = View(
        tr=tr,
        today=today,
        revision=revision,
        district=district,
        staff=header.staff_name(),
        is_empty=cache.people_count(revision) == 0,
        is_dark=st.context.theme.type == "dark",
    )
    header.show(view)
    st.session_state["view"] = view
    navigation.run()


def _pages(tr: Words) -> dict[str, list[st.Page]]:
    found: dict[str, list[st.Page]] = {}
    by_name: dict[str, st.Page] = {}
    for section, entries in PAGES.items():
        for address, title, render in entries:
            page = st.Page(_runner(render), title=tr(title), url_path=address, default=address == "")
            by_name[address or "overview"] = page
            found.setdefault(tr(section) if section else "", []).append(page)
    st.session_state["pages"] = by_name  # for links between pages
    return found


def _runner(render: Callable[[View], None]) -> Callable[[], None]:
    def run() -> None:
        render(st.session_state["view"])

    run.__name__ = render.__module__.rsplit(".", 1)[-1]
    return run


main()
