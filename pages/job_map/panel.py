"""The panel beside the map: the district until something is selected, then the community or the place."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.access.measures import MEASURES
from core.access.model import AccessModel
from core.access.nearby import seekers_within, sites_near
from core.access.snapshot import STATE_GROUPS
from core.geography.plane import Floats
from core.geography.privacy import shown_bands
from core.job_map.map_view import MapView
from core.job_map.ranking_chart import ranking_chart
from core.job_map.sentences import join, within
from core.locale import Translator
from core.terms import CommunityKind, StaffRole
from pages.cache.charts import built
from pages.common.charts import show_built
from pages.common.escape import md_escape, md_escape_table
from pages.common.links import page_link
from pages.common.query_params import set_query_param
from pages.common.session_keys import Key
from pages.common.view import View
from pages.job_map import night
from pages.job_map.state import MapState, box_of, earlier_measures, select_on_map

__all__ = ["HALF", "selectors", "show"]

HALF = 165  # pixels of a figure: two fit side by side on a phone as well
WEEKS = 4  # to the earlier value of a measure


def show(view: View, state: MapState, map_view: MapView) -> None:
    """What is selected on the map."""
    if state.point is None:
        _district(view, state, map_view)
    elif state.community is not None:
        _community(view, state, state.community, state.point)
    elif state.place is not None:
        _place(view, state, state.place, state.point)


def selectors(view: View, state: MapState) -> None:
    """Two select boxes that do what a click on the map does; the address keeps what is selected."""
    tr, communities, names = view.tr, state.model.snapshot.communities, state.model.snapshot.places
    left, right = st.columns(2)
    ids = [int(community) for community in communities.index]
    community_box, community = box_of(Key.MAP_COMMUNITY_BOX, state.community)
    place_box, place = box_of(Key.MAP_PLACE_BOX, state.place)
    left.selectbox(
        tr("Community"),
        ids,
        format_func=lambda key: tr.name(communities.loc[key, "name"]),
        placeholder=tr("whole district"),
        key=community_box,
        index=ids.index(community) if community in ids else None,
        on_change=lambda: select_on_map(st.session_state[community_box], box=Key.MAP_COMMUNITY_BOX),
    )
    right.selectbox(
        tr("Place"),
        list(names),
        format_func=lambda key: tr.name(names[key]),
        placeholder=tr("none"),
        key=place_box,
        index=list(names).index(place) if place in names else None,
        on_change=lambda: select_on_map(None, st.session_state[place_box], box=Key.MAP_PLACE_BOX),
    )
    set_query_param("community", state.community)
    set_query_param("place", state.place)


def _district(view: View, state: MapState, map_view: MapView) -> None:
    tr, totals = view.tr, state.model.summary
    share = "—" if np.isnan(totals.coverage) else tr.percent(totals.coverage, 0)
    with st.container(horizontal=True):
        st.metric(tr("Seekers"), tr.number(totals.seekers), width=HALF)
        st.metric(tr("Openings"), tr.number(totals.openings), width=HALF)
    with st.container(horizontal=True):
        st.metric(tr("Reaching an opening"), share, width=HALF)
        st.metric(
            tr("Access gap (Gini)"),
            tr.number(totals.gini, 2),
            help=tr("0: everyone reaches the same; 1: one person reaches everything. Over all job seekers."),
            width=HALF,
        )
    title = tr("{measure}: worst first", measure=tr(map_view.measure.label))
    if map_view.has_district_line:
        title += tr(" (dashed: district)")
    show_built(
        view,
        title,
        ranking_chart,
        map_view,
        title,
        key=Key.MAP_RANKED,
        on_select=_select_from_ranking,
        selection_mode="community",
    )
    _definition(view, state)
    _field_gaps(view, state)


def _select_from_ranking() -> None:
    picked = st.session_state[Key.MAP_RANKED].selection.get("community") or []
    if picked:
        select_on_map(picked[0]["i"])


def _definition(view: View, state: MapState) -> None:
    tr, measure, bands = view.tr, MEASURES[state.selection.measure], state.model.accessibility.bands
    with st.popover(tr("How this is calculated"), icon=":material/function:", type="tertiary"):
        st.markdown(f"**{tr(measure.label)}** ({tr(measure.unit)})")
        st.write(tr(measure.definition))
        if measure.moves:
            st.latex(r"R_j=\frac{S_j}{\sum_i D_i W(t_{ij})}\qquad A_i=\sum_j R_j\,W(t_{ij})")
            ends = " / ".join(tr.number(m, 0 if m == int(m) else 1) for m in bands.minutes)
            st.caption(
                tr(
                    "Minutes = straight line × {detour} ÷ {speed} metres a minute; bands end at {ends} minutes.",
                    detour=tr.number(state.model.accessibility.travel.detour, 1),
                    speed=tr.number(state.model.accessibility.travel.metres_per_minute),
                    ends=ends,
                )
            )


def _community(view: View, state: MapState, community: int, point: Floats) -> None:
    tr, about = view.tr, state.model.snapshot.communities.loc[community]
    kind = CommunityKind(about["kind"])
    st.subheader(md_escape(tr.name(about["name"])), anchor=False)
    st.caption(
        md_escape(" · ".join(str(part) for part in (about["town"], tr.term(kind), about["code"]) if pd.notna(part)))
    )
    _figures(view, state, community)
    _definition(view, state)
    _sites(view, state, point)
    _field_gaps(view, state)
    _people(view, state, community)
    _team(view, state, community)
    if state.selection.day == view.today:
        night.show(view, state.model.unfiltered, community)
    page_link("people", tr("People of this community"), ":material/group:", {"community": str(community)})


def _figures(view: View, state: MapState, community: int) -> None:
    """Every measure of the community beside the district's."""
    tr, measures = view.tr, state.model.measures
    earlier = earlier_measures(view, state.selection, WEEKS)
    rows = []
    for code, measure in MEASURES.items():
        base = measures.bases.loc[community, measure.base]
        is_known = community in earlier.values.index  # communities may have come since
        rows.append(
            {
                tr("Map measure"): tr(measure.label),
                tr("Here"): measure.text(tr, measures.values.loc[community, code]),
                tr("4 weeks earlier"): measure.text(tr, earlier.values.loc[community, code]) if is_known else "—",
                tr("District"): measure.text(tr, measures.district[code]),
                tr("Base n"): "—" if np.isnan(base) else tr.number(base),
            }
        )
    st.table(md_escape_table(pd.DataFrame(rows).set_index(tr("Map measure"))), border="horizontal")
    interval = measures.interval("reemployed", community)
    if interval is not None:
        low, high = (tr.percent(end, 0) for end in interval)
        st.caption(tr("Re-employment: 95% interval {low} to {high} (Wilson).", low=low, high=high))


