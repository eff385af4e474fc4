"""Counts as step functions: the net changes of spell frames, their running sums, and what differs between two of them.

A *change table* has the columns population (position in ``POPULATIONS``), unit, day (days since 1970-01-01) and n: by how
much the count of a population in a unit changes on that day, never 0. A *step table* has the same columns, and n is the
count from that day on until the next row of the same population and unit. Both are ordered by population, unit and day,
and say the same: ``steps`` and ``changes_of`` turn one into the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.indicators.facts import Facts
from core.indicators.registry import INDICATORS

__all__ = [
    "DISTRICT",
    "POPULATIONS",
    "WITHOUT_COMMUNITY",
    "Differences",
    "changes",
    "changes_of",
    "combined",
    "differences",
    "of_district",
    "step_table",
    "steps",
]

DISTRICT = -1
"""The unit that holds the whole district."""
WITHOUT_COMMUNITY = 0
"""The unit of rows that have no community."""

POPULATIONS: dict[str, Callable[[Facts], pd.DataFrame]] = {
    side.__name__: side
    for side in sorted(
        {side for indicator in INDICATORS.values() for side in (indicator.numerator, indicator.denominator)},
        key=lambda side: side.__name__,
    )
}
"""Code → spell frame of every population that an indicator divides."""

KEY = ["population", "unit", "day"]
UNIT_BITS, DAY_BITS = 32, 24  # of a key that orders like (population, unit, day)
DAY_ZERO = 1 << (DAY_BITS - 1)

Integers = NDArray[np.int64]


def changes(facts: Facts, populations: Collection[str] = tuple(POPULATIONS)) -> pd.DataFrame:
    """Change table of ``populations`` by community; rows without one are of the unit ``WITHOUT_COMMUNITY``."""
    wanted = [(code, POPULATIONS[name]) for code, name in enumerate(POPULATIONS) if name in populations]
    return pd.concat([_changes(spells(facts), code) for code, spells in wanted], ignore_index=True)


def of_district(table: pd.DataFrame) -> pd.DataFrame:
    """The changes of the whole district from those of its units."""
    return combined([table.assign(unit=DISTRICT)])


def combined(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The sum of change tables."""
    rows = pd.concat(tables, ignore_index=True)
    return _summed(_keys(rows), rows["n"].to_numpy(np.int64))


def steps(table: pd.DataFrame) -> pd.DataFrame:
    """The step table of a change table."""
    total = table["n"].to_numpy(np.int64).cumsum()
    first = _begins(table)
    before = np.where(first, total - table["n"].to_numpy(np.int64), 0)
    return table.assign(n=total - before[_last_true(first)])


def changes_of(table: pd.DataFrame) -> pd.DataFrame:
    """The change table of a step table."""
    n = table["n"].to_numpy(np.int64)
    before = np.where(_begins(table), 0, np.concatenate([[0], n[:-1]])) if len(n) else n
    return table.assign(n=n - before)


def step_table(facts: Facts) -> pd.DataFrame:
    """Step table of all populations by unit and for the whole district, computed from ``facts`` alone."""
    by_unit = changes(facts)
    return steps(combined([by_unit, of_district(by_unit)]))


@dataclass(frozen=True)
class Differences:
    """What turns one step table into another: the rows of the one and those of the other that are not in both."""

    gone: pd.DataFrame
    written: pd.DataFrame


def differences(stored: pd.DataFrame, wanted: pd.DataFrame) -> Differences:
    """What to do to ``stored`` so that it is ``wanted``."""
    return Differences(gone=_without(stored, wanted), written=_without(wanted, stored))


def _without(table: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The rows of a step table that the other one has not."""
    keys, others = _keys(table), _keys(other)
    position = np.searchsorted(others, keys)
    inside = position < len(others)
    is_same = np.zeros(len(keys), dtype=bool)
    match, n = position[inside], table["n"].to_numpy(np.int64)[inside]
    is_same[inside] = (others[match] == keys[inside]) & (other["n"].to_numpy(np.int64)[match] == n)
    return table[~is_same]


def _changes(spells: pd.DataFrame, population: int) -> pd.DataFrame:
    """The net changes of one spell frame."""
    unit = spells["community_id"].fillna(WITHOUT_COMMUNITY).to_numpy(np.int64)
    n = spells["n"].to_numpy(np.int64)
    ends = spells["until"].notna().to_numpy()
    days = [spells["since"].to_numpy(), spells["until"].to_numpy()[ends]]
    rows = pd.DataFrame(
        {
            "population": population,
            "unit": np.concatenate([unit, unit[ends]]),
            "day": np.concatenate(days).astype("datetime64[D]").astype(np.int64),
            "n": np.concatenate([n, -n[ends]]),
        }
    )
    return _summed(_keys(rows), rows["n"].to_numpy(np.int64))


def _keys(table: pd.DataFrame) -> Integers:
    """population, unit and day of each row as one number in their order."""
    population, unit, day = (table[name].to_numpy(np.int64) for name in KEY)
    key: Integers = (((population << UNIT_BITS) + unit + 1) << DAY_BITS) + day + DAY_ZERO
    return key


def _summed(keys: Integers, n: Integers) -> pd.DataFrame:
    """The change table of rows with these keys: equal keys summed, sums of 0 left out."""
    distinct, position = np.unique(keys, return_inverse=True)
    total = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(total, position, n)
    distinct, total = distinct[total != 0], total[total != 0]
    rest = distinct >> DAY_BITS
    return pd.DataFrame(
        {
            "population": rest >> UNIT_BITS,
            "unit": (rest & ((1 << UNIT_BITS) - 1)) - 1,
            "day": (distinct & ((1 << DAY_BITS) - 1)) - DAY_ZERO,
            "n": total,
        }
    )


def _begins(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a row is the first of its population and unit."""
    series = _keys(table) >> DAY_BITS
    return np.concatenate([[True], series[1:] != series[:-1]]) if len(series) else np.zeros(0, dtype=bool)


def _last_true(mask: NDArray[np.bool_]) -> Integers:
    """For each position that of the last True at or before it; the first must be True."""
    positions: Integers = np.maximum.accumulate(np.where(mask, np.arange(len(mask)), 0)).astype(np.int64)
    return positions
