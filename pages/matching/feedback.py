"""Ratings of the first five suggest weights: the least change that fits what a caseworker thinks of them."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.matching.ranking.weight_fitting import Mark, suggest
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.matching.context import RankingContext

__all__ = ["show"]

FIRST = 5


def show(context: RankingContext) -> None:
    """One choice a candidate; the suggestion in a sentence; a button that takes it."""
    tr, rows = context.view.tr, context.shortlist.rows[:FIRST]
    if len(rows) < 2:
        st.info(tr("With fewer than two ranked candidates there is nothing to compare."))
        return
    names = {Mark.GOOD: tr("good"), Mark.SO_SO: tr("so-so"), Mark.NO: tr("not suitable")}
    st.caption(tr("Rate the first five; the smallest change of the weights that fits your ratings is suggested."))
    marks = {}
    for row in rows.tolist():
        mark = st.segmented_control(
            md_escape(context.label(row)),
            list(names),
            format_func=names.__getitem__,
            key=Key.MATCH_RATING.of(
                context.selection.kind.value, context.selection.subject_id, context.candidates.ids[row]
            ),
        )
        if mark is not None:
            marks[row] = mark
    if len(set(marks.values())) < 2:
        st.caption(tr("Rate at least two of them differently."))
        return
    profile = context.candidates.profile.take(list(marks))
    suggestion = suggest(profile, context.shortlist.weights, list(marks.values()))
    st.markdown(md_escape(suggestion.sentence(context.shortlist.weights, tr)))
    st.button(
        tr("Use these weights"),
        icon=":material/tune:",
        on_click=_use,
        args=(suggestion.sliders,),
        key=Key.RATINGS_APPLY,
        disabled=suggestion.held <= suggestion.held_before,
    )


def _use(sliders: Mapping[str, int]) -> None:
    st.session_state[Key.WEIGHTS_REQUESTED] = dict(sliders)
    st.rerun(Key.MATCH_RANKED)
