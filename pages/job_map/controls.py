"""The controls of the job map: measure, way of travel, minutes, layers, filter, week. Each is kept in the address."""

from __future__ import annotations

from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.access.accessibility import MINUTES
from core.access.measures import MEASURES
from core.geography.plane import TravelMode
from core.job_map.map_view import LAYERS
from core.job_map.multiples import weeks
from pages import cache
from pages.common.query_params import query_param, set_query_param, url_choice, url_choices
from pages.common.session_keys import Key
from pages.common.view import View
from pages.job_map.filters import job_filter
from pages.job_map.state import MapSelection

__all__ = ["controls"]

SHOWN = [code for code, layer in LAYERS.items() if layer.shown]


def controls(view: View, bar: DeltaGenerator, below: DeltaGenerator) -> MapSelection:
    """One row above the map, and the weeks below it."""
    tr = view.tr
    with bar.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        measure = url_choice(
            st.segmented_control,
            tr("Map measure"),
            "measure",
            list(MEASURES),
            "covered",
            key=Key.MAP_MEASURE,
            format_func=lambda code: tr(MEASURES[code].label),
            required=True,
        )
        mode = url_choice(
            st.segmented_control,
            tr("Way to work"),
            "mode",
            list(TravelMode),
            TravelMode.WALK,
            key=Key.MAP_MODE,
            format_func=tr.term,
            required=True,
        )
        minutes = url_choice(
            st.segmented_control, tr("Minutes"), "minutes", list(MINUTES), 15, key=Key.MAP_MINUTES, required=True
        )
        with st.popover(tr("Layers"), icon=":material/layers:"):
            layers = _layers(view)
            is_static = _static_switch(view)
        filter_ = job_filter(view)
    with below:
        day = _week(view)
    assert measure is not None
    assert mode is not None
    assert minutes is not None
    return MapSelection(measure, mode, minutes, layers, filter_, day, is_static)


def _layers(view: View) -> frozenset[str]:
    tr = view.tr
    picked = url_choices(
        st.pills,
        tr("Layers"),
        "layers",
        list(LAYERS),
        key=Key.MAP_LAYERS,
        default=SHOWN,
        separator=",",
        selection_mode="multi",
        format_func=lambda code: f"{LAYERS[code].symbol} {tr(LAYERS[code].label)}",
    )
    return frozenset(picked)


def _static_switch(view: View) -> bool:
    """The map without WebGL; ``view=static`` in the address."""
    st.session_state.setdefault(Key.MAP_STATIC, query_param("view") == "static")
    is_static = st.toggle(view.tr("Static map"), key=Key.MAP_STATIC)
    set_query_param("view", "static" if is_static else "")
    return is_static


def _week(view: View) -> date:
    """The day shown: today, or the end of an earlier week."""
    days = weeks(cache.job_map.map_start(view.revision), view.today)
    if len(days) < 2:
        return view.today
    day = url_choice(
        st.select_slider, view.tr("Week"), "day", days, view.today, key=Key.MAP_DAY, format_func=view.tr.week
    )
    return day or view.today
