"""Before a post ends: where everyone whose welfare post ends soon could go, and the last day on which to begin for it."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.matching.reasons import skill_name
from core.people.masking import mask_name
from core.policy import Action
from core.store.settings import parameter
from pages import cache
from pages.common import scope
from pages.common.downloads import download_table
from pages.common.heading import heading
from pages.common.links import page_link
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["show"]


def show(view: View, top: DeltaGenerator) -> None:
    """The plan as a table, soonest end first; red where the course should have begun already."""
    tr = view.tr
    pool = cache.matching.pool(view.revision, view.today)
    plan = cache.tasks.landing_plan(view.revision, view.today).table
    plan = plan[scope.mask(view, pool.seekers.ids[plan["person"].to_numpy(dtype=int)])].reset_index(drop=True)
    parameters = cache.store.parameters(view.revision)
    placed, late = int((plan["job"] >= 0).sum()), int(plan["late"].sum())
    with top:
        heading(
            tr.plural(
                "{n} welfare post ends soon: for {placed} there is a place to go to, {late} should already be on a course",
                "{n} welfare posts end soon: for {placed} there is a place to go to, {late} should already be on a course",
                len(plan),
                placed=tr.number(placed),
                late=tr.number(late),
            ),
            tr(
                "Posts that end within {days} days; free seats, each given once; courses of {hours} hours a week counted back "
                "from the end of the post; as of {day}. A proposal: a named person confirms each.",
                days=tr.number(parameter(parameters, "post_ending_days", view.today)),
                hours=tr.number(parameter(parameters, "course_weekly_hours", view.today)),
                day=tr.day(view.today),
            ),
        )
    if plan.empty:
        st.write(tr("No welfare post ends soon."))
        return
    people, jobs = plan["person"].to_numpy(dtype=int), plan["job"].to_numpy(dtype=int)
    shown = pd.DataFrame(
        {
            tr("Person"): [mask_name(pool.names[n]) for n in people],
            tr("Community"): [tr.name(str(pool.people["community"].iloc[n])) for n in people],
            tr("Post ends on"): plan["ends_on"].dt.date,
            tr("Place to go to"): [_place(view, j) for j in jobs],
            tr("Minutes"): pd.array([round(m) if pd.notna(m) else None for m in plan["minutes"]], "Int64"),
            tr("Course"): [skill_name(pool, int(k), tr) if k >= 0 else "" for k in plan["skill"]],
            tr("Begin by"): plan["begin_by"].dt.date,
            tr("State"): [_state(view, row) for row in plan.itertuples()],
        }
    )
    state = st.dataframe(
        shown,
        hide_index=True,
        placeholder="",
        alt=tr("Before a post ends"),
        key=Key.LANDING_LIST,
        on_select="rerun",
        selection_mode="single-row",
        height=460,
    )
    with st.container(horizontal=True):
        for n in state.selection.rows:
            if n < len(plan):
                person = str(int(pool.seekers.ids[people[n]]))
                page_link("people", tr("Open the person"), ":material/person:", {"person": person})
                if jobs[n] >= 0:
                    job = str(int(pool.openings.ids[jobs[n]]))
                    page_link("matching", tr("Open the opening"), ":material/work:", {"job": job, "ending": "1"})
        download_table(view, shown, tr("Before a post ends"), Key.DOWNLOAD.of("landing"), action=Action.EXPORT_PEOPLE)


def _place(view: View, job: int) -> str:
    if job < 0:
        return ""
    pool = cache.matching.pool(view.revision, view.today)
    return view.tr(
        "{title}, {employer}", title=pool.titles[job], employer=view.tr.name(str(pool.jobs["employer"].iloc[job]))
    )


def _state(view: View, row: object) -> str:
    tr = view.tr
    if row.job < 0:  # type: ignore[attr-defined]
        return tr("■ no place yet")
    if row.late:  # type: ignore[attr-defined]
        return tr("■ course should have begun")
    if row.skill >= 0:  # type: ignore[attr-defined]
        return tr("▲ after a course")
    return tr("● ready to move")
