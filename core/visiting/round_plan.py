"""Which households fit into one round within opening hours, in which order, and when the visitor gets there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

import numpy as np
import pandas as pd

from core.geography.plane import Plane, Travel, TravelMode, travel
from core.store.settings import parameter
from core.visiting.walking_order import walking_order

__all__ = ["PAGE", "DayPlan", "PlannedStop", "RoundRules", "plan_round", "round_rules"]

PAGE = 12  # households on one sheet of A4
DAY = 24 * 60


@dataclass(frozen=True)
class RoundRules:
    """What a round keeps to: minutes after midnight from and until which people are called on, minutes a household, and
    how the visitor walks."""

    opens: int
    closes: int
    visit_minutes: float
    walk: Travel


@dataclass(frozen=True)
class PlannedStop:
    """A household of the round. ``walk_minutes`` from the stop before and ``arrives``: None where the home, or the one
    before it, is not located."""

    person_id: int
    walk_minutes: float | None
    arrives: time | None


@dataclass(frozen=True)
class DayPlan:
    """Stops in walking order; ``left_out``: how many more are due; ``metres`` on foot, by road; ``ends``: of the last visit."""

    stops: tuple[PlannedStop, ...]
    left_out: int
    metres: float
    ends: time


def round_rules(parameters: pd.DataFrame, today: date) -> RoundRules:
    """The rules in force on ``today``; KeyError if a parameter is missing."""
    return RoundRules(
        opens=round(60 * parameter(parameters, "round_from_hour", today)),
        closes=round(60 * parameter(parameters, "round_until_hour", today)),
        visit_minutes=parameter(parameters, "visit_minutes", today),
        walk=travel(parameters, TravelMode.WALK, today),
    )


def plan_round(
    households: pd.DataFrame, start: tuple[float, float], rules: RoundRules, *, begins: time, at_most: int = PAGE
) -> DayPlan:
    """The round that takes the first ``at_most`` of ``households`` (the most urgent first) as far as the hours allow.

    ``households``: person_id, lon, lat (degrees WGS-84, NaN where the home is not located). ``start``: longitude and
    latitude. Those not located come last, without a time. Where the hours end before everyone is visited, the least urgent
    is left for another day, and the order is computed anew.
    """
    minutes = max(begins.hour * 60 + begins.minute, rules.opens)
    for n in range(min(at_most, len(households)), -1, -1):
        stops, metres, ends = _walk(households.iloc[:n], start, rules, minutes)
        if ends <= rules.closes or n == 0:
            break
    return DayPlan(stops, len(households) - n, metres, _clock(ends))


def _walk(
    households: pd.DataFrame, start: tuple[float, float], rules: RoundRules, begins: float
) -> tuple[tuple[PlannedStop, ...], float, float]:
    """Stops in walking order, metres by road, and the minute after midnight at which the last visit ends."""
    is_located = households[["lon", "lat"]].notna().all(axis=1).to_numpy()
    located, others = households[is_located], households[~is_located]
    plane = Plane(*start)
    here, homes = plane.xy(start[0], start[1]), plane.xy(located["lon"], located["lat"])
    stops: list[PlannedStop] = []
    now, metres = begins, 0.0
    for n in walking_order(here, homes):
        straight = np.hypot(*(homes[n] - here))
        minutes = float(rules.walk.minutes(straight))
        metres += float(straight) * rules.walk.detour
        now += minutes
        stops.append(PlannedStop(int(located["person_id"].iloc[n]), minutes, _clock(now)))
        now += rules.visit_minutes
        here = homes[n]
    stops += [PlannedStop(int(person), None, None) for person in others["person_id"]]
    return tuple(stops), metres, now + rules.visit_minutes * len(others)


def _clock(minutes: float) -> time:
    """A time of day, to the minute; the last minute of the day for what lies beyond it."""
    whole = min(round(minutes), DAY - 1)
    return time(whole // 60, whole % 60)
