"""How a workshop's numbers are calculated: every derived input with its sums."""

from __future__ import annotations

from math import isfinite

import pandas as pd
import streamlit as st

from core.locale import N_, Translator
from core.workshops.figures import feasibility_chart, load_text
from core.workshops.inputs import Pace
from core.workshops.load import OrderLoad, WorkshopLoad, time_to_make
from core.workshops.states import WorkshopState
from pages.common.charts import show_chart
from pages.common.columns import right_aligned
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["show"]

FIRST = (N_("Input"), N_("Value"), N_("With its numbers"))  # on a phone

Line = tuple[str, str, str, str]


def show(view: View, state: WorkshopState) -> None:
    """Every derived input with its sums, so that a hand calculation gives the same."""
    tr = view.tr
    pace, load = state.pace, state.load
    assert pace is not None
    assert load is not None
    st.markdown(
        tr(
            "The weekly sheet reports attendance and output, but not the roster or each person's pace. "
            "These inputs are derived from the last {n} ordinary weeks (Spring Festival weeks left out).",
            n=pace.weeks,
        )
    )
    rows = _derivations(state, pace, load, tr)
    columns = [tr("Input"), tr("Formula"), tr("With its numbers"), tr("Value")]
    show_table(
        view, pd.DataFrame(rows, columns=columns), tr("Derived inputs"), first=FIRST, config=right_aligned(tr("Value"))
    )
    _hiring(state, tr)
    show_chart(view, feasibility_chart(load, None, tr), tr("Cumulative capacity and load"))
    st.caption(tr("Material is not on the weekly sheet, so it is never named as the bottleneck."))


def _derivations(state: WorkshopState, pace: Pace, load: WorkshopLoad, tr: Translator) -> list[Line]:
    """Input, formula, the formula with its numbers, value."""
    number, percent = tr.number, tr.percent
    rows = [
        (
            tr("Hours a shift"),
            tr("hours ÷ attendances"),
            f"{number(pace.hours)} ÷ {number(pace.attendances)}",
            number(pace.shift_hours, 2),
        ),
        (
            tr("Full week of a person"),
            tr("90th percentile of attendances ÷ people over 26 weeks"),
            "",
            number(pace.full_week, 2),
        ),
        (
            tr("Absence"),
            tr("(absent + 8·district) ÷ (rostered + 8), in shifts"),
            f"({number(max(pace.rostered_shifts - pace.attendances, 0), 1)} + 8 × {percent(state.norms.absence) if state.norms else ''}) ÷ ({number(pace.rostered_shifts, 1)} + 8)",
            percent(pace.absence),
        ),
        (
            tr("Efficiency"),
            tr("standard hours earned ÷ hours attended"),
            f"{number(pace.earned, 1)} ÷ {number(pace.hours, 1)}",
            percent(pace.efficiency),
        ),
        (
            tr("First-pass yield"),
            tr("good ÷ made"),
            f"{number(pace.good)} ÷ {number(pace.made)}",
            percent(pace.first_pass),
        ),
    ]
    return rows + _capacity(state, pace, load, tr) + _tightest(load, tr)


def _capacity(state: WorkshopState, pace: Pace, load: WorkshopLoad, tr: Translator) -> list[Line]:
    """From people and stations to hours."""
    rostered = load.rostered + load.rostered_home
    number, percent = tr.number, tr.percent
    return [
        (
            tr("Rostered hours a week"),
            tr("people × full week × hours a shift"),
            f"{number(state.on_roll)} × {number(pace.full_week, 2)} × {number(pace.shift_hours, 2)}",
            number(rostered, 1),
        ),
        (
            tr("Effective standard hours a week"),
            tr("rostered × (1 − absence) × efficiency"),
            f"{number(rostered, 1)} × {percent(1 - pace.absence)} × {percent(pace.efficiency)}",
            number(load.effective, 1),
        ),
        (
            tr("Station-hours a week"),
            tr("stations × opened shifts × net hours"),
            " + ".join(f"{s.stations} × {number(s.shifts)} × {number(s.hours, 1)}" for s in load.inputs.sites),
            number(load.station_hours, 1),
        ),
        (
            tr("Station occupancy"),
            tr("rostered ÷ station-hours"),
            f"{number(load.rostered, 1)} ÷ {number(load.station_hours, 1)}",
            percent(load.occupancy or 0),
        ),
    ]


def _tightest(load: WorkshopLoad, tr: Translator) -> list[Line]:
    """The line of the order that decides the load, if there is one."""
    worst = load.tightest
    if worst is None:
        return []
    return [
        (
            tr("Load ratio at the tightest due date"),
            tr("load up to the date ÷ effective hours until then"),
            f"{tr.number(worst.queue, 1)} ÷ {tr.number(worst.available, 1)}",
            load_text(load, tr, 1),
        ),
        *_weeks_to_make(worst, load, tr),
    ]


def _weeks_to_make(worst: OrderLoad, load: WorkshopLoad, tr: Translator) -> list[Line]:
    """When the load of the tightest due date is made, in weeks from today; nothing where it never is."""
    made = time_to_make(worst.queue, load.effective_by_week)
    if not isfinite(made):
        return []
    due = (worst.order.due_on - load.today).days / 7
    made_text, due_text = tr.number(made, 3), tr.number(due, 3)
    return [
        (
            tr("Weeks until it is made"),
            tr("load up to the date ÷ effective standard hours a week, less on holidays"),
            f"{tr.number(worst.queue, 1)} ÷ {tr.number(load.effective, 1)}",
            made_text,
        ),
        (
            tr("Weeks late") if made > due else tr("Weeks early"),
            tr("weeks until it is made − weeks until it is due"),
            f"{made_text} − {due_text}",
            tr.number(abs(made - due), 3),
        ),
    ]


def _hiring(state: WorkshopState, tr: Translator) -> None:
    capacity = state.capacity
    assert capacity is not None
    seats = tr(
        "Seats: {free} free station-h ÷ {h} h a new person = {n}",
        free=tr.number(capacity.free_station_hours, 1),
        h=tr.number(capacity.learner_hours, 1),
        n=capacity.seats,
    )
    needed = tr(
        "Needed: {short} standard h a week short ÷ {out} of a new person ({pace} pace) = {needed}, of whom {full} with full weeks",
        short=tr.number(capacity.shortfall, 1),
        out=tr.number(capacity.learner_output, 2),
        pace=tr.percent(state.learner.efficiency if state.learner else 0, 0),
        needed=capacity.needed,
        full=capacity.fully_employed,
    )
    st.markdown(f"- {seats}\n- {needed}")
