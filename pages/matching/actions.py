"""What a caseworker does with a pair: recommend, record a refusal, move a recommendation on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pandas as pd
import streamlit as st

from core.jobs import commands
from core.matching import tables
from core.matching.evidence import evidence
from core.matching.explanation import unknown_factors
from core.people.commands import ask_visits
from core.policy import Action
from core.store.commands import Change, command
from core.terms import ReferralState, RefusalReason
from pages import cache
from pages.common.escape import md_escape
from pages.common.plan_step_form import step_form
from pages.common.saving import REFUSED, announce, why_refused
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.matching.context import RankingContext

__all__ = ["VISIT_DAYS", "show"]

VISIT_DAYS = 7
STEPS = (
    ReferralState.INTERVIEW,
    ReferralState.OFFERED,
    ReferralState.STARTED,
    ReferralState.NOT_HIRED,
    ReferralState.CLOSED,
)


def show(context: RankingContext, row: int, person: int, job: int) -> None:
    """The buttons that the state of the pair allows."""
    tr = context.view.tr
    referral = tables.referral_of(context.candidates, row)
    state = None if referral is None else ReferralState.parse(str(referral["state"]))
    if referral is not None and state is not None:
        since = referral["state_since"] if pd.notna(referral["state_since"]) else referral["recommended_on"]
        staff = referral["staff"] if isinstance(referral["staff"], str) else "—"
        st.caption(
            md_escape(
                tr("{state} since {day}, by {staff}", state=tr.term(state), day=tr.day(since.date()), staff=staff)
            )
        )
    if not context.view.may(Action.RECOMMEND):
        return
    with st.container(horizontal=True):
        if state is None or ReferralState.RECOMMENDED in commands.TRANSITIONS[state]:
            _recommend(context, row, person, job)
        elif referral is not None:
            _steps(context, referral, state)
        if state is None or ReferralState.DECLINED in commands.TRANSITIONS[state]:
            _refuse(context, person, job)
        _visit(context, row, person, context.job_name(job))
        step_form(
            context.view,
            int(context.pool.seekers.ids[person]),
            tr("Add a plan step"),
            tr("For “{job}”", job=context.job_name(job)),
        )


def _ids(context: RankingContext, person: int, job: int) -> dict[str, int]:
    return {"person_id": int(context.pool.seekers.ids[person]), "job_id": int(context.pool.openings.ids[job])}


def _recommend(context: RankingContext, row: int, person: int, job: int) -> None:
    tr, view = context.view.tr, context.view
    if st.button(tr("Recommend"), type="primary", icon=":material/send:", key=Key.MATCH_RECOMMEND):
        stored = evidence(
            context.shortlist,
            row,
            preset=context.selection.preset,
            sliders=context.sliders,
            revision=view.revision,
        )
        score = float(context.shortlist.scores.points[row]) / 100
        _do(
            context,
            Action.RECOMMEND,
            lambda change: commands.recommend(
                change, **_ids(context, person, job), today=view.today, score=score, evidence=stored
            ),
            tr("Recommended. Score and weights are stored with it."),
        )


def _refuse(context: RankingContext, person: int, job: int) -> None:
    tr = context.view.tr
    with st.popover(tr("Record a refusal"), icon=":material/block:"):
        reason = st.selectbox(tr("Reason"), list(RefusalReason), format_func=tr.term, key=Key.MATCH_REASON)
        st.caption(tr("Only this pair is taken from later lists."))
        if st.button(tr("Save"), key=Key.MATCH_REFUSE):
            _do(
                context,
                Action.REFUSE,
                lambda change: commands.refuse(
                    change, **_ids(context, person, job), reason=reason, today=context.view.today
                ),
                tr("Refusal recorded."),
            )


def _visit(context: RankingContext, row: int, person: int, job: str) -> None:
    """Book a visit; what is unknown is the proposed reason."""
    tr, view = context.view.tr, context.view
    with st.popover(tr("Book a visit"), icon=":material/event:"), st.form(Key.MATCH_VISIT, border=False):
        unknown = tr(", ").join(unknown_factors(context.candidates.profile, row, context.shortlist.weights, tr))
        on = st.date_input(tr("Visit by"), value=view.today + timedelta(days=VISIT_DAYS), min_value=view.today)
        why = st.text_input(
            tr("Reason"), tr("For “{job}”: {reason}", job=job, reason=unknown or "—"), **at_most(tr, 200)
        )
        if st.form_submit_button(tr("Save")):
            ask_visits(
                cache.store.database(),
                {int(context.pool.seekers.ids[person]): why},
                on=on,
                today=view.today,
                actor=view.access,
                at=datetime.now(UTC),
            )
            announce(tr.plural("{n} visit scheduled.", "{n} visits scheduled.", 1))


def _steps(context: RankingContext, referral: pd.Series, state: ReferralState) -> None:
    tr = context.view.tr
    allowed = [step for step in STEPS if step in commands.TRANSITIONS[state]]
    if not allowed:
        return
    number, version, today = int(referral["id"]), int(referral["version"]), context.view.today
    # Another key at every state: a step that is saved closes the menu, and a second click there takes no further step.
    with st.popover(tr("Move on"), icon=":material/arrow_forward:", key=Key.MATCH_MOVE.of(number, version)):
        step = st.selectbox(tr("Next step"), allowed, format_func=tr.term, key=Key.MATCH_STEP.of(number, version))
        if step is ReferralState.STARTED:
            started_on = st.date_input(
                tr("Started on"),
                value=today,
                min_value=min(referral["recommended_on"].date(), today),
                max_value=today,
                key=Key.MATCH_STARTED,
            )
            pay = st.number_input(tr("Pay, yuan a month"), 0.0, 50_000.0, None, step=100.0, key=Key.MATCH_PAY)
            st.caption(tr("Creates the placement, takes a seat and closes the person's other offers."))
        if st.button(tr("Save"), key=Key.MATCH_ADVANCE, type="primary"):
            work: Callable[[Change], object] = (
                (
                    lambda change: commands.hire(
                        change, number, started_on=started_on, today=today, monthly_pay=pay, version=version
                    )
                )
                if step is ReferralState.STARTED
                else lambda change: commands.advance(change, number, step, today=today, version=version)
            )
            _do(context, Action.ADVANCE_REFERRAL, work, tr("Recorded: {state}", state=tr.term(step)))


def _do(context: RankingContext, action: Action, work: Callable[[Change], object], message: str) -> None:
    """Run a command in the name of who works here; either way the next run shows the pair as it is then."""
    try:
        with command(cache.store.database(), actor=context.view.access, action=action, at=datetime.now(UTC)) as change:
            work(change)
    except REFUSED as error:
        announce(why_refused(context.view.tr, error), is_error=True)
    announce(message)
