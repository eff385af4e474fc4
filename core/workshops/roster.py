"""From a workshop's roll to next week's roster: who may work when, for how long, and who leads.

===============  ======================================================================================
available        days and hours that the person stated (``Intention``), if they hold at least 2.5 of a half day's hours
                 (so 09:00–16:00 holds both); Monday to Friday where nothing is stated
shifts           the half days of ``SLOTS``, at the workshop's own hours a shift
at most          24 hours a week part time (Labour Contract Law, art. 68), 40 otherwise
counts on        the workshop's full week of a person (see ``derive``), at most what is allowed
pace             (1 − absence) × efficiency of the workshop
leads            as many people as the workshop has supervisors: those who can be there in most half days that nobody
                 leads yet, then the highest skill level, then the longest there
demand           standard hours a week that the tightest due date asks for, else what the people usually make
===============  ======================================================================================

People in home piece work have no shift.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from core.locale import N_
from core.terms import JobForm
from core.workshops.figures import monday
from core.workshops.staffing import SHIFTS, Place, Roster, Worker, propose
from core.workshops.states import WorkshopState

__all__ = ["DAYS", "SLOTS", "roster_of", "roster_table", "shift_workers"]

DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
SLOTS = ((8.0, 12.0), (13.5, 17.5))  # hours of the day, morning and afternoon as in ``core.jobs.shifts``
HELD_HOURS = 2.5
PART_TIME_HOURS, FULL_TIME_HOURS = 24.0, 40.0
WEEKDAYS = "1111100"


def shift_workers(
    state: WorkshopState, intentions: pd.DataFrame, person_skills: pd.DataFrame
) -> tuple[list[int], list[Worker]]:
    """Person ids and workers of the roll who come to a station, in the order of the roll."""
    assert state.pace is not None
    assert state.load is not None
    roll = state.roll[state.roll["form"] != JobForm.HOME_PIECE].reset_index(drop=True)
    wishes = intentions.set_index("person_id")
    best = person_skills.groupby("person_id")["level"].max()
    level = roll["person_id"].map(best).astype("float64").fillna(0)
    open_to = [_available(wishes.loc[p] if p in wishes.index else None) for p in roll["person_id"]]
    leaders = _leaders(open_to, level.tolist(), state.load.inputs.supervisors)
    hours = state.load.inputs.sites[0].hours
    pace = (1 - state.pace.absence) * state.pace.efficiency * state.pace.shift_hours / hours
    workers = []
    for k, row in enumerate(roll.itertuples()):
        cap = int((PART_TIME_HOURS if row.form == JobForm.PART_TIME else FULL_TIME_HOURS) // hours)
        workers.append(
            Worker(
                name=str(row.name),
                available=open_to[k],
                max_shifts=cap,
                guaranteed=min(int(state.pace.full_week), cap),
                pace=pace,
                is_leader=k in leaders,
                minutes=(0.0,),
            )
        )
    return [int(p) for p in roll["person_id"]], workers


def roster_of(state: WorkshopState, workers: list[Worker], seconds: float = 5.0) -> Roster:
    """A proposal for the week after today."""
    load = state.load
    assert load is not None
    site = load.inputs.sites[0]
    demand = load.needed_a_week or load.effective
    place = Place(state.name, site.stations, demand / site.hours, int(site.shifts))
    return propose([place], workers, seconds)


def roster_table(roster: Roster) -> pd.DataFrame:
    """0/1 by person and shift; columns (day 0..6, half day 0..1)."""
    columns = pd.MultiIndex.from_product([range(7), range(2)], names=["day", "half"])
    return pd.DataFrame((roster.table >= 0).astype(int), columns=columns)


def week_after(state: WorkshopState) -> pd.Timestamp:
    """Monday of the week that the roster is for."""
    assert state.load is not None
    return pd.Timestamp(monday(state.load.today) + timedelta(weeks=1))


def _leaders(open_to: list[tuple[bool, ...]], level: list[float], count: int) -> set[int]:
    """Positions on the roll; the roll itself is in the order of start."""
    leaders: set[int] = set()
    led = np.zeros(SHIFTS, dtype=bool)
    for _ in range(min(count, len(open_to))):
        rest = [k for k in range(len(open_to)) if k not in leaders]
        best = max(rest, key=lambda k: (int((np.array(open_to[k]) & ~led).sum()), level[k], -k))
        leaders.add(best)
        led |= np.array(open_to[best])
    return leaders


def _available(wish: pd.Series | None) -> tuple[bool, ...]:
    days, begin, end = WEEKDAYS, 0.0, 24.0
    if wish is not None:
        days = wish["available_days"] if isinstance(wish["available_days"], str) else days
        begin = _hour(wish["available_from"], begin)
        end = _hour(wish["available_to"], end)
    fits = [min(end, last) - max(begin, first) >= HELD_HOURS for first, last in SLOTS]
    half_days = np.array([[day == "1" and fit for fit in fits] for day in days.ljust(7, "0")[:7]])
    return tuple(bool(a) for a in half_days.reshape(SHIFTS))


def _hour(text: object, otherwise: float) -> float:
    """'09:30' → 9.5."""
    if not isinstance(text, str) or ":" not in text:
        return otherwise
    hours, minutes = text.split(":")[:2]
    return int(hours) + int(minutes) / 60
