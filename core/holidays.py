"""The dated table of public holidays: the days on which nobody works, and the weeks that are not ordinary."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from core.locale import N_

__all__ = ["FESTIVAL", "Holiday", "holiday_on", "holidays", "is_festival_week"]

FESTIVAL = N_("Spring Festival")  # the only one that empties offices and workshops for a week and more
NAMES = (  # of the table, registered for translation
    N_("New Year"),
    N_("Tomb-Sweeping Day"),
    N_("Labour Day"),
    N_("Dragon Boat Festival"),
    N_("Mid-Autumn"),
    N_("National Day"),
    N_("Mid-Autumn and National Day"),
    N_("National Day and Mid-Autumn"),
)
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


def holiday_on(day: date) -> Holiday | None:
    """The holiday that ``day`` belongs to.

    >>> holiday_on(date(2026, 1, 1)).name     # 'New Year'
    """
    return next((h for h in holidays() if h.first <= day <= h.last), None)


def is_festival_week(monday: date) -> bool:
    """Whether Spring Festival touches the week that begins on ``monday``.

    >>> is_festival_week(date(2025, 1, 27))     # True
    """
    sunday = monday + timedelta(days=6)
    return any(h.name == FESTIVAL and h.first <= sunday and monday <= h.last for h in holidays())
