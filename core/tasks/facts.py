"""The frames that due work is computed from: those of the indicators and a few more."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from core.indicators.facts import Facts
from core.people import queries as people_queries
from core.policies import queries as policies_queries
from core.tasks import queries

__all__ = ["TaskFacts", "load"]


@dataclass(frozen=True, eq=False)
class TaskFacts:
    """Frames as their query functions describe them; never mutated."""

    facts: Facts
    measures: pd.DataFrame  # steps of plans
    intentions: pd.DataFrame
    hardships: pd.DataFrame
    follow_ups: pd.DataFrame
    consents: pd.DataFrame
    applications: pd.DataFrame  # for policies
    policies: pd.DataFrame  # versions of policies, oldest first


def load(connection: Connection, facts: Facts) -> TaskFacts:
    """What ``facts`` of the same snapshot lack."""
    return TaskFacts(
        facts=facts,
        measures=people_queries.plan_measures(connection),
        intentions=people_queries.intentions(connection),
        hardships=people_queries.hardships(connection),
        follow_ups=queries.follow_ups(connection),
        consents=queries.consents(connection),
        applications=policies_queries.applications(connection),
        policies=policies_queries.rules(connection),
    )
