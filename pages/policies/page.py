"""Who may claim something and has not? Policies judged for everyone, applications, payments by month, conditions."""

from __future__ import annotations

import streamlit as st

from core.locale import N_
from core.policies.eligibility import unclaimed_people
from core.terms import PolicyAudience
from pages import cache
from pages.common.heading import empty_state, heading
from pages.common.parts import Part, choose_part, show_part
from pages.common.query_params import query_param
from pages.common.session_keys import Key
from pages.common.view import View
from pages.policies import applications, claims, payments, rules

__all__ = ["render"]


def render(view: View) -> None:
    """One of the parts under the finding."""
    tr = view.tr
    if view.is_empty:
        heading(tr("Policies and subsidies"))
        empty_state(
            tr,
            tr(
                "This page shows who may claim which policy, and why; applications, what is paid for each month, and the "
                "conditions with their dates."
            ),
        )
    top = st.container()
    if query_param("application") and Key.POLICIES_PART not in st.session_state:
        st.session_state[Key.POLICIES_PART] = "applications"  # a link to one application
    part = choose_part(view, PARTS, key=Key.POLICIES_PART)
    show_part(view, part, top=top)


def _finding(view: View) -> tuple[str, str]:
    tr = view.tr
    judgements = cache.policies.judgements(view.revision, view.today)
    waiting = unclaimed_people(judgements, cache.policies.applications(view.revision))
    of_people = [own for own in judgements if own.rule.audience is PolicyAudience.PERSON]
    everybody = max((len(own.facts.ids) for own in of_people), default=0)
    return (
        tr.plural(
            "{n} person qualifies for a policy and has not applied",
            "{n} people qualify for a policy and have not applied",
            len(waiting),
        ),
        tr(
            "{policies} policies in force, judged for {people} people by their records of {day}; the district's figures.",
            policies=len(judgements),
            people=tr.number(everybody),
            day=tr.day(view.today),
        ),
    )


PARTS = {  # by their code in the address
    "claims": Part(N_("Who may claim"), _finding, claims.show),
    "applications": Part(N_("Applications"), applications.finding, applications.show),
    "payments": Part(N_("Payments by month"), payments.finding, payments.show),
    "rules": Part(N_("Conditions"), rules.finding, rules.show),
}
