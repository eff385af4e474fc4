"""Tests of the list: is it stable and fair, who is not on it and why; the whole district; what training would gain."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st

from core.matching import figures, tables
from core.matching.explain import beats, robustness, unknown_factors
from core.matching.limits import FAIL, UNKNOWN
from core.matching.reasons import reasons
from core.matching.shortlist import Bucket, Kind, stability
from pages.parts import matching_fairness, matching_whole
from pages.parts.escape import md_escape
from pages.parts.matching_look import Look

__all__ = ["show"]

EXPLAINED = 200  # candidates whose reasons are written out


def show(look: Look) -> None:
    """The tabs; only the open one is reckoned."""
    tr = look.view.tr
    sections: dict[str, Callable[[Look], None]] = {tr("Stability"): _stability}
    if look.chosen.kind is Kind.PEOPLE:
        sections[tr("Fairness")] = matching_fairness.show
    sections[tr("Not listed and why")] = _not_listed
    sections[tr("Whole district")] = matching_whole.proposal
    sections[tr("What training would gain")] = matching_whole.training
    tabs = st.tabs(list(sections), key="match_tabs", on_change="rerun")
    for tab, section in zip(tabs, sections.values(), strict=True):
        if tab.open:
            with tab:
                section(look)


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


def _not_listed(look: Look) -> None:
    tr = look.view.tr
    table = tables.removed_rows(look.found, look.keep, tr)
    out, verify = look.listed.buckets[Bucket.EXCLUDED], look.listed.buckets[Bucket.TO_VERIFY]
    left, right = st.columns([2, 3], gap="medium")
    with left:
        ruled = table[table["removes"] > 0]
        if len(ruled):
            title = tr("Most are ruled out by: {limit}", limit=ruled["label"].iloc[0])
            look.draw(figures.removed_bars(ruled, title, tr), title)
            st.caption(tr("Pale: ruled out by this limit; dark: by this limit alone."))
    with right:
        for label, rows, state in (
            (tr("Need a visit first: too little is known ({n})"), look.listed.buckets[Bucket.VISIT_FIRST], None),
            (tr("To verify: a limit can't be told ({n})"), verify, UNKNOWN),
            (tr("Ruled out ({n})"), out, FAIL),
        ):
            st.markdown(f"**{label.format(n=tr.number(len(rows)))}**")
            if len(rows):
                st.dataframe(_reasons(look, rows, state), hide_index=True, height=210, alt=label.format(n=len(rows)))
            if len(rows) > EXPLAINED:
                st.caption(tr("The first {n} are written out.", n=EXPLAINED))


def _reasons(look: Look, rows: np.ndarray, state: int | None) -> pd.DataFrame:
    """Candidate, points and the sentences of what stands in the way."""
    tr, told = look.view.tr, []
    for row in rows[:EXPLAINED].tolist():
        if state is None:
            share = tr.percent(float(look.listed.scores.coverage[row]), 0)
            what = tr(", ").join(unknown_factors(look.found.profile, row, look.listed.weights, tr))
            told.append(tr("Known: {share} of the weight. To find out: {what}", share=share, what=what))
            continue
        person, job = look.found.pair(row)
        block = look.pool.block([person], [job], look.chosen.mode)
        told.append(tr("; ").join(r.sentence for r in reasons(look.pool, person, job, block, tr) if r.state == state))
    label = tr("Person") if look.chosen.kind is Kind.PEOPLE else tr("Opening")
    return pd.DataFrame(
        {
            label: [look.name(row) for row in rows[:EXPLAINED].tolist()],
            tr("Reason"): told,
        }
    )
