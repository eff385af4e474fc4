"""The panel beside the map: the district until something is chosen, then the community or the place."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.access.measures import MEASURES
from core.access.nearby import places, seekers_within, sites_near
from core.access.snapshot import STATE_GROUPS
from core.geography.plane import Floats
from core.geography.privacy import shown_bands
from core.job_map.map_view import Scene
from core.job_map.ranking_chart import ranking_chart
from core.terms import CommunityKind, StaffRole
from pages.common.escape import md_escape
from pages.common.query_params import set_query_param
from pages.common.view import View
from pages.job_map.controls import Look, choose
from pages.job_map.gaps import fields_missing

__all__ = ["HALF", "show"]

HALF = 165  # pixels of a figure: two stand side by side on a telephone as well


def show(view: View, look: Look, scene: Scene) -> None:
    """Two select boxes that twin the click on the map, and what they chose."""
    _selectors(view, look)
    if look.community is not None:
        _community(view, look, look.community)
    elif look.place is not None and look.point is not None:
        _place(view, look, look.place, look.point)
    else:
        _district(view, look, scene)


def _selectors(view: View, look: Look) -> None:
    tr = view.tr
    names = dict(zip(look.atlas.communities["id"].astype(int), look.atlas.communities["name"], strict=True))
    known = places(look.atlas)
    left, right = st.columns(2)
    row = look.community
    current = None if row is None else list(names)[row]
    st.session_state["map_community"], st.session_state["map_place"] = current, look.place
    left.selectbox(
        tr("Community"),
        list(names),
        format_func=lambda n: names[n],
        placeholder=tr("whole district"),
        key="map_community",
        index=None,
        on_change=lambda: choose(st.session_state["map_community"]),
    )
    right.selectbox(
        tr("Place"),
        list(known),
        format_func=lambda key: known[key],
        placeholder=tr("none"),
        key="map_place",
        index=None,
        on_change=lambda: choose(None, st.session_state["map_place"]),
    )
    set_query_param("community", current)
    set_query_param("place", look.place)


def _district(view: View, look: Look, scene: Scene) -> None:
    tr, now = view.tr, look.now
    share = "—" if np.isnan(now.coverage) else tr.percent(now.coverage, 0)
    with st.container(horizontal=True):
        st.metric(tr("Seekers"), tr.number(now.seekers), width=HALF)
        st.metric(tr("Openings"), tr.number(now.openings), width=HALF)
    with st.container(horizontal=True):
        st.metric(tr("Reaching an opening"), share, width=HALF)
        st.metric(
            tr("Access gap (Gini)"),
            tr.number(now.gini, 2),
            help=tr("0: everyone reaches the same; 1: one person reaches everything. Over all seekers."),
            width=HALF,
        )
    title = tr("{measure}: worst first", measure=tr(scene.measure.label))
    if scene.has_district_line:
        title += tr(" (dashed: district)")
    st.altair_chart(
        ranking_chart(scene, title), key="map_ranked", on_select=_from_ranking, selection_mode="community", alt=title
    )
    _definition(view, look)
    fields_missing(view, look)


def _from_ranking() -> None:
    picked = st.session_state["map_ranked"].selection.get("community") or []
    if picked:
        choose(picked[0]["i"])


def _definition(view: View, look: Look) -> None:
    tr, measure, bands = view.tr, MEASURES[look.code], look.reach.bands
    with st.popover(tr("How this is calculated"), icon=":material/function:", type="tertiary"):
        st.markdown(f"**{tr(measure.label)}** ({tr(measure.unit)})")
        st.write(tr(measure.definition))
        if measure.moves:
            st.latex(r"R_j=\frac{S_j}{\sum_i D_i W(t_{ij})}\qquad A_i=\sum_j R_j\,W(t_{ij})")
            ends = " / ".join(tr.number(m, 0 if m == int(m) else 1) for m in bands.minutes)
            st.caption(
                tr(
                    "Minutes = straight line × {detour} ÷ {speed} metres a minute; bands end at {ends} minutes.",
                    detour=tr.number(look.reach.travel.detour, 1),
                    speed=tr.number(look.reach.travel.metres_per_minute),
                    ends=ends,
                )
            )


def _community(view: View, look: Look, row: int) -> None:
    tr, about = view.tr, look.atlas.communities.iloc[row]
    kind = CommunityKind(about["kind"])
    st.subheader(md_escape(about["name"]), anchor=False)
    st.caption(
        md_escape(" · ".join(str(part) for part in (about["town"], tr.term(kind), about["code"]) if pd.notna(part)))
    )
    _figures(view, look, row)
    _definition(view, look)
    point = look.point
    if point is not None:
        _sites(view, look, point)
    fields_missing(view, look)
    _people(view, look, row)
    _team(view, look, int(about["id"]))
    st.page_link(
        st.session_state["pages"]["people"],
        label=tr("People of this community"),
        icon=":material/group:",
        query_params={"community": str(int(about["id"]))},
    )


def _figures(view: View, look: Look, row: int) -> None:
    """Every measure of the community beside the district's."""
    tr, board = view.tr, look.board
    rows = []
    for code, measure in MEASURES.items():
        value = float(board.values[code].iloc[row])
        base = float(board.bases[measure.base].iloc[row])
        text = measure.text(tr, value)
        rows.append(
            {
                tr("Map measure"): tr(measure.label),
                tr("Here"): text,
                tr("4 weeks before"): _before(view, look, code, row),
                tr("District"): measure.text(tr, board.district[code]),
                tr("Base n"): "—" if np.isnan(base) else tr.number(base),
            }
        )
    st.table(pd.DataFrame(rows).set_index(tr("Map measure")), border="horizontal")
    interval = board.interval("reemployed", row)
    if interval is not None:
        low, high = (tr.percent(end, 0) for end in interval)
        st.caption(tr("Re-employment: 95% interval {low} to {high} (Wilson).", low=low, high=high))


