"""The state of every workshop on a day: what the cards and the selected workshop show.

states = workshop_states(rows, today)
states[3].load.ratio, states[3].capacity.needed, states[3].bottleneck.kind
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from core.store.settings import parameter
from core.workshops.hiring_capacity import Bottleneck, HiringCapacity, find_bottleneck, hiring_capacity
from core.workshops.inputs import (
    WINDOW,
    Norms,
    Pace,
    district_norms,
    learner,
    measure_pace,
    open_orders,
    skill_shares,
    workshop_inputs,
)
from core.workshops.load import Group, WorkshopLoad, compute_load, hourly_pay, lead_time
from core.workshops.pay import TOLERANCE, WorkshopPay, hourly_floors, workshop_pay

__all__ = ["WorkshopRows", "WorkshopState", "pay_table", "workshop_states"]


@dataclass(frozen=True)
class WorkshopRows:
    """The results of ``core.workshops.queries`` (``people.queries.person_skills``, ``settings.parameters``) from which
    states are computed."""

    workshops: pd.DataFrame
    weeks: pd.DataFrame
    outputs: pd.DataFrame
    orders: pd.DataFrame
    roll: pd.DataFrame
    person_skills: pd.DataFrame
    product_skills: pd.DataFrame
    received: pd.DataFrame
    parameters: pd.DataFrame


@dataclass(frozen=True)
class WorkshopState:
    """One workshop on one day. ``norms`` and what follows are None before the district's first weekly report."""

    key: int
    name: str
    community: str
    premises: str
    operator: str
    opened_on: date
    closed_on: date | None
    as_of: date
    stations: int
    on_roll: int  # persons by placements, else by the last report
    reported_roll: int | None  # persons by the last weekly report, if it is of the last eight weeks
    last_report: date | None  # Monday of its week
    problem: str
    lon: float
    lat: float
    roll: pd.DataFrame
    weeks: pd.DataFrame  # with wage_floor, the hourly floor of the week in yuan
    outputs: pd.DataFrame
    received: pd.DataFrame  # every order, by the day it came in
    wage_floor: float  # the hourly floor of the day, yuan
    pay: WorkshopPay | None  # None where no week states hours and labour cost
    norms: Norms | None = None
    pace: Pace | None = None
    load: WorkshopLoad | None = None
    learner: Group | None = None
    capacity: HiringCapacity | None = None
    bottleneck: Bottleneck | None = None

    @property
    def open_pieces(self) -> float:
        return sum(o.order.remaining for o in self.load.orders) if self.load else 0.0

    @property
    def is_idle(self) -> bool:
        """People on the roll and not one open order."""
        return self.load is not None and not self.load.orders and self.on_roll > 0

    @property
    def is_closed(self) -> bool:
        """Whether the date on which it closes has come."""
        return self.closed_on is not None and self.closed_on <= self.as_of

    @property
    def is_dormant(self) -> bool:
        """Closed, or as good as: nobody on the roll, no open order, and no weekly report for eight weeks although there were some."""
        if self.is_closed:
            return True
        has_orders = self.load is not None and bool(self.load.orders)
        return not has_orders and not self.on_roll and self.last_report is not None and self.reported_roll is None

    @property
    def is_underpaid(self) -> bool:
        """Whether the last ordinary weeks paid less for an hour attended than the floor."""
        return self.pay is not None and self.pay.total.is_below

    @property
    def lead_weeks(self) -> float | None:
        """Little's lead time, in weeks."""
        return lead_time(self.open_pieces, self.pace.good_a_week) if self.pace and self.open_pieces else None

    @property
    def wanted_products(self) -> tuple[int, ...]:
        """Product ids of the open orders, else of the last eight weeks."""
        if self.load and self.load.orders:
            return tuple(sorted({o.order.product_id for o in self.load.orders}))
        last = self.outputs[self.outputs["week"].isin(sorted(self.outputs["week"].unique())[-8:])]
        return tuple(sorted(int(p) for p in last["product_id"].unique()))


def workshop_states(floor: WorkshopRows, today: date) -> list[WorkshopState]:
    """Every workshop that had opened by ``today``, the most loaded first, those without orders last."""
    norms = district_norms(floor.weeks, floor.outputs)
    states = [
        _state(workshop, floor, norms, today)
        for _, workshop in floor.workshops.iterrows()
        if workshop["opened_on"] <= pd.Timestamp(today)
    ]
    ratio = {s.key: s.load.ratio if s.load else None for s in states}
    return sorted(states, key=lambda s: (ratio[s.key] is None, -(ratio[s.key] or 0.0), s.key))


