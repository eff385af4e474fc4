"""One way to show a chart: ink that reads on the light and on the dark theme, and a text alternative."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.common.escape import md_escape
from pages.common.view import View

__all__ = ["INK", "show_chart", "show_drawn", "show_spec"]

INK = {False: "#1E2328", True: "#E8EBEE"}  # text among the marks, by dark or not
FADED = {False: "#5C6670", True: "#A9B2BA"}  # subtitles


def show_chart(view: View, chart: Any, alt: str, **options: Any) -> Any:
    """Draw an Altair chart; ``options`` go to ``st.altair_chart`` (key, on_select …)."""
    inked = chart.configure_text(color=INK[view.is_dark]).configure_title(
        anchor="start", color=INK[view.is_dark], subtitleColor=FADED[view.is_dark]
    )
    return st.altair_chart(inked, alt=alt, **options)


def show_drawn(view: View, spec: Mapping[str, Any], alt: str, **options: Any) -> Any:
    """Draw a finished Vega-Lite specification with its own title; ``spec`` may be shared: Streamlit changes keys of
    its top level only, which is copied here.

    ``options`` go to ``st.vega_lite_chart`` (key, on_select …).
    """
    ink = INK[view.is_dark]
    title = {"anchor": "start", "color": ink, "subtitleColor": FADED[view.is_dark]}
    own = spec.get("config", {})
    config = {**own, "text": {**own.get("text", {}), "color": ink}, "title": {**own.get("title", {}), **title}}
    return st.vega_lite_chart(spec={**spec, "config": config}, alt=alt, **options)


def show_spec(view: View, spec: Mapping[str, Any], alt: str, **options: Any) -> Any:
    """Draw a finished Vega-Lite specification, its title as text above it, so that only its rows change between runs.

    ``options`` go to ``st.vega_lite_chart``.
    """
    title = spec["title"]["text"]
    if title:
        st.markdown(f"**{md_escape(title)}**")
    config = {**spec.get("config", {}), "text": {"color": INK[view.is_dark]}}
    return st.vega_lite_chart(spec={**spec, "config": config, "title": ""}, alt=alt, **options)
