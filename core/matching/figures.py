"""Charts of the matching page. Frames come from ``core.matching.tables``; colours by factor are the same everywhere.

A chart's grammar does not depend on its rows, so it is composed and validated once a language and kept; a call only adds
title, height and the rows: a Vega-Lite spec with its frames under ``datasets``, ready for ``st.vega_lite_chart``. The
browser, too, only exchanges rows as long as the rest stays; so a page writes a title that changes above the chart.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from core.chart_style import name_axis, type_size
from core.locale import N_, Translator
from core.matching.inputs.factors import FACTORS
from core.palette import CONTEXT, OPENINGS, SEEKERS

__all__ = [
    "EVEN",
    "LOOK",
    "TOO_FEW",
    "Spec",
    "band_chart",
    "difference",
    "gain_bars",
    "hours_heat",
    "place_slopes",
    "rates",
    "removal_bars",
    "strategy_bars",
]

EVEN, LOOK, TOO_FEW = N_("even"), N_("look into it"), N_("too few to judge")  # verdicts of the fairness audit
TITLE, LEGEND, AXIS = 38, 46, 62  # pixels around the lines; a chart's height is all of it
# A bar below its own text, which is longer than a phone has room for beside it.
UNDER_TEXT: dict[str, Any] = {"height": 10, "yOffset": 8, "color": OPENINGS}
ABOVE_BAR: dict[str, Any] = {"align": "left", "dy": -6, "fontSize": type_size(12, phone=10)}


Spec = dict[str, Any]


@cache
def _grammar(compose: Callable[..., alt.Chart | alt.LayerChart], tr: Translator, *choices: Hashable) -> Spec:
    """What ``compose`` makes of named data, as a checked Vega-Lite spec."""
    return dict(compose(tr, *choices).configure_view(stroke=None).to_dict())


def _figure(grammar: Spec, title: str, height: float, **rows: pd.DataFrame) -> Spec:
    return {**grammar, "title": {"text": title, "anchor": "start"}, "height": height, "datasets": rows}


def _named(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name))


def _scale(tr: Translator) -> alt.Scale:
    return alt.Scale(domain=[tr(f.label) for f in FACTORS], range=[f.colour for f in FACTORS])


def band_chart(bands: pd.DataFrame, title: str, tr: Translator) -> Spec:
    """Each weight with the band in which the result holds.

    ``bands``: factor, low, high, weight (0..1), sentence. A tick marks today's weight.
    """
    height = 26 * len(bands) + TITLE + AXIS
    return _figure(_grammar(_band_chart, tr), title, height, bands=bands)


def _band_chart(tr: Translator) -> alt.LayerChart:
    y = alt.Y("factor:N", sort=[tr(f.label) for f in FACTORS], title=None, axis=alt.Axis(ticks=False, domain=False))
    x = alt.Scale(domain=[0, 1])
    back = _named("bands").mark_bar(height=6, color=CONTEXT, opacity=0.3).encode(y=y, x=alt.datum(0), x2=alt.datum(1))
    held = (
        _named("bands")
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
        _named("bands")
        .mark_point(shape="diamond", size=110, filled=True, color="white", stroke="#1E2328", opacity=1)
        .encode(y=y, x="weight:Q")
    )
    return alt.layer(back, held, now)


def difference(parts: pd.DataFrame, title: str, tr: Translator) -> Spec:
    """Who leads by which factor. ``parts``: factor, points (+ for the first, − for the second), label."""
    return _figure(_grammar(_difference, tr), title, 24 * len(parts) + TITLE + AXIS, parts=parts)


def _difference(tr: Translator) -> alt.LayerChart:
    y = alt.Y("factor:N", sort=[tr(f.label) for f in FACTORS], title=None, axis=alt.Axis(ticks=False, domain=False))
    base = _named("parts").encode(y=y)
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
    return alt.layer(bars, left, right)


def place_slopes(places: pd.DataFrame, before: str, now: str, title: str, tr: Translator) -> Spec:
    """Places under the preset and now. ``places``: name, side (0 before, 1 now), place, label, way."""
    height = 26 * int(places["place"].max()) + TITLE + LEGEND + AXIS
    return _figure(_grammar(_place_slopes, tr, before, now), title, height, places=places)


def _place_slopes(tr: Translator, before: str, now: str) -> alt.LayerChart:
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
    base = _named("places")
    line = base.mark_line(point=True, strokeWidth=2).encode(x=x, y=y, detail="name:N", color=move)
    left = base.transform_filter("datum.side == 0").mark_text(align="right", dx=-9).encode(x=x, y=y, text="label:N")
    right = base.transform_filter("datum.side == 1").mark_text(align="left", dx=9).encode(x=x, y=y, text="label:N")
    return alt.layer(line, left, right)


def removal_bars(table: pd.DataFrame, title: str, tr: Translator) -> Spec:
    """What each limit removes, and what it alone removes. ``table``: label, removes, only."""
    return _figure(_grammar(_removed_bars, tr), title, 24 * max(len(table), 1) + TITLE + AXIS, limits=table)


def _removed_bars(tr: Translator) -> alt.LayerChart:
    y = alt.Y("label:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=type_size(170)))
    base = _named("limits").encode(y=y)
    x = alt.X("removes:Q", title=tr("ruled out"), axis=alt.Axis(tickMinStep=1, grid=False, format="d"))
    tips = [
        alt.Tooltip("label:N", title=tr("Limit")),
        alt.Tooltip("removes:Q", title=tr("Ruled out by it")),
        alt.Tooltip("only:Q", title=tr("By it alone")),
    ]
    wide = base.mark_bar(height=15, color=CONTEXT, opacity=0.45).encode(x=x, tooltip=tips)
    narrow = base.mark_bar(height=15, color=OPENINGS).encode(x="only:Q", tooltip=tips)
    text = base.mark_text(align="left", dx=4).encode(x="removes:Q", text="text:N")
    return alt.layer(wide, narrow, text)


def hours_heat(grid: pd.DataFrame, days: list[str], title: str, tr: Translator) -> Spec:
    """A week hour by hour: shift inside and outside the available time. ``grid``: day, hour, kind (text)."""
    height = 7 * 28 + 1.5 * LEGEND + AXIS
    return _figure(_grammar(_hours_heat, tr, tuple(days)), title, height, week=grid)


def _hours_heat(tr: Translator, days: tuple[str, ...]) -> alt.Chart:
    names = [tr("shift, available"), tr("shift, not available"), tr("available")]
    return (
        _named("week")
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
                scale=alt.Scale(domain=list(days)),
                axis=alt.Axis(ticks=False, domain=False, labelOverlap=False),
            ),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=names, range=[OPENINGS, SEEKERS, "#C9CED3"]),
                legend=alt.Legend(title=None, orient="top", columns=2),
            ),
            tooltip=[alt.Tooltip("weekday:N", title=tr("Day")), alt.Tooltip("hour:O", title=tr("Hour")), "kind:N"],
        )
    )


def rates(table: pd.DataFrame, title: str, tr: Translator) -> Spec:
    """Rates by group with the four-fifths line. ``table``: group, zero, rate, text, flag, bound (rate of the line)."""
    height = 26 * max(len(table), 1) + TITLE + LEGEND + AXIS
    return _figure(_grammar(_rates, tr), title, height, groups=table, first=table.head(1))


def _rates(tr: Translator) -> alt.LayerChart:
    y = alt.Y("group:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=type_size(170)))
    x = alt.Scale(domainMin=0, nice=True)
    base = _named("groups").encode(y=y)
    line = base.mark_rule(strokeWidth=2, opacity=0.4, color=CONTEXT).encode(x="zero:Q", x2="rate:Q")
    shapes = [tr(EVEN), tr(LOOK), tr(TOO_FEW)]
    dots = base.mark_point(size=130, filled=True, opacity=1).encode(
        x=alt.X("rate:Q", scale=x, axis=alt.Axis(format="%", grid=False), title=tr("share selected")),
        color=alt.Color("flag:N", scale=alt.Scale(domain=shapes, range=[OPENINGS, SEEKERS, CONTEXT]), legend=None),
        shape=alt.Shape(
            "flag:N",
            scale=alt.Scale(domain=shapes, range=["circle", "triangle-up", "diamond"]),
            legend=alt.Legend(title=None, orient="top"),
        ),
        tooltip=[alt.Tooltip("group:N", title=tr("Group")), alt.Tooltip("text:N", title=tr("Rate"))],
    )
    text = base.mark_text(align="left", dx=10).encode(x="rate:Q", text="text:N")
    bound = _named("first").mark_rule(strokeDash=[4, 3], color=CONTEXT).encode(x="bound:Q")
    return alt.layer(bound, line, dots, text)


def strategy_bars(table: pd.DataFrame, title: str, tr: Translator) -> Spec:
    """Placements by strategy of assigning. ``table``: strategy, placed, text, best."""
    return _figure(_grammar(_strategy_bars, tr), title, 36 * len(table) + TITLE + AXIS, strategies=table)


def _strategy_bars(tr: Translator) -> alt.LayerChart:
    y = alt.Y("strategy:N", sort=None, title=None, axis=name_axis(170, letters=16, domain=False))
    base = _named("strategies").encode(y=y)
    bars = base.mark_bar(**UNDER_TEXT).encode(
        x=alt.X("placed:Q", title=tr("people placed"), axis=alt.Axis(grid=False, tickMinStep=1)),
        opacity=alt.condition("datum.best", alt.value(1), alt.value(0.5)),
    )
    text = base.mark_text(**ABOVE_BAR).encode(x=alt.value(0), text="text:N")
    return alt.layer(bars, text)


def gain_bars(table: pd.DataFrame, title: str, tr: Translator) -> Spec:
    """Placements that courses add. ``table``: course, placements, text."""
    height = 36 * max(len(table), 1) + TITLE + AXIS
    return _figure(_grammar(_gain_bars, tr), title, height, courses=table)


def _gain_bars(tr: Translator) -> alt.LayerChart:
    y = alt.Y("course:N", sort=None, title=None, axis=name_axis(280, domain=False))
    base = _named("courses").encode(y=y)
    bars = base.mark_bar(**UNDER_TEXT).encode(
        x=alt.X("placements:Q", title=tr("placements added"), axis=alt.Axis(grid=False, tickMinStep=1, format="d"))
    )
    text = base.mark_text(**ABOVE_BAR).encode(x=alt.value(0), text="text:N")
    return alt.layer(bars, text)


def _quoted(text: str) -> str:
    """``text`` as a literal of the Vega expression language."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ") + "'"
