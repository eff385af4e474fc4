"""The bar above the list: whom or what to match, against which preset, under which filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.geography.plane import TravelMode
from core.matching.inputs.matching_pool import MatchingPool
from core.matching.ranking.presets import Preset
from core.matching.ranking.shortlist import Kind
from pages import cache
from pages.common import scope
from pages.common.links import page_link
from pages.common.query_params import query_param, set_query_param, url_choice, url_choices, url_switch
from pages.common.session_keys import Key
from pages.common.view import View
from pages.matching import presets

__all__ = ["Selection", "choose"]

TOPS = (10, 20, 50)
QUOTAS = (0, 20, 30, 50)  # per cent of the list


@dataclass(frozen=True, eq=False, kw_only=True)
class Filters:
    """What the popover of filters says."""

    top_n: int
    mode: TravelMode
    communities: tuple[str, ...]  # of people: those that the one who looks works with; empty: the whole district
    ending_too: bool  # also people whose public-welfare post ends soon
    hardship_first: bool  # tie-break
    quota: int  # per cent of the list that people in hardship get at least


@dataclass(frozen=True, eq=False, kw_only=True)
class Selection(Filters):
    """What the bar says. ``mask`` (n,) are the candidates that pass the filters, in the order of the pool."""

    kind: Kind
    subject_id: int  # id of the job, or of the person
    preset: Preset  # to compare with
    mask: np.ndarray

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


def choose(view: View, pool: MatchingPool) -> Selection | None:
    """The bar above the list; None when there is nothing to choose."""
    way, what, compared, more = st.columns([4, 6, 4, 4], vertical_alignment="bottom")
    with more:
        popover = st.popover(view.tr("Filters"), icon=":material/filter_list:")
    with way:
        kind = _direction(view)
    with popover:
        filters = _filters(view, pool, kind)
    with what:
        subject_id = _subject(view, kind, filters)
    if subject_id is None:
        return None
    with compared:
        preset = presets.choose(view)
    return Selection(
        kind=kind,
        subject_id=subject_id,
        preset=preset,
        mask=_mask(view, pool, kind, filters),
        **vars(filters),
    )


def _mask(view: View, pool: MatchingPool, kind: Kind, filters: Filters) -> np.ndarray:
    """(n,) candidates that pass the filters."""
    if kind is Kind.PEOPLE:
        own = scope.mask(view, pool.seekers.ids)
        return own & pool.people_mask(ending_too=filters.ending_too, communities=filters.communities)
    if not filters.communities:
        return np.ones(len(pool.jobs), dtype=bool)
    return pool.jobs["community"].isin(filters.communities).to_numpy(dtype=bool)


def _direction(view: View) -> Kind:
    """Whether people or jobs are ranked; a link that names a person starts with jobs."""
    tr = view.tr
    labels = {Kind.PEOPLE: tr("People for a job"), Kind.JOBS: tr("Jobs for a person")}
    if Key.MATCH_KIND not in st.session_state:
        names_person = query_param("person") and not query_param("job")
        st.session_state[Key.MATCH_KIND] = Kind.JOBS if names_person else Kind.PEOPLE
    return st.segmented_control(
        tr("Direction"),
        list(labels),
        required=True,
        format_func=labels.__getitem__,
        key=Key.MATCH_KIND,
        label_visibility="collapsed",
        width="stretch",
    )


def _subject(view: View, kind: Kind, filters: Filters) -> int | None:
    """The job or person to start from, in the address by id."""
    tr = view.tr
    if kind is Kind.PEOPLE:
        set_query_param("person", None)
        set_query_param("opening", None)
        labels = cache.matching.job_labels(
            view.revision, view.today, filters.mode, filters.ending_too, filters.communities, tr
        )
        return _choose_id(view, tr("Opening"), "job", Key.MATCH_JOB, labels)
    set_query_param("job", None)
    labels = cache.matching.person_labels(view.revision, view.today, tr)
    own = scope.mask(view, list(labels))
    return _choose_id(
        view,
        tr("Person"),
        "person",
        Key.MATCH_PERSON,
        {key: label for (key, label), is_own in zip(labels.items(), own, strict=True) if is_own},
    )


def _choose_id(view: View, label: str, name: str, key: Key, labels: Mapping[int, str]) -> int | None:
    """One of the ids of ``labels``; the first one unless the address names another. One that was selected and is gone is
    said to be, until another is selected."""
    ids, before = list(labels), st.session_state.get(key)
    if before not in labels and query_param(name) not in map(str, ids):
        st.session_state[key] = ids[0] if ids else None
        st.session_state[Key.MATCH_GONE.of(name)] = None if before is None or not ids else (before, ids[0])
    # No default: the address names the first one as well, because the order of the list changes with the data.
    chosen = url_choice(
        st.selectbox,
        label,
        name,
        ids,
        None,
        key=key,
        format_func=lambda value: labels.get(value, "?"),
        on_change=lambda: set_query_param("opening", None),  # that was to be seen with the one before
    )
    gone, instead = st.session_state.get(Key.MATCH_GONE.of(name)) or (None, None)
    if gone is not None and chosen == instead:
        _warn_gone(view, name, int(gone))
    return chosen


def _warn_gone(view: View, name: str, number: int) -> None:
    tr = view.tr
    if name == "job":
        st.warning(tr("The opening that was selected is filled or closed, or does not fit the filters any more."))
        page_link("openings", tr("Open it"), ":material/arrow_forward:", {"opening": str(number)})
    else:
        st.warning(tr("The person who was selected does not seek work any more."))
        page_link("people", tr("Open the person"), ":material/arrow_forward:", {"person": str(number)})


def _filters(view: View, pool: MatchingPool, kind: Kind) -> Filters:
    """How many to show, the way of travel, communities; for people also who counts, tie-break and quota."""
    tr = view.tr
    top_n = url_choice(
        st.segmented_control, tr("Show the first"), "top", TOPS, TOPS[0], key=Key.MATCH_TOP, required=True
    )
    mode = url_choice(
        st.segmented_control,
        tr("Way to work"),
        "mode",
        list(TravelMode),
        TravelMode.WALK,
        key=Key.MATCH_MODE,
        required=True,
        format_func=tr.term,
    )
    rows = pool.people if kind is Kind.PEOPLE else pool.jobs
    ids = cache.matching.community_ids(view.revision)
    own = scope.community_names(view) if kind is Kind.PEOPLE else None
    offered = set(rows["community"].dropna()) if own is None else set(own)
    names = {ids[name]: name for name in sorted(offered)}
    places = url_choices(
        st.multiselect,
        tr("Communities"),
        "places",
        list(names),
        key=Key.MATCH_COMMUNITIES,
        format_func=lambda place: tr.name(names.get(place, "?")),
        placeholder=tr("whole district") if own is None else tr("your communities"),
    )
    ending, hardship, quota = False, False, 0
    if kind is Kind.PEOPLE:
        ending = url_switch(tr("Also people whose public-welfare post ends soon"), "ending", key=Key.MATCH_ENDING)
        hardship = url_switch(
            tr("At equal points, people in hardship first"),
            "hardship",
            key=Key.MATCH_HARDSHIP,
            help=tr("Breaks ties between equal displayed scores. Not a weight."),
        )
        quota = url_choice(
            st.segmented_control,
            tr("Share of the list for people in hardship, at least"),
            "quota",
            QUOTAS,
            0,
            key=Key.MATCH_QUOTA,
            required=True,
            format_func=lambda q: tr.percent(q / 100, 0) if q else tr("no quota"),
            help=tr("Candidates added by the quota are marked. Scores are not affected."),
        )
    return Filters(
        top_n=top_n or TOPS[0],
        mode=mode or TravelMode.WALK,
        communities=tuple(names[place] for place in places) or own or (),
        ending_too=ending,
        hardship_first=hardship,
        quota=quota or 0,
    )
