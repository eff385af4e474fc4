"""How are the districts of the city, which can be told apart, and whom must I ask?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.indicators.figures import ranking_finding
from core.indicators.registry import HEADLINES, INDICATORS
from core.indicators.signals import CHANGES
from core.indicators.tables import Ranking
from core.locale import N_
from pages import cache
from pages.cache.districts import Standing
from pages.common import signed_in
from pages.common.charts import show_drawn
from pages.common.district_picker import open_district
from pages.common.escape import md_escape
from pages.common.heading import heading
from pages.common.query_params import url_choice
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["render"]

FIRST = (N_("District or county"), N_("Value"), N_("On last week"), N_("Possible ranks"))  # on a phone


def render(view: View) -> None:
    """The page: who leads by the indicator that is chosen, the ranking with its bands, and a row a district."""
    tr = view.tr
    own = signed_in.districts(view.access)
    if len(own) < 2:
        heading(tr("Districts"))
        st.info(tr("This page compares the districts of a city that are open to you; there is one here."))
        return
    names = {key: row.name_en if tr.is_english else row.name for key, row in own.items()}
    title = st.container()
    code = url_choice(
        st.selectbox,
        tr("Rank by"),
        "by",
        HEADLINES,
        HEADLINES[0],
        key=Key.DISTRICTS_RANK_BY,
        format_func=lambda each: tr(INDICATORS[each].name),
        width=320,
    )
    assert code is not None
    standings = cache.districts.standings(names, code)
    ranked = cache.districts.ranking(standings, code)
    with title:
        heading(
            tr(
                "{indicator} of {n} districts: {finding}",
                indicator=tr(INDICATORS[code].name),
                n=len(ranked.table),
                finding=md_escape(ranking_finding(tr, ranked)),
            ),
            tr(INDICATORS[code].definition),
        )
    if ranked.table.empty:
        st.info(tr("No data to rank yet"))
        return
    left, right = (st.container(), st.container()) if view.is_handheld else st.columns([3, 2], gap="large")
    with right:
        show_drawn(view, cache.districts.ranking_spec(ranked, code, tr, view.is_handheld), tr("Districts"))
    with left:
        _rows(view, standings, ranked)
    _meetings(view, names, code)


def _rows(view: View, standings: list[Standing], ranked: Ranking) -> None:
    """A row a district, in the order of the ranking; one that is selected opens its own dashboard."""
    tr = view.tr
    place = {row.id: row for row in ranked.table.itertuples()}
    order = sorted(standings, key=lambda s: list(place).index(s.key) if s.key in place else len(place))
    table = pd.DataFrame([_row(view, standing, place.get(standing.key)) for standing in order])
    state = show_table(
        view,
        table,
        tr("Districts"),
        first=FIRST,
        placeholder="",
        key=Key.DISTRICTS_TABLE,
        on_select="rerun",
        selection_mode="single-row",
    )
    days = tr.join(tr.day(day) for day in sorted({standing.day for standing in standings}))
    st.caption(tr("As of {day}.", day=days) + " " + tr("Select a row to open the district's own dashboard."))
    for position in state.selection.rows:
        open_district(order[position].key)
        st.switch_page(st.session_state[Key.PAGES]["overview"], query_params={"district": order[position].key})


def _row(view: View, standing: Standing, place: object) -> dict[str, object]:
    tr, shown = view.tr, standing.tile
    low, high = getattr(place, "rank_low", None), getattr(place, "rank_high", None)
    light = tr("no target set") if shown.light is None else f"{shown.light.shape} {tr.term(shown.light)}"
    return {
        tr("District or county"): standing.name,
        tr("Value"): shown.indicator.text(tr, shown.value),
        tr("On last week"): shown.indicator.change(tr, shown.difference),
        tr("Possible ranks"): "—" if low is None else str(low) if low == high else f"{low}–{high}",
        tr("Light"): light,
        tr("Signal"): tr(CHANGES[shown.change]),
        tr("Seeking work"): standing.seeking,
    }


def _meetings(view: View, names: Mapping[str, str], code: str) -> None:
    """The indicator as the districts' last meetings have it: frozen figures, which no later entry changes."""
    tr, indicator = view.tr, INDICATORS[code]
    standings = cache.districts.frozen_standings(names, code)
    if not standings:
        return
    st.subheader(tr("As frozen for the weekly meetings"), anchor=False)
    changes = [None if s.value is None or s.before is None else s.value - s.before for s in standings]
    table = pd.DataFrame(
        {
            tr("District or county"): [s.name for s in standings],
            tr("Week"): [tr.week(s.header.as_of) for s in standings],
            tr("Revision"): [s.header.rev for s in standings],
            tr(indicator.name): [indicator.text(tr, s.value) for s in standings],
            tr("On last week"): [indicator.change(tr, change) for change in changes],
            tr("Light"): ["—" if s.light is None else f"{s.light.shape} {tr.term(s.light)}" for s in standings],
            tr("Open"): [
                f"/meeting?week={s.header.iso_week}&rev={s.header.rev}&lang={tr.lang}&district={s.key}"
                for s in standings
            ],
        }
    )
    show_table(
        view,
        table,
        tr("As frozen for the weekly meetings"),
        config={tr("Open"): st.column_config.LinkColumn(display_text=tr("Open"))},
        placeholder="",
    )
