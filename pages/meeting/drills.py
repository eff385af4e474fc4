"""The lists behind a slide: frozen keys with what the store says of them today, masked."""

from __future__ import annotations

import pandas as pd

from core.dispatch.frozen_rows import FrozenList, changed_rows, indicator_rows, watch_rows
from core.dispatch.slide_model import Drill
from core.indicators.attention import WATCHES
from core.indicators.registry import INDICATORS
from pages import cache
from pages.common.drilldown import open_rows
from pages.common.view import View
from pages.meeting.weeks import MeetingWeek

__all__ = ["open_drill"]


def open_drill(view: View, week: MeetingWeek, drill: Drill) -> None:
    """Open the list of ``drill`` over the slide."""
    tr = view.tr
    rows, title, definition = _rows(view, week, drill)
    gone = tr("{n} rows of the frozen list were corrected or removed since.", n=len(rows.gone)) if rows.gone else ""
    frozen = tr("Frozen: {n}.", n=tr.number(drill.count))
    open_rows(title, " ".join(x for x in (definition, frozen, gone) if x), rows.rows)


def _rows(view: View, week: MeetingWeek, drill: Drill) -> tuple[FrozenList, str, str]:
    tr, revision = view.tr, cache.store.revision()
    frozen = cache.meeting.week(week.header, week.before)
    if drill.kind == "watch":
        watch = next(w for w in frozen.data["attention"] if w["code"] == drill.code)
        name = next(w.name for w in WATCHES if w.code == drill.code)
        return watch_rows(cache.overview.facts(revision), watch), tr(name), ""
    measured = cache.overview.measured(revision, week.header.as_of, drill.code)
    indicator = INDICATORS[drill.code]
    if drill.kind == "indicator":
        rows = indicator_rows(measured, frozen.content, drill.side)
        return rows, indicator.rows_title(tr, drill.side, drill.count), tr(indicator.definition)
    assert frozen.previous is not None
    assert week.before is not None
    moved = changed_rows(measured, frozen.previous, week.before.as_of, frozen.content)
    units = {"numerator": tr(indicator.numerator_unit), "denominator": tr(indicator.denominator_unit)}
    words = [
        tr("entered: {unit}", unit=units[side]) if movement == "entered" else tr("left: {unit}", unit=units[side])
        for movement, side in zip(moved.rows["movement"], moved.rows["side"], strict=True)
    ]
    shown = FrozenList(moved.rows.drop(columns="side").assign(movement=pd.Series(words, dtype="str")), moved.gone)
    title = tr("{name}: what changed since {day}", name=tr(indicator.name), day=tr.day(week.before.as_of))
    return shown, title, tr(indicator.definition)
