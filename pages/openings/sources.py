"""What each source of openings yielded, and which can be told apart."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.indicators.yield_figures import source_chart, source_name
from core.locale import N_
from core.policy import Action
from pages import cache
from pages.common.charts import show_chart
from pages.common.columns import right_aligned
from pages.common.downloads import download_table
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["finding", "show"]

FIRST = (N_("Came from"), N_("Start rate"))  # on a phone


def finding(view: View) -> tuple[str, str]:
    """What came of recommendations, over all sources."""
    tr = view.tr
    table = cache.openings.yields(view.revision, view.today).table
    return (
        tr.plural(
            "{starts} of {n} recommendation led to a start within 30 days",
            "{starts} of {n} recommendations led to a start within 30 days",
            int(table["mature"].sum()),
            starts=tr.number(int(table["starts_30"].sum())),
        ),
        tr("Of recommendations at least 30 days old. As of {day}.", day=tr.day(view.today)),
    )


def show(view: View) -> None:
    """Chart and table."""
    tr = view.tr
    yields = cache.openings.yields(view.revision, view.today)
    if yields.table.empty:
        st.write(tr("No opening is on record yet."))
        return
    chart = source_chart(tr, yields, narrow=view.is_handheld)
    if chart is None:
        st.write(tr("No source has a recommendation that is 30 days old."))
    else:
        show_chart(view, chart, tr("Starts per recommendation"))
    table = yields.table
    is_known = table["mature"] > 0
    shown = pd.DataFrame(
        {
            tr("Came from"): [source_name(tr, *pair) for pair in zip(table["source"], table["platform"], strict=True)],
            tr("Listings"): table["openings"],
            tr("Seats in all"): table["seats"],
            tr("Recommendations"): table["referrals"],
            tr("Interviewed"): table["interviews"],
            tr("Started"): table["starts"],
            tr("30 days old"): table["mature"],
            tr("Started within 30 days"): table["starts_30"],
            tr("Start rate"): [
                tr.percent(rate) if known else "—" for rate, known in zip(table["rate"], is_known, strict=True)
            ],
            tr("95% interval"): [
                f"{tr.percent(low)} – {tr.percent(high)}" if known else "—"
                for low, high, known in zip(table["low"], table["high"], is_known, strict=True)
            ],
            tr("Possible ranks"): [
                "—" if not known else str(low) if low == high else f"{low}–{high}"
                for low, high, known in zip(table["rank_low"], table["rank_high"], is_known, strict=True)
            ],
        }
    )
    config = right_aligned(tr("Start rate"), tr("95% interval"), tr("Possible ranks"))
    show_table(view, shown, tr("Starts per recommendation"), first=FIRST, config=config, height="auto")
    download_table(view, shown, tr("What sources yield"), Key.DOWNLOAD.of("sources"), action=Action.EXPORT_OPENINGS)
    st.caption(
        tr(
            "An opening counts for the source where it was seen first. A start counts where the person began this work within "
            "30 days of the recommendation. Sources whose possible ranks overlap cannot be told apart; openings of different "
            "sources differ, so a difference is no proof of what the source does."
        )
    )
