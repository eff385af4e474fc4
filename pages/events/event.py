"""One event: its results, who was interested in which job, and the recommendation that becomes of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.events.commands import COUNTS, refer
from core.events.sign_in_sheet import LINES, SignInHead, event_number, sign_in_sheet
from core.indicators.event_yields import started_within
from core.policy import Action
from core.terms import EventScene, EventTheme, JobStatus
from pages import cache
from pages.common import drilldown, scope
from pages.common.columns import HEADINGS, names_by_id
from pages.common.downloads import download_file
from pages.common.escape import md_escape
from pages.common.heading import heading
from pages.common.links import page_link
from pages.common.query_params import set_query_param
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.view import View
from pages.events.forms import intent_form, results_form

__all__ = ["show"]

COLUMNS = ["person_id", "employer", "title", "state", "id", "employer_id", "event_job", "referral_id"]


def show(view: View, row: pd.Series) -> None:
    """The event as its title, its counts, and the named intents; one of them becomes a recommendation by a click."""
    tr, number = view.tr, int(row["id"])
    if st.button(tr("Back to all events"), icon=":material/arrow_back:", type="tertiary"):
        set_query_param("event", "")
        st.rerun()
    about = [
        tr.day(row["held_on"]),
        tr.term(EventTheme.of(row["theme"])),
        tr.term(EventScene.of(row["scene"])) if pd.notna(row["scene"]) else "",
        row["place"] if pd.notna(row["place"]) else "",
        row["host"] if pd.notna(row["host"]) else "",
    ]
    heading(md_escape(row["name"]), md_escape(" · ".join(filter(None, about))))
    counted = [
        f"{tr(HEADINGS[name])} **{tr.number(int(row[name])) if pd.notna(row[name]) else '—'}**" for name in COUNTS
    ]
    st.markdown(" · ".join(counted))
    with st.container(horizontal=True):
        if view.may(Action.RECORD_EVENT) and row["held_on"] <= pd.Timestamp(view.today):
            results_form(view, row)
        if view.may(Action.RECORD_INTENT):
            intent_form(view, number)
        _sign_in(view, row, about[1:])
    everything = cache.events.intents(view.revision)
    own = everything[everything["event_id"] == number].reset_index(drop=True)
    if own.empty:
        st.write(tr("No intent is recorded by name yet."))
        return
    started = int(started_within(own, cache.overview.facts(view.revision).placements).sum())
    st.markdown(
        tr(
            "**{n} intents by name**, {referred} of them recommended, {started} started work within 30 days",
            n=len(own),
            referred=int(own["referral_id"].notna().sum()),
            started=started,
        )
    )
    rows = own.rename(columns={"job_id": "event_job"})[COLUMNS]
    picked = drilldown.table(view, rows, tr("Intents of event {n}", n=number), height=320, select=True)
    if picked is not None:
        _act(view, picked.iloc[0])


def _sign_in(view: View, row: pd.Series, about: list[str]) -> None:
    """The sheet on which visitors sign in: blank lines, and the number of the event as a code."""
    tr, number = view.tr, int(row["id"])
    head = SignInHead(
        number=number,
        name=row["name"],
        held_on=row["held_on"].date(),
        about=" · ".join(filter(None, about)),
        district=view.district.name(tr.lang),
        is_demo=view.district.holds_sample,
    )
    with st.popover(tr("Sign-in sheet"), icon=":material/qr_code:"):
        pages = st.number_input(tr("Pages of {n} lines", n=LINES), 1, 20, 3, key=Key.EVENTS_SHEET.of("pages", number))
        download_file(
            view,
            tr("Sheet to print"),
            lambda export: sign_in_sheet(head, tr, pages=int(pages), export_number=export),
            f"{tr('Sign-in sheet')}_{event_number(number)}.html",
            key=Key.EVENTS_SHEET.of(number),
            action=Action.EXPORT_TABLE,
            filters=f"event={number}",
            icon=":material/print:",
        )


def _act(view: View, intent: pd.Series) -> None:
    """Open the person, or recommend them."""
    tr = view.tr
    with st.container(horizontal=True, vertical_alignment="bottom"):
        page_link("people", tr("Open the person"), ":material/person:", {"person": str(int(intent["person_id"]))})
        if pd.notna(intent["referral_id"]) or not view.may(Action.RECOMMEND):
            return
        if not scope.holds(view, int(intent["person_id"])):
            return
        job = None if pd.isna(intent["event_job"]) else int(intent["event_job"])
        if job is None:
            jobs = cache.overview.facts(view.revision).jobs
            open_jobs = jobs[(jobs["status"] == JobStatus.OPEN) & (jobs["employer_id"] == intent["employer_id"])]
            titles = names_by_id(open_jobs, "title")
            job = st.selectbox(
                tr("Opening"),
                list(titles),
                format_func=lambda key: f"{titles[key]} · {tr('No. {n}', n=key)}",
                placeholder=tr("The employer has no open job"),
                key=Key.EVENTS_REFERRAL.of("job", intent["id"]),
            )
        if st.button(
            tr("Recommend"),
            icon=":material/send:",
            type="primary",
            disabled=job is None,
            key=Key.EVENTS_REFERRAL.of(intent["id"]),
        ):
            save(
                view,
                Action.RECOMMEND,
                lambda change: refer(change, int(intent["id"]), today=view.today, job_id=job),
                tr("Recommended."),
            )
