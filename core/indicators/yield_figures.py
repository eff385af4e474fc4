"""Rates with intervals and possible ranks as a chart: what events and sources of openings yield."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from core import palette
from core.chart_style import chart_title, name_axis, type_size
from core.indicators.opening_yields import OpeningYields
from core.locale import Translator
from core.terms import OpeningSource

__all__ = ["rank_texts", "ranked_rates", "source_chart", "source_name"]


UP_TO_ALL = "datum.value > 1 ? '' : datum.label"  # room for the ranks lies beyond 100%


def rank_texts(tr: Translator, table: pd.DataFrame) -> list[str]:
    """The possible ranks of each row of rank_low and rank_high in words."""
    return [
        tr("rank {low}", low=low) if low == high else tr("rank {low}–{high}", low=low, high=high)
        for low, high in zip(table["rank_low"], table["rank_high"], strict=True)
    ]


def ranked_rates(
    tr: Translator, table: pd.DataFrame, title: Any, tips: Sequence[alt.Tooltip], *, narrow: bool = False
) -> alt.LayerChart:
    """A row each: the rate as a dot, its interval as a bar, possible ranks at the right.

    ``table``: kind, rate, low, high, ranks and what ``tips`` name, at least one row; drawn in its order.
    """
    base = alt.Chart(table).encode(
        y=alt.Y(
            "kind:N",
            sort=list(table["kind"]),
            title=None,
            axis=name_axis(300, letters=20, domain=False),
        )
    )
    scale = alt.Scale(domain=[0, float(table["high"].max()) * (1.75 if narrow else 1.15)], nice=False)
    tooltips = [
        *tips[:2],
        alt.Tooltip("low:Q", title=tr("95% interval from"), format=".1%"),
        alt.Tooltip("high:Q", title=tr("to"), format=".1%"),
        *tips[2:],
    ]
    return alt.layer(
        base.mark_bar(color=palette.CONTEXT, opacity=0.3, height={"band": 0.62}, cornerRadius=3).encode(
            x=alt.X("low:Q", scale=scale, title=None), x2="high:Q", tooltip=tooltips
        ),
        base.mark_point(size=95, color=palette.OPENINGS, filled=True, opacity=1).encode(
            x=alt.X("rate:Q", title=None, axis=alt.Axis(format=".0%", tickCount=5, labelExpr=UP_TO_ALL), scale=scale),
            tooltip=tooltips,
        ),
        base.mark_text(align="right", dx=-2, fontSize=type_size(12, phone=10), opacity=0.75).encode(
            x=alt.value("width"), text="ranks:N"
        ),
    ).properties(title=title, height=34 * len(table) + 70 if narrow else 26 * len(table) + 40)


def source_name(tr: Translator, source: object, platform: object) -> str:
    """A source of openings as people call it: the platform's own name, else the kind of source."""
    if isinstance(platform, str) and platform:
        return tr.name(platform)
    return tr.term(OpeningSource.of(str(source))) if isinstance(source, str) else tr("Source not on record")


def source_chart(tr: Translator, yields: OpeningYields, *, narrow: bool = False) -> alt.LayerChart | None:
    """Starts within 30 days per recommendation by source; None where no source has recommendations of that age."""
    table = yields.table[yields.table["mature"] > 0]
    if table.empty:
        return None
    table = table.assign(
        kind=[source_name(tr, *pair) for pair in zip(table["source"], table["platform"], strict=True)],
        ranks=rank_texts(tr, table),
    ).astype({"rank_low": "int64", "rank_high": "int64"})
    leaders = tr.join(table["kind"].iloc[list(yields.leaders)])
    title = (
        tr("{leaders}: most starts per recommendation", leaders=leaders)
        if leaders
        else tr("No source can be told apart from the others by starts per recommendation")
    )
    subtitle = tr(
        "Dot: starts within 30 days ÷ recommendations at least 30 days old; bar: 95% interval; right: possible ranks"
    )
    return ranked_rates(
        tr,
        table,
        chart_title(title, subtitle),
        [
            alt.Tooltip("kind:N", title=tr("Came from")),
            alt.Tooltip("rate:Q", title=tr("Starts per recommendation"), format=".1%"),
            alt.Tooltip("starts_30:Q", title=tr("Started within 30 days")),
            alt.Tooltip("mature:Q", title=tr("Recommendations 30 days old")),
        ],
        narrow=narrow,
    )
