"""Enter what a round brought, number after number: type or scan it, say how the call went, go on to the next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import streamlit as st

from core.people.commands import LONGEST_NEEDS
from core.people.masking import mask_name
from core.people.visit_numbers import read_number, shown
from core.store.settings import parameter
from core.terms import VisitMode, VisitResult
from core.visiting.commands import record_call
from pages import cache
from pages.common import scope
from pages.common.escape import md_escape
from pages.common.saving import announce, checked
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["entry"]


def entry(view: View) -> None:
    """The field for the number, and below it the form of its household."""
    tr = view.tr
    st.markdown(f"**{tr('Enter a household by its number')}**")
    turn = st.session_state.get(Key.ROUND_ENTERED, 0)
    typed = st.text_input(
        tr("Number on the paper"),
        key=Key.ROUND_ENTRY.of("number", turn),
        placeholder="7K3M-9QXW",
        help=tr("Eight letters and digits; a scanner types them from the QR code."),
        icon=":material/qr_code_scanner:",
    )
    if not typed:
        st.caption(tr("The number stands for the household; it says nothing about who lives there."))
        return
    number = read_number(typed)
    if number is None:
        st.error(tr("This is no number of a round: one of its characters is wrong. Compare it with the paper."))
        return
    stops = cache.visiting.stops(view.revision)
    own = stops[stops["number"] == number]
    if own.empty or not scope.holds(view, int(own["person_id"].iloc[0])):
        st.error(tr("No household of your rounds has this number."))
        return
    stop = own.iloc[0]
    if pd.notna(stop["called_on"]):
        st.warning(
            tr(
                "{number} was entered before: {result} on {day}.",
                number=shown(number),
                result=tr.term(VisitResult.of(stop["result"])),
                day=tr.day(stop["called_on"]),
            )
        )
        return
    _form(view, stop, turn)


def _form(view: View, stop: pd.Series, turn: int) -> None:
    tr = view.tr
    round_ = cache.visiting.rounds(view.revision).set_index("id").loc[stop["round_id"]]
    name = cache.overview.facts(view.revision).people.set_index("id").loc[stop["person_id"], "name"]
    st.write(
        tr(
            "{name}, household {n} of {visitor}'s round",
            name=md_escape(mask_name(name)),
            n=int(stop["position"]),
            visitor=md_escape(round_["visitor"]),
        )
    )
    planned: date = round_["walk_on"].date()
    interval = parameter(cache.store.parameters(view.revision), "visit_interval_days", view.today)
    with st.form(Key.ROUND_ENTRY.of("form", turn), border=False):
        result = st.segmented_control(
            tr("Result"), list(VisitResult), default=VisitResult.MET, required=True, format_func=tr.term
        )
        left, right = st.columns(2)
        mode = left.selectbox(tr("How"), list(VisitMode), format_func=tr.term)
        called_on = right.date_input(tr("Called on"), min(planned, view.today), max_value=view.today)
        needs = st.text_area(tr("Needs and difficulties"), **at_most(tr, LONGEST_NEEDS), height=80)
        next_on = st.date_input(
            tr("Next visit"),
            view.today + timedelta(days=interval),
            min_value=view.today,
            help=tr("Only after a visit."),
        )
        if not st.form_submit_button(tr("Save and go on"), type="primary"):
            return
    is_saved = checked(
        view,
        lambda: record_call(
            cache.store.database(),
            stop["number"],
            called_on=called_on,
            result=result,
            mode=mode,
            needs=needs,
            next_on=next_on if result is VisitResult.MET else None,
            actor=view.access,
            at=datetime.now(UTC),
        ),
    )
    if is_saved is not None:
        st.session_state[Key.ROUND_ENTERED] = turn + 1
        announce(tr("{number} saved.", number=shown(stop["number"])))
