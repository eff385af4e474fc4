"""One workshop today: bottleneck, weeks, order book, people and skills, pay against the floor."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.locale import N_, Translator
from core.people.masking import mask_name
from core.terms import JobForm
from core.workshops.figures import MEASURES, history_chart, pay_chart, pay_sentence, weekly_load_chart
from core.workshops.load import OrderLoad
from core.workshops.states import WorkshopState, pay_table
from pages import cache
from pages.cache.charts import built
from pages.common import scope
from pages.common.charts import show_built
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["nobody_placed", "order_table", "show"]

FIRST = (N_("State"), N_("Due"), N_("Days late"), N_("Product"))  # on a phone
FIRST_OF_PAY = (N_("Product"), N_("Paid an hour"), N_("Floor"), N_("State"))
FIRST_OF_ROLL = (N_("Full name"), N_("Yuan a month"), N_("Skills from level 2"))
RANGES = (26, 52, 104)  # weeks
ROLL_ROWS, ROLL_HEIGHT = 10, 420  # a longer roll is scrolled within so many pixels


def show(view: View, state: WorkshopState) -> None:
    """Bottleneck, weeks, order book, people and pay, from top to bottom."""
    tr = view.tr
    if state.bottleneck:
        st.markdown(md_escape(state.bottleneck.sentence(tr)))
    if state.is_idle:
        _idle(view, state)
    if state.load is not None and state.load.is_unstaffed:
        st.warning(
            tr(
                "Nobody is on the roll for {hours} standard h of open orders: {needed} people would keep every due date.",
                hours=tr.number(state.load.total_hours),
                needed=state.capacity.needed if state.capacity else "–",
            ),
            icon=":material/group_off:",
        )
    if state.problem:
        st.caption(tr("The workshop itself reports: {problem}", problem=md_escape(state.problem)))
    _weeks(view, state)
    left, right = st.columns(2, gap="medium")
    with left:
        _orders(view, state)
        _pay(view, state)
    with right:
        _people(view, state)


def _idle(view: View, state: WorkshopState) -> None:
    """People without orders: what could be moved here, or who could move."""
    tr = view.tr
    proposals = [t for t in cache.workshops.transfers(view.revision, view.today) if t.idle.key == state.key]
    st.warning(
        tr.plural(
            "{n} person on the roll has no order to work on: move orders here, or people away.",
            "{n} people on the roll have no order to work on: move orders here, or people away.",
            state.on_roll,
        )
        + "".join(f"\n- {md_escape(t.sentence(tr))}" for t in proposals)
        + (
            ""
            if proposals
            else " " + tr("No late order of another workshop could be made here, and nobody here would help one.")
        ),
        icon=":material/swap_horiz:",
    )


@st.fragment
def _weeks(view: View, state: WorkshopState) -> None:
    tr = view.tr
    assert state.load is not None
    options = ["load", *MEASURES]
    with st.container(horizontal=True):
        measure = st.segmented_control(
            tr("What to show"),
            options,
            default="load",
            required=True,
            format_func=lambda m: tr("Load and capacity") if m == "load" else tr(MEASURES[m][0]),
            key=Key.WORKSHOP_MEASURE,
            label_visibility="collapsed",
        )
        back = st.segmented_control(
            tr("Range"),
            RANGES,
            default=RANGES[0],
            required=True,
            format_func=lambda n: tr.plural("{n} week", "{n} weeks", n),
            key=Key.WORKSHOP_WEEKS,
            label_visibility="collapsed",
        )
    if measure == "load" and state.outputs.empty and not state.load.orders and not state.load.has_people:
        st.caption(tr("Nobody on the roll, no order and no weekly report yet."))
        return
    if measure == "load":
        outlook = cache.workshops.outlook(view.revision, view.today, state.key, "orders")
        what = tr("Load and capacity of {name} by week", name=state.name)
        show_built(view, what, weekly_load_chart, state, view.today, back, tr, outlook)
        return
    if state.weeks.empty:
        st.caption(tr("no weekly report yet"))
        return
    name = tr(MEASURES[measure][0])
    show_built(view, tr("{name} by week", name=name), history_chart, state, measure, back, tr)


def order_table(orders: Sequence[OrderLoad], tr: Translator) -> pd.DataFrame:
    """Orders as the screen shows them, earliest due date first."""
    return pd.DataFrame(
        [
            {
                tr("State"): tr("■ late") if o.is_late else tr("● on time"),
                tr("Order"): o.order.code,
                tr("Product"): o.order.product_en if tr.is_english else o.order.product,
                tr("Still to make"): o.order.remaining,
                tr("Standard h"): o.need,
                tr("Due"): pd.Timestamp(o.order.due_on),
                tr("Done by"): pd.Timestamp(o.finish_on) if o.finish_on else pd.NaT,
                tr("Days late"): o.late_days,
            }
            for o in orders
        ]
    )


def _orders(view: View, state: WorkshopState) -> None:
    tr = view.tr
    assert state.load is not None
    load = state.load
    st.subheader(tr("Order book"), anchor=False)
    if not load.orders:
        st.caption(tr("No open orders: the weekly sheet shows no load."))
        return
    if state.lead_weeks is not None and state.pace is not None:
        st.caption(
            tr(
                "{open} pieces open ÷ {made} good pieces a week = {weeks} weeks lead time (Little's law, steady state)",
                open=tr.number(state.open_pieces),
                made=tr.number(state.pace.good_a_week),
                weeks=tr.number(state.lead_weeks, 1),
            )
        )
    show_table(
        view,
        order_table(load.orders, tr),
        tr("Orders of {name} with lateness", name=state.name),
        first=FIRST,
        config={
            tr("Still to make"): st.column_config.NumberColumn(format="localized"),
            tr("Standard h"): st.column_config.NumberColumn(format="%.0f"),
            tr("Due"): st.column_config.DateColumn(format="YYYY-MM-DD"),
            tr("Done by"): st.column_config.DateColumn(format="YYYY-MM-DD"),
            tr("Days late"): st.column_config.NumberColumn(help=tr("Negative: days in hand")),
        },
        placeholder="–",
    )


def _pay(view: View, state: WorkshopState) -> None:
    """What an hour attended was paid against the floor of the day: the workshop, each product, the people."""
    tr = view.tr
    st.subheader(tr("Hourly pay against the floor"), anchor=False)
    st.markdown(md_escape(pay_sentence(state.pay, tr)))
    table = built(pay_table, state)
    if not table.empty:
        _pay_by_product(view, table)
    pay = state.pay
    if pay is not None and pay.on_site is not None:
        show_built(view, tr("Hourly pay of the people on site"), pay_chart, pay, tr)
    if pay is not None and pay.at_home is not None:
        st.caption(
            tr.plural(
                "At home: {n} person, median {median} yuan a month; hours at home are not recorded",
                "At home: {n} people, median {median} yuan a month; hours at home are not recorded",
                pay.at_home.n,
                median=tr.number(pay.at_home.median),
            )
        )


def _pay_by_product(view: View, table: pd.DataFrame) -> None:
    tr = view.tr
    words = {False: tr("● meets the floor"), True: tr("■ below the floor")}
    shown = pd.DataFrame(
        {
            tr("State"): table["below"].map(words),
            tr("Product"): table["product_en" if tr.is_english else "product"],
            tr("Minutes"): table["minutes"],
            tr("Piece rate, yuan"): table["rate"],
            tr("At standard"): table["at_standard"],
            tr("Paid an hour"): table["paid_hour"],
            tr("Floor"): table["floor"],
            tr("Basis"): table["expected"].map({False: tr("paid"), True: tr("expected")}),
        }
    )
    numbers = {
        tr(n): st.column_config.NumberColumn(format="%.1f")
        for n in ("Piece rate, yuan", "At standard", "Paid an hour", "Floor")
    }
    numbers[tr("Basis")] = st.column_config.TextColumn(
        help=tr("Expected: at today's pace and yield, where nothing was paid yet")
    )
    numbers[tr("Minutes")] = st.column_config.NumberColumn(format="%.0f", help=tr("standard minutes a piece"))
    show_table(view, shown, tr("Hourly pay by product"), first=FIRST_OF_PAY, config=numbers)


def nobody_placed(state: WorkshopState, tr: Translator) -> str:
    """Why no name is known of a workshop's people, which its weekly report may count all the same."""
    text = tr("Nobody is placed here yet.")
    if not state.on_roll:
        return text
    return tr.sentences(
        text,
        tr(
            "The weekly report counts {n} people on the roll; their names come by placements, through matching or the sheet of placements.",
            n=state.on_roll,
        ),
    )


