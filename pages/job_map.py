"""Job map: where is work out of reach, and what would change it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from core.geography.measures import MEASURES, make_board
from core.geography.scene import Scene, table
from core.geography.sentences import finding, remedy, within
from core.geography.what_if import Outcome, Scenario, play, rank_premises
from pages import cache
from pages.parts import job_map_canvas, job_map_controls, job_map_multiples, job_map_panel, job_map_what_if
from pages.parts.downloads import download_table
from pages.parts.escape import md_escape
from pages.parts.heading import empty_state, heading
from pages.parts.job_map_controls import Look
from pages.parts.job_map_filters import filter_words
from pages.parts.view import View

__all__ = ["render"]


def render(view: View) -> None:
    """The finding, the controls, the map with its legend, the panel, and the table below."""
    tr = view.tr
    if view.is_empty or cache.atlas(view.revision, view.today, view.today).communities.empty:
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
    canvas, below = left.container(), left.container()
    chosen = job_map_controls.controls(view, bar, below)
    look = job_map_controls.look(view, chosen)
    ranking = rank_premises(look.atlas, look.reach, look.prospects)
    with right:
        here, what_if = st.tabs([view.tr("Here and now"), view.tr("What if …")])
        with what_if:
            scenario = job_map_what_if.choose(view, look)
        outcome = play(look.atlas, look.reach, look.prospects, scenario)
        now = _scene(view, look)
        scene = _after(look, now, outcome, scenario) if scenario else now
        with what_if:
            job_map_what_if.result(view, look, outcome, scenario, (now, scene), ranking)
        with here:
            job_map_panel.show(view, look, now)
    with title:
        _heading(view, look, ranking)
    with canvas:
        job_map_canvas.draw(view, look, scene, after=bool(scenario))
    _table(view, scene)
    job_map_multiples.show(view, chosen, now)


def _heading(view: View, look: Look, ranking: pd.DataFrame) -> None:
    tr = view.tr
    words = finding(tr, look.atlas, look.board, look.reach, look.now, look.code)
    help_ = remedy(tr, ranking, look.board.k, within(tr, look.reach)) if MEASURES[look.code].moves else ""
    rest = tr("Whole district, as of {day}.", day=tr.day(look.day)) + " " + filter_words(view, look.wanted)
    heading(md_escape(words), md_escape(rest) + (f"  **{md_escape(help_)}**" if help_ else ""))


def _scene(view: View, look: Look) -> Scene:
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


def _after(look: Look, now: Scene, outcome: Outcome, scenario: Scenario) -> Scene:
    """The scene after a what-if, in the classes of the present so that colours compare."""
    board = make_board(
        look.atlas, look.reach, look.rates, look.board.k, value=outcome.value, cumulative=outcome.cumulative
    )
    return replace(
        now, board=board, bounds=now.classes.bounds, opened=frozenset(scenario.opened), closed=scenario.closed
    )


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
