"""The map itself, live or static, with its legend and the line that says what the boundaries are."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

import pandas as pd
import streamlit as st

from core.access.snapshot import PREMISES, DistrictSnapshot
from core.job_map.deck import DESK, community_deck
from core.job_map.map_view import LAYERS, LegendRow, MapView, legend
from core.job_map.overlays import SYMBOLS
from core.job_map.sentences import within
from core.job_map.static_map import static_map
from pages import tile_proxy
from pages.cache.charts import built
from pages.common.charts import show_chart
from pages.common.query_params import url_choice
from pages.common.session_keys import Key
from pages.common.view import View
from pages.job_map.state import MapState, select_on_map

__all__ = ["draw"]

STATIC = Path(__file__).resolve().parents[1] / "static"
HEIGHT = 580
PHONE = (330, 520)  # pixels of a map on a telephone


def draw(view: View, state: MapState, map_views: Mapping[str, MapView]) -> None:
    """Map, legend, attribution. A click on the map selects the community or place.

    With a what-if there are several ``map_views``, one of which is selected above the map.
    """
    tr = view.tr
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        title = st.empty()
        map_view = map_views[_side(view, list(map_views))]
    name = tr("{what} ({unit})", what=tr(map_view.measure.label), unit=map_view.unit)
    if map_view.measure.moves:
        name += (", " if tr.is_english else "，") + within(tr, map_view.accessibility)
    title.markdown(f"**{name}**")
    if state.selection.is_static:
        show_chart(view, static_map(map_view, "", HEIGHT), name)
    else:
        st.pydeck_chart(
            built(community_deck, map_view, _style(view), PHONE if view.is_handheld else DESK),
            key=Key.MAP,
            height=HEIGHT,
            on_select=lambda: select_on_map(*_clicked(map_view.snapshot)),
            selection_mode="single-object",
            alt=name,
        )
    _legend(view, map_view)
    st.caption(" · ".join(_notes(view, map_view.snapshot)))


def _side(view: View, sides: list[str]) -> str:
    """Which of the maps of a what-if to draw: the last one at first."""
    if len(sides) == 1:
        return sides[0]
    tr = view.tr
    labels = {"before": tr("Before"), "after": tr("After"), "difference": tr("Difference")}
    side = url_choice(
        st.segmented_control,
        tr("Map of the what-if"),
        "side",
        sides,
        sides[-1],
        key=Key.MAP_SIDE.of(len(sides)),
        format_func=lambda side: labels[side],
        label_visibility="collapsed",
        required=True,
    )
    return side or sides[-1]


def _style(view: View) -> str:
    """The district's own base map if it has one, the sample's in the demonstration, else a plain background."""
    tone = "dark" if view.is_dark else "light"
    for name in ("district", "sample" if view.district.holds_sample else "plain"):
        if (STATIC / f"map_{name}_{tone}.json").exists():
            break
    else:
        name = "plain"
    return f"/tiles/style/map_{name}_{tone}" if tile_proxy.is_on() else f"/app/static/map_{name}_{tone}.json"


def _clicked(snapshot: DistrictSnapshot) -> tuple[int | None, str | None]:
    """The community (id) or the place (key) that was clicked; an empty click selects nothing."""
    for layer, rows in st.session_state[Key.MAP].selection.objects.items():
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
            return None, f"{PREMISES}{key}"
        known = getattr(snapshot, TABLES[kind]).set_index("id")["community_id"]
        community = known.get(key)
        return (None if pd.isna(community) else int(community)), None
    return None, None


TABLES = {"workshops": "workshops", "training": "premises", "services": "premises", "events": "events"}


def _legend(view: View, map_view: MapView) -> None:
    tr = view.tr
    rows = legend(map_view)
    boxes = [_entry(row, tr.plural("{n} community", "{n} communities", row.count)) for row in rows]
    symbols = [
        _entry(LegendRow(layer.colour[map_view.dark], tr(layer.label), 0, layer.symbol), "")
        for code, layer in LAYERS.items()
        if code in map_view.layers
    ]
    st.html(
        '<div style="display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.875rem">'
        + "".join(boxes)
        + "</div>"
        + '<div style="display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.875rem">'
        + "".join(symbols)
        + "</div>"
    )


def _entry(row: LegendRow, count: str) -> str:
    faint = f' <span style="opacity:.65">{escape(count)}</span>' if count else ""
    return f'<span><span style="color:{row.colour};font-size:1.1em;text-shadow:0 0 1px #6B7680">{row.symbol}</span> {escape(row.text)}{faint}</span>'


def _notes(view: View, snapshot: DistrictSnapshot) -> list[str]:
    """What the map is made of: source of boundaries and tiles, approval number, seekers without an address."""
    tr, notes = view.tr, []
    if snapshot.approximate:
        notes.append(tr("Working sketch: boundaries are Voronoi approximations, not administrative boundaries"))
    if tile_proxy.is_on():
        notes.append(tr("Base map: Tianditu"))
    if view.district.map_licence:
        notes.append(tr("Map approval number {number}", number=view.district.map_licence))
    if snapshot.placed:
        notes.append(
            tr.plural(
                "{n} job seeker without a known address is placed at the community centre",
                "{n} job seekers without a known address are placed at their community centre",
                snapshot.placed,
            )
        )
    return notes
