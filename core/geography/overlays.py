"""What lies over the communities on the map: outline, rings, hatching, ways to work, places, rooms, events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pydeck
from numpy.typing import NDArray

from core.geography.paint import FADE_PROOF, INK, PAPER, degrees, flat, indexed, opacity, rgb, steady
from core.geography.plane import circle
from core.geography.scene import LAYERS, Scene
from core.geography.white_spots import hatching
from core.palette import FONT

__all__ = ["behind", "in_front"]

RING_GAP = 600.0  # metres: rings closer than this are labelled at the outermost alone


def behind(scene: Scene) -> list[pydeck.Layer]:
    """Layers between the communities and what a click on them meets."""
    return _white(scene)


def in_front(scene: Scene) -> list[pydeck.Layer]:
    """Layers above the communities, lowest first."""
    return [*_rings(scene), *_highlight(scene), *_flows(scene), *_sites(scene), *_symbols(scene)]


def _highlight(scene: Scene) -> list[pydeck.Layer]:
    if scene.chosen is None:
        return []
    rows = [{"p": flat([degrees(scene, ring) for ring in polygon])} for polygon in scene.atlas.shapes[scene.chosen]]
    return [_stroke(scene, "chosen", rows, 4)]


def _rings(scene: Scene) -> list[pydeck.Layer]:
    """Rings of the three bands around the chosen place."""
    if scene.place is None:
        return []
    radii = [scene.reach.travel.metres(minutes) for minutes in scene.reach.bands.minutes]
    rows = [{"p": np.round(degrees(scene, circle(scene.place, radius, 28)), 4).tolist()} for radius in radii]
    names = []
    for minutes, radius in zip(scene.reach.bands.minutes, radii, strict=True):
        if radii[0] >= RING_GAP or minutes == scene.reach.bands.limit:
            top = degrees(scene, scene.place + np.array([0.0, radius]))
            names.append({"p": top, "n": scene.tr("{n} min", n=_minutes(scene, minutes))})
    text = pydeck.Layer(
        "TextLayer",
        names,
        id="ring-label",
        get_position="p",
        get_text="n",
        get_size=13,
        **steady([*INK[scene.dark], 255]),
        background=True,
        get_background_color=[*PAPER[scene.dark], 200],
        character_set="'auto'",
        font_family=f"'{FONT}'",
        pickable=False,
    )
    return [_stroke(scene, "rings", rows, 1.5), text]


def _minutes(scene: Scene, minutes: float) -> str:
    return scene.tr.number(minutes, 0 if minutes == int(minutes) else 1)


def _stroke(scene: Scene, name: str, rows: list[dict[str, Any]], pixels: float) -> pydeck.Layer:
    """Unfilled outlines: line colours of polygons are left alone by a selection."""
    return pydeck.Layer(
        "PolygonLayer",
        rows,
        id=name,
        get_polygon="p",
        filled=False,
        get_line_color=INK[scene.dark],
        line_width_min_pixels=pixels,
        pickable=False,
    )


def _white(scene: Scene) -> list[pydeck.Layer]:
    if "white" not in scene.layers:
        return []
    return [
        pydeck.Layer(
            "PathLayer",
            [{"p": np.round(scene.atlas.plane.lonlat(s), 4).tolist()} for s in hatching(scene.atlas, scene.reach)],
            id="white",
            get_path="p",
            get_color=[*rgb(LAYERS["white"].colour[scene.dark]), FADE_PROOF],
            get_width=1,
            width_min_pixels=1.5,
            opacity=opacity(0.9),
            pickable=False,
        )
    ]


def _flows(scene: Scene) -> list[pydeck.Layer]:
    """Lines from home to work between communities, of the chosen community if there is one; small ones are left out."""
    if "flows" not in scene.layers:
        return []
    ids = [int(n) for n in scene.atlas.communities["id"]]
    mine = None if scene.chosen is None else ids[scene.chosen]
    rows = []
    for flow in scene.atlas.flows.itertuples():
        ends = (int(flow.home_id), int(flow.work_id))
        if flow.persons < scene.board.k or ends[0] == ends[1] or (mine is not None and mine not in ends):
            continue
        a, b = (ids.index(end) for end in ends)
        text = scene.tr("{a} → {b}: {n} people", a=scene.names[a], b=scene.names[b], n=scene.tr.number(flow.persons))
        line = [degrees(scene, scene.atlas.labels[end]) for end in (a, b)]
        rows.append({"i": f"{ends[0]}-{ends[1]}", "t": text, "a": line[0], "b": line[1], "w": int(flow.persons)})
    return [
        pydeck.Layer(
            "ArcLayer",
            rows,
            id="flows",
            get_source_position="a",
            get_target_position="b",
            get_source_color=[*rgb(LAYERS["flows"].colour[scene.dark]), FADE_PROOF],
            get_target_color=[*rgb(LAYERS["sites"].colour[scene.dark]), FADE_PROOF],
            get_width="w",
            width_scale=0.5,
            width_min_pixels=1.5,
            width_max_pixels=9,
            get_height=0.0,
            get_tilt=0,
            great_circle=False,
            opacity=opacity(0.85),
            pickable=True,
        )
    ]


def _sites(scene: Scene) -> list[pydeck.Layer]:
    if "sites" not in scene.layers:
        return []
    tr, rows = scene.tr, []
    for site in scene.atlas.sites.itertuples():
        text = tr.plural("{n} opening", "{n} openings", int(site.openings))
        gone = site.key in scene.closed
        rows.append(
            {
                "i": site.key,
                "t": f"{site.name}\n{text}" + (f"\n{tr('closed in this what-if')}" if gone else ""),
                "p": [round(site.lon, 5), round(site.lat, 5)],
                "r": round(float(np.sqrt(site.openings)), 1),
                "c": int(gone),
            }
        )
    colours = [rgb(LAYERS["sites"].colour[scene.dark]), [154, 163, 171]]
    return [
        pydeck.Layer(
            "ScatterplotLayer",
            sorted(rows, key=lambda row: -float(row["r"])),
            id="sites",
            get_position="p",
            get_radius="r",
            radius_scale=55,
            radius_min_pixels=4,
            radius_max_pixels=26,
            get_fill_color=indexed(colours),
            get_line_color=[*PAPER[scene.dark], FADE_PROOF],
            stroked=True,
            line_width_min_pixels=1,
            opacity=opacity(0.92),
            pickable=True,
        )
    ]


def _symbols(scene: Scene) -> list[pydeck.Layer]:
    found = []
    for code, layer in LAYERS.items():
        if code not in scene.layers or code not in ROWS:
            continue
        ink = [*rgb(layer.colour[scene.dark]), 255]
        found.append(
            pydeck.Layer(
                "TextLayer",
                ROWS[code](scene, layer.symbol),
                id=code,
                get_position="p",
                get_text="m",
                get_size="s",
                **steady(ink),
                character_set="'auto'",
                font_family=f"'{FONT}'",
                outline_width=3,
                outline_color=PAPER[scene.dark],
                font_settings={"sdf": True, "fontSize": 64, "buffer": 8, "smoothing": 0.2},
                pickable=True,
            )
        )
    return found


def _workshop_rows(scene: Scene, symbol: str) -> list[dict[str, Any]]:
    tr = scene.tr
    return [
        {
            "i": int(shop.id),
            "t": f"{shop.name}\n"
            + tr("{free} of {stations} stations free", free=tr.number(shop.free), stations=tr.number(shop.stations)),
            "p": [round(shop.lon, 5), round(shop.lat, 5)],
            "m": symbol,
            "s": 18,
        }
        for shop in scene.atlas.workshops.itertuples()
    ]


def _premises_rows(scene: Scene, symbol: str, code: str) -> list[dict[str, Any]]:
    tr, found = scene.tr, []
    rooms = scene.atlas.premises[scene.atlas.premises["kind"] == LAYERS[code].premises]
    for room in rooms.itertuples():
        lines = [str(room.name)]
        if code == "idle":
            lines.append(tr("room for {n} stations", n=tr.number(_int(room.possible_stations))))
        found.append(
            {
                "i": int(room.id),
                "t": "\n".join(lines),
                "p": [round(room.lon, 5), round(room.lat, 5)],
                "m": symbol,
                "s": 30 if room.id in scene.opened else 17,
            }
        )
    return found


def _event_rows(scene: Scene, symbol: str) -> list[dict[str, Any]]:
    """Events stand at their community's label point, a little apart from each other."""
    tr, atlas, found = scene.tr, scene.atlas, []
    known = atlas.events[atlas.events["community_id"].isin(atlas.communities["id"])]
    nth: NDArray[np.intp] = known.groupby("community_id").cumcount().to_numpy(dtype=np.intp)
    for order, event in zip(nth, known.itertuples(), strict=True):
        spot = atlas.labels[atlas.position(int(event.community_id))] + np.array([220.0 * (int(order) - 1), -420.0])
        found.append(
            {
                "i": int(event.id),
                "t": f"{event.name}\n{tr.day(event.held_on.date())}",
                "p": degrees(scene, spot),
                "m": symbol,
                "s": 17,
            }
        )
    return found


def _int(value: Any) -> int:
    return 0 if value is None or value != value else int(value)


ROWS: dict[str, Callable[[Scene, str], list[dict[str, Any]]]] = {
    "workshops": _workshop_rows,
    "idle": lambda scene, symbol: _premises_rows(scene, symbol, "idle"),
    "training": lambda scene, symbol: _premises_rows(scene, symbol, "training"),
    "services": lambda scene, symbol: _premises_rows(scene, symbol, "services"),
    "events": _event_rows,
}
