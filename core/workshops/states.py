"""The state of every workshop on a day: what the cards and the chosen workshop show.

states = survey(Floor(workshops, weeks, outputs, orders, roll, person_skills, product_skills), today, floor_pay)
states[3].outlook.ratio, states[3].room, states[3].stop
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from core.workshops.derive import Norms, Pace, district_norms, learner, open_orders, pace, plant, skill_holders
from core.workshops.hiring_capacity import Absorbable, Bottleneck, absorbable, bottleneck
from core.workshops.load import Group, Outlook, hourly_pay, lead_time, reckon

__all__ = ["Floor", "State", "pay_table", "survey"]


@dataclass(frozen=True)
class Floor:
    """The rows of ``core.workshops.queries`` (and ``people.rows.person_skills``) that a survey reads."""

    workshops: pd.DataFrame
    weeks: pd.DataFrame
    outputs: pd.DataFrame
    orders: pd.DataFrame
    roll: pd.DataFrame
    person_skills: pd.DataFrame
    product_skills: pd.DataFrame
    received: pd.DataFrame


@dataclass(frozen=True)
class State:
    """One workshop on one day. ``outlook`` and what follows are None before the district's first weekly report."""

    key: int
    name: str
    community: str
    premises: str
    operator: str
    opened_on: date
    stations: int
    on_roll: int  # persons by placements, else by the last report
    reported_roll: int | None  # persons by the last weekly report
    shortage: int | None  # persons, as the workshop says
    problem: str
    lon: float
    lat: float
    roll: pd.DataFrame
    weeks: pd.DataFrame
    outputs: pd.DataFrame
    received: pd.DataFrame  # every order, by the day it came in
    norms: Norms | None = None
    how: Pace | None = None
    outlook: Outlook | None = None
    learner: Group | None = None
    room: Absorbable | None = None
    stop: Bottleneck | None = None

    @property
    def open_pieces(self) -> float:
        return sum(o.order.remaining for o in self.outlook.orders) if self.outlook else 0.0

    @property
    def lead_weeks(self) -> float | None:
        """Little's lead time, in weeks."""
        return lead_time(self.open_pieces, self.how.good_a_week) if self.how and self.open_pieces else None

    @property
    def wanted_products(self) -> tuple[int, ...]:
        """Products of the open orders, else of the last eight weeks."""
        if self.outlook and self.outlook.orders:
            return tuple(sorted({o.order.product_id for o in self.outlook.orders}))
        last = self.outputs[self.outputs["week"].isin(sorted(self.outputs["week"].unique())[-8:])]
        return tuple(sorted(int(p) for p in last["product_id"].unique()))


def survey(floor: Floor, today: date) -> list[State]:
    """Every workshop that had opened by ``today``, the most loaded first, those without orders last."""
    norms = district_norms(floor.weeks, floor.outputs)
    found = [
        _state(workshop, floor, norms, today)
        for _, workshop in floor.workshops.iterrows()
        if workshop["opened_on"] <= pd.Timestamp(today)
    ]
    ratio = {s.key: s.outlook.ratio if s.outlook else None for s in found}
    return sorted(found, key=lambda s: (ratio[s.key] is None, -(ratio[s.key] or 0.0), s.key))


def _state(workshop: pd.Series, floor: Floor, norms: Norms | None, today: date) -> State:
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
        "shortage": None if last is None or pd.isna(last["shortage"]) else int(last["shortage"]),
        "problem": "" if last is None else _text(last["problem"]),
        "lon": float(workshop["lon"]),
        "lat": float(workshop["lat"]),
        "roll": roll,
        "weeks": weeks,
        "outputs": outputs,
        "received": received,
    }
    if norms is None:
        return State(**common)
    how = pace(weeks, outputs, norms)
    holders = skill_holders(roll, floor.person_skills, floor.product_skills, outputs, orders["product_id"])
    outlook = reckon(plant(workshop, how, roll, open_orders(orders), holders, reported or 0), today)
    new = learner(how)
    return State(
        **common,
        norms=norms,
        how=how,
        outlook=outlook,
        learner=new,
        room=absorbable(outlook, new),
        stop=bottleneck(outlook),
    )


def pay_table(state: State, hourly_floor: float) -> pd.DataFrame:
    """What each product's piece rate earns an hour against the dated floor, for products of the open orders and of
    the last eight weeks.

    Columns: product, product_en, minutes, rate (yuan a piece), at_standard (yuan an hour at standard pace, what the
    law asks of a rate), at_pace (yuan an hour at the workshop's own pace and yield), floor, fair (at_standard ≥ floor).
    """
    assert state.how is not None
    recent = state.outputs[state.outputs["week"].isin(sorted(state.outputs["week"].unique())[-8:])]
    rows = {
        int(r.product_id): (r.product, _text(r.product_en) or r.product, float(r.standard_minutes), float(r.piece_rate))
        for r in recent.itertuples()
    }
    if state.outlook:
        for o in (x.order for x in state.outlook.orders):
            if o.rate is not None:
                rows[o.product_id] = (o.product, o.product_en, o.minutes, o.rate)
    found = pd.DataFrame(
        [
            (
                *row,
                hourly_pay(row[3], row[2], 1, 1),
                hourly_pay(row[3], row[2], state.how.efficiency, state.how.first_pass),
            )
            for _, row in sorted(rows.items())
        ],
        columns=["product", "product_en", "minutes", "rate", "at_standard", "at_pace"],
    )
    found["floor"] = hourly_floor
    found["fair"] = found["at_standard"] >= hourly_floor - 1e-9
    return found


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)
