"""Matching: whom first, why, and is that robust and fair."""

from __future__ import annotations

import streamlit as st

from core.matching.explain import beats, robustness
from core.matching.ranking import NoWeights, normalise
from core.matching.shortlist import Kind, Shortlist, shortlist
from pages import cache
from pages.parts import matching_list, matching_pair, matching_rail, matching_tabs
from pages.parts.escape import md_escape
from pages.parts.heading import empty_state, heading
from pages.parts.matching_look import Look
from pages.parts.view import View

__all__ = ["render"]


def render(view: View) -> None:
    """Rail left, list in the middle, the chosen pair on the right, the tests of the list below."""
    tr = view.tr
    pool = cache.match_pool(view.revision, view.today)
    if pool.jobs.empty or pool.people.empty:
        heading(tr("Matching"))
        empty_state(tr, tr("This page ranks people for an opening and openings for a person, with every reason shown."))
    _match(view)


@st.fragment
def _match(view: View) -> None:
    title = st.container()
    rail, main = st.columns([1, 3], gap="medium")
    with rail:
        chosen = matching_rail.choose(view, cache.match_pool(view.revision, view.today))
    if chosen is None:
        return
    with main:
        try:
            weights = normalise(chosen.sliders)
        except NoWeights:
            with title:
                heading(view.tr("Matching"))
            st.warning(view.tr("All sliders stand at zero: there is nothing to rank by. Raise at least one."))
            return
        look = _look(view, chosen, weights)
        with title:
            _heading(look)
        middle, side = st.columns([5, 4], gap="medium")
        with middle:
            row = matching_list.show(look)
        with side:
            matching_pair.show(look, row)
        matching_tabs.show(look)
    matching_list.fill_slots(look)


def _look(view: View, chosen: matching_rail.Chosen, weights) -> Look:  # type: ignore[no-untyped-def]
    pool = cache.match_pool(view.revision, view.today)
    read = cache.people_for_job if chosen.kind is Kind.PEOPLE else cache.jobs_for_person
    found = read(view.revision, view.today, chosen.anchor_id, chosen.mode)
    keep = chosen.keep(pool)
    first = pool.people["hardship"].to_numpy(dtype=bool) if chosen.hardship_first else None
    listed = shortlist(found, weights, chosen.top, preset=normalise(chosen.preset.weights), keep=keep, first=first)
    return Look(view, chosen, pool, found, listed, keep)


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
    parts = [_decomposition(look, listed), robustness(listed.first, look.name, tr)]
    heading(md_escape(_finding(look, listed, what)), "  \n".join([where, *(md_escape(part) for part in parts if part)]))


def _finding(look: Look, listed: Shortlist, what: str) -> str:
    tr = look.view.tr
    best = look.name(int(listed.rows[0]))
    if len(listed.rows) == 1:
        return tr("{best} is the only candidate for {what}", best=best, what=what)
    other = look.name(int(listed.rows[1]))
    gap = tr.number(float(listed.parts[:, 0].sum() - listed.parts[:, 1].sum()), 1)
    if gap == tr.number(0, 1):
        return tr("First for {what}: {best}, level with {other}", what=what, best=best, other=other)
    return tr("First for {what}: {best}, {gap} points ahead of {other}", what=what, best=best, other=other, gap=gap)


def _decomposition(look: Look, listed: Shortlist) -> str:
    if len(listed.rows) < 2:
        return ""
    one, other = (look.name(int(row)) for row in listed.rows[:2])
    return beats(one, other, listed.parts[:, 0], listed.parts[:, 1], look.view.tr)
