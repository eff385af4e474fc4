"""What the nightly run left about a community, beside the live figures: access, who is on a list, who is
assigned, which jobs nobody fits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.access.measures import MEASURES
from core.access.snapshot import DistrictSnapshot
from core.batch.results import NightlyRun
from core.job_map.sentences import measure_text
from pages import cache
from pages.common.escape import md_escape, md_escape_table
from pages.common.links import page_link
from pages.common.view import View

__all__ = ["show"]

LINKED = 6  # jobs that nobody fits


def show(view: View, snapshot: DistrictSnapshot, community: int) -> None:
    """The figures, the jobs that nobody fits, and what both rest on."""
    tr = view.tr
    jobs = snapshot.jobs[snapshot.jobs["community_id"] == community]
    unfit = jobs[jobs["id"].isin(cache.batch.jobs_without_candidates(view.revision, view.today))]
    rows = {
        **_access(view, community),
        **_people(view, community, len(jobs), len(unfit)),
        **_assigned(view, community),
    }
    st.markdown(f"**{tr('From the nightly run')}**")
    if rows:
        table = pd.DataFrame({tr("Nightly figure"): list(rows), tr("Here"): list(rows.values())})
        st.table(md_escape_table(table.set_index(tr("Nightly figure"))), border="horizontal")
        _definitions(view)
    for job in unfit.head(LINKED).itertuples():
        text = md_escape(tr("Why nobody: {job} × {n}", job=job.title, n=tr.number(job.left)))
        page_link("matching", text, ":material/person_off:", {"job": str(job.id), "test": "left_out"})
    for line in _run_captions(view):
        st.caption(md_escape(line))


def _access(view: View, community: int) -> dict[str, str]:
    shown = cache.batch.access_shown(view.revision, view.today)
    if shown is None:
        return {}
    values = shown.loc[community] if community in shown.index else pd.Series(np.nan, shown.columns)
    return {
        view.tr(MEASURES[code].label): measure_text(view.tr, MEASURES[code], values[code])
        for code in ("density", "covered")
    }


def _people(view: View, community: int, jobs: int, unfit: int) -> dict[str, str]:
    tr, listed = view.tr, cache.batch.people_listed(view.revision, view.today)
    if listed is None:
        return {}
    return {
        tr("Job seekers here with a job on their list"): _count(view, listed, community, "living"),
        tr("People on the lists of the jobs here"): _count(view, listed, community, "linked"),
        tr("Jobs here with nobody on their list"): tr("{n} of {all}", n=tr.number(unfit), all=tr.number(jobs)),
    }


def _assigned(view: View, community: int) -> dict[str, str]:
    tr, assigned = view.tr, cache.batch.people_assigned(view.revision, view.today)
    if assigned is None:
        return {}
    return {
        tr("Job seekers here whom the assignment places"): _count(view, assigned, community, "living"),
        tr("People whom it places in jobs here"): _count(view, assigned, community, "linked"),
    }


def _count(view: View, shown: pd.DataFrame, community: int, column: str) -> str:
    if community not in shown.index:
        return "—"
    n = float(shown.loc[community, column])
    return view.tr("hidden") if np.isnan(n) else view.tr.number(n)


def _definitions(view: View) -> None:
    tr = view.tr
    with st.popover(tr("What the nightly figures are"), icon=":material/function:", type="tertiary"):
        for code in ("density", "covered"):
            st.markdown(f"**{tr(MEASURES[code].label)}** " + tr(MEASURES[code].definition))
        st.write(
            tr(
                "Lists: for every job and for every job seeker the best matches of the night, after the hard limits, with the "
                "weights of the run. People here: those who seek work now. Jobs here: those on the map now. Counts of few "
                "people are hidden, and those that would give them away. Filters and settings of the map do not apply."
            )
        )
        st.write(
            tr(
                "Assignment: one job at most for every job seeker and no more people than seats for every job, such that as "
                "many as possible are placed. A proposal, which nobody has been told."
            )
        )


def _run_captions(view: View) -> list[str]:
    """When each run was made and whether the data have changed since; the command of one that there is none of."""
    what = {"access": view.tr("Access"), "match": view.tr("Lists"), "assign": view.tr("Assignment")}
    return [
        view.tr("{what}: {text}", what=what[command], text=_state(view, run, command, is_begun))
        for command, (run, is_begun) in cache.batch.runs(view.revision).items()
    ]


def _state(view: View, run: NightlyRun | None, command: str, is_begun: bool) -> str:
    tr, again = view.tr, f"python -m core.batch {command}"
    if run is None and is_begun:
        return tr("The nightly run has not finished, or its files are damaged. Run it again: {command}", command=again)
    if run is None:
        return tr("No nightly run yet. Start it with: {command}", command=again)
    way = tr.term(run.mode)
    if run.reach is not None:
        way = tr("within {minutes} minutes {mode}", minutes=tr.number(run.reach), mode=way)
    when = tr("computed {time} for {day}, {way}.", time=tr.time(run.finished_at), day=tr.day(run.day), way=way)
    return tr.sentences(when, run.changes_text(tr, view.revision))