def _field_gaps(view: View, state: MapState) -> None:
    """Fields of work out of reach: for the district a table, for the selected community a line."""
    tr = view.tr
    title = tr("Fields of work missing {where}", where=within(tr, state.model.accessibility))
    if state.community is not None:
        counts = {gap.field: gap.counts[state.community] for gap in state.model.gaps}
        parts = [
            f"{tr.term(field)} {tr('a few') if np.isnan(count) else tr.number(count)}"
            for field, count in counts.items()
            if count != 0
        ]
        if parts:
            st.markdown(f"**{title}**")
            st.markdown(md_escape(tr("Job seekers without: {list}", list=join(tr, parts))))
        return
    st.markdown(f"**{title}**")
    st.table(built(_gap_table, tr, state.model), border="horizontal")


def _gap_table(tr: Translator, model: AccessModel) -> pd.DataFrame:
    names = model.snapshot.communities["name"]
    rows = [
        {
            tr("Field"): tr.term(gap.field),
            tr("Job seekers without"): gap.without.text(tr),
            tr("Openings"): tr.number(gap.openings),
            tr("Most in"): join(tr, map(tr.name, names.loc[gap.worst()])) or "—",
        }
        for gap in model.gaps
    ]
    return md_escape_table(pd.DataFrame(rows).set_index(tr("Field")))


def _sites(view: View, state: MapState, point: Floats) -> None:
    tr = view.tr
    near = sites_near(state.model.snapshot, state.model.accessibility, point)
    if near.empty:
        return
    st.markdown(f"**{tr('Nearest openings')}**")
    for site in near.itertuples():
        label = tr(
            "{name}: {openings} openings, {minutes} min",
            name=tr.name(site.name),
            openings=tr.number(site.openings),
            minutes=tr.number(site.minutes),
        )
        if not site.within:
            label += tr(" (beyond the limit)")
        _job_link(label, int(site.job_ids[0]))


def _people(view: View, state: MapState, community: int) -> None:
    tr, counts = view.tr, state.model.measures.states.loc[community]
    hidden, parts = tr("hidden"), []
    for group, states in STATE_GROUPS.items():
        label = " / ".join(tr.term(state) for state in states)
        parts.append(f"{label} {hidden if pd.isna(counts[group]) else tr.number(counts[group])}")
    st.markdown(f"**{tr('People by state')}**")
    st.markdown(md_escape(" · ".join(parts)))


def _team(view: View, state: MapState, community: int) -> None:
    tr, staff = view.tr, state.model.snapshot.staff
    team = staff[staff["community_id"] == community]
    if len(team):
        names = [f"{tr.term(StaffRole(person.role))} {person.name}" for person in team.itertuples()]
        st.markdown(f"**{tr('Team')}** " + md_escape(" · ".join(names)))
    next_visit = state.model.snapshot.next_visits.get(community)
    if next_visit is not None and pd.notna(next_visit):
        st.markdown(f"**{tr('Next agreed visit')}** " + md_escape(tr.day(next_visit.date())))


def _place(view: View, state: MapState, key: str, point: Floats) -> None:
    tr, bands = view.tr, state.model.accessibility.bands
    st.subheader(md_escape(tr.name(state.model.snapshot.places[key])), anchor=False)
    site = state.model.snapshot.sites[state.model.snapshot.sites["key"] == key]
    if len(site):
        st.caption(tr.plural("{n} opening", "{n} openings", int(site["openings"].iloc[0])))
    reached = shown_bands(
        seekers_within(state.model.snapshot, state.model.accessibility, point), state.model.measures.min_count
    )
    st.markdown(f"**{tr('Job seekers within reach of it')}**")
    for end, n in zip(bands.minutes, reached, strict=True):
        st.markdown(
            tr(
                "{minutes} min: {n}",
                minutes=tr.number(end, 0 if end == int(end) else 1),
                n=tr("hidden") if n is None else tr.number(n),
            )
        )
    if len(site):
        jobs = state.model.snapshot.jobs[state.model.snapshot.jobs["id"].isin(site["job_ids"].iloc[0])]
        st.markdown(f"**{tr('Jobs here')}**")
        for job in jobs.itertuples():
            _job_link(f"{job.title} × {tr.number(job.left)}", int(job.id))


def _job_link(text: str, job: int) -> None:
    """An opening, as the way to its candidates for those who may see them."""
    if not page_link("matching", md_escape(text), ":material/work:", {"job": str(job)}):
        st.markdown(md_escape(text))
