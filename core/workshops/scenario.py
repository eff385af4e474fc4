"""A what-if of a workshop that can be saved, reopened and played at the meeting on the rows of the day.

scenario = WorkshopScenario(workshop=3, people=3, move_order="DD2025-0264", move_to=5)
[own, other] = play(scenario, states, products, today)
WorkshopScenario.from_json(scenario.as_json()) == scenario
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

import pandas as pd

from core.jobs.shifts import station_shifts
from core.locale import Translator
from core.terms import JobForm, Shift
from core.workshops.figures import load_text
from core.workshops.inputs import LEARNER_EFFICIENCY
from core.workshops.states import WorkshopState
from core.workshops.what_if import (
    Absence,
    AddShift,
    Change,
    Comparison,
    GiveOrder,
    GivePeople,
    NewOrder,
    OpenPremises,
    TakeOrder,
    Train,
    compare,
)

__all__ = ["Played", "WorkshopScenario", "effects", "movers", "play"]

RAMP_WEEKS = 8  # until people who moved work at the pace of their new workshop


@dataclass(frozen=True)
class WorkshopScenario:
    """What is changed; the defaults change nothing."""

    workshop: int  # id
    people: int = 0  # new ones
    pace: float = LEARNER_EFFICIENCY  # of the new ones at first
    ramp_weeks: int = RAMP_WEEKS
    absence: float | None = None  # of everybody, 0..1; None: as it is
    stations: int = 0  # more of them
    from_week: int = 0
    shift: str = ""  # code of the shift of the new stations; empty: as in the workshop
    more_shifts: int = 0  # opened shifts a week
    each: float = 0.0  # more shifts a person and week
    product: int | None = None  # of a new order
    pieces: int = 0
    due_on: date | None = None
    move_order: str = ""  # code of an order that goes to ``move_to``
    move_people: int = 0  # people on site who go there
    move_to: int | None = None  # id of the other workshop

    def as_json(self) -> dict[str, Any]:
        """As it is stored; what changes nothing is left out."""
        default = WorkshopScenario(self.workshop)
        content = {k: v for k, v in asdict(self).items() if k == "workshop" or v != getattr(default, k)}
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in content.items()}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> WorkshopScenario:
        """The inverse of ``as_json``; what it does not know is left out."""
        known = {f.name for f in fields(cls)}
        values = {k: v for k, v in content.items() if k in known}
        if values.get("due_on"):
            values["due_on"] = date.fromisoformat(values["due_on"])
        return cls(**values)

    def changes(self, state: WorkshopState, target: WorkshopState | None, products: pd.DataFrame) -> list[Change]:
        """The typed changes of the workshop itself; ``products`` by id."""
        assert state.pace is not None
        assert state.load is not None
        changes: list[Change] = []
        if self.people:
            changes.append(Train(self.people, self.pace, max(state.pace.efficiency, self.pace), self.ramp_weeks))
        if self.absence is not None:
            changes.append(Absence(self.absence))
        if self.stations:
            opened = station_shifts(Shift.of(self.shift)) if self.shift else state.load.inputs.sites[0].shifts
            changes.append(OpenPremises(self.stations, opened, self.from_week))
        if self.more_shifts or self.each:
            changes.append(AddShift(self.more_shifts, self.each))
        if self.pieces and self.product is not None and self.product in products.index and self.due_on is not None:
            row = products.loc[self.product]
            changes.append(
                NewOrder(self.pieces, float(row["standard_minutes"]), self.due_on, str(row["name"]), self.product)
            )
        if target is not None and self.move_order:
            changes.append(GiveOrder(self.move_order, target.name))
        if target is not None and self.move_people:
            changes.append(GivePeople(self.move_people, target.name))
        return changes

    def received(self, state: WorkshopState, target: WorkshopState) -> list[Change]:
        """The typed changes of the workshop to which orders or people move."""
        assert state.load is not None
        assert target.pace is not None
        changes: list[Change] = [TakeOrder(o.order) for o in state.load.orders if o.order.code == self.move_order]
        if self.move_people:
            pace = min(LEARNER_EFFICIENCY, target.pace.efficiency)
            changes.append(Train(self.move_people, pace, target.pace.efficiency, RAMP_WEEKS))
        return changes


@dataclass(frozen=True)
class Played:
    """A what-if in one workshop."""

    state: WorkshopState
    changes: tuple[Change, ...]
    comparison: Comparison


def play(
    scenario: WorkshopScenario, states: Sequence[WorkshopState], products: pd.DataFrame, today: date
) -> list[Played]:
    """The workshop as it is and as it would be, then the one to which something moves; empty where it is not there.

    ``products``: rows of ``queries.products`` by id.
    """
    by_key = {s.key: s for s in states if s.load is not None and s.learner is not None}
    state, target = by_key.get(scenario.workshop), by_key.get(scenario.move_to or -1)
    if state is None:
        return []
    changes = {state.key: scenario.changes(state, target, products)}
    if target is not None and (scenario.move_order or scenario.move_people):
        changes[target.key] = scenario.received(state, target)
    return [_played(by_key[key], own, today) for key, own in changes.items()]


def _played(state: WorkshopState, changes: list[Change], today: date) -> Played:
    assert state.load is not None
    assert state.learner is not None
    return Played(state, tuple(changes), compare(state.load.inputs, changes, today, state.learner))


def effects(played: Sequence[Played], tr: Translator) -> list[tuple[str, str, str]]:
    """What changes, as (name, today, then): load, late orders, people needed, of each workshop."""
    rows = []
    for one in played:
        base, then = one.comparison.base, one.comparison.scenario
        needed = (one.comparison.base_capacity.needed, one.comparison.scenario_capacity.needed)
        name = tr.name(one.state.name)
        rows += [
            (tr("{name}: load ratio", name=name), load_text(base, tr), load_text(then, tr)),
            (tr("{name}: orders late", name=name), str(len(base.late)), str(len(then.late))),
            (tr("{name}: new people needed", name=name), str(needed[0]), str(needed[1])),
        ]
    return rows


def movers(
    state: WorkshopState, target: WorkshopState, people: int, person_skills: pd.DataFrame, product_skills: pd.DataFrame
) -> pd.DataFrame:
    """The people on site who would move: those who master most of what the target's products ask for.

    Columns: person_id, name, level (best in such a skill; 0 = none).
    """
    roll = state.roll[state.roll["form"] != JobForm.HOME_PIECE]
    asked = product_skills.loc[product_skills["product_id"].isin(target.wanted_products), "skill"]
    held = person_skills[person_skills["skill"].isin(asked)].groupby("person_id")["level"].max()
    level = roll["person_id"].map(held).fillna(0).astype(int)
    table = pd.DataFrame({"person_id": roll["person_id"], "name": roll["name"], "level": level})
    return table.sort_values("level", ascending=False, kind="stable").head(people).reset_index(drop=True)
