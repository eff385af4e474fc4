"""The map itself, live or static, with its legend and the line that says what the boundaries are."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

import streamlit as st

from core.job_map.deck import DESK, community_deck
from core.job_map.map_view import LAYERS, LegendRow, Scene, legend
from core.job_map.overlays import SYMBOLS
from core.job_map.sentences import within
from core.job_map.static_map import static_map
from pages import tile_proxy
from pages.common.query_params import query_param, set_query_param
from pages.common.view import View
from pages.job_map.controls import Look, choose

__all__ = ["draw"]

STATIC = Path(__file__).resolve().parents[1] / "static"
HEIGHT = 580
PHONE = (330, 520)  # pixels of a map on a telephone


def draw(view: View, look: Look, scenes: Mapping[str, Scene]) -> None:
    """Map, legend, attribution. A click on the map chooses the community or place.

    With a what-if there are several ``scenes``, one of which is chosen above the map.
    """
    tr = view.tr
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        title = st.empty()
        scene = scenes[_side(view, list(scenes))]
    name = tr("{what} ({unit})", what=tr(scene.measure.label), unit=scene.unit)
    if scene.measure.moves:
        name += (", " if tr.is_english else "，") + within(tr, look.reach)
    title.markdown(f"**{name}**")
    if look.static:
        st.altair_chart(static_map(scene, "", HEIGHT), alt=name)
    else:
        st.pydeck_chart(
            community_deck(scene, _style(view), PHONE if view.is_handheld else DESK),
            key="map",
            height=HEIGHT,
            on_select=lambda: choose(*_clicked(look)),
            selection_mode="single-object",
            alt=name,
        )
    _legend(view, scene)
    st.caption(" · ".join(_notes(view, look)))


def _side(view: View, sides: list[str]) -> str:
    """Which of the maps of a what-if to draw: the last one at first."""
    if len(sides) == 1:
        return sides[0]
    tr = view.tr
    labels = {"before": tr("Before"), "after": tr("After"), "difference": tr("Difference")}
    wanted, last = query_param("side"), sides[-1]
    picked = st.segmented_control(
        tr("Map of the what-if"),
        sides,
        default=wanted if wanted in sides else last,
        format_func=lambda side: labels[side],
        key=f"map_side_{len(sides)}",
        label_visibility="collapsed",
        required=True,
    )
    set_query_param("side", picked, last)
    return str(picked)


def _style(view: View) -> str:
    """The district's own base map if it has one, the sample's in the demonstration, else a plain background."""
    tone = "dark" if view.is_dark else "light"
    for name in ("district", "sample" if view.district.demo else "plain"):
        if (STATIC / f"map_{name}_{tone}.json").exists():
            break
    else:
        name = "plain"
    return f"/tiles/style/map_{name}_{tone}" if tile_proxy.is_on() else f"/app/static/map_{name}_{tone}.json"


def _clicked(look: Look) -> tuple[int | None, str | None]:
    """The community or the place that was clicked; an empty click lets go of both."""
    for layer, rows in st.session_state["map"].selection.objects.items():
        if not rows:
            continue
        key = rows[0]["i"]
        if layer == "community":
            return key, None
        if layer == "sites":
            return None, key
        if layer == "flows":
            return int(key.partition("-")[0]), None
        kind = SYMBOLS[rows[0]["c"]]
        if kind == "idle":
            return None, f"p{key}"
        known = getattr(look.atlas, TABLES[kind])
        at = known.loc[known["id"] == key, "community_id"]
        return (int(at.iloc[0]) if len(at) else None), None
    return None, None


TABLES = {"workshops": "workshops", "training": "premises", "services": "premises", "events": "events"}


def _legend(view: View, scene: Scene) -> None:
    tr = view.tr
    rows = legend(scene)
    boxes = [_entry(row, tr.plural("{n} community", "{n} communities", row.count)) for row in rows]
    symbols = [
        _entry(LegendRow(layer.colour[scene.dark], tr(layer.label), 0, layer.symbol), "")
        for code, layer in LAYERS.items()
        if code in scene.layers
    ]
    st.html(
        '<div style="display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.85rem">'
        + "".join(boxes)
        + "</div>"
        + '<div style="display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.85rem">'
        + "".join(symbols)
        + "</div>"
    )


def _entry(row: LegendRow, count: str) -> str:
    faint = f' <span style="opacity:.65">{escape(count)}</span>' if count else ""
    return f'<span><span style="color:{row.colour};font-size:1.1em;text-shadow:0 0 1px #6B7680">{row.symbol}</span> {escape(row.text)}{faint}</span>'


def _notes(view: View, look: Look) -> list[str]:
    tr, found = view.tr, []
    if look.atlas.approximate:
        found.append(tr("Working sketch: boundaries are Voronoi approximations, not administrative boundaries"))
    if tile_proxy.is_on():
        found.append(tr("Base map: Tianditu"))
    if view.district.map_licence:
        found.append(tr("Map approval number {number}", number=view.district.map_licence))
    if look.atlas.placed:
        found.append(
            tr.plural(
                "{n} seeker without a known address is reckoned at the community's centre",
                "{n} seekers without a known address are reckoned at their community's centre",
                look.atlas.placed,
            )
        )
    return found
