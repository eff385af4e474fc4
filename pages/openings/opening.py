"""One opening: how it stands, what can be done, where it was seen, what became of its recommendations, its history."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.dispatch.exports.openings_board import pay_text
from core.indicators.yield_figures import source_name
from core.intake.wording import field_name, value_as_text
from core.jobs.commands import LIVE
from core.jobs.openings.checks import check_opening
from core.jobs.openings.commands import close_opening, confirm_opening, pause_opening
from core.jobs.openings.listing import OpeningState, opening_number
from core.jobs.openings.posting import make_posting
from core.policy import Action
from core.store.commands import from_json
from core.store.schema import Job
from core.terms import EmployerKind, JobForm, JobStatus, OpeningSource, ReferralState, Shift
from pages import cache
from pages.common import drilldown
from pages.common.escape import md_escape
from pages.common.heading import heading
from pages.common.links import page_link
from pages.common.query_params import set_query_param
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.view import View
from pages.openings import forms

__all__ = ["show"]

REFERRALS = ["person_id", "state", "recommended_on", "state_since"]


def show(view: View, number: int) -> None:
    """The opening under its title; one that was merged leads to the one that it turned out to be."""
    tr = view.tr
    if st.button(tr("Back to all openings"), icon=":material/arrow_back:", type="tertiary"):
        set_query_param("opening", "")
        st.rerun()
    kept = cache.overview.facts(view.revision).jobs.set_index("id")["merged_into_id"]
    asked = number
    while pd.notna(kept[number]):
        number = int(kept[number])
    rows = cache.openings.listing(view.revision, view.today)
    own = rows[rows["id"] == number]
    if own.empty:
        heading(tr("This opening is posted later"))
        return
    row = own.iloc[0]
    state = OpeningState.of(row["opening_state"])
    heading(md_escape(f"{row['title']} · {tr.term(state)}"), md_escape(_about(view, row)))
    if asked != number:
        st.info(tr("{number} was merged into this opening.", number=opening_number(asked)))
    _standing(view, row)
    _actions(view, row)
    if st.session_state.get(Key.OPENINGS_EDIT) == number and view.may(Action.SAVE_OPENING):
        forms.edit_opening_form(view, row)
        return
    _remarks(view, row)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _referrals(view, number)
    with right:
        _sources(view, number)
        _history(view, number)


def _about(view: View, row: pd.Series) -> str:
    tr = view.tr
    parts = [
        opening_number(int(row["id"])),
        tr.name(str(row["employer"])),
        tr.name(row["community"]) if pd.notna(row["community"]) else "",
        tr.term(JobForm.of(row["form"])) if pd.notna(row["form"]) else "",
        tr.term(Shift.of(row["shift"])) if pd.notna(row["shift"]) else "",
        tr("{n} hours a week", n=tr.number(row["weekly_hours"])) if pd.notna(row["weekly_hours"]) else "",
        pay_text(make_posting(row.to_dict()), tr),
        tr("posted on {day}", day=tr.day(row["posted_on"])),
        tr("closes on {day}", day=tr.day(row["closes_on"])) if pd.notna(row["closes_on"]) else "",
    ]
    return " · ".join(filter(None, parts))


def _standing(view: View, row: pd.Series) -> None:
    tr = view.tr
    confirmed = row["confirmed_on"] if pd.notna(row["confirmed_on"]) else row["posted_on"]
    st.markdown(
        tr(
            "**{free}** of {seats} seats free · confirmed on {day}, **{age}** days ago",
            free=tr.number(int(row["free"])),
            seats=tr.number(int(row["openings"])),
            day=tr.day(confirmed),
            age=tr.number(int(row["age_days"])),
        )
    )
    if pd.notna(row["duties"]):
        st.markdown(md_escape(str(row["duties"])))


def _actions(view: View, row: pd.Series) -> None:
    """What can be done, and where the opening leads."""
    tr, number, version = view.tr, int(row["id"]), int(row["version"])
    with st.container(horizontal=True, vertical_alignment="center"):
        if view.may(Action.CONFIRM_OPENING):
            _confirm(view, row)
        if view.may(Action.SAVE_OPENING):
            if st.button(tr("Edit"), icon=":material/edit:", key=Key.OPENINGS_FORM.of("edit", number)):
                st.session_state[Key.OPENINGS_EDIT] = number
                st.rerun()
            if row["status"] == JobStatus.OPEN and st.button(
                tr("Pause"), icon=":material/pause:", key=Key.OPENINGS_FORM.of("pause", number)
            ):
                save(
                    view,
                    Action.SAVE_OPENING,
                    lambda c: pause_opening(c, number, version=version, today=view.today),
                    tr("Paused."),
                )
            if row["status"] != JobStatus.CLOSED:
                _close(view, row)
        if row["status"] == JobStatus.OPEN:
            page_link(
                "matching",
                tr("People for it, and the price of its requirements"),
                ":material/join_inner:",
                {"job": str(number)},
            )
        employers = cache.overview.facts(view.revision).employers.set_index("id")
        if employers.at[row["employer_id"], "kind"] == EmployerKind.CRAFT_ECOMMERCE:
            page_link(
                "enterprises",
                tr("Open the enterprise"),
                ":material/arrow_forward:",
                {"enterprise": str(row["employer"])},
            )


def _confirm(view: View, row: pd.Series) -> None:
    tr, number, version = view.tr, int(row["id"]), int(row["version"])
    with (
        st.popover(tr("Confirm"), icon=":material/check_circle:"),
        st.form(Key.OPENINGS_FORM.of("confirm", number), border=False),
    ):
        free = st.number_input(
            tr("Seats still free, as the employer says"), 0, 10_000, max(1, int(row["free"])), step=1
        )
        st.caption(tr("0: filled. A paused or closed opening is open again."))
        if st.form_submit_button(tr("Confirm as of today"), type="primary"):
            save(
                view,
                Action.CONFIRM_OPENING,
                lambda c: confirm_opening(c, number, int(free), version=version, today=view.today),
                tr("Confirmed."),
            )


def _close(view: View, row: pd.Series) -> None:
    tr, number, version = view.tr, int(row["id"]), int(row["version"])
    referrals = cache.overview.facts(view.revision).referrals
    waiting = referrals[(referrals["job_id"] == number) & referrals["state"].isin(LIVE)]
    with (
        st.popover(tr("Close"), icon=":material/block:"),
        st.form(Key.OPENINGS_FORM.of("close", number), border=False),
    ):
        st.write(
            tr.plural(
                "{n} recommendation is under way and ends with it. Who has an offer and starts is recorded first.",
                "{n} recommendations are under way and end with it. Who has an offer and starts is recorded first.",
                len(waiting),
            )
        )
        if st.form_submit_button(tr("Close the opening"), type="primary"):
            save(
                view,
                Action.SAVE_OPENING,
                lambda c: close_opening(c, number, version=version, today=view.today),
                tr("Closed."),
            )


def _remarks(view: View, row: pd.Series) -> None:
    """What stands against the opening by law; blocking remarks keep it out of what goes out."""
    tr = view.tr
    values = {name: None if pd.isna(value) else value for name, value in row.to_dict().items()}
    times, dated = cache.openings.piece_times(view.revision), cache.store.parameters(view.revision)
    for remark in check_opening(values, times, dated, view.today):
        show = st.error if remark.blocks else st.warning
        show(md_escape(remark.sentence(tr)), icon=":material/gavel:")


def _referrals(view: View, number: int) -> None:
    """Counts for everybody, rows for who may open a person."""
    tr = view.tr
    referrals = cache.overview.facts(view.revision).referrals
    own = referrals[referrals["job_id"] == number].sort_values("recommended_on", ascending=False)
    st.markdown(f"**{tr('Recommendations')}**")
    if own.empty:
        st.write(tr("Nobody was recommended for it yet."))
        return
    counts = own["state"].value_counts()
    st.markdown(
        " · ".join(
            tr("{kind} {n}", kind=tr.term(state), n=tr.number(int(counts[state])))
            for state in ReferralState
            if state in counts
        )
    )
    if not view.may(Action.READ_PERSON):
        return
    name = tr("Recommendations for {number}", number=opening_number(number))
    picked = drilldown.table(view, own[REFERRALS], name, select=True)
    if picked is not None:
        person = str(int(picked["person_id"].iloc[0]))
        st.switch_page(st.session_state[Key.PAGES]["people"], query_params={"person": person})


def _sources(view: View, number: int) -> None:
    tr = view.tr
    sources = cache.openings.sources(view.revision)
    own = sources[sources["job_id"] == number]
    st.markdown(f"**{tr('Seen at')}**")
    if own.empty:
        st.write(tr("Source not on record"))
    for row in own.itertuples():
        parts = [
            source_name(tr, row.source, row.platform),
            tr("No. {n}", n=row.number) if isinstance(row.number, str) else "",
            tr.day(row.seen_on) if pd.notna(row.seen_on) else "",
            "" if row.leads or row.source != OpeningSource.PLATFORM else tr("fills gaps only"),
        ]
        st.markdown("- " + md_escape(" · ".join(filter(None, parts))))


def _history(view: View, number: int) -> None:
    """Who changed what, newest first."""
    tr = view.tr
    events = cache.openings.history(number)
    words = cache.data.vocabulary(view.revision)
    st.markdown(f"**{tr('History')}**")
    for event in events.itertuples():
        action = next((tr.term(member) for member in Action if member.value == event.action), str(event.action))
        st.markdown(md_escape(f"{tr.day(event.at)} · {event.actor} · {action}"))
        if not event.before:
            continue
        before, after = from_json(Job, event.before), from_json(Job, event.after or {})
        changes = [
            f"{field_name('openings', Job, name, tr)}: {value_as_text(Job, name, before[name], words, tr)}"
            f" → {value_as_text(Job, name, after[name], words, tr)}"
            for name in after
            if name in before
        ]
        st.caption(md_escape(tr("; ").join(changes)))
