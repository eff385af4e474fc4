"""Charts of the overview. Each returns an Altair chart whose title states what to see."""

from __future__ import annotations

from datetime import date

import altair as alt
import pandas as pd

from core import palette
from core.chart_style import chart_title
from core.indicators.cohorts import Cohorts
from core.indicators.funnel import STAGES
from core.locale import Translator
from core.terms import PostField

__all__ = ["cohort_chart", "community_chart", "funnel_chart", "posts_chart"]


def funnel_chart(tr: Translator, funnel: pd.DataFrame, people: int) -> alt.LayerChart:
    """Bars per stage with count and drop-off; selection ``stage`` carries ``code``."""
    rows = funnel.assign(
        stage=[tr(STAGES[code][0]) for code in funnel["code"]],
        what=[tr(STAGES[code][1]) for code in funnel["code"]],
        count=[tr.number(n) for n in funnel["n"]],
        drop=[("−" + tr.number(lost)) if lost else "" for lost in funnel["lost"]],
        share=(funnel["n"] / people) if people else 0.0,
    )
    worst = rows.iloc[1:].sort_values("lost").iloc[-1]
    pick = alt.selection_point(name="stage", fields=["code"], on="click", clear="dblclick")
    base = alt.Chart(rows).encode(
        y=alt.Y(
            "stage:N",
            sort=list(rows["stage"]),
            title=None,
            axis=alt.Axis(labelLimit=160, labelOverlap=False, ticks=False, domain=False),
        ),
    )
    top = alt.Scale(domain=[0, max(people, 1) * 1.18])
    bars = base.mark_bar(color=palette.SEEKERS, height={"band": 0.72}, cursor="pointer").encode(
        x=alt.X("n:Q", title=None, axis=None, scale=top),
        opacity=alt.condition(pick, alt.value(1.0), alt.value(0.45)),
        tooltip=[
            alt.Tooltip("stage:N", title=tr("Stage")),
            alt.Tooltip("what:N", title=tr("Counts")),
            alt.Tooltip("n:Q", title=tr("Reached it and all before"), format=","),
            alt.Tooltip("any:Q", title=tr("Reached it at all"), format=","),
            alt.Tooltip("lost:Q", title=tr("Lost since the stage before"), format=","),
        ],
    )
    counts = base.mark_text(align="left", dx=6, fontSize=13, fontWeight=600).encode(
        x=alt.X("n:Q", scale=top), text="count:N"
    )
    drops = base.mark_text(align="right", dx=-6, fontSize=12, opacity=0.75).encode(x=alt.value("width"), text="drop:N")
    return alt.layer(bars.add_params(pick), counts, drops).properties(
        title=chart_title(
            tr("Most people drop out before “{stage}”: {n}", stage=worst["stage"], n=tr.number(int(worst["lost"]))),
            tr(
                "Of {n} people who were ever in the pool, reached this stage and all before; right: lost since the stage before",
                n=tr.number(people),
            ),
        ),
        height=300,
    )


def cohort_chart(tr: Translator, cohorts: Cohorts, history: pd.Series, today: date) -> alt.LayerChart:
    """Share re-employed by days since exit, one line per half-year of exits, labelled at its end."""
    curves = cohorts.curves.assign(
        label=[f"{c} (n={n})" for c, n in zip(cohorts.curves["cohort"], cohorts.curves["n"], strict=True)]
    )
    ends = curves.loc[curves.groupby("cohort")["day"].idxmax()] if len(curves) else curves
    order = sorted(curves["cohort"].unique())
    color = alt.Color("cohort:O", scale=alt.Scale(domain=order, range=palette.COHORTS), legend=None)
    x = alt.X(
        "day:Q",
        title=tr("days since exit"),
        axis=alt.Axis(values=[0, 30, 90, 180, 270, 360], grid=True),
        scale=alt.Scale(domain=[0, 430]),
    )
    y = alt.Y("share:Q", title=None, axis=alt.Axis(format=".0%", tickCount=5))
    lines = (
        alt.Chart(curves)
        .mark_line(strokeWidth=2.2)
        .encode(
            x=x,
            y=y,
            color=color,
            tooltip=[
                alt.Tooltip("cohort:O", title=tr("Exits in")),
                alt.Tooltip("n:Q", title=tr("exits")),
                alt.Tooltip("day:Q", title=tr("days since exit")),
                alt.Tooltip("share:Q", title=tr("re-employed"), format=".1%"),
            ],
        )
    )
    labels = alt.Chart(ends).mark_text(align="left", dx=5, fontSize=11).encode(x=x, y=y, text="label:N", color=color)
    at_180 = cohorts.mature[cohorts.mature["horizon"] == 180].iloc[0]
    known = history.dropna()
    return (lines + labels).properties(
        title=chart_title(
            tr("{share} are re-employed 180 days after their exit", share=tr.percent(at_180["share"]))
            if at_180["n"]
            else tr("Too early to judge: no exit is 180 days old"),
            tr(
                "Mature exits only (n={n}); the cumulative rate stands at {rate} on {day} and falls whenever a cohort leaves",
                n=tr.number(int(at_180["n"])),
                rate=tr.percent(known.iloc[-1]) if len(known) else "—",
                day=tr.day(today, "short"),
            ),
        ),
        height=300,
    )


