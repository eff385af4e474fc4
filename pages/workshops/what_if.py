"""What if: sliders change a copy of the inputs; base and scenario side by side. Nothing is written."""

from __future__ import annotations

from datetime import date, timedelta
from math import inf

import pandas as pd
import streamlit as st

from core.locale import N_
from core.people.masking import mask_name
from core.terms import JobForm, Shift
from core.workshops.figures import feasibility_chart, load_text
from core.workshops.hiring_capacity import LIMIT_NAMES, Bottleneck, HiringCapacity, Limit
from core.workshops.inputs import LEARNER_EFFICIENCY
from core.workshops.load import WorkshopLoad
from core.workshops.scenario import RAMP_WEEKS, Played, WorkshopScenario, movers
from core.workshops.states import WorkshopState
from core.workshops.what_if import Comparison
from pages import cache
from pages.common import scope
from pages.common.charts import show_chart
from pages.common.columns import right_aligned
from pages.common.escape import md_escape
from pages.common.query_params import url_choice
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View
from pages.workshops import scenarios
from pages.workshops.cards import badge

__all__ = ["show"]

FIRST_SEATS = (N_("Full name"), N_("Walk, minutes"), N_("Skills"))  # on a phone
FIRST = (N_("as it is"), N_("what if"), N_("Figure"))
KEYS = (
    Key.WHAT_IF_STATIONS,
    Key.WHAT_IF_FROM,
    Key.WHAT_IF_SHIFT,
    Key.WHAT_IF_SHIFTS,
    Key.WHAT_IF_EACH,
    Key.WHAT_IF_PEOPLE,
    Key.WHAT_IF_PACE,
    Key.WHAT_IF_RAMP,
    Key.WHAT_IF_ABSENCE,
    Key.WHAT_IF_PIECES,
    Key.WHAT_IF_MOVE_ORDER,
    Key.WHAT_IF_MOVE_PEOPLE,
    Key.WHAT_IF_MOVE_TO,
)


@st.fragment
def show(view: View, state: WorkshopState) -> None:
    """Controls at the left, the comparison at the right; below, whom it concerns and what was saved."""
    tr = view.tr
    assert state.load is not None
    scenarios.restore_linked(view, state)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        scenario = _controls(view, state)
    played = cache.workshops.played(view.revision, view.today, scenario)
    own = played[0]
    with right:
        if own.changes:
            st.markdown(("; " if tr.is_english else "；").join(md_escape(c.sentence(tr)) for c in own.changes))
        else:
            st.caption(tr("Move a control: the live data stay as they are."))
        _table(view, own.comparison)
        chart = feasibility_chart(own.comparison.base, own.comparison.scenario if own.changes else None, tr)
        show_chart(view, chart, tr("Cumulative capacity and load"))
    bottleneck = own.comparison.scenario_bottleneck
    if bottleneck is not None:
        st.markdown(md_escape(bottleneck.sentence(tr)))
    for other in played[1:]:
        _other(view, state, other, scenario)
    scenarios.stored(view, state, scenario, played)
    people = scenario.people or own.comparison.scenario_capacity.immediate
    _seats(view, state, people)


def _other(view: View, state: WorkshopState, other: Played, scenario: WorkshopScenario) -> None:
    """The workshop to which orders or people move, and the people who would move."""
    tr = view.tr
    st.subheader(md_escape(tr("What it does to {name}", name=tr.name(other.state.name))), anchor=False)
    st.markdown(("; " if tr.is_english else "；").join(md_escape(c.sentence(tr)) for c in other.changes))
    _table(view, other.comparison)
    if scenario.move_people:
        people = movers(
            state,
            other.state,
            scenario.move_people,
            cache.workshops.person_skills(view.revision),
            cache.workshops.product_skills(view.revision),
        )
        named = tr.join(
            tr("{name} (level {level})", name=mask_name(n), level=level)
            for n, level in zip(people["name"], people["level"], strict=True)
        )
        st.caption(md_escape(tr("Who would go, by skill for its products: {people}", people=named)))


