"""The sessions: those to come, those to record, those that are over; by community, as a calendar and as a list."""

from __future__ import annotations

import streamlit as st

from core.locale import N_
from core.policy import Action
from core.training.figures import session_calendar
from core.training.tables import SessionState, session_states
from pages import cache
from pages.common import drilldown
from pages.common.charts import show_chart
from pages.common.query_params import set_query_param, url_choice
from pages.common.session_keys import Key
from pages.common.view import View
from pages.training.forms import plan_form

__all__ = ["show"]

COMING = (SessionState.PLANNED, SessionState.RUNNING)
WHEN = {
    "coming": (N_("Coming and running"), COMING),
    "record": (N_("Results to record"), (SessionState.TO_RECORD,)),
    "past": (N_("Finished"), (SessionState.DONE,)),
    "cancelled": (N_("Cancelled"), (SessionState.CANCELLED,)),
}
COLUMNS = [
    "course",
    "community",
    "place",
    "kind",
    "starts_on",
    "ends_on",
    "listed",
    "capacity",
    "passed",
    "state",
    "id",
]


def show(view: View) -> None:
    """Calendar and list; a row opens its session."""
    tr = view.tr
    everything = cache.training.sessions(view.revision)
    everything = everything.assign(state=session_states(everything, view.today))
    left, middle, right = st.columns([4, 2, 2], vertical_alignment="bottom")
    with left:
        when = url_choice(
            st.segmented_control,
            tr("When"),
            "when",
            list(WHEN),
            None,
            key=Key.TRAINING_WHEN,
            format_func=lambda code: tr(WHEN[code][0]),
            label_visibility="collapsed",
        )
    with middle:
        names = list(everything["community"].dropna().drop_duplicates().sort_values())
        community = url_choice(
            st.selectbox,
            tr("Community"),
            "community",
            names,
            None,
            key=Key.TRAINING_COMMUNITY,
            format_func=tr.name,
            placeholder=tr("Every community"),
            label_visibility="collapsed",
        )
    with right:
        ids = everything[["course_id", "course"]].drop_duplicates().sort_values("course")
        course_names = dict(ids.itertuples(index=False))
        course = url_choice(
            st.selectbox,
            tr("Course"),
            "course",
            list(course_names),
            None,
            key=Key.TRAINING_COURSE,
            format_func=course_names.__getitem__,
            placeholder=tr("Every course"),
            label_visibility="collapsed",
        )
    rows = everything
    if community is not None:
        rows = rows[rows["community"] == community]
    if course is not None:
        rows = rows[rows["course_id"] == course]
    if view.may(Action.PLAN_SESSION):
        plan_form(view)
    calendar = session_calendar(tr, rows, view.today)
    if calendar is not None:
        show_chart(view, calendar, tr("Sessions by community"))
    if when is not None:
        rows = rows[rows["state"].isin(WHEN[when][1])]
    if rows.empty:
        st.write(tr("No session fits these filters."))
        return
    st.caption(tr("Select a row to open the session: its list, attendance and results."))
    picked = drilldown.table(view, rows[COLUMNS], tr("Sessions"), height=420, select=True)
    if picked is not None:
        set_query_param("session", int(picked["id"].iloc[0]))
        st.rerun()
