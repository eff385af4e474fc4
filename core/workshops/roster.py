"""From a workshop's roll and orders to next week's roster: who may work when, for how long, and who leads.

===============  ======================================================================================
available        days and hours that the person stated (``Intention``), if they hold at least 2.5 of a half day's hours
                 (so 09:00–16:00 holds both); Monday to Friday where nothing is stated; only on half days on which the
                 workshop is open (``calendar``), never on a public holiday
shifts           the half days of ``SLOTS``, at the workshop's own hours a shift
at most          24 hours a week part time (Labour Contract Law, art. 68), 40 otherwise; never more than the contract says
usual week       the workshop's full week of a person (see ``inputs``), shared out among the people on site by their contracted
                 hours, else the weekly hours of their form of work; less by the share of the open half days on holidays
pace             (1 − absence) × efficiency of the workshop
leads            as many people as the workshop has supervisors: those who can be there in most half days that nobody
                 leads yet, then the highest skill level, then the longest there
demand           standard hours a week that the tightest due date asks for, less what is made at home; 0 without orders
work             standard hours that all open orders hold, less what is made at home: nobody is rostered beyond it
===============  ======================================================================================

People in home piece work have no shift and no station: they have hours, as far as open orders can be made at home.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from core.holidays import Holiday, holiday_on
from core.jobs.legal import FULL_WEEK, PART_TIME_WEEK, week_hours
from core.locale import N_
from core.terms import JobForm
from core.workshops.calendar import Calendar
from core.workshops.figures import monday
from core.workshops.staffing import FREE, SHIFTS, Place, Roster, Worker, cost, greedy
from core.workshops.states import WorkshopState

__all__ = [
    "DAYS",
    "SLOTS",
    "HomeWork",
    "WeekRoster",
    "calendar_of",
    "home_work",
    "place_of",
    "roster_table",
    "shift_workers",
    "week_after",
    "week_roster",
]

DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
SLOTS = ((8.0, 12.0), (13.5, 17.5))  # hours of the day, morning and afternoon as in ``core.jobs.shifts``
HELD_HOURS = 2.5


@dataclass(frozen=True)
class HomeWork:
    """The week of the people in home piece work; hours are worked hours, not standard hours."""

    names: tuple[str, ...]
    usual_hours: float  # of a person and week
    orders_hold: float  # standard hours of open orders that may be made at home
    made: float  # standard hours made at home in the week
    hours_each: float  # of a person in the week


@dataclass(frozen=True, eq=False)
class WeekRoster:
    """A proposal for one week of one workshop."""

    week: date  # its Monday
    place: Place
    shift_hours: float  # net hours a shift
    workers: tuple[Worker, ...]
    persons: tuple[int, ...]  # id of each worker
    forms: tuple[str, ...]  # of work, of each worker
    roster: Roster
    home: HomeWork
    open_slots: tuple[bool, ...]  # half days on which the workshop is open in this week

    @property
    def given(self) -> int:
        """Person-shifts."""
        return int((self.roster.table != FREE).sum())

    def with_absence(self, person: int, slots: Iterable[int]) -> WeekRoster:
        """The same week in which the worker at ``person`` cannot come in ``slots``."""
        gone = set(slots)
        worker = self.workers[person]
        left = replace(worker, available=tuple(a and s not in gone for s, a in enumerate(worker.available)))
        return replace(self, workers=(*self.workers[:person], left, *self.workers[person + 1 :]))

    def with_roster(self, roster: Roster) -> WeekRoster:
        """The same week with another roster, such as the exact one."""
        return replace(self, roster=roster)

    @property
    def holidays(self) -> list[tuple[date, Holiday]]:
        """The public holidays of the week."""
        days = (self.week + timedelta(days=k) for k in range(7))
        return [(day, holiday) for day in days if (holiday := holiday_on(day)) is not None]

    @property
    def asked(self) -> float:
        """Standard hours that the due dates ask of the people on site."""
        return self.place.demand * self.shift_hours

    @property
    def covered(self) -> float:
        """Standard hours that they make."""
        shifts = sum(w.pace * float((self.roster.table[i] >= 0).sum()) for i, w in enumerate(self.workers))
        return shifts * self.shift_hours

    @property
    def uncovered(self) -> float:
        """Standard hours asked for that nobody can make in this week."""
        return max(self.asked - self.covered, 0.0)


def week_after(today: date) -> date:
    """Monday of the week after the one of ``today``."""
    return monday(today) + timedelta(weeks=1)


def week_roster(
    state: WorkshopState, intentions: pd.DataFrame, person_skills: pd.DataFrame, week: date | None = None
) -> WeekRoster:
    """The quick proposal for ``week`` (its Monday), else for the week after the state's day; see ``with_roster``."""
    assert state.load is not None
    week = week or week_after(state.load.today)
    home = home_work(state)
    place = place_of(state, home, week)
    on_site, workers = shift_workers(state, intentions, person_skills, week)
    table = greedy([place], workers)
    return WeekRoster(
        week=week,
        place=place,
        shift_hours=state.load.inputs.sites[0].hours,
        workers=tuple(workers),
        persons=tuple(int(p) for p in on_site["person_id"]),
        forms=tuple(on_site["form"].fillna("")),
        roster=Roster(table, "greedy", cost(table, [place], workers), None),
        home=home,
        open_slots=calendar_of(state).open_slots(week),
    )


