"""The dated table of public holidays that empty offices and workshops: which weeks are not ordinary."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

__all__ = ["Holiday", "holidays", "is_festival_week"]

TABLE = Path(__file__).parent / "store" / "reference" / "holidays.csv"


@dataclass(frozen=True)
class Holiday:
    """A public holiday, first and last day included."""

    name: str
    first: date
    last: date
    source: str


@cache
def holidays() -> tuple[Holiday, ...]:
    """Every row of the table, in order of time."""
    with TABLE.open(encoding="utf-8") as file:
        rows = [
            Holiday(r["name"], date.fromisoformat(r["first"]), date.fromisoformat(r["last"]), r["source"])
            for r in csv.DictReader(file)
        ]
    return tuple(sorted(rows, key=lambda h: h.first))


def is_festival_week(monday: date) -> bool:
    """Whether a holiday of the table touches the week that begins on ``monday``.

    >>> is_festival_week(date(2025, 1, 27))     # True
    """
    sunday = monday + timedelta(days=6)
    return any(h.first <= sunday and monday <= h.last for h in holidays())
