"""The bar above the list: whom or what to match, against which preset, under which filters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from core.geography.plane import TravelMode
from core.matching.inputs.pool import Pool
from core.matching.ranking.presets import Preset
from core.matching.ranking.shortlist import Kind
from core.terms import PersonState
from pages import cache
from pages.common.query_params import query_param, set_query_param
from pages.common.view import View
from pages.matching import presets

__all__ = ["Chosen", "choose"]

TOPS = (10, 20, 50)
QUOTAS = (0, 20, 30, 50)  # per cent of the list


@dataclass(frozen=True, eq=False)
class Chosen:
    """What the bar says."""

    kind: Kind
    anchor_id: int  # id of the job, or of the person
    pool: Pool
    preset: Preset  # to compare with
    names: bool  # full names shown
    top: int
    mode: TravelMode
    communities: tuple[str, ...]
    ending_too: bool  # also people whose public-welfare post ends soon
    hardship_first: bool
    quota: int  # per cent of the list that people in hardship get at least

    @cached_property
    def keep(self) -> np.ndarray:
        """(n,) candidates that pass the filters; told once, not at every move of a slider."""
        if self.kind is Kind.JOBS:
            rows, kept = self.pool.jobs, np.ones(len(self.pool.jobs), dtype=bool)
        else:
            rows = self.pool.people
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
        if self.quota:
            parts.append(tr("at least {share} of the list in hardship", share=tr.percent(self.quota / 100, 0)))
        parts.append(tr("as of {day}", day=tr.day(view.today)))
        against = tr("compared with “{name}” ({origin})", name=self.preset.title(tr), origin=self.preset.origin(tr))
        return tr(", ").join([*parts, against])


def choose(view: View, pool: Pool) -> Chosen | None:
    """The bar above the list; None when there is nothing to choose."""
    way, what, compared, more = st.columns([4, 6, 4, 4], vertical_alignment="bottom")
    with more, st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        names = _names(view)
        rest = st.popover(view.tr("Filters"), icon=":material/filter_list:")
    with way:
        kind = _direction(view)
    with what:
        anchor_id = _anchor(view, kind, names)
    if anchor_id is None:
        return None
    with compared:
        preset = presets.choose(view)
    with rest:
        return Chosen(kind, anchor_id, pool, preset, names, *_filters(view, pool, kind))


def _names(view: View) -> bool:
    tr = view.tr
    return st.toggle(
        tr("Show full names"),
        key="match_names",
        disabled=view.staff is None,
        help=tr("Choose under “Working as” who you are to see names."),
    ) and bool(view.staff)


def _direction(view: View) -> Kind:
    tr = view.tr
    labels = {Kind.PEOPLE: tr("People for a job"), Kind.JOBS: tr("Jobs for a person")}
    start = Kind.JOBS if query_param("person") and not query_param("job") else Kind.PEOPLE
    return st.segmented_control(
        tr("Direction"),
        list(labels),
        default=start,
        required=True,
        format_func=labels.__getitem__,
        key="match_kind",
        label_visibility="collapsed",
        width="stretch",
    )


def _anchor(view: View, kind: Kind, names: bool) -> int | None:
    """The job or person to start from, in the address by id."""
    tr = view.tr
    if kind is Kind.PEOPLE:
        options = cache.matching.match_job_labels(view.revision, view.today, _mode(), tr)
        return _pick(tr("Opening"), "job", "person", options)
    return _pick(
        tr("Person"), "person", "job", cache.matching.match_person_labels(view.revision, view.today, names, tr)
    )


def _mode() -> TravelMode:
    return TravelMode.parse(query_param("mode")) or TravelMode.WALK


def _pick(label: str, name: str, other: str, options: dict[int, str]) -> int | None:
    """One of ``options`` by id, kept in the address under ``name``."""
    wanted = query_param(name)
    ids = list(options)
    index = ids.index(int(wanted)) if wanted.isdigit() and int(wanted) in options else (0 if ids else None)
    found = st.selectbox(label, ids, index=index, format_func=lambda key: options.get(key, "?"), key=f"match_{name}")
    set_query_param(name, found)
    set_query_param(other, None)
    return found


def _filters(view: View, pool: Pool, kind: Kind) -> tuple[int, TravelMode, tuple[str, ...], bool, bool, int]:
    """How many to show, the way of travel, communities, who counts, tie-break, quota."""
    tr = view.tr
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
    set_query_param("mode", mode.value, TravelMode.WALK.value)
    rows = pool.people if kind is Kind.PEOPLE else pool.jobs
    places = sorted(set(rows["community"].dropna()))
    codes = cache.matching.community_codes(view.revision)
    wanted = set(query_param("places").split("."))
    chosen = st.multiselect(
        tr("Communities"),
        places,
        default=[place for place in places if str(codes.get(place)) in wanted],
        key="match_communities",
        placeholder=tr("whole district"),
    )
    set_query_param("places", ".".join(str(codes[place]) for place in chosen))
    ending, hardship, quota = False, False, 0
    if kind is Kind.PEOPLE:
        ending = _switch(tr("Also people whose public-welfare post ends soon"), "ending")
        hardship = _switch(
            tr("At equal points, people in hardship first"),
            "hardship",
            help=tr("A tie-break in the open: scores that read the same; it is no weight."),
        )
        wanted_quota = query_param("quota", "0")
        quota = st.segmented_control(
            tr("Share of the list for people in hardship, at least"),
            QUOTAS,
            default=next((q for q in QUOTAS if str(q) == wanted_quota), 0),
            required=True,
            format_func=lambda q: tr.percent(q / 100, 0) if q else tr("no quota"),
            key="match_quota",
            help=tr("A quota in the open: who comes in through it is marked; no score changes."),
        )
        set_query_param("quota", quota, 0)
    return top, mode, tuple(chosen), ending, hardship, quota


def _switch(label: str, name: str, **options: str) -> bool:
    """A toggle that stands in the address as ``name=1``."""
    on = st.toggle(label, value=query_param(name) == "1", key=f"match_{name}", **options)
    set_query_param(name, "1" if on else None)
    return on
