"""Analysis of the list: is it stable and fair, who is not on it and why; the whole district; what training would gain."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.locale import N_
from core.matching import figures, tables
from core.matching.explanation import compare_sentence, stability_sentence
from core.matching.ranking.shortlist import Kind
from core.matching.ranking.stability import Band
from pages.common.charts import show_drawn
from pages.common.escape import md_escape
from pages.common.query_params import url_choice
from pages.common.session_keys import Key
from pages.matching import assignment, excluded, fairness, feedback, nightly, requirements, training
from pages.matching.context import RankingContext

__all__ = ["show"]


@st.fragment
def show(context: RankingContext) -> None:
    """One of the sections, when it is asked for; in the address by code."""
    tr = context.view.tr
    labels = {
        code: tr(label)
        for code, (label, whom, _) in SECTIONS.items()
        if context.selection.kind in whom and (code != NIGHTLY or nightly.exists())
    }
    section = url_choice(
        st.segmented_control,
        tr("Analyse this list"),
        "test",
        list(labels),
        None,
        key=Key.MATCH_SECTION.of(context.selection.kind.value),
        format_func=labels.__getitem__,
    )
    if section is not None:
        SECTIONS[section][2](context)


def _stability(context: RankingContext) -> None:
    tr, shortlist = context.view.tr, context.shortlist
    if len(shortlist.rows) < 2:
        st.info(tr("With fewer than two ranked candidates there is nothing that could change."))
        return
    left, right = st.columns(2, gap="medium")
    with left:
        title = tr("First place: {sentence}", sentence=stability_sentence(shortlist.leader_bands, context.name, tr))
        _bands(context, shortlist.leader_bands, tr("Band of each weight in which the first place holds"), title)
    set_bands = shortlist.set_bands(len(shortlist.rows))
    with right:
        title = tr(
            "First {k} as a set: {sentence}",
            k=len(shortlist.rows),
            sentence=stability_sentence(set_bands, context.name, tr),
        )
        _bands(
            context, set_bands, tr("Band of each weight in which the same {k} are listed", k=len(shortlist.rows)), title
        )
    st.caption(
        tr(
            "Exact, not simulated: one weight moves, the others keep their proportions. "
            "A diamond marks the current weight; the bar shows how far the result holds."
        )
    )


def _comparison(context: RankingContext) -> None:
    """Two candidates side by side, and the places against those under the preset."""
    if len(context.shortlist.rows) < 2:
        st.info(context.view.tr("With fewer than two ranked candidates there is nothing to compare."))
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _compare(context)
    with right:
        _slopes(context)


def _bands(context: RankingContext, bands: tuple[Band, ...], title: str, sentence: str) -> None:
    st.markdown(md_escape(sentence))
    show_drawn(
        context.view,
        figures.band_chart(tables.band_rows(bands, context.name, context.view.tr), title, context.view.tr),
        title,
    )


def _compare(context: RankingContext) -> None:
    tr, shortlist = context.view.tr, context.shortlist
    places = list(range(len(shortlist.rows)))
    names = [context.name(int(row)) for row in shortlist.rows]
    one, two = st.columns(2)
    a = one.selectbox(
        tr("First candidate"), places, 0, format_func=lambda n: f"{n + 1}  {names[n]}", key=Key.COMPARE_FIRST
    )
    b = two.selectbox(
        tr("Compare with"), places, 1, format_func=lambda n: f"{n + 1}  {names[n]}", key=Key.COMPARE_SECOND
    )
    if a == b:
        st.info(tr("Choose two different candidates."))
        return
    sentence = compare_sentence(shortlist, a, b, context.name, tr)
    show_drawn(context.view, figures.difference(tables.difference_rows(shortlist, a, b, tr), sentence, tr), sentence)


def _slopes(context: RankingContext) -> None:
    tr = context.view.tr
    places = tables.slope_rows(context.shortlist, context.name, tr)
    moved = int((places.loc[places["side"] == 1, "way"] != tr("unchanged")).sum())
    title = tr.plural(
        "{n} listed candidate ranks differently under “{preset}”",
        "{n} listed candidates rank differently under “{preset}”",
        moved,
        preset=context.selection.preset.title(tr),
    )
    show_drawn(
        context.view,
        figures.place_slopes(places, context.selection.preset.title(tr), tr("Current weights"), title, tr),
        title,
    )


NIGHTLY = "nightly"  # offered where a nightly run has left anything
BOTH = frozenset(Kind)
# code in the address: label, for which direction, what it draws
SECTIONS: dict[str, tuple[str, frozenset[Kind], Callable[[RankingContext], None]]] = {
    "stability": (N_("Stability"), BOTH, _stability),
    "comparison": (N_("Comparison"), BOTH, _comparison),
    "fairness": (N_("Fairness"), frozenset({Kind.PEOPLE}), fairness.show),
    "left_out": (N_("Not listed and why"), BOTH, excluded.show),
    "requirements": (N_("Price of requirements"), frozenset({Kind.PEOPLE}), requirements.show),
    "marks": (N_("Weights from ratings"), BOTH, feedback.show),
    "district": (N_("Whole district"), BOTH, assignment.show),
    NIGHTLY: (N_("Nightly list"), BOTH, nightly.show),
    "training": (N_("What training would gain"), BOTH, training.show),
}
