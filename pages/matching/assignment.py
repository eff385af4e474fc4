"""The whole district at once: the optimum against practice, the proposed pairs with locks, who remains unplaced and why."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import streamlit as st

from core.jobs import commands
from core.locale import N_
from core.matching import figures, tables
from core.matching.assignment.district import District, Proposal, propose, unplaced
from core.matching.assignment.optimum import ConflictingLocks
from core.matching.evidence import proposal_evidence
from core.matching.inputs.limits import LIMITS
from core.policy import Action
from core.store.commands import command
from pages import cache
from pages.common import scope
from pages.common.charts import show_drawn
from pages.common.downloads import download_table
from pages.common.escape import md_escape
from pages.common.saving import REFUSED, announce, why_refused
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.matching.context import RankingContext

__all__ = ["show"]

FIRST_OF_SEATS = (N_("Opening"), N_("Placements added"), N_("Employer"))  # on a phone
FIRST_OF_PAIRS = (N_("Person"), N_("Opening"), N_("Points"))
VISIBLE = 0.05  # points
EXPLAINED_SEATS = 3  # openings for which one more seat is solved
UNPLACED = {
    "taken": N_("seats go to others who gain more ({n} openings fit)"),
    "visit": N_("too little is known: visit first ({n} openings pass)"),
    "verify": N_("a requirement is unknown ({n} openings to check)"),
}
RULED_OUT = N_("{limit}: ruled out of {n} openings")


def show(context: RankingContext) -> None:
    """Choose aim and seats; figures left, pairs and people right."""
    tr, view = context.view.tr, context.view
    aims = {True: tr("Most placements first"), False: tr("Highest sum of points")}
    maximise_placements = st.segmented_control(
        tr("Aim"), list(aims), default=True, required=True, format_func=aims.__getitem__, key=Key.MATCH_AIM
    )
    places = {"site": tr("On site"), "home": tr("At home"), "all": tr("Both together")}
    where = st.segmented_control(
        tr("Seats"), list(places), default="site", required=True, format_func=places.__getitem__, key=Key.MATCH_SEATS
    )
    district = cache.matching.district(view.revision, view.today, context.selection.mode)
    proposal = _solve(context, district, bool(maximise_placements), str(where))
    if proposal is None:
        return
    _population(context, proposal)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _strategies(context, proposal)
        _seat_prices(context, proposal)
        _who_one_more_seat_places(context, proposal)
    with right:
        _pairs(context, district, proposal)
        _unplaced(context, district, proposal)


def _solve(context: RankingContext, district: District, maximise_placements: bool, where: str) -> Proposal | None:
    """The proposal with this session's locks; None, with a way out, where they conflict."""
    tr, pool = context.view.tr, context.pool
    at_home = pool.openings.home_based
    jobs_mask = {"site": ~at_home, "home": at_home}.get(where, np.ones(len(at_home), dtype=bool))
    marked = {
        key: [pair for pair in _positions(context, st.session_state.get(key, set())) if jobs_mask[pair[1]]]
        for key in (Key.LOCKED_PAIRS, Key.FORBIDDEN_PAIRS)
    }
    try:
        return propose(
            district,
            context.shortlist.weights,
            people_mask=pool.people_mask(ending_too=context.selection.ending_too),
            jobs_mask=jobs_mask,
            maximise_placements=maximise_placements,
            locked=marked[Key.LOCKED_PAIRS],
            forbidden=marked[Key.FORBIDDEN_PAIRS],
        )
    except ConflictingLocks:
        st.error(tr("The locked pairs conflict: a person is locked twice, or more people than seats."))
        st.button(tr("Release all locks"), on_click=_release, key=Key.RELEASE_LOCKS)
        return None


def _population(context: RankingContext, proposal: Proposal) -> None:
    """Whom the proposal is about, in the words of the list: how many are in play and how many pass anywhere."""
    tr = context.view.tr
    able, passes = proposal.allowed.any(axis=1) & proposal.people_mask, proposal.passed.any(axis=1)
    st.caption(
        tr(
            "{n} people are in play (community filters do not apply here): {able} can be placed, {visit} pass but need a visit first, {rest} pass for no opening with seats.",
            n=tr.number(int(proposal.people_mask.sum())),
            able=tr.number(int(able.sum())),
            visit=tr.number(int((passes & ~able).sum())),
            rest=tr.number(int((proposal.people_mask & ~passes & ~able).sum())),
        )
    )


