"""Matching: who first, why, and is that robust and fair."""

from __future__ import annotations

import time

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.matching.explanation import compare_sentence, stability_sentence
from core.matching.ranking.scoring import NoWeights, points_per_unit
from core.matching.ranking.shortlist import Kind
from pages import cache
from pages.common.escape import md_escape
from pages.common.heading import empty_state, heading
from pages.common.session_keys import Key
from pages.common.view import View
from pages.matching import analysis, live_bars, pair, ranked_list, selection, weights
from pages.matching.context import RankingContext, build_context
from pages.matching.selection import Selection

__all__ = ["render"]

# Seconds in which the browser paints the bars. It gathers what arrives within 10 ms into one drawing of the whole page:
# with this pause the bars are seen 30 ms sooner, and the page is at rest no later.
PAINT = 0.03


@st.fragment
def render(view: View) -> None:
    """The bar above; weights left, the list in the middle, the pair in detail right; analysis of the list below."""
    pool = cache.matching.pool(view.revision, view.today)
    if pool.jobs.empty or pool.people.empty:
        tr = view.tr
        heading(tr("Matching"))
        empty_state(tr, tr("This page ranks people for an opening and openings for a person, with every reason shown."))
    title = st.container()
    selected = selection.choose(view, pool)
    if selected is not None:
        _ranked(view, selected, title)
        live_bars.show_contenders(view, selected)


@st.fragment(key=Key.MATCH_RANKED)
def _ranked(view: View, selected: Selection, title: DeltaGenerator) -> None:
    """What a slider moves; the bars are written first."""
    panel, middle, side = st.columns([6, 12, 9], gap="medium")
    sliders = weights.current_weights()
    try:
        context = build_context(view, selected, sliders)
    except NoWeights:
        with title:
            heading(view.tr("Matching"))
        with panel:
            weights.show(view, selected, sliders, None)
        middle.warning(view.tr("All weights are zero. Raise at least one to rank."))
        return
    with middle:
        ranked_list.bars(context)
    time.sleep(PAINT)
    with panel:
        weights.show(view, selected, sliders, context)
    with title:
        _heading(context)
    with side:
        pair.show(context)
    analysis.show(context)


def _heading(context: RankingContext) -> None:
    tr, shortlist = context.view.tr, context.shortlist
    filters = md_escape(context.selection.sentence(context.view))
    subject = context.subject_name()
    if not len(shortlist.rows):
        heading(
            tr("No candidate passes every limit for {what}", what=md_escape(subject))
            if context.selection.kind is Kind.PEOPLE
            else tr("No opening passes every limit for {what}", what=md_escape(subject)),
            filters,
        )
        return
    sentences = [
        _uncertain_lead(context),
        compare_sentence(shortlist, 0, 1, context.name, tr) if len(shortlist.rows) > 1 else "",
        stability_sentence(shortlist.leader_bands, context.name, tr),
    ]
    heading(
        md_escape(_leader(context, subject)),
        "  \n".join([filters, *(md_escape(text) for text in sentences if text)]),
    )


def _leader(context: RankingContext, subject: str) -> str:
    """Who leads, and by how much; ties say so."""
    tr, shortlist = context.view.tr, context.shortlist
    best = context.name(int(shortlist.rows[0]))
    if len(shortlist.rows) == 1:
        return tr("{best} is the only candidate for {what}", best=best, what=subject)
    if shortlist.tied_leaders > 1:
        return tr.plural(
            "Top matches for {what}: {best} and {n} other, tied at {points} points",
            "Top matches for {what}: {best} and {n} others, tied at {points} points",
            shortlist.tied_leaders - 1,
            what=subject,
            best=best,
            points=tr.number(float(shortlist.scores.points[shortlist.rows[0]]), 1),
        )
    other = context.name(int(shortlist.rows[1]))
    gap = tr.number(float(shortlist.parts[:, 0].sum() - shortlist.parts[:, 1].sum()), 1)
    if gap == tr.number(0, 1):
        return tr(
            "Top match for {what}: {best}, less than 0.1 points ahead of {other}", what=subject, best=best, other=other
        )
    if not shortlist.lead_is_certain:
        known = tr.percent(float(shortlist.scores.coverage[shortlist.rows[0]]), 0)
        return tr(
            "Top match for {what}: {best} (only {known} of the data is available)", what=subject, best=best, known=known
        )
    return tr(
        "Top match for {what}: {best}, {gap} points ahead of {other}", what=subject, best=best, other=other, gap=gap
    )


def _uncertain_lead(context: RankingContext) -> str:
    """Who would lead if all that is unknown of the first turned out badly."""
    tr, shortlist = context.view.tr, context.shortlist
    if shortlist.lead_is_certain:
        return ""
    leader, guaranteed = int(shortlist.rows[0]), shortlist.highest_guaranteed
    unit = points_per_unit(shortlist.weights)
    return tr(
        "{first}'s score could be {low}–{high} after a visit; {surest} scores at least {points}.",
        first=context.name(leader),
        low=tr.number(unit * float(shortlist.scores.low[leader]), 1),
        high=tr.number(unit * float(shortlist.scores.high[leader]), 1),
        surest=context.name(guaranteed),
        points=tr.number(unit * float(shortlist.scores.low[guaranteed]), 1),
    )
