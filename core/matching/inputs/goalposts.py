"""The fixed goalposts of the match factors and limits: dated parameters, so that a score never depends on the pool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

import pandas as pd

from core.geography.plane import Travel, TravelMode, travel
from core.store.settings import parameter
from core.terms import Evidence

__all__ = ["CERTIFICATE", "Goalposts", "goalposts"]

CERTIFICATE = Evidence.TRAINING_CERTIFICATE  # the weakest evidence that is a certificate
DEFAULT_TRAVEL = MappingProxyType({TravelMode.WALK: Travel(75.0, 1.3), TravelMode.EBIKE: Travel(250.0, 1.3)})


@dataclass(frozen=True)
class Goalposts:
    """Numbers behind the formulas, as in force on a day. Defaults are those of the method."""

    travel_minutes: float = 30.0  # T: beyond it the travel factor is 0
    intent_half_life_days: float = 180.0
    experience_years: float = 3.0  # this many count as full experience
    min_hours_share: float = 0.5  # of a shift that a person must have time for
    min_coverage: float = 0.6  # of the weight that must be observed
    course_level: float = 2.0  # the level that one course leads to
    fairness_ratio: float = 0.8  # four fifths
    stale_days: float = 90.0
    post_ending_days: float = 90.0
    travel: Mapping[TravelMode, Travel] = field(default_factory=lambda: DEFAULT_TRAVEL)


KEYS = {
    "travel_minutes": "match_travel_minutes",
    "intent_half_life_days": "match_intent_half_life_days",
    "experience_years": "match_experience_years",
    "min_hours_share": "match_min_hours_share",
    "min_coverage": "match_min_coverage",
    "course_level": "match_course_level",
    "fairness_ratio": "match_fairness_ratio",
    "stale_days": "stale_opening_days",
    "post_ending_days": "post_ending_days",
}


def goalposts(parameters: pd.DataFrame, today: date) -> Goalposts:
    """The goalposts in force on ``today``; KeyError names a parameter that has no value yet."""
    values = {name: parameter(parameters, key, today) for name, key in KEYS.items()}
    return Goalposts(**values, travel={mode: travel(parameters, mode, today) for mode in TravelMode})
