"""The map as a static Altair chart with the same colours: for machines without WebGL, and for documents."""

from __future__ import annotations

import json
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import shapely
from shapely import Polygon

from core.geography.plane import circle
from core.job_map.labels import LINE, labels
from core.job_map.map_view import LAYERS, MapView
from core.palette import FONT

__all__ = ["community_areas", "static_map"]

SYMBOL, OPENED = 90, 280  # square pixels of a symbol, and of premises that the what-if opens
INK, PAPER = {False: "#1F2933", True: "#F2F4F5"}, {False: "#FFFFFF", True: "#0E1117"}


def static_map(map_view: MapView, title: str, height: int = 560) -> alt.LayerChart:
    """Communities, places with openings, workshops and idle premises in metres; north is up."""
    layers = [
        community_areas(map_view),
        *_rings(map_view),
        *_selected(map_view),
        *_sites(map_view),
        *_symbols(map_view),
        *_labels(map_view),
    ]
    return (
        alt.layer(*layers)
        .resolve_scale(size="independent")
        .project(type="identity", reflectY=True)
        .properties(title=alt.TitleParams(title, anchor="start", font=FONT), height=height, width="container")
        .configure_view(stroke=None)
    )


def _feature(area: Any, **fields: Any) -> dict[str, Any]:
    """A GeoJSON feature of a shape, rounded to metres."""
    return {"type": "Feature", "geometry": json.loads(shapely.to_geojson(shapely.transform(area, np.round)))} | fields


def community_areas(map_view: MapView) -> alt.Chart:
    """The communities alone, in the colours of their classes; metres."""
    tr, measures = map_view.tr, map_view.measures
    features = []
    for row, shape in enumerate(map_view.snapshot.shapes):
        seekers = measures.bases["seekers"].iloc[row]
        shown = "—" if np.isnan(seekers) else tr.number(seekers)
        about = {
            "name": map_view.names[row],
            "value": map_view.text(row),
            "seekers": shown,
            "colour": map_view.colour(row),
        }
        features.append(_feature(shape, **about))
    return (
        alt.Chart(alt.Data(values=features))
        .mark_geoshape(stroke="white", strokeWidth=1.5)
        .encode(
            color=alt.Color("colour:N", scale=None),
            tooltip=[
                alt.Tooltip("name:N", title=tr("Community")),
                alt.Tooltip("value:N", title=tr(map_view.measure.label)),
                alt.Tooltip("seekers:N", title=tr("Seekers")),
            ],
        )
    )


def _selected(map_view: MapView) -> list[alt.Chart]:
    if map_view.community is None:
        return []
    shape = map_view.snapshot.shapes[map_view.snapshot.position(map_view.community)]
    return [_outline([_feature(shape)], "black" if not map_view.dark else "white", 3)]


def _rings(map_view: MapView) -> list[alt.Chart]:
    if map_view.place is None:
        return []
    travel, bands = map_view.accessibility.travel, map_view.accessibility.bands
    rings = [_feature(Polygon(circle(map_view.place, travel.metres(minutes)))) for minutes in bands.minutes]
    return [_outline(rings, "black" if not map_view.dark else "white", 1)]


def _outline(features: list[dict[str, Any]], colour: str, width: float) -> alt.Chart:
    return (
        alt.Chart(alt.Data(values=features))
        .mark_geoshape(fill=None, stroke=colour, strokeWidth=width)
        .encode(tooltip=alt.value(None))
    )


def _sites(map_view: MapView) -> list[alt.Chart]:
    if "sites" not in map_view.layers or map_view.snapshot.sites.empty:
        return []
    tr = map_view.tr
    x, y = map_view.snapshot.site_xy.T
    rows = map_view.snapshot.sites[["name", "openings"]].assign(x=x.round(), y=y.round())
    return [
        alt.Chart(rows)
        .mark_circle(color=LAYERS["sites"].colour[map_view.dark], opacity=0.92, stroke="white", strokeWidth=1)
        .encode(
            longitude="x:Q",
            latitude="y:Q",
            size=alt.Size("openings:Q", scale=alt.Scale(range=[30, 500]), legend=None),
            tooltip=[alt.Tooltip("name:N", title=tr("Place")), alt.Tooltip("openings:Q", title=tr("Openings"))],
        )
    ]


def _symbols(map_view: MapView) -> list[alt.Chart]:
    """Workshops as squares, idle premises as diamonds."""
    charts = []
    for code, shape in (("workshops", "square"), ("idle", "diamond")):
        rows = map_view.snapshot.workshops if code == "workshops" else map_view.snapshot.idle
        if code not in map_view.layers or rows.empty:
            continue
        x, y = map_view.snapshot.plane.xy(rows["lon"], rows["lat"]).T
        size = np.where(rows["id"].isin(map_view.opened if code == "idle" else ()), OPENED, SYMBOL)
        points = pd.DataFrame({"name": rows["name"], "x": x.round(), "y": y.round(), "size": size})
        charts.append(
            alt.Chart(points)
            .mark_point(shape=shape, filled=True, color=LAYERS[code].colour[map_view.dark], opacity=1)
            .encode(
                longitude="x:Q",
                latitude="y:Q",
                size=alt.Size("size:Q", scale=None),
                tooltip=[alt.Tooltip("name:N", title=map_view.tr(LAYERS[code].label))],
            )
        )
    return charts


def _labels(map_view: MapView) -> list[alt.Chart]:
    """Name and value with a halo of the background, so that they read on every colour and over symbols.

    Every line has a place of its own and its letters are measured in metres, so that they keep their room
    whatever the width of the chart.
    """
    rows = pd.DataFrame(
        [
            {
                "x": round(label.at[0]),
                "y": round(label.at[1] - nth * LINE * label.size),
                "t": line,
                "s": int(label.size),
            }
            for label in labels(map_view)
            for nth, line in zip(np.arange(len(label.lines)) - (len(label.lines) - 1) / 2, label.lines, strict=True)
        ],
        columns=["x", "y", "t", "s"],
    )
    styles = ({"stroke": PAPER[map_view.dark], "strokeWidth": 3, "strokeJoin": "round"}, {"color": INK[map_view.dark]})
    return [
        alt.Chart(rows)
        .mark_text(font=FONT, fontSize=alt.expr("datum.s * geoScale('projection')"), fontWeight=600, **style)
        .encode(longitude="x:Q", latitude="y:Q", text="t:N", tooltip=alt.value(None))
        for style in styles
    ]
