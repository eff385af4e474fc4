"""The map as a pydeck deck; ``static_map`` is its twin for machines without WebGL.

Nothing but polygons, places of work, rooms and aggregates that went through ``privacy`` is drawn.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

import numpy as np
import pydeck
import shapely
from pydeck.bindings.json_tools import default_serialize

from core.geography.outlines import rings
from core.job_map.labels import LINE, labels
from core.job_map.map_view import MapView
from core.job_map.overlays import over
from core.job_map.paint import PAPER, SOLID, degrees, flat, indexed, opacity, rgb, text_layer
from core.palette import FONT

__all__ = ["DESK", "CompactDeck", "community_deck"]

VERTICES = 300  # of all polygons together: finer ones are thinned out until they fit
DESK = (760, 560)  # pixels the map is fitted into
# A double click would zoom: without it a click is known at once, not after the 300 ms in which a second may follow.
CONTROLLER = {"doubleClickZoom": False, "dragRotate": False}


class CompactDeck(pydeck.Deck):  # type: ignore[misc]  # pydeck has no types
    """A deck that travels as one line of JSON, a third of pydeck's indented text."""

    def to_json(self) -> str:
        return self._json

    @cached_property
    def _json(self) -> str:
        return json.dumps(self, sort_keys=True, default=default_serialize, separators=(",", ":"), ensure_ascii=False)


def community_deck(map_view: MapView, style: str, window: tuple[int, int] = DESK) -> CompactDeck:
    """The map; ``style`` is the address of a local MapLibre style, ``window`` the pixels that the district must fit.

    Every layer has an id, every pickable row a key ``i`` and a tip ``t``. Ids of
    pickable layers: community, and the codes of ``LAYERS``; ``i`` is the store's id, or a site's key.
    """
    outlines = _outlines(map_view)
    layers = [_areas(map_view, outlines), *over(map_view), _labels(map_view)]
    return CompactDeck(
        layers,
        initial_view_state=_initial_view(map_view, window),
        views=[pydeck.View("MapView", controller=CONTROLLER)],
        map_provider="carto",
        map_style=style,
        tooltip={"text": "{t}", "style": {"fontFamily": FONT, "fontSize": "13px", "maxWidth": "280px"}},
    )


# -- communities ----------------------------------------------------------------------------------


def _outlines(map_view: MapView) -> list[tuple[int, list[list[list[float]]]]]:
    """(community row, rings in degrees) of every part, simplified to at most ``VERTICES`` points in all."""
    parts, row = shapely.get_parts(map_view.snapshot.shapes, return_index=True)
    tolerance, simple = 0.0, parts
    while shapely.get_num_coordinates(simple).sum() > VERTICES and tolerance < 500:
        tolerance = max(5.0, tolerance * 1.6)
        simple = shapely.simplify(parts, tolerance)
    return [
        (int(n), [degrees(map_view, ring) for ring in rings(polygon)]) for n, polygon in zip(row, simple, strict=True)
    ]


def _areas(map_view: MapView, outlines: list[tuple[int, list[Any]]]) -> pydeck.Layer:
    """Colour and touch in one layer. The fill is set on the sub-layer, where a selection does not change it."""
    ids, palette = map_view.snapshot.communities["id"], sorted({map_view.colour(row) for row, _ in outlines})
    rows = [
        {
            "i": int(ids.iloc[row]),
            "t": _community_tip(map_view, row),
            "p": flat(rings),
            "c": palette.index(map_view.colour(row)),
        }
        for row, rings in outlines
    ]
    return pydeck.Layer(
        "PolygonLayer",
        rows,
        id="community",
        get_polygon="p",
        _subLayerProps={"fill": {"getFillColor": "@@=" + indexed(map(rgb, palette), SOLID)}},
        get_line_color=PAPER[map_view.dark],
        line_width_min_pixels=1.5,
        opacity=opacity(0.74, SOLID),
        pickable=True,
    )


def _community_tip(map_view: MapView, row: int) -> str:
    tr, seekers = map_view.tr, map_view.measures.bases["seekers"].iloc[row]
    lines = [map_view.names[row], f"{tr(map_view.measure.label)} {_value(map_view, row)}"]
    known = (
        tr("fewer than {k}, or hidden to protect such a count", k=map_view.measures.min_count)
        if np.isnan(seekers)
        else tr.number(seekers)
    )
    return "\n".join([*lines, f"{tr('Seekers')} {known}"])


def _value(map_view: MapView, row: int) -> str:
    """The value of a community, with what it was before where the change is drawn."""
    if map_view.before is None or np.isnan(map_view.values[row]):
        return map_view.text(row)
    old, new = (
        map_view.measure.text(map_view.tr, measures.values[map_view.code].iloc[row])
        for measures in (map_view.before, map_view.measures)
    )
    return f"{old} → {new} ({map_view.text(row)})"


def _labels(map_view: MapView) -> pydeck.Layer:
    """Name and value, as large as the cell allows; in metres, so that they never grow into each other."""
    rows = [
        {"p": degrees(map_view, np.array(label.at)), "n": "\n".join(label.lines), "s": int(label.size)}
        for label in labels(map_view)
    ]
    return text_layer(
        map_view,
        rows,
        id="label",
        size_max_pixels=24,
        line_height=LINE,
        font_weight=600,
        outline_width=5,
        outline_color=PAPER[map_view.dark],
        font_settings={"sdf": True, "fontSize": 32, "buffer": 6, "radius": 8, "smoothing": 0.15},
    )


def _initial_view(map_view: MapView, window: tuple[int, int]) -> pydeck.ViewState:
    """Middle and zoom at which the communities fill the map; the same on every run, so that the map stays put.

    At zoom 0 the world is 512 pixels wide and covers 360 degrees; a degree of latitude is drawn 1 / cos(latitude) higher.
    """
    low, high = map_view.snapshot.plane.lonlat(shapely.total_bounds(map_view.snapshot.shapes).reshape(2, 2))
    middle = (low + high) / 2
    width, height = np.maximum(high - low, 1e-4)
    across = np.log2(window[0] * 360 / (512 * width))
    upwards = np.log2(window[1] * 360 * np.cos(np.radians(middle[1])) / (512 * height))
    return pydeck.ViewState(
        longitude=round(float(middle[0]), 5),
        latitude=round(float(middle[1]), 5),
        zoom=round(float(min(across, upwards)), 2),
    )
