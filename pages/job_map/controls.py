"""What to look at on the job map: measure, way of travel, minutes, layers, week; and the look that follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.access.accessibility import MINUTES, Reach, Summary, summary
from core.access.job_filter import ALL_JOBS, JobFilter
from core.access.measures import MEASURES, Board, Rate
from core.access.nearby import place_point, places
from core.access.snapshot import Atlas
from core.access.what_if import Prospects
from core.geography.plane import Floats, TravelMode
from core.job_map.map_view import LAYERS
from core.job_map.multiples import weeks
from pages import cache
from pages.common.query_params import query_param, set_query_param
from pages.common.view import View
from pages.job_map.filters import job_filter

__all__ = ["CANVAS", "PANEL", "Chosen", "Look", "choose", "controls", "earlier", "look"]

T = TypeVar("T")
PANEL, CANVAS = "map_panel", "map_canvas"  # the fragments that follow what is chosen on the map
SHOWN = ",".join(code for code, layer in LAYERS.items() if layer.shown)


@dataclass(frozen=True)
class Chosen:
    """The state of the controls."""

    code: str
    mode: TravelMode
    minutes: int
    layers: frozenset[str]
    wanted: JobFilter
    day: date
    static: bool


@dataclass(frozen=True, eq=False)
class Look:
    """Everything reckoned for the chosen controls and place."""

    code: str
    day: date
    layers: frozenset[str]
    wanted: JobFilter
    static: bool
    whole: Atlas  # with every opening
    whole_reach: Reach
    atlas: Atlas  # with the openings that are wanted
    reach: Reach
    prospects: Prospects
    rates: Mapping[str, Rate]
    board: Board
    earlier: Board | None  # four weeks before; reckoned once a community is chosen
    now: Summary
    community: int | None  # row of the chosen community
    place: str | None  # key of the chosen site or premises
    point: Floats | None  # where the rings are drawn


def controls(view: View, bar: DeltaGenerator, below: DeltaGenerator) -> Chosen:
    """One row above the map and the weeks below it; every choice stands in the address by its code."""
    tr = view.tr
    with bar.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        code = _segments(tr("Map measure"), "measure", list(MEASURES), "covered", lambda c: tr(MEASURES[c].label))
        mode = _segments(tr("Way to work"), "mode", list(TravelMode), TravelMode.WALK, tr.term)
        minutes = _segments(tr("Minutes"), "minutes", list(MINUTES), 15, str)
        with st.popover(tr("Layers"), icon=":material/layers:"):
            layers = _layers(view)
            static = st.toggle(tr("Static map"), value=query_param("view") == "static", key="map_static")
            set_query_param("view", "static" if static else "")
        wanted = job_filter(view)
    with below:
        day = _week(view)
    return Chosen(code, TravelMode(mode), int(minutes), layers, wanted, day, static)


def _segments(label: str, name: str, options: list[T], default: T, text: Callable[[T], str]) -> T:
    """One choice among few, whose code stands in the address."""
    codes = [str(option) for option in options]
    wanted = query_param(name, str(default))
    first = options[codes.index(wanted)] if wanted in codes else default
    picked = st.segmented_control(label, options, default=first, format_func=text, key=f"map_{name}", required=True)
    set_query_param(name, picked, default)
    return picked


def _layers(view: View) -> frozenset[str]:
    tr = view.tr
    wanted = [code for code in query_param("layers", SHOWN).split(",") if code in LAYERS]
    picked = st.pills(
        tr("Layers"),
        list(LAYERS),
        selection_mode="multi",
        default=wanted,
        format_func=lambda code: f"{LAYERS[code].symbol} {tr(LAYERS[code].label)}",
        key="map_layers",
    )
    set_query_param("layers", ",".join(code for code in LAYERS if code in picked) or "none", SHOWN)
    return frozenset(picked)


def _week(view: View) -> date:
    """The day shown: today, or the end of an earlier week."""
    tr = view.tr
    days = weeks(cache.job_map.map_start(view.revision), view.today)
    if len(days) < 2:
        return view.today
    wanted = next((day for day in days if day.isoformat() == query_param("day")), view.today)
    picked = st.select_slider(tr("Week"), days, value=wanted, format_func=tr.week, key="map_day")
    set_query_param("day", picked.isoformat(), view.today.isoformat())
    return picked


def look(view: View, chosen: Chosen) -> Look:
    """Reckon what the controls ask for (cached by revision and controls)."""
    key = (view.revision, chosen.day, view.today, chosen.wanted)
    atlas = cache.job_map.atlas(*key)
    reach = cache.job_map.reach(*key, chosen.mode, chosen.minutes)
    community, place = _picked(atlas)
    return Look(
        code=chosen.code,
        day=chosen.day,
        layers=chosen.layers,
        wanted=chosen.wanted,
        static=chosen.static,
        whole=cache.job_map.atlas(*key[:3], ALL_JOBS),
        whole_reach=cache.job_map.reach(*key[:3], ALL_JOBS, chosen.mode, chosen.minutes),
        atlas=atlas,
        reach=reach,
        prospects=cache.job_map.prospects(*key, chosen.mode, chosen.minutes),
        rates=cache.job_map.map_rates(view.revision, chosen.day),
        board=cache.job_map.board(*key, chosen.mode, chosen.minutes),
        earlier=None if community is None else earlier(view, chosen, 4),
        now=summary(atlas, reach.access.value, reach.cumulative, atlas.supply, reach.access.reached),
        community=community,
        place=place,
        point=_point(atlas, community, place),
    )


def earlier(view: View, chosen: Chosen, weeks: int) -> Board:
    """What may be shown of every community some weeks before the day looked at."""
    day = chosen.day - timedelta(weeks=weeks)
    return cache.job_map.board(view.revision, day, view.today, chosen.wanted, chosen.mode, chosen.minutes)


def _picked(atlas: Atlas) -> tuple[int | None, str | None]:
    """The chosen community (row) or place (key): of this session, else of the address; unknown ones count as none."""
    community = st.session_state.get("map_community", query_param("community"))
    place = st.session_state.get("map_place", query_param("place"))
    ids = [str(n) for n in atlas.communities["id"]]
    row = ids.index(str(community)) if str(community) in ids else None
    return row, place if row is None and place in places(atlas) else None


def choose(community: int | None, place: str | None = None) -> None:
    """Take a community or a place as chosen and draw the panel and the map anew; for callbacks."""
    st.session_state["map_community"], st.session_state["map_place"] = community, place
    st.rerun([PANEL, CANVAS])


def _point(atlas: Atlas, community: int | None, place: str | None) -> Floats | None:
    if place is not None:
        return place_point(atlas, place)
    if community is not None:
        row = atlas.communities.iloc[community]
        found: Floats = atlas.plane.xy([row["lon"]], [row["lat"]])[0]
        return found
    return None
