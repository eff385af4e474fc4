"""How a workshop's numbers are reckoned: every derived input with its sums."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.locale import Translator
from core.workshops.derive import Pace
from core.workshops.figures import feasibility
from core.workshops.load import Outlook
from core.workshops.status import State
from pages.common.view import View

__all__ = ["show"]

Line = tuple[str, str, str, str]


def show(view: View, state: State) -> None:
    """Every derived input with its sums, so that a hand calculation gives the same."""
    tr = view.tr
    how, outlook = state.how, state.outlook
    assert how is not None
    assert outlook is not None
    st.markdown(
        tr(
            "The weekly sheet says who came and what was made, not who was rostered nor how fast each person works. "
            "These inputs are derived from the last {n} ordinary weeks (Spring Festival weeks left out).",
            n=how.weeks,
        )
    )
    rows = _derivations(state, how, outlook, tr)
    columns = [tr("Input"), tr("Formula"), tr("With its numbers"), tr("Value")]
    st.dataframe(pd.DataFrame(rows, columns=columns), hide_index=True, height="content", alt=tr("Derived inputs"))
    _room(state, tr)
    st.altair_chart(feasibility(outlook, None, tr), alt=tr("Cumulative capacity and load"))
    st.caption(tr("Material is not on the weekly sheet, so it is never named as the bottleneck."))


def _derivations(state: State, how: Pace, outlook: Outlook, tr: Translator) -> list[Line]:
    """Input, formula, the formula with its numbers, value."""
    number, percent = tr.number, tr.percent
    rows = [
        (
            tr("Hours a shift"),
            tr("hours ÷ attendances"),
            f"{number(how.hours)} ÷ {number(how.attendances)}",
            number(how.shift_hours, 2),
        ),
        (
            tr("Full week of a person"),
            tr("90th percentile of attendances ÷ people over 26 weeks"),
            "",
            number(how.full_week, 2),
        ),
        (
            tr("Absence"),
            tr("(absent + 8·district) ÷ (rostered + 8), in shifts"),
            f"({number(max(how.rostered_shifts - how.attendances, 0), 1)} + 8 × {percent(state.norms.absence) if state.norms else ''}) ÷ ({number(how.rostered_shifts, 1)} + 8)",
            percent(how.absence),
        ),
        (
            tr("Efficiency"),
            tr("standard hours earned ÷ hours attended"),
            f"{number(how.earned, 1)} ÷ {number(how.hours, 1)}",
            percent(how.efficiency),
        ),
        (
            tr("First-pass yield"),
            tr("good ÷ made"),
            f"{number(how.good)} ÷ {number(how.made)}",
            percent(how.first_pass),
        ),
    ]
    return rows + _capacity(state, how, outlook, tr) + _tightest(outlook, tr)


def _capacity(state: State, how: Pace, outlook: Outlook, tr: Translator) -> list[Line]:
    """From people and stations to hours."""
    rostered = outlook.rostered + outlook.rostered_home
    number, percent = tr.number, tr.percent
    return [
        (
            tr("Rostered hours a week"),
            tr("people × full week × hours a shift"),
            f"{number(state.on_roll)} × {number(how.full_week, 2)} × {number(how.shift_hours, 2)}",
            number(rostered, 1),
        ),
        (
            tr("Effective standard hours a week"),
            tr("rostered × (1 − absence) × efficiency"),
            f"{number(rostered, 1)} × {percent(1 - how.absence)} × {percent(how.efficiency)}",
            number(outlook.effective, 1),
        ),
        (
            tr("Station-hours a week"),
            tr("stations × opened shifts × net hours"),
            " + ".join(f"{s.stations} × {number(s.shifts)} × {number(s.hours, 1)}" for s in outlook.plant.sites),
            number(outlook.station_hours, 1),
        ),
        (
            tr("Station occupancy"),
            tr("rostered ÷ station-hours"),
            f"{number(outlook.rostered, 1)} ÷ {number(outlook.station_hours, 1)}",
            percent(outlook.occupancy or 0),
        ),
    ]


def _tightest(outlook: Outlook, tr: Translator) -> list[Line]:
    """The line of the order that decides the load, if there is one."""
    worst = outlook.tightest
    if worst is None:
        return []
    return [
        (
            tr("Load ratio at the tightest due date"),
            tr("load up to the date ÷ effective hours until then"),
            f"{tr.number(worst.queue, 1)} ÷ {tr.number(worst.available, 1)}",
            tr.percent(worst.ratio),
        )
    ]


def _room(state: State, tr: Translator) -> None:
    room = state.room
    assert room is not None
    seats = tr(
        "Seats: {free} free station-h ÷ {h} h a new person = {n}",
        free=tr.number(room.free_station_hours, 1),
        h=tr.number(room.learner_hours, 1),
        n=room.seats,
    )
    needed = tr(
        "Needed: {short} standard h a week short ÷ {out} of a new person ({pace} pace) = {needed}, of whom {full} with full weeks",
        short=tr.number(room.shortfall, 1),
        out=tr.number(room.learner_output, 2),
        pace=tr.percent(state.learner.efficiency if state.learner else 0, 0),
        needed=room.needed,
        full=room.fully_employed,
    )
    st.markdown(f"- {seats}\n- {needed}")
