"""What a person may claim, with the conditions one by one."""

from __future__ import annotations

import streamlit as st

from core.policies.commands import Subject
from core.policies.conditions import Truth
from core.terms import ApplicationState, PolicyAudience
from pages import cache
from pages.common.policy_trace import policy_box
from pages.common.view import View

__all__ = ["person_policies"]


def person_policies(view: View, person_id: int) -> None:
    """Policies that the person may claim, then those that an answer decides; the others only as a number."""
    tr = view.tr
    judgements = [
        own
        for own in cache.policies.judgements(view.revision, view.today)
        if own.rule.audience is PolicyAudience.PERSON and person_id in own.facts.ids
    ]
    applications = cache.policies.applications(view.revision)
    newest = applications[applications["person_id"] == person_id].drop_duplicates("policy", keep="last")
    states = {
        policy: ApplicationState.of(state) for policy, state in zip(newest["policy"], newest["state"], strict=True)
    }
    answers = {own.rule.code: own.truth_of(person_id) for own in judgements}
    with st.container(border=True):
        st.markdown(
            f"**{tr('Policies: may claim {n}, unknown {m}', n=list(answers.values()).count(Truth.YES), m=list(answers.values()).count(Truth.UNKNOWN))}**"
        )
        open_ones = [own for own in judgements if answers[own.rule.code] is not Truth.NO or own.rule.code in states]
        for own in sorted(open_ones, key=lambda own: -answers[own.rule.code]):
            state = states.get(own.rule.code)
            policy_box(view, own, Subject(person_id=person_id), "" if state is None else tr.term(state))
        left = [own.rule.name(tr) for own in judgements if own not in open_ones]
        if left:
            st.caption(tr("Conditions not met: {names}", names=tr.join(left)))
