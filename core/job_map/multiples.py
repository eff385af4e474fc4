"""The same map on several days side by side, for print: one scale of classes, so that colours compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import altair as alt
import numpy as np
import pandas as pd

from core.job_map.classes import natural_breaks
from core.job_map.map_view import MapView
from core.job_map.static_map import INK, PAPER, community_areas
from core.palette import FONT

__all__ = ["evenly", "multiples", "same_classes", "weeks"]

COLUMNS, MAPS = 4, 8
WEEKS = 104  # the map looks back so far


def same_classes(map_views: Sequence[MapView]) -> list[MapView]:
    """The scenes with classes made of all their values together, so that a colour means the same in each."""
    values = np.concatenate([map_view.measures.values[map_view.code].to_numpy(dtype=float) for map_view in map_views])
    bounds = natural_breaks(values).bounds
    return [replace(map_view, bounds=bounds) for map_view in map_views]


def weeks(first: date | None, last: date) -> list[date]:
    """``last`` and the same weekday of each week before it since ``first``, two years at most; oldest first."""
    back = 0 if first is None else min(max((last - first).days // 7, 0), WEEKS)
    return [last - timedelta(weeks=n) for n in range(back, -1, -1)]


def evenly(days: Sequence[date], count: int = MAPS) -> list[date]:
    """The first of ``days``, the last, and those between at even steps; all of them if there are no more."""
    return [days[at] for at in np.unique(np.linspace(0, len(days) - 1, count).round().astype(int))] if days else []


def multiples(map_views: Sequence[MapView], days: Sequence[date], title: str, width: int = 250) -> alt.ConcatChart:
    """A small map for each day, oldest first, with the value of every community."""
    tr = map_views[0].tr
    maps = [
        alt.layer(community_areas(map_view), *_values(map_view))
        .project(type="identity", reflectY=True)
        .properties(
            title=alt.TitleParams(tr.day(day), anchor="start", font=FONT, fontSize=12), width=width, height=width
        )
        for map_view, day in zip(same_classes(map_views), days, strict=True)
    ]
    return (
        alt.concat(*maps, columns=COLUMNS)
        .properties(title=alt.TitleParams(title, anchor="start", font=FONT))
        .configure_view(stroke=None)
    )


def _values(map_view: MapView) -> list[alt.Chart]:
    """Value of each community with a halo, so that it reads on every class."""
    x, y = map_view.snapshot.labels.T
    rows = pd.DataFrame({"x": x.round(), "y": y.round(), "text": [map_view.text(row) for row in range(len(x))]})
    styles = (
        {"stroke": PAPER[map_view.dark], "strokeWidth": 2.5, "strokeJoin": "round"},
        {"color": INK[map_view.dark]},
    )
    return [
        alt.Chart(rows)
        .mark_text(font=FONT, fontSize=9.5, **style)
        .encode(longitude="x:Q", latitude="y:Q", text="text:N", tooltip=alt.value(None))
        for style in styles
    ]
