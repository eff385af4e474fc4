"""Can we take it? A new order asked of every workshop: its date as a distribution, whom it delays, what its price pays."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from core.locale import N_, Translator
from core.policy import Action
from core.workshops import commands
from core.workshops.figures import finish_chart
from core.workshops.promise import Offer, Quote
from core.workshops.states import WorkshopState
from pages import cache
from pages.common.charts import show_chart
from pages.common.escape import md_escape
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["show"]

FIRST = (N_("Workshop"), N_("On time"), N_("Can be promised for"))  # on a phone
WEEKS = 4  # until the date asked for, unless somebody says otherwise


@st.fragment
def show(view: View, state: WorkshopState) -> None:
    """The request, the answer of each workshop, and the decision on one of them."""
    tr = view.tr
    st.subheader(tr("Can we take it?"), anchor=False)
    offers = _request(view, state)
    if offers is None:
        return
    if not offers:
        st.info(tr("No workshop in operation has somebody who can make this product."), icon=":material/info:")
        return
    _ranking(view, offers)
    names = [offer.state.name for offer in offers]
    if st.session_state.get(Key.ORDER_PLACE) not in names:
        st.session_state[Key.ORDER_PLACE] = names[0]
    place = st.segmented_control(
        tr("Answer from"),
        names,
        required=True,
        format_func=lambda name: md_escape(tr.name(name)),
        key=Key.ORDER_PLACE,
        width="stretch",
    )
    offer = next(o for o in offers if o.state.name == place)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        show_chart(view, finish_chart(offer.quote, tr), tr("Days on which the order would be done"))
    with right:
        _answer(view, offer.quote)
        _decision(view, offer)


def _request(view: View, state: WorkshopState) -> list[Offer] | None:
    """Product, pieces, date and price; None until something is asked for."""
    tr = view.tr
    products = cache.workshops.products(view.revision).set_index("id")
    if products.empty:
        st.info(tr("No product is known yet: import the weekly sheet first."), icon=":material/info:")
        return None
    names = products["name_en"].fillna(products["name"]) if tr.is_english else products["name"]
    options = [
        *[p for p in state.wanted_products if p in products.index],
        *[p for p in products.index if p not in state.wanted_products],
    ]
    a, b, c, d = st.columns([2, 1, 1, 1])
    product = a.selectbox(tr("Product"), options, format_func=lambda p: names[p], key=Key.ORDER_PRODUCT)
    pieces = b.number_input(tr("Pieces"), 1, 100_000, 300, 50, key=Key.ORDER_PIECES)
    due = c.date_input(tr("Due"), view.today + timedelta(weeks=WEEKS), min_value=view.today, key=Key.ORDER_DUE)
    usual = float(products.loc[product, "piece_rate"])
    rate = d.number_input(
        tr("Piece rate, yuan"),
        0.01,
        10_000.0,
        usual,
        0.5,
        key=Key.ORDER_RATE.of(product),
        help=tr("What the maker earns for a piece; the product's own rate is {n}", n=tr.number(usual, 2)),
    )
    return cache.workshops.offers(view.revision, view.today, int(product), int(pieces), due, float(rate))


def _verdict(quote: Quote, tr: Translator) -> str:
    if quote.can_be_taken:
        return tr("● can be taken")
    if quote.probability >= 0.5 and not quote.breaks:
        return tr("▲ with doubts")
    return tr("■ rather not")


def _ranking(view: View, offers: list[Offer]) -> None:
    """Every workshop's answer, the best first."""
    tr = view.tr
    day = {"format": "YYYY-MM-DD"}
    table = pd.DataFrame(
        {
            tr("State"): [_verdict(o.quote, tr) for o in offers],
            tr("Workshop"): [tr.name(o.state.name) for o in offers],
            tr("On time"): [round(o.quote.probability, 2) for o in offers],
            tr("Can be promised for"): [o.quote.earliest_on for o in offers],
            tr("Orders delayed"): [len(o.quote.delays) for o in offers],
            tr("Yuan an hour"): [o.quote.hourly_pay for o in offers],
            tr("Can make it"): [1.0 if o.share is None else round(o.share, 2) for o in offers],
        }
    )
    show_table(
        view,
        table,
        tr("Answers of the workshops"),
        first=FIRST,
        config={
            tr("On time"): st.column_config.NumberColumn(
                format="percent", help=tr("Probability of being done by the date asked for")
            ),
            tr("Can be promised for"): st.column_config.DateColumn(
                **day, help=tr("Reached in 80% of the draws without another order losing its date")
            ),
            tr("Yuan an hour"): st.column_config.NumberColumn(
                format="%.1f", help=tr("What the price earns an attended hour at the workshop's own pace and yield")
            ),
            tr("Can make it"): st.column_config.NumberColumn(
                format="percent",
                help=tr("Share of the people on the roll who can make this product; all where it asks for no skill"),
            ),
        },
        placeholder="–",
    )