def _controls(view: View, state: WorkshopState) -> WorkshopScenario:
    tr = view.tr
    assert state.pace is not None
    absence_now = round(state.pace.absence * 100)
    idle = cache.workshops.idle_premises(view.revision)
    most = int(idle["possible_stations"].max()) if idle["possible_stations"].notna().any() else 30
    st.caption(tr("People and attendance"))
    a, b, c = st.columns(3)
    people = a.slider(tr("New people"), 0, 30, 0, key=Key.WHAT_IF_PEOPLE, bind="query-params")
    pace = b.slider(tr("Their pace at first, %"), 30, 100, 60, 5, key=Key.WHAT_IF_PACE, bind="query-params")
    ramp = c.slider(tr("Weeks to full pace"), 0, 26, 8, key=Key.WHAT_IF_RAMP, bind="query-params")
    absence = st.slider(tr("Absence, %"), 0, 50, absence_now, key=Key.WHAT_IF_ABSENCE, bind="query-params")
    st.caption(tr("Stations and shifts"))
    a, b = st.columns(2)
    stations = a.slider(
        tr("More stations"),
        0,
        max(most, 10),
        0,
        key=Key.WHAT_IF_STATIONS,
        bind="query-params",
        help=tr("Idle premises hold up to {n}", n=most),
    )
    start = b.slider(tr("Open from week"), 1, 12, 1, key=Key.WHAT_IF_FROM, bind="query-params")
    shift = _shift(view) if stations else None
    shifts = a.slider(tr("More shifts a week"), 0, 7, 0, key=Key.WHAT_IF_SHIFTS, bind="query-params")
    each = b.slider(tr("More shifts a person"), 0.0, 4.0, 0.0, 0.5, key=Key.WHAT_IF_EACH, bind="query-params")
    product, pieces, due = _new_order(view, state)
    order, movers_count, target = _moves(view, state)
    scenario = WorkshopScenario(
        workshop=state.key,
        people=people,
        pace=pace / 100 if people else LEARNER_EFFICIENCY,
        ramp_weeks=ramp if people else RAMP_WEEKS,
        absence=absence / 100 if absence != absence_now else None,
        stations=stations,
        from_week=start - 1 if stations else 0,
        shift=shift.value if shift else "",
        more_shifts=shifts,
        each=each,
        product=product if pieces else None,
        pieces=pieces,
        due_on=due if pieces else None,
        move_order=order if target is not None else "",
        move_people=movers_count if target is not None else 0,
        move_to=target if order or movers_count else None,
    )
    is_empty = scenario == WorkshopScenario(state.key)
    st.button(tr("Reset"), on_click=_reset, icon=":material/restart_alt:", disabled=is_empty)
    return scenario


def _new_order(view: View, state: WorkshopState) -> tuple[int | None, int, date]:
    """Product, pieces and due date of one more order."""
    tr = view.tr
    st.caption(tr("A new order"))
    products = cache.workshops.products(view.revision).set_index("id")
    names = products["name_en"].fillna(products["name"]) if tr.is_english else products["name"]
    options = [
        *[p for p in state.wanted_products if p in products.index],
        *[p for p in products.index if p not in state.wanted_products],
    ]
    a, b, c = st.columns(3)
    product = a.selectbox(tr("Product"), options, format_func=lambda p: names[p], key=Key.WHAT_IF_PRODUCT)
    pieces = b.number_input(tr("Pieces"), 0, 20000, 0, 50, key=Key.WHAT_IF_PIECES, bind="query-params")
    due = c.date_input(
        tr("Due"), view.today + timedelta(weeks=4), min_value=view.today, key=Key.WHAT_IF_DUE, bind="query-params"
    )
    return None if product is None else int(product), int(pieces), due


