"""The catalogue: what each course teaches, its hours, and its sessions so far."""

from __future__ import annotations

import streamlit as st

from core.policy import Action
from pages import cache
from pages.common import drilldown
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.view import View
from pages.training.demand import skill_names
from pages.training.forms import course_form, edit_course_form

__all__ = ["finding", "show"]


def finding(view: View) -> tuple[str, str]:
    """How many courses there are, and how many will be held."""
    tr = view.tr
    courses = cache.training.courses(view.revision, view.today)
    return (
        tr.plural(
            "{n} course in the catalogue, {next} of them with a session to come",
            "{n} courses in the catalogue, {next} of them with a session to come",
            len(courses),
            next=int(courses["next"].notna().sum()),
        ),
        tr("Kind and hours as in the catalogue, else as in the latest session. Select a row for its sessions.")
        + " "
        + tr("As of {day}.", day=tr.day(view.today)),
    )


def show(view: View) -> None:
    """All courses; a row leads to the sessions of its course."""
    tr = view.tr
    if view.may(Action.ADD_COURSE):
        course_form(view)
    courses = cache.training.courses(view.revision, view.today)
    courses = courses.assign(skill=courses["skill"].map(skill_names(view)))
    if courses.empty:
        st.write(tr("No course yet."))
        return
    picked = drilldown.table(view, courses, tr("Course catalogue"), height=520, select=True)
    if picked is not None:
        course = int(picked["id"].iloc[0])
        with st.container(horizontal=True):
            st.button(
                md_escape(tr("Sessions of {course}", course=picked["course"].iloc[0])),
                icon=":material/arrow_forward:",
                type="primary",
                on_click=_open_sessions,
                args=(course,),
            )
            if view.may(Action.EDIT_COURSE):
                edit_course_form(view, course)


def _open_sessions(course: int) -> None:
    st.session_state[Key.TRAINING_PART] = "sessions"
    st.session_state[Key.TRAINING_COURSE] = course
