"""The frames from which indicators are computed, read in one snapshot."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from core.indicators import rows
from core.jobs import rows as job_rows
from core.people import rows as people_rows

__all__ = ["Facts", "load"]


@dataclass(frozen=True)
class Facts:
    """Frames as their ``rows`` functions describe them; never mutated."""

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
        people=people_rows.identities(connection),
        states=people_rows.state_spells(connection),
        posts=people_rows.welfare_posts(connection),
        person_skills=people_rows.person_skills(connection),
        visits=people_rows.visits(connection),
        plans=people_rows.plans(connection),
        enrolments=people_rows.enrolments(connection),
        placements=job_rows.placements(connection),
        referrals=job_rows.referrals(connection),
        jobs=job_rows.jobs(connection),
        community_posts=job_rows.community_posts(connection),
        employers=job_rows.employers(connection),
        workshops=rows.workshops(connection),
        products=rows.products(connection),
        events=rows.events(connection),
        actions=rows.actions(connection),
        targets=rows.targets(connection),
        communities=rows.communities(connection),
    )
