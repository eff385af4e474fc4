"""What if: sliders change a copy of the inputs; base and scenario side by side. Nothing is written."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from core.jobs.shifts import station_shifts
from core.locale import Translator
from core.people.masking import mask_name
from core.terms import Shift
from core.workshops.figures import feasibility
from core.workshops.hiring_capacity import Absorbable, Bottleneck
from core.workshops.load import Outlook
from core.workshops.status import State
from core.workshops.what_if import Absence, AddShift, Change, Comparison, NewOrder, OpenPremises, Train, compare
from pages import cache
from pages.common.escape import md_escape
from pages.common.query_params import query_param, set_query_param
from pages.common.view import View
from pages.workshops.cards import badge

__all__ = ["show"]

KEYS = (
    "wi_stations",
    "wi_from",
    "wi_shift",
    "wi_shifts",
    "wi_each",
    "wi_people",
    "wi_pace",
    "wi_ramp",
    "wi_absence",
    "wi_pieces",
)


@st.fragment
def show(view: View, state: State) -> None:
    """Controls at the left, the comparison at the right."""
    tr = view.tr
    assert state.outlook is not None
    assert state.learner is not None
    left, right = st.columns([2, 3], gap="medium")
    with left:
        changes = _controls(view, state)
    with right:
        found = compare(state.outlook.plant, changes, view.today, state.learner)
        if changes:
            st.markdown(("; " if tr.is_english else "；").join(md_escape(c.sentence(tr)) for c in changes))
        else:
            st.caption(tr("Move a control: the live data stay as they are."))
        _table(found, tr)
        st.altair_chart(
            feasibility(found.base, found.scenario if changes else None, tr), alt=tr("Cumulative capacity and load")
        )
    stop = found.scenario_stop
    if stop is not None:
        st.markdown(md_escape(stop.sentence(tr)))
    people = sum(c.people for c in changes if isinstance(c, Train)) or found.scenario_room.now
    _seats(view, state, people)


def _controls(view: View, state: State) -> list[Change]:
    tr = view.tr
    how = state.how
    assert how is not None
    changes: list[Change] = []
    idle = cache.workshops.idle_premises(view.revision)
    most = int(idle["possible_stations"].max()) if idle["possible_stations"].notna().any() else 30
    st.caption(tr("People and attendance"))
    a, b, c = st.columns(3)
    people = a.slider(tr("New people"), 0, 30, 0, key="wi_people", bind="query-params")
    pace = b.slider(tr("Their pace at first, %"), 30, 100, 60, 5, key="wi_pace", bind="query-params")
    ramp = c.slider(tr("Weeks to full pace"), 0, 26, 8, key="wi_ramp", bind="query-params")
    absence = st.slider(tr("Absence, %"), 0, 50, round(how.absence * 100), key="wi_absence", bind="query-params")
    st.caption(tr("Stations and shifts"))
    a, b = st.columns(2)
    stations = a.slider(
        tr("More stations"),
        0,
        max(most, 10),
        0,
        key="wi_stations",
        bind="query-params",
        help=tr("Idle premises hold up to {n}", n=most),
    )
    start = b.slider(tr("Open from week"), 1, 12, 1, key="wi_from", bind="query-params")
    shift = _shift(view) if stations else None
    shifts = a.slider(tr("More shifts a week"), 0, 7, 0, key="wi_shifts", bind="query-params")
    each = b.slider(tr("More shifts a person"), 0.0, 4.0, 0.0, 0.5, key="wi_each", bind="query-params")
    st.caption(tr("A new order"))
    products = cache.workshops.products(view.revision).set_index("id")
    names = products["name_en"].fillna(products["name"]) if tr.is_english else products["name"]
    options = [
        *[p for p in state.wanted_products if p in products.index],
        *[p for p in products.index if p not in state.wanted_products],
    ]
    a, b, c = st.columns(3)
    product = a.selectbox(tr("Product"), options, format_func=lambda p: names[p], key="wi_product")
    pieces = b.number_input(tr("Pieces"), 0, 20000, 0, 50, key="wi_pieces", bind="query-params")
    due = c.date_input(
        tr("Due"), view.today + timedelta(weeks=4), min_value=view.today, key="wi_due", bind="query-params"
    )
    if people:
        changes.append(Train(people, pace / 100, max(how.efficiency, pace / 100), ramp))
    if absence != round(how.absence * 100):
        changes.append(Absence(absence / 100))
    if stations:
        opened = state.outlook.plant.sites[0].shifts if shift is None else station_shifts(shift)  # type: ignore[union-attr]
        changes.append(OpenPremises(stations, opened, start - 1))
    if shifts or each:
        changes.append(AddShift(shifts, each))
    if pieces and product is not None:
        changes.append(
            NewOrder(int(pieces), float(products.loc[product, "standard_minutes"]), due, names[product], int(product))
        )
    st.button(tr("Reset"), on_click=_reset, icon=":material/restart_alt:", disabled=not changes)
    return changes


def _shift(view: View) -> Shift | None:
    """The shift of the new stations, which a link from the map may have set; None = as the workshop's own."""
    tr, wanted = view.tr, query_param("wi_shift")
    options = list(Shift)
    picked = st.selectbox(
        tr("Their shift"),
        options,
        index=next((at for at, shift in enumerate(options) if shift.value == wanted), None),
        format_func=tr.term,
        placeholder=tr("as in the workshop"),
        key="wi_shift",
    )
    set_query_param("wi_shift", None if picked is None else picked.value)
    return picked


