"""Next week's roster as a proposal: who works which half day, and what is made at home."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.locale import Translator
from core.people.masking import mask_name
from core.terms import JobForm
from core.workshops.roster import DAYS, WeekRoster, roster_table
from core.workshops.states import WorkshopState
from pages import cache
from pages.common.escape import md_escape
from pages.common.view import View

__all__ = ["show"]


@st.fragment
def show(view: View, state: WorkshopState) -> None:
    """The rules in words, the proposal, its table, and the people at home."""
    tr = view.tr
    st.caption(
        tr(
            "Open orders decide the hours: nobody is rostered beyond the work they hold. Every proposal respects stated days "
            "and hours, public holidays, 24 h a week part time and 40 h otherwise, stations, at least 3 people and a leader in "
            "an opened shift. Nobody works beyond the usual week while others are below theirs. A named person approves; "
            "nothing is stored."
        )
    )
    if state.roll.empty:
        st.info(tr("Nobody is placed here yet."), icon=":material/info:")
        return
    with st.spinner(tr("Searching for a roster …")):
        plan = cache.workshops.roster(view.revision, view.today, state.key)
    _closed(plan, tr)
    if plan.place.work <= 0 and not plan.home.orders_hold:
        st.info(
            tr.plural(
                "No open orders: nobody is rostered, {n} person on the roll has no work in the week of {day}.",
                "No open orders: nobody is rostered, {n} people on the roll have no work in the week of {day}.",
                len(state.roll),
                day=tr.day(plan.week),
            ),
            icon=":material/info:",
        )
        return
    st.markdown(md_escape(_finding(plan, tr)))
    never = sum(not any(w.available) for w in plan.workers)
    if never:
        st.caption(
            tr.plural(
                "{n} person's stated hours cover no half-day shift: check again before approving.",
                "{n} people's stated hours cover no half-day shift: check again before approving.",
                never,
            )
        )
    if plan.workers:
        st.dataframe(
            _table(plan, tr), hide_index=True, height="content", alt=tr("Proposed roster of {name}", name=state.name)
        )
    if plan.home.names:
        _home(plan, tr)


def _closed(plan: WeekRoster, tr: Translator) -> None:
    """The days of the week that are public holidays."""
    if plan.holidays:
        days = tr.join(f"{tr.day(day, 'short')} ({tr(holiday.name)})" for day, holiday in plan.holidays)
        st.caption(tr("Closed: {days}", days=days))


def _finding(plan: WeekRoster, tr: Translator) -> str:
    """What is asked for, what the roster covers, and how it was found."""
    table = plan.roster.table
    text = tr(
        "Week of {day}: the due dates ask for {asked} standard h on site, the roster makes {covered} in {opened} opened shifts "
        "and {given} person-shifts.",
        day=tr.day(plan.week),
        asked=tr.number(plan.asked, 1),
        covered=tr.number(plan.covered, 1),
        opened=int((table >= 0).any(axis=0).sum()),
        given=int((table >= 0).sum()),
    )
    if plan.uncovered > plan.shift_hours / 2:  # less than that is the rounding to whole shifts
        text += " " + tr("For {n} standard h there is nobody in this week.", n=tr.number(plan.uncovered, 1))
    if plan.roster.method == "exact":
        share = tr.percent(plan.roster.gap or 0.0)
        return text + " " + tr("Exact search; at most {gap} from the best possible roster.", gap=share)
    return text + " " + tr("Quick search; the exact search found nothing better in the time allowed.")


def _table(plan: WeekRoster, tr: Translator) -> pd.DataFrame:
    """A row a person: half days that are worked by anybody, shifts, and the usual week to compare with."""
    table = roster_table(plan.roster)
    names = [mask_name(w.name) + (f" · {tr('leads')}" if w.is_leader else "") for w in plan.workers]
    shown = pd.DataFrame({tr("Full name"): names, tr("Form"): [_form(form, tr) for form in plan.forms]})
    for day, name in enumerate(DAYS):
        for half, part in enumerate((tr("am"), tr("pm"))):
            if table[(day, half)].any():
                shown[f"{tr(name)} {part}"] = table[(day, half)].map({1: "●", 0: ""})
    shown[tr("Shifts")] = table.sum(axis=1)
    shown[tr("Usual week")] = [w.usual for w in plan.workers]
    return shown


def _home(plan: WeekRoster, tr: Translator) -> None:
    """Who works at home, for how many hours, and why not for more."""
    home = plan.home
    st.subheader(tr("At home, without a station"), anchor=False)
    if not home.orders_hold:
        st.caption(
            tr.plural(
                "{n} person in home piece work: none of the open orders may be made at home.",
                "{n} people in home piece work: none of the open orders may be made at home.",
                len(home.names),
            )
        )
        return
    st.caption(
        tr(
            "Orders that may be made at home hold {hold} standard h; {made} of them are made in this week, {hours} h a person of "
            "usually {usual}.",
            hold=tr.number(home.orders_hold, 1),
            made=tr.number(home.made, 1),
            hours=tr.number(home.hours_each, 1),
            usual=tr.number(home.usual_hours, 1),
        )
    )
    shown = pd.DataFrame({tr("Full name"): [mask_name(n) for n in home.names], tr("Hours at home"): home.hours_each})
    st.dataframe(
        shown,
        hide_index=True,
        height="content",
        column_config={tr("Hours at home"): st.column_config.NumberColumn(format="%.1f")},
        alt=tr("People at home"),
    )


def _form(code: str, tr: Translator) -> str:
    return tr.term(JobForm(code)) if code else ""
