"""Goalposts (the term of the human development index: fixed ends of a scale) of the match factors and limits.

They are dated parameters, so that a score never depends on who else is in the pool. That includes the expected value of
each factor, which stands in where a fact is unknown; ``core.matching.inputs.expected_values`` recomputes it on request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

import pandas as pd

from core.geography.plane import Travel, TravelMode, travel
from core.store.settings import parameter
from core.terms import Evidence

__all__ = ["CERTIFICATE", "EXPECTED_KEYS", "Goalposts", "goalposts"]

CERTIFICATE = Evidence.TRAINING_CERTIFICATE  # the weakest evidence that is a certificate
DEFAULT_EXPECTED = MappingProxyType(
    {"skills": 1042, "travel": 3128, "hours": 8959, "pay": 6935, "intent": 2113, "experience": 2027}
)
DEFAULT_TRAVEL = MappingProxyType({TravelMode.WALK: Travel(75.0, 1.3), TravelMode.EBIKE: Travel(250.0, 1.3)})


@dataclass(frozen=True)
class Goalposts:
    """Numbers behind the formulas, as in force on a day. Defaults are those of the method."""

    travel_minutes: float = 30.0  # T: beyond it the travel factor is 0
    intent_half_life_days: float = 180.0
    experience_years: float = 3.0  # this many count as full experience
    readiness_days: float = 180.0  # steps done in these last days count
    readiness_steps: float = 3.0  # this many count as fully ready
    min_hours_share: float = 0.5  # of a shift that a person must have time for
    min_coverage: float = 0.6  # of the weight that must be observed
    course_level: float = 2.0  # the level that one course leads to
    fairness_ratio: float = 0.8  # four fifths
    stale_days: float = 90.0
    post_ending_days: float = 90.0
    travel: Mapping[TravelMode, Travel] = field(default_factory=lambda: DEFAULT_TRAVEL)
    expected: Mapping[str, int] = field(default_factory=lambda: DEFAULT_EXPECTED)  # ten-thousandths by factor code


KEYS = {
    "travel_minutes": "match_travel_minutes",
    "intent_half_life_days": "match_intent_half_life_days",
    "experience_years": "match_experience_years",
    "readiness_days": "match_readiness_days",
    "readiness_steps": "match_readiness_steps",
    "min_hours_share": "match_min_hours_share",
    "min_coverage": "match_min_coverage",
    "course_level": "match_course_level",
    "fairness_ratio": "match_fairness_ratio",
    "stale_days": "stale_opening_days",
    "post_ending_days": "post_ending_days",
}


# A factor that can be unknown: its parameter. Readiness is always known (0 without a plan).
EXPECTED_KEYS = {
    code: f"match_expected_{code}" for code in ("skills", "travel", "hours", "pay", "intent", "experience")
}


def goalposts(parameters: pd.DataFrame, today: date) -> Goalposts:
    """The goalposts in force on ``today``; KeyError names a parameter that has no value yet."""
    values = {name: parameter(parameters, key, today) for name, key in KEYS.items()}
    return Goalposts(
        **values,
        travel={mode: travel(parameters, mode, today) for mode in TravelMode},
        expected={code: round(10_000 * parameter(parameters, key, today)) for code, key in EXPECTED_KEYS.items()},
    )
