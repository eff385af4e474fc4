"""One way to show a chart: its title as text above it, ink that reads on both themes, type that grows on a wall, and a
text alternative.

A title inside the drawing would be cut where the chart is narrow; as text it breaks into lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.chart_style import type_size
from pages.cache.charts import specification, specification_of
from pages.common.escape import md_escape
from pages.common.view import View

__all__ = ["INK", "show_built", "show_chart", "show_drawn"]

PADDING = {"left": 2, "top": 10, "right": 4, "bottom": 5}  # pixels; the first label needs some above it
INK = {False: "#1E2328", True: "#E8EBEE"}  # text among the marks, by dark or not
SIZE, ROOM = type_size(12), type_size(200)  # of type, as Streamlit has it, and of a label at most
LABELS = {"labelFontSize": SIZE.to_dict(), "titleFontSize": SIZE.to_dict(), "labelLimit": ROOM.to_dict()}
STYLES = {
    is_dark: {
        "text": {"color": ink, "fontSize": SIZE.to_dict()},
        "axis": LABELS,
        "axisY": {"labelFlush": False},  # else the first and the last name stand beside their rows
        "legend": LABELS,
    }
    for is_dark, ink in INK.items()
}


def show_chart(view: View, chart: Any, alt: str, **options: Any) -> Any:
    """Draw an Altair chart that is made anew in each run; ``options`` go to ``st.vega_lite_chart`` (key, on_select …)."""
    return show_drawn(view, specification(chart), alt, **options)


def show_built(view: View, alt: str, build: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Draw the chart ``build(*args)``, built once for everyone (see ``pages.cache.charts``); nothing where it is None."""
    spec = specification_of(build, *args)
    return None if spec is None else show_drawn(view, spec, alt, **options)


def show_drawn(view: View, spec: Mapping[str, Any], alt: str, **options: Any) -> Any:
    """Draw a finished Vega-Lite specification; ``spec`` may be shared: Streamlit changes keys of its top level only,
    which is copied here.

    ``options`` go to ``st.vega_lite_chart`` (key, on_select …).
    """
    _title(spec.get("title", ""))
    config = {**spec["config"], **STYLES[view.is_dark]}
    return st.vega_lite_chart(spec={**spec, "config": config, "title": "", "padding": PADDING}, alt=alt, **options)


def _title(title: str | Mapping[str, Any]) -> None:
    """A Vega-Lite title as text: the finding, below it in small type what is shown."""
    text, below = (title, "") if isinstance(title, str) else (title["text"], title.get("subtitle", ""))
    lines = [below] if isinstance(below, str) else below
    finding = [f"**{md_escape(text)}**"] if text else []
    shown = [*finding, *(f":small[:gray[{md_escape(line)}]]" for line in lines if line)]
    if shown:
        st.markdown("  \n".join(shown))
