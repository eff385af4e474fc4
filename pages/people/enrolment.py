"""Enrolling one person in a session, on the page of that person."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.policy import RULES, Action
from core.terms import AccountRole, EnrolmentResult
from core.training.commands import enrol
from core.training.tables import SessionState, seats_free, session_states
from pages import cache
from pages.common.links import page_link
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["enrolment_form"]


def enrolment_form(view: View, person_id: int) -> None:
    """Sessions that are not over, have a seat left and not this person on their list."""
    tr = view.tr
    sessions = cache.training.sessions(view.revision)
    enrolments = cache.overview.facts(view.revision).enrolments
    own = enrolments.loc[
        (enrolments["person_id"] == person_id) & (enrolments["result"] != EnrolmentResult.WITHDRAWN), "session_id"
    ]
    is_full = (seats_free(sessions) <= 0).fillna(False).astype(bool)
    is_coming = session_states(sessions, view.today).isin([SessionState.PLANNED, SessionState.RUNNING])
    open_sessions = sessions[is_coming & ~is_full & ~sessions["id"].isin(own)].set_index("id")

    def label(key: int) -> str:
        row = open_sessions.loc[key]
        place = tr.name(row["community"]) if pd.notna(row["community"]) else ""
        return " · ".join(filter(None, (row["course"], place, tr.day(row["starts_on"]), row["code"])))

    with st.popover(tr("Enrol in a course"), icon=":material/school:"):
        if open_sessions.empty:
            st.write(tr("No session has a seat"))
            if view.may(Action.PLAN_SESSION):
                page_link("training", tr("Plan a session"), ":material/event:", {})
            else:
                roles = tr.join(tr.term(role) for role in AccountRole if role in RULES[Action.PLAN_SESSION])
                st.caption(tr("A session is planned by: {roles}.", roles=roles))
            return
        with st.form(Key.PERSON_ENROL, border=False):
            session = st.selectbox(tr("Session"), list(open_sessions.index), format_func=label)
            if st.form_submit_button(tr("Enrol"), type="primary") and session is not None:
                save(view, Action.ENROL, lambda change: enrol(change, int(session), [person_id]), tr("Enrolled."))
