"""One session: who is on its list, enrolling, cancelling, repeating, and the sheet of attendance and results."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from core.people.masking import mask_name
from core.policy import Action
from core.terms import EnrolmentResult, TrainingKind
from core.training.commands import cancel_session, enrol, repeat_session
from core.training.tables import SessionState, session_states
from pages import cache
from pages.common import drilldown, scope
from pages.common.escape import md_escape
from pages.common.heading import heading
from pages.common.links import page_link
from pages.common.query_params import set_query_param
from pages.common.saving import announce, attempt, save
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View
from pages.training.demand import skill_names
from pages.training.sheet import is_open, sheet, sheet_button

__all__ = ["show"]

ROSTER = ["person_id", "result", "attended_hours", "certificate", "certificate_number"]
NOT_PASSED = (EnrolmentResult.ENROLLED, EnrolmentResult.FAILED, EnrolmentResult.WITHDRAWN)


def show(view: View, row: pd.Series) -> None:
    """The session as its title, what can be done with it, and its list; a row opens the person."""
    tr, number = view.tr, int(row["id"])
    state = SessionState.of(session_states(row.to_frame().T, view.today).iloc[0])
    if st.button(tr("Back to all sessions"), icon=":material/arrow_back:", type="tertiary"):
        set_query_param("session", "")
        st.rerun()
    heading(md_escape(f"{row['course']} · {tr.term(state)}"), md_escape(_about(view, row)))
    _counts(view, row)
    if is_open(number) and view.may(Action.RECORD_SESSION):
        sheet(view, row)
        return
    roster = cache.training.roster(number)
    with st.container(horizontal=True):
        if state is not SessionState.CANCELLED:
            if view.may(Action.RECORD_SESSION) and state in (
                SessionState.RUNNING,
                SessionState.TO_RECORD,
                SessionState.DONE,
            ):
                sheet_button(view, row, roster, is_main=state is SessionState.TO_RECORD)
            if view.may(Action.ENROL):
                _enrol(view, row, roster)
        if view.may(Action.PLAN_SESSION):
            _repeat(view, row, roster)
        if view.may(Action.CANCEL_SESSION) and state in (SessionState.PLANNED, SessionState.RUNNING):
            _cancel(view, row)
        if pd.notna(row["employer"]):
            page_link(
                "enterprises", tr("Open the enterprise"), ":material/arrow_forward:", {"enterprise": row["employer"]}
            )
    if roster.empty:
        st.write(tr("Nobody is on the list yet."))
        return
    st.markdown(f"**{tr('On the list')}**")
    may_open = view.may(Action.READ_PERSON)
    name = tr("List of session {code}", code=row["code"])
    picked = drilldown.table(view, roster[ROSTER], name, height=420, select=may_open, first=["person", "result"])
    if picked is not None:
        st.switch_page(
            st.session_state[Key.PAGES]["people"], query_params={"person": str(int(picked["person_id"].iloc[0]))}
        )


def _about(view: View, row: pd.Series) -> str:
    """Kind, place, days, hours, teacher in one line."""
    tr = view.tr
    names = skill_names(view)
    hours = ""
    if pd.notna(row["hours"]):
        practice = 0 if pd.isna(row["practice_hours"]) else int(row["practice_hours"])
        hours = tr(
            "{theory} hours of theory, {practice} of practice", theory=int(row["hours"]) - practice, practice=practice
        )
    parts = [
        row["code"],
        tr.term(TrainingKind.of(row["kind"])),
        tr("teaches {skill}", skill=names[row["skill"]]) if pd.notna(row["skill"]) else "",
        tr.name(row["community"]) if pd.notna(row["community"]) else "",
        row["place"] if pd.notna(row["place"]) else "",
        tr("{start} to {end}", start=tr.day(row["starts_on"]), end=tr.day(row["ends_on"])),
        hours,
        row["teacher"] if pd.notna(row["teacher"]) else "",
        tr("commissioned by {employer}", employer=tr.name(row["employer"])) if pd.notna(row["employer"]) else "",
        tr("cancelled: {reason}", reason=row["cancel_reason"]) if pd.notna(row["cancelled_on"]) else "",
    ]
    return " · ".join(filter(None, parts))


def _counts(view: View, row: pd.Series) -> None:
    tr = view.tr
    listed, passed, waiting = (tr.number(int(row[name])) for name in ("listed", "passed", "waiting"))
    seats = "" if pd.isna(row["capacity"]) else tr("of {n} seats", n=int(row["capacity"]))
    st.markdown(
        tr(
            "**{listed}** on the list {seats} · **{passed}** passed · **{waiting}** without a result",
            listed=listed,
            seats=seats,
            passed=passed,
            waiting=waiting,
        )
    )


def _enrol(view: View, row: pd.Series, roster: pd.DataFrame) -> None:
    """Seekers of the own scope who are not on the list; first those who lack the skill, then neighbours."""
    tr, number = view.tr, int(row["id"])
    people = candidates(view, row, roster)
    labels = {
        int(p.id): " · ".join(
            filter(
                None,
                (
                    mask_name(p.name),
                    tr("No. {n}", n=p.id),
                    tr.name(p.community) if pd.notna(p.community) else "",
                    tr("lacks the skill") if p.lacks else "",
                ),
            )
        )
        for p in people.itertuples()
    }
    with (
        st.popover(tr("Enrol people"), icon=":material/person_add:"),
        st.form(Key.TRAINING_ENROL.of(number), border=False),
    ):
        chosen = st.multiselect(
            tr("People who seek work"),
            list(labels),
            format_func=labels.__getitem__,
            placeholder=tr("Name or community"),
            select_all=False,
        )
        if st.form_submit_button(tr("Enrol"), type="primary") and chosen:
            enrolled = attempt(view, Action.ENROL, lambda change: enrol(change, number, chosen))
            if enrolled is not None:
                announce(tr.plural("{n} person enrolled.", "{n} people enrolled.", enrolled.result))


def candidates(view: View, row: pd.Series, roster: pd.DataFrame) -> pd.DataFrame:
    """People who seek work, in the scope of who looks and not on the list: id, name, community, lacks; best first."""
    seekers = cache.training.seekers(view.revision, view.today)
    listed = roster.loc[roster["result"] != EnrolmentResult.WITHDRAWN, "person_id"]
    people = cache.people.people(view.revision, view.today)
    people = scope.rows(view, people[people["id"].isin(seekers) & ~people["id"].isin(listed)], "id")
    known = cache.overview.facts(view.revision).person_skills
    able = known.loc[(known["skill"] == row["skill"]) & (known["level"] >= 2), "person_id"]
    table = people[["id", "name", "community", "community_id"]].assign(lacks=~people["id"].isin(able))
    is_near = (table["community_id"] == row["community_id"]).fillna(False).astype(bool)
    return table.assign(near=is_near).sort_values(["lacks", "near", "id"], ascending=[False, False, True])


def _repeat(view: View, row: pd.Series, roster: pd.DataFrame) -> None:
    tr, number = view.tr, int(row["id"])
    open_people = roster.loc[roster["result"].isin(NOT_PASSED), "person_id"]
    with st.popover(tr("Repeat"), icon=":material/repeat:"), st.form(Key.TRAINING_REPEAT.of(number), border=False):
        earliest = view.today + timedelta(days=1)
        starts = st.date_input(tr("Begins on"), view.today + timedelta(days=14), min_value=earliest)
        takes = st.checkbox(
            tr.plural(
                "With the {n} person who has not passed", "With the {n} people who have not passed", len(open_people)
            ),
            value=bool(len(open_people)),
        )
        if st.form_submit_button(tr("Plan the repetition"), type="primary"):
            people = list(open_people) if takes else []
            again = attempt(
                view,
                Action.PLAN_SESSION,
                lambda change: repeat_session(change, number, starts_on=starts, people=people),
            )
            if again is not None:
                set_query_param("session", again.result)
                announce(tr("Session planned."))


def _cancel(view: View, row: pd.Series) -> None:
    tr, number = view.tr, int(row["id"])
    with (
        st.popover(tr("Cancel the session"), icon=":material/event_busy:"),
        st.form(Key.TRAINING_CANCEL.of(number), border=False),
    ):
        reason = st.text_input(tr("Reason"), **at_most(tr, 200))
        st.caption(tr("Its list is kept: the session can be repeated with the same people."))
        if st.form_submit_button(tr("Cancel the session"), type="primary"):
            version = int(row["version"])
            save(
                view,
                Action.CANCEL_SESSION,
                lambda change: cancel_session(change, number, version=version, reason=reason, today=view.today),
                tr("Session cancelled."),
            )
