"""A review round, step by step: panel, evidence, proposal, decisions, frozen result."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from core.enterprises.assessment import EnterpriseAssessment
from core.enterprises.rounds import commands as round_commands
from core.policy import Action
from core.terms import Pillar, RoundState
from pages import cache
from pages.common.escape import md_escape
from pages.common.query_params import url_choice
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View
from pages.enterprises import downloads, review_decisions, review_evidence, review_panel, review_step

__all__ = ["show"]

HALF_YEAR = timedelta(days=183)
NEXT_STEP = {
    RoundState.OPEN: round_commands.close_scoring,
    RoundState.SCORED: round_commands.propose_tiers,
    RoundState.PROPOSED: round_commands.close_decisions,
}


def show(view: View, assessments: list[EnterpriseAssessment]) -> None:
    """The chosen round at its step; above it the form that opens another."""
    tr = view.tr
    rounds = cache.enterprises.rounds(view.revision)
    _open_form(view, assessments, is_first=rounds.empty)
    if rounds.empty:
        st.caption(tr("No review round yet. Tiers rest on the reviews that were imported."))
        return
    periods = [str(p) for p in rounds["period"]]
    period = url_choice(st.selectbox, tr("Review round"), "round", periods, periods[0], key=Key.ROUND)
    row = rounds.iloc[periods.index(str(period))]
    _steps(view, row)
    state = RoundState.of(row["state"])
    cases = cache.enterprises.cases(view.revision)
    cases = cases[cases["round_id"] == row["id"]].set_index("id")
    if state is RoundState.OPEN:
        review_panel.progress(view, row, cases)
        review_panel.own_marks(view, row, cases)
        review_panel.exclusion_form(view, row, cases)
    else:
        review_panel.marks_table(view, cases)
    if state in (RoundState.OPEN, RoundState.SCORED):
        review_evidence.show(view, row, cases)
    else:
        proposals = cache.enterprises.proposals(view.revision, int(row["id"]))
        review_decisions.table(view, proposals, cases)
        if state is RoundState.PROPOSED:
            review_decisions.form(view, proposals, cases)
        downloads.decision_sheet(view, row, review_step.panel(view, int(row["id"])), proposals, cases)
    _next_step(view, row, cases)
    if _may_reopen(view, row):
        _reopen_form(view, row)


def _steps(view: View, row: pd.Series) -> None:
    """Where the round is: its steps in a line, the present one in bold."""
    tr, state = view.tr, RoundState.of(row["state"])
    words = [f"**{tr.term(s)}**" if s is state else f":gray[{tr.term(s)}]" for s in RoundState]
    st.markdown(" → ".join(words))
    panel = review_step.panel(view, int(row["id"]))
    parts = [
        tr("Period to {day}", day=tr.day(row["ends_on"].date())),
        tr("opened {day} by {who}", day=tr.day(row["opened_on"].date()), who=md_escape(row["opened_by"])),
        tr("panel: {names}", names="、".join(md_escape(name) for name in panel)),
    ]
    if not pd.isna(row["next_on"]):
        parts.append(tr("next review {day}", day=tr.day(row["next_on"].date())))
    if not pd.isna(row["reopened_for"]):
        parts.append(tr("scoring reopened: {reason}", reason=md_escape(row["reopened_for"])))
    st.caption(" · ".join(parts))
    if state is RoundState.FROZEN:
        if cache.enterprises.is_reproduced(view.revision, int(row["id"])):
            st.caption(tr("Computed again from the frozen inputs by the frozen rules: the same result."))
        else:
            st.error(tr("Computed again from the frozen inputs, the result differs from the one on file."))


def _next_step(view: View, row: pd.Series, cases: pd.DataFrame) -> None:
    """The button that ends the present step, with what it needs to know."""
    tr, state, key = view.tr, RoundState.of(row["state"]), int(row["id"])
    if state is RoundState.FROZEN:
        return
    if not view.may(Action.DECIDE_TIER if state is RoundState.PROPOSED else Action.RUN_REVIEW):
        return
    version = int(row["version"])
    labels = {
        RoundState.OPEN: tr("End the scoring"),
        RoundState.SCORED: tr("Compute the proposal"),
        RoundState.PROPOSED: tr("End the decisions"),
        RoundState.DECIDED: tr("Freeze the round"),
    }
    with st.form(Key.ROUND_STEP.of(key, state.value)):
        options: dict[str, Any] = {}
        if state is RoundState.OPEN and (missing := _incomplete(view, cases)):
            st.warning(
                tr(
                    "Fewer than {n} judges have marked every pillar of: {names}. Without them there is no panel value.",
                    n=cache.enterprises.rules(view.revision, view.today).min_judges,
                    names="、".join(tr.name(name) for name in missing),
                )
            )
            options["accept_incomplete"] = st.checkbox(tr("Go on without them"))
        if state is RoundState.PROPOSED:
            st.caption(tr("Enterprises without a decision of their own get the proposed tier."))
        next_on = (
            st.date_input(tr("Next review"), value=row["ends_on"].date() + HALF_YEAR)
            if state is RoundState.DECIDED
            else None
        )
        sent = st.form_submit_button(labels[state], type="primary")
    if not sent:
        return
    if state is RoundState.DECIDED:
        review_step.act(view, round_commands.freeze_round, key, next_on, version)
    else:
        review_step.act(view, NEXT_STEP[state], key, version, **options)


def _may_reopen(view: View, row: pd.Series) -> bool:
    """Whether the panel can still be asked again."""
    return view.may(Action.RUN_REVIEW) and RoundState.of(row["state"]) in (RoundState.SCORED, RoundState.PROPOSED)


def _reopen_form(view: View, row: pd.Series) -> None:
    """Let the panel score again, with a reason."""
    tr = view.tr
    with st.expander(tr("Open the scoring again")), st.form(Key.ROUND_REOPEN.of(row["id"]), border=False):
        st.caption(tr("The proposal and decisions on single enterprises fall away; marks and evidence stay."))
        reason = st.text_input(tr("Reason"), **at_most(tr, 200))
        sent = st.form_submit_button(tr("Open it again"))
    if sent:
        review_step.act(view, round_commands.reopen_scoring, int(row["id"]), int(row["version"]), reason)


def _incomplete(view: View, cases: pd.DataFrame) -> list[str]:
    """Names of enterprises with too few complete sets of marks."""
    given = cache.enterprises.marks_given(view.revision)
    complete = given[given["n"] == len(Pillar)].groupby("case_id").size()
    needed = cache.enterprises.rules(view.revision, view.today).min_judges
    return [str(case["name"]) for key, case in cases.iterrows() if int(complete.get(key, 0)) < needed]


def _open_form(view: View, assessments: list[EnterpriseAssessment], *, is_first: bool) -> None:
    tr = view.tr
    if not view.may(Action.RUN_REVIEW):
        return
    names = {a.key: a.name for a in assessments}
    with st.expander(tr("Open a review round"), expanded=is_first), st.form(Key.ROUND_OPEN, border=False):
        left, right = st.columns(2)
        half = 1 if view.today.month <= 6 else 2
        period = left.text_input(tr("Name of the period"), value=f"{view.today.year}H{half}", **at_most(tr, 20))
        ends_on = right.date_input(tr("Last day of the period"), value=view.today)
        judges = st.multiselect(tr("Panel"), cache.enterprises.panel_candidates(view.revision))
        chosen = st.multiselect(
            tr("Enterprises"), list(names), default=list(names), format_func=lambda k: tr.name(names[k])
        )
        sent = st.form_submit_button(tr("Open the round"), type="primary")
    if sent:
        review_step.act(view, round_commands.open_round, period, ends_on, judges, chosen, view.today)