def community_chart(tr: Translator, rows: pd.DataFrame, name: str, digits: str = ".0%") -> alt.LayerChart:
    """Ranked dots per community, with four weeks ago as a hollow dot; ``rows``: name, value, before, numerator, denominator."""
    known = rows.dropna(subset=["value"]).sort_values(["value", "name"], ascending=[False, True])
    base = alt.Chart(known).encode(
        y=alt.Y(
            "name:N",
            sort=list(known["name"]),
            title=None,
            axis=alt.Axis(labelLimit=130, labelOverlap=False, ticks=False, domain=False),
        )
    )
    x = alt.X("value:Q", title=None, axis=alt.Axis(format=digits, tickCount=5), scale=alt.Scale(zero=True))
    links = base.mark_rule(color=palette.CONTEXT, strokeWidth=2).encode(x="before:Q", x2="value:Q")
    before = base.mark_point(size=55, color=palette.CONTEXT, filled=False, strokeWidth=1.6).encode(x="before:Q")
    dots = base.mark_point(size=95, color=palette.OPENINGS, filled=True, opacity=1).encode(
        x=x,
        tooltip=[
            alt.Tooltip("name:N", title=tr("Community")),
            alt.Tooltip("value:Q", title=name, format=".1%"),
            alt.Tooltip("before:Q", title=tr("four weeks ago"), format=".1%"),
            alt.Tooltip("numerator:Q", title=tr("numerator")),
            alt.Tooltip("denominator:Q", title=tr("denominator")),
        ],
    )
    title = tr("No community has data yet")
    if len(known):
        first, last = known.iloc[0], known.iloc[-1]
        title = tr("{first} leads, {last} is last", first=first["name"], last=last["name"])
    return alt.layer(links, before, dots).properties(
        title=chart_title(title, tr("{name} by community; hollow: four weeks ago", name=name)),
        height=24 * max(len(known), 3) + 95,
    )


def posts_chart(tr: Translator, rows: pd.DataFrame) -> alt.LayerChart:
    """Nested bars per field: planned, developed, filled (head count); ``rows``: field, planned, developed, filled."""
    kinds = {"planned": tr("planned"), "developed": tr("developed"), "filled": tr("filled today")}
    named = rows.assign(name=[tr.term(PostField.of(f)) for f in rows["field"]]).sort_values("planned", ascending=False)
    y = alt.Y(
        "name:N",
        sort=list(named["name"]),
        title=None,
        axis=alt.Axis(labelLimit=170, labelOverlap=False, ticks=False, domain=False),
    )
    long = named.melt(["field", "name"], value_vars=list(kinds), var_name="kind", value_name="posts")
    long["what"] = long["kind"].map(kinds)
    color = alt.Color(
        "what:N",
        scale=alt.Scale(domain=list(kinds.values()), range=[palette.POSTS[k] for k in kinds]),
        legend=alt.Legend(orient="top", title=None, symbolType="square"),
    )
    tips = [
        alt.Tooltip("name:N", title=tr("Field")),
        alt.Tooltip("what:N", title=tr("Counts")),
        alt.Tooltip("posts:Q", title=tr("posts, head count")),
    ]
    layers = [
        alt.Chart(long[long["kind"] == kind])
        .mark_bar(height={"band": band})
        .encode(
            y=y,
            x=alt.X("posts:Q", title=tr("posts, head count"), axis=alt.Axis(tickCount=6)),
            color=color,
            tooltip=tips,
        )
        for kind, band in (("planned", 0.86), ("developed", 0.58), ("filled", 0.3))
    ]
    total = {k: int(rows[k].sum()) for k in kinds}
    return alt.layer(*layers).properties(
        title=chart_title(
            tr(
                "{filled} of {developed} developed posts are filled; {planned} are planned",
                filled=tr.number(total["filled"]),
                developed=tr.number(total["developed"]),
                planned=tr.number(total["planned"]),
            ),
            tr("Community posts by field, head count"),
        ),
        height=360,
    )