def _positions(context: RankingContext, pairs: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ids → positions, leaving out pairs that are no longer in the pool."""
    people = {int(key): n for n, key in enumerate(context.pool.seekers.ids)}
    jobs = {int(key): n for n, key in enumerate(context.pool.openings.ids)}
    return sorted((people[p], jobs[j]) for p, j in pairs if p in people and j in jobs)


def _strategies(context: RankingContext, proposal: Proposal) -> None:
    """Placements of the optimum and of two practices, the proof, and what stability would cost."""
    tr, best, stable = context.view.tr, proposal.optimum, proposal.best_pair
    title = tr(
        "The optimum places {a} more than job by job, {b} more than best pair first",
        a=best.placed - proposal.by_job.placed,
        b=best.placed - stable.placed,
    )
    show_drawn(context.view, figures.strategy_bars(tables.strategy_rows(proposal, tr), title, tr), title)
    is_proved = best.certificate is not None and best.certificate.holds()
    st.caption(
        tr(
            "Job by job: each opening in turn takes its best candidate. Best pair first: no candidate and employer would both prefer each other."
        )
        + " "
        + (tr("Proved optimal by duality.") if is_proved else tr("Not proved optimal."))
    )
    st.caption(
        tr(
            "Stable matching fills {a} fewer openings and scores {b} points lower than the optimum, but no pair would prefer to switch. The optimum leaves {n} such pairs.",
            a=tr.number(best.placed - stable.placed),
            b=tr.number(proposal.points(best.total - stable.total), 1),
            n=tr.number(proposal.blocking(best)),
        )
    )


def _seat_prices(context: RankingContext, proposal: Proposal) -> None:
    tr, best = context.view.tr, proposal.optimum
    order = np.lexsort((-best.price, -best.extra))
    order = order[proposal.seats[order] > 0]
    order = order[(best.extra[order] > 0) | (proposal.points(best.price)[order] >= VISIBLE)]
    if not len(order):
        return
    st.markdown(f"**{tr('What one more seat would gain')}**")
    jobs = context.pool.jobs.iloc[order]
    show_table(
        context.view,
        pd.DataFrame(
            {
                tr("Opening"): jobs["title"].to_numpy(),
                tr("Employer"): tables.shown_names(jobs["employer"], tr),
                tr("Placements added"): best.extra[order],
                tr("Points added"): proposal.points(best.price)[order],
            }
        ),
        tr("What one more seat would gain"),
        first=FIRST_OF_SEATS,
        config={
            tr("Employer"): st.column_config.TextColumn(width=150),
            tr("Points added"): st.column_config.NumberColumn(format="%.1f"),
        },
        height="auto",
    )


def _who_one_more_seat_places(context: RankingContext, proposal: Proposal) -> None:
    """For the openings that would gain most: who would be placed by one more seat."""
    tr, best = context.view.tr, proposal.optimum
    order = np.lexsort((-best.price, -best.extra))[:EXPLAINED_SEATS]
    lines = []
    for job in order[(best.extra[order] > 0) & (proposal.seats[order] > 0)].tolist():
        placed = [person for person in proposal.one_more(job) if context.own_people[person]]
        names = tr(", ").join(context.person_name(person) for person in placed)
        if names:
            lines.append(tr("One more seat at “{job}” would place {names}.", job=context.job_name(job), names=names))
    if lines:
        st.markdown("  \n".join(md_escape(line) for line in lines))


def _pairs(context: RankingContext, district: District, proposal: Proposal) -> None:
    """The proposed pairs; ticked rows can be locked, forbidden or recommended."""
    tr = context.view.tr
    everyone = tables.proposal_rows(context.pool, proposal, context.person_name, tr)
    rows = everyone[context.own_people[everyone["person"]]].reset_index(drop=True)
    scope.show_left_out(context.view, len(rows), len(everyone))
    st.markdown(f"**{tr('A proposal: a named person confirms each pair')}**")
    shown = rows.drop(columns=["person", "job"])
    state = show_table(
        context.view,
        shown,
        tr("Proposed pairs"),
        first=FIRST_OF_PAIRS,
        config={tr("Points"): st.column_config.NumberColumn(format="%.1f")},
        height=420,
        key=Key.PROPOSAL,
        on_select="rerun",
        selection_mode="multi-row",
    )
    ticked = [(int(rows["person"].iloc[n]), int(rows["job"].iloc[n])) for n in state.selection.rows if n < len(rows)]
    _pair_buttons(context, district, proposal, ticked)
    download_table(context.view, shown, tr("Proposed pairs"), Key.PROPOSAL_DOWNLOAD, action=Action.EXPORT_PEOPLE)


def _pair_buttons(
    context: RankingContext, district: District, proposal: Proposal, ticked: list[tuple[int, int]]
) -> None:
    tr, pool = context.view.tr, context.pool
    pairs = {(int(pool.seekers.ids[p]), int(pool.openings.ids[j])) for p, j in ticked}
    locked, forbidden = Key.LOCKED_PAIRS, Key.FORBIDDEN_PAIRS
    with st.container(horizontal=True):
        st.button(tr("Lock"), icon=":material/lock:", disabled=not pairs, on_click=_mark, args=(locked, pairs))
        st.button(tr("Forbid"), icon=":material/block:", disabled=not pairs, on_click=_mark, args=(forbidden, pairs))
        marked = sum(len(st.session_state.get(key, ())) for key in (locked, forbidden))
        if marked:
            st.button(tr("Release {n} locks and bans", n=marked), icon=":material/lock_open:", on_click=_release)
        if context.view.may(Action.RECOMMEND) and st.button(
            tr("Recommend the selected pairs"),
            type="primary",
            icon=":material/send:",
            disabled=not pairs,
            help=tr("Select rows; each becomes a recommendation in your name."),
        ):
            _recommend(context, district, proposal, ticked)
    if not pairs:
        st.caption(tr("Tick rows to lock, forbid or recommend them."))


def _mark(key: Key, pairs: set[tuple[int, int]]) -> None:
    """Lock or forbid pairs; a pair is never both."""
    other = Key.FORBIDDEN_PAIRS if key is Key.LOCKED_PAIRS else Key.LOCKED_PAIRS
    st.session_state[key] = st.session_state.get(key, set()) | pairs
    st.session_state[other] = st.session_state.get(other, set()) - pairs


def _release() -> None:
    st.session_state[Key.LOCKED_PAIRS], st.session_state[Key.FORBIDDEN_PAIRS] = set(), set()


def _recommend(context: RankingContext, district: District, proposal: Proposal, pairs: list[tuple[int, int]]) -> None:
    """Each pair in its own transaction: one that fails does not hold up the others."""
    tr, view, pool = context.view.tr, context.view, context.pool
    done, failed = 0, []
    for person, job in pairs:
        evidence = proposal_evidence(
            district,
            proposal,
            (person, job),
            preset=context.selection.preset,
            sliders=context.sliders,
            revision=view.revision,
        )
        try:
            with command(
                cache.store.database(), actor=view.access, action=Action.RECOMMEND, at=datetime.now(UTC)
            ) as change:
                commands.recommend(
                    change,
                    person_id=int(pool.seekers.ids[person]),
                    job_id=int(pool.openings.ids[job]),
                    today=view.today,
                    score=proposal.points(float(proposal.score[person, job])) / 100,
                    evidence=evidence,
                )
            done += 1
        except REFUSED as error:
            failed.append(why_refused(tr, error))
    text = tr.plural("{n} pair recommended.", "{n} pairs recommended.", done)
    announce(" ".join([text, *dict.fromkeys(failed)]), is_error=bool(failed))


def _unplaced(context: RankingContext, district: District, proposal: Proposal) -> None:
    """Everyone in play whom the proposal leaves out, with the reason."""
    tr, everyone = context.view.tr, unplaced(district, proposal)
    people = [line for line in everyone if context.own_people[line[0]]]
    if not people:
        return
    limits = {limit.code: tr(limit.label) for limit in LIMITS}
    reasons = [
        tr(UNPLACED[why], n=tr.number(n)) if why in UNPLACED else tr(RULED_OUT, limit=limits[why], n=tr.number(n))
        for _, why, n in people
    ]
    title = tr.plural("{n} person remains unplaced", "{n} people remain unplaced", len(everyone))
    with st.expander(title, expanded=False):
        scope.show_left_out(context.view, len(people), len(everyone))
        show_table(
            context.view,
            pd.DataFrame(
                {
                    tr("Person"): [context.person_name(person) for person, _, _ in people],
                    tr("Community"): tables.shown_names(
                        context.pool.people["community"].iloc[[row for row, _, _ in people]], tr
                    ),
                    tr("Reason"): reasons,
                }
            ),
            title,
            height=260,
        )
