"""What holds on a day: who is in a state, everyone's last visit, everyone's live plan."""

from __future__ import annotations

from datetime import date

import pandas as pd

from core.indicators.facts import Facts, computed_once
from core.terms import PersonState, PlanStatus

__all__ = ["in_state", "last_visits", "live_plans"]


@computed_once
def in_state(facts: Facts, day: date, state: PersonState) -> pd.DataFrame:
    """person_id, since: everyone who is in ``state`` on ``day``, since when."""
    known = facts.states[facts.states["since"] <= pd.Timestamp(day)].drop_duplicates("person_id", keep="last")
    return known.loc[known["state"] == state, ["person_id", "since"]].reset_index(drop=True)


@computed_once
def last_visits(facts: Facts, day: date) -> pd.DataFrame:
    """The last visit of everyone up to ``day``, one row a person."""
    past = facts.visits[facts.visits["visited_on"] <= pd.Timestamp(day)]
    return past.sort_values("visited_on").drop_duplicates("person_id", keep="last")


@computed_once
def live_plans(facts: Facts) -> pd.DataFrame:
    """The newest live plan of everyone who has one, indexed by person_id."""
    live = facts.plans[facts.plans["status"] == PlanStatus.LIVE]
    return live.drop_duplicates("person_id", keep="last").set_index("person_id")
