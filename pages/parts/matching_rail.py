"""The left rail of the matching page: whom or what to match, which weights, which filters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.geography.plane import TravelMode
from core.matching.pool import Pool
from core.matching.presets import Preset
from core.matching.shortlist import Kind
from core.terms import PersonState
from pages import cache
from pages.parts import matching_weights
from pages.parts.linked import linked, remember
from pages.parts.view import View

__all__ = ["Chosen", "anchor", "choose", "filters"]

TOPS = (10, 20, 50)


@dataclass(frozen=True, eq=False)
class Chosen:
    """What the rail says."""

    kind: Kind
    anchor_id: int  # id of the job, or of the person
    sliders: dict[str, int]
    preset: Preset  # to compare with
    slots: list[DeltaGenerator]  # a place under each slider for its band
    top: int
    mode: TravelMode
    communities: tuple[str, ...]
    ending_too: bool  # also people whose public-welfare post ends soon
    hardship_first: bool
    names: bool  # full names shown

    def keep(self, pool: Pool) -> np.ndarray:
        """(n,) candidates that pass the filters."""
        if self.kind is Kind.JOBS:
            rows, kept = pool.jobs, np.ones(len(pool.jobs), dtype=bool)
        else:
            rows = pool.people
            kept = np.asarray(self.ending_too | (rows["state"] == PersonState.SEEKING).to_numpy(dtype=bool))
        return kept & (rows["community"].isin(self.communities).to_numpy() if self.communities else True)

    def sentence(self, view: View) -> str:
        """The filters in words."""
        tr = view.tr
        where = tr(", ").join(self.communities) if self.communities else tr("whole district")
        parts = [tr("{where}, {mode}", where=where, mode=tr.term(self.mode))]
        if self.kind is Kind.PEOPLE:
            parts.append(tr("with people whose post ends soon") if self.ending_too else tr("people seeking work only"))
        if self.hardship_first:
            parts.append(tr("at equal points, people in hardship first"))
        parts.append(tr("as of {day}", day=tr.day(view.today)))
        return tr(", ").join(parts)


def choose(view: View, pool: Pool) -> Chosen | None:
    """The whole rail; None when there is nothing to choose."""
    names = _names(view)
    kind, anchor_id = anchor(view, names)
    if anchor_id is None:
        return None
    preset, sliders, slots = matching_weights.weights(view)
    top, mode, communities, ending, hardship = filters(view, pool, kind)
    return Chosen(kind, anchor_id, sliders, preset, slots, top, mode, communities, ending, hardship, names)


def _names(view: View) -> bool:
    tr = view.tr
    return st.toggle(
        tr("Show full names"),
        key="match_names",
        disabled=view.staff is None,
        help=tr("Choose under “Working as” who you are to see names."),
    ) and bool(view.staff)


def anchor(view: View, names: bool) -> tuple[Kind, int | None]:
    """Direction and the job or person to start from; both live in the address."""
    tr = view.tr
    labels = {Kind.PEOPLE: tr("People for a job"), Kind.JOBS: tr("Jobs for a person")}
    start = Kind.JOBS if linked("person") and not linked("job") else Kind.PEOPLE
    kind = st.segmented_control(
        tr("Direction"),
        list(labels),
        default=start,
        required=True,
        format_func=labels.__getitem__,
        key="match_kind",
        label_visibility="collapsed",
        width="stretch",
    )
    if kind is Kind.PEOPLE:
        return kind, _pick(
            tr("Opening"), "job", "person", cache.match_job_labels(view.revision, view.today, _mode(), tr)
        )
    return kind, _pick(tr("Person"), "person", "job", cache.match_person_labels(view.revision, view.today, names, tr))


def _mode() -> TravelMode:
    return TravelMode.parse(linked("mode")) or TravelMode.WALK


def _pick(label: str, name: str, other: str, options: dict[int, str]) -> int | None:
    """One of ``options`` by id, kept in the address under ``name``."""
    wanted = linked(name)
    ids = list(options)
    index = ids.index(int(wanted)) if wanted.isdigit() and int(wanted) in options else (0 if ids else None)
    found = st.selectbox(label, ids, index=index, format_func=lambda key: options.get(key, "?"), key=f"match_{name}")
    remember(name, found)
    remember(other, None)
    return found


def filters(view: View, pool: Pool, kind: Kind) -> tuple[int, TravelMode, tuple[str, ...], bool, bool]:
    """How many to show, the way of travel, communities, who counts, tie-break."""
    tr = view.tr
    with st.expander(tr("Filters"), expanded=False):
        top = st.segmented_control(
            tr("Show the first"), TOPS, default=TOPS[0], required=True, key="top", bind="query-params"
        )
        mode = st.segmented_control(
            tr("Way to work"),
            list(TravelMode),
            default=_mode(),
            required=True,
            format_func=tr.term,
            key="match_mode",
        )
        remember("mode", mode.value, TravelMode.WALK.value)
        rows = pool.people if kind is Kind.PEOPLE else pool.jobs
        places = sorted(set(rows["community"].dropna()))
        codes = cache.community_codes(view.revision)
        wanted = set(linked("places").split("."))
        chosen = st.multiselect(
            tr("Communities"),
            places,
            default=[place for place in places if str(codes.get(place)) in wanted],
            key="match_communities",
            placeholder=tr("whole district"),
        )
        remember("places", ".".join(str(codes[place]) for place in chosen))
        ending = hardship = False
        if kind is Kind.PEOPLE:
            ending = _switch(tr("Also people whose public-welfare post ends soon"), "ending")
            hardship = _switch(
                tr("At equal points, people in hardship first"),
                "hardship",
                help=tr("A tie-break in the open: scores that read the same; it is no weight."),
            )
    return top, mode, tuple(chosen), ending, hardship


def _switch(label: str, name: str, **options: str) -> bool:
    """A toggle that stands in the address as ``name=1``."""
    on = st.toggle(label, value=linked(name) == "1", key=f"match_{name}", **options)
    remember(name, "1" if on else None)
    return on
