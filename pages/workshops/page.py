"""Micro-workshops: who can take how many people, and what limits them."""

from __future__ import annotations

import streamlit as st

from core.locale import Translator
from core.policy import Action
from core.workshops.states import WorkshopState
from core.workshops.transfers import absorption
from pages import cache
from pages.common.escape import md_escape
from pages.common.heading import empty_state, heading
from pages.common.query_params import url_choice
from pages.common.session_keys import Key
from pages.common.view import View
from pages.workshops import calculation, cards, detail, forecast, four_weeks, orders, records, roster, what_if

__all__ = ["render"]


def render(view: View) -> None:
    """The finding, a card for each workshop, and the selected one below."""
    tr = view.tr
    states = cache.workshops.states(view.revision, view.today)
    if not states:
        heading(tr("Micro-workshops"))
        empty_state(
            tr,
            tr(
                "This page shows each micro-workshop: load against capacity, orders that will be late, and how many more people it can take."
            ),
        )
    heading(_finding(states, tr), _subtitle(view))
    card_area = st.container()
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    names = [state.name for state in states]
    selected = url_choice(
        left.selectbox, tr("Workshop"), "workshop", names, names[0], key=Key.WORKSHOP, format_func=tr.name
    )
    with card_area:
        cards.show(view, states, selected)
        whole = absorption(states)
        if whole is not None:
            st.caption(whole.sentence(tr))
        four_weeks.offer(view)
    state = next(s for s in states if s.name == selected)
    right.caption(_description(state, tr))
    if state.load is None:
        st.info(
            tr("No weekly report yet: capacity can't be computed. Import the weekly sheet first."),
            icon=":material/info:",
        )
        records.show(view, state)
        return
    if state.is_dormant:
        st.info(_dormant(state, tr), icon=":material/info:")
        records.show(view, state)
        return
    panels = {
        tr("Current"): detail.show,
        tr("Orders"): orders.show,
        tr("What if"): what_if.show,
        tr("Roster"): roster.show,
        tr("Forecast"): forecast.show,
        tr("Data entry"): records.show,
        tr("How this is calculated"): calculation.show,
    }
    if not view.may(Action.READ_ROSTER):
        del panels[tr("Roster")]
    tabs = st.tabs(list(panels), key=Key.WORKSHOP_TAB, bind="query-params")
    for tab, show in zip(tabs, panels.values(), strict=True):
        if tab.open:
            with tab:
                show(view, state)


def _finding(states: list[WorkshopState], tr: Translator) -> str:
    """What keeps or breaks due dates, and who pays below the floor; of the workshops in operation."""
    states = [s for s in states if not s.is_dormant]
    late = sum(bool(s.load and s.load.late) for s in states)
    capacities = [s.capacity for s in states if s.capacity]
    needed, seated = sum(c.needed for c in capacities), sum(c.immediate for c in capacities)
    underpaid = sum(s.is_underpaid for s in states)
    parts = [
        tr(
            "{late} of {n} workshops will miss a due date; {needed} more people are needed, {seated} of them find a seat",
            late=late,
            n=len(states),
            needed=tr.number(needed),
            seated=tr.number(seated),
        )
        if late
        else tr("All {n} workshops will meet their due dates", n=len(states)),
    ]
    if underpaid:
        parts.append(tr("{n} pay below the hourly floor", n=underpaid))
    return ("; " if tr.is_english else "；").join(parts)


def _dormant(state: WorkshopState, tr: Translator) -> str:
    """Why nothing is computed of a workshop, and what is still on record of a closed one."""
    if state.is_closed:
        text = tr("Closed since {day}.", day=tr.day(state.closed_on))
        orders = len(state.load.orders) if state.load else 0
        if orders or state.on_roll:
            text = tr.sentences(
                text,
                tr(
                    "{people} people on the roll and {orders} open orders are still on record: move or close them.",
                    people=state.on_roll,
                    orders=orders,
                ),
            )
        return text
    assert state.last_report is not None
    return tr(
        "Not in operation: nobody on the roll, no open order, last report {week}.", week=tr.week(state.last_report)
    )


def _subtitle(view: View) -> str:
    tr = view.tr
    return tr(
        "Load ratio = standard hours that open orders ask for ÷ standard hours that people can work until the tightest "
        "due date; ● up to 85%, ▲ up to 100%, ■ above; ◇ people without orders. As of {day}.",
        day=tr.day(view.today),
    )


def _description(state: WorkshopState, tr: Translator) -> str:
    parts = [
        md_escape(tr.name(state.community)),
        md_escape(tr.name(state.premises)),
        md_escape(tr.name(state.operator)),
        tr("opened {day}", day=tr.day(state.opened_on)),
        tr.plural("{n} station", "{n} stations", state.stations),
        tr.plural("{n} person on the roll", "{n} people on the roll", state.on_roll),
    ]
    return " · ".join(p for p in parts if p)
