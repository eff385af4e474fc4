"""When a workshop is open: the half days of its week, public holidays, and the day on which it closes for good.

calendar = Calendar.of("11111111110000", closed_on=None)
calendar.shares(today, weeks=8)     # 1.0 an ordinary week, 0.6 with two of five days off, 0.0 in Spring Festival
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from core.holidays import holiday_on

__all__ = ["MONDAY_TO_FRIDAY", "SLOTS_A_WEEK", "Calendar"]

SLOTS_A_WEEK = 14  # Monday morning, Monday afternoon, … Sunday afternoon
MONDAY_TO_FRIDAY = "11111111110000"


@dataclass(frozen=True)
class Calendar:
    """The half days of a week on which a workshop may work; ``closed_on`` is the first day on which it no longer does."""

    half_days: tuple[bool, ...] = tuple(c == "1" for c in MONDAY_TO_FRIDAY)
    closed_on: date | None = None

    @classmethod
    def of(cls, half_days: str | None, closed_on: date | None = None) -> Calendar:
        """From the stored text of 14 digits; None is Monday to Friday. ValueError for anything else."""
        text = half_days or MONDAY_TO_FRIDAY
        if len(text) != SLOTS_A_WEEK or set(text) - {"0", "1"}:
            raise ValueError(f"not the half days of a week: {text!r}")
        return cls(tuple(c == "1" for c in text), closed_on)

    def is_open(self, day: date) -> bool:
        """Whether ``day`` is neither a public holiday nor after the end."""
        return holiday_on(day) is None and (self.closed_on is None or day < self.closed_on)

    def open_slots(self, week: date) -> tuple[bool, ...]:
        """The 14 half days of the week that begins on the Monday ``week`` on which the workshop works."""
        open_days = [self.is_open(week + timedelta(days=d)) for d in range(7)]
        return tuple(usual and open_days[k // 2] for k, usual in enumerate(self.half_days))

    def day_shares(self, today: date, days: int) -> np.ndarray:
        """The share of an ordinary week's hours that falls on each of the ``days`` after ``today``; shape (days,)."""
        usual = sum(self.half_days)
        dates = [today + timedelta(days=1 + d) for d in range(days)]
        worked = [sum(self.half_days[2 * d.weekday() : 2 * d.weekday() + 2]) if self.is_open(d) else 0 for d in dates]
        return np.array(worked) / max(usual, 1)

    def share(self, first: date) -> float:
        """Open half days of the seven days from ``first`` on ÷ those of an ordinary week, 0..1."""
        return float(self.day_shares(first - timedelta(days=1), 7).sum())

    def shares(self, today: date, weeks: int) -> np.ndarray:
        """``share`` of each of the ``weeks`` periods of seven days that begin the day after ``today``; shape (weeks,)."""
        return np.asarray(self.day_shares(today, 7 * weeks).reshape(weeks, 7).sum(axis=1))
