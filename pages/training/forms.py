"""Forms of training: a course of the catalogue, a session, and what a refused session answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from core.policy import Action
from core.terms import Evidence, TrainingKind
from core.training.commands import add_course, edit_course, plan_session
from pages import cache
from pages.common.columns import names_by_id
from pages.common.query_params import set_query_param
from pages.common.saving import announce, attempt, save
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View
from pages.training.demand import skill_names

__all__ = ["CERTIFICATES", "course_form", "edit_course_form", "plan_form"]

CERTIFICATES = [evidence for evidence in Evidence if evidence is not Evidence.SELF_REPORT]
LEAD_DAYS, SESSION_DAYS, SEATS = 14, 5, 30  # proposed for a new session


def course_form(view: View) -> None:
    """The form of a new course."""
    with st.popover(view.tr("Add a course"), icon=":material/add:"):
        facts = _course_fields(view, "add_course", {"hours": 40, "practice_hours": 24})
        if facts is not None:
            save(view, Action.ADD_COURSE, lambda change: add_course(change, **facts), view.tr("Course saved."))


def edit_course_form(view: View, number: int) -> None:
    """The form of a course of the catalogue."""
    row = cache.training.catalogue(view.revision).set_index("id").loc[number]
    stored = {name: None if pd.isna(value) else value for name, value in row.to_dict().items()}
    with st.popover(view.tr("Change the course"), icon=":material/edit:"):
        facts = _course_fields(view, f"course_{number}", stored)
        if facts is not None:
            save(
                view,
                Action.EDIT_COURSE,
                lambda change: edit_course(change, number, version=int(stored["version"]), **facts),
                view.tr("Course saved."),
            )


def _course_fields(view: View, form: str, stored: Mapping[str, Any]) -> dict[str, Any] | None:
    """The facts of a course as typed once they are sent, prefilled with those ``stored``; None until then."""
    tr, names = view.tr, skill_names(view)
    skills, kinds = list(names.index), list(TrainingKind)

    def place(options: list[Any], name: str) -> int | None:
        codes = [str(option) for option in options]
        return codes.index(str(stored[name])) if stored.get(name) is not None else None

    with st.form(Key.TRAINING_FORM.of(form), border=False):
        name = st.text_input(tr("Name"), stored.get("course", ""), **at_most(tr, 60))
        skill = st.selectbox(
            tr("Skill that it teaches"), skills, index=place(skills, "skill"), format_func=names.__getitem__
        )
        kind = st.selectbox(tr("Kind"), kinds, index=place(kinds, "kind"), format_func=tr.term)
        left, right = st.columns(2)
        hours = left.number_input(tr("Hours in all"), 1, 2000, _whole(stored.get("hours")))
        practice = right.number_input(tr("Of which practice"), 0, 2000, _whole(stored.get("practice_hours")))
        certificate = st.selectbox(
            tr("Certificate"), CERTIFICATES, index=place(CERTIFICATES, "certificate"), format_func=tr.term
        )
        if not st.form_submit_button(tr("Save"), type="primary"):
            return None
    if not name.strip() or (hours is not None and practice is not None and practice > hours):
        st.error(tr("A course needs a name, and no more practice than hours in all."))
        return None
    return {
        "name": name,
        "skill": skill,
        "kind": kind,
        "hours": hours,
        "practice_hours": practice,
        "certificate": certificate,
    }


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def plan_form(view: View) -> None:
    """The form of a session."""
    with st.popover(view.tr("Plan a session"), icon=":material/event:"):
        _session(view)


def _session(view: View) -> None:
    tr = view.tr
    courses = cache.training.courses(view.revision, view.today).set_index("id")
    facts = cache.overview.facts(view.revision)
    communities = names_by_id(facts.communities)
    employers = names_by_id(facts.employers)
    with st.form(Key.TRAINING_FORM.of("plan_session"), border=False):
        course = st.selectbox(tr("Course"), list(courses.index), format_func=courses["course"].__getitem__)
        kind = st.selectbox(tr("Kind"), list(TrainingKind), format_func=tr.term)
        employer = st.selectbox(
            tr("Commissioned by"), list(employers), index=None, format_func=lambda key: tr.name(employers[key])
        )
        community = st.selectbox(
            tr("Community"), list(communities), index=None, format_func=lambda key: tr.name(communities[key])
        )
        place = st.text_input(tr("Place"), **at_most(tr, 80))
        # A row of columns for each pair: on a phone what belongs together stays together.
        left, right = st.columns(2)
        starts = left.date_input(tr("Begins on"), view.today + timedelta(days=LEAD_DAYS))
        ends = right.date_input(tr("Course ends on"), view.today + timedelta(days=LEAD_DAYS + SESSION_DAYS - 1))
        left, right = st.columns(2)
        hours = left.number_input(tr("Hours in all"), 1, 2000, None)
        practice = right.number_input(tr("Of which practice"), 0, 2000, None)
        left, right = st.columns(2)
        teacher = left.text_input(tr("Teacher"), **at_most(tr, 40))
        capacity = right.number_input(tr("Seats"), 1, 1000, SEATS)
        if not st.form_submit_button(tr("Save"), type="primary"):
            return
    if course is None:
        st.error(tr("Choose a course first."))
        return
    planned = attempt(
        view,
        Action.PLAN_SESSION,
        lambda change: plan_session(
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
        ),
    )
    if planned is not None:
        set_query_param("session", planned.result)
        announce(tr("Session planned."))
