"""Charts of the matching page. Frames come from ``core.matching.tables``; colours by factor are the same everywhere."""

from __future__ import annotations

import altair as alt
import pandas as pd

from core.locale import Words
from core.matching.factors import FACTORS
from core.palette import CONTEXT, OPENINGS, SEEKERS

__all__ = [
    "PICK",
    "band_chart",
    "difference",
    "gain_bars",
    "hours_heat",
    "place_slopes",
    "ranked_bars",
    "rates",
    "removed_bars",
    "ways",
]

PICK = "pick"  # the selection parameter of the ranked list
ROW = 26  # pixels a line of the list
TITLE, LEGEND, AXIS = 38, 46, 62  # pixels around the lines; a chart's height is all of it
LOW, HIGH = "#B3261E", "#1B7F4B"


def _scale(tr: Words) -> alt.Scale:
    return alt.Scale(domain=[tr(f.label) for f in FACTORS], range=[f.colour for f in FACTORS])


def ranked_bars(parts: pd.DataFrame, rows: pd.DataFrame, title: str, tr: Words) -> alt.LayerChart:
    """The ranked list: one stacked bar of points a candidate, its interval, its total, its state.

    ``parts``: row, line, factor, start, end, points, raw. ``rows``: row, line, label, total, low, high, state, known.
    """
    lines = list(rows["line"])
    y = alt.Y(
        "line:N", sort=lines, title=None, axis=alt.Axis(labelLimit=190, ticks=False, domain=False, labelPadding=8)
    )
    x_scale = alt.Scale(domain=[0, 118], nice=False)
    axis = alt.Axis(values=[0, 20, 40, 60, 80, 100], grid=True, gridOpacity=0.35, domain=False)
    legend = alt.Legend(orient="top", title=None, columns=4, symbolStrokeWidth=0)
    bars = (
        alt.Chart(parts)
        .mark_bar(height=16, stroke=CONTEXT, strokeWidth=0.5)
        .encode(
            y=y,
            x=alt.X("start:Q", scale=x_scale, axis=axis, title=tr("points out of 100")),
            x2="end:Q",
            color=alt.Color("factor:N", scale=_scale(tr), legend=legend),
            tooltip=[
                alt.Tooltip("line:N", title=tr("Candidate")),
                alt.Tooltip("factor:N", title=tr("Factor")),
                alt.Tooltip("points:Q", title=tr("Points"), format=".1f"),
                alt.Tooltip("raw:N", title=tr("Value")),
            ],
        )
    )
    base = alt.Chart(rows).encode(y=y)
    open_end = base.transform_filter("!datum.known").mark_rule(
        strokeDash=[2, 2], strokeWidth=9, opacity=0.45, color=CONTEXT
    )
    span = open_end.encode(
        x=alt.X("low:Q", scale=x_scale), x2="high:Q", tooltip=[alt.Tooltip("span:N", title=tr("Range"))]
    )
    total = base.mark_text(align="left", dx=5, fontWeight="bold").encode(
        x=alt.X("edge:Q", scale=x_scale), text=alt.Text("total:Q", format=".1f")
    )
    state = base.mark_text(align="right", fontSize=11, opacity=0.75).encode(x=alt.datum(118), text="state:N")
    catch = (
        base.mark_bar(height=ROW - 2, opacity=0)
        .encode(x=alt.datum(0), x2=alt.datum(118), tooltip=alt.value(None))
        .add_params(alt.selection_point(name=PICK, fields=["row"], on="click", empty=False))
    )
    return (
        alt.layer(catch, bars, span, total, state)
        .properties(
            height=ROW * max(len(lines), 1) + TITLE + 1.5 * LEGEND + AXIS, title=alt.TitleParams(title, anchor="start")
        )
        .configure_view(stroke=None)
    )


def band_chart(bands: pd.DataFrame, title: str, tr: Words) -> alt.LayerChart:
    """Each weight with the band in which the result holds.

    ``bands``: factor, low, high, weight (0..1), sentence. A tick marks today's weight.
    """
    y = alt.Y("factor:N", sort=[tr(f.label) for f in FACTORS], title=None, axis=alt.Axis(ticks=False, domain=False))
    x = alt.Scale(domain=[0, 1])
    back = alt.Chart(bands).mark_bar(height=6, color=CONTEXT, opacity=0.3).encode(y=y, x=alt.datum(0), x2=alt.datum(1))
    held = (
        alt.Chart(bands)
        .mark_bar(height=14, cornerRadius=2)
        .encode(
            y=y,
            x=alt.X("low:Q", scale=x, axis=alt.Axis(format="%", grid=False), title=tr("weight of the factor")),
            x2="high:Q",
            color=alt.Color("factor:N", scale=_scale(tr), legend=None),
            tooltip=[
                alt.Tooltip("factor:N", title=tr("Factor")),
                alt.Tooltip("low:Q", title=tr("holds from"), format=".1%"),
                alt.Tooltip("weight:Q", title=tr("weight now"), format=".1%"),
                alt.Tooltip("high:Q", title=tr("holds to"), format=".1%"),
                alt.Tooltip("sentence:N", title=tr("Nearest change")),
            ],
        )
    )
    now = (
        alt.Chart(bands)
        .mark_point(shape="diamond", size=110, filled=True, color="white", stroke="#1E2328", opacity=1)
        .encode(y=y, x="weight:Q")
    )
    return (
        alt.layer(back, held, now)
        .properties(height=26 * len(bands) + TITLE + AXIS, title=alt.TitleParams(title, anchor="start"))
        .configure_view(stroke=None)
    )


