"""The policies in force with how many may claim them, and the people behind each number with their trace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.locale import N_
from core.people.commands import ask_visits
from core.policies.commands import Subject
from core.policies.conditions import Truth
from core.policies.eligibility import Judgement, claimed, summary
from core.policies.wording import question
from core.policy import Action
from core.terms import PolicyAudience
from pages import cache
from pages.common import drilldown, scope
from pages.common.escape import md_escape
from pages.common.links import page_link
from pages.common.policy_trace import draft_button, policy_terms, show_trace, to_check
from pages.common.query_params import url_choice
from pages.common.saving import announce
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["show"]

FIRST = (N_("Policy"), N_("May claim, not applied for"))  # on a phone
GROUPS = {
    "unclaimed": N_("May claim, not applied for"),
    "met": N_("May claim"),
    "unknown": N_("Unknown"),
    "not_met": N_("Conditions not met"),
}
TRUTH_OF = {"unclaimed": Truth.YES, "met": Truth.YES, "unknown": Truth.UNKNOWN, "not_met": Truth.NO}
VISIT_DAYS = 14


def show(view: View) -> None:
    """The table of policies; the selected one below it."""
    tr = view.tr
    judgements = cache.policies.judgements(view.revision, view.today)
    if not judgements:
        st.write(tr("No policy is in force on this day."))
        return
    counted = summary(judgements, cache.policies.applications(view.revision)).set_index("policy")
    judgements = sorted(judgements, key=lambda own: -int(counted.at[own.rule.code, "unclaimed"]))
    counted = counted.loc[[own.rule.code for own in judgements]]
    shown = pd.DataFrame(
        {
            tr("Policy"): [own.rule.name(tr) for own in judgements],
            tr("May claim, not applied for"): counted["unclaimed"].to_numpy(),
            tr("May claim"): counted["met"].to_numpy(),
            tr("Unknown"): counted["unknown"].to_numpy(),
            tr("Conditions not met"): counted["not_met"].to_numpy(),
            tr("Applied for"): counted["claims"].to_numpy(),
            tr("For"): [tr.term(own.rule.audience) for own in judgements],
            tr("Remark"): [to_check(view, own) for own in judgements],
        }
    )
    counts = [tr(label) for label in GROUPS.values()]
    config: dict[str, Any] = {
        **{heading: st.column_config.NumberColumn(format="localized") for heading in counts},
        tr("Applied for"): st.column_config.NumberColumn(
            format="localized", help=tr("Applications that were not refused.")
        ),
    }
    show_table(view, shown, tr("Policies and subsidies"), first=FIRST, config=config, key=Key.POLICIES_TABLE)
    names = {own.rule.code: own.rule.name(tr) for own in judgements}
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        code = url_choice(
            st.selectbox,
            tr("Policy"),
            "policy",
            list(names),
            next(iter(names)),
            key=Key.POLICIES_POLICY,
            format_func=names.__getitem__,
        )
    with right:
        group = url_choice(
            st.segmented_control,
            tr("Who may claim"),
            "group",
            list(GROUPS),
            "unclaimed",
            key=Key.POLICIES_GROUP,
            format_func=lambda name: f"{tr(GROUPS[name])} {tr.number(counted.at[code, name])}",
            required=True,
            label_visibility="collapsed",
        )
    judgement = next(own for own in judgements if own.rule.code == code)
    st.caption(md_escape(policy_terms(view, judgement)))
    if not view.may(Action.READ_PERSON):
        st.caption(tr("Your role sees the numbers; the people behind them are shown to caseworkers and dispatchers."))
        return
    _list(view, judgement, group or "unclaimed")


def _list(view: View, judgement: Judgement, group: str) -> None:
    """Who is in the group; a row opens the trace."""
    tr = view.tr
    ids = judgement.ids(TRUTH_OF[group])
    if group == "unclaimed":
        ids = ids[~np.isin(ids, claimed(judgement, cache.policies.applications(view.revision)))]
    rows = pd.DataFrame({judgement.subject: ids})
    if judgement.rule.audience is PolicyAudience.EMPLOYER:
        names = cache.policies.records(view.revision).employers.set_index("id")["name"]
        rows["employer"] = rows["employer_id"].map(names)
    if group == "unknown":
        rows["questions"] = [
            tr.join(question(tr, fact) for fact in judgement.questions(int(subject))) for subject in ids
        ]
    if rows.empty:
        st.write(tr("Nobody."))
        return
    name = f"{judgement.rule.name(tr)}_{tr(GROUPS[group])}"
    picked = drilldown.table(view, rows, name, select=True)
    if group == "unknown" and judgement.subject == "person_id" and view.may(Action.ASK_VISIT):
        _ask(view, judgement, scope.rows(view, rows))
    if picked is None:
        st.caption(tr("Select a row to see which conditions are met."))
        return
    _one(view, judgement, int(picked[judgement.subject].iloc[0]))


def _one(view: View, judgement: Judgement, key: int) -> None:
    """The trace of one person or enterprise, and what to do next."""
    tr = view.tr
    with st.container(border=True):
        show_trace(view, judgement.trace(key))
        for fact in judgement.questions(key):
            st.markdown(f"**{tr('To ask')}** {md_escape(question(tr, fact))}")
        with st.container(horizontal=True, vertical_alignment="center"):
            is_person = judgement.rule.audience is PolicyAudience.PERSON
            if is_person:
                page_link("people", tr("Open the person"), ":material/person:", {"person": str(key)})
            subject = Subject(person_id=key) if is_person else Subject(employer_id=key)
            has_applied = key in claimed(judgement, cache.policies.applications(view.revision))
            if not has_applied and judgement.truth_of(key) is not Truth.NO:
                draft_button(view, judgement, subject)


def _ask(view: View, judgement: Judgement, rows: pd.DataFrame) -> None:
    """Put what is unknown on the next visit of everyone listed."""
    tr = view.tr
    if rows.empty:
        return
    with st.popover(tr("Ask at the next visit"), icon=":material/event:"):
        on = st.date_input(
            tr("Visit by"),
            view.today + timedelta(days=VISIT_DAYS),
            min_value=view.today,
            key=Key.POLICIES_ASK.of("day"),
        )
        st.write(
            tr.plural("{n} person is asked by {day}.", "{n} people are asked by {day}.", len(rows), day=tr.day(on))
        )
        if st.button(tr("Schedule"), type="primary", key=Key.POLICIES_ASK.of("save")):
            name = judgement.rule.name(tr)
            reasons = {
                int(row.person_id): tr("{policy}: {questions}", policy=name, questions=row.questions)
                for row in rows.itertuples()
            }
            ask_visits(
                cache.store.database(), reasons, on=on, today=view.today, actor=view.access, at=datetime.now(UTC)
            )
            announce(tr.plural("{n} visit scheduled.", "{n} visits scheduled.", len(reasons)))
