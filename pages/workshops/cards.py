"""A card for each workshop: load against capacity, light, bottleneck, three numbers of people."""

from __future__ import annotations

import math

import streamlit as st

from core.locale import Translator
from core.terms import Light
from core.workshops.figures import LOAD_WORDS, load_bar, ratio_text
from core.workshops.states import WorkshopState
from pages.common.cards import card_button
from pages.common.charts import show_chart
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["badge", "show"]

COLOURS = {Light.GREEN: "green", Light.YELLOW: "orange", Light.RED: "red"}
ROW = 6  # cards side by side


def show(view: View, states: list[WorkshopState], selected: str) -> None:
    """Rows of six equal cards; a click selects the workshop shown below."""
    for start in range(0, len(states), ROW):
        for column, state in zip(st.columns(ROW, gap="small"), states[start : start + ROW], strict=False):
            with column.container(border=True, height="stretch", gap="small"):
                _card(view, state, is_selected=state.name == selected)


def badge(light: Light | None, tr: Translator) -> str:
    """Shape and word of a load light in its colour, as Markdown."""
    if light is None:
        return tr("no open orders")
    return f":{COLOURS[light]}[**{light.shape} {tr(LOAD_WORDS[light])}**]"


def _card(view: View, state: WorkshopState, *, is_selected: bool) -> None:
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
    ratio = state.load.ratio
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.markdown(f"### {ratio_text(ratio, tr)}", width="content")
        st.markdown(badge(state.load.light, tr), width="content")
    show_chart(view, load_bar(ratio), _alt(state, tr), key=Key.WORKSHOP_BAR.of(state.key))
    assert state.capacity is not None
    st.markdown(
        tr(
            "Seats **{seats}** · needed **{needed}** · full weeks for **{full}**",
            seats=state.capacity.seats,
            needed=state.capacity.needed,
            full=state.capacity.fully_employed,
        ),
        help=tr(
            "Seats: new people who fit at the free stations. Needed: new people to meet every due date. Full weeks: "
            "how many of those have work for their whole week. Do not add them up."
        ),
    )
    st.caption(
        md_escape(state.bottleneck.short(tr))
        if state.bottleneck
        else tr("No open orders: the weekly sheet shows no load.")
    )


def _alt(state: WorkshopState, tr: Translator) -> str:
    assert state.load is not None
    if state.load.ratio is None:
        return tr("{name}: no open orders", name=state.name)
    if math.isinf(state.load.ratio):
        return tr("{name}: an order is overdue", name=state.name)
    return tr("{name}: load is {ratio} of capacity", name=state.name, ratio=tr.percent(state.load.ratio, 0))


def _select(name: str) -> None:
    st.session_state[Key.WORKSHOP] = name
