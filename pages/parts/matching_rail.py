"""The left rail of the matching page: whom or what to match, which weights, which filters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.geography.plane import TravelMode
from core.matching.factors import CODES, FACTORS
from core.matching.pool import Pool
from core.matching.presets import BUILT_IN, Preset, save_preset
from core.matching.shortlist import Kind
from core.store.commands import command
from core.terms import PersonState
from pages import cache
from pages.parts.linked import linked, remember
from pages.parts.view import View

__all__ = ["Chosen", "anchor", "choose", "filters", "weights"]

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
    preset, sliders, slots = weights(view)
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


def weights(view: View) -> tuple[Preset, dict[str, int], list[DeltaGenerator]]:
    """Preset and the seven sliders, each with a place for its share and band below it."""
    tr = view.tr
    known = {preset.key: preset for preset in cache.match_presets(view.revision)}
    wanted = linked("preset", BUILT_IN[0].key)
    key = st.selectbox(
        tr("Preset to compare with"),
        list(known),
        index=list(known).index(wanted) if wanted in known else 0,
        format_func=lambda code: known[code].title(tr) if code in known else "?",
        key="match_preset",
        help=tr("Arrows show how places change against this preset."),
    )
    remember("preset", key, BUILT_IN[0].key)
    preset = known[key]
    reset = st.empty()
    sliders: dict[str, int] = {}
    slots: list[DeltaGenerator] = []
    for factor, default in zip(FACTORS, BUILT_IN[0].sliders, strict=True):
        sliders[factor.code] = st.slider(
            tr(factor.label),
            0,
            100,
            default,
            step=5,
            key=f"w_{factor.code}",
            bind="query-params",
            help=_formula(view, factor.code),
        )
        slots.append(st.empty())
    reset.button(
        tr("Set sliders to the preset"),
        icon=":material/tune:",
        on_click=_apply,
        args=(preset,),
        disabled=sliders == preset.weights,
        width="stretch",
    )
    if view.staff:
        _save(view, sliders)
    return preset, sliders, slots


def _save(view: View, sliders: dict[str, int]) -> None:
    """Keep the sliders as a named preset; an older one of the name is archived."""
    tr = view.tr
    with st.popover(tr("Save as a preset"), icon=":material/bookmark_add:", width="stretch"):
        name = st.text_input(tr("Name of the preset"), max_chars=40, key="match_preset_name")
        reason = st.text_input(tr("Why these weights"), max_chars=200, key="match_preset_reason")
        if st.button(tr("Save"), key="match_preset_save", disabled=not name.strip() or not any(sliders.values())):
            with command(cache.database(), actor=str(view.staff), action="save_preset", at=datetime.now(UTC)) as change:
                save_preset(change, name, sliders, reason)
            st.rerun()


def _apply(preset: Preset) -> None:
    for code in CODES:
        st.session_state[f"w_{code}"] = preset.weights[code]


def _formula(view: View, code: str) -> str:
    tr, goal = view.tr, cache.match_pool(view.revision, view.today).goalposts
    factor = FACTORS[CODES.index(code)]
    formula = tr(
        factor.formula,
        travel=tr.number(goal.travel_minutes),
        half_life=tr.number(goal.intent_half_life_days),
        years=tr.number(goal.experience_years),
    )
    return tr(
        "{formula}. Unit: {unit}. Source: {source}.", formula=formula, unit=tr(factor.unit), source=tr(factor.source)
    )


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
        chosen = st.multiselect(tr("Communities"), places, key="match_communities", placeholder=tr("whole district"))
        ending = hardship = False
        if kind is Kind.PEOPLE:
            ending = st.toggle(tr("Also people whose public-welfare post ends soon"), key="match_ending")
            hardship = st.toggle(
                tr("At equal points, people in hardship first"),
                key="match_hardship",
                help=tr("A tie-break in the open: scores that read the same; it is no weight."),
            )
    return top, mode, tuple(chosen), ending, hardship
