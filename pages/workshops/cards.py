"""A card for each workshop: load against capacity, light, what stops it, three numbers of people."""

from __future__ import annotations

import streamlit as st

from core.locale import Translator
from core.terms import Light
from core.workshops.figures import LOAD_WORDS, load_bar
from core.workshops.status import State
from pages.common.escape import md_escape
from pages.common.view import View

__all__ = ["badge", "show"]

COLOURS = {Light.GREEN: "green", Light.YELLOW: "orange", Light.RED: "red"}
ROW = 6  # cards side by side


def show(view: View, states: list[State], chosen: str) -> None:
    """Rows of six equal cards; a click chooses the workshop for the part below."""
    for start in range(0, len(states), ROW):
        for column, state in zip(st.columns(ROW, gap="small"), states[start : start + ROW], strict=False):
            with column.container(border=True, height="stretch", gap="small"):
                _card(view, state, state.name == chosen)


def badge(light: Light | None, tr: Translator) -> str:
    """Shape and word of a load light in its colour, as Markdown."""
    if light is None:
        return tr("no open orders")
    return f":{COLOURS[light]}[**{light.shape} {tr(LOAD_WORDS[light])}**]"


def _card(view: View, state: State, is_chosen: bool) -> None:
    tr = view.tr
    st.button(
        md_escape(state.name),
        key=f"card_{state.key}",
        type="primary" if is_chosen else "secondary",
        on_click=_choose,
        args=(state.name,),
        width="stretch",
        help=tr("Show this workshop below"),
    )
    if state.outlook is None:
        st.caption(tr("no weekly report yet"))
        return
    ratio = state.outlook.ratio
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.markdown(f"### {tr.percent(ratio, 0) if ratio is not None else '–'}", width="content")
        st.markdown(badge(state.outlook.light, tr), width="content")
    st.altair_chart(load_bar(ratio), key=f"bar_{state.key}", alt=_alt(state, tr))
    assert state.room is not None
    st.markdown(
        tr(
            "Seats **{seats}** · needed **{needed}** · full weeks for **{full}**",
            seats=state.room.seats,
            needed=state.room.needed,
            full=state.room.fully_employed,
        ),
        help=tr(
            "Seats: new people who fit at the free stations. Needed: new people who keep every due date. Full weeks: "
            "how many of those have work for their whole week. Not to be added."
        ),
    )
    st.caption(md_escape(state.stop.short(tr)) if state.stop else tr("No open orders: the weekly sheet shows no load."))


def _alt(state: State, tr: Translator) -> str:
    assert state.outlook is not None
    if state.outlook.ratio is None:
        return tr("{name}: no open orders", name=state.name)
    return tr("{name}: load is {ratio} of capacity", name=state.name, ratio=tr.percent(state.outlook.ratio, 0))


def _choose(name: str) -> None:
    st.session_state["workshop"] = name
