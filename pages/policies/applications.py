"""Applications for policies: the list with its states, and one application with what can be done with it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from core.locale import N_
from core.people.masking import mask_name
from core.policies.commands import REFUSALS, Subject, approve, end, refuse, submit
from core.policies.conditions import Step
from core.policies.rules import Rule, rules_on
from core.policy import Action
from core.terms import AmountKind, ApplicationState
from pages import cache
from pages.common import drilldown, scope
from pages.common.escape import md_escape
from pages.common.links import page_link
from pages.common.policy_trace import show_trace
from pages.common.query_params import query_param, set_query_param, url_choice
from pages.common.saving import announce, checked
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["finding", "policy_names", "show"]

COLUMNS = ["person_id", "employer", "policy", "state", "state_since", "amount", "starts_on", "ends_on", "owner", "id"]
ENDABLE = (ApplicationState.DRAFTED, ApplicationState.APPROVED, ApplicationState.PAYING)


def policy_names(view: View) -> dict[str, str]:
    """Code → name of every policy, by its newest version."""
    return {code: rule.name(view.tr) for code, rule in _newest_rules(view).items()}


def _newest_rules(view: View) -> dict[str, Rule]:
    versions = cache.policies.versions(view.revision).drop_duplicates("code", keep="last")
    return {
        code: Rule.from_json(code, content) for code, content in zip(versions["code"], versions["content"], strict=True)
    }


def finding(view: View) -> tuple[str, str]:
    """How many applications there are, and how many wait for a decision."""
    tr = view.tr
    states = cache.policies.applications(view.revision)["state"]
    return (
        tr.plural(
            "{n} application, {open} of them to be decided",
            "{n} applications, {open} of them to be decided",
            len(states),
            open=tr.number(int((states == ApplicationState.SUBMITTED).sum())),
        ),
        tr("Submitted, and neither approved nor refused. As of {day}.", day=tr.day(view.today)),
    )


def show(view: View) -> None:
    """Counts by state, the list, and the selected application."""
    tr = view.tr
    everything = cache.policies.applications(view.revision)
    if everything.empty:
        st.write(tr("Nobody has applied for a policy yet. Begin on a person's page, or under “Who may claim”."))
        return
    counts = everything["state"].value_counts()
    st.markdown(
        " · ".join(f"{tr.term(state)} **{tr.number(int(counts.get(state.value, 0)))}**" for state in ApplicationState)
    )
    if not view.may(Action.READ_PERSON):
        return
    state = url_choice(
        st.selectbox,
        tr("State"),
        "state",
        list(ApplicationState),
        None,
        key=Key.POLICIES_STATE,
        index=None,
        format_func=tr.term,
        placeholder=tr("all"),
        width=220,
    )
    names = policy_names(view)
    rows = everything if state is None else everything[everything["state"] == state]
    rows = rows.sort_values(["state_since", "id"], ascending=False)
    shown = rows.assign(policy=rows["policy"].map(names).fillna(rows["policy"]))[COLUMNS]
    if shown["employer"].isna().all():
        shown = shown.drop(columns="employer")
    picked = drilldown.table(
        view, shown, tr("Policy applications"), height=320, select=True, first=["person", "policy", "state"]
    )
    if picked is not None:
        set_query_param("application", int(picked["id"].iloc[0]))
    wanted = query_param("application")
    own = scope.rows(view, everything[everything["id"].astype(str) == wanted])
    if own.empty:
        st.caption(tr("Select a row to see the application and what comes next."))
        return
    _one(view, own.iloc[0], names)


def _one(view: View, row: pd.Series, names: dict[str, str]) -> None:
    """What was applied for, how the conditions were met, and the next step."""
    tr, state = view.tr, ApplicationState.of(row["state"])
    with st.container(border=True):
        st.markdown(
            f"**{md_escape(_applicant(view, row))}** · {md_escape(names.get(row['policy'], row['policy']))} · "
            f"{tr.term(state)} · " + tr("since {day}", day=tr.day(row["state_since"]))
        )
        if pd.notna(row["amount"]):
            rule = _newest_rules(view).get(row["policy"])
            is_monthly = rule is not None and rule.amount_kind is AmountKind.MONTHLY
            st.markdown(
                tr(
                    N_("{amount} yuan a month, from {start} to {end}")
                    if is_monthly
                    else N_("{amount} yuan, from {start} to {end}"),
                    amount=tr.number(row["amount"]),
                    start=tr.day(row["starts_on"]),
                    end=tr.day(row["ends_on"]),
                )
            )
        if pd.notna(row["note"]):
            st.caption(md_escape(row["note"]))
        kept = row["trace"]
        if kept is not None:
            st.caption(
                tr(
                    "Conditions when it was submitted, by the version of {day}:",
                    day=tr.day(date.fromisoformat(kept["since"])),
                )
            )
            show_trace(view, Step.from_json(kept["trace"]))
        with st.container(horizontal=True, vertical_alignment="center"):
            if pd.notna(row["person_id"]):
                page_link("people", tr("Open the person"), ":material/person:", {"person": str(int(row["person_id"]))})
            _steps(view, row, state)


def _applicant(view: View, row: pd.Series) -> str:
    """The masked name of the person, or the name of the enterprise."""
    if pd.isna(row["person_id"]):
        return view.tr.name(str(row["employer"]))
    people = cache.overview.facts(view.revision).people.set_index("id")
    return mask_name(people.at[row["person_id"], "name"])


def _steps(view: View, row: pd.Series, state: ApplicationState) -> None:
    tr = view.tr
    is_person = pd.notna(row["person_id"])
    subject = Subject(person_id=int(row["person_id"])) if is_person else Subject(employer_id=int(row["employer_id"]))
    key = int(row["id"])
    is_mine = view.may(subject.action)
    if (
        state is ApplicationState.DRAFTED
        and is_mine
        and st.button(tr("Submit"), type="primary", icon=":material/send:", key=Key.POLICIES_STEP.of("submit", key))
    ):
        _do(view, submit, row)
    if state is ApplicationState.SUBMITTED and view.may(Action.DECIDE_APPLICATION):
        _approve_form(view, row)
        with (
            st.popover(tr("Refuse"), icon=":material/block:"),
            st.form(Key.POLICIES_STEP.of("refuse", key), border=False),
        ):
            reason = st.text_input(tr("Reason"), **at_most(tr, 200))
            if st.form_submit_button(tr("Refuse")):
                _do(view, refuse, row, reason=reason)
    if state in ENDABLE and is_mine:
        with (
            st.popover(tr("End the application"), icon=":material/event_busy:"),
            st.form(Key.POLICIES_STEP.of("end", key), border=False),
        ):
            ends_on = st.date_input(tr("Last day"), view.today)
            if st.form_submit_button(tr("End the application")):
                _do(view, end, row, ends_on=ends_on)


def _approve_form(view: View, row: pd.Series) -> None:
    tr = view.tr
    dated = next(
        (own for own in rules_on(cache.policies.versions(view.revision), view.today) if own.rule.code == row["policy"]),
        None,
    )
    if dated is None:
        st.caption(tr(REFUSALS["not_in_force"]))
        return
    rule = dated.rule
    with (
        st.popover(tr("Approve"), icon=":material/check:"),
        st.form(Key.POLICIES_STEP.of("approve", row["id"]), border=False),
    ):
        amount = None
        if rule.amount_kind is not AmountKind.NONE:
            label = tr("Amount a month, yuan") if rule.amount_kind is AmountKind.MONTHLY else tr("Yuan in all")
            amount = st.number_input(label, 0.0, value=rule.ceiling, step=10.0, format="%g")
        starts_on = st.date_input(tr("From the month of"), view.today)
        months = 1
        if rule.amount_kind is not AmountKind.ONCE:
            months = int(st.number_input(tr("Months"), 1, rule.months or 120, rule.months or 12))
        if st.form_submit_button(tr("Approve"), type="primary"):
            _do(view, approve, row, amount=amount, starts_on=starts_on, months=months)


def _do(view: View, step: Callable[..., None], row: pd.Series, **values: Any) -> None:
    """Run a step of an application."""
    run = functools.partial(
        step,
        cache.store.database(),
        int(row["id"]),
        version=int(row["version"]),
        today=view.today,
        actor=view.access,
        at=datetime.now(UTC),
        **values,
    )
    if checked(view, run) is not None:
        announce(view.tr("Saved."))
