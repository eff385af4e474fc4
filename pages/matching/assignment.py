"""The whole district at once: the proposal with locks, and what courses would unlock."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import streamlit as st

from core.jobs import commands
from core.matching import figures, tables
from core.matching.assignment.district import District, Proposal, course_plan, propose
from core.matching.assignment.optimum import Impossible
from core.matching.assignment.training_gain import Gain
from core.matching.evidence import proposal_evidence
from core.store.commands import command
from core.terms import PersonState
from pages import cache
from pages.common.downloads import download_table
from pages.common.escape import md_escape
from pages.matching import course, unassigned
from pages.matching.actions import ERRORS
from pages.matching.context import Look

__all__ = ["proposal", "training"]

LOCKED, FORBIDDEN = "match_locked", "match_forbidden"  # sets of (person id, job id) of this session
SHOWN_COURSES = 8


def proposal(look: Look) -> None:
    """Optimum against practice, the proposed pairs with locks, prices of a further seat."""
    tr = look.view.tr
    goals = {True: tr("Most placements first"), False: tr("Highest sum of points")}
    most = st.segmented_control(
        tr("Aim"), list(goals), default=True, required=True, format_func=goals.__getitem__, key="match_aim"
    )
    places = {"site": tr("On site"), "home": tr("At home"), "all": tr("Both together")}
    where = st.segmented_control(
        tr("Seats"), list(places), default="site", required=True, format_func=places.__getitem__, key="match_seats"
    )
    found = _solve(look, bool(most), str(where))
    if found is None:
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _ways(look, found)
        unassigned.complaint(look, found)
        _prices(look, found)
        unassigned.one_more(look, found)
    with right:
        _pairs(look, found)
        unassigned.people(
            look, cache.matching.match_district(look.view.revision, look.view.today, look.chosen.mode), found
        )


def _solve(look: Look, most: bool, where: str) -> Proposal | None:
    tr, pool = look.view.tr, look.pool
    whole = cache.matching.match_district(look.view.revision, look.view.today, look.chosen.mode)
    keep = np.asarray(look.chosen.ending_too | (pool.people["state"] == PersonState.SEEKING).to_numpy(dtype=bool))
    at_home = pool.openings.home_based
    jobs = {"site": ~at_home, "home": at_home}.get(where, np.ones(len(at_home), dtype=bool))
    locks = {
        name: [pair for pair in _positions(look, st.session_state.get(name, set())) if jobs[pair[1]]]
        for name in (LOCKED, FORBIDDEN)
    }
    try:
        return propose(
            whole,
            look.listed.weights,
            keep=keep,
            jobs=jobs,
            most_placements=most,
            locked=locks[LOCKED],
            forbidden=locks[FORBIDDEN],
        )
    except Impossible:
        st.error(tr("The locked pairs can't all hold: a person twice, or more people than seats."))
        st.button(tr("Release all locks"), on_click=_release, key="match_release_error")
        return None


def _positions(look: Look, pairs: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ids → positions, leaving out pairs that are no longer in the pool."""
    people = {int(key): n for n, key in enumerate(look.pool.seekers.ids)}
    jobs = {int(key): n for n, key in enumerate(look.pool.openings.ids)}
    return sorted((people[p], jobs[j]) for p, j in pairs if p in people and j in jobs)


def _ways(look: Look, found: Proposal) -> None:
    tr, best = look.view.tr, found.optimum
    title = tr(
        "The optimum places {a} more than job by job, {b} more than best pair first",
        a=best.placed - found.by_job.placed,
        b=best.placed - found.best_pair.placed,
    )
    look.draw(figures.ways(tables.way_rows(found, tr), title, tr), title)
    proof = best.certificate
    st.caption(
        tr(
            "Job by job: one opening after another takes its best. Best pair first: no pair would both rather have each other."
        )
        + " "
        + (tr("Proved optimal by duality.") if proof is not None and proof.holds() else tr("Not proved optimal."))
    )


