"""A headline tile: value, change on last week, spark line, light with word, and the rows one click away."""

from __future__ import annotations

import streamlit as st

from core.indicators.dated_counts import rows_on
from core.indicators.lights import light_of, year_share
from core.indicators.registry import Measured
from core.store.settings import parameter
from core.terms import Light
from pages import cache
from pages.common.drilldown import open_rows
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["light_word", "tile"]

COLORS = {Light.GREEN: "green", Light.YELLOW: "orange", Light.RED: "red"}


def light_word(view: View, light: Light) -> str:
    """Shape, word and colour of a light, as Markdown."""
    return f":{COLORS[light]}[{light.shape} {view.tr.term(light)}]"


def tile(view: View, code: str) -> None:
    """The tile of indicator ``code``."""
    tr = view.tr
    measured = cache.overview.measured(view.revision, view.today, code)
    indicator = measured.indicator
    history = measured.history(52).dropna()
    with st.container(border=True, height="stretch", gap="small"):
        st.metric(
            tr(indicator.name),
            indicator.text(tr, measured.value),
            delta=_delta(view, measured),
            delta_color=_delta_color(measured),
            delta_description=tr("on last week"),
            help=tr(indicator.definition),
            chart_data=[float(v) for v in history] if len(history) > 1 else None,
        )
        st.markdown(f":small[{_target(view, measured)}]")
        with st.container(horizontal=True, gap="small"):
            _open_button(view, measured, "numerator")
            _open_button(view, measured, "denominator")


def _open_button(view: View, measured: Measured, side: str) -> None:
    tr = view.tr
    rows, unit, n = (
        (measured.numerator_rows, measured.indicator.numerator_unit, measured.numerator)
        if side == "numerator"
        else (measured.denominator_rows, measured.indicator.denominator_unit, measured.denominator)
    )
    st.button(
        f"{tr.number(n)} {tr(unit)}",
        key=Key.TILE_ROWS.of(measured.indicator.code, side),
        type="tertiary",
        help=tr("Open the rows"),
        on_click=lambda: open_rows(
            f"{tr(measured.indicator.name)} · {tr(unit)}",
            tr(measured.indicator.definition),
            rows_on(rows, view.today).reset_index(drop=True),
        ),
    )


def _delta(view: View, measured: Measured) -> str | int | None:
    change = measured.change()
    if change is None:
        return None
    text = measured.indicator.change(view.tr, change)
    if not any(c in "123456789" for c in text):
        return 0
    return text.replace("−", "-")  # Streamlit reads the direction from an ASCII minus


def _delta_color(measured: Measured) -> str:
    change = measured.change()
    return "normal" if change else "off"


def _target(view: View, measured: Measured) -> str:
    tr = view.tr
    if not measured.target or measured.value is None:
        return tr("no target set")
    parameters = cache.store.parameters(view.revision)
    light = light_of(
        measured.value / measured.target,
        year_share(view.today),
        yellow=parameter(parameters, "light_yellow_points", view.today),
        red=parameter(parameters, "light_red_points", view.today),
    )
    target = measured.indicator.text(tr, measured.target)
    return f"{light_word(view, light)} · " + tr("target {target}", target=target)
