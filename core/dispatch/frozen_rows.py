"""The list behind a frozen figure: which rows it counted, with what the store says of them today.

A frozen week holds keys, never names. The rows are looked up in the store; a key that no longer counts there (corrected,
removed or undone since) is named, so that list and figure always agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from core.dispatch.frozen_week import key_of_rows
from core.indicators import dated_counts
from core.indicators.facts import Facts
from core.indicators.registry import Measured

__all__ = ["FrozenList", "changed_rows", "indicator_rows", "watch_rows"]


@dataclass(frozen=True)
class FrozenList:
    """``rows``: the frozen rows that the store still counts. ``gone``: keys of those that it does not."""

    rows: pd.DataFrame
    gone: tuple[str, ...]


def indicator_rows(measured: Measured, content: Mapping[str, Any], side: str) -> FrozenList:
    """The rows behind one side ('numerator', 'denominator') of an indicator; ``measured`` is of the week's last day."""
    keys = content["rows"][measured.indicator.code][side]
    return _matching(_rows_on(measured, side, measured.today), keys)


def changed_rows(
    measured: Measured, before: Mapping[str, Any], day_before: date, after: Mapping[str, Any]
) -> FrozenList:
    """The rows counted in one of two frozen weeks only, in the columns change ('entered', 'left') and side first."""
    code = measured.indicator.code
    parts: list[pd.DataFrame] = []
    gone: list[str] = []
    for side in ("numerator", "denominator"):
        then, now = Counter(before["rows"][code][side]), Counter(after["rows"][code][side])
        for change, keys, day in (("entered", now - then, measured.today), ("left", then - now, day_before)):
            part = _matching(_rows_on(measured, side, day), keys.elements())
            gone += part.gone
            front = pd.DataFrame({"movement": change, "side": side}, index=part.rows.index)
            parts.append(pd.concat([front, part.rows], axis=1))
    return FrozenList(pd.concat(parts, ignore_index=True), tuple(gone))


def watch_rows(facts: Facts, watch: Mapping[str, Any]) -> FrozenList:
    """The rows of a frozen entry of the attention list: people, jobs, workshops or actions."""
    column, keys = str(watch["key"]), list(watch["keys"])
    if column == "person_id":
        known = facts.people[["id"]].rename(columns={"id": column})
    elif column == "job_id":
        known = facts.jobs[["id", "title", "employer", "openings", "posted_on", "confirmed_on"]]
        known = known.rename(columns={"id": column})
    elif column == "workshop_id":
        known = facts.workshops.rename(columns={"id": column})
    else:
        columns = ["code", "problem", "measure", "office", "owner", "raised_on", "due_on", "status"]
        known = facts.actions[columns]
    return _by_key(known, known[column].astype(str), keys)


def _rows_on(measured: Measured, side: str, day: date) -> pd.DataFrame:
    return dated_counts.rows_on(getattr(measured, f"{side}_rows"), day)


def _matching(rows: pd.DataFrame, keys: Iterable[str]) -> FrozenList:
    wanted = list(keys)
    if rows.empty:
        return FrozenList(rows, tuple(wanted))
    return _by_key(rows, key_of_rows(rows), wanted)


def _by_key(rows: pd.DataFrame, own: pd.Series, wanted: Iterable[str]) -> FrozenList:
    """Each wanted key takes one row of that key, in the order of the rows."""
    left = Counter(wanted)
    picked = []
    for index, key in own.items():
        if left[key] > 0:
            left[key] -= 1
            picked.append(index)
    return FrozenList(rows.loc[picked].reset_index(drop=True), tuple((+left).elements()))