def _prices(look: Look, found: Proposal) -> None:
    tr, best = look.view.tr, found.optimum
    order = np.lexsort((-best.price, -best.extra))
    order = order[found.seats[order] > 0]
    order = order[(best.extra[order] > 0) | (best.price[order] > 0.0005)]
    if not len(order):
        return
    st.markdown(f"**{tr('What one more seat would gain')}**")
    jobs = look.pool.jobs.iloc[order]
    st.dataframe(
        pd.DataFrame(
            {
                tr("Opening"): jobs["title"].to_numpy(),
                tr("Employer"): jobs["employer"].to_numpy(),
                tr("Placements added"): best.extra[order],
                tr("Points added"): 100 * best.price[order],
            }
        ),
        hide_index=True,
        alt=tr("What one more seat would gain"),
        column_config={tr("Points added"): st.column_config.NumberColumn(format="%.1f")},
    )


def _pairs(look: Look, found: Proposal) -> None:
    tr = look.view.tr
    rows = tables.proposal_rows(look.pool, found, look.person_name, tr)
    st.markdown(f"**{tr('A proposal: a named person confirms each pair')}**")
    shown = rows.drop(columns=["person", "job"])
    state = st.dataframe(
        shown,
        hide_index=True,
        height=420,
        alt=tr("Proposed pairs"),
        key="match_proposal",
        on_select="rerun",
        selection_mode="multi-row",
        column_config={tr("Points"): st.column_config.NumberColumn(format="%.1f")},
    )
    chosen = [(int(rows["person"].iloc[n]), int(rows["job"].iloc[n])) for n in state.selection.rows if n < len(rows)]
    _locks(look, found, chosen)
    name = tr("Proposed pairs")
    download_table(look.view, shown, name, "match_proposal_download")


def _locks(look: Look, found: Proposal, chosen: list[tuple[int, int]]) -> None:
    tr, pool = look.view.tr, look.pool
    pairs = {(int(pool.seekers.ids[p]), int(pool.openings.ids[j])) for p, j in chosen}
    with st.container(horizontal=True):
        st.button(tr("Lock"), icon=":material/lock:", disabled=not pairs, on_click=_mark, args=(LOCKED, pairs))
        st.button(tr("Forbid"), icon=":material/block:", disabled=not pairs, on_click=_mark, args=(FORBIDDEN, pairs))
        counts = [len(st.session_state.get(name, ())) for name in (LOCKED, FORBIDDEN)]
        if any(counts):
            label = tr("Release {n} locks and bans", n=sum(counts))
            st.button(label, icon=":material/lock_open:", on_click=_release)
        if st.button(
            tr("Recommend the chosen pairs"),
            type="primary",
            icon=":material/send:",
            disabled=not pairs or look.view.staff is None,
            help=tr("Choose rows; each becomes a recommendation in your name."),
        ):
            _recommend(look, found, chosen)
    if not pairs:
        st.caption(tr("Tick rows to lock, forbid or recommend them."))


def _mark(name: str, pairs: set[tuple[int, int]]) -> None:
    other = FORBIDDEN if name == LOCKED else LOCKED
    st.session_state[name] = st.session_state.get(name, set()) | pairs
    st.session_state[other] = st.session_state.get(other, set()) - pairs


def _release() -> None:
    st.session_state[LOCKED], st.session_state[FORBIDDEN] = set(), set()


def _recommend(look: Look, found: Proposal, chosen: list[tuple[int, int]]) -> None:
    """Each pair in its own transaction: one that fails does not hold up the others."""
    tr, view, pool = look.view.tr, look.view, look.pool
    whole = cache.matching.match_district(view.revision, view.today, look.chosen.mode)
    done, failed = 0, []
    for person, job in chosen:
        kept = proposal_evidence(whole, found, (person, job), look.chosen.preset, look.sliders, view.revision)
        try:
            with command(
                cache.store.database(), actor=str(view.staff), action="recommend", at=datetime.now(UTC)
            ) as change:
                commands.recommend(
                    change,
                    person_id=int(pool.seekers.ids[person]),
                    job_id=int(pool.openings.ids[job]),
                    today=view.today,
                    score=float(found.score[person, job]),
                    evidence=kept,
                )
            done += 1
        except tuple(ERRORS) as error:
            failed.append(tr(ERRORS[type(error)]))
    told = tr.plural("{n} pair recommended.", "{n} pairs recommended.", done)
    st.session_state["match_told"] = ("error" if failed else "done", " ".join([told, *dict.fromkeys(failed)]))
    st.rerun()


