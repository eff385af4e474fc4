"""What if a workshop opened in idle premises, a site had more openings, or one closed: before and after."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.access.scenario_privacy import reach_changes, told
from core.access.what_if import Outcome, Scenario, Work
from core.geography.privacy import is_small
from core.job_map.map_view import Scene
from core.job_map.ranking_chart import change_chart
from core.job_map.sentences import join
from core.locale import Translator
from pages.common.query_params import query_param, set_query_param
from pages.common.view import View
from pages.job_map.agenda import offer
from pages.job_map.controls import Look
from pages.job_map.panel import HALF
from pages.job_map.scenarios import keep, restore_linked
from pages.job_map.station_form import stations_and_work

__all__ = ["choose", "result"]

ROWS = 11  # of the ranking, before it scrolls


def choose(view: View, look: Look) -> Scenario:
    """The scenario of the widgets, which a link or a saved what-if may have filled."""
    tr, idle = view.tr, look.atlas.idle
    restore_linked(view, look)
    names = dict(zip(idle["id"].astype(int), idle["name"], strict=True))
    size = dict(zip(idle["id"].astype(int), idle["possible_stations"].fillna(10).astype(int), strict=True))
    if "map_open" not in st.session_state:
        st.session_state["map_open"] = [n for n in names if str(n) in query_param("open").split(",")]
    opened = st.multiselect(
        tr("Open a workshop in"),
        list(names),
        format_func=lambda n: names[n],
        placeholder=tr("idle premises"),
        key="map_open",
    )
    set_query_param("open", ",".join(map(str, opened)))
    picked = {n: stations_and_work(view, n, names[n], max(size[n], 1), look.wanted) for n in opened}
    stations = {n: count for n, (count, _) in picked.items()}
    works = {n: work for n, (_, work) in picked.items() if work != Work()}
    added, closed = _sites(view, look)
    scenario = Scenario(stations, added, frozenset(closed), works)
    uncounted = [names[n] for n, (_, work) in picked.items() if not work.fits(look.wanted)]
    if uncounted:
        st.caption(tr("Not counted under the filter of openings: {names}", names=join(tr, uncounted)))
    keep(view, look, scenario)
    return scenario


def _sites(view: View, look: Look) -> tuple[dict[str, int], list[str]]:
    tr = view.tr
    names = dict(zip(look.whole.sites["key"], look.whole.sites["name"], strict=True))
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
    view: View, look: Look, outcome: Outcome, scenario: Scenario, scenes: Mapping[str, Scene], ranked: pd.DataFrame
) -> None:
    """Before and after, the communities that change, and all idle premises ranked."""
    tr = view.tr
    if scenario:
        _numbers(view, look, outcome)
        before, after = scenes["before"], scenes["after"]
        if after.measure.moves:
            title = tr("{measure}: now → after", measure=tr(after.measure.label))
            chart = change_chart(after, before, title)
            if chart is None:
                st.caption(tr("No community has a change of this measure that may be shown."))
            else:
                st.altair_chart(chart, alt=title, key="map_change")
        else:
            st.caption(tr("The chosen measure does not depend on places of work."))
        offer(view, look, scenario, scenes)
    else:
        st.caption(tr("Choose premises above: the map and the figures show the outcome at once."))
    _ranking(view, look, ranked)


def _numbers(view: View, look: Look, outcome: Outcome) -> None:
    tr, before, after = view.tr, outcome.before, outcome.after
    gained, lost = (told(look.atlas, people, look.board.k) for people in reach_changes(look.reach, outcome))
    with st.container(horizontal=True):
        st.metric(
            tr("With an opening (±)"),
            tr.percent(after.coverage, 0),
            None if gained.more or lost.more else gained.n - lost.n,
            width=HALF,
        )
        st.metric(
            tr("Access gap (Gini)"),
            tr.number(after.gini, 3),
            round(after.gini - before.gini, 3),
            delta_color="inverse",
            width=HALF,
        )
    with st.container(horizontal=True):
        st.metric(tr("Newly reached"), gained.text(tr), width=HALF)
        st.metric(tr("Lose their only opening"), lost.text(tr), width=HALF)
    if gained.more or lost.more:
        st.caption(tr("People of communities with fewer than {k} of them are not counted.", k=look.board.k))


def _ranking(view: View, look: Look, ranked: pd.DataFrame) -> None:
    tr, k = view.tr, look.board.k
    title = tr("Idle premises by what they would change")
    shown = pd.DataFrame(
        {
            tr("Idle premises"): ranked["name"],
            tr("Newly reached"): [told.text(tr) for told in ranked["told"]],
            tr("Need met"): [
                _served(tr, met, n, k) for met, n in zip(ranked["unmet"], ranked["in_reach"], strict=True)
            ],
            tr("Gini after"): [tr.number(value, 3) for value in ranked["gini"]],
        }
    )
    st.markdown(f"**{title}**")
    st.dataframe(
        shown,
        hide_index=True,
        alt=title,
        key="map_ranking",
        height="content" if len(shown) <= ROWS else 36 * ROWS,
        column_config={
            tr("Newly reached"): st.column_config.TextColumn(width=82),
            tr("Need met"): st.column_config.TextColumn(width=70),
            tr("Gini after"): st.column_config.TextColumn(width=70),
        },
        on_select=lambda: _open_ticked(ranked),
        selection_mode="multi-row",
    )
    st.caption(
        tr(
            "Tick premises to open them. Newly reached: seekers without any opening now who would have one within reach. "
            "Need met: fall of the unmet need, persons. Gini: after opening."
        )
    )


def _served(tr: Translator, met: float, in_reach: int, k: int) -> str:
    """Fall of the unmet need; not shown where fewer than ``k`` seekers are in reach."""
    return "—" if is_small(in_reach, k) else tr.number(met, 1)


def _open_ticked(ranked: pd.DataFrame) -> None:
    rows = st.session_state["map_ranking"].selection.rows
    st.session_state["map_open"] = [int(ranked["id"].iloc[row]) for row in rows if row < len(ranked)]
