"""The what-if: a workshop opens in idle premises, a site gets more openings, or one closes; before and after."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.access.scenario_privacy import reach_changes, suppressed_count
from core.access.what_if import Outcome, Scenario, Work
from core.geography.privacy import is_small
from core.job_map.map_view import MapView
from core.job_map.ranking_chart import change_chart
from core.job_map.sentences import join
from core.locale import Translator
from pages.common.escape import md_escape
from pages.common.query_params import url_choices
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View
from pages.job_map.agenda import offer
from pages.job_map.panel import HALF
from pages.job_map.scenarios import restore_linked, stored_scenarios
from pages.job_map.state import MapState
from pages.job_map.station_form import stations_and_work

__all__ = ["choose", "result"]

ROWS = 11  # of the ranking, before it scrolls


def choose(view: View, state: MapState) -> Scenario:
    """The scenario of the widgets, which a link or a saved what-if may have filled."""
    tr, idle = view.tr, state.model.snapshot.idle
    restore_linked(view, state)
    names = dict(zip(idle["id"].astype(int), map(tr.name, idle["name"]), strict=True))
    rooms = {int(row["id"]): _room(tr, row) for _, row in idle.iterrows()}
    size = dict(zip(idle["id"].astype(int), idle["possible_stations"].fillna(10).astype(int), strict=True))
    opened = url_choices(
        st.multiselect,
        tr("Open a workshop in"),
        "open",
        list(names),
        key=Key.MAP_OPEN,
        separator=",",
        format_func=lambda n: rooms[n],
        placeholder=tr("idle premises"),
    )
    picked = {n: stations_and_work(view, n, names[n], max(size[n], 1), state.selection.job_filter) for n in opened}
    stations = {n: count for n, (count, _) in picked.items()}
    works = {n: work for n, (_, work) in picked.items() if work != Work()}
    added, closed = _sites(view, state)
    scenario = Scenario(stations, added, frozenset(closed), works)
    uncounted = [names[n] for n, (_, work) in picked.items() if not work.fits(state.selection.job_filter)]
    if uncounted:
        st.caption(md_escape(tr("Not counted under the filter of openings: {names}", names=join(tr, uncounted))))
    stored_scenarios(view, state, scenario)
    return scenario


def _room(tr: Translator, row: pd.Series) -> str:
    """Premises by name, with what the register says of them: area, load, whether there is a step."""
    facts = [
        tr("{n} m²", n=tr.number(row["area_m2"])) if pd.notna(row["area_m2"]) else "",
        tr("{n} kW", n=tr.number(row["power_kw"])) if pd.notna(row["power_kw"]) else "",
        "" if pd.isna(row["step_free"]) else tr("step-free") if row["step_free"] else tr("with a step"),
    ]
    return " · ".join([tr.name(row["name"]), *filter(None, facts)])


def _sites(view: View, state: MapState) -> tuple[dict[str, int], list[str]]:
    tr = view.tr
    sites = state.model.unfiltered.sites
    names = dict(zip(sites["key"], map(tr.name, sites["name"]), strict=True))
    st.session_state.setdefault(Key.MAP_MORE, 10)
    with st.expander(tr("Add openings or close a site")):
        where = st.selectbox(
            tr("Add openings at"),
            list(names),
            index=None,
            format_func=lambda k: names[k],
            placeholder=tr("none"),
            key=Key.MAP_ADD,
        )
        more = st.number_input(tr("Additional openings"), 1, 500, key=Key.MAP_MORE, disabled=where is None)
        closed = st.multiselect(
            tr("Close"), list(names), format_func=lambda k: names[k], placeholder=tr("none"), key=Key.MAP_CLOSE
        )
    return ({where: int(more)} if where else {}), closed


def result(view: View, state: MapState, outcome: Outcome, scenario: Scenario, map_views: Mapping[str, MapView]) -> None:
    """Before and after, the communities that change, and all idle premises ranked."""
    tr = view.tr
    if scenario:
        _numbers(view, state, outcome)
        before, after = map_views["before"], map_views["after"]
        if after.measure.moves:
            title = tr("{measure}: now → after", measure=tr(after.measure.label))
            chart = change_chart(after, before, title)
            if chart is None:
                st.caption(tr("No community has a change of this measure that may be shown."))
            else:
                st.altair_chart(chart, alt=title, key=Key.MAP_CHANGE)
        else:
            st.caption(tr("This measure does not depend on where the openings are."))
        offer(view, state, scenario, map_views)
    else:
        st.caption(tr("Select premises above: the map and the figures show the outcome at once."))
    _ranking(view, state)


def _numbers(view: View, state: MapState, outcome: Outcome) -> None:
    tr, before, after = view.tr, outcome.before, outcome.after
    gained, lost = (
        suppressed_count(state.model.snapshot, people, state.model.measures.min_count)
        for people in reach_changes(state.model.accessibility, outcome)
    )
    with st.container(horizontal=True):
        st.metric(
            tr("With an opening"),
            tr.percent(after.coverage, 0),
            None if gained.more or lost.more else round(100 * (after.coverage - before.coverage), 1),
            delta_description=tr("pts"),
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
        st.caption(
            tr("People of communities with fewer than {k} of them are not counted.", k=state.model.measures.min_count)
        )


def _ranking(view: View, state: MapState) -> None:
    tr, ranked, min_count = view.tr, state.model.premises, state.model.measures.min_count
    title = tr("Idle premises by what they would change")
    shown = pd.DataFrame(
        {
            tr("Idle premises"): ranked["name"],
            tr("Newly reached"): [count.text(tr) for count in ranked["gained"]],
            tr("Need met"): [
                _need_met(tr, met, n, min_count) for met, n in zip(ranked["unmet"], ranked["in_reach"], strict=True)
            ],
            tr("Gini after"): [tr.number(value, 3) for value in ranked["gini"]],
        }
    )
    st.markdown(f"**{title}**")
    show_table(
        view,
        shown,
        title,
        config={
            tr("Newly reached"): st.column_config.TextColumn(width=82),
            tr("Need met"): st.column_config.TextColumn(width=70),
            tr("Gini after"): st.column_config.TextColumn(width=70),
        },
        height="content" if len(shown) <= ROWS else 36 * ROWS,
        key=Key.MAP_RANKING,
        on_select=lambda: _open_ticked(ranked),
        selection_mode="multi-row",
    )
    st.caption(
        tr(
            "Tick premises to open them. Newly reached: job seekers without any opening now who would have one within "
            "reach. Need met: decrease in unmet need, persons. Gini: after opening."
        )
    )


def _need_met(tr: Translator, met: float, in_reach: int, min_count: int) -> str:
    """Fall of the unmet need; not shown where fewer than ``min_count`` seekers are in reach."""
    return "—" if is_small(in_reach, min_count) else tr.number(met, 1)


def _open_ticked(ranked: pd.DataFrame) -> None:
    rows = st.session_state[Key.MAP_RANKING].selection.rows
    st.session_state[Key.MAP_OPEN] = [int(ranked["id"].iloc[row]) for row in rows if row < len(ranked)]