def _reset() -> None:
    for key in KEYS:
        st.session_state.pop(key, None)


def _table(found: Comparison, tr: Translator) -> None:
    def column(o: Outlook, room: Absorbable, stop: Bottleneck | None) -> list[str]:
        worst = max((x.late_days if x.late_days is not None else 9999 for x in o.orders), default=None)
        return [
            tr.number(o.effective_by_week[:8].mean(), 1),
            tr.percent(o.occupancy or 0.0, 0),
            "–" if o.ratio is None else tr.percent(o.ratio, 0),
            str(len(o.late)),
            "–" if worst is None else tr.number(max(worst, 0)),
            str(room.seats),
            str(room.needed),
            str(room.fully_employed),
            tr(stop.name) if stop else "–",
        ]

    names = [
        tr("Effective standard h a week, next 8 weeks"),
        tr("Station occupancy"),
        tr("Load ratio at the tightest due date"),
        tr("Orders late"),
        tr("Longest delay, days"),
        tr("Free seats"),
        tr("New people needed"),
        tr("of whom with full weeks"),
        tr("Bottleneck"),
    ]
    base = column(found.base, found.base_room, found.base_stop)
    scenario = column(found.scenario, found.scenario_room, found.scenario_stop)
    st.markdown(f"{badge(found.base.light, tr)} → {badge(found.scenario.light, tr)}")
    st.dataframe(
        pd.DataFrame({tr("Figure"): names, tr("as it is"): base, tr("what if"): scenario}),
        hide_index=True,
        height="content",
        alt=tr("Base and scenario side by side"),
    )


def _seats(view: View, state: State, people: int) -> None:
    tr = view.tr
    near = cache.workshops.workshop_candidates(view.revision, view.today, state.key)
    st.subheader(
        tr.plural(
            "{n} seeker nearby masters what the orders ask for",
            "{n} seekers nearby master what the orders ask for",
            len(near),
        ),
        anchor=False,
    )
    st.caption(
        tr(
            "The fourth limit. Order: level, then walking minutes, within each person's own limit; no personal "
            "attribute counts. The first {n} would get the seats; a named person decides.",
            n=min(people, len(near)),
        )
    )
    if near.empty:
        return
    skills = cache.people.skills(view.revision).set_index("code")["name_en" if tr.is_english else "name_zh"]
    top = near.head(max(people, 10))
    shown = pd.DataFrame(
        {
            tr("Seat"): [tr("yes") if k < people else "" for k in range(len(top))],
            tr("Full name"): top["name"].map(mask_name),
            tr("Community"): top["community"],
            tr("Skills"): [", ".join(skills.get(s, s) for s in codes.split(",")) for codes in top["skills"]],
            tr("Best level"): top["level"],
            tr("Walk, minutes"): top["minutes"].round(),
        }
    )
    st.dataframe(shown, hide_index=True, height="content", alt=tr("Seekers near {name}", name=state.name))