def home_work(state: WorkshopState) -> HomeWork:
    """What the people at home can make of the open orders: their usual hours, less where the orders hold less."""
    assert state.pace is not None
    assert state.load is not None
    names = tuple(str(n) for n in state.roll.loc[state.roll["form"] == JobForm.HOME_PIECE, "name"])
    usual = state.pace.full_week * state.pace.shift_hours
    capacity = len(names) * usual * (1 - state.pace.absence) * state.pace.efficiency
    hold = sum(o.need for o in state.load.orders if o.order.home_work)
    made = min(capacity, hold)
    return HomeWork(names, usual, hold, made, usual * made / capacity if capacity else 0.0)


def place_of(state: WorkshopState, home: HomeWork, week: date) -> Place:
    """What the workshop asks of the people on site in ``week``."""
    load = state.load
    assert load is not None
    site = load.inputs.sites[0]
    return Place(
        name=state.name,
        stations=site.stations,
        demand=max(load.needed_a_week - home.made, 0.0) / site.hours,
        max_shifts=round(site.shifts * calendar_of(state).share(week)),
        work=max(load.total_hours - home.made, 0.0) / site.hours,
    )


def shift_workers(
    state: WorkshopState, intentions: pd.DataFrame, person_skills: pd.DataFrame, week: date
) -> tuple[pd.DataFrame, list[Worker]]:
    """The people of the roll who come to a station (rows of the roll) and their week that begins on ``week``."""
    assert state.pace is not None
    assert state.load is not None
    roll = state.roll[state.roll["form"] != JobForm.HOME_PIECE].reset_index(drop=True)
    wishes = intentions.set_index("person_id")
    best = person_skills.groupby("person_id")["level"].max()
    level = roll["person_id"].map(best).astype("float64").fillna(0)
    calendar = calendar_of(state)
    opened = np.array(calendar.open_slots(week))
    open_to = [
        tuple((opened & _stated(wishes.loc[p] if p in wishes.index else None, calendar)).tolist())
        for p in roll["person_id"]
    ]
    leaders = _leaders(open_to, level.tolist(), state.load.inputs.supervisors)
    hours = state.load.inputs.sites[0].hours
    pace = (1 - state.pace.absence) * state.pace.efficiency * state.pace.shift_hours / hours
    contract = roll["weekly_hours"].astype(float)
    share = contract.fillna(roll["form"].map(week_hours).astype(float))
    usual = state.pace.full_week * calendar.share(week) * share / share.mean()
    workers = []
    for k, row in enumerate(roll.itertuples()):
        legal = PART_TIME_WEEK if row.form == JobForm.PART_TIME else FULL_WEEK
        cap = int((legal if np.isnan(contract[k]) else min(legal, contract[k])) // hours)
        workers.append(
            Worker(
                name=str(row.name),
                available=open_to[k],
                max_shifts=cap,
                usual=min(int(usual[k]), cap),
                pace=pace,
                is_leader=k in leaders,
                minutes=(0.0,),
            )
        )
    return roll, workers


def roster_table(roster: Roster) -> pd.DataFrame:
    """0/1 by person and shift; columns (day 0..6, half day 0..1)."""
    columns = pd.MultiIndex.from_product([range(7), range(2)], names=["day", "half"])
    return pd.DataFrame((roster.table >= 0).astype(int), columns=columns)


def calendar_of(state: WorkshopState) -> Calendar:
    """The workshop's calendar; Monday to Friday where none is known."""
    assert state.load is not None
    return state.load.inputs.calendar or Calendar()


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


def _stated(wish: pd.Series | None, calendar: Calendar) -> np.ndarray:
    """Half days, Monday morning first, on which a person is available; where no days are stated, those of the workshop."""
    stated = wish["available_days"] if wish is not None and isinstance(wish["available_days"], str) else None
    begin, end = 0.0, 24.0
    if wish is not None:
        begin = _hour(wish["available_from"], begin)
        end = _hour(wish["available_to"], end)
    fits = [min(end, last) - max(begin, first) >= HELD_HOURS for first, last in SLOTS]
    days = [any(calendar.half_days[2 * d : 2 * d + 2]) for d in range(7)]
    if stated is not None:
        days = [c == "1" for c in stated.ljust(7, "0")[:7]]
    return np.array([days[d] and fit for d in range(7) for fit in fits])


def _hour(text: object, otherwise: float) -> float:
    """'09:30' → 9.5."""
    if not isinstance(text, str) or ":" not in text:
        return otherwise
    hours, minutes = text.split(":")[:2]
    return int(hours) + int(minutes) / 60
