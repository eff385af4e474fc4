"""What a workshop can make, what its orders require, and whether every due date can be met.

    inputs = WorkshopInputs(sites=(Site(10, 12, 3.5),), groups=(Group(6, 5, 3.5, 0.10, 0.95), …), first_pass=0.96, orders=(…,))
    load = compute_load(inputs, today)
    load.ratio, load.light, load.orders[0].late_days

Units: hours a week, standard hours (hours at the standard time) a week, pieces, weeks from ``today``. Formulas:
station capacity, rostered, attended, effective and good output as in Hopp & Spearman, *Factory Physics*; lead time is
Little's law. Everything takes its inputs as arguments: the same functions serve the real week and a what-if.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from core.terms import Light
from core.workshops.calendar import Calendar

__all__ = [
    "AMBER_FROM",
    "HORIZON",
    "RED_ABOVE",
    "Group",
    "OpenOrder",
    "OrderLoad",
    "WorkshopLoad",
    "WorkshopInputs",
    "Site",
    "hourly_pay",
    "hours_made_within",
    "lead_time",
    "load_light",
    "load_hours",
    "compute_load",
    "shrunk_absence",
    "time_to_make",
]

AMBER_FROM = 0.85  # load ratio above which a workshop is nearly full: queues grow steeply from here (Erlang C)
RED_ABOVE = 1.0  # above it a due date can't be met
HORIZON = 104  # weeks over which capacity is laid out; later dates follow the last week's pace
ABSENCE_PRIOR_SHIFTS = 8.0  # weight of the district's absence in a workshop's own, in shifts


@dataclass(frozen=True)
class Site:
    """Stations that are open for a number of shifts a week, from a week on (0 = this week)."""

    stations: int
    shifts: float  # opened shifts a week
    hours: float  # net hours a shift: gross less breaks and set-up
    from_week: int = 0

    @property
    def station_hours(self) -> float:
        """Σ open shifts · stations · net hours, station-hours a week."""
        return self.stations * self.shifts * self.hours


@dataclass(frozen=True)
class Group:
    """People who work the same pattern; people at home need no station."""

    people: float
    shifts: float  # rostered shifts a person and week
    hours: float  # net hours a shift
    absence: float  # 0..1 of rostered shifts
    efficiency: float  # standard hours earned in an attended hour
    at_home: bool = False
    from_week: int = 0
    efficiency_to: float | None = None  # reached after ``ramp_weeks``
    ramp_weeks: int = 0

    @property
    def rostered(self) -> float:
        """Hours on the roster a week."""
        return self.people * self.shifts * self.hours

    @property
    def attended(self) -> float:
        """Hours worked a week: rostered × (1 − absence)."""
        return self.rostered * (1 - self.absence)

    def efficiency_in(self, weeks: np.ndarray) -> np.ndarray:
        """Efficiency in each week; learners rise along a straight line."""
        if self.efficiency_to is None:
            return np.full(len(weeks), self.efficiency)
        gone = np.clip((weeks - self.from_week) / max(self.ramp_weeks, 1), 0, 1)
        return np.asarray(self.efficiency + (self.efficiency_to - self.efficiency) * gone)


@dataclass(frozen=True)
class OpenOrder:
    """What is still to be made of one order."""

    code: str
    product: str
    remaining: float  # good pieces still owed
    minutes: float  # standard time of a piece
    due_on: date
    received_on: date | None = None
    customer: str = ""
    rate: float | None = None  # yuan a piece
    product_id: int = 0
    product_en: str = ""
    home_work: bool = False  # may be made at home


@dataclass(frozen=True)
class WorkshopInputs:
    """The inputs of one workshop: places, people, quality and orders."""

    sites: tuple[Site, ...]
    groups: tuple[Group, ...]
    first_pass: float  # share of pieces right the first time, 0..1
    orders: tuple[OpenOrder, ...] = ()
    supervisors: int = 1
    leader_shifts: float = 10.0  # shifts a week that one supervisor can lead
    skill_shares: tuple[tuple[int, float], ...] = ()  # product id → share (0..1) of the working people who can make it
    calendar: Calendar | None = None  # holidays and the end of the workshop; None: every week is a full one


@dataclass(frozen=True)
class OrderLoad:
    """One order in the queue, earliest due date first."""

    order: OpenOrder
    need: float  # standard hours
    queue: float  # standard hours up to and including this order
    available: float  # standard hours until it is due
    finish_on: date | None
    late_days: int | None  # > 0 late; ≤ 0 days in hand; None = never done

    @property
    def ratio(self) -> float:
        """Cumulative load ÷ cumulative capacity at the due date; inf where no hour is left."""
        return self.queue / self.available if self.available > 0 else float("inf")

    @property
    def is_late(self) -> bool:
        return self.late_days is None or self.late_days > 0


@dataclass(frozen=True)
class WorkshopLoad:
    """Capacity and orders of one workshop on one day."""

    inputs: WorkshopInputs
    today: date
    station_hours: float
    rostered: float  # hours a week at stations
    rostered_home: float  # hours a week at home
    attended: float
    potential: float  # standard hours a week that the people could make, were there stations for all
    effective: float  # standard hours of an ordinary week, now
    effective_by_day: np.ndarray  # standard hours of each day after today, shape (7 × HORIZON,)
    orders: tuple[OrderLoad, ...]

    @cached_property
    def effective_by_week(self) -> np.ndarray:
        """Standard hours of each period of seven days after today, shape (HORIZON,)."""
        return np.asarray(self.effective_by_day.reshape(-1, 7).sum(axis=1))

    @property
    def occupancy(self) -> float | None:
        """Rostered hours ÷ station-hours."""
        return self.rostered / self.station_hours if self.station_hours else None

    @property
    def total_hours(self) -> float:
        """Standard hours that all open orders ask for."""
        return self.orders[-1].queue if self.orders else 0.0

    @cached_property
    def tightest(self) -> OrderLoad | None:
        """The order at whose due date cumulative load presses hardest on cumulative capacity."""
        return max(self.orders, key=lambda o: o.ratio) if self.orders else None

    @property
    def ratio(self) -> float | None:
        """Load ratio at the tightest due date; None without orders."""
        return self.tightest.ratio if self.tightest else None

    @property
    def light(self) -> Light | None:
        """Light of the load ratio; None without orders."""
        return None if self.ratio is None else load_light(self.ratio)

    @property
    def has_people(self) -> bool:
        """Whether anybody works here now."""
        return any(g.people > 0 for g in self.inputs.groups if g.from_week <= 0)

    @property
    def is_unstaffed(self) -> bool:
        """Orders and nobody to make them."""
        return bool(self.orders) and not self.has_people

    @property
    def needed_a_week(self) -> float:
        """Standard hours a week that meet every due date (what is overdue is made within a week); 0 without orders."""
        return max((o.queue / weeks_to_catch_up(o.order.due_on, self.today) for o in self.orders), default=0.0)

    @property
    def shortfall(self) -> float:
        """Standard hours a week missing to meet every due date (what is overdue is made within a week)."""
        missing = [
            (o.queue - hours_made_within(weeks * 7, self.effective_by_day)) / weeks
            for o in self.orders
            for weeks in [weeks_to_catch_up(o.order.due_on, self.today)]
        ]
        return max(0.0, *missing) if missing else 0.0

    def hours_of_weeks(self, first: date, weeks: int) -> np.ndarray:
        """Standard hours that can be made in each of ``weeks`` calendar weeks from the Monday ``first`` on; shape (weeks,)."""
        made = effective_weeks(self.inputs, weeks)[1]
        calendar = self.inputs.calendar
        return made if calendar is None else made * calendar.shares(first - timedelta(days=1), weeks)

    @property
    def late(self) -> tuple[OrderLoad, ...]:
        return tuple(o for o in self.orders if o.is_late)


def load_light(ratio: float) -> Light:
    """Green up to 85 %, amber up to 100 %, red above."""
    if ratio <= AMBER_FROM + 1e-9:
        return Light.GREEN
    return Light.YELLOW if ratio <= RED_ABOVE + 1e-9 else Light.RED


def shrunk_absence(absent: float, rostered: float, district: float, prior: float = ABSENCE_PRIOR_SHIFTS) -> float:
    """Absence pulled towards the district's: (absent + k·ā)/(rostered + k), in shifts; few shifts say little."""
    return (absent + prior * district) / (rostered + prior)


