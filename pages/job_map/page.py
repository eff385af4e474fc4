"""Job map: where is work out of reach, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.access.measures import MEASURES
from core.access.scenario_privacy import board_after, ranking
from core.access.what_if import Outcome, Scenario, play
from core.job_map.map_view import Scene, table
from core.job_map.sentences import finding, remedy, within
from pages import cache
from pages.common.downloads import download_table
from pages.common.escape import md_escape
from pages.common.heading import empty_state, heading
from pages.common.query_params import query_param
from pages.common.view import View
from pages.job_map import canvas as canvas_panel
from pages.job_map import controls, multiples, panel
from pages.job_map import what_if as what_if_panel
from pages.job_map.controls import CANVAS, PANEL, Chosen, Look
from pages.job_map.filters import filter_words

__all__ = ["render"]


def render(view: View) -> None:
    """The finding, the controls, the map with its legend, the panel, and the table below."""
    tr = view.tr
    if view.is_empty or cache.job_map.atlas(view.revision, view.today, view.today).communities.empty:
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
    chosen = controls.controls(view, bar, below)
    with right:
        here, what_if = _tabs(view)
    with here:
        _panel(view, chosen)
    look = controls.look(view, chosen)
    ranked = ranking(look.atlas, look.reach, look.prospects, look.board.k)
    with what_if:
        scenario = what_if_panel.choose(view, look)
    outcome = play(look.atlas, look.reach, look.prospects, scenario, look.wanted)
    scenes = _scenes(view, look, outcome, scenario)
    with what_if:
        what_if_panel.result(view, look, outcome, scenario, scenes, ranked)
    with title:
        _heading(view, look, ranked)
    with canvas:
        _canvas(view, chosen, scenes)
    with more:
        _table(view, scenes.get("after", scenes["before"]))
        multiples.show(view, chosen, scenes["before"])


@st.fragment(key=PANEL)
def _panel(view: View, chosen: Chosen) -> None:
    """With ``_canvas`` what a click moves: the panel is written first, the rest of the page stays."""
    look = controls.look(view, chosen)
    panel.show(view, look, _now(view, look))


@st.fragment(key=CANVAS)
def _canvas(view: View, chosen: Chosen, scenes: Mapping[str, Scene]) -> None:
    look = controls.look(view, chosen)
    marked = {name: replace(scene, chosen=look.community, place=look.point) for name, scene in scenes.items()}
    canvas_panel.draw(view, look, marked)


def _tabs(view: View) -> Sequence[DeltaGenerator]:
    """The panel and the what-if, which stands in front once a link or a choice has opened it."""
    labels = [view.tr("Here and now"), view.tr("What if …")]
    if query_param("scenario") or query_param("open"):
        st.session_state["map_tab"] = 1
    return st.tabs(labels, default=labels[st.session_state.get("map_tab", 0)])


def _heading(view: View, look: Look, ranked: pd.DataFrame) -> None:
    tr = view.tr
    words = finding(tr, look.atlas, look.board, look.reach, look.now, look.code)
    help_ = remedy(tr, ranked, within(tr, look.reach)) if MEASURES[look.code].moves else ""
    rest = tr("Whole district, as of {day}.", day=tr.day(look.day)) + " " + filter_words(view, look.wanted)
    heading(md_escape(words), md_escape(rest) + (f"  **{md_escape(help_)}**" if help_ else ""))


def _now(view: View, look: Look) -> Scene:
    return Scene(
        view.tr,
        view.is_dark,
        look.atlas,
        look.reach,
        look.board,
        look.code,
        look.layers,
        chosen=look.community,
        place=look.point,
    )


def _scenes(view: View, look: Look, outcome: Outcome, scenario: Scenario) -> dict[str, Scene]:
    """The map before, and with a what-if after it, in the same classes, and the difference if the measure moves."""
    now = _now(view, look)
    if not scenario:
        return {"before": now}
    board = board_after(look.atlas, look.reach, look.rates, look.board, outcome)
    counted = zip(scenario.opened, scenario.stations(look.wanted), strict=True)
    opened = frozenset(premises for premises, stations in counted if stations)
    changed = replace(now, board=board, opened=opened, closed=scenario.closed)
    scenes = {"before": now, "after": replace(changed, bounds=now.classes.bounds)}
    return scenes | ({"difference": replace(changed, before=look.board)} if now.measure.moves else {})


def _table(view: View, scene: Scene) -> None:
    tr = view.tr
    rows = table(scene)
    with st.expander(tr("All communities as a table")):
        st.dataframe(rows, hide_index=True, alt=tr("All communities as a table"), key="map_table")
        name = tr("Job map")
        download_table(view, rows, name, "map_download")
        st.caption(
            tr(
                "Figures over fewer than {k} people are hidden, and with them further ones that would give them away.",
                k=scene.board.k,
            )
        )
