"""The map itself, live or static, with its legend and the line that says what the boundaries are."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from core.geography.figures import DESK, community_deck
from core.geography.scene import LAYERS, LegendRow, Scene, legend
from core.geography.sentences import within
from core.geography.static_map import static_map
from pages.parts.job_map_controls import Look
from pages.parts.view import View

__all__ = ["draw"]

STATIC = Path(__file__).resolve().parents[1] / "static"
HEIGHT = 580
PHONE = (330, 520)  # pixels of a map on a telephone


def draw(view: View, look: Look, scene: Scene, *, after: bool) -> None:
    """Map, legend, attribution. A click on the map chooses the community or place."""
    tr = view.tr
    title = f"{tr(scene.measure.label)} ({tr(scene.measure.unit)})"
    if scene.measure.moves:
        title += f", {within(tr, look.reach)}"
    st.markdown(f"**{title}**" + (f" · {tr('after the what-if')}" if after else ""))
    if look.static:
        st.altair_chart(static_map(scene, "", HEIGHT), alt=title)
    else:
        st.pydeck_chart(
            community_deck(scene, _style(view), PHONE if _is_phone() else DESK),
            key="map",
            height=HEIGHT,
            on_select=lambda: _choose(look),
            selection_mode="single-object",
            alt=title,
        )
    _legend(view, scene)
    st.caption(" · ".join(_notes(view, look)))


def _is_phone() -> bool:
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def _style(view: View) -> str:
    """The district's own base map if it has one, the sample's in the demonstration, else a plain background."""
    tone = "dark" if view.is_dark else "light"
    for name in ("district", "sample" if view.district.demo else "plain"):
        if (STATIC / f"map_{name}_{tone}.json").exists():
            return f"/app/static/map_{name}_{tone}.json"
    return f"/app/static/map_plain_{tone}.json"


def _choose(look: Look) -> None:
    """What was clicked becomes the chosen community or place; an empty click clears both."""
    objects = st.session_state["map"].selection.objects
    st.session_state["map_community"] = st.session_state["map_place"] = None
    for layer, picked in objects.items():
        key = picked[0].get("i") if picked else None
        if layer == "community":
            st.session_state["map_community"] = key
        elif layer == "sites":
            st.session_state["map_place"] = key
        elif layer == "idle":
            st.session_state["map_place"] = f"p{key}"
        elif layer == "flows":
            st.session_state["map_community"] = int(key.partition("-")[0])
        elif layer in TABLES:
            rows = getattr(look.atlas, TABLES[layer])
            at = rows.loc[rows["id"] == key, "community_id"]
            st.session_state["map_community"] = int(at.iloc[0]) if len(at) else None


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
    return (
        f'<span><span style="color:{row.colour};font-size:1.1em">{row.symbol}</span> {escape(row.text)}{faint}</span>'
    )


def _notes(view: View, look: Look) -> list[str]:
    tr, found = view.tr, []
    if look.atlas.approximate:
        found.append(tr("Working sketch: boundaries are Voronoi approximations, not administrative boundaries"))
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
