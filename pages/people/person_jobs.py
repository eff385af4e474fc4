"""What a person was recommended for, and the five best openings under the balanced weights, each with its reason and the
way to the pair in matching; what rules the others out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import pandas as pd
import streamlit as st

from core.geography.plane import TravelMode
from core.jobs.commands import LIVE
from core.locale import Translator
from core.matching.explanation import score_sentence, unknown_factors
from core.matching.inputs.limits import FAIL
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.scoring import as_weights
from core.matching.ranking.shortlist import Bucket, Candidates, Shortlist, build_shortlist
from core.matching.reasons import effort, needed_change, reasons
from core.policy import Action
from core.terms import ReferralState
from pages import cache
from pages.common.dialogs import open_dialog
from pages.common.downloads import download_table
from pages.common.escape import md_escape
from pages.common.links import page_link
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View
from pages.people.visit_form import visit_form

__all__ = ["person_jobs"]

FIRST = 5
MODE = TravelMode.WALK


def person_jobs(view: View, person_id: int) -> None:
    """The list, how all open jobs are sorted, what keeps others off it, and the way to the matching page."""
    tr = view.tr
    pool = cache.matching.pool(view.revision, view.today)
    is_seeking = person_id in set(pool.people["id"])
    _recommendations(view, person_id, set(pool.jobs["id"]) if is_seeking else set())
    if not is_seeking:
        return
    candidates = cache.matching.jobs_for_person(view.revision, view.today, person_id, MODE)
    shortlist = build_shortlist(candidates, as_weights(BUILT_IN[0].weights), FIRST)
    with st.container(border=True):
        _counts(shortlist, tr)
        if not shortlist.ranked and len(shortlist.buckets[Bucket.VISIT_FIRST]):
            _to_ask(view, person_id, shortlist)
        for place in range(len(shortlist.rows)):
            reason = score_sentence(shortlist, place, lambda row: _job_name(candidates, row, tr), tr)
            with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
                st.markdown(f"{place + 1}\\. {md_escape(reason)}", width="stretch")
                _pair_link(view, person_id, int(candidates.ids[shortlist.rows[place]]))
        excluded = shortlist.buckets.sizes[Bucket.EXCLUDED]
        with st.container(horizontal=True, vertical_alignment="center"):
            if excluded and st.button(
                tr("{n} ruled out: reasons and the cheapest change", n=excluded),
                icon=":material/block:",
                type="tertiary",
                key=Key.PERSON_EXCLUDED,
            ):
                open_dialog(tr("Openings ruled out by hard limits"), lambda: _excluded(view, shortlist), width="large")
            page_link("matching", tr("Adjust the weights in Matching"), ":material/tune:", {"person": str(person_id)})


def _recommendations(view: View, person_id: int, open_jobs: Collection[int]) -> None:
    """Those that may still lead to work, newest first; ``open_jobs``: openings that matching has for this person."""
    tr, referrals = view.tr, cache.people.history(view.revision).referrals
    own = referrals[(referrals["person_id"] == person_id) & referrals["state"].isin([state.value for state in LIVE])]
    if own.empty:
        return
    with st.container(border=True):
        st.markdown(f"**{tr('Recommendations under way')}**")
        for row in own.sort_values("recommended_on", ascending=False).itertuples():
            since = row.state_since if pd.notna(row.state_since) else row.recommended_on
            name = tr("{title}, {employer}", title=row.title, employer=tr.name(row.employer))
            state = tr("{state} since {day}", state=tr.term(ReferralState.of(row.state)), day=tr.day(since))
            with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
                st.markdown(f"{md_escape(name)} · {state}", width="stretch")
                if row.job_id in open_jobs:
                    _pair_link(view, person_id, int(row.job_id))
                else:
                    page_link("openings", tr("Open the opening"), ":material/work:", {"opening": str(row.job_id)})


def _pair_link(view: View, person_id: int, job_id: int) -> None:
    """To the person and the opening in matching."""
    query = {"person": str(person_id), "opening": str(job_id)}
    page_link("matching", view.tr("Open the pair"), ":material/join_inner:", query)


def _counts(shortlist: Shortlist, tr: Translator) -> None:
    """Where every open job went: the four numbers add up to all of them; ties say so."""
    sizes = shortlist.buckets.sizes
    title = (
        tr("Matching openings: first {n} of {all}", n=len(shortlist.rows), all=shortlist.ranked)
        if shortlist.ranked
        else tr("Matching openings: none yet")
    )
    st.markdown(
        f"**{title}**  \n:small[:gray["
        + tr(
            "Of {all} open: {ranked} ranked, {visit} need a visit first, {verify} to check, {out} ruled out",
            all=sum(sizes.values()),
            ranked=shortlist.ranked,
            visit=sizes[Bucket.VISIT_FIRST],
            verify=sizes[Bucket.TO_VERIFY],
            out=sizes[Bucket.EXCLUDED],
        )
        + "]]"
    )
    if shortlist.tied_leaders > 1:
        st.caption(
            tr.plural(
                "{n} opening is tied for the first place; ties are listed by number",
                "{n} openings are tied for the first place; ties are listed by number",
                shortlist.tied_leaders,
            )
        )


def _to_ask(view: View, person_id: int, shortlist: Shortlist) -> None:
    """What a visit should find out so that openings can be ranked, most often missing first, and the form of the visit."""
    tr, candidates = view.tr, shortlist.candidates
    asked = Counter(
        question
        for row in shortlist.buckets[Bucket.VISIT_FIRST].tolist()
        for question in unknown_factors(candidates.profile, row, shortlist.weights, tr)
    )
    st.write(md_escape(tr("Ask at a visit: {list}", list=tr.join(question for question, _ in asked.most_common()))))
    if view.may(Action.RECORD_VISIT) and st.button(
        tr("Record a visit"), icon=":material/door_front:", type="primary", key=Key.PERSON_JOBS_VISIT
    ):
        visit_form(view, person_id)


def _job_name(candidates: Candidates, row: int, tr: Translator) -> str:
    job = candidates.pool.jobs.iloc[row]
    return tr("{title}, {employer}", title=job["title"], employer=tr.name(job["employer"]))


def _excluded(view: View, shortlist: Shortlist) -> None:
    """Every opening that is ruled out, the one that takes least to open first."""
    tr, candidates = view.tr, shortlist.candidates
    pool, rows = candidates.pool, []
    for row in shortlist.buckets[Bucket.EXCLUDED].tolist():
        person, job = candidates.pair(row)
        pair = reasons(pool, person, job, pool.pair_matrix([person], [job], MODE), tr)
        failed = [reason for reason in pair if reason.state == FAIL]
        texts = tr("; ").join(reason.sentence for reason in failed)
        rows.append((effort(failed), _job_name(candidates, row, tr), needed_change(failed, tr) or "—", texts))
    rows.sort(key=lambda line: line[0])
    best = rows[0]
    if not best[0][0]:
        st.markdown(md_escape(tr("Cheapest change: {change}; it opens “{job}”.", change=best[2], job=best[1])))
    table = pd.DataFrame([line[1:] for line in rows], columns=[tr("Opening"), tr("What would open it"), tr("Reason")])
    show_table(view, table, tr("Openings ruled out by hard limits"), height=420)
    download_table(
        view, table, tr("Openings ruled out by hard limits"), Key.PERSON_EXCLUDED_DOWNLOAD, action=Action.EXPORT_PEOPLE
    )
