"""Forms of training: a course of the catalogue, a session, and what a refused session answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from core.locale import Translator
from core.policy import Action
from core.store.commands import command
from core.terms import Evidence, TrainingKind
from core.training.commands import CourseExists, SessionRefused, add_course, plan_session
from pages import cache
from pages.common.query_params import set_query_param
from pages.common.session_keys import Key
from pages.common.view import View
from pages.training.demand import skill_names

__all__ = ["CERTIFICATES", "course_form", "done", "plan_form", "problem_text"]

CERTIFICATES = [evidence for evidence in Evidence if evidence is not Evidence.SELF_REPORT]
LEAD_DAYS, SESSION_DAYS, SEATS = 14, 5, 30  # proposed for a new session


def problem_text(tr: Translator, refused: SessionRefused) -> str:
    """Why a session was left as it is, as a sentence."""
    text = tr("Not saved: {problem}.", problem=tr.term(refused.problem))
    if refused.seats_left is not None:
        text += " " + tr.plural("{n} seat is left.", "{n} seats are left.", refused.seats_left)
    return text


def done(message: str) -> None:
    """Run the page again and say that it is done."""
    st.session_state[Key.TRAINING_MESSAGE] = message
    st.rerun()


def course_form(view: View) -> None:
    """The form of a course."""
    with st.popover(view.tr("Add a course"), icon=":material/add:"):
        _course(view)


def _course(view: View) -> None:
    tr = view.tr
    names = skill_names(view)
    with st.form(Key.TRAINING_FORM.of("add_course"), border=False):
        name = st.text_input(tr("Name"), max_chars=60)
        skill = st.selectbox(tr("Skill that it teaches"), list(names.index), index=None, format_func=names.__getitem__)
        kind = st.selectbox(tr("Kind"), list(TrainingKind), format_func=tr.term)
        hours = st.number_input(tr("Hours in all"), 1, 2000, 40)
        practice = st.number_input(tr("Of which practice"), 0, 2000, 24)
        certificate = st.selectbox(tr("Certificate"), CERTIFICATES, index=None, format_func=tr.term)
        if not st.form_submit_button(tr("Save"), type="primary"):
            return
    if not name.strip() or practice > hours:
        st.error(tr("A course needs a name, and no more practice than hours in all."))
        return
    try:
        with command(
            cache.store.database(), actor=view.access, action=Action.ADD_COURSE, at=datetime.now(UTC)
        ) as change:
            add_course(
                change,
                name=name,
                skill=skill,
                kind=kind,
                hours=hours,
                practice_hours=practice,
                certificate=certificate,
            )
    except CourseExists:
        st.error(tr("There is a course of this name that teaches another skill."))
        return
    done(tr("Course saved."))


def plan_form(view: View) -> None:
    """The form of a session."""
    with st.popover(view.tr("Plan a session"), icon=":material/event:"):
        _session(view)


def _session(view: View) -> None:
    tr = view.tr
    courses = cache.training.courses(view.revision, view.today).set_index("id")
    facts = cache.overview.facts(view.revision)
    communities = dict(facts.communities[["id", "name"]].itertuples(index=False))
    employers = dict(facts.employers[["id", "name"]].itertuples(index=False))
    with st.form(Key.TRAINING_FORM.of("plan_session"), border=False):
        course = st.selectbox(tr("Course"), list(courses.index), format_func=courses["course"].__getitem__)
        kind = st.selectbox(tr("Kind"), list(TrainingKind), format_func=tr.term)
        employer = st.selectbox(
            tr("Commissioned by"), list(employers), index=None, format_func=lambda key: tr.name(employers[key])
        )
        community = st.selectbox(
            tr("Community"), list(communities), index=None, format_func=lambda key: tr.name(communities[key])
        )
        place = st.text_input(tr("Place"), max_chars=80)
        left, right = st.columns(2)
        starts = left.date_input(tr("Begins on"), view.today + timedelta(days=LEAD_DAYS))
        ends = right.date_input(tr("Ends on"), view.today + timedelta(days=LEAD_DAYS + SESSION_DAYS - 1))
        hours = left.number_input(tr("Hours in all"), 1, 2000, None)
        practice = right.number_input(tr("Of which practice"), 0, 2000, None)
        teacher = left.text_input(tr("Teacher"), max_chars=40)
        capacity = right.number_input(tr("Seats"), 1, 1000, SEATS)
        if not st.form_submit_button(tr("Save"), type="primary"):
            return
    if course is None:
        st.error(tr("Choose a course first."))
        return
    try:
        with command(
            cache.store.database(), actor=view.access, action=Action.PLAN_SESSION, at=datetime.now(UTC)
        ) as change:
            number = plan_session(
                change,
                course_id=int(course),
                community_id=community,
                starts_on=starts,
                ends_on=ends,
                kind=kind,
                employer_id=employer if kind is TrainingKind.COMMISSIONED else None,
                place=place.strip() or None,
                hours=hours,
                practice_hours=practice,
                teacher=teacher.strip() or None,
                capacity=capacity,
            )
    except SessionRefused as refused:
        st.error(problem_text(tr, refused))
        return
    set_query_param("session", number)
    done(tr("Session planned."))
