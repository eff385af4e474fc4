"""Everything that happened to a person on one timeline, by kind."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.locale import Translator
from core.people import figures, profile
from core.people.record.commands import remove_visit
from core.policy import Action
from core.store.commands import Change
from core.terms import VisitMode
from pages import cache
from pages.common.charts import show_chart
from pages.common.drafts import Draft
from pages.common.query_params import url_choices
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.texts import at_most
from pages.common.view import View
from pages.people.forms import Form, form_dialog, known_value
from pages.people.reveal import revealed

__all__ = ["timeline_card"]


def timeline_card(view: View, person_id: int) -> None:
    """The chart and, on demand, the list of the kinds that are chosen; texts once the person is shown in full."""
    tr = view.tr
    events = profile.timeline(tr, cache.people.history(view.revision), person_id, view.today)
    if events.empty:
        st.caption(tr("Nothing has been recorded yet."))
        return
    lanes = [lane for lane in profile.LANES if lane in set(events["lane"])]
    counts = events["lane"].value_counts()
    picked = url_choices(
        st.pills,
        tr("Kinds"),
        "kinds",
        lanes,
        key=Key.PERSON_TIMELINE.of(person_id),
        selection_mode="multi",
        format_func=lambda lane: f"{tr(profile.LANES[lane])} {counts[lane]}",
        label_visibility="collapsed",
    )
    shown = events[events["lane"].isin(picked or lanes)].reset_index(drop=True)
    show_chart(view, figures.timeline_chart(tr, shown), tr("Timeline of this person"))
    with st.expander(tr("As a list")):
        in_full = revealed(view, person_id) is not None
        show_table(view, _list(view, shown, in_full=in_full), tr("Timeline as a list"), height="auto")
        if not in_full:
            st.caption(tr("What was written is shown once the person is shown in full."))
        _removal(view, person_id)


def _list(view: View, events: pd.DataFrame, *, in_full: bool) -> pd.DataFrame:
    """Newest first; every cell says something."""
    tr = view.tr
    events = events.iloc[::-1]
    until = events["end"].dt.strftime("%Y-%m-%d").mask(events["goes_on"], tr("goes on")).fillna(tr("same day"))
    columns = {
        tr("Kind"): [tr(profile.LANES[lane]) for lane in events["lane"]],
        tr("What"): events["what"],
        tr("From"): events["start"].dt.strftime("%Y-%m-%d"),
        tr("Until"): until,
    }
    if in_full:
        columns[tr("What was written")] = [text or "—" for text in events["text"]]
    return pd.DataFrame(columns)


def _removal(view: View, person_id: int) -> None:
    """Offers to take back a visit that was recorded by mistake."""
    tr = view.tr
    visits = cache.people.history(view.revision).visits
    own = visits[visits["person_id"] == person_id].set_index("id").iloc[::-1]
    if (
        own.empty
        or not view.may(Action.REMOVE_VISIT)
        or not st.button(
            tr("Remove a visit"), icon=":material/delete:", type="tertiary", key=Key.PERSON_FORM.of("remove_visit")
        )
    ):
        return

    def fields(draft: Draft) -> Any:
        visit = st.selectbox(
            tr("Visit"), list(own.index), format_func=lambda key: _visit(tr, own.loc[key]), **draft.field("visit")
        )
        reason = st.text_input(tr("Reason"), **at_most(tr, 200), **draft.field("reason"))
        st.caption(
            tr("For a visit that never was. The log keeps it; what was learnt there stays until it is corrected.")
        )
        return (visit, reason) if reason.strip() else None

    def save(change: Change, values: Any) -> None:
        visit, reason = values
        remove_visit(change, int(visit), reason=reason, today=view.today)

    start = {"visit": int(own.index[0]), "reason": ""}
    name, title = f"remove_visit:{person_id}", tr("Remove a visit recorded by mistake")
    form_dialog(view, Form(name, title, Action.REMOVE_VISIT, start, fields, save, {"visit": int}, button=tr("Remove")))


def _visit(tr: Translator, row: pd.Series) -> str:
    parts = tr.day(row["visited_on"]), tr.term(VisitMode.of(row["mode"])), known_value(row, "visitor")
    return " · ".join(filter(None, parts))
