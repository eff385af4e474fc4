"""The forecast ledger: each promise with what came of it, and the hit rate of each workshop."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.locale import N_, Translator
from core.terms import PromiseKind
from core.workshops.ledger import FACT_NAMES, Fact, HitRate, hit_rates
from core.workshops.states import WorkshopState
from pages import cache
from pages.common.escape import md_escape
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["show"]

FIRST = (N_("Outcome"), N_("Promised for"), N_("Decision"))  # on a phone


def show(view: View, state: WorkshopState) -> None:
    """Hit rates of all workshops in a line each; the promises of the selected one in a table."""
    tr = view.tr
    table = cache.workshops.promises(view.revision, view.today)
    st.subheader(tr("Promises and what came of them"), anchor=False)
    if table.empty:
        st.caption(
            tr(
                "No promise yet. Every order taken here keeps its promised date and probability, and is compared with the fact."
            )
        )
        return
    for rate in hit_rates(table):
        st.markdown("- " + md_escape(_sentence(rate, tr)))
    own = table[table["workshop_id"] == state.key]
    if own.empty:
        st.caption(md_escape(tr("{name} has promised nothing yet.", name=tr.name(state.name))))
        return
    show_table(
        view,
        promise_table(own, tr),
        tr("Promises of {name}", name=state.name),
        first=FIRST,
        config={
            tr("Decided on"): st.column_config.DateColumn(format="YYYY-MM-DD"),
            tr("Promised for"): st.column_config.DateColumn(format="YYYY-MM-DD"),
            tr("Fact on"): st.column_config.DateColumn(format="YYYY-MM-DD"),
            tr("On time"): st.column_config.NumberColumn(format="percent"),
            tr("Expected"): st.column_config.NumberColumn(format="%.0f"),
            tr("Actual"): st.column_config.NumberColumn(format="%.0f"),
        },
        placeholder="–",
    )


def promise_table(table: pd.DataFrame, tr: Translator) -> pd.DataFrame:
    """Promises with their facts as the screen shows them."""
    product = table["product_en"].fillna(table["product"]) if tr.is_english else table["product"]
    subject = [
        tr.join(str(text) for text in (code, name) if isinstance(text, str))
        for code, name in zip(table["code"], product, strict=True)
    ]
    return pd.DataFrame(
        {
            tr("Decision"): [tr.term(PromiseKind(k)) for k in table["kind"]],
            tr("Of"): subject,
            tr("Decided on"): table["made_on"],
            tr("Decided by"): table["made_by"],
            tr("Expected"): table["number"],
            tr("Promised for"): table["due_on"],
            tr("On time"): table["probability"],
            tr("Outcome"): [tr(FACT_NAMES[Fact(f)]) for f in table["fact"]],
            tr("Actual"): table["fact_number"],
            tr("Fact on"): table["fact_on"],
            tr("Reason"): table["reason"].fillna(""),
        }
    )


def _sentence(rate: HitRate, tr: Translator) -> str:
    name = tr.name(rate.workshop)
    if rate.share is None:
        return tr("{name}: no promised order has come due yet (n = 0)", name=name)
    text = tr(
        "{name}: {kept} of {n} promised orders kept ({share}, n = {n})",
        name=name,
        kept=rate.kept,
        n=rate.due,
        share=tr.percent(rate.share, 0),
    )
    if rate.expected is None:
        return text
    return text + tr("; expected when promised: {share}", share=tr.percent(rate.expected, 0))
