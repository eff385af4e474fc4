"""Micro-workshops: who can take how many people, and what stops them."""

from __future__ import annotations

import streamlit as st

from core.locale import Translator
from core.workshops.status import State
from pages import cache
from pages.common.escape import md_escape
from pages.common.heading import empty_state, heading
from pages.common.view import View
from pages.workshops import cards, detail, forecast, method
from pages.workshops import roster as roster_panel
from pages.workshops import what_if as what_if_panel

__all__ = ["render"]


def render(view: View) -> None:
    """The finding, a card for each workshop, and the chosen one below."""
    tr = view.tr
    states = cache.workshops.workshop_states(view.revision, view.today)
    if not states:
        heading(tr("Micro-workshops"))
        empty_state(
            tr,
            tr(
                "Here stand the micro-workshops: load against capacity, orders that will be late, and room for more people."
            ),
        )
    heading(_finding(states, tr), _subtitle(view))
    names = [state.name for state in states]
    cards.show(view, states, _chosen(names))
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    chosen = left.selectbox(tr("Workshop"), names, key="workshop", bind="query-params")
    state = next(s for s in states if s.name == chosen)
    right.caption(_where(state, tr))
    if state.outlook is None:
        st.info(
            tr("No weekly report yet: capacity can't be reckoned. Import the weekly sheet first."),
            icon=":material/info:",
        )
        return
    now, what_if, roster, ahead, how = st.tabs(
        [tr("As it is"), tr("What if"), tr("Roster"), tr("Forecast"), tr("How it is reckoned")],
        key="workshop_tab",
        bind="query-params",
    )
    if now.open:
        with now:
            detail.show(view, state)
    if what_if.open:
        with what_if:
            what_if_panel.show(view, state)
    if roster.open:
        with roster:
            roster_panel.show(view, state)
    if ahead.open:
        with ahead:
            forecast.show(view, state)
    if how.open:
        with how:
            method.show(view, state)


def _chosen(names: list[str]) -> str:
    """The workshop that the select box will show: this session's choice, else the address, else the first."""
    wanted = st.session_state.get("workshop") or st.query_params.get("workshop")
    return wanted if wanted in names else names[0]


def _finding(states: list[State], tr: Translator) -> str:
    late = sum(bool(s.outlook and s.outlook.late) for s in states)
    seats = sum(s.room.seats for s in states if s.room)
    needed = sum(s.room.needed for s in states if s.room)
    if late:
        return tr(
            "{late} of {n} workshops will miss a due date; {needed} more people would keep them, seats are free for {seats}",
            late=late,
            n=len(states),
            needed=tr.number(needed),
            seats=tr.number(seats),
        )
    return tr(
        "All {n} workshops keep their due dates; seats are free for {seats} more people",
        n=len(states),
        seats=tr.number(seats),
    )


def _subtitle(view: View) -> str:
    tr = view.tr
    return tr(
        "Load ratio = standard hours that open orders ask for ÷ standard hours that people can work until the tightest "
        "due date; ● up to 85%, ▲ up to 100%, ■ above. As of {day}.",
        day=tr.day(view.today),
    )


def _where(state: State, tr: Translator) -> str:
    parts = [
        md_escape(state.community),
        md_escape(state.premises),
        md_escape(state.operator),
        tr("opened {day}", day=tr.day(state.opened_on)),
        tr.plural("{n} station", "{n} stations", state.stations),
        tr.plural("{n} person on the roll", "{n} people on the roll", state.on_roll),
    ]
    return " · ".join(p for p in parts if p)