def load_hours(pieces: float, minutes: float, first_pass: float) -> float:
    """Standard hours that ``pieces`` good ones ask for, rejects included."""
    return pieces * minutes / 60 / first_pass


def hourly_pay(rate: float, minutes: float, efficiency: float, first_pass: float) -> float:
    """Yuan an attended hour that a piece rate earns: rate × 60 ÷ minutes × efficiency × yield."""
    return rate * 60 / minutes * efficiency * first_pass


def lead_time(open_pieces: float, good_a_week: float) -> float | None:
    """Little's law: weeks that a piece waits and is made, in steady state; None when nothing is made."""
    return open_pieces / good_a_week if good_a_week > 0 else None


def weeks_until(due_on: date, today: date) -> float:
    """Weeks that remain, by the day; 0 for what is due today or overdue."""
    return max((due_on - today).days, 0) / 7


def weeks_to_catch_up(due_on: date, today: date) -> float:
    """Weeks over which the work of a due date is spread; what can no longer be on time is to be made within a week."""
    return weeks_until(due_on, today) or 1.0


def effective_weeks(inputs: WorkshopInputs, horizon: int = HORIZON) -> tuple[np.ndarray, np.ndarray]:
    """Station-hours and effective standard hours of each week were it an ordinary one, shapes (horizon,).

    People at stations beyond what the stations hold do not work: their hours are cut in proportion.
    """
    weeks = np.arange(horizon)
    stations, rostered, at_site, at_home = (np.zeros(horizon) for _ in range(4))
    for site in inputs.sites:
        stations += np.where(weeks >= site.from_week, site.station_hours, 0.0)
    for group in inputs.groups:
        works = (weeks >= group.from_week).astype(float)
        earned = works * group.attended * group.efficiency_in(weeks)
        if group.at_home:
            at_home += earned
        else:
            at_site += earned
            rostered += works * group.rostered
    capacity = np.divide(stations, rostered, out=np.ones(horizon), where=rostered > 0)
    return stations, at_site * np.minimum(capacity, 1.0) + at_home