def training(look: Look) -> None:
    """Courses by placements added, alone and in pairs; who would attend and what they would fill."""
    tr = look.view.tr
    whole = cache.matching.match_district(look.view.revision, look.view.today, look.chosen.mode)
    singles, pairs = _worthwhile(whole.courses), _worthwhile(_better(whole))
    if not singles or singles[0].people == 0:
        st.info(tr("No course alone removes what stands between people and openings."))
        return
    left, right = st.columns(2, gap="medium")
    one, two = tables.gain_rows(look.pool, singles, tr), tables.gain_rows(look.pool, pairs, tr)
    with left:
        title = tr("One course: {course} adds most placements", course=one["course"].iloc[0])
        look.draw(figures.gain_bars(one, title, tr), title)
    with right:
        if len(two):
            title = tr("Two courses: {course} add most together", course=two["course"].iloc[0])
            look.draw(figures.gain_bars(two, title, tr), title)
    options = [*singles, *pairs]
    names = [*one["course"], *two["course"]]
    chosen = st.selectbox(tr("Plan in detail"), range(len(options)), format_func=names.__getitem__, key="match_course")
    plan = course_plan(whole, look.listed.weights, options[chosen].skills)
    place = plan.communities["community"].iloc[0] if len(plan.communities) else "—"
    st.markdown(
        md_escape(
            tr(
                "{course}: {people} people could attend, most of them in {place}; {gained} more would be placed.",
                course=names[chosen],
                people=tr.number(len(plan.attend)),
                place=place,
                gained=tr.number(plan.gained),
            )
        )
    )
    course.plan(look, options[chosen].skills, plan)
    _plan_tables(look, plan)
    st.caption(
        tr(
            "A course helps where essential skills are all that is missing. Counted exactly as the greatest number of "
            "placements; gains of courses do not add up, so every pair is solved by itself. People whose "
            "public-welfare post ends soon are included."
        )
    )


def _better(whole: District) -> list[Gain]:
    """Pairs of courses that add more than the better of the two alone."""
    alone = {gain.skills[0]: gain.placements for gain in whole.courses}
    return [pair for pair in whole.course_pairs if pair.placements > max(alone[k] for k in pair.skills)]


def _worthwhile(found: list[Gain]) -> list[Gain]:
    """Courses that add placements, or, when none does, those that most people could attend."""
    return [gain for gain in found if gain.placements > 0][:SHOWN_COURSES] or found[:3]


def _plan_tables(look: Look, plan) -> None:  # type: ignore[no-untyped-def]
    tr = look.view.tr
    left, middle, right = st.columns(3, gap="medium")
    people = pd.DataFrame(
        {
            tr("Person"): [look.person_name(int(p)) for p in plan.attend],
            tr("Community"): look.pool.people["community"].iloc[plan.attend].to_numpy(),
        }
    )
    places = plan.communities.rename(columns={"community": tr("Community"), "people": tr("Could attend")})
    fills = plan.fills.drop(columns="job").rename(
        columns={"title": tr("Opening"), "employer": tr("Employer"), "people": tr("Filled by this course")}
    )
    for column, table, alt in (
        (left, places, tr("Communities of those who could attend")),
        (middle, people, tr("Who could attend")),
        (right, fills, tr("Openings they would fill")),
    ):
        with column:
            st.markdown(f"**{alt}**")
            st.dataframe(table, hide_index=True, height=260, alt=alt)
