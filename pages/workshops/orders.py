"""Orders of a workshop: a new one, the steps of those that are open, and what became of promises."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.policy import Action
from core.workshops import commands
from core.workshops.states import WorkshopState
from pages import cache
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View
from pages.workshops import ledger, new_order

__all__ = ["show"]


def show(view: View, state: WorkshopState) -> None:
    """From the request to the fact, from top to bottom."""
    new_order.show(view, state)
    _steps(view, state)
    ledger.show(view, state)


@st.fragment
def _steps(view: View, state: WorkshopState) -> None:
    """Deliver, split or move, close an open order."""
    tr = view.tr
    rows = cache.workshops.rows(view.revision, view.today).orders
    own = rows[rows["workshop_id"] == state.key].set_index("id")
    st.subheader(tr("Open orders"), anchor=False)
    if own.empty:
        st.caption(tr("No open orders: the weekly sheet shows no load."))
        return
    if not view.may(Action.DELIVER_ORDER):
        return
    names = own["product_en"].fillna(own["product"]) if tr.is_english else own["product"]

    def label(order: int) -> str:
        row = own.loc[order]
        left, due = tr.number(int(row["remaining"])), tr.day(row["due_on"], "short")
        return tr("{code}: {left} {product} due {due}", code=row["code"], left=left, product=names[order], due=due)

    order = st.selectbox(tr("Order"), list(own.index), format_func=label, key=Key.ORDER_CHOSEN.of(state.key))
    row = own.loc[order]
    with st.container(horizontal=True):
        with st.popover(tr("Deliver"), icon=":material/local_shipping:"):
            _deliver(view, int(order), row)
        with st.popover(tr("Split or move"), icon=":material/call_split:"):
            _split(view, state, int(order), row)
        with st.popover(tr("Close"), icon=":material/done_all:"):
            _close(view, int(order), row)


def _deliver(view: View, order: int, row: pd.Series) -> None:
    tr, left = view.tr, int(row["remaining"])
    with st.form(Key.RECORD_FORM.of("deliver", order), border=False):
        pieces = st.number_input(tr("Good pieces delivered"), 1, left, left)
        st.caption(
            tr("{left} of {all} pieces are still owed; the last one closes the order.", left=left, all=row["pieces"])
        )
        if st.form_submit_button(tr("Save"), type="primary"):
            version = int(row["version"])
            save(
                view,
                Action.DELIVER_ORDER,
                lambda change: commands.deliver(change, order, int(pieces), today=view.today, version=version),
                tr("{n} pieces of {code} are delivered.", n=int(pieces), code=row["code"]),
            )


def _split(view: View, state: WorkshopState, order: int, row: pd.Series) -> None:
    tr, left = view.tr, int(row["remaining"])
    places = {s.key: s.name for s in cache.workshops.states(view.revision, view.today) if not s.is_closed}
    keys = list(places)
    with st.form(Key.RECORD_FORM.of("split", order), border=False):
        pieces = st.number_input(tr("Pieces to split off"), 1, left, left)
        place = st.selectbox(
            tr("Made in"),
            keys,
            index=keys.index(state.key) if state.key in keys else 0,
            format_func=lambda key: tr.name(places[key]),
        )
        due = st.date_input(tr("Due"), max(row["due_on"].date(), view.today), min_value=view.today)
        if st.form_submit_button(tr("Save"), type="primary"):
            version = int(row["version"])
            save(
                view,
                Action.SPLIT_ORDER,
                lambda change: commands.split_order(
                    change,
                    order,
                    pieces=int(pieces),
                    workshop_id=place,
                    due_on=due,
                    today=view.today,
                    version=version,
                ),
                tr("{n} pieces of {code} go to {name}.", n=int(pieces), code=row["code"], name=tr.name(places[place])),
            )


def _close(view: View, order: int, row: pd.Series) -> None:
    tr = view.tr
    with st.form(Key.RECORD_FORM.of("close", order), border=False):
        reason = st.text_input(tr("Reason"), **at_most(tr, 200), help=tr("Needed while pieces are still owed"))
        if st.form_submit_button(tr("Close the order"), type="primary"):
            version = int(row["version"])
            save(
                view,
                Action.CLOSE_ORDER,
                lambda change: commands.close_order(change, order, reason=reason, today=view.today, version=version),
                tr("Order {code} is closed.", code=row["code"]),
            )
