"""The sessions: those to come, those to record, those that are over; by community, as a calendar and as a list."""

from __future__ import annotations

from datetime import date

import altair as alt
import pandas as pd
import streamlit as st

from core.locale import N_, Translator
from core.policy import Action
from core.training.figures import session_calendar
from core.training.tables import SessionState, session_states
from pages import cache
from pages.common import drilldown
from pages.common.charts import show_built
from pages.common.query_params import set_query_param, url_choice, url_filter
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
FIRST = ["course", "starts_on", "state"]  # on a phone


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
        community = url_filter(
            tr("Community"),
            "community",
            names,
            key=Key.TRAINING_COMMUNITY,
            everything=tr("Every community"),
            format_func=tr.name,
        )
    with right:
        ids = everything[["course_id", "course"]].drop_duplicates().sort_values("course")
        course_names = dict(ids.itertuples(index=False))
        course = url_filter(
            tr("Course"),
            "course",
            list(course_names),
            key=Key.TRAINING_COURSE,
            everything=tr("Every course"),
            format_func=course_names.__getitem__,
        )
    rows = everything
    rows = _of(rows, community, course)
    if view.may(Action.PLAN_SESSION):
        plan_form(view)
    sessions = cache.training.sessions(view.revision)
    show_built(view, tr("Sessions by community"), _calendar, tr, sessions, community, course, view.today)
    if when is not None:
        rows = rows[rows["state"].isin(WHEN[when][1])]
    if rows.empty:
        st.write(tr("No session fits these filters."))
        return
    st.caption(tr("Select a row to open the session: its list, attendance and results."))
    picked = drilldown.table(view, rows[COLUMNS], tr("Sessions"), height=420, select=True, first=FIRST)
    if picked is not None:
        set_query_param("session", int(picked["id"].iloc[0]))
        st.rerun()


def _of(sessions: pd.DataFrame, community: str | None, course: int | None) -> pd.DataFrame:
    """The sessions of a community and a course, where one is chosen."""
    if community is not None:
        sessions = sessions[sessions["community"] == community]
    return sessions if course is None else sessions[sessions["course_id"] == course]


def _calendar(
    tr: Translator, sessions: pd.DataFrame, community: str | None, course: int | None, today: date
) -> alt.LayerChart | None:
    return session_calendar(tr, _of(sessions, community, course), today)
