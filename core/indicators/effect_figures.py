"""The two curves of the effect page: share with a job by days since exit, with bands and the numbers still waiting."""

from __future__ import annotations

import altair as alt
import pandas as pd

from core.chart_style import ACCENT, chart_title, type_size
from core.indicators.effect import LANDMARK, Comparison
from core.locale import Translator
from core.palette import CONTEXT

__all__ = ["curves_chart"]

AT_RISK_DAYS = (LANDMARK, 90, 180, 270, 360)


def curves_chart(tr: Translator, comparison: Comparison, *, narrow: bool = False) -> alt.LayerChart:
    """Cumulative incidence of both groups; under the axis a line of numbers still waiting for each."""
    names = {
        "helped": tr("helped (n={n})", n=tr.number(comparison.helped.n)),
        "others": tr("neither (n={n})", n=tr.number(comparison.others.n)),
    }
    parts = {"helped": comparison.helped.curve, "others": comparison.others.curve}
    table = pd.concat([curve.assign(group=names[code]) for code, curve in parts.items() if len(curve)])
    top = max(float(table["high"].max()), 0.1)
    row = 0.11 * top  # height of a line of numbers under the curves
    risk = table[table["day"].isin(AT_RISK_DAYS)]
    risk = risk.assign(line=risk["group"].map({names["helped"]: -row, names["others"]: -2 * row}))
    color = alt.Color(
        "group:N",
        title=None,
        scale=alt.Scale(domain=list(names.values()), range=[ACCENT, CONTEXT]),
        legend=alt.Legend(
            orient="top", symbolType="stroke", symbolStrokeWidth=3, symbolOpacity=1, columns=1 if narrow else 2
        ),
    )
    dash = alt.StrokeDash("group:N", legend=None, scale=alt.Scale(domain=list(names.values()), range=[[1, 0], [6, 3]]))
    x = alt.X(
        "day:Q",
        title=tr("days since exit"),
        axis=alt.Axis(values=list(AT_RISK_DAYS), grid=True),
        scale=alt.Scale(domain=[0, 375], nice=False),
    )
    ticks = [round(0.1 * k, 1) for k in range(int(top * 10) + 1)]
    y = alt.Y(
        "share:Q",
        title=None,
        axis=alt.Axis(format=".0%", values=ticks),
        scale=alt.Scale(domain=[-2.6 * row, top * 1.05], nice=False),
    )
    tips = [
        alt.Tooltip("group:N", title=tr("Group")),
        alt.Tooltip("day:Q", title=tr("days since exit")),
        alt.Tooltip("share:Q", title=tr("re-employed"), format=".1%"),
        alt.Tooltip("low:Q", title=tr("95% interval from"), format=".1%"),
        alt.Tooltip("high:Q", title=tr("to"), format=".1%"),
        alt.Tooltip("waiting:Q", title=tr("share still waiting"), format=".1%"),
        alt.Tooltip("at_risk:Q", title=tr("still waiting")),
    ]
    curves = alt.Chart(table)
    horizon = alt.Chart(pd.DataFrame({"day": [comparison.horizon]}))
    return alt.layer(
        curves.mark_area(opacity=0.16, interpolate="step-after").encode(
            x=x, y=alt.Y("low:Q", title=None), y2="high:Q", color=color
        ),
        curves.mark_line(strokeWidth=2.5, interpolate="step-after").encode(
            x=x, y=y, color=color, strokeDash=dash, tooltip=tips
        ),
        horizon.mark_rule(color=CONTEXT, strokeDash=[4, 4]).encode(x="day:Q"),
        alt.Chart(risk)
        .mark_text(fontSize=type_size(11), baseline="middle", fontWeight=600)
        .encode(x=x, y=alt.Y("line:Q", title=None), text=alt.Text("at_risk:Q", format=",")),
        alt.Chart(pd.DataFrame({"group": list(names.values()), "line": [-row, -2 * row]}))
        .mark_tick(orient="horizontal", thickness=3, width=14)
        .encode(x=alt.datum(8), y="line:Q", color=color),
    ).properties(
        title=chart_title(
            tr("Share with a job, of those still waiting {n} days after their exit", n=LANDMARK),
            [
                tr("Bands: 95% on each day; below: persons still waiting, a line a group"),
                tr("Who retired, cannot be reached or no longer seeks competes and is not censored"),
            ],
        ),
        height=330 if narrow else 380,
    )
