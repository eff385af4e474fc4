"""The weights panel: preset, seven sliders with locks, even out, reset; presets kept with author, date and reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.matching.factors import CODES, FACTORS
from core.matching.presets import BUILT_IN, Preset, archive_preset, save_preset
from core.matching.weighing import evened, rescaled
from core.store.commands import NotFound, command
from pages import cache
from pages.parts.escape import md_escape
from pages.parts.linked import linked, remember
from pages.parts.view import View

__all__ = ["apply", "weights"]


def weights(view: View) -> tuple[Preset, dict[str, int], list[DeltaGenerator]]:
    """Preset and the seven sliders, each with a place for its share and band below it."""
    tr = view.tr
    preset = _preset(view)
    locked = _locks(view)
    buttons = st.container(horizontal=True)
    sliders: dict[str, int] = {}
    slots: list[DeltaGenerator] = []
    for factor, default in zip(FACTORS, BUILT_IN[0].sliders, strict=True):
        sliders[factor.code] = st.slider(
            f":material/lock: {tr(factor.label)}" if factor.code in locked else tr(factor.label),
            0,
            100,
            default,
            key=f"w_{factor.code}",
            bind="query-params",
            help=_formula(view, factor.code),
            on_change=_moved,
            args=(factor.code, locked),
            disabled=factor.code in locked,
        )
        slots.append(st.empty())
    with buttons:
        st.button(
            tr("As the preset"),
            icon=":material/tune:",
            on_click=apply,
            args=(preset.weights,),
            disabled=sliders == preset.weights,
        )
        st.button(
            tr("Even out"),
            icon=":material/balance:",
            on_click=apply,
            args=(evened(sliders, locked),),
            help=tr("The same weight for every factor that is not locked."),
        )
    if view.staff:
        _save(view, preset, sliders)
    return preset, sliders, slots


def apply(sliders: Mapping[str, int]) -> None:
    """Set the sliders; for the callbacks of buttons."""
    for code in CODES:
        st.session_state[f"w_{code}"] = sliders[code]


def _preset(view: View) -> Preset:
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
    found = known.get(key, BUILT_IN[0])  # archived meanwhile
    remember("preset", found.key, BUILT_IN[0].key)
    st.caption(md_escape(found.origin(tr)))
    return found


def _locks(view: View) -> tuple[str, ...]:
    """Factors that keep their share; in the address by code."""
    tr = view.tr
    labels = {factor.code: tr(factor.label) for factor in FACTORS}
    wanted = set(linked("lock").split("."))
    found = st.pills(
        tr("Lock"),
        CODES,
        default=[code for code in CODES if code in wanted],
        selection_mode="multi",
        format_func=labels.__getitem__,
        key="match_lock",
        help=tr("Locked factors keep their share; the others share the rest of 100 when one is moved."),
    )
    remember("lock", ".".join(found))
    return tuple(found)


def _moved(code: str, locked: tuple[str, ...]) -> None:
    """With locks, the sliders sum to 100: the others make room for the one that was moved."""
    if locked:
        apply(rescaled({name: st.session_state[f"w_{name}"] for name in CODES}, code, locked))


def _save(view: View, preset: Preset, sliders: dict[str, int]) -> None:
    """Keep the sliders as a named preset (an older one of the name is archived), or archive the one shown."""
    tr = view.tr
    built_in = {found.title(tr) for found in BUILT_IN}
    with st.popover(tr("Save as a preset"), icon=":material/bookmark_add:", width="stretch"):
        name = st.text_input(tr("Name of the preset"), max_chars=40, key="match_preset_name")
        reason = st.text_input(tr("Why these weights"), max_chars=200, key="match_preset_reason")
        ready = bool(name.strip()) and any(sliders.values()) and name.strip() not in built_in
        if st.button(tr("Save"), key="match_preset_save", disabled=not ready):
            with command(cache.database(), actor=str(view.staff), action="save_preset", at=datetime.now(UTC)) as change:
                save_preset(change, name, sliders, reason)
            st.rerun()
        if preset.id is not None and st.button(
            tr("Archive “{name}”", name=md_escape(preset.name)), icon=":material/archive:", key="match_preset_archive"
        ):
            _archive(view, preset.id)


def _archive(view: View, preset: int) -> None:
    try:
        with command(cache.database(), actor=str(view.staff), action="archive_preset", at=datetime.now(UTC)) as change:
            archive_preset(change, preset)
    except NotFound:
        st.toast(view.tr("Someone changed this meanwhile; look again."))
    st.rerun()


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
