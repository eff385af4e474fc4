"""The frames from which indicators are computed, read in one snapshot."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from core.indicators import queries
from core.jobs import queries as jobs_queries
from core.people import queries as people_queries

__all__ = ["Facts", "load"]


@dataclass(frozen=True)
class Facts:
    """Frames as their query functions describe them; never mutated."""

    people: pd.DataFrame  # identity only: id, name, phone, community_id, community …
    states: pd.DataFrame
    posts: pd.DataFrame  # spells on public-welfare posts
    person_skills: pd.DataFrame
    visits: pd.DataFrame
    plans: pd.DataFrame
    enrolments: pd.DataFrame
    placements: pd.DataFrame
    referrals: pd.DataFrame
    jobs: pd.DataFrame
    community_posts: pd.DataFrame
    employers: pd.DataFrame
    workshops: pd.DataFrame
    products: pd.DataFrame
    events: pd.DataFrame
    actions: pd.DataFrame
    targets: pd.DataFrame
    communities: pd.DataFrame


def load(connection: Connection) -> Facts:
    """Everything at once; about 30,000 rows for a district of 1,600 people."""
    return Facts(
        people=people_queries.identities(connection),
        states=people_queries.state_spells(connection),
        posts=people_queries.welfare_posts(connection),
        person_skills=people_queries.person_skills(connection),
        visits=people_queries.visits(connection),
        plans=people_queries.plans(connection),
        enrolments=people_queries.enrolments(connection),
        placements=jobs_queries.placements(connection),
        referrals=jobs_queries.referrals(connection),
        jobs=jobs_queries.jobs(connection),
        community_posts=jobs_queries.community_posts(connection),
        employers=jobs_queries.employers(connection),
        workshops=queries.workshops(connection),
        products=queries.products(connection),
        events=queries.events(connection),
        actions=queries.actions(connection),
        targets=queries.targets(connection),
        communities=queries.communities(connection),
    )
