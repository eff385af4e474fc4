"""Why a half day is not filled, and why a person has fewer shifts than usual: in words with numbers.

shift_reasons(plan, tr)[0].text        # 'not opened: 2 people can come, a shift takes 3'
person_reasons(plan, tr)[4].text       # '3 of usually 5 shifts: can come on 4 half days, 3 of them are opened'
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.locale import Translator
from core.workshops.roster import WeekRoster
from core.workshops.staffing import FREE, MIN_CREW, SHIFTS, most_work

__all__ = ["PersonReason", "ShiftReason", "person_reasons", "shift_reasons"]

EPSILON = 1e-6


@dataclass(frozen=True)
class ShiftReason:
    """One half day of the week."""

    slot: int
    crew: int
    available: int  # people who could come
    leaders: int  # of whom may lead
    text: str  # empty where every station is taken


@dataclass(frozen=True)
class PersonReason:
    """One person's week."""

    worker: int
    given: int
    text: str  # empty where the usual week is reached


def shift_reasons(plan: WeekRoster, tr: Translator) -> list[ShiftReason]:
    """Every half day on which the workshop is open, in order of time."""
    table, workers = plan.roster.table, plan.workers
    opened = int((table != FREE).any(axis=0).sum())
    reasons = []
    for s in range(SHIFTS):
        if not plan.open_slots[s]:
            continue
        come = [w for w in workers if w.available[s]]
        crew, leaders = int((table[:, s] != FREE).sum()), sum(w.is_leader for w in come)
        reasons.append(
            ShiftReason(s, crew, len(come), leaders, _shift_text(plan, s, crew, len(come), leaders, opened, tr))
        )
    return reasons


def _shift_text(plan: WeekRoster, slot: int, crew: int, come: int, leaders: int, opened: int, tr: Translator) -> str:
    place = plan.place
    if crew >= place.stations:
        return ""
    if crew:
        if plan.uncovered <= EPSILON or _is_all_work_given(plan):
            return tr("{crew} of {stations} stations: the orders ask for no more", crew=crew, stations=place.stations)
        full = sum(
            int((plan.roster.table[i] != FREE).sum()) >= w.max_shifts
            for i, w in enumerate(plan.workers)
            if w.available[slot] and plan.roster.table[i, slot] == FREE
        )
        return tr(
            "{crew} of {stations} stations: {come} people can come, {full} more have their lawful hours already",
            crew=crew,
            stations=place.stations,
            come=come,
            full=full,
        )
    if come < MIN_CREW:
        return tr("not opened: {come} people can come, a shift takes {crew}", come=come, crew=MIN_CREW)
    if not leaders:
        return tr("not opened: {come} people can come, none of them may lead", come=come)
    if opened >= place.max_shifts:
        return tr("not opened: all {n} shifts of the week are given to other half days", n=place.max_shifts)
    if plan.uncovered <= EPSILON or _is_all_work_given(plan):
        return tr("not opened: the orders ask for no more than the opened shifts make")
    return tr("not opened: {come} people can come, but have their hours on other half days", come=come)


def person_reasons(plan: WeekRoster, tr: Translator) -> list[PersonReason]:
    """Everybody who comes to a station, in the order of the roll."""
    table = plan.roster.table
    is_opened = (table != FREE).any(axis=0)
    full = (table != FREE).sum(axis=0) >= plan.place.stations
    reasons = []
    for i, worker in enumerate(plan.workers):
        given = int((table[i] != FREE).sum())
        can = np.array(worker.available)
        numbers = {
            "given": given,
            "usual": worker.usual,
            "can": int(can.sum()),
            "opened": int((can & is_opened).sum()),
            "full": int((can & full & (table[i] == FREE)).sum()),
        }
        text = ""
        if given > worker.usual:
            text = tr("{given} shifts instead of usually {usual}: the due dates need them", **numbers)
        elif given < worker.usual:
            text = _person_text(plan, numbers, tr)
        reasons.append(PersonReason(i, given, text))
    return reasons


def _person_text(plan: WeekRoster, n: dict[str, int], tr: Translator) -> str:
    if not n["can"]:
        return tr("none of usually {usual} shifts: the stated hours cover no half day of this week", **n)
    if n["can"] < n["usual"]:
        return tr("{given} of usually {usual} shifts: can come on {can} half days only", **n)
    if n["opened"] < n["usual"]:
        return tr("{given} of usually {usual} shifts: of {can} half days {opened} are opened", **n)
    if n["opened"] - n["full"] < n["usual"]:
        return tr("{given} of usually {usual} shifts: on {full} half days every station is taken", **n)
    if _is_all_work_given(plan):
        return tr("{given} of usually {usual} shifts: the orders hold no more work, it is shared alike", **n)
    return tr("{given} of usually {usual} shifts: the hours are shared alike among those who can come", **n)


def _is_all_work_given(plan: WeekRoster) -> bool:
    """Whether the open orders hold no whole person-shift more."""
    made = plan.covered / plan.shift_hours
    slowest = min((w.pace for w in plan.workers), default=0.0)
    return made + slowest > most_work(plan.place, plan.workers) - EPSILON
