"""Communities ranked by the chosen measure, in the colours of the map."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from core.chart_style import type_size
from core.job_map.map_view import MapView
from core.job_map.static_map import INK
from core.palette import CONTEXT, FONT

__all__ = ["change_chart", "ranking_chart"]


SELECTION = "community"


def ranking_chart(map_view: MapView, title: str) -> alt.LayerChart:
    """One bar (a dot for rates) a community, worst first, hidden ones last; a click selects field ``i`` (community id).

    The grey line is the district's value where that can be compared with a community's; thin lines are 95% intervals.
    """
    tr = map_view.tr
    code, measures = map_view.code, map_view.measures
    ranked = measures.ranked(code)
    ids = ranked.append(measures.values.index.difference(ranked, sort=False))
    order = [map_view.snapshot.position(community) for community in ids]
    rows = pd.DataFrame(
        {
            "i": ids.astype(int),
            "name": [map_view.names[row] for row in order],
            "value": measures.values.loc[ids, code].fillna(0).to_numpy(),
            "text": [map_view.text(row) for row in order],
            "colour": [map_view.colour(row) for row in order],
        }
    )
    names = alt.Y(
        "name:N",
        sort=None,
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=type_size(160), labelOverlap=False),
    )
    intervals = [measures.interval(code, community) for community in ids]
    rows["low"] = [value if ends is None else ends[0] for value, ends in zip(rows["value"], intervals, strict=True)]
    rows["high"] = [value if ends is None else ends[1] for value, ends in zip(rows["value"], intervals, strict=True)]
    scale = alt.Scale(domain=[0, 1.18 * (float(rows["high"].max()) or 1.0)])
    x, low, high = (alt.X(f"{column}:Q", axis=None, scale=scale) for column in ("value", "low", "high"))
    base = alt.Chart(rows)
    click = alt.selection_point(name=SELECTION, fields=["i"])
    is_rate = any(ends is not None for ends in intervals)
    mark = (
        base.mark_circle(size=110, opacity=1, stroke=CONTEXT) if is_rate else base.mark_bar(height=13, stroke=CONTEXT)
    )
    marks = mark.encode(y=names, x=x, color=alt.Color("colour:N", scale=None), tooltip=alt.value(None))
    layers: list[alt.Chart] = [
        marks.add_params(click),
        base.mark_text(align="left", dx=4, font=FONT, color=INK[map_view.dark]).encode(y=names, x=high, text="text:N"),
    ]
    if is_rate:  # 95% intervals, under the dots
        layers.insert(0, base.mark_rule(color=CONTEXT, strokeWidth=2).encode(y=names, x=low, x2="high:Q"))
    if map_view.has_district_line:
        district = pd.DataFrame({"value": [measures.district[code]], "text": [tr("District")]})
        layers.append(alt.Chart(district).mark_rule(color=CONTEXT, strokeDash=[4, 3]).encode(x=x))
    return alt.layer(*layers).properties(
        title=alt.TitleParams(title, anchor="start", font=FONT, fontSize=13),
        height=alt.Step(22),
        width="container",
    )


def change_chart(map_view: MapView, before: MapView, title: str) -> alt.LayerChart | None:
    """An arrow a community from its value ``before`` to its value in ``map_view``; None if none that is shown changes."""
    tr, code = map_view.tr, map_view.code
    old, new = (s.measures.values[code].to_numpy(dtype=float) for s in (before, map_view))
    size = np.nan_to_num(np.abs(new - old))
    changed = [int(row) for row in np.argsort(-size, kind="stable") if size[row] > 1e-9]
    if not changed:
        return None
    rows = pd.DataFrame(
        {
            "name": [map_view.names[row] for row in changed],
            "old": old[changed],
            "new": new[changed],
            "text": [f"{before.text(row)} → {map_view.text(row)}" for row in changed],
        }
    )
    y = alt.Y(
        "name:N",
        sort=None,
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=type_size(140)),
    )
    low, high = float(min(rows["old"].min(), rows["new"].min(), 0)), float(max(rows["old"].max(), rows["new"].max()))
    scale = alt.Scale(domain=[low, high + 0.35 * (high - low)])
    base = alt.Chart(rows)
    colour = map_view.colours[-1] if map_view.colours else CONTEXT
    return alt.layer(
        base.mark_rule(strokeWidth=2, color=CONTEXT).encode(y=y, x=alt.X("old:Q", axis=None, scale=scale), x2="new"),
        base.mark_point(size=50, color=CONTEXT).encode(y=y, x=alt.X("old:Q", axis=None, scale=scale)),
        base.mark_point(size=70, filled=True, color=colour, opacity=1).encode(
            y=y, x=alt.X("new:Q", axis=None, scale=scale)
        ),
        base.transform_calculate(right="max(datum.old, datum.new)")
        .mark_text(align="left", dx=8, font=FONT, color=INK[map_view.dark])
        .encode(y=y, x=alt.X("right:Q", axis=None, scale=scale), text="text:N"),
    ).properties(
        title=alt.TitleParams(
            title,
            subtitle=tr(map_view.measure.unit),
            subtitleColor=INK[map_view.dark],
            anchor="start",
            font=FONT,
            fontSize=13,
        ),
        height=alt.Step(22),
        width="container",
    )
