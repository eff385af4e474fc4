"""The weights panel: seven sliders, each with its share and the band in which the first place holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.matching.explanation import band_sentence
from core.matching.inputs.factors import CODES, FACTORS
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.sliders import evened, rescaled
from core.policy import Action
from pages import cache
from pages.common.escape import md_escape
from pages.common.query_params import query_param, set_query_param, url_choices
from pages.common.session_keys import Key
from pages.common.view import View
from pages.matching import presets
from pages.matching.context import RankingContext
from pages.matching.selection import Selection

__all__ = ["apply", "current_locks", "current_weights", "show"]

DEFAULTS = dict(zip(CODES, BUILT_IN[0].sliders, strict=True))


def current_weights() -> dict[str, int]:
    """The seven sliders 0..100 by factor code; a page that opens takes them from its address."""
    apply(st.session_state.pop(Key.WEIGHTS_REQUESTED, {}))
    for code in CODES:
        key = Key.WEIGHT.of(code)
        if key not in st.session_state:
            linked = query_param(key)
            st.session_state[key] = min(int(linked), 100) if linked.isdigit() else DEFAULTS[code]
    return {code: int(st.session_state[Key.WEIGHT.of(code)]) for code in CODES}


def current_locks() -> list[str]:
    """Factors that keep their share; a page that opens takes them from its address."""
    chosen = st.session_state.get(Key.WEIGHT_LOCKS)
    return query_param("lock").split(".") if chosen is None else list(chosen)


def apply(weights: Mapping[str, int]) -> None:
    """Set sliders by factor code; for the callbacks of buttons."""
    for code, value in weights.items():
        st.session_state[Key.WEIGHT.of(code)] = value


def show(view: View, selection: Selection, sliders: dict[str, int], context: RankingContext | None) -> None:
    """The sliders, what moves several of them at once, locks, presets; ``context`` is None while all are zero."""
    tr = view.tr
    with st.expander(tr("Weights")) if view.is_handheld else st.container():
        panel, buttons = st.container(gap=None), st.container(horizontal=True)
        locked = _locks(view)
        with panel:
            _sliders(view, locked, sliders, context)
        with buttons:
            st.button(
                tr("As the preset"),
                icon=":material/tune:",
                on_click=apply,
                args=(selection.preset.weights,),
                disabled=sliders == selection.preset.weights,
            )
            st.button(
                tr("Even out"),
                icon=":material/balance:",
                on_click=apply,
                args=(evened(sliders, locked),),
                help=tr("The same weight for every factor that is not locked."),
            )
        if view.may(Action.SAVE_PRESET):
            presets.save_form(view, selection.preset, sliders)


def _sliders(view: View, locked: Sequence[str], sliders: dict[str, int], context: RankingContext | None) -> None:
    for n, code in enumerate(CODES):
        key = Key.WEIGHT.of(code)
        st.slider(
            _label(view, n, code in locked, context),
            0,
            100,
            key=key,
            help=_help(view, n, context),
            on_change=_make_room,
            args=(code, locked),
            disabled=code in locked,
        )
        set_query_param(key, sliders[code], DEFAULTS[code])


def _make_room(moved: str, locked: Sequence[str]) -> None:
    """With locks, the sliders sum to 100: the others make room for the one that was moved."""
    if locked:
        apply(rescaled(current_weights(), moved, locked))


def _label(view: View, n: int, is_locked: bool, context: RankingContext | None) -> str:
    """Factor, its share of all weight, and where the first place holds."""
    tr = view.tr
    name = f":material/lock: {tr(FACTORS[n].label)}" if is_locked else tr(FACTORS[n].label)
    if context is None:
        return name
    share = tr.percent(context.shortlist.leader_bands[n].weight, 0)
    if not len(context.shortlist.rows):
        return f"{name} {share}"
    band = context.shortlist.leader_bands[n]
    stable = tr("leader holds {low}–{high}", low=tr.number(100 * band.low, 1), high=tr.percent(band.high))
    return f"{name} {share} · {stable}"


def _help(view: View, n: int, context: RankingContext | None) -> str:
    """Who would replace whom, then the factor's formula, unit and source."""
    formula = _formula(view, n)
    if context is None or not len(context.shortlist.rows):
        return formula
    swap = band_sentence(context.shortlist.leader_bands[n], context.name, view.tr)
    return f"{md_escape(swap)}\n\n{formula}"


def _formula(view: View, n: int) -> str:
    tr, goals = view.tr, cache.matching.pool(view.revision, view.today).goalposts
    formula = tr(
        FACTORS[n].formula,
        travel=tr.number(goals.travel_minutes),
        half_life=tr.number(goals.intent_half_life_days),
        years=tr.number(goals.experience_years),
        readiness_days=tr.number(goals.readiness_days),
        readiness_steps=tr.number(goals.readiness_steps),
    )
    return tr(
        "{formula}. Unit: {unit}. Source: {source}.",
        formula=formula,
        unit=tr(FACTORS[n].unit),
        source=tr(FACTORS[n].source),
    )


def _locks(view: View) -> list[str]:
    """Factors that keep their share; in the address by code."""
    tr = view.tr
    labels = {factor.code: tr(factor.label) for factor in FACTORS}
    return url_choices(
        st.pills,
        tr("Lock"),
        "lock",
        CODES,
        key=Key.WEIGHT_LOCKS,
        selection_mode="multi",
        format_func=labels.__getitem__,
        wrap=True,
        help=tr("Locked factors keep their share; the others share the rest of 100 when one is moved."),
    )