def difference(parts: pd.DataFrame, title: str, tr: Words) -> alt.LayerChart:
    """Who leads by which factor. ``parts``: factor, points (+ for the first, − for the second), label."""
    y = alt.Y("factor:N", sort=[tr(f.label) for f in FACTORS], title=None, axis=alt.Axis(ticks=False, domain=False))
    base = alt.Chart(parts).encode(y=y)
    bars = base.mark_bar(height=14).encode(
        x=alt.X("points:Q", title=tr("points"), axis=alt.Axis(grid=False), scale=alt.Scale(padding=45, nice=False)),
        color=alt.Color("factor:N", scale=_scale(tr), legend=None),
    )
    left = (
        base.transform_filter("datum.points < 0").mark_text(align="right", dx=-4).encode(x="points:Q", text="label:N")
    )
    right = (
        base.transform_filter("datum.points >= 0").mark_text(align="left", dx=4).encode(x="points:Q", text="label:N")
    )
    return (
        alt.layer(bars, left, right)
        .properties(height=24 * len(parts) + TITLE + AXIS, title=alt.TitleParams(title, anchor="start"))
        .configure_view(stroke=None)
    )


def place_slopes(places: pd.DataFrame, before: str, now: str, title: str, tr: Words) -> alt.LayerChart:
    """Places under the preset and now. ``places``: name, side (0 before, 1 now), place, gained (text)."""
    x = alt.X(
        "side:O",
        axis=alt.Axis(labelExpr=f"datum.value == 0 ? {_quoted(before)} : {_quoted(now)}", labelAngle=0, title=None),
        scale=alt.Scale(padding=0.25),
    )
    y = alt.Y("place:Q", scale=alt.Scale(reverse=True, nice=False), axis=None)
    move = alt.Color(
        "way:N",
        scale=alt.Scale(domain=[tr("risen"), tr("fallen"), tr("unchanged")], range=[OPENINGS, SEEKERS, CONTEXT]),
        legend=alt.Legend(title=None, orient="top"),
    )
    base = alt.Chart(places)
    line = base.mark_line(point=True, strokeWidth=2).encode(x=x, y=y, detail="name:N", color=move)
    left = base.transform_filter("datum.side == 0").mark_text(align="right", dx=-9).encode(x=x, y=y, text="label:N")
    right = base.transform_filter("datum.side == 1").mark_text(align="left", dx=9).encode(x=x, y=y, text="label:N")
    return (
        alt.layer(line, left, right)
        .properties(
            height=26 * int(places["place"].max()) + TITLE + LEGEND + AXIS, title=alt.TitleParams(title, anchor="start")
        )
        .configure_view(stroke=None)
    )


def removed_bars(table: pd.DataFrame, title: str, tr: Words) -> alt.LayerChart:
    """What each limit removes, and what it alone removes. ``table``: label, removes, only."""
    y = alt.Y(
        "label:N", sort=list(table["label"]), title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=170)
    )
    base = alt.Chart(table).encode(y=y)
    x = alt.X("removes:Q", title=tr("ruled out"), axis=alt.Axis(tickMinStep=1, grid=False, format="d"))
    tips = [
        alt.Tooltip("label:N", title=tr("Limit")),
        alt.Tooltip("removes:Q", title=tr("Ruled out by it")),
        alt.Tooltip("only:Q", title=tr("By it alone")),
    ]
    wide = base.mark_bar(height=15, color=CONTEXT, opacity=0.45).encode(x=x, tooltip=tips)
    narrow = base.mark_bar(height=15, color=OPENINGS).encode(x="only:Q", tooltip=tips)
    text = base.mark_text(align="left", dx=4).encode(x="removes:Q", text="text:N")
    return (
        alt.layer(wide, narrow, text)
        .properties(height=24 * max(len(table), 1) + TITLE + AXIS, title=alt.TitleParams(title, anchor="start"))
        .configure_view(stroke=None)
    )