def _people(view: View, state: WorkshopState) -> None:
    tr = view.tr
    st.subheader(tr("People and skills on the roll"), anchor=False)
    roll = state.roll
    if state.reported_roll is not None and len(roll) and state.reported_roll != len(roll):
        st.caption(
            tr(
                "{roll} people by placements, {reported} by the last weekly report: please check which is right",
                roll=len(roll),
                reported=state.reported_roll,
            )
        )
    if roll.empty:
        st.caption(nobody_placed(state, tr))
        return
    roll = scope.rows(view, roll)
    scope.show_left_out(view, len(roll), len(state.roll))
    skills = cache.people.skills(view.revision).set_index("code")["name_en" if tr.is_english else "name_zh"]
    held = cache.workshops.person_skills(view.revision)
    held = held[held["person_id"].isin(roll["person_id"]) & (held["level"] >= 2)]
    names = (
        held.assign(text=held["skill"].map(skills))
        .groupby("person_id")["text"]
        .agg("、".join if not tr.is_english else ", ".join)
    )
    best = held.groupby("person_id")["level"].max()
    shown = pd.DataFrame(
        {
            tr("Full name"): roll["name"].map(mask_name),
            tr("Started on"): roll["started_on"],
            tr("Form"): [tr.term(JobForm(f)) if isinstance(f, str) else "" for f in roll["form"]],
            tr("Yuan a month"): roll["monthly_pay"],
            tr("Best level"): ["" if pd.isna(v) else str(int(v)) for v in roll["person_id"].map(best)],
            tr("Skills from level 2"): [names.get(person, "") for person in roll["person_id"]],
        }
    )
    show_table(
        view,
        shown,
        tr("People on the roll of {name}", name=state.name),
        first=FIRST_OF_ROLL,
        config={
            tr("Started on"): st.column_config.DateColumn(format="YYYY-MM-DD"),
            tr("Yuan a month"): st.column_config.NumberColumn(format="localized"),
            tr("Skills from level 2"): st.column_config.TextColumn(width=180),
            tr("Best level"): st.column_config.Column(help=tr("1 aware, 2 can do, 3 skilled, 4 can teach")),
        },
        height=ROLL_HEIGHT if len(shown) > ROLL_ROWS else "content",
        placeholder="–",
    )
