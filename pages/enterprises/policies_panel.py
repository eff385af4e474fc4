"""What an enterprise may claim, with the conditions one by one."""

from __future__ import annotations

import streamlit as st

from core.policies.commands import Subject
from core.terms import ApplicationState, PolicyAudience
from pages import cache
from pages.common.policy_trace import policy_box
from pages.common.view import View

__all__ = ["show"]


def show(view: View, employer_id: int) -> None:
    """Every policy for enterprises; nothing where none is in force."""
    tr = view.tr
    judgements = [
        own
        for own in cache.policies.judgements(view.revision, view.today)
        if own.rule.audience is PolicyAudience.EMPLOYER and employer_id in own.facts.ids
    ]
    if not judgements:
        return
    applications = cache.policies.applications(view.revision)
    newest = applications[applications["employer_id"] == employer_id].drop_duplicates("policy", keep="last")
    states = {
        policy: ApplicationState.of(state) for policy, state in zip(newest["policy"], newest["state"], strict=True)
    }
    st.markdown(f"**{tr('Policies that it may claim')}**")
    for own in judgements:
        state = states.get(own.rule.code)
        policy_box(view, own, Subject(employer_id=employer_id), "" if state is None else tr.term(state))
