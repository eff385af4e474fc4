"""Tests of the list: is it stable and fair, who is not on it and why; the whole district; what training would gain."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.locale import N_
from core.matching import figures, tables
from core.matching.explanation import beats, robustness
from core.matching.ranking.shortlist import Kind, stability
from pages.common.escape import md_escape
from pages.common.query_params import query_param, set_query_param
from pages.matching import assignment, excluded, fairness, feedback
from pages.matching.context import Look

__all__ = ["show"]


@st.fragment
def show(look: Look) -> None:
    """One of the tests, when it is asked for; which one stands in the address."""
    tr = look.view.tr
    labels = {code: tr(label) for code, (label, whom, _) in SECTIONS.items() if look.chosen.kind in whom}
    wanted = query_param("test")
    chosen = st.segmented_control(
        tr("Put the list to the test"),
        list(labels),
        default=wanted if wanted in labels else None,
        format_func=labels.__getitem__,
        key=f"match_test_{look.chosen.kind.value}",
    )
    set_query_param("test", chosen)
    if chosen is not None:
        SECTIONS[chosen][2](look)


def _stability(look: Look) -> None:
    tr, listed = look.view.tr, look.listed
    if len(listed.rows) < 2:
        st.info(tr("With fewer than two ranked candidates there is nothing that could change."))
        return
    left, right = st.columns(2, gap="medium")
    with left:
        title = tr("First place: {sentence}", sentence=robustness(listed.first, look.name, tr))
        _bands(look, listed.first, tr("Band of each weight in which the first place holds"), title)
    several = stability(look.found, listed.weights, len(listed.rows), look.keep)
    with right:
        title = tr("First {k} as a set: {sentence}", k=len(listed.rows), sentence=robustness(several, look.name, tr))
        _bands(look, several, tr("Band of each weight in which the same {k} are listed", k=len(listed.rows)), title)
    st.caption(
        tr(
            "Exact, not simulated: one weight moves, the others keep their proportions. "
            "A diamond marks the weight now; to its sides the bar shows how far the result holds."
        )
    )


def _comparison(look: Look) -> None:
    """Two candidates side by side, and the places against those under the preset."""
    if len(look.listed.rows) < 2:
        st.info(look.view.tr("With fewer than two ranked candidates there is nothing to compare."))
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _compare(look)
    with right:
        _slopes(look)


def _bands(look: Look, bands, title: str, sentence: str) -> None:  # type: ignore[no-untyped-def]
    st.markdown(md_escape(sentence))
    look.draw(figures.band_chart(tables.band_rows(bands, look.name, look.view.tr), title, look.view.tr), title)


def _compare(look: Look) -> None:
    tr, listed = look.view.tr, look.listed
    places = list(range(len(listed.rows)))
    names = [look.name(int(row)) for row in listed.rows]
    one, two = st.columns(2)
    a = one.selectbox(tr("First candidate"), places, 0, format_func=lambda n: f"{n + 1}  {names[n]}", key="match_one")
    b = two.selectbox(tr("Compare with"), places, 1, format_func=lambda n: f"{n + 1}  {names[n]}", key="match_other")
    if a == b:
        st.info(tr("Choose two different candidates."))
        return
    told = beats(names[a], names[b], listed.parts[:, a], listed.parts[:, b], tr)
    look.draw(figures.difference(tables.difference_rows(listed, a, b, tr), told, tr), told)


def _slopes(look: Look) -> None:
    tr = look.view.tr
    places = tables.slope_rows(look.listed, look.name, tr)
    moved = int((places.loc[places["side"] == 1, "way"] != tr("unchanged")).sum())
    title = tr.plural(
        "{n} of the listed stands elsewhere under “{preset}”",
        "{n} of the listed stand elsewhere under “{preset}”",
        moved,
        preset=look.chosen.preset.title(tr),
    )
    look.draw(figures.place_slopes(places, look.chosen.preset.title(tr), tr("Weights now"), title, tr), title)


BOTH = frozenset(Kind)
# code in the address: label, for which direction, what it draws
SECTIONS: dict[str, tuple[str, frozenset[Kind], Callable[[Look], None]]] = {
    "stability": (N_("Stability"), BOTH, _stability),
    "comparison": (N_("Comparison"), BOTH, _comparison),
    "fairness": (N_("Fairness"), frozenset({Kind.PEOPLE}), fairness.show),
    "left_out": (N_("Not listed and why"), BOTH, excluded.show),
    "marks": (N_("Weights from marks"), BOTH, feedback.show),
    "district": (N_("Whole district"), BOTH, assignment.proposal),
    "training": (N_("What training would gain"), BOTH, assignment.training),
}
