"""The frame around every page: language, who is looking, navigation by what they may read, then the page itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from core.locale import N_, Translator, translator
from core.policy import Access, Action, Refused, may
from pages import cache, startup
from pages.accounts import page as accounts
from pages.audit import page as audit
from pages.businesses import page as businesses
from pages.common import dialogs, district_picker, header, refusal, saving, signed_in, waiting
from pages.common.session_keys import PAGE_BOUND, Key
from pages.common.view import View
from pages.data import page as data
from pages.districts import page as districts
from pages.effect import page as effect
from pages.enterprises import page as enterprises
from pages.events import page as events
from pages.figures import page as figures
from pages.job_map import page as job_map
from pages.matching import page as matching
from pages.meeting import page as meeting
from pages.openings import page as openings
from pages.overview import page as overview
from pages.people import page as people
from pages.policies import page as policies
from pages.tasks import page as tasks
from pages.teams import page as teams
from pages.training import page as training
from pages.weekly_sheet import page as weekly_sheet
from pages.workshops import page as workshops

__all__ = ["PAGES", "Entry", "main"]

# Address, title, render, what one must be allowed to do to open it; the empty address is the start page.
Entry = tuple[str, str, Callable[[View], None], Action]

PAGES: dict[str, list[Entry]] = {
    "": [
        ("", N_("Overview"), overview.render, Action.READ_OVERVIEW),
        ("districts", N_("Districts"), districts.render, Action.READ_DISTRICTS),
        ("tasks", N_("Due work"), tasks.render, Action.READ_TASKS),
    ],
    N_("Employment"): [
        ("job_map", N_("Job map"), job_map.render, Action.READ_JOB_MAP),
        ("workshops", N_("Micro-workshops"), workshops.render, Action.READ_WORKSHOPS),
        ("openings", N_("Openings and platforms"), openings.render, Action.READ_OPENINGS),
        ("matching", N_("Matching"), matching.render, Action.READ_MATCHING),
        ("enterprises", N_("Enterprise tiers"), enterprises.render, Action.READ_ENTERPRISES),
        ("businesses", N_("Micro-businesses and premises"), businesses.render, Action.READ_BUSINESSES),
    ],
    N_("People"): [
        ("people", N_("Job-seeker pool"), people.render, Action.READ_POOL),
        ("training", N_("Training"), training.render, Action.READ_TRAINING),
        ("events", N_("Recruitment events"), events.render, Action.READ_EVENTS),
        ("teams", N_("Service teams"), teams.render, Action.READ_TEAMS),
        ("policies", N_("Policies and subsidies"), policies.render, Action.READ_POLICIES),
    ],
    N_("Dispatch"): [
        ("meeting", N_("Weekly meeting"), meeting.render, Action.READ_MEETING),
        ("weekly_sheet", N_("Weekly dispatch sheet"), weekly_sheet.render, Action.READ_WEEKLY_SHEET),
        ("effect", N_("Does it help?"), effect.render, Action.READ_EFFECT),
    ],
    N_("Data"): [
        ("data", N_("Import and export"), data.render, Action.READ_DATA),
        ("figures", N_("Article figures"), figures.render, Action.READ_FIGURES),
        ("accounts", N_("Accounts"), accounts.render, Action.READ_ACCOUNTS),
        ("audit", N_("Audit log"), audit.render, Action.READ_LOG),
    ],
}

BY_RIGHT = {
    "data": {
        Action.IMPORT: N_("Import and export"),
        Action.READ_QUALITY: N_("Data quality and templates"),
        Action.READ_EXPORTS: N_("Exports and rights"),
    }
}
"""Pages that offer each role something else: the title for whoever has the right, the first one that holds."""
OF_A_CITY = {"districts"}  # offered where there are several


def main(pages: Mapping[str, Sequence[Entry]] = PAGES) -> None:
    """One run: build the view, draw the frame, run the page."""
    tr = translator(header.language())
    st.set_page_config(page_title=tr("Community employment"), page_icon=header.ICON, layout="wide")
    is_dark = st.context.theme.type == "dark"
    st.html(header.STYLE)
    if tr.is_english:
        st.html(header.ENGLISH_STYLE)
    if is_dark:
        st.html(header.DARK_STYLE)
    st.logo(header.LOGO[is_dark], size="large")
    dialogs.close()
    if not startup.begin().is_ready:
        waiting.show(tr, startup.STATE)
        st.stop()
    access = signed_in.access()
    if access is None:
        header.reload()
        st.stop()
    if not district_picker.admits(tr, access):
        header.sign_out_button(tr)
        st.stop()
    here = (access.account_id, access.district)
    if (st.session_state.get(Key.ACCOUNT), st.session_state.get(Key.DISTRICT_OF_PAGE)) != here:
        # Another person signed in at this browser while the page was open, or the page goes to another district.
        if Key.ACCOUNT in st.session_state:
            st.session_state.clear()
        st.session_state[Key.ACCOUNT], st.session_state[Key.DISTRICT_OF_PAGE] = here
    cache.store.enter(access.district)
    revision = cache.store.revision()
    district = cache.store.district(revision)
    navigation = st.navigation(_navigation(tr, access, pages), position="top")
    if st.session_state.get(Key.PAGE) != navigation.url_path:
        st.session_state[Key.PAGE] = navigation.url_path
        for key in PAGE_BOUND:
            st.session_state.pop(key, None)
    view = View(
        tr=tr,
        today=cache.store.today(revision),
        revision=revision,
        district=district,
        access=access,
        is_empty=cache.store.people_count(revision) == 0,
        is_dark=is_dark,
        is_handheld="Mobi" in st.context.headers.get("User-Agent", ""),  # as browsers announce themselves
    )
    # While presenting nothing but the slide is on the screen, and nothing reruns under the speaker's hands.
    if not (navigation.url_path == "meeting" and set(st.query_params) & {"present", "notes"}):
        header.show(view)
    st.session_state[Key.VIEW] = view
    saving.show_notice()
    navigation.run()


def _navigation(tr: Translator, access: Access, pages: Mapping[str, Sequence[Entry]]) -> dict[str, list[st.Page]]:
    """Streamlit's pages by section; those that may be opened also by name in the session, for links between pages.

    A page that may not be opened keeps its address, which answers with a refusal, and is not offered.
    """
    sections: dict[str, list[st.Page]] = {}
    by_name: dict[str, st.Page] = {}
    for section, entries in pages.items():
        for address, title, render, action in entries:
            is_open = may(access, action) and (address not in OF_A_CITY or access.district is not None)
            page = st.Page(
                _runner(render, action),
                title=tr(_title(address, title, access)),
                url_path=address,
                default=address == "",
                visibility="visible" if is_open else "hidden",
            )
            if is_open:
                by_name[address or "overview"] = page
            sections.setdefault(tr(section) if section else "", []).append(page)
    st.session_state[Key.PAGES] = by_name
    return sections


def _title(address: str, title: str, access: Access) -> str:
    return next((own for right, own in BY_RIGHT.get(address, {}).items() if may(access, right)), title)


def _runner(render: Callable[[View], None], action: Action) -> Callable[[], None]:
    def run() -> None:
        view: View = st.session_state[Key.VIEW]
        if not view.may(action):
            refusal.closed_page(view, action)
            return
        try:
            render(view)
        except Refused as refused:  # the rights changed after the page was drawn
            refusal.show(view.tr, refused)

    run.__name__ = render.__module__.split(".")[-2:][0]  # the package of the screen, else the module
    return run
