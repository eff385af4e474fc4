"""A saved what-if put on the agenda of the weekly meeting: problem, measure, owner, date, filled in from its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import streamlit as st

from core.access.what_if import Scenario
from core.job_map.agenda import Proposal, proposal
from core.job_map.commands import AlreadyRaised, raise_at_meeting
from core.job_map.map_view import MapView
from core.job_map.sentences import finding
from core.policy import Action
from pages import cache
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View
from pages.job_map.scenarios import shown_as
from pages.job_map.state import MapState

__all__ = ["offer"]

WEEKS = 4  # until the measure is due, unless somebody says otherwise


def offer(view: View, state: MapState, scenario: Scenario, map_views: Mapping[str, MapView]) -> None:
    """The form behind a button, once the what-if is saved; when it was raised, by when it is due."""
    tr, saved = view.tr, shown_as(view, state, scenario)
    if saved is None:
        st.caption(tr("Save the what-if to raise it at the weekly meeting."))
        return
    items = cache.job_map.agenda_items(view.revision)
    for item in items[items["scenario"] == saved.id].itertuples():
        st.caption(
            tr("Raised as {code}: {owner}, due {day}", code=item.code, owner=item.owner, day=tr.day(item.due_on))
        )
    if not view.may(Action.RAISE_AT_MEETING):
        return
    with st.popover(tr("Raise at the weekly meeting"), icon=":material/campaign:", width="stretch"):
        filled = proposal(
            tr,
            state.model.unfiltered,
            before_after=(map_views["before"].measures, map_views["after"].measures),
            scenario=scenario,
            code=state.selection.measure,
            why=finding(tr, state.model, state.selection.measure),
        )
        _form(view, saved.id, filled)


def _form(view: View, scenario: int, filled: Proposal) -> None:
    tr = view.tr
    names = cache.store.staff_names(view.revision)
    with st.form(Key.MAP_AGENDA.of(scenario), border=False):
        problem = st.text_area(tr("Problem"), filled.problem, **at_most(tr, 200))
        measure = st.text_area(tr("Measure and success"), filled.measure, **at_most(tr, 200))
        st.caption(tr("Unit in charge: {office}", office=filled.office or "—"))
        owner = st.selectbox(tr("Responsible person"), names, index=None, placeholder=tr("choose"))
        due = st.date_input(tr("Due"), view.today + timedelta(weeks=WEEKS), min_value=view.today)
        if not st.form_submit_button(tr("Raise"), type="primary"):
            return
    if not owner or not problem.strip():
        st.error(tr("A problem and a responsible person are needed."))
        return
    try:
        raise_at_meeting(
            cache.store.database(),
            replace(filled, problem=problem.strip(), measure=measure.strip()),
            scenario,
            owner,
            due,
            today=view.today,
            actor=view.access,
            at=datetime.now(UTC),
        )
    except AlreadyRaised:
        st.error(tr("It was raised this week already."))
        return
    st.rerun()
