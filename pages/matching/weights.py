"""The weights panel: seven sliders, each with its share and the band in which the first place holds."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.matching.explanation import band_sentence
from core.matching.inputs.factors import CODES, FACTORS
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.weight_fitting import evened, rescaled
from pages import cache
from pages.common.query_params import query_param, set_query_param
from pages.common.view import View
from pages.matching import presets
from pages.matching.context import Look
from pages.matching.selection import Chosen

__all__ = ["apply", "sliders", "weights"]

TAKEN = "match_taken"  # weights that another part of the page asks for; set before the sliders are drawn
DEFAULTS = dict(zip(CODES, BUILT_IN[0].sliders, strict=True))


def sliders() -> dict[str, int]:
    """Where the seven sliders stand; a page that opens takes them from its address."""
    apply(st.session_state.pop(TAKEN, {}))
    for code in CODES:
        if _key(code) not in st.session_state:
            wanted = query_param(_key(code))
            st.session_state[_key(code)] = min(int(wanted), 100) if wanted.isdigit() else DEFAULTS[code]
    return {code: int(st.session_state[_key(code)]) for code in CODES}


def weights(view: View, chosen: Chosen, now: dict[str, int], look: Look | None) -> None:
    """The seven sliders, what moves several of them at once, and what keeps them."""
    tr, locked = view.tr, _locked()
    with st.expander(tr("Weights")) if view.is_handheld else st.container():
        _sliders(view, locked, now, look)
        with st.container(horizontal=True):
            st.button(
                tr("As the preset"),
                icon=":material/tune:",
                on_click=apply,
                args=(chosen.preset.weights,),
                disabled=now == chosen.preset.weights,
            )
            st.button(
                tr("Even out"),
                icon=":material/balance:",
                on_click=apply,
                args=(evened(now, locked),),
                help=tr("The same weight for every factor that is not locked."),
            )
        _locks(view)
        if view.staff:
            presets.keep(view, chosen.preset, now)


def _sliders(view: View, locked: tuple[str, ...], now: dict[str, int], look: Look | None) -> None:
    with st.container(gap=None):
        for n, factor in enumerate(FACTORS):
            st.slider(
                _label(factor.code, n, locked, look, view),
                0,
                100,
                key=_key(factor.code),
                help=_help(view, n, look),
                on_change=_moved,
                args=(factor.code, locked),
                disabled=factor.code in locked,
            )
            set_query_param(_key(factor.code), now[factor.code], DEFAULTS[factor.code])


def apply(found: Mapping[str, int]) -> None:
    """Set the sliders; for the callbacks of buttons."""
    for code, value in found.items():
        st.session_state[_key(code)] = value


def _key(code: str) -> str:
    return f"w_{code}"


def _moved(code: str, locked: tuple[str, ...]) -> None:
    """With locks, the sliders sum to 100: the others make room for the one that was moved."""
    if locked:
        apply(rescaled(sliders(), code, locked))


def _label(code: str, n: int, locked: tuple[str, ...], look: Look | None, view: View) -> str:
    """Factor, its share of all weight, and where the first place holds."""
    tr = view.tr
    name = f":material/lock: {tr(FACTORS[n].label)}" if code in locked else tr(FACTORS[n].label)
    if look is None:
        return name
    share = tr.percent(float(look.listed.weights[n]), 0)
    if not len(look.listed.rows):
        return f"{name} {share}"
    band = look.listed.first[n]
    held = tr("1st holds {low}–{high}", low=tr.number(100 * band.low, 1), high=tr.percent(band.high))
    return f"{name} {share} · {held}"


def _help(view: View, n: int, look: Look | None) -> str:
    """Who would replace whom, then the factor's formula, unit and source."""
    told = _formula(view, FACTORS[n].code)
    if look is None or not len(look.listed.rows):
        return told
    return f"{band_sentence(look.listed.first[n], look.name, view.tr)}\n\n{told}"


LOCKS = "match_lock"


def _locked() -> tuple[str, ...]:
    """Factors that keep their share; in the address by code."""
    if LOCKS not in st.session_state:
        wanted = set(query_param("lock").split("."))
        st.session_state[LOCKS] = [code for code in CODES if code in wanted]
    return tuple(st.session_state[LOCKS])


def _locks(view: View) -> None:
    tr = view.tr
    labels = {factor.code: tr(factor.label) for factor in FACTORS}
    found = st.pills(
        tr("Lock"),
        CODES,
        selection_mode="multi",
        format_func=labels.__getitem__,
        key=LOCKS,
        wrap=True,
        help=tr("Locked factors keep their share; the others share the rest of 100 when one is moved."),
    )
    set_query_param("lock", ".".join(found))


def _formula(view: View, code: str) -> str:
    tr, goal = view.tr, cache.matching.match_pool(view.revision, view.today).goalposts
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
