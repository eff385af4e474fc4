"""Job map: where is work out of reach, and what would change it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.access.measures import MEASURES
from core.access.scenario_privacy import measures_after
from core.access.what_if import Outcome, Scenario, play
from core.job_map.map_view import MapView, table
from core.job_map.sentences import finding, remedy, within
from core.policy import Action
from pages import cache
from pages.common.downloads import download_table
from pages.common.escape import md_escape
from pages.common.heading import empty_state, heading
from pages.common.query_params import query_param
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View
from pages.job_map import canvas as canvas_panel
from pages.job_map import multiples, panel
from pages.job_map import what_if as what_if_panel
from pages.job_map.controls import controls
from pages.job_map.filters import filter_text
from pages.job_map.state import MapSelection, MapState, map_state, released_measures

__all__ = ["render"]

# Seconds in which the browser paints the panel of what was selected, before the boxes, the address and the map come to be
# drawn anew: it gathers what arrives within 10 ms into one drawing of the page, and they take longer than the panel.
PAINT = 0.03


def render(view: View) -> None:
    """The finding, the controls, the map with its legend, the panel, and the table below."""
    tr = view.tr
    if view.is_empty or cache.job_map.snapshot(view.revision, view.today, view.today).communities.empty:
        heading(tr("Job map"))
        empty_state(
            tr,
            tr("This page shows the communities, where work is within reach of the people who seek it, and where not."),
        )
    _explore(view)


@st.fragment
def _explore(view: View) -> None:
    title, bar = st.container(), st.container()
    left, right = st.columns([2, 1], gap="medium")
    canvas, below, more = left.container(), left.container(), left.container()
    selection = controls(view, bar, below)
    with right:
        current, what_if = _tabs(view)
    state = map_state(view, selection)
    model = state.model
    with what_if:
        scenario = what_if_panel.choose(view, state)
    outcome = play(model.snapshot, model.accessibility, model.effects, scenario, selection.job_filter)
    map_views = _map_views(view, state, outcome, scenario)
    with what_if:
        what_if_panel.result(view, state, outcome, scenario, map_views)
    with title:
        _heading(view, state)
    _selected(view, selection, map_views, canvas, current)
    with more:
        _table(view, state, outcome if scenario else None)
        multiples.show(view, selection, map_views["before"])


@st.fragment
def _selected(
    view: View,
    selection: MapSelection,
    map_views: Mapping[str, MapView],
    canvas: DeltaGenerator,
    current: DeltaGenerator,
) -> None:
    """What a click moves, the panel first; the rest of the page stays."""
    state = map_state(view, selection)
    with current:
        boxes = st.container()
        panel.show(view, state, _current_view(view, state))
    if st.session_state.pop(Key.MAP_SELECTED, False):
        time.sleep(PAINT)
    with boxes:
        panel.selectors(view, state)
    marked = {
        name: replace(map_view, community=state.community, place=state.point) for name, map_view in map_views.items()
    }
    with canvas:
        canvas_panel.draw(view, state, marked)


def _tabs(view: View) -> Sequence[DeltaGenerator]:
    """The panel and the what-if, which comes to the front once a link or a choice has opened it."""
    labels = [view.tr("Current"), view.tr("What if …")]
    if query_param("scenario") or query_param("open"):
        st.session_state[Key.MAP_TAB] = 1
    return st.tabs(labels, default=labels[st.session_state.get(Key.MAP_TAB, 0)])


def _heading(view: View, state: MapState) -> None:
    """The finding as title; below it the day, the filter, and what would change it."""
    tr, model, selection = view.tr, state.model, state.selection
    measure = MEASURES[selection.measure]
    cure = remedy(tr, model.premises, within(tr, model.accessibility)) if measure.moves else ""
    rest = tr.sentences(
        tr("Whole district, as of {day}.", day=tr.day(selection.day)), filter_text(view, selection.job_filter)
    )
    heading(
        md_escape(finding(tr, model, selection.measure)),
        md_escape(rest) + (f" **{md_escape(cure)}**" if cure else ""),
    )


def _current_view(view: View, state: MapState) -> MapView:
    """The map without a what-if."""
    return MapView(
        tr=view.tr,
        dark=view.is_dark,
        snapshot=state.model.snapshot,
        accessibility=state.model.accessibility,
        measures=state.model.measures,
        code=state.selection.measure,
        layers=state.selection.layers,
        community=state.community,
        place=state.point,
    )


def _map_views(view: View, state: MapState, outcome: Outcome, scenario: Scenario) -> dict[str, MapView]:
    """The map before, and with a what-if after it, in the same classes, and the difference if the measure moves."""
    model, current = state.model, _current_view(view, state)
    if not scenario:
        return {"before": current}
    after = measures_after(model.snapshot, model.accessibility, model.rates, model.measures, outcome)
    stations = zip(scenario.opened, scenario.stations(state.selection.job_filter), strict=True)
    opened = frozenset(premises for premises, counted in stations if counted)
    changed = replace(current, measures=after, opened=opened, closed=scenario.closed)
    map_views = {"before": current, "after": replace(changed, bounds=current.classes.bounds)}
    if current.measure.moves:
        map_views["difference"] = replace(changed, before=model.measures)
    return map_views


def _table(view: View, state: MapState, outcome: Outcome | None) -> None:
    """Every measure of every community, after the what-if if there is one, as it may leave the bureau: to download."""
    tr = view.tr
    title = tr("All communities as a table")
    with st.expander(title, key=Key.MAP_TABLE_BOX, on_change="rerun") as box:
        if not box.open:
            return
        released = released_measures(view, state, outcome)
        rows = table(replace(_current_view(view, state), measures=released.measures))
        certificate = released.certificate(tr)
        show_table(view, rows, title, height="auto", key=Key.MAP_TABLE)
        download_table(view, rows, tr("Job map"), Key.MAP_DOWNLOAD, note=certificate, action=Action.EXPORT_TABLE)
        st.caption(certificate)
