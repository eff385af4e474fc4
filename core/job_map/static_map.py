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
from core.job_map.map_view import LAYERS, Scene
from core.palette import FONT

__all__ = ["community_areas", "static_map"]

SYMBOL, OPENED = 90, 280  # square pixels of a symbol, and of premises that the what-if opens
INK, PAPER = {False: "#1F2933", True: "#F2F4F5"}, {False: "#FFFFFF", True: "#0E1117"}


def static_map(scene: Scene, title: str, height: int = 560) -> alt.LayerChart:
    """Communities, places with openings, workshops and idle premises in metres; north is up."""
    layers = [
        community_areas(scene),
        *_rings(scene),
        *_chosen(scene),
        *_sites(scene),
        *_symbols(scene),
        *_labels(scene),
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


def community_areas(scene: Scene) -> alt.Chart:
    """The communities alone, in the colours of their classes; metres."""
    tr, board = scene.tr, scene.board
    features = []
    for row, shape in enumerate(scene.atlas.shapes):
        seekers = board.bases["seekers"].iloc[row]
        shown = "—" if np.isnan(seekers) else tr.number(seekers)
        about = {"name": scene.names[row], "value": scene.text(row), "seekers": shown, "colour": scene.colour(row)}
        features.append(_feature(shape, **about))
    return (
        alt.Chart(alt.Data(values=features))
        .mark_geoshape(stroke="white", strokeWidth=1.5)
        .encode(
            color=alt.Color("colour:N", scale=None),
            tooltip=[
                alt.Tooltip("name:N", title=tr("Community")),
                alt.Tooltip("value:N", title=tr(scene.measure.label)),
                alt.Tooltip("seekers:N", title=tr("Seekers")),
            ],
        )
    )


def _chosen(scene: Scene) -> list[alt.Chart]:
    if scene.chosen is None:
        return []
    return [_outline([_feature(scene.atlas.shapes[scene.chosen])], "black" if not scene.dark else "white", 3)]


def _rings(scene: Scene) -> list[alt.Chart]:
    if scene.place is None:
        return []
    travel, bands = scene.reach.travel, scene.reach.bands
    rings = [_feature(Polygon(circle(scene.place, travel.metres(minutes)))) for minutes in bands.minutes]
    return [_outline(rings, "black" if not scene.dark else "white", 1)]


def _outline(features: list[dict[str, Any]], colour: str, width: float) -> alt.Chart:
    return (
        alt.Chart(alt.Data(values=features))
        .mark_geoshape(fill=None, stroke=colour, strokeWidth=width)
        .encode(tooltip=alt.value(None))
    )


def _sites(scene: Scene) -> list[alt.Chart]:
    if "sites" not in scene.layers or scene.atlas.sites.empty:
        return []
    tr = scene.tr
    x, y = scene.atlas.site_xy.T
    rows = scene.atlas.sites[["name", "openings"]].assign(x=x.round(), y=y.round())
    return [
        alt.Chart(rows)
        .mark_circle(color=LAYERS["sites"].colour[scene.dark], opacity=0.92, stroke="white", strokeWidth=1)
        .encode(
            longitude="x:Q",
            latitude="y:Q",
            size=alt.Size("openings:Q", scale=alt.Scale(range=[30, 500]), legend=None),
            tooltip=[alt.Tooltip("name:N", title=tr("Place")), alt.Tooltip("openings:Q", title=tr("Openings"))],
        )
    ]


def _symbols(scene: Scene) -> list[alt.Chart]:
    """Workshops as squares, idle premises as diamonds."""
    found = []
    for code, shape in (("workshops", "square"), ("idle", "diamond")):
        rows = scene.atlas.workshops if code == "workshops" else scene.atlas.idle
        if code not in scene.layers or rows.empty:
            continue
        x, y = scene.atlas.plane.xy(rows["lon"], rows["lat"]).T
        size = np.where(rows["id"].isin(scene.opened if code == "idle" else ()), OPENED, SYMBOL)
        points = pd.DataFrame({"name": rows["name"], "x": x.round(), "y": y.round(), "size": size})
        found.append(
            alt.Chart(points)
            .mark_point(shape=shape, filled=True, color=LAYERS[code].colour[scene.dark], opacity=1)
            .encode(
                longitude="x:Q",
                latitude="y:Q",
                size=alt.Size("size:Q", scale=None),
                tooltip=[alt.Tooltip("name:N", title=scene.tr(LAYERS[code].label))],
            )
        )
    return found


def _labels(scene: Scene) -> list[alt.Chart]:
    """Name and value with a halo of the background, so that they read on every colour and over symbols.

    Every line stands at a place of its own and its letters are measured in metres, so that the words keep their room
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
            for label in labels(scene)
            for nth, line in zip(np.arange(len(label.lines)) - (len(label.lines) - 1) / 2, label.lines, strict=True)
        ],
        columns=["x", "y", "t", "s"],
    )
    styles = ({"stroke": PAPER[scene.dark], "strokeWidth": 3, "strokeJoin": "round"}, {"color": INK[scene.dark]})
    return [
        alt.Chart(rows)
        .mark_text(font=FONT, fontSize=alt.expr("datum.s * geoScale('projection')"), fontWeight=600, **style)
        .encode(longitude="x:Q", latitude="y:Q", text="t:N", tooltip=alt.value(None))
        for style in styles
    ]
