"""Charts of recruitment events: what each theme and scene yields, and the events over time."""

from __future__ import annotations

import altair as alt
import pandas as pd

from core import palette
from core.chart_style import chart_title, date_format, legend_columns, month_format, name_axis
from core.indicators.event_yields import EventYields
from core.indicators.yield_figures import rank_texts, ranked_rates
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
        ranks=rank_texts(tr, yields.table),
    )
    leaders = tr.join(table["kind"].iloc[list(yields.leaders)])
    title = (
        tr("{leaders}: most starts per visitor", leaders=leaders)
        if leaders
        else tr("No theme and scene can be told apart from the others by starts per visitor")
    )
    return ranked_rates(
        tr,
        table,
        chart_title(title, tr("Dot: starts within 30 days ÷ visitors; bar: 95% interval; right: possible ranks")),
        [
            alt.Tooltip("kind:N", title=tr("Theme and scene")),
            alt.Tooltip("rate:Q", title=tr("Starts per visitor"), format=".1%"),
            alt.Tooltip("events:Q", title=tr("Events")),
            alt.Tooltip("starts:Q", title=tr("Started within 30 days")),
            alt.Tooltip("visitors:Q", title=tr("Visitors")),
        ],
        narrow=narrow,
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
            x=alt.X("held_on:T", title=None, axis=alt.Axis(format=month_format(tr), tickCount=8, labelOverlap=True)),
            y=alt.Y(
                "theme_name:N",
                title=None,
                sort=[tr.term(theme) for theme in EventTheme],
                axis=name_axis(180, letters=18, domain=False),
            ),
            size=alt.Size(
                "visitors:Q",
                scale=alt.Scale(range=[40, 320], zero=True),
                legend=alt.Legend(title=tr("Visitors"), orient="top", columns=legend_columns(5), tickCount=3),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=tr("Name")),
                alt.Tooltip("held_on:T", title=tr("Held on"), format=date_format(tr)),
                alt.Tooltip("visitors:Q", title=tr("Visitors")),
                alt.Tooltip("intents:Q", title=tr("Intents")),
            ],
        )
        .properties(
            title=chart_title(
                tr.plural("{n} event in the calendar", "{n} events in the calendar", len(rows)),
                tr("Each mark is an event, its size the number of visitors"),
            ),
            height=40 * rows["theme_name"].nunique() + 110,
        )
    )
