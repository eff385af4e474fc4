"""What lies over the communities on the map: outline, rings, hatching, ways to work, places, rooms, events."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pydeck
from numpy.typing import NDArray

from core.access.white_spots import hatching
from core.geography.outlines import rings
from core.job_map.labels import labels, ring_labels
from core.job_map.map_view import LAYERS, MapView
from core.job_map.paint import FADE_PROOF, INK, PAPER, SOLID, degrees, flat, indexed, opacity, rgb, text_layer
from core.palette import FONT

__all__ = ["SYMBOLS", "over"]

RING_GAP = 600.0  # metres: rings closer than this are labelled at the outermost alone
SYMBOL, OPENED = 17, 30  # pixels of a symbol, and of premises that the what-if opens
GONE = [154, 163, 171]  # a site that the what-if closes


def over(map_view: MapView) -> list[pydeck.Layer]:
    """Layers above the communities, lowest first."""
    return [
        *_white(map_view),
        *_rings(map_view),
        *_highlight(map_view),
        *_flows(map_view),
        *_sites(map_view),
        *_symbols(map_view),
    ]


def _highlight(map_view: MapView) -> list[pydeck.Layer]:
    """The outline of the selected community."""
    if map_view.community is None:
        return []
    parts = map_view.snapshot.shapes[map_view.snapshot.position(map_view.community)].geoms
    rows = [{"p": flat([degrees(map_view, ring) for ring in rings(polygon)])} for polygon in parts]
    return [
        pydeck.Layer(
            "PolygonLayer",
            rows,
            id="selected",
            get_polygon="p",
            filled=False,
            get_line_color=INK[map_view.dark],
            line_width_min_pixels=4,
            pickable=False,
        )
    ]


def _rings(map_view: MapView) -> list[pydeck.Layer]:
    """Rings of the three bands around the selected place."""
    if map_view.place is None:
        return []
    radii = [map_view.accessibility.travel.metres(minutes) for minutes in map_view.accessibility.bands.minutes]
    middle = degrees(map_view, map_view.place)
    circles = pydeck.Layer(
        "ScatterplotLayer",
        [{"p": middle, "r": round(radius)} for radius in radii],
        id="rings",
        get_position="p",
        get_radius="r",
        filled=False,
        stroked=True,
        get_line_color=INK[map_view.dark],
        line_width_min_pixels=1.5,
        pickable=False,
    )
    named = slice(None) if radii[0] >= RING_GAP else slice(-1, None)
    texts = [map_view.tr("{n} min", n=_minutes(map_view, minutes)) for minutes in map_view.accessibility.bands.minutes]
    text = text_layer(
        map_view,
        [
            {"p": degrees(map_view, np.array(label.at)), "n": label.lines[0], "s": int(label.size)}
            for label in ring_labels(map_view, texts[named], radii[named], labels(map_view))
        ],
        id="ring-label",
        size_max_pixels=20,
        background=True,
        get_background_color=[*PAPER[map_view.dark], 200],
    )
    return [circles, text]


def _minutes(map_view: MapView, minutes: float) -> str:
    return map_view.tr.number(minutes, 0 if minutes == int(minutes) else 1)


def _white(map_view: MapView) -> list[pydeck.Layer]:
    if "white" not in map_view.layers:
        return []
    return [
        pydeck.Layer(
            "PathLayer",
            [
                {"p": np.round(map_view.snapshot.plane.lonlat(stroke), 4).ravel().tolist()}
                for stroke in hatching(map_view.snapshot, map_view.accessibility, map_view.opened, map_view.closed)
            ],
            id="white",
            get_path="p",
            position_format="'XY'",  # two points in four numbers
            get_color=[*rgb(LAYERS["white"].colour[map_view.dark]), FADE_PROOF],
            get_width=1,
            width_min_pixels=1.5,
            opacity=opacity(0.9),
            pickable=False,
        )
    ]


def _flows(map_view: MapView) -> list[pydeck.Layer]:
    """Lines from home to work between communities, of the selected community if there is one; small ones are left out."""
    if "flows" not in map_view.layers:
        return []
    snapshot, mine, rows = map_view.snapshot, map_view.community, []
    for flow in snapshot.flows.itertuples():
        ends = (int(flow.home_id), int(flow.work_id))
        if flow.persons < map_view.measures.min_count or ends[0] == ends[1] or (mine is not None and mine not in ends):
            continue
        a, b = (snapshot.position(end) for end in ends)
        text = map_view.tr(
            "{a} → {b}: {n} people", a=map_view.names[a], b=map_view.names[b], n=map_view.tr.number(flow.persons)
        )
        line = [degrees(map_view, snapshot.labels[end]) for end in (a, b)]
        rows.append({"i": f"{ends[0]}-{ends[1]}", "t": text, "a": line[0], "b": line[1], "w": int(flow.persons)})
    return [
        pydeck.Layer(
            "ArcLayer",
            rows,
            id="flows",
            get_source_position="a",
            get_target_position="b",
            get_source_color=[*rgb(LAYERS["flows"].colour[map_view.dark]), FADE_PROOF],
            get_target_color=[*rgb(LAYERS["sites"].colour[map_view.dark]), FADE_PROOF],
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


def _sites(map_view: MapView) -> list[pydeck.Layer]:
    if "sites" not in map_view.layers:
        return []
    tr, rows = map_view.tr, []
    for site in map_view.snapshot.sites.itertuples():
        text = tr.plural("{n} opening", "{n} openings", int(site.openings))
        gone = site.key in map_view.closed
        rows.append(
            {
                "i": site.key,
                "t": f"{tr.short_name(site.name)}\n{text}" + (f"\n{tr('closed in this what-if')}" if gone else ""),
                "p": [round(site.lon, 5), round(site.lat, 5)],
                "r": round(float(np.sqrt(site.openings)), 1),
            }
            | ({"c": int(gone)} if map_view.closed else {})
        )
    colour = rgb(LAYERS["sites"].colour[map_view.dark])
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
            get_fill_color=indexed([colour, GONE]) if map_view.closed else [*colour, FADE_PROOF],
            get_line_color=[*PAPER[map_view.dark], FADE_PROOF],
            stroked=True,
            line_width_min_pixels=1,
            opacity=opacity(0.92),
            pickable=True,
        )
    ]


def _symbols(map_view: MapView) -> list[pydeck.Layer]:
    """Workshops, rooms and events in one layer: ``c`` of a row is the place of its layer in ``SYMBOLS``."""
    rows = [
        {**row, "c": at} for at, code in enumerate(SYMBOLS) if code in map_view.layers for row in ROWS[code](map_view)
    ]
    if not rows:
        return []
    signs = json.dumps([LAYERS[code].symbol for code in SYMBOLS], ensure_ascii=False, separators=(",", ":"))
    colours = [rgb(LAYERS[code].colour[map_view.dark]) for code in SYMBOLS]
    return [
        pydeck.Layer(
            "TextLayer",
            rows,
            id="symbols",
            get_position="p",
            get_text=f"({signs})[c]",
            get_size=f"{SYMBOL}+{OPENED - SYMBOL}*(s==1)" if map_view.opened else SYMBOL,
            _subLayerProps={"characters": {"getColor": "@@=" + indexed(colours, SOLID)}},
            character_set="'auto'",
            font_family=f"'{FONT}'",
            outline_width=3,
            outline_color=PAPER[map_view.dark],
            font_settings={"sdf": True, "fontSize": 64, "buffer": 20, "smoothing": 0.2},
            pickable=True,
        )
    ]


def _workshop_rows(map_view: MapView) -> list[dict[str, Any]]:
    tr = map_view.tr
    return [
        {
            "i": int(shop.id),
            "t": f"{tr.name(shop.name)}\n"
            + tr("{free} of {stations} stations free", free=tr.number(shop.free), stations=tr.number(shop.stations)),
            "p": [round(shop.lon, 5), round(shop.lat, 5)],
        }
        for shop in map_view.snapshot.workshops.itertuples()
    ]


def _premises_rows(map_view: MapView, code: str) -> list[dict[str, Any]]:
    tr, rows = map_view.tr, []
    rooms = map_view.snapshot.premises[map_view.snapshot.premises["kind"] == LAYERS[code].premises]
    for room in rooms.itertuples():
        lines = [str(room.name)]
        if code == "idle":
            lines.append(tr("room for {n} stations", n=tr.number(_int(room.possible_stations))))
        row = {"i": int(room.id), "t": "\n".join(lines), "p": [round(room.lon, 5), round(room.lat, 5)]}
        if room.id in map_view.opened:
            row["s"] = 1
        rows.append(row)
    return rows


def _event_rows(map_view: MapView) -> list[dict[str, Any]]:
    """Events at their community's label point, a little apart from each other."""
    tr, snapshot, rows = map_view.tr, map_view.snapshot, []
    known = snapshot.events[snapshot.events["community_id"].isin(snapshot.communities["id"])]
    nth: NDArray[np.intp] = known.groupby("community_id").cumcount().to_numpy(dtype=np.intp)
    for order, event in zip(nth, known.itertuples(), strict=True):
        spot = snapshot.labels[snapshot.position(int(event.community_id))] + np.array(
            [220.0 * (int(order) - 1), -420.0]
        )
        rows.append(
            {
                "i": int(event.id),
                "t": f"{event.name}\n{tr.day(event.held_on.date())}",
                "p": degrees(map_view, spot),
            }
        )
    return rows


def _int(value: Any) -> int:
    return 0 if value is None or value != value else int(value)


ROWS: dict[str, Callable[[MapView], list[dict[str, Any]]]] = {
    "workshops": _workshop_rows,
    "idle": lambda map_view: _premises_rows(map_view, "idle"),
    "training": lambda map_view: _premises_rows(map_view, "training"),
    "services": lambda map_view: _premises_rows(map_view, "services"),
    "events": _event_rows,
}
SYMBOLS = tuple(ROWS)  # order of the symbols' colours and signs