def _answer(view: View, quote: Quote) -> None:
    """The verdict with its reasons, and the orders that are pushed back."""
    tr = view.tr
    st.markdown(f"**{_verdict(quote, tr)}**")
    st.markdown(
        md_escape(
            tr(
                "{need} standard h; the price brings {paid} yuan an attended hour against the floor of {floor}.",
                need=tr.number(quote.need, 1),
                paid=tr.number(quote.hourly_pay, 1),
                floor=tr.number(quote.floor, 1),
            )
        )
    )
    for text in quote.objections(tr):
        st.markdown(f"- {md_escape(text)}")
    if not quote.delays:
        st.caption(tr("No other order is delayed."))
        return
    show_table(
        view,
        pd.DataFrame(
            {
                tr("Order"): [d.order.code for d in quote.delays],
                tr("Days later"): [d.days for d in quote.delays],
                tr("On time before"): [round(d.before, 2) for d in quote.delays],
                tr("and after"): [round(d.after, 2) for d in quote.delays],
            }
        ),
        tr("Orders that are delayed"),
        config={
            tr("On time before"): st.column_config.NumberColumn(format="percent"),
            tr("and after"): st.column_config.NumberColumn(format="percent"),
        },
    )


def _decision(view: View, offer: Offer) -> None:
    """Take it or refuse it, in the name of a colleague."""
    tr = view.tr
    if not view.may(Action.TAKE_ORDER):
        return
    with st.container(horizontal=True):
        with st.popover(tr("Take the order"), icon=":material/check:"), st.form(Key.ORDER_TAKE, border=False):
            codes = cache.workshops.order_codes(view.revision, view.today)
            code = st.text_input(
                tr("Code"), commands.next_code(codes, view.today), **at_most(tr, 20), key=Key.ORDER_CODE
            )
            customer = st.text_input(tr("Customer"), **at_most(tr, 80), key=Key.ORDER_CUSTOMER)
            st.caption(tr("The promise is kept with its probability, to be compared with the fact."))
            if st.form_submit_button(
                tr("Take it for {name}", name=md_escape(tr.name(offer.state.name))), type="primary"
            ):
                _take(view, offer, code, customer.strip())
        with st.popover(tr("Refuse it"), icon=":material/block:"), st.form(Key.ORDER_REFUSE, border=False):
            reason = st.text_input(tr("Reason"), **at_most(tr, 200), key=Key.ORDER_REASON)
            if st.form_submit_button(tr("Refuse it"), type="primary"):
                _refuse(view, offer, reason)


def _take(view: View, offer: Offer, code: str, customer: str) -> None:
    save(
        view,
        Action.TAKE_ORDER,
        lambda change: commands.take_order(change, offer, code=code, customer=customer, today=view.today),
        view.tr("Order {code} is in the book of {name}.", code=code.strip(), name=view.tr.name(offer.state.name)),
    )


def _refuse(view: View, offer: Offer, reason: str) -> None:
    save(
        view,
        Action.REFUSE_ORDER,
        lambda change: commands.refuse_order(change, offer, reason=reason, today=view.today),
        view.tr("The refusal is recorded with its reason."),
    )
