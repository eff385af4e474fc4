"""Marks on the first five suggest weights: the least change that fits what a caseworker thinks of them."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.matching.ranking.weight_fitting import Mark, suggest
from pages.common.escape import md_escape
from pages.matching import weights
from pages.matching.context import RANKED, Look

__all__ = ["show"]

FIRST = 5


def show(look: Look) -> None:
    """One choice a candidate; the suggestion in a sentence; a button that takes it."""
    tr, rows = look.view.tr, look.listed.rows[:FIRST]
    if len(rows) < 2:
        st.info(tr("With fewer than two ranked candidates there is nothing to compare."))
        return
    names = {Mark.GOOD: tr("good"), Mark.SO_SO: tr("so-so"), Mark.NO: tr("not suitable")}
    st.caption(tr("Say what you think of the first five; the least change of the weights that fits is suggested."))
    marks = {}
    for row in rows.tolist():
        found = st.segmented_control(
            look.label(row),
            list(names),
            format_func=names.__getitem__,
            key=f"match_mark_{look.chosen.kind.value}_{look.chosen.anchor_id}_{look.found.ids[row]}",
        )
        if found is not None:
            marks[row] = found
    if len(set(marks.values())) < 2:
        st.caption(tr("Give at least two of them different marks."))
        return
    profile = look.found.profile.take(list(marks))
    advice = suggest(profile, look.listed.weights, list(marks.values()))
    st.markdown(md_escape(advice.sentence(look.listed.weights, tr)))
    st.button(
        tr("Take these weights"),
        icon=":material/tune:",
        on_click=_take,
        args=(advice.sliders,),
        key="match_marks_apply",
        disabled=advice.held <= advice.held_before,
    )


def _take(sliders: Mapping[str, int]) -> None:
    st.session_state[weights.TAKEN] = dict(sliders)
    st.rerun(RANKED)