def _before(view: View, look: Look, code: str, row: int) -> str:
    """The value four weeks before; communities may have come since."""
    if look.earlier is None or row >= len(look.earlier.values):
        return "—"
    return MEASURES[code].text(view.tr, float(look.earlier.values[code].iloc[row]))


def _sites(view: View, look: Look, point: Floats) -> None:
    tr = view.tr
    near = sites_near(look.atlas, look.reach, point)
    if near.empty:
        return
    st.markdown(f"**{tr('Nearest openings')}**")
    for site in near.itertuples():
        label = tr(
            "{name}: {openings} openings, {minutes} min",
            name=site.name,
            openings=tr.number(site.openings),
            minutes=tr.number(site.minutes),
        )
        if not site.within:
            label += tr(" (beyond the limit)")
        st.page_link(
            st.session_state["pages"]["matching"],
            label=md_escape(label),
            icon=":material/work:",
            query_params={"job": str(int(site.job_ids[0]))},
        )


def _people(view: View, look: Look, row: int) -> None:
    tr, counts = view.tr, look.board.states.iloc[row]
    hidden = tr("hidden")
    found = []
    for group, states in STATE_GROUPS.items():
        label = " / ".join(tr.term(state) for state in states)
        found.append(f"{label} {hidden if pd.isna(counts[group]) else tr.number(counts[group])}")
    st.markdown(f"**{tr('People by state')}**")
    st.markdown(md_escape(" · ".join(found)))


def _team(view: View, look: Look, community_id: int) -> None:
    tr, staff = view.tr, look.atlas.staff
    team = staff[staff["community_id"] == community_id]
    if len(team):
        names = [f"{tr.term(StaffRole(person.role))} {person.name}" for person in team.itertuples()]
        st.markdown(f"**{tr('Team')}** " + md_escape(" · ".join(names)))
    following = look.atlas.next_visits.get(community_id)
    if following is not None and pd.notna(following):
        st.markdown(f"**{tr('Next agreed visit')}** " + md_escape(tr.day(following.date())))


def _place(view: View, look: Look, key: str, point: Floats) -> None:
    tr, bands = view.tr, look.reach.bands
    st.subheader(md_escape(places(look.atlas)[key]), anchor=False)
    site = look.atlas.sites[look.atlas.sites["key"] == key]
    if len(site):
        st.caption(tr.plural("{n} opening", "{n} openings", int(site["openings"].iloc[0])))
    reached = shown_bands(seekers_within(look.atlas, look.reach, point), look.board.k)
    st.markdown(f"**{tr('Seekers within reach of it')}**")
    for end, n in zip(bands.minutes, reached, strict=True):
        st.markdown(
            tr(
                "{minutes} min: {n}",
                minutes=tr.number(end, 0 if end == int(end) else 1),
                n=tr("hidden") if n is None else tr.number(n),
            )
        )
    if len(site):
        jobs = look.atlas.jobs[look.atlas.jobs["id"].isin(site["job_ids"].iloc[0])]
        st.markdown(f"**{tr('Jobs here')}**")
        for job in jobs.itertuples():
            st.page_link(
                st.session_state["pages"]["matching"],
                label=md_escape(f"{job.title} × {tr.number(job.left)}"),
                icon=":material/work:",
                query_params={"job": str(int(job.id))},
            )
