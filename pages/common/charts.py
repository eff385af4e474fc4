"""One way to show an Altair chart: ink that reads on the light and on the dark theme, and a text alternative."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.common.view import View

__all__ = ["INK", "show_chart"]

INK = {False: "#1E2328", True: "#E8EBEE"}  # text among the marks, by dark or not
FADED = {False: "#5C6670", True: "#A9B2BA"}  # subtitles


def show_chart(view: View, chart: Any, alt: str, **options: Any) -> Any:
    """Draw ``chart``; ``options`` go to ``st.altair_chart`` (key, on_select …)."""
    inked = chart.configure_text(color=INK[view.is_dark]).configure_title(
        anchor="start", color=INK[view.is_dark], subtitleColor=FADED[view.is_dark]
    )
    return st.altair_chart(inked, alt=alt, **options)