def hours_heat(grid: pd.DataFrame, days: list[str], title: str, tr: Words) -> alt.Chart:
    """A week hour by hour: shift inside and outside the available time. ``grid``: day, hour, kind (text)."""
    names = [tr("shift, available"), tr("shift, not available"), tr("available")]
    return (
        alt.Chart(grid)
        .mark_rect(stroke="white", strokeWidth=0.5)
        .encode(
            x=alt.X(
                "hour:O",
                title=tr("hour of the day"),
                scale=alt.Scale(domain=list(range(24))),
                axis=alt.Axis(labelAngle=0, values=list(range(0, 24, 3))),
            ),
            y=alt.Y(
                "weekday:N",
                title=None,
                scale=alt.Scale(domain=days),
                axis=alt.Axis(ticks=False, domain=False, labelOverlap=False),
            ),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=names, range=[OPENINGS, SEEKERS, "#C9CED3"]),
                legend=alt.Legend(title=None, orient="top", columns=2),
            ),
            tooltip=[alt.Tooltip("weekday:N", title=tr("Day")), alt.Tooltip("hour:O", title=tr("Hour")), "kind:N"],
        )
        .properties(height=7 * 22 + TITLE + 1.5 * LEGEND + AXIS, title=alt.TitleParams(title, anchor="start"))
        .configure_view(stroke=None)
    )


def rates(table: pd.DataFrame, title: str, tr: Words) -> alt.LayerChart:
    """Rates by group with the four-fifths line. ``table``: group, zero, rate, text, flag, bound (rate of the line)."""
    y = alt.Y(
        "group:N", sort=list(table["group"]), title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=150)
    )
    x = alt.Scale(domainMin=0, nice=True)
    base = alt.Chart(table).encode(y=y)
    line = base.mark_rule(strokeWidth=2, opacity=0.4, color=CONTEXT).encode(x="zero:Q", x2="rate:Q")
    shapes = [tr("below four fifths"), tr("not flagged")]
    dots = base.mark_point(size=130, filled=True, opacity=1).encode(
        x=alt.X("rate:Q", scale=x, axis=alt.Axis(format="%", grid=False), title=tr("share selected")),
        color=alt.Color("flag:N", scale=alt.Scale(domain=shapes, range=[SEEKERS, OPENINGS]), legend=None),
        shape=alt.Shape(
            "flag:N",
            scale=alt.Scale(domain=shapes, range=["triangle-up", "circle"]),
            legend=alt.Legend(title=None, orient="top"),
        ),
        tooltip=[alt.Tooltip("group:N", title=tr("Group")), alt.Tooltip("text:N", title=tr("Rate"))],
    )
    text = base.mark_text(align="left", dx=10).encode(x="rate:Q", text="text:N")
    bound = alt.Chart(table.head(1)).mark_rule(strokeDash=[4, 3], color=CONTEXT).encode(x="bound:Q")
    return (
        alt.layer(bound, line, dots, text)
        .properties(
            height=26 * max(len(table), 1) + TITLE + LEGEND + AXIS, title=alt.TitleParams(title, anchor="start")
        )
        .configure_view(stroke=None)
    )


def ways(table: pd.DataFrame, title: str, tr: Words) -> alt.LayerChart:
    """Placements by way of assigning. ``table``: way, placed, text."""
    y = alt.Y("way:N", sort=list(table["way"]), title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=170))
    base = alt.Chart(table).encode(y=y)
    bars = base.mark_bar(height=16, color=OPENINGS).encode(
        x=alt.X("placed:Q", title=tr("people placed"), axis=alt.Axis(grid=False, tickMinStep=1)),
        opacity=alt.condition("datum.best", alt.value(1), alt.value(0.5)),
    )
    text = base.mark_text(align="left", dx=5).encode(x="placed:Q", text="text:N")
    return (
        alt.layer(bars, text)
        .properties(height=28 * len(table) + TITLE + AXIS, title=alt.TitleParams(title, anchor="start"))
        .configure_view(stroke=None)
    )


def gain_bars(table: pd.DataFrame, title: str, tr: Words) -> alt.LayerChart:
    """Placements that courses add. ``table``: course, placements, text."""
    y = alt.Y(
        "course:N", sort=list(table["course"]), title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=220)
    )
    base = alt.Chart(table).encode(y=y)
    bars = base.mark_bar(height=16, color=OPENINGS).encode(
        x=alt.X("placements:Q", title=tr("placements added"), axis=alt.Axis(grid=False, tickMinStep=1, format="d"))
    )
    text = base.mark_text(align="left", dx=5).encode(x="placements:Q", text="text:N")
    return (
        alt.layer(bars, text)
        .properties(height=28 * max(len(table), 1) + TITLE + AXIS, title=alt.TitleParams(title, anchor="start"))
        .configure_view(stroke=None)
    )


def _quoted(text: str) -> str:
    """``text`` as a literal of the Vega expression language."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ") + "'"
