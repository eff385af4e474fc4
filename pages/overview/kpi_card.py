"""A headline tile: value, change with its rows, two icons (signal, target), light, spark line, the rows one click away."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from core.indicators.dated_counts import movements, rows_on
from core.indicators.signals import ASSURANCE, CHANGES, Assurance, Change
from core.indicators.tiles import Tile
from core.locale import Translator
from core.terms import Light
from pages import cache
from pages.common.drilldown import open_rows
from pages.common.session_keys import Key
from pages.common.view import View
from pages.overview.series import open_series

__all__ = ["change_text", "light_word", "tile"]

COLORS = {Light.GREEN: "green", Light.YELLOW: "orange", Light.RED: "red"}
CHANGE_COLORS = {Change.IMPROVING: "blue", Change.WORSENING: "violet", Change.COMMON: "gray", Change.TOO_FEW: "gray"}
ASSURANCE_COLORS = {Assurance.PASS: "blue", Assurance.FAIL: "violet", Assurance.HIT_OR_MISS: "gray"}


def light_word(view: View, light: Light) -> str:
    """Shape, word and colour of a light, as Markdown."""
    return f":{COLORS[light]}[{light.shape} {view.tr.term(light)}]"


def change_text(shown: Tile, tr: Translator) -> str:
    """The change on last week in colour: an arrow when the week is a signal and moved its way, else a grey ±."""
    text = shown.indicator.change(tr, shown.difference)
    moved = {"+": 1, "−": -1}.get(text[:1], 0) * (1 if shown.indicator.higher_is_better else -1)
    if moved == {Change.IMPROVING: 1, Change.WORSENING: -1}.get(shown.change):
        return f":{CHANGE_COLORS[shown.change]}[{shown.change.value} {text}]"
    return f":gray[± {text}]"


def tile(view: View, code: str, *, compact: bool = False) -> None:
    """The tile of indicator ``code``; a compact one has no spark line."""
    tr = view.tr
    shown = cache.overview.tile(view.revision, view.today, code)
    indicator = shown.indicator
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(
            tr(indicator.name),
            indicator.text(tr, shown.value),
            help=tr(indicator.definition),
            chart_data=list(shown.spark) if len(shown.spark) > 1 and not compact else None,
        )
        if shown.difference is not None:
            _rows_button(
                view,
                f"{change_text(shown, tr)} {tr('on last week')}",
                code,
                "change",
                help=tr("Open who entered and left"),
            )
        st.button(
            _signal_line(view, shown),
            key=Key.TILE_ROWS.of(code, "series"),
            type="tertiary",
            help=tr("Open the weekly series with its limits"),
            on_click=open_series,
            args=(code,),
        )
        st.markdown(f":small[{_target_line(view, shown)}]")
        with st.container(horizontal=True, gap="small"):
            for side, n, unit in (
                ("numerator", shown.numerator, indicator.numerator_unit),
                ("denominator", shown.denominator, indicator.denominator_unit),
            ):
                _rows_button(view, f"{tr.number(n)} {tr(unit)}", code, side, help=tr("Open the rows"))


def _rows_button(view: View, label: str, code: str, side: str, *, help: str) -> None:  # noqa: A002  (Streamlit's name)
    st.button(
        label,
        key=Key.TILE_ROWS.of(code, side),
        type="tertiary",
        help=help,
        on_click=_open_change if side == "change" else _open_side,
        args=(view, code) if side == "change" else (view, code, side),
    )


def _open_side(view: View, code: str, side: str) -> None:
    tr, measured = view.tr, cache.overview.measured(view.revision, view.today, code)
    indicator = measured.indicator
    is_top = side == "numerator"
    rows = measured.numerator_rows if is_top else measured.denominator_rows
    title = indicator.rows_title(tr, side, measured.numerator if is_top else measured.denominator)
    open_rows(title, tr(indicator.definition), rows_on(rows, view.today).reset_index(drop=True))


def _open_change(view: View, code: str) -> None:
    """The rows that entered and left numerator and denominator within a week."""
    tr, measured = view.tr, cache.overview.measured(view.revision, view.today, code)
    indicator, before = measured.indicator, view.today - timedelta(days=7)
    parts = []
    for rows, unit in (
        (measured.numerator_rows, indicator.numerator_unit),
        (measured.denominator_rows, indicator.denominator_unit),
    ):
        moved = movements(rows, before, view.today)
        words = {1: tr("entered: {unit}", unit=tr(unit)), -1: tr("left: {unit}", unit=tr(unit))}
        parts.append(moved.assign(movement=moved["sign"].map(words)))
    both = pd.concat(parts, ignore_index=True)
    both = both[["movement", *(c for c in both.columns if c not in {"movement", "sign"})]]
    open_rows(
        tr("{name}: what changed since {day}", name=tr(indicator.name), day=tr.day(before)),
        tr(
            "{before} → {value}. Rows that entered or left the numerator and the denominator; the count above is their sum.",
            before=indicator.text(tr, measured.value_on(before)),
            value=indicator.text(tr, measured.value),
        ),
        both,
    )


def _signal_line(view: View, shown: Tile) -> str:
    """The two icons with their words."""
    tr = view.tr
    parts = [f":{CHANGE_COLORS[shown.change]}[{shown.change.value} {tr(CHANGES[shown.change])}]"]
    if shown.assurance is not None:
        word = tr(ASSURANCE[shown.assurance])
        parts.append(f":{ASSURANCE_COLORS[shown.assurance]}[{shown.assurance.value} {word}]")
    return " · ".join(parts)


def _target_line(view: View, shown: Tile) -> str:
    """Light and target, or that none is set; then the same week last year."""
    tr = view.tr
    parts = [tr("no target set")]
    if shown.target is not None:
        parts = [tr("target {target}", target=shown.indicator.text(tr, shown.target))]
    if shown.light is not None:
        parts.insert(0, light_word(view, shown.light))
    if shown.last_year is not None and not view.is_handheld:  # on a phone it is in the series
        parts.append(tr("same week last year {value}", value=shown.indicator.text(tr, shown.last_year)))
    return " · ".join(parts)
