"""One way to show a chart: its title as text above it, ink that reads on both themes, type that grows on a wall, and a
text alternative.

A title inside the drawing would be cut where the chart is narrow; as text it breaks into lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from altair import Undefined

from core.chart_style import type_size
from pages.common.escape import md_escape
from pages.common.view import View

__all__ = ["INK", "show_chart", "show_drawn"]

PADDING = {"left": 2, "top": 10, "right": 4, "bottom": 5}  # pixels; the first label needs some above it
INK = {False: "#1E2328", True: "#E8EBEE"}  # text among the marks, by dark or not
SIZE, ROOM = type_size(12), type_size(200)  # of type, as Streamlit has it, and of a label at most
LABELS = {"labelFontSize": SIZE.to_dict(), "titleFontSize": SIZE.to_dict(), "labelLimit": ROOM.to_dict()}


def show_chart(view: View, chart: Any, alt: str, **options: Any) -> Any:
    """Draw an Altair chart; ``options`` go to ``st.altair_chart`` (key, on_select …)."""
    if chart.title is not Undefined:
        _title(chart.title if isinstance(chart.title, str) else chart.title.to_dict())
    untitled = chart.copy(deep=False)
    untitled.title = Undefined
    untitled.padding = PADDING
    untitled = untitled.configure_text(color=INK[view.is_dark], fontSize=SIZE)
    return st.altair_chart(untitled.configure_axis(**LABELS).configure_legend(**LABELS), alt=alt, **options)


def show_drawn(view: View, spec: Mapping[str, Any], alt: str, **options: Any) -> Any:
    """Draw a finished Vega-Lite specification; ``spec`` may be shared: Streamlit changes keys of its top level only,
    which is copied here.

    ``options`` go to ``st.vega_lite_chart`` (key, on_select …).
    """
    _title(spec.get("title", ""))
    own = spec.get("config", {})
    parts = {
        "text": {"color": INK[view.is_dark], "fontSize": SIZE.to_dict()},
        "axis": LABELS,
        "legend": LABELS,
    }
    config = {**own, **{part: {**own.get(part, {}), **style} for part, style in parts.items()}}
    bare = {**spec, "config": config, "title": "", "padding": PADDING}
    return st.vega_lite_chart(spec=bare, alt=alt, **options)


def _title(title: str | Mapping[str, Any]) -> None:
    """A Vega-Lite title as text: the finding, below it in small type what is shown."""
    text, below = (title, "") if isinstance(title, str) else (title["text"], title.get("subtitle", ""))
    lines = [below] if isinstance(below, str) else below
    finding = [f"**{md_escape(text)}**"] if text else []
    shown = [*finding, *(f":small[:gray[{md_escape(line)}]]" for line in lines if line)]
    if shown:
        st.markdown("  \n".join(shown))
