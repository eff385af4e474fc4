"""Before a post ends: where everyone whose welfare post ends soon could go, and the last day on which to begin for it."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.locale import N_
from core.matching.reasons import skill_name
from core.store.settings import parameter
from pages import cache
from pages.common import scope
from pages.common.heading import heading
from pages.common.session_keys import Key
from pages.common.view import View
from pages.tasks.people_table import minutes, people_table

__all__ = ["show"]

FIRST = (N_("Person"), N_("Post ends on"), N_("Place to go to"))  # on a phone


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
    columns = {
        tr("Post ends on"): plan["ends_on"].dt.date,
        tr("Place to go to"): [_place(view, j) for j in jobs],
        tr("Minutes on foot"): minutes(plan["minutes"]),
        tr("Course"): [skill_name(pool, int(k), tr) if k >= 0 else "" for k in plan["skill"]],
        tr("Begin by"): plan["begin_by"].dt.date,
        tr("State"): [_state(view, row) for row in plan.itertuples()],
    }
    name = tr("Before a post ends")
    people_table(view, pool, people, jobs, columns, name, first=FIRST, key=Key.LANDING_LIST, job_query={"ending": "1"})


def _place(view: View, job: int) -> str:
    if job < 0:
        return "–"
    pool = cache.matching.pool(view.revision, view.today)
    return view.tr(
        "{title}, {employer}", title=pool.titles[job], employer=view.tr.name(str(pool.jobs["employer"].iloc[job]))
    )


def _state(view: View, row: Any) -> str:
    tr = view.tr
    if row.job < 0:
        return tr("■ no place yet")
    if row.late:
        return tr("■ course should have begun")
    if row.skill >= 0:
        return tr("▲ after a course")
    return tr("● ready to move")
