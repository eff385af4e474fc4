"""What every Altair chart of the core shares: the title, the size of type, and the axis whose name stands above it."""

from __future__ import annotations

from typing import Any

import altair as alt

from core.locale import Translator

__all__ = [
    "ACCENT",
    "OVER_TITLE",
    "TITLE_ABOVE",
    "chart_title",
    "date_format",
    "day_format",
    "legend_columns",
    "month_format",
    "name_axis",
    "type_size",
]

ACCENT = "#4A80BF"  # the series that the chart is about: readable on light and on dark
TITLE_ABOVE: dict[str, Any] = {"titleAngle": 0, "titleAlign": "left", "titleX": 0, "titleY": -10}  # of a vertical axis
WALL = 1800  # pixels: a window as wide as this hangs on a wall; ``pages/static/frame.css`` has the same number
PHONE = 500
SMALL = 10  # pixels: type of names beside a chart on a phone
WALL_TYPE = 1.35  # times as large as on a desk


def type_size(pixels: float, phone: float | None = None) -> alt.ExprRef:
    """Type, or room for it, of ``pixels`` on a desk and more on a wall; ``phone``: on a phone, if it is not the same.

    The browser decides, so that one chart serves all.
    """
    desk = f"{pixels} * (windowSize()[0] >= {WALL} ? {WALL_TYPE} : 1)"
    return alt.ExprRef(expr=desk if phone is None else f"windowSize()[0] < {PHONE} ? {phone} : {desk}")


# A legend on top that leaves room for the title of a vertical axis below it.
OVER_TITLE: dict[str, Any] = {"orient": "top", "offset": type_size(22)}


def month_format(tr: Translator) -> str:
    """The d3 format of months on an axis of time: '2025年12月' or 'Dec 2025'."""
    return "%b %Y" if tr.is_english else "%Y年%-m月"


def day_format(tr: Translator) -> str:
    """The d3 format of days on an axis of time whose year is plain: '12月28日' or 'Dec 28'."""
    return "%b %-d" if tr.is_english else "%-m月%-d日"


def date_format(tr: Translator) -> str:
    """The d3 format of a date in a tooltip: '2025年12月28日' or 'Dec 28, 2025', as ``Translator.day`` writes it."""
    return "%b %-d, %Y" if tr.is_english else "%Y年%-m月%-d日"


def name_axis(room: float, *, letters: int = 22, **options: Any) -> alt.Axis:
    """The axis of names beside a chart: each in one line of ``room`` pixels, on a phone in small type and as many lines of
    about ``letters`` as it takes, so that none is cut."""
    lines = f"split(trim(replace(datum.label, regexp('(.{{1,{letters}}})( |$)', 'g'), '$1\\n')), '\\n')"
    shape: dict[str, Any] = {"labelOverlap": False, "ticks": False} | options
    return alt.Axis(
        labelExpr=f"windowSize()[0] < {PHONE} && length(datum.label) > {letters} ? {lines} : datum.label",
        labelFontSize=type_size(12, phone=SMALL),
        labelLineHeight=type_size(14, phone=SMALL + 1),
        labelLimit=type_size(room, phone=letters * SMALL * 0.65),
        **shape,
    )


def legend_columns(wide: int, phone: int = 2) -> alt.ExprRef:
    """Entries of a legend beside each other: ``wide`` of them, ``phone`` on a phone."""
    return alt.ExprRef(expr=f"windowSize()[0] < {PHONE} ? {phone} : {wide}")


def chart_title(finding: str, subtitle: str | list[str]) -> alt.Title:
    """The finding as title; what is shown, of whom and when as subtitle (a list: its lines). The page sets the ink."""
    return alt.Title(finding, subtitle=subtitle, anchor="start", subtitleFontSize=type_size(12), subtitlePadding=6)
