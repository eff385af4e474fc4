"""What became of an action's indicator since it was raised, and how far that may be read into."""

from __future__ import annotations

from datetime import date

import pandas as pd

from core.indicators.registry import Ratio
from core.indicators.signals import ControlChart
from core.locale import Translator

__all__ = ["action_course"]

SMALL = 30  # denominators below it: a change may be chance
FEW_WEEKS = 4  # an indicator can't have moved yet


def action_course(
    tr: Translator, measured: Ratio, chart: ControlChart | None, *, raised_on: date, weeks_open: int
) -> list[str]:
    """Phrases: the value when the action was raised and now with n, whether it left its limits since, and what limits
    the reading. ``chart``: None where the series is too short for limits."""
    indicator = measured.indicator
    phrases = [
        tr(
            "{name}: {before} when raised, {now} now (n={n})",
            name=tr(indicator.name),
            before=indicator.text(tr, measured.value_on(raised_on)),
            now=indicator.text(tr, measured.value),
            n=measured.denominator,
        )
    ]
    if chart is not None:
        since = chart.table[(chart.table["day"] >= pd.Timestamp(raised_on)) & (chart.table["rule"] != "")]
        phrases.append(
            tr("left its limits in {n} weeks since", n=len(since))
            if len(since)
            else tr("within its usual variation since")
        )
    if measured.denominator < SMALL:
        phrases.append(tr("few rows: the change may be chance"))
    if weeks_open < FEW_WEEKS:
        phrases.append(tr("too early to tell"))
    return phrases
