"""What a workshop reports and what is on record of it: the weekly report, the workshop itself, its workers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from core.holidays import holidays
from core.locale import N_, Translator
from core.people.masking import mask_name
from core.policy import Action
from core.terms import JobForm
from core.workshops import commands
from core.workshops.calendar import MONDAY_TO_FRIDAY
from core.workshops.figures import monday
from core.workshops.roster import DAYS
from core.workshops.states import WorkshopState
from pages import cache
from pages.common.columns import on_screen
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.view import View
from pages.workshops.detail import nobody_placed

__all__ = ["show"]

PARTS = {"week": N_("Weekly report"), "workshop": N_("The workshop"), "workers": N_("Workers")}
WEEKS = 8  # that may still be reported or corrected by hand
HOLIDAYS_AHEAD = 6


@st.fragment
def show(view: View, state: WorkshopState) -> None:
    """One of three forms; each writes only in the name of a colleague."""
    tr = view.tr
    part = st.segmented_control(
        tr("Record"),
        list(PARTS),
        default="week",
        required=True,
        format_func=lambda p: tr(PARTS[p]),
        key=Key.RECORD_PART,
        label_visibility="collapsed",
    )
    {"week": _week, "workshop": _workshop, "workers": _workers}[part](view, state)


def _week(view: View, state: WorkshopState) -> None:
    """Attendance and output of a week, filled in from its report or from the approved roster."""
    tr = view.tr
    last = view.today if state.closed_on is None else min(state.closed_on, view.today)
    options = [monday(last) - timedelta(weeks=k) for k in range(WEEKS)]
    week = st.selectbox(
        tr("Week"),
        options,
        format_func=lambda d: f"{tr.week(d)} · {tr.day(d, 'short')}",
        key=Key.RECORD_WEEK.of(state.key),
    )
    stored = state.weeks[state.weeks["week"] == pd.Timestamp(week)]
    known = None if stored.empty else stored.iloc[0]
    st.caption(
        tr("This week has been reported: a change corrects it.") if known is not None else tr("Not reported yet.")
    )
    rostered = _rostered(view, state, week)
    if rostered and known is None:
        st.caption(tr("Filled in from the approved roster: {n} person-shifts.", n=rostered))
    with st.form(Key.RECORD_FORM.of("week", state.key, week), border=False):
        report = _report_fields(tr, state, known, rostered)
        lines = _output_fields(view, state, week)
        if st.form_submit_button(tr("Save"), type="primary", disabled=not view.may(Action.SAVE_WEEK)):
            version = None if known is None else int(known["version"])
            save(
                view,
                Action.SAVE_WEEK,
                lambda change: commands.save_week(
                    change, state.key, week, report, lines, today=view.today, version=version
                ),
                tr("The report of {week} is saved.", week=tr.week(week)),
            )


def _rostered(view: View, state: WorkshopState, week: date) -> int:
    """Person-shifts of the week's approved roster; 0 without one."""
    known = cache.workshops.approved_rosters(view.revision)
    own = known[(known["workshop_id"] == state.key) & (known["week"] == pd.Timestamp(week))]
    cells = cache.workshops.approved_cells(view.revision)
    return int(cells["roster_id"].isin(own["id"]).sum())


def _report_fields(tr: Translator, state: WorkshopState, known: pd.Series | None, rostered: int) -> dict[str, Any]:
    def stored(name: str, otherwise: float) -> float:
        return otherwise if known is None or pd.isna(known[name]) else float(known[name])

    a, b, c = st.columns(3)
    on_roll = a.number_input(tr("People on the roll"), 0, 2000, int(stored("on_roll", state.on_roll)))
    attendances = b.number_input(
        tr("Person-shifts attended"),
        0,
        20_000,
        int(stored("attendances", rostered)),
        help=tr("A half day of one person"),
    )
    hours = c.number_input(tr("Hours attended"), 0.0, 100_000.0, stored("hours", 0.0), 1.0)
    cost = a.number_input(tr("Labour cost, yuan"), 0.0, 10_000_000.0, stored("labour_cost", 0.0), 100.0)
    shortage = b.number_input(tr("People short"), 0, 2000, int(stored("shortage", 0)))
    problem = c.text_input(tr("Problem"), "" if known is None or pd.isna(known["problem"]) else str(known["problem"]))
    return {
        "stations": state.stations,
        "on_roll": int(on_roll),
        "attendances": int(attendances),
        "hours": float(hours),
        "labour_cost": float(cost) or None,
        "shortage": int(shortage),
        "problem": problem.strip() or None,
    }


