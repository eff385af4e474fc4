"""What every Altair chart of the core shares: the title, and the axis whose name stands above it."""

from __future__ import annotations

from typing import Any

import altair as alt

__all__ = ["ACCENT", "TITLE_ABOVE", "chart_title"]

ACCENT = "#4A80BF"  # the series that the chart is about: readable on light and on dark
TITLE_ABOVE: dict[str, Any] = {"titleAngle": 0, "titleAlign": "left", "titleX": 0, "titleY": -10}  # of a vertical axis


def chart_title(finding: str, subtitle: str | list[str]) -> alt.Title:
    """The finding as title; what is shown, of whom and when as subtitle (a list: its lines). The page sets the ink."""
    return alt.Title(finding, subtitle=subtitle, anchor="start", subtitleFontSize=12, subtitlePadding=6)
