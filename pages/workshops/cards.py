"""A card for each workshop: load against capacity, light, bottleneck, three numbers of people."""

from __future__ import annotations

import math

import streamlit as st

from core.locale import Translator
from core.terms import Light
from core.workshops.figures import LOAD_WORDS, load_bar, load_text
from core.workshops.load import WorkshopLoad
from core.workshops.pay import PaidHours
from core.workshops.states import WorkshopState
from pages.common.cards import card_button
from pages.common.charts import show_built
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["badge", "show"]

COLOURS = {Light.GREEN: "green", Light.YELLOW: "orange", Light.RED: "red"}
ROW = 6  # cards side by side
PHONE_CARD = 140  # pixels at least, so that two fit beside each other


def show(view: View, states: list[WorkshopState], selected: str) -> None:
    """Rows of six equal cards; a click selects the workshop shown below.

    On a phone two beside each other, with load and light only; the rest of the selected one below them.
    """
    if view.is_handheld:
        with st.grid(2, min_column_width=PHONE_CARD, border=True) as grid:
            for state in states:
                with grid.cell():
                    _summary(view, state, is_selected=state.name == selected)
        _details(view, next(state for state in states if state.name == selected))
        return
    for start in range(0, len(states), ROW):
        for column, state in zip(st.columns(ROW, gap="small"), states[start : start + ROW], strict=False):
            with column.container(border=True, height="stretch", gap="small"):
                _summary(view, state, is_selected=state.name == selected)
                _details(view, state)


def badge(load: WorkshopLoad, tr: Translator) -> str:
    """Shape and word of a load's light in its colour, as Markdown; people without orders have a light of their own."""
    light = load.light
    if light is None:
        return f":violet[**{tr('◇ people without orders')}**]" if load.has_people else tr("no open orders")
    return f":{COLOURS[light]}[**{light.shape} {tr(LOAD_WORDS[light])}**]"


def _summary(view: View, state: WorkshopState, *, is_selected: bool) -> None:
    """The button, load and light."""
    tr = view.tr
    card_button(
        view,
        state.name,
        key=Key.WORKSHOP_CARD.of(state.key),
        is_selected=is_selected,
        on_select=_select,
        help=tr("Show this workshop below"),
    )
    if state.load is None:
        st.caption(tr("no weekly report yet"))
        return
    if state.is_dormant:
        st.caption(_dormant(state, tr))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.markdown(f"### {load_text(state.load, tr)}", width="content")
        st.markdown(badge(state.load, tr), width="content")


def _details(view: View, state: WorkshopState) -> None:
    """The load bar, three numbers of people, what limits the workshop, and pay below the floor; of one in operation."""
    tr = view.tr
    if state.load is None or state.is_dormant:
        return
    show_built(view, _alt(state, tr), load_bar, state.load.ratio, key=Key.WORKSHOP_BAR.of(state.key))
    assert state.capacity is not None
    st.markdown(
        tr(
            "Seats **{seats}** · needed **{needed}** · full weeks for **{full}**",
            seats=state.capacity.seats,
            needed=state.capacity.needed,
            full=state.capacity.fully_employed,
        ),
        help=tr(
            "Seats: new people whose week fits into the free station-hours; a station serves several people in turn, so there may be "
            "more seats than free stations. Needed: new people to meet every due date. Full weeks: how many of those have work for "
            "their whole week. Do not add them up."
        ),
    )
    st.caption(md_escape(_line(state, tr)))
    if state.is_underpaid:
        assert state.pay is not None
        st.markdown(f":{COLOURS[Light.RED]}[**{md_escape(_pay_line(state.pay.total, tr))}**]")


def _line(state: WorkshopState, tr: Translator) -> str:
    """What limits the workshop, in a line."""
    assert state.load is not None
    if state.bottleneck:
        return state.bottleneck.short(tr)
    if state.load.is_unstaffed:
        return tr("Nobody on the roll for {hours} standard h of orders", hours=tr.number(state.load.total_hours))
    return tr("No open orders: the weekly sheet shows no load.")


def _dormant(state: WorkshopState, tr: Translator) -> str:
    if state.closed_on is not None and state.is_closed:
        return tr("○ closed since {day}", day=tr.day(state.closed_on))
    assert state.last_report is not None
    return tr("○ not in operation: no people, no orders, last report {week}", week=tr.week(state.last_report))


def _pay_line(pay: PaidHours, tr: Translator) -> str:
    if pay.paid == 0:
        return tr("■ {hours} hours attended, nothing paid", hours=tr.number(pay.hours))
    return tr("■ {paid} yuan an hour, floor {floor}", paid=tr.number(pay.per_hour, 1), floor=tr.number(pay.floor, 1))


def _alt(state: WorkshopState, tr: Translator) -> str:
    assert state.load is not None
    if state.load.ratio is None:
        return tr("{name}: no open orders", name=state.name)
    if state.load.is_unstaffed:
        return tr("{name}: orders and nobody on the roll", name=state.name)
    if math.isinf(state.load.ratio):
        return tr("{name}: an order is overdue", name=state.name)
    return tr("{name}: load is {ratio} of capacity", name=state.name, ratio=tr.percent(state.load.ratio, 0))


def _select(name: str) -> None:
    st.session_state[Key.WORKSHOP] = name
