"""What if a workshop opened in idle premises, a site had more openings, or one closed: before and after."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.geography.privacy import is_small
from core.geography.ranking_figure import change_chart
from core.geography.scene import Scene
from core.geography.sentences import persons
from core.geography.what_if import Outcome, Scenario
from core.locale import Words
from pages.parts.job_map_controls import Look
from pages.parts.job_map_scenarios import keep, restore_linked
from pages.parts.linked import linked, remember
from pages.parts.view import View

__all__ = ["choose", "result"]


def choose(view: View, look: Look) -> Scenario:
    """The scenario of the widgets, which a link or a saved what-if may have filled."""
    tr, idle = view.tr, look.atlas.idle
    restore_linked(view, look)
    names = dict(zip(idle["id"].astype(int), idle["name"], strict=True))
    size = dict(zip(idle["id"].astype(int), idle["possible_stations"].fillna(10).astype(int), strict=True))
    if "map_open" not in st.session_state:
        st.session_state["map_open"] = [n for n in names if str(n) in linked("open").split(",")]
    opened = st.multiselect(
        tr("Open a workshop in"),
        list(names),
        format_func=lambda n: names[n],
        placeholder=tr("idle premises"),
        key="map_open",
    )
    remember("open", ",".join(map(str, opened)))
    for n in opened:
        st.session_state.setdefault(f"map_stations_{n}", max(size[n], 1))
    stations = {
        n: int(st.number_input(tr("Stations in {name}", name=names[n]), 1, 500, key=f"map_stations_{n}"))
        for n in opened
    }
    added, closed = _sites(view, look)
    scenario = Scenario(stations, added, frozenset(closed))
    keep(view, look, scenario)
    return scenario


def _sites(view: View, look: Look) -> tuple[dict[str, int], list[str]]:
    tr = view.tr
    names = dict(zip(look.atlas.sites["key"], look.atlas.sites["name"], strict=True))
    st.session_state.setdefault("map_more", 10)
    with st.expander(tr("More openings, or a site closes")):
        where = st.selectbox(
            tr("More openings at"),
            list(names),
            index=None,
            format_func=lambda k: names[k],
            placeholder=tr("none"),
            key="map_add",
        )
        more = st.number_input(tr("Openings more"), 1, 500, key="map_more", disabled=where is None)
        closed = st.multiselect(
            tr("Closes"), list(names), format_func=lambda k: names[k], placeholder=tr("none"), key="map_close"
        )
    return ({where: int(more)} if where else {}), closed


def result(
    view: View, look: Look, outcome: Outcome, scenario: Scenario, scenes: tuple[Scene, Scene], ranking: pd.DataFrame
) -> None:
    """Before and after, the communities that change, and all idle premises ranked. ``scenes``: before, after."""
    tr = view.tr
    if scenario:
        _numbers(view, look, outcome)
        before, after = scenes
        if after.measure.moves:
            title = tr("{measure}: now → after", measure=tr(after.measure.label))
            chart = change_chart(after, before, title)
            if chart is None:
                st.caption(tr("This measure changes in no community."))
            else:
                st.altair_chart(chart, alt=title, key="map_change")
        else:
            st.caption(tr("The chosen measure does not depend on places of work."))
    else:
        st.caption(tr("Choose premises above: the map and the figures show the outcome at once."))
    _ranking(view, look, ranking)


def _numbers(view: View, look: Look, outcome: Outcome) -> None:
    tr, k = view.tr, look.board.k
    before, after = outcome.before, outcome.after
    small = is_small(outcome.is_small, k)
    a, b = st.columns(2)
    a.metric(
        tr("With an opening (change in people)"),
        tr.percent(before.coverage if small else after.coverage, 0),
        None if small else after.covered - before.covered,
    )
    b.metric(
        tr("Inequality of access (Gini)"),
        tr.number(after.gini, 3),
        round(after.gini - before.gini, 3),
        delta_color="inverse",
    )
    a, b = st.columns(2)
    a.metric(tr("Newly reached"), persons(tr, outcome.newly_reached, k))
    b.metric(tr("Lose their only opening"), persons(tr, outcome.lost, k))


def _ranking(view: View, look: Look, ranking: pd.DataFrame) -> None:
    tr, k = view.tr, look.board.k
    title = tr("Idle premises by what they would change")
    shown = pd.DataFrame(
        {
            tr("Idle premises"): ranking["name"],
            tr("Newly reached"): [persons(tr, int(n), k) for n in ranking["newly_reached"]],
            tr("Need met"): [
                _served(tr, met, n, k) for met, n in zip(ranking["unmet"], ranking["in_reach"], strict=True)
            ],
            tr("Gini after"): [tr.number(value, 3) for value in ranking["gini"]],
        }
    )
    st.markdown(f"**{title}**")
    st.dataframe(
        shown,
        hide_index=True,
        alt=title,
        key="map_ranking",
        height=min(36 * (len(shown) + 1), 360),
        column_config={
            tr("Newly reached"): st.column_config.TextColumn(width=62),
            tr("Need met"): st.column_config.TextColumn(width=62),
            tr("Gini after"): st.column_config.TextColumn(width=62),
        },
        on_select=lambda: _open_ticked(ranking),
        selection_mode="multi-row",
    )
    st.caption(
        tr(
            "Tick premises to open them. Newly reached: seekers without any opening now who would have one within reach. "
            "Need met: fall of the unmet need, persons. Gini: after opening."
        )
    )


def _served(tr: Words, met: float, in_reach: int, k: int) -> str:
    """Fall of the unmet need; not shown where fewer than ``k`` seekers are in reach."""
    return "—" if is_small(in_reach, k) else tr.number(met, 1)


def _open_ticked(ranking: pd.DataFrame) -> None:
    rows = st.session_state["map_ranking"].selection.rows
    st.session_state["map_open"] = [int(ranking["id"].iloc[row]) for row in rows if row < len(ranking)]