def _moves(view: View, state: WorkshopState) -> tuple[str, int, int | None]:
    """An order and people that go to another workshop: code, number, id of the workshop."""
    tr = view.tr
    assert state.load is not None
    others = {
        s.key: s.name
        for s in cache.workshops.states(view.revision, view.today)
        if s.key != state.key and s.load is not None and not s.is_closed
    }
    codes = [o.order.code for o in state.load.orders]
    on_site = int((state.roll["form"] != JobForm.HOME_PIECE).sum())
    if not others:
        return "", 0, None
    st.caption(tr("Move orders or people to another workshop"))
    a, b, c = st.columns(3)
    target = a.selectbox(
        tr("Move to"), list(others), index=None, format_func=lambda k: tr.name(others[k]), key=Key.WHAT_IF_MOVE_TO
    )
    order = b.selectbox(tr("Order"), codes, index=None, key=Key.WHAT_IF_MOVE_ORDER)
    people = c.number_input(tr("People"), 0, max(on_site, 0), 0, key=Key.WHAT_IF_MOVE_PEOPLE)
    return order or "", int(people), target


def _shift(view: View) -> Shift | None:
    """The shift of the new stations, which a link from the map may have set; None = as the workshop's own."""
    tr = view.tr
    return url_choice(
        st.selectbox,
        tr("Their shift"),
        "wi_shift",
        list(Shift),
        None,
        key=Key.WHAT_IF_SHIFT,
        format_func=tr.term,
        placeholder=tr("as in the workshop"),
    )


def _reset() -> None:
    for key in KEYS:
        st.session_state.pop(key, None)


def _table(view: View, comparison: Comparison) -> None:
    tr = view.tr

    def column(load: WorkshopLoad, capacity: HiringCapacity, bottleneck: Bottleneck | None) -> list[str]:
        worst = max((x.late_days if x.late_days is not None else inf for x in load.orders), default=None)
        return [
            tr.number(load.effective_by_week[:8].mean(), 1),
            tr.percent(load.occupancy or 0.0, 0),
            load_text(load, tr, 1),
            str(len(load.late)),
            "–" if worst is None else tr("never done") if worst == inf else tr.number(max(worst, 0)),
            str(capacity.seats),
            str(capacity.needed),
            str(capacity.fully_employed),
            tr(bottleneck.name) if bottleneck else tr(LIMIT_NAMES[Limit.LABOUR]) if load.is_unstaffed else "–",
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
    base = column(comparison.base, comparison.base_capacity, comparison.base_bottleneck)
    scenario = column(comparison.scenario, comparison.scenario_capacity, comparison.scenario_bottleneck)
    st.markdown(f"{badge(comparison.base, tr)} → {badge(comparison.scenario, tr)}")
    show_table(
        view,
        pd.DataFrame({tr("Figure"): names, tr("as it is"): base, tr("what if"): scenario}),
        tr("Base and scenario side by side"),
        first=FIRST,
        config=right_aligned(tr("as it is"), tr("what if")),
    )


def _seats(view: View, state: WorkshopState, people: int) -> None:
    """Who would get the seats, and the reasons why there are not more of them."""
    tr = view.tr
    offers = cache.workshops.seat_offers(view.revision, view.today, state.key, people)
    st.subheader(
        tr("{n} of {asked} seats: who could take them", n=len(offers.people), asked=offers.asked), anchor=False
    )
    st.caption(
        tr(
            "They master a skill of the orders, pass every limit of matching and are offered a seat here only; sorted by "
            "level, then by walking minutes. Personal attributes are not used. A named person decides."
        )
    )
    if not offers.asked:
        st.caption(tr("No new people are asked for; set “New people” to see who could come."))
    if offers.missing > 0:
        st.markdown(md_escape(offers.why_not(tr)))
    if offers.people.empty:
        return
    skills = cache.people.skills(view.revision).set_index("code")["name_en" if tr.is_english else "name_zh"]
    table = scope.rows(view, offers.people)
    scope.show_left_out(view, len(table), len(offers.people))
    shown = pd.DataFrame(
        {
            tr("Full name"): table["name"].map(mask_name),
            tr("Community"): table["community"],
            tr("Skills"): [tr.join(skills.get(s, s) for s in codes.split(",")) for codes in table["skills"]],
            tr("Best level"): table["level"],
            tr("Walk, minutes"): table["minutes"].round(),
        }
    )
    show_table(view, shown, tr("Job seekers near {name}", name=state.name), first=FIRST_SEATS)
