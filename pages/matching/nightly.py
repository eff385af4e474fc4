"""What the nightly runs left for the same opening or person: when, on what, where each stands now, who is assigned."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.batch.results import NightlyAssignment, NightlyLists
from core.matching.ranking.shortlist import Bucket, Kind
from pages import cache
from pages.common import scope
from pages.common.escape import md_escape
from pages.common.tables import show_table
from pages.matching.context import RankingContext

__all__ = ["exists", "show"]


def exists() -> bool:
    """Whether a nightly run has left anything to show."""
    return cache.batch.has_nightly_lists() or cache.batch.has_nightly_assignment()


def show(context: RankingContext) -> None:
    """The nightly list beside the places of now, then whom the nightly assignment sends here."""
    if cache.batch.has_nightly_lists():
        _list(context)
    if cache.batch.has_nightly_assignment():
        _assignment(context)


def _list(context: RankingContext) -> None:
    """A list of another state of the data says so."""
    tr, nightly = context.view.tr, cache.batch.nightly_lists(context.view.revision)
    if nightly is None:
        _not_finished(context, "match")
        return
    st.markdown(
        md_escape(
            tr(
                "{when} {state} The list above is live: present data, present weights and filters.",
                when=_when(context, nightly),
                state=nightly.changes_text(tr, context.view.revision),
            )
        )
    )
    ids, score = (
        nightly.of_opening(context.selection.subject_id)
        if context.selection.kind is Kind.PEOPLE
        else nightly.of_person(context.selection.subject_id)
    )
    if not len(ids):
        st.info(tr("The nightly run ranked nobody here."))
        return
    points = score * nightly.points_per_unit
    known, listed = _shown(context, ids)
    show_table(
        context.view,
        _table(context, ids, points, listed),
        tr("Nightly list"),
        config={tr("Points in the night"): st.column_config.NumberColumn(format="%.1f")},
        height="auto",
    )
    _left_out(context, int((~known).sum()), int((known & ~listed).sum()))


def _assignment(context: RankingContext) -> None:
    """How many the assignment places, at most how many could be, and whom or what it proposes for this subject."""
    tr, nightly = context.view.tr, cache.batch.nightly_assignment(context.view.revision)
    st.markdown(f"**{tr('Assignment of the night')}**")
    if nightly is None:
        _not_finished(context, "assign")
        return
    is_opening = context.selection.kind is Kind.PEOPLE
    ids = (nightly.of_opening if is_opening else nightly.of_person)(context.selection.subject_id)
    known, listed = _shown(context, ids)
    row_of = {int(candidate): row for row, candidate in enumerate(context.candidates.ids)}
    names = tr(", ").join(context.label(row_of[candidate]) for candidate in ids[listed].tolist())
    proposal = tr("It proposes here: {names}.", names=names) if names else tr("It proposes nobody here.")
    if not is_opening:
        proposal = tr("It proposes: {names}.", names=names) if names else tr("It proposes no job for this person.")
    placed = tr.plural(
        "{n} person is placed; no assignment places more than {most}.",
        "{n} people are placed; no assignment places more than {most}.",
        nightly.bound.placed,
        most=tr.number(nightly.bound.at_most),
    )
    state = nightly.changes_text(tr, context.view.revision)
    st.markdown(md_escape(tr.sentences(_when(context, nightly), state, placed, proposal)))
    _left_out(context, int((~known).sum()), int((known & ~listed).sum()))


def _not_finished(context: RankingContext, name: str) -> None:
    st.info(
        context.view.tr(
            "The nightly run has not finished, or its files are damaged. Run it again: {command}",
            command=f"python -m core.batch {name}",
        )
    )


def _shown(context: RankingContext, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which candidates are still in the pool, and which of them may be shown to whom looks."""
    known = np.isin(ids, context.candidates.ids)
    return known, known & (scope.mask(context.view, ids) if context.selection.kind is Kind.PEOPLE else True)


def _when(context: RankingContext, nightly: NightlyLists | NightlyAssignment) -> str:
    """When it was computed, for which day and with which weights."""
    tr = context.view.tr
    facts = {
        "time": tr.time(nightly.finished_at),
        "day": tr.day(nightly.day),
        "preset": _preset_name(context, nightly.preset),
        "mode": tr.term(nightly.mode),
    }
    if nightly.reach is None:
        return tr("Computed {time} for {day} with the weights “{preset}”, {mode}.", **facts)
    return tr(
        "Computed {time} for {day} with the weights “{preset}”, {mode} within {n} minutes.",
        n=tr.number(nightly.reach),
        **facts,
    )


def _preset_name(context: RankingContext, key: str) -> str:
    presets = {preset.key: preset for preset in cache.matching.presets(context.view.revision)}
    return presets[key].title(context.view.tr) if key in presets else key


def _table(context: RankingContext, ids: np.ndarray, points: np.ndarray, listed: np.ndarray) -> pd.DataFrame:
    """Place and points of the night, place of now, for the candidates that may be listed here."""
    tr, shortlist = context.view.tr, context.shortlist
    ranked = context.candidates.ids[shortlist.buckets[Bucket.RANKED]]
    place_now = {int(candidate): place for place, candidate in enumerate(ranked, start=1)}
    row_of = {int(candidate): row for row, candidate in enumerate(context.candidates.ids)}
    shown = [(place, int(ids[place])) for place in np.flatnonzero(listed)]
    return pd.DataFrame(
        {
            tr("Place in the night"): [place + 1 for place, _ in shown],
            tr("Person"): [context.label(row_of[candidate]) for _, candidate in shown],
            tr("Points in the night"): [float(points[place]) for place, _ in shown],
            tr("Place now"): [
                _place_now(context, place_now.get(candidate), row_of[candidate]) for _, candidate in shown
            ],
        }
    )


def _place_now(context: RankingContext, place: int | None, row: int) -> str:
    """The place, or why there is none."""
    if place is not None:
        return context.view.tr.number(place)
    is_selected = bool(context.selection.mask[row])
    return context.view.tr("not ranked") if is_selected else context.view.tr("outside the filters")


def _left_out(context: RankingContext, gone: int, of_others: int) -> None:
    """Who of the nightly list is not in the table."""
    tr = context.view.tr
    notes = []
    if gone:
        notes.append(tr.plural("{n} is no longer available.", "{n} are no longer available.", gone))
    if of_others:
        notes.append(tr.plural("{n} lives in another community.", "{n} live in other communities.", of_others))
    if notes:
        st.caption(" ".join(notes))
