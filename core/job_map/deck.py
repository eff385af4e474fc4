"""The map as a pydeck deck; ``static_map`` is its twin for machines without WebGL.

Nothing but polygons, places of work, rooms and aggregates that went through ``privacy`` is drawn.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pydeck
import shapely
from pydeck.bindings.json_tools import default_serialize

from core.geography.outlines import rings
from core.job_map.labels import LINE, labels
from core.job_map.map_view import Scene
from core.job_map.overlays import over
from core.job_map.paint import INK, PAPER, SOLID, degrees, flat, indexed, opacity, rgb, steady
from core.palette import FONT

__all__ = ["DESK", "CompactDeck", "community_deck"]

VERTICES = 300  # of all polygons together: finer ones are thinned out until they fit
DESK = (760, 560)  # pixels the map is fitted into
# A double click would zoom: without it a click is known at once, not after the 300 ms in which a second may follow.
CONTROLLER = {"doubleClickZoom": False, "dragRotate": False}


class CompactDeck(pydeck.Deck):  # type: ignore[misc]  # pydeck has no types
    """A deck that travels as one line of JSON, a third of pydeck's indented text."""

    def to_json(self) -> str:
        return json.dumps(self, sort_keys=True, default=default_serialize, separators=(",", ":"), ensure_ascii=False)


def community_deck(scene: Scene, style: str, window: tuple[int, int] = DESK) -> CompactDeck:
    """The map; ``style`` is the address of a local MapLibre style, ``window`` the pixels that the district must fit.

    Every layer has an id, every pickable row a key ``i`` and a tip ``t``. Ids of
    pickable layers: community, and the codes of ``LAYERS``; ``i`` is the store's id, or a site's key.
    """
    outlines = _outlines(scene)
    layers = [_areas(scene, outlines), *over(scene), _labels(scene)]
    return CompactDeck(
        layers,
        initial_view_state=_view(scene, window),
        views=[pydeck.View("MapView", controller=CONTROLLER)],
        map_provider="carto",
        map_style=style,
        tooltip={"text": "{t}", "style": {"fontFamily": FONT, "fontSize": "13px", "maxWidth": "280px"}},
    )


# -- communities ----------------------------------------------------------------------------------


def _outlines(scene: Scene) -> list[tuple[int, list[list[list[float]]]]]:
    """(community row, rings in degrees) of every part, simplified to at most ``VERTICES`` points in all."""
    parts, row = shapely.get_parts(scene.atlas.shapes, return_index=True)
    tolerance, simple = 0.0, parts
    while shapely.get_num_coordinates(simple).sum() > VERTICES and tolerance < 500:
        tolerance = max(5.0, tolerance * 1.6)
        simple = shapely.simplify(parts, tolerance)
    return [(int(n), [degrees(scene, ring) for ring in rings(polygon)]) for n, polygon in zip(row, simple, strict=True)]


def _areas(scene: Scene, outlines: list[tuple[int, list[Any]]]) -> pydeck.Layer:
    """Colour and touch in one layer. The fill is told to the sub-layer, where a selection does not change it."""
    ids, palette = scene.atlas.communities["id"], sorted({scene.colour(row) for row, _ in outlines})
    rows = [
        {
            "i": int(ids.iloc[row]),
            "t": _community_tip(scene, row),
            "p": flat(rings),
            "c": palette.index(scene.colour(row)),
        }
        for row, rings in outlines
    ]
    return pydeck.Layer(
        "PolygonLayer",
        rows,
        id="community",
        get_polygon="p",
        _subLayerProps={"fill": {"getFillColor": "@@=" + indexed(map(rgb, palette), SOLID)}},
        get_line_color=PAPER[scene.dark],
        line_width_min_pixels=1.5,
        opacity=opacity(0.74, SOLID),
        pickable=True,
    )


def _community_tip(scene: Scene, row: int) -> str:
    tr, seekers = scene.tr, scene.board.bases["seekers"].iloc[row]
    lines = [scene.names[row], f"{tr(scene.measure.label)} {_value(scene, row)}"]
    known = tr("fewer than {k}, or hidden with such", k=scene.board.k) if np.isnan(seekers) else tr.number(seekers)
    return "\n".join([*lines, f"{tr('Seekers')} {known}"])


def _value(scene: Scene, row: int) -> str:
    """The value of a community, with what it was before where the change is drawn."""
    if scene.before is None or np.isnan(scene.values[row]):
        return scene.text(row)
    old, new = (
        scene.measure.text(scene.tr, board.values[scene.code].iloc[row]) for board in (scene.before, scene.board)
    )
    return f"{old} → {new} ({scene.text(row)})"


def _labels(scene: Scene) -> pydeck.Layer:
    """Name and value, as large as the cell allows; in metres, so that they never grow into each other."""
    rows = [
        {"p": degrees(scene, np.array(label.at)), "n": "\n".join(label.lines), "s": int(label.size)}
        for label in labels(scene)
    ]
    return pydeck.Layer(
        "TextLayer",
        rows,
        id="label",
        get_position="p",
        get_text="n",
        get_size="s",
        **steady(INK[scene.dark]),
        size_units="'meters'",
        size_max_pixels=24,
        line_height=LINE,
        character_set="'auto'",
        font_family=f"'{FONT}'",
        font_weight=600,
        outline_width=5,
        outline_color=PAPER[scene.dark],
        font_settings={"sdf": True, "fontSize": 32, "buffer": 6, "radius": 8, "smoothing": 0.15},
        pickable=False,
    )


def _view(scene: Scene, window: tuple[int, int]) -> pydeck.ViewState:
    """Middle and zoom at which the communities fill the map; the same on every run, so that the map stays put."""
    low, high = scene.atlas.plane.lonlat(shapely.total_bounds(scene.atlas.shapes).reshape(2, 2))
    middle = (low + high) / 2
    width, height = np.maximum(high - low, 1e-4)
    wide = np.log2(window[0] * 360 / (512 * width))
    tall = np.log2(window[1] * 360 * np.cos(np.radians(middle[1])) / (512 * height))
    return pydeck.ViewState(
        longitude=round(float(middle[0]), 5), latitude=round(float(middle[1]), 5), zoom=round(float(min(wide, tall)), 2)
    )
