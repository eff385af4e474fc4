"""The ranked list: stacked bars with places, changes and states; a sentence each; the download."""

from __future__ import annotations

import streamlit as st

from core.matching import tables
from core.matching.evidence import VERSION
from core.matching.explanation import score_sentence
from core.matching.inputs.factors import FACTORS
from core.matching.ranking.shortlist import Bucket, Kind
from core.policy import Action
from pages.common.downloads import download_table
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.matching import live_bars
from pages.matching.context import RankingContext

__all__ = ["bars", "sentences"]


def bars(context: RankingContext) -> None:
    """How everyone was sorted, and the bars; a click on one shows it in detail."""
    tr, shortlist = context.view.tr, context.shortlist
    _counts(context)
    if not len(shortlist.rows):
        st.info(tr("See “Not listed and why” below for the reasons."))
        return
    live_bars.show_list(context)


def sentences(context: RankingContext) -> None:
    """The first ten in words, and the list as a workbook."""
    tr, shortlist = context.view.tr, context.shortlist
    table = context.rows
    texts = [score_sentence(shortlist, place, context.name, tr) for place in range(min(len(shortlist.rows), 10))]
    st.markdown("\n".join(f"{n}. {md_escape(text)}" for n, text in enumerate(texts, start=1)))
    download_table(
        context.view,
        lambda: tables.export_rows(shortlist, table, tr).assign(**_provenance(context)),
        tr("Ranked list"),
        Key.MATCH_DOWNLOAD,
        action=Action.EXPORT_PEOPLE,
        filters=context.selection.sentence(context.view),
    )


def _provenance(context: RankingContext) -> dict[str, str]:
    """Columns that say with which weights, preset, day and data a sheet was made."""
    tr, selection = context.view.tr, context.selection
    shares = tr(", ").join(
        tr("{factor} {share}", factor=tr(factor.label), share=tr.percent(float(weight), 1))
        for factor, weight in zip(FACTORS, context.shortlist.weights / context.shortlist.weights.sum(), strict=True)
    )
    preset = tr("{name}, version {n}", name=selection.preset.title(tr), n=selection.preset.revision)
    data = tr("Data revision {revision}, formulas {version}", revision=context.view.revision, version=VERSION)
    return {
        tr("List for"): context.subject_name(),
        tr("Filters"): selection.sentence(context.view),
        tr("Weights"): shares,
        tr("Preset to compare with"): preset,
        tr("Data and method"): data,
    }


def _counts(context: RankingContext) -> None:
    """How everyone was sorted: nobody is dropped silently. The first number is that of the opening's line in the bar."""
    tr, shortlist = context.view.tr, context.shortlist
    sizes = shortlist.buckets.sizes
    counts = tr(
        "**{passing}** pass every limit: {ranked} ranked (**first {k}** shown), **{visit}** need a visit first · **{verify}** to check · **{out}** ruled out",
        passing=tr.number(shortlist.passing),
        ranked=tr.number(shortlist.ranked),
        k=len(shortlist.rows),
        visit=tr.number(sizes[Bucket.VISIT_FIRST]),
        verify=tr.number(sizes[Bucket.TO_VERIFY]),
        out=tr.number(sizes[Bucket.EXCLUDED]),
    )
    notes = [f":small[{md_escape(text)}]" for text in (_tie(context), _quota(context), _crowding(context)) if text]
    st.markdown("  \n".join([counts, *notes]))


def _tie(context: RankingContext) -> str:
    """Where the end of the list cuts through a tie: who is shown and who is not differ by nothing but the number."""
    tr, tied = context.view.tr, context.shortlist.tied_beyond
    if not tied:
        return ""
    return tr.plural(
        "{n} more scores the same as the last one shown; ties are listed by number",
        "{n} more score the same as the last one shown; ties are listed by number",
        tied,
    )


def _quota(context: RankingContext) -> str:
    tr, quota = context.view.tr, context.shortlist.quota
    if quota is None:
        return ""
    text = tr(
        "Quota: {reached} of at least {required} in hardship, {n} through the quota in place of {out}",
        reached=quota.reached,
        required=quota.required,
        n=len(quota.brought_in),
        out=tr(", ").join(context.name(int(row)) for row in quota.displaced) or "—",
    )
    return text if quota.met else tr("{text}; no more of them can be ranked", text=text)


def _crowding(context: RankingContext) -> str:
    """How many are already on their way to this opening."""
    if context.selection.kind is not Kind.PEOPLE:
        return ""
    tr, pool, job = context.view.tr, context.pool, context.candidates.subject
    seats, under_way = int(pool.openings.seats[job]), int(pool.live_by_job[job])
    text = tr("{n} referred to this opening, {seats} seats left", n=under_way, seats=seats)
    return tr("{text}: more than can be hired", text=text) if under_way > seats else text
