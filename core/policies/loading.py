"""The frames that policies are judged by, read in one snapshot."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from core.jobs import queries as jobs_queries
from core.people import queries as people_queries
from core.policies import queries

__all__ = ["Records", "load"]


@dataclass(frozen=True, eq=False)
class Records:
    """Frames as their query functions describe them; never mutated."""

    people: pd.DataFrame
    states: pd.DataFrame
    hardships: pd.DataFrame
    posts: pd.DataFrame
    placements: pd.DataFrame
    wishes: pd.DataFrame
    answers: pd.DataFrame
    businesses: pd.DataFrame
    employers: pd.DataFrame
    employer_months: pd.DataFrame


def load(connection: Connection) -> Records:
    """Everything that a condition may ask."""
    return Records(
        people=queries.people(connection),
        states=people_queries.state_spells(connection),
        hardships=people_queries.hardships(connection),
        posts=people_queries.welfare_posts(connection),
        placements=jobs_queries.placements(connection),
        wishes=queries.wishes(connection),
        answers=queries.answers(connection),
        businesses=queries.businesses(connection),
        employers=queries.employers(connection),
        employer_months=queries.employer_months(connection),
    )