def _output_fields(view: View, state: WorkshopState, week: date) -> dict[int, Mapping[str, Any]]:
    """A line a product: those of the open orders, of the last weeks and of this week's report, else all of the district."""
    tr = view.tr
    products = cache.workshops.products(view.revision).set_index("id")
    names = products["name_en"].fillna(products["name"]) if tr.is_english else products["name"]
    made = state.outputs[state.outputs["week"] == pd.Timestamp(week)].set_index("product_id")
    recent = state.outputs[state.outputs["week"] > pd.Timestamp(week - timedelta(weeks=WEEKS))]["product_id"]
    lines = [p for p in products.index if p in {*made.index, *recent, *state.wanted_products}] or list(products.index)
    if not lines:
        st.caption(tr("No product is known yet: import the weekly sheet first."))
        return {}
    columns = {
        "planned": tr("Planned"),
        "made": tr("Made"),
        "good": tr("Good pieces"),
        "reworked": tr("Reworked"),
    }
    table = pd.DataFrame(
        {
            tr("Product"): [names[p] for p in lines],
            **{
                label: [int(made.loc[p, name]) if p in made.index else 0 for p in lines]
                for name, label in columns.items()
            },
        }
    )
    edited = st.data_editor(
        table,
        hide_index=True,
        placeholder="",
        disabled=[tr("Product")],
        num_rows="fixed",
        **on_screen(
            view,
            table,
            {label: st.column_config.NumberColumn(min_value=0, step=1, required=True) for label in columns.values()},
            first=[*columns.values(), tr("Product")],
        ),
        key=Key.RECORD_FORM.of("outputs", state.key, week),
    )
    return {int(p): {name: int(edited[label].iloc[k]) for name, label in columns.items()} for k, p in enumerate(lines)}


def _workshop(view: View, state: WorkshopState) -> None:
    """Stations, shifts, leaders, the half days of the week and the closing date."""
    tr = view.tr
    rows = cache.workshops.rows(view.revision, view.today).workshops.set_index("id")
    row = rows.loc[state.key]
    stored = MONDAY_TO_FRIDAY if pd.isna(row["half_days"]) else str(row["half_days"])
    with st.form(Key.RECORD_FORM.of("workshop", state.key), border=False):
        a, b, c, d = st.columns(4)
        stations = a.number_input(tr("Stations"), 1, 2000, int(row["stations"]))
        hours = b.number_input(tr("Net hours a shift"), 0.5, 12.0, float(row["net_shift_hours"]), 0.5)
        leaders = c.number_input(tr("Shift leaders"), 0, 1000, int(row["supervisors"]))
        closed = d.date_input(tr("Closes on"), None if pd.isna(row["closed_on"]) else row["closed_on"].date())
        halves = (tr("am"), tr("pm"))
        week = pd.DataFrame(
            {tr(day): [stored[2 * d + h] == "1" for h in range(2)] for d, day in enumerate(DAYS)}, index=halves
        )
        st.caption(tr("Half days on which it is open; public holidays are closed by themselves."))
        edited = st.data_editor(
            week.T if view.is_handheld else week,
            num_rows="fixed",
            placeholder="",
            key=Key.RECORD_FORM.of("half_days", state.key),
        )
        edited = edited.T if view.is_handheld else edited
        if st.form_submit_button(tr("Save"), type="primary", disabled=not view.may(Action.SAVE_WEEK)):
            half_days = "".join("1" if edited[tr(day)].iloc[h] else "0" for day in DAYS for h in range(2))
            values = {
                "stations": int(stations),
                "net_shift_hours": float(hours),
                "supervisors": int(leaders),
                "half_days": half_days,
                "closed_on": closed,
            }
            version = int(row["version"])
            save(
                view,
                Action.EDIT_WORKSHOP,
                lambda change: commands.edit_workshop(change, state.key, values, version=version),
                tr("{name} is saved.", name=tr.name(state.name)),
            )
    ahead = [h for h in holidays() if h.last >= view.today][:HOLIDAYS_AHEAD]
    if ahead:
        days = tr.join(f"{tr(h.name)} {tr.day(h.first, 'short')}–{tr.day(h.last, 'short')}" for h in ahead)
        st.caption(tr("Public holidays ahead: {days}", days=days))


def _workers(view: View, state: WorkshopState) -> None:
    """Form of work, contracted hours and pay of one person on the roll."""
    tr = view.tr
    roll = state.roll.set_index("placement_id")
    if roll.empty:
        st.caption(nobody_placed(state, tr))
        return
    placement = st.selectbox(
        tr("Worker"),
        list(roll.index),
        format_func=lambda p: f"{mask_name(roll.loc[p, 'name'])} · {tr.day(roll.loc[p, 'started_on'], 'short')}",
        key=Key.RECORD_WORKER.of(state.key),
    )
    row = roll.loc[placement]
    forms = list(JobForm)
    with st.form(Key.RECORD_FORM.of("worker", placement), border=False):
        a, b, c = st.columns(3)
        form = a.selectbox(
            tr("Form"),
            forms,
            index=forms.index(JobForm(row["form"])) if isinstance(row["form"], str) else None,
            format_func=tr.term,
        )
        hours = b.number_input(
            tr("Contracted hours a week"),
            0.0,
            40.0,
            None if pd.isna(row["weekly_hours"]) else float(row["weekly_hours"]),
            1.0,
            placeholder=tr("by the form of work"),
            help=tr("At most 24 part time and 40 otherwise; the roster never goes beyond it"),
        )
        pay = c.number_input(
            tr("Yuan a month"), 0.0, 100_000.0, None if pd.isna(row["monthly_pay"]) else float(row["monthly_pay"]), 50.0
        )
        if st.form_submit_button(tr("Save"), type="primary", disabled=not view.may(Action.SAVE_WEEK)):
            values = {"form": form, "weekly_hours": hours or None, "monthly_pay": pay}
            version = int(row["version"])
            save(
                view,
                Action.EDIT_WORKER,
                lambda change: commands.edit_worker(change, int(placement), values, version=version),
                tr("The record of {name} is saved.", name=mask_name(row["name"])),
            )
    st.caption(tr("People come on the roll by a placement: through matching or the sheet of placements."))
