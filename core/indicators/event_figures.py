"""Charts of recruitment events: what each theme and scene yields, and the events over time."""

from __future__ import annotations

import altair as alt
import pandas as pd

from core import palette
from core.chart_style import chart_title, legend_columns, type_size
from core.indicators.event_yields import EventYields
from core.locale import Translator
from core.terms import EventScene, EventTheme

__all__ = ["event_calendar", "yield_chart"]


def yield_chart(tr: Translator, yields: EventYields, *, narrow: bool = False) -> alt.LayerChart:
    """Starts per visitor of each theme and scene as dots with intervals, possible ranks at the right."""
    table = yields.table.assign(
        kind=[
            tr("{theme} · {scene}", theme=tr.term(EventTheme.of(theme)), scene=tr.term(EventScene.of(scene)))
            for theme, scene in zip(yields.table["theme"], yields.table["scene"], strict=True)
        ],
        ranks=[
            tr("rank {low}", low=low) if low == high else tr("rank {low}–{high}", low=low, high=high)
            for low, high in zip(yields.table["rank_low"], yields.table["rank_high"], strict=True)
        ],
    )
    leaders = tr.join(table["kind"].iloc[list(yields.leaders)])
    title = (
        tr("{leaders}: most starts per visitor", leaders=leaders)
        if leaders
        else tr("No theme and scene can be told apart from the others by starts per visitor")
    )
    base = alt.Chart(table).encode(
        y=alt.Y(
            "kind:N",
            sort=list(table["kind"]),
            title=None,
            axis=alt.Axis(labelLimit=type_size(130 if narrow else 300), labelOverlap=False, ticks=False, domain=False),
        )
    )
    scale = alt.Scale(domain=[0, float(table["high"].max()) * (1.75 if narrow else 1.15)], nice=False)
    tips = [
        alt.Tooltip("kind:N", title=tr("Theme and scene")),
        alt.Tooltip("rate:Q", title=tr("Starts per visitor"), format=".1%"),
        alt.Tooltip("low:Q", title=tr("95% interval from"), format=".1%"),
        alt.Tooltip("high:Q", title=tr("to"), format=".1%"),
        alt.Tooltip("events:Q", title=tr("Events")),
        alt.Tooltip("starts:Q", title=tr("Started within 30 days")),
        alt.Tooltip("visitors:Q", title=tr("Visitors")),
    ]
    return alt.layer(
        base.mark_bar(color=palette.CONTEXT, opacity=0.3, height={"band": 0.62}, cornerRadius=3).encode(
            x=alt.X("low:Q", scale=scale, title=None), x2="high:Q", tooltip=tips
        ),
        base.mark_point(size=95, color=palette.OPENINGS, filled=True, opacity=1).encode(
            x=alt.X("rate:Q", title=None, axis=alt.Axis(format=".0%", tickCount=5), scale=scale), tooltip=tips
        ),
        base.mark_text(align="right", dx=-2, fontSize=type_size(12, phone=10), opacity=0.75).encode(
            x=alt.value("width"), text="ranks:N"
        ),
    ).properties(
        title=chart_title(title, tr("Dot: starts within 30 days ÷ visitors; bar: 95% interval; right: possible ranks")),
        height=26 * len(table) + 40,
    )


def event_calendar(tr: Translator, events: pd.DataFrame) -> alt.Chart:
    """Events by day and theme; ``events``: name, held_on, theme, visitors, intents, at least one row."""
    rows = events[["name", "held_on", "visitors", "intents"]].assign(
        theme_name=[tr.term(EventTheme.of(code)) for code in events["theme"]],
        visitors=events["visitors"].fillna(0).astype("int64"),
    )
    return (
        alt.Chart(rows)
        .mark_point(filled=True, opacity=0.75, color=palette.OPENINGS, stroke=palette.CONTEXT, strokeWidth=1)
        .encode(
            x=alt.X("held_on:T", title=None, axis=alt.Axis(format="%Y-%m", tickCount=8, labelOverlap=True)),
            y=alt.Y(
                "theme_name:N",
                title=None,
                sort=[tr.term(theme) for theme in EventTheme],
                axis=alt.Axis(labelLimit=type_size(180, phone=100), ticks=False, domain=False),
            ),
            size=alt.Size(
                "visitors:Q",
                scale=alt.Scale(range=[40, 320], zero=True),
                legend=alt.Legend(title=tr("Visitors"), orient="top", columns=legend_columns(5), tickCount=3),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=tr("Name")),
                alt.Tooltip("held_on:T", title=tr("Held on"), format="%Y-%m-%d"),
                alt.Tooltip("visitors:Q", title=tr("Visitors")),
                alt.Tooltip("intents:Q", title=tr("Intents")),
            ],
        )
        .properties(
            title=chart_title(
                tr.plural("{n} event in the calendar", "{n} events in the calendar", len(rows)),
                tr("Each mark is an event, its size the number of visitors"),
            ),
            height=36 * rows["theme_name"].nunique() + 70,
        )
    )
