"""The state of every workshop on a day: what the cards and the selected workshop show.

states = workshop_states(rows, today)
states[3].load.ratio, states[3].capacity.needed, states[3].bottleneck.kind
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from core.workshops.hiring_capacity import Bottleneck, HiringCapacity, find_bottleneck, hiring_capacity
from core.workshops.inputs import (
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

__all__ = ["WorkshopRows", "WorkshopState", "pay_table", "workshop_states"]


@dataclass(frozen=True)
class WorkshopRows:
    """The results of ``core.workshops.queries`` (and ``people.queries.person_skills``) from which states are computed."""

    workshops: pd.DataFrame
    weeks: pd.DataFrame
    outputs: pd.DataFrame
    orders: pd.DataFrame
    roll: pd.DataFrame
    person_skills: pd.DataFrame
    product_skills: pd.DataFrame
    received: pd.DataFrame


@dataclass(frozen=True)
class WorkshopState:
    """One workshop on one day. ``norms`` and what follows are None before the district's first weekly report."""

    key: int
    name: str
    community: str
    premises: str
    operator: str
    opened_on: date
    stations: int
    on_roll: int  # persons by placements, else by the last report
    reported_roll: int | None  # persons by the last weekly report
    problem: str
    lon: float
    lat: float
    roll: pd.DataFrame
    weeks: pd.DataFrame
    outputs: pd.DataFrame
    received: pd.DataFrame  # every order, by the day it came in
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
    reported = None if last is None else int(last["on_roll"])
    common = {
        "key": key,
        "name": str(workshop["name"]),
        "community": str(workshop["community"]),
        "premises": _text(workshop["premises"]),
        "operator": _text(workshop["operator"]),
        "opened_on": workshop["opened_on"].date(),
        "stations": int(workshop["stations"]),
        "on_roll": len(roll) or reported or 0,
        "reported_roll": reported,
        "problem": "" if last is None else _text(last["problem"]),
        "lon": float(workshop["lon"]),
        "lat": float(workshop["lat"]),
        "roll": roll,
        "weeks": weeks,
        "outputs": outputs,
        "received": received,
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


def pay_table(state: WorkshopState, hourly_floor: float) -> pd.DataFrame:
    """What each product's piece rate earns an hour against the dated floor, for products of the open orders and of
    the last eight weeks.

    Columns: product, product_en, minutes, rate (yuan a piece), at_standard (yuan an hour at standard pace, what the
    law asks of a rate), at_pace (yuan an hour at the workshop's own pace and yield), floor, fair (at_standard ≥ floor).
    """
    assert state.pace is not None
    recent = state.outputs[state.outputs["week"].isin(sorted(state.outputs["week"].unique())[-8:])]
    rows = {
        int(r.product_id): (r.product, _text(r.product_en) or r.product, float(r.standard_minutes), float(r.piece_rate))
        for r in recent.itertuples()
    }
    if state.load:
        for o in (x.order for x in state.load.orders):
            if o.rate is not None:
                rows[o.product_id] = (o.product, o.product_en, o.minutes, o.rate)
    table = pd.DataFrame(
        [
            (
                *row,
                hourly_pay(row[3], row[2], 1, 1),
                hourly_pay(row[3], row[2], state.pace.efficiency, state.pace.first_pass),
            )
            for _, row in sorted(rows.items())
        ],
        columns=["product", "product_en", "minutes", "rate", "at_standard", "at_pace"],
    )
    table["floor"] = hourly_floor
    table["fair"] = table["at_standard"] >= hourly_floor - 1e-9
    return table


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)
