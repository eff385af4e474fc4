"""Matching: whom first, why, and is that robust and fair."""

from __future__ import annotations

import time

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.matching.explanation import beats, robustness
from core.matching.ranking.scoring import NoWeights
from core.matching.ranking.shortlist import Kind
from pages import cache
from pages.common.escape import md_escape
from pages.common.heading import empty_state, heading
from pages.common.view import View
from pages.matching import analysis, pair, ranked_list, selection, weights
from pages.matching.context import RANKED, Look, look_at
from pages.matching.selection import Chosen

__all__ = ["render"]

# Seconds in which the browser paints the bars. It gathers what arrives within 10 ms into one drawing of the whole page:
# with this pause the bars are seen 30 ms sooner, and the page is at rest no later.
PAINT = 0.03


def render(view: View) -> None:
    """Whom or what above; weights left, the list in the middle, the chosen pair right; tests of the list below."""
    tr = view.tr
    pool = cache.matching.match_pool(view.revision, view.today)
    if pool.jobs.empty or pool.people.empty:
        heading(tr("Matching"))
        empty_state(tr, tr("This page ranks people for an opening and openings for a person, with every reason shown."))
    _match(view)


@st.fragment
def _match(view: View) -> None:
    title = st.container()
    chosen = selection.choose(view, cache.matching.match_pool(view.revision, view.today))
    if chosen is not None:
        _ranked(view, chosen, title)


@st.fragment(key=RANKED)
def _ranked(view: View, chosen: Chosen, title: DeltaGenerator) -> None:
    """What a slider moves; the bars are written first."""
    panel, middle, side = st.columns([6, 12, 9], gap="medium")
    now = weights.sliders()
    try:
        look = look_at(view, chosen, now)
    except NoWeights:
        with title:
            heading(view.tr("Matching"))
        with panel:
            weights.weights(view, chosen, now, None)
        middle.warning(view.tr("All sliders stand at zero: there is nothing to rank by. Raise at least one."))
        return
    with middle:
        ranked_list.bars(look)
    time.sleep(PAINT)
    with panel:
        weights.weights(view, chosen, now, look)
    with title:
        _heading(look)
    with side:
        pair.show(look)
    analysis.show(look)


def _heading(look: Look) -> None:
    tr, listed = look.view.tr, look.listed
    where = md_escape(look.chosen.sentence(look.view))
    what = look.anchor_name()
    if not len(listed.rows):
        heading(
            tr("No candidate passes every limit for {what}", what=md_escape(what))
            if look.chosen.kind is Kind.PEOPLE
            else tr("No opening passes every limit for {what}", what=md_escape(what)),
            where,
        )
        return
    told = [_unsure(look), _decomposition(look), robustness(listed.first, look.name, tr)]
    heading(md_escape(_finding(look, what)), "  \n".join([where, *(md_escape(text) for text in told if text)]))


def _finding(look: Look, what: str) -> str:
    tr, listed = look.view.tr, look.listed
    best = look.name(int(listed.rows[0]))
    if len(listed.rows) == 1:
        return tr("{best} is the only candidate for {what}", best=best, what=what)
    other = look.name(int(listed.rows[1]))
    gap = tr.number(float(listed.parts[:, 0].sum() - listed.parts[:, 1].sum()), 1)
    if gap == tr.number(0, 1):
        return tr("First for {what}: {best}, level with {other}", what=what, best=best, other=other)
    if not listed.is_sure:
        known = tr.percent(float(listed.scores.coverage[listed.rows[0]]), 0)
        return tr("First for {what}: {best}, of whom only {known} is known", what=what, best=best, known=known)
    return tr("First for {what}: {best}, {gap} points ahead of {other}", what=what, best=best, other=other, gap=gap)


def _unsure(look: Look) -> str:
    """Who would lead if all that is unknown of the first turned out badly."""
    tr, listed = look.view.tr, look.listed
    if listed.is_sure:
        return ""
    first, surest = int(listed.rows[0]), listed.surest
    return tr(
        "Once visited, {first} may score {low} to {high}; {surest} has {points} for sure.",
        first=look.name(first),
        low=tr.number(100 * float(listed.scores.low[first]), 1),
        high=tr.number(100 * float(listed.scores.high[first]), 1),
        surest=look.name(surest),
        points=tr.number(100 * float(listed.scores.low[surest]), 1),
    )


def _decomposition(look: Look) -> str:
    listed = look.listed
    if len(listed.rows) < 2:
        return ""
    one, other = (look.name(int(row)) for row in listed.rows[:2])
    return beats(one, other, listed.parts[:, 0], listed.parts[:, 1], look.view.tr)
