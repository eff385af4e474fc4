"""Who is taught what, where and with which result? Sessions, demand per skill, the catalogue, commissioned training."""

from __future__ import annotations

import streamlit as st

from core.indicators.registry import Measured
from core.locale import N_
from core.training.tables import SessionState, session_states
from pages import cache
from pages.common import drilldown
from pages.common.heading import empty_state, heading
from pages.common.parts import Part, choose_part, show_part
from pages.common.query_params import query_param
from pages.common.session_keys import Key
from pages.common.view import View
from pages.training import catalogue, commissioned, demand, session, sessions

__all__ = ["render"]

FIGURES = ("training_coverage", "skills_per_person")


def render(view: View) -> None:
    """One session when the address names one, else one of the parts under the finding."""
    tr = view.tr
    if view.is_empty:
        heading(tr("Training"))
        empty_state(
            tr,
            tr(
                "This page shows courses and their sessions, who attends, what they can do afterwards, what is missing."
            ),
        )
    number = query_param("session")
    known = cache.training.sessions(view.revision)
    if number.isdecimal() and (known["id"] == int(number)).any():
        session.show(view, known[known["id"] == int(number)].iloc[0])
    else:
        _overview(view)
    drilldown.show_pending(view)


def _measured(view: View) -> list[Measured]:
    return [cache.overview.measured(view.revision, view.today, code) for code in FIGURES]


def _finding(view: View) -> tuple[str, str]:
    tr = view.tr
    states = session_states(cache.training.sessions(view.revision), view.today).value_counts()
    waiting = int(states.get(SessionState.TO_RECORD, 0))
    coverage, skills = (own.indicator.text(tr, own.value) for own in _measured(view))
    return (
        tr.plural(
            "{coverage} of post holders are trained, {skills} skills each; the results of {n} session are missing",
            "{coverage} of post holders are trained, {skills} skills each; the results of {n} sessions are missing",
            waiting,
            coverage=coverage,
            skills=skills,
        ),
        tr(
            "People who hold or held a public-welfare post; the same rows count on every page. As of {day}.",
            day=tr.day(view.today),
        ),
    )


def _overview(view: View) -> None:
    tr = view.tr
    top = st.container()
    with st.container(horizontal=True):
        for own in _measured(view):
            st.button(
                f"**{own.indicator.text(tr, own.value)}** {tr(own.indicator.name)}",
                key=Key.TRAINING_FIGURE.of(own.indicator.code),
                type="tertiary",
                help=tr("Open the rows"),
                on_click=drilldown.open_rows,
                args=(tr(own.indicator.name), tr(own.indicator.definition), own.numerator_rows),
            )
    part = choose_part(view, PARTS, key=Key.TRAINING_PART)
    show_part(view, part, top=top)


PARTS = {  # by their code in the address
    "sessions": Part(N_("Sessions"), _finding, sessions.show),
    "demand": Part(N_("Demand and supply"), demand.finding, demand.show),
    "catalogue": Part(N_("Course catalogue"), catalogue.finding, catalogue.show),
    "commissioned": Part(N_("Commissioned training"), commissioned.finding, commissioned.show),
}
