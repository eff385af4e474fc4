"""Forms of recruitment events: the event itself, its results, and somebody's intent."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.events.commands import COUNTS, add_event, add_intent, record_results
from core.people.masking import mask_name
from core.policy import Action
from core.terms import EventScene, EventTheme, JobStatus
from pages import cache
from pages.common import scope
from pages.common.columns import HEADINGS, names_by_id
from pages.common.query_params import set_query_param
from pages.common.saving import announce, attempt, save
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["event_form", "intent_form", "results_form"]


def event_form(view: View) -> None:
    """The form of an event."""
    tr = view.tr
    communities = names_by_id(cache.overview.facts(view.revision).communities)
    with st.popover(tr("Add an event"), icon=":material/add:"), st.form(Key.EVENTS_FORM.of("event"), border=False):
        name = st.text_input(tr("Name"), **at_most(tr, 80))
        held_on = st.date_input(tr("Held on"), view.today)
        theme = st.selectbox(tr("Theme"), list(EventTheme), format_func=tr.term)
        scene = st.selectbox(tr("Scene"), list(EventScene), format_func=tr.term)
        community = st.selectbox(
            tr("Community"), list(communities), index=None, format_func=lambda key: tr.name(communities[key])
        )
        place = st.text_input(tr("Place"), **at_most(tr, 80))
        host = st.text_input(tr("Host"), view.district.office(tr.lang), **at_most(tr, 80))
        if not st.form_submit_button(tr("Save"), type="primary"):
            return
    if not name.strip():
        st.error(tr("An event needs a name."))
        return
    added = attempt(
        view,
        Action.RECORD_EVENT,
        lambda change: add_event(
            change,
            name=name,
            held_on=held_on,
            theme=theme,
            scene=scene,
            place=place.strip() or None,
            community_id=community,
            host=host.strip() or None,
        ),
    )
    if added is not None:
        set_query_param("event", added.result)
        announce(tr("Event saved."))


def results_form(view: View, row: pd.Series) -> None:
    """What was counted at the event and in the 30 days after it."""
    tr, number = view.tr, int(row["id"])
    with (
        st.popover(tr("Record the results"), icon=":material/edit:"),
        st.form(Key.EVENTS_FORM.of("results", number), border=False),
    ):
        counts = {
            name: st.number_input(
                tr(HEADINGS[name]), 0, 1_000_000, None if pd.isna(row[name]) else int(row[name]), step=1
            )
            for name in COUNTS
        }
        if not st.form_submit_button(tr("Save"), type="primary"):
            return
    save(
        view,
        Action.RECORD_EVENT,
        lambda change: record_results(change, number, counts, version=int(row["version"]), today=view.today),
        tr("Results saved."),
    )


def intent_form(view: View, event_id: int) -> None:
    """Who was interested in which open job, or in which employer."""
    tr = view.tr
    facts = cache.overview.facts(view.revision)
    people = cache.people.people(view.revision, view.today)
    seekers = scope.rows(view, people[people["id"].isin(cache.training.seekers(view.revision, view.today))], "id")
    labels = {int(p.id): f"{mask_name(p.name)} · {tr('No. {n}', n=p.id)}" for p in seekers.itertuples()}
    jobs = facts.jobs[facts.jobs["status"] == JobStatus.OPEN].set_index("id")
    employers = names_by_id(facts.employers)
    with (
        st.popover(tr("Add an intent"), icon=":material/person_add:"),
        st.form(Key.EVENTS_INTENT.of(event_id), border=False),
    ):
        person = st.selectbox(tr("Person"), list(labels), index=None, format_func=labels.__getitem__)
        job = st.selectbox(
            tr("Opening"),
            list(jobs.index),
            index=None,
            format_func=lambda key: (
                f"{jobs.at[key, 'title']} · {tr.name(jobs.at[key, 'employer'])} · {tr('No. {n}', n=key)}"
            ),
        )
        employer = st.selectbox(
            tr("Or only the employer"), list(employers), index=None, format_func=lambda key: tr.name(employers[key])
        )
        if not st.form_submit_button(tr("Save"), type="primary"):
            return
    if person is None or (job is None and employer is None):
        st.error(tr("Choose a person, and an opening or an employer."))
        return
    save(
        view,
        Action.RECORD_INTENT,
        lambda change: add_intent(
            change,
            event_id,
            person_id=int(person),
            employer_id=int(employer if job is None else jobs.at[job, "employer_id"]),
            job_id=None if job is None else int(job),
        ),
        tr("Intent saved."),
    )
