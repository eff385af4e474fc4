"""What a named person does with a pair: recommend, record a refusal, move a recommendation on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pandas as pd
import streamlit as st

from core.jobs import commands
from core.locale import N_
from core.matching import tables
from core.matching.evidence import evidence
from core.matching.explanation import unknown_factors
from core.people.commands import ask_visit
from core.store.commands import Change, Conflict, command
from core.terms import ReferralState, RefusalReason
from pages import cache
from pages.common.escape import md_escape
from pages.common.plan_steps import step_form
from pages.matching.context import Look

__all__ = ["VISIT_DAYS", "show", "told"]

ERRORS: dict[type[Exception], str] = {
    commands.NoSeatLeft: N_("Every seat of this opening is taken: someone else was quicker."),
    commands.JobNotOpen: N_("This opening is no longer open."),
    commands.AlreadyRecommended: N_("This pair has already been recommended."),
    commands.PairRefused: N_("This pair ended before and is not offered again."),
    commands.StepNotAllowed: N_("The recommendation has moved on meanwhile; look again."),
    Conflict: N_("Someone changed this meanwhile; look again."),
}
VISIT_DAYS = 7
STEPS = (
    ReferralState.INTERVIEW,
    ReferralState.OFFERED,
    ReferralState.STARTED,
    ReferralState.NOT_HIRED,
    ReferralState.CLOSED,
)


def show(look: Look, row: int, person: int, job: int) -> None:
    """The buttons that the state of the pair allows."""
    tr = look.view.tr
    referral = tables.referral_of(look.pool, look.found, row)
    state = None if referral is None else ReferralState.parse(str(referral["state"]))
    if referral is not None and state is not None:
        since = referral["state_since"] if pd.notna(referral["state_since"]) else referral["recommended_on"]
        staff = referral["staff"] if isinstance(referral["staff"], str) else "—"
        st.caption(
            md_escape(
                tr("{state} since {day}, by {staff}", state=tr.term(state), day=tr.day(since.date()), staff=staff)
            )
        )
    if look.view.staff is None:
        st.caption(tr("Choose under “Working as” who you are to recommend or to record a refusal."))
        return
    with st.container(horizontal=True):
        if state is None or ReferralState.RECOMMENDED in commands.TRANSITIONS[state]:
            _recommend(look, row, person, job)
        elif referral is not None:
            _steps(look, referral, state)
        if state is None or ReferralState.DECLINED in commands.TRANSITIONS[state]:
            _refuse(look, person, job)
        _visit(look, row, person, look.job_name(job))
        step_form(
            look.view,
            int(look.pool.seekers.ids[person]),
            tr("Add a plan step"),
            tr("For “{job}”", job=look.job_name(job)),
        )


def _ids(look: Look, person: int, job: int) -> dict[str, int]:
    return {"person_id": int(look.pool.seekers.ids[person]), "job_id": int(look.pool.openings.ids[job])}


def _recommend(look: Look, row: int, person: int, job: int) -> None:
    tr, view = look.view.tr, look.view
    if st.button(tr("Recommend"), type="primary", icon=":material/send:", key="match_recommend"):
        kept = evidence(look.found, look.listed, row, look.chosen.preset, look.sliders, view.revision)
        score = float(look.listed.scores.point[row])
        _do(
            look,
            "recommend",
            lambda change: commands.recommend(
                change, **_ids(look, person, job), today=view.today, score=score, evidence=kept
            ),
            tr("Recommended; score and weights are kept with it."),
        )


def _refuse(look: Look, person: int, job: int) -> None:
    tr = look.view.tr
    with st.popover(tr("Record a refusal"), icon=":material/block:"):
        reason = st.selectbox(tr("Reason"), list(RefusalReason), format_func=tr.term, key="match_reason")
        st.caption(tr("Only this pair is taken from later lists."))
        if st.button(tr("Save"), key="match_refuse"):
            _do(
                look,
                "refuse",
                lambda change: commands.refuse(change, **_ids(look, person, job), reason=reason, today=look.view.today),
                tr("Refusal recorded."),
            )


def _visit(look: Look, row: int, person: int, job: str) -> None:
    """Someone is to call: what is unknown stands as the reason."""
    tr, view = look.view.tr, look.view
    with st.popover(tr("Book a visit"), icon=":material/event:"), st.form("match_visit", border=False):
        unknown = tr(", ").join(unknown_factors(look.found.profile, row, look.listed.weights, tr))
        on = st.date_input(tr("Visit by"), value=view.today + timedelta(days=VISIT_DAYS), min_value=view.today)
        why = st.text_input(tr("Reason"), tr("For “{job}”: {reason}", job=job, reason=unknown or "—"), max_chars=200)
        if st.form_submit_button(tr("Save")):
            ask_visit(
                cache.store.database(),
                int(look.pool.seekers.ids[person]),
                on=on,
                why=why,
                today=view.today,
                actor=str(view.staff),
                at=datetime.now(UTC),
            )
            st.session_state["match_told"] = ("done", tr.plural("{n} visit put down.", "{n} visits put down.", 1))
            st.rerun()


def _steps(look: Look, referral: pd.Series, state: ReferralState) -> None:
    tr = look.view.tr
    allowed = [step for step in STEPS if step in commands.TRANSITIONS[state]]
    if not allowed:
        return
    with st.popover(tr("Move on"), icon=":material/arrow_forward:"):
        step = st.selectbox(tr("Next step"), allowed, format_func=tr.term, key="match_step")
        if step is ReferralState.STARTED:
            st.caption(tr("Creates the placement, takes a seat and closes the person's other offers."))
        if st.button(tr("Save"), key="match_advance"):
            _do(
                look,
                "advance_referral",
                lambda change: commands.advance(
                    change, int(referral["id"]), step, today=look.view.today, version=int(referral["version"])
                ),
                tr("Recorded: {state}", state=tr.term(step)),
            )


def _do(look: Look, action: str, work: Callable[[Change], object], told: str) -> None:
    """Run a command in the name of who looks; say what happened on the next run."""
    try:
        with command(cache.store.database(), actor=str(look.view.staff), action=action, at=datetime.now(UTC)) as change:
            work(change)
    except tuple(ERRORS) as error:
        st.session_state["match_told"] = ("error", look.view.tr(ERRORS[type(error)]))
    else:
        st.session_state["match_told"] = ("done", told)
    st.rerun()


def told() -> None:
    """What became of the last command; also where its pair is no longer listed."""
    kind, text = st.session_state.pop("match_told", (None, ""))
    if kind == "error":
        st.error(text)
    elif kind == "done":
        st.toast(text, icon=":material/check:")
