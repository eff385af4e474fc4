"""Next week's roster as a proposal: who works which half day."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.locale import Translator
from core.people.masking import mask_name
from core.workshops.roster import DAYS, roster_table, week_after
from core.workshops.staffing import Roster
from core.workshops.states import WorkshopState
from pages import cache
from pages.common.view import View

__all__ = ["show"]


@st.fragment
def show(view: View, state: WorkshopState) -> None:
    """The rules in words, the proposal and its table."""
    tr = view.tr
    st.caption(
        tr(
            "Every proposal respects stated days and hours, 24 h a week part time and 40 h otherwise, stations, at least "
            "3 people and a leader in an opened shift. It aims for the orders' hours and each person's usual week. A "
            "named person approves; nothing is stored."
        )
    )
    if state.roll.empty:
        st.info(tr("Nobody is placed here yet."), icon=":material/info:")
        return
    with st.spinner(tr("Searching for a roster …")):
        workers, roster = cache.workshops.roster(view.revision, view.today, state.key)
    st.markdown(_finding(state, roster, tr))
    never = sum(not any(w.available) for w in workers)
    if never:
        st.caption(
            tr.plural(
                "{n} person's stated hours cover no half-day shift: check again before approving.",
                "{n} people's stated hours cover no half-day shift: check again before approving.",
                never,
            )
        )
    table = roster_table(roster)
    names = [mask_name(w.name) + (f" · {tr('leads')}" if w.is_leader else "") for w in workers]
    shown = pd.DataFrame({tr("Full name"): names})
    for day, name in enumerate(DAYS):
        for half, part in enumerate((tr("am"), tr("pm"))):
            if table[(day, half)].any():
                shown[f"{tr(name)} {part}"] = table[(day, half)].map({1: "●", 0: ""})
    shown[tr("Shifts")] = table.sum(axis=1)
    shown[tr("Counts on")] = [w.guaranteed for w in workers]
    st.dataframe(shown, hide_index=True, height="content", alt=tr("Proposed roster of {name}", name=state.name))


def _finding(state: WorkshopState, roster: Roster, tr: Translator) -> str:
    given = int((roster.table >= 0).sum())
    opened = int((roster.table >= 0).any(axis=0).sum())
    text = tr(
        "Week of {day}: {opened} shifts opened, {given} person-shifts.",
        day=tr.day(week_after(state).date()),
        opened=opened,
        given=given,
    )
    if roster.method == "exact":
        share = tr.percent(roster.gap or 0.0)
        return text + " " + tr("Exact search; at most {gap} from the best possible roster.", gap=share)
    return text + " " + tr("Quick search; the exact search found nothing better in the time allowed.")
