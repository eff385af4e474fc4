"""Working patterns as spells of the week: hours, overlap with a person's available time, a 7 × 24 grid to draw.

pattern(Shift.SCHOOL_HOURS).hours                                        # 35.0
overlap(days, from_minute, to_minute, pattern(Shift.DAY), needed)        # hours a week
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from core.terms import Shift

__all__ = [
    "PATTERNS",
    "Pattern",
    "Spell",
    "available_grid",
    "clock",
    "overlap",
    "pattern",
    "station_shifts",
    "week_grid",
]

WEEKDAYS = (True,) * 5 + (False,) * 2
WEEKEND = (False,) * 5 + (True,) * 2
EVERY_DAY = (True,) * 7
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True)
class Spell:
    """The same hours on some days of the week; ``share`` < 1 when it holds in some weeks only (rotation)."""

    days: tuple[bool, ...]  # Monday … Sunday
    start: int  # minute of the day
    end: int  # minute of the day
    share: float = 1.0

    @property
    def hours(self) -> float:
        return sum(self.days) * (self.end - self.start) / 60 * self.share


@dataclass(frozen=True)
class Pattern:
    """The spells of a shift. ``flexible``: the worker chooses hours inside them, so weekly hours say how many."""

    spells: tuple[Spell, ...]
    flexible: bool = False

    @property
    def hours(self) -> float:
        """Hours a week inside the spells."""
        return sum(spell.hours for spell in self.spells)


PATTERNS: dict[Shift, Pattern] = {
    Shift.DAY: Pattern((Spell(WEEKDAYS, 8 * 60, 12 * 60), Spell(WEEKDAYS, 13 * 60, 17 * 60))),
    Shift.MORNING: Pattern((Spell(WEEKDAYS, 8 * 60, 12 * 60),)),
    Shift.AFTERNOON: Pattern((Spell(WEEKDAYS, 13 * 60 + 30, 17 * 60 + 30),)),
    Shift.SCHOOL_HOURS: Pattern((Spell(WEEKDAYS, 9 * 60, 16 * 60),)),
    Shift.TWO_SHIFT: Pattern((Spell(WEEKDAYS, 6 * 60, 14 * 60, 0.5), Spell(WEEKDAYS, 14 * 60, 22 * 60, 0.5))),
    Shift.WEEKEND: Pattern((Spell(WEEKEND, 8 * 60, 12 * 60), Spell(WEEKEND, 13 * 60, 17 * 60))),
    Shift.FLEXIBLE_PIECE: Pattern((Spell(EVERY_DAY, 7 * 60, 21 * 60),), flexible=True),
}
FLEXIBLE_HOURS = 20.0  # a week, where a flexible job states none


@cache
def pattern(shift: Shift) -> Pattern:
    """The working pattern of ``shift``."""
    return PATTERNS[shift]


def station_shifts(shift: Shift) -> float:
    """Shifts of eight hours a week during which a work station is open: two rotating shifts open it twice a day."""
    shift_pattern = pattern(shift)
    hours = (
        FLEXIBLE_HOURS if shift_pattern.flexible else sum(spell.hours / spell.share for spell in shift_pattern.spells)
    )
    return hours / 8


def clock(text: str | None) -> int | None:
    """'09:30' → 570, '24:00' → 1440; None for anything that is no time of the day."""
    hours, colon, minutes = (text or "").strip().replace("：", ":").partition(":")
    if not (hours.isdigit() and (minutes.isdigit() or not colon)):
        return None
    total = int(hours) * 60 + int(minutes or 0)
    return total if int(minutes or 0) < 60 and total <= MINUTES_A_DAY else None


def overlap(
    days: npt.NDArray[np.bool_],
    start: npt.NDArray[np.floating],
    end: npt.NDArray[np.floating],
    shift: Pattern,
    weekly_hours: float | None = None,
) -> npt.NDArray[np.float32]:
    """Share of a shift's hours that each person has time for, shape (n,), 0..1; NaN where availability is unknown.

    ``days`` (n, 7) Monday first; ``start``, ``end`` (n,) minutes of the day, NaN = unknown. A fixed shift needs its own
    hours; a flexible one ``weekly_hours`` of them. Exact to the minute.
    """
    hours = np.zeros(len(start))
    for spell in shift.spells:
        shared_days = days @ np.asarray(spell.days, dtype=float)
        shared = np.clip(np.minimum(end, spell.end) - np.maximum(start, spell.start), 0, None) / 60
        hours += shared_days * shared * spell.share
    needed = min(weekly_hours or FLEXIBLE_HOURS, shift.hours) if shift.flexible else shift.hours
    return np.asarray(np.minimum(hours, needed) / needed, dtype=np.float32)


def week_grid(shift: Pattern) -> npt.NDArray[np.float32]:
    """Share of each hour of the week that a shift covers, shape (7, 24), 0..1, Monday first."""
    grid = np.zeros((7, 24), dtype=np.float32)
    for spell in shift.spells:
        grid += available_grid(np.asarray(spell.days), spell.start, spell.end) * spell.share
    return np.minimum(grid, 1)


def available_grid(days: npt.NDArray[np.bool_], start: float, end: float) -> npt.NDArray[np.float32]:
    """Share of each hour of the week inside ``start``..``end`` (minutes of the day) on ``days``, shape (7, 24)."""
    hour = np.arange(24) * 60
    covered = np.clip(np.minimum(end, hour + 60) - np.maximum(start, hour), 0, 60) / 60
    return np.asarray(np.outer(days, covered), dtype=np.float32)
