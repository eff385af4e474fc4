"""The price of a requirement: how many more people an opening could choose from if it asked for less."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.matching.opportunities.requirement_price import Price, requirement_prices
from core.matching.opportunities.wording import requirement_label
from core.policy import Action
from pages import cache
from pages.common.downloads import download_table
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.matching.context import RankingContext

__all__ = ["show"]

SHOWN = 12


def show(context: RankingContext) -> None:
    """Single requirements and pairs that gain more together, for the people of the list's filter."""
    tr, view, pool = context.view.tr, context.view, context.pool
    people = np.flatnonzero(context.selection.mask)
    job = pool.job(context.selection.subject_id)
    eligible, prices = requirement_prices(pool.pair_matrix(people.tolist(), [job], context.selection.mode))
    if not prices:
        st.info(
            tr("{n} people are eligible; nothing that is asked for keeps anybody else away.", n=tr.number(eligible))
        )
        return
    best = prices[0]
    title = tr(
        "{n} people are eligible; “{change}” would bring {more} more",
        n=tr.number(eligible),
        change=_label(context, best),
        more=tr.number(best.gained),
    )
    st.markdown(f"**{md_escape(title)}**")
    show_table(
        view,
        pd.DataFrame(
            {
                tr("If it asked for less"): [_label(context, price) for price in prices[:SHOWN]],
                tr("More people"): [price.gained for price in prices[:SHOWN]],
                tr("Eligible then"): [eligible + price.gained for price in prices[:SHOWN]],
            }
        ),
        title,
        config={
            tr("More people"): st.column_config.ProgressColumn(
                format="+%d", min_value=0, max_value=max(1, best.gained), width="medium"
            )
        },
        height="auto",
    )
    st.caption(
        tr(
            "Exact: every limit is checked again without the requirement. Pairs are listed where they bring more together "
            "than one by one. A certificate that the law asks for can only be obtained."
        )
    )
    least = cache.store.min_count_outside(view.revision, view.today)
    sheet = pd.DataFrame(
        {
            tr("If it asked for less"): [_label(context, price) for price in prices],
            tr("More people"): [_outside(context, price.gained, least) for price in prices],
        }
    )
    name = tr("Price of requirements")
    download_table(view, sheet, name, Key.DOWNLOAD.of("requirements"), action=Action.EXPORT_TABLE)


def _label(context: RankingContext, price: Price) -> str:
    tr = context.view.tr
    return tr(" and ").join(requirement_label(context.pool, one, tr) for one in price.requirements)


def _outside(context: RankingContext, count: int, least: int) -> str:
    """A count as an employer may see it: below ``least`` only that it is below."""
    return context.view.tr.number(count) if count >= least else context.view.tr("fewer than {n}", n=least)