def _state(workshop: pd.Series, floor: WorkshopRows, norms: Norms | None, today: date) -> WorkshopState:
    key = int(workshop["id"])
    weeks, outputs, orders, roll, received = (
        t[t["workshop_id"] == key].reset_index(drop=True)
        for t in (floor.weeks, floor.outputs, floor.orders, floor.roll, floor.received)
    )
    last = weeks.iloc[-1] if len(weeks) else None
    is_current = last is not None and last["week"] > pd.Timestamp(today - timedelta(weeks=WINDOW))
    reported = int(last["on_roll"]) if last is not None and is_current else None
    common = {
        "key": key,
        "name": str(workshop["name"]),
        "community": str(workshop["community"]),
        "premises": _text(workshop["premises"]),
        "operator": _text(workshop["operator"]),
        "opened_on": workshop["opened_on"].date(),
        "closed_on": None if pd.isna(workshop["closed_on"]) else workshop["closed_on"].date(),
        "as_of": today,
        "stations": int(workshop["stations"]),
        "on_roll": len(roll) or reported or 0,
        "reported_roll": reported,
        "last_report": None if last is None else last["week"].date(),
        "problem": "" if last is None else _text(last["problem"]),
        "lon": float(workshop["lon"]),
        "lat": float(workshop["lat"]),
        "roll": roll,
        "weeks": weeks.assign(wage_floor=hourly_floors(floor.parameters, weeks["week"])),
        "outputs": outputs,
        "received": received,
        "wage_floor": parameter(floor.parameters, "minimum_wage_hour", today),
        "pay": workshop_pay(weeks, outputs, roll, floor.parameters, today),
    }
    if norms is None:
        return WorkshopState(**common)
    pace = measure_pace(weeks, outputs, norms)
    shares = skill_shares(roll, floor.person_skills, floor.product_skills, outputs, orders["product_id"])
    load = compute_load(workshop_inputs(workshop, pace, roll, open_orders(orders), shares, reported or 0), today)
    new_worker = learner(pace)
    return WorkshopState(
        **common,
        norms=norms,
        pace=pace,
        load=load,
        learner=new_worker,
        capacity=hiring_capacity(load, new_worker),
        bottleneck=find_bottleneck(load),
    )


def pay_table(state: WorkshopState) -> pd.DataFrame:
    """What each product pays for an hour attended, against the floor: products of the window and of the open orders.

    Columns: product, product_en, minutes, rate (yuan a piece), at_standard (yuan an hour at standard pace), paid_hour
    (yuan an hour attended), floor, below (bool), expected (bool: not made in the window, so paid_hour is what the rate
    would bring at the workshop's own pace and yield).
    """
    assert state.pace is not None
    rows = {
        int(r.product_id): (r.product, _text(r.product_en) or r.product, float(r.standard_minutes), float(r.piece_rate))
        for r in state.outputs.itertuples()
    }
    made = pd.DataFrame() if state.pay is None else state.pay.products.set_index("product_id")
    ordered = {} if state.load is None else {o.order.product_id: o.order for o in state.load.orders}
    rows |= {
        key: (o.product, o.product_en, o.minutes, o.rate)
        for key, o in ordered.items()
        if key not in rows and o.rate is not None
    }
    table = []
    for key in sorted({*made.index, *ordered} & set(rows)):
        product, product_en, minutes, rate = rows[key]
        expected = key not in made.index
        paid = (
            hourly_pay(rate, minutes, state.pace.efficiency, state.pace.first_pass)
            if expected
            else float(made.loc[key, "paid_hour"])
        )
        floor = state.wage_floor if expected else float(made.loc[key, "floor"])
        below = paid < floor - TOLERANCE
        table.append(
            (product, product_en, minutes, rate, hourly_pay(rate, minutes, 1, 1), paid, floor, below, expected)
        )
    columns = ["product", "product_en", "minutes", "rate", "at_standard", "paid_hour", "floor", "below", "expected"]
    return pd.DataFrame(table, columns=columns)


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)