def compute_load(inputs: WorkshopInputs, today: date) -> WorkshopLoad:
    """Capacity now and by week, and each order's finish, earliest due date first.

    Due-date feasibility: cumulative load(≤ d) ≤ cumulative effective(≤ d) for every due date d; lateness is the
    first day at which cumulative capacity reaches the queue, less d.
    """
    if not 0 < inputs.first_pass <= 1:
        raise ValueError("first-pass yield must lie in (0, 1]")
    stations, ordinary = effective_weeks(inputs)
    shares = np.full(7 * HORIZON, 1 / 7) if inputs.calendar is None else inputs.calendar.day_shares(today, 7 * HORIZON)
    effective = np.repeat(ordinary, 7) * shares
    working = [g for g in inputs.groups if g.from_week <= 0]
    orders, queue = [], 0.0
    for order in sorted(inputs.orders, key=lambda o: (o.due_on, o.code)):
        need = load_hours(order.remaining, order.minutes, inputs.first_pass)
        queue += need
        available = hours_made_within(weeks_until(order.due_on, today) * 7, effective)
        finish = time_to_make(queue, effective)
        done = None if np.isinf(finish) else today + timedelta(days=int(np.ceil(finish - 1e-9)))
        late = None if done is None else (done - order.due_on).days
        orders.append(
            OrderLoad(order=order, need=need, queue=queue, available=available, finish_on=done, late_days=late)
        )
    return WorkshopLoad(
        inputs=inputs,
        today=today,
        station_hours=float(stations[0]),
        rostered=sum(g.rostered for g in working if not g.at_home),
        rostered_home=sum(g.rostered for g in working if g.at_home),
        attended=sum(g.attended for g in working),
        potential=sum(g.attended * float(g.efficiency_in(np.zeros(1))[0]) for g in working),
        effective=float(ordinary[0]),
        effective_by_day=effective,
        orders=tuple(orders),
    )


def hours_made_within(time: float, effective: np.ndarray) -> float:
    """Standard hours made within ``time`` periods (weeks or days) of which ``effective`` holds the hours of each.

    Linear inside a period; after the last one the mean of the last seven goes on.
    """
    cumulative = np.concatenate([[0.0], np.cumsum(effective)])
    beyond = max(time - len(effective), 0.0)
    return float(np.interp(time, np.arange(len(cumulative)), cumulative) + beyond * pace_beyond(effective))


def time_to_make(hours: float, effective: np.ndarray) -> float:
    """Periods until ``hours`` standard hours are made, the inverse of ``hours_made_within``; inf if never."""
    if hours <= 0:
        return 0.0
    cumulative = np.concatenate([[0.0], np.cumsum(effective)])
    if hours > cumulative[-1]:
        pace = pace_beyond(effective)
        return len(effective) + (hours - cumulative[-1]) / pace if pace > 0 else float("inf")
    k = int(np.searchsorted(cumulative, hours, side="left"))
    return float(k - 1 + (hours - cumulative[k - 1]) / (cumulative[k] - cumulative[k - 1]))


def pace_beyond(effective: np.ndarray) -> float:
    """Standard hours of a period after the last one laid out: the mean of its last seven."""
    return float(effective[-7:].mean()) if len(effective) else 0.0
