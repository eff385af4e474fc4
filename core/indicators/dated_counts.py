"""Counting on any day: the one shape of data behind every indicator, its history, its communities and its list.

A *spell frame* has one row per counted unit with ``since`` (first day that it counts), ``until`` (first day that it
no longer does, NaT = open), ``n`` (head count of the row, usually 1), ``community_id`` and what identifies it
(``person_id`` …). The same frame gives the count on any day, the weekly history, the split by community and the rows
that a click opens, so that a figure and its list can't differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = [
    "count",
    "counts_by",
    "counts_by_community",
    "counts_on",
    "merge_spells",
    "movements",
    "rows_on",
    "Steps",
    "rows_since",
    "spell_frame",
    "steps_of",
]


@dataclass(frozen=True)
class Steps:
    """A count on every day: ``counts[k]`` from ``days[k]`` on until the next of ``days``, 0 before the first."""

    days: NDArray[np.datetime64]  # datetime64[s], in order
    counts: NDArray[np.int64]

    def on(self, days: pd.DatetimeIndex) -> NDArray[np.int64]:
        """The count on each of ``days``."""
        position = np.searchsorted(self.days, days.to_numpy().astype("datetime64[s]"), side="right")
        counts: NDArray[np.int64] = np.concatenate([[0], self.counts])[position]
        return counts


def spell_frame(
    rows: pd.DataFrame, since: pd.Series, until: pd.Series | None = None, n: pd.Series | int = 1
) -> pd.DataFrame:
    """``rows`` with ``since``, ``until`` and ``n``; rows without a ``since`` or ending before it begins are left out."""
    dated = rows.assign(
        since=pd.to_datetime(since).astype("datetime64[s]"),
        until=pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]")
        if until is None
        else pd.to_datetime(until).astype("datetime64[s]"),
        n=n,
    )
    counts = dated["since"].notna() & ~(dated["until"] <= dated["since"])
    return dated[counts].reset_index(drop=True)


def merge_spells(spells: pd.DataFrame) -> pd.DataFrame:
    """Spells of one person that overlap or touch become one, so that nobody counts twice on a day.

    Other columns keep the values of the earliest of them; ordered by person and time.
    """
    ordered = spells.sort_values(["person_id", "since"], ignore_index=True)
    ends = ordered["until"].fillna(pd.Timestamp(9999, 1, 1))
    reach = ends.groupby(ordered["person_id"]).cummax()
    begins = ~(ordered["since"] <= reach.groupby(ordered["person_id"]).shift())
    block = begins.cumsum()
    merged = ordered[begins].reset_index(drop=True)
    last = ends.groupby(block).max().reset_index(drop=True)
    return merged.assign(until=last.where(last < pd.Timestamp(9999, 1, 1)).astype("datetime64[s]"))


def rows_on(spells: pd.DataFrame, day: date) -> pd.DataFrame:
    """The rows that count on ``day``."""
    moment = pd.Timestamp(day)
    return spells[(spells["since"] <= moment) & ~(spells["until"] <= moment)]


def rows_since(spells: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """The rows that begin to count from ``first`` to ``last``, both included."""
    return spells[spells["since"].between(pd.Timestamp(first), pd.Timestamp(last))]


def count(spells: pd.DataFrame, day: date) -> int:
    """Head count on ``day``: the sum of ``n``."""
    return int(rows_on(spells, day)["n"].sum())


def counts_on(spells: pd.DataFrame, days: pd.DatetimeIndex) -> NDArray[np.int64]:
    """``count`` for many days at once, in O((rows + days) log rows)."""
    return steps_of(spells).on(days)


def steps_of(spells: pd.DataFrame) -> Steps:
    """``count`` on every day."""
    n = spells["n"].to_numpy(np.int64)
    since = spells["since"].to_numpy().astype("datetime64[s]")
    until = spells["until"].to_numpy().astype("datetime64[s]")
    ends = ~np.isnat(until)
    days, position = np.unique(np.concatenate([since, until[ends]]), return_inverse=True)
    change = np.zeros(len(days), dtype=np.int64)
    np.add.at(change, position, np.concatenate([n, -n[ends]]))
    return Steps(days, change.cumsum())


def movements(spells: pd.DataFrame, before: date, day: date) -> pd.DataFrame:
    """The rows that count on one of two days only, with ``sign`` +1 (entered) or −1 (left).

    Σ sign · n = count(day) − count(before).
    """
    counted = {moment: rows_on(spells, moment).index for moment in (before, day)}
    entered, left = counted[day].difference(counted[before]), counted[before].difference(counted[day])
    return pd.concat([spells.loc[entered].assign(sign=1), spells.loc[left].assign(sign=-1)], ignore_index=True)


def counts_by_community(spells: pd.DataFrame, day: date) -> pd.Series:
    """Head count on ``day`` by ``community_id``."""
    return counts_by(spells, "community_id", day)


def counts_by(spells: pd.DataFrame, column: str, day: date) -> pd.Series:
    """Head count on ``day`` by another column that names a unit; rows without one are left out."""
    return rows_on(spells, day).groupby(column)["n"].sum().astype("int64")
