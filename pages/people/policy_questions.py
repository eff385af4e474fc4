"""Questions of a visit whose answers decide whether a person may claim a policy."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.policies.eligibility import Judgement
from core.policies.wording import question
from core.terms import InsurancePayer, PolicyAudience, PolicyFact, RetirementGroup
from pages import cache
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["policy_questions"]

# Facts that are asked here → the field of the answer.
FIELDS = {
    PolicyFact.INSURANCE: "insurance",
    PolicyFact.YEAR_CONTRACT: "year_contract",
    PolicyFact.YEARS_TO_RETIREMENT: "retirement_group",
    PolicyFact.WANTS_START_UP: "wants_start_up",
}


def policy_questions(view: View, person_id: int) -> dict[str, Any]:
    """A field for each open question; the answers that were given, by field. Nothing where no policy waits for one."""
    tr = view.tr
    asked = _open(view, person_id)
    answers: dict[str, Any] = {}
    if not asked:
        return answers
    with st.expander(tr("Questions that decide a policy ({n})", n=len(asked)), expanded=True):
        for fact, policies in asked.items():
            for_what = tr.join(own.rule.name(tr) for own in policies)
            if fact not in FIELDS:
                st.markdown(md_escape(tr("{question} ({policies})", question=question(tr, fact), policies=for_what)))
                continue
            answers[FIELDS[fact]] = _field(view, person_id, fact, for_what)
    return {name: answer for name, answer in answers.items() if answer is not None}


def _open(view: View, person_id: int) -> dict[PolicyFact, list[Judgement]]:
    """Fact → the policies that an answer to it could decide."""
    deciding: dict[PolicyFact, list[Judgement]] = {}
    for own in cache.policies.judgements(view.revision, view.today):
        if own.rule.audience is PolicyAudience.PERSON and person_id in own.facts.ids:
            for fact in own.questions(person_id):
                deciding.setdefault(fact, []).append(own)
    return deciding


def _field(view: View, person_id: int, fact: PolicyFact, policies: str) -> Any:
    tr = view.tr
    terms = {PolicyFact.INSURANCE: InsurancePayer, PolicyFact.YEARS_TO_RETIREMENT: RetirementGroup}
    options: list[Any] = list(terms[fact]) if fact in terms else [True, False]
    return st.selectbox(
        question(tr, fact),
        options,
        index=None,
        format_func=lambda answer: tr.term(answer) if fact in terms else (tr("yes") if answer else tr("no")),
        placeholder=tr("not asked"),
        help=md_escape(policies),
        key=Key.POLICY_QUESTION.of(fact.value, person_id),
    )
