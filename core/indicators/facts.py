"""The frames from which indicators are computed, read in one snapshot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec
from weakref import WeakKeyDictionary

import pandas as pd
from sqlalchemy import Connection

from core.indicators import queries
from core.jobs import queries as jobs_queries
from core.people import queries as people_queries
from core.store.frames import Ids
from core.terms import ActionStatus, JobStatus, PlanStatus

Arguments = ParamSpec("Arguments")

__all__ = ["Facts", "as_of", "computed_once", "load", "load_part"]

Frames = Callable[Concatenate["Facts", Arguments], pd.DataFrame]
_computed: WeakKeyDictionary[Facts, dict[tuple[object, ...], pd.DataFrame]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Facts:
    """Frames as their query functions describe them; never mutated. Two of them are the same only if they are one."""

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
    workshop_weeks: pd.DataFrame
    products: pd.DataFrame
    events: pd.DataFrame
    actions: pd.DataFrame
    targets: pd.DataFrame
    communities: pd.DataFrame


def computed_once(population: Frames[Arguments]) -> Frames[Arguments]:
    """``population(facts, …)`` computed once for the facts and arguments that it is asked for, as long as the facts live.

    An indicator's history, tile, list and chart all start from the same few populations.
    """

    @wraps(population)
    def frame(facts: Facts, /, *arguments: Arguments.args, **named: Arguments.kwargs) -> pd.DataFrame:
        known = _computed.setdefault(facts, {})
        key = (population, *arguments, *sorted(named.items()))
        if key not in known:
            known[key] = population(facts, *arguments, **named)
        return known[key]

    return frame


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
        workshop_weeks=queries.workshop_weeks(connection),
        products=queries.products(connection),
        events=queries.events(connection),
        actions=queries.actions(connection),
        targets=queries.targets(connection),
        communities=queries.communities(connection),
    )


def load_part(connection: Connection, people: Ids, communities: Ids) -> Facts:
    """What the populations of the indicators read, of some ``people`` and of what lies in some ``communities``.

    Recruitment events are all there. The other frames have no columns: a population that reads one fails.
    """
    nothing = pd.DataFrame()
    return Facts(
        people=people_queries.identities(connection, people),
        states=people_queries.state_spells(connection, people),
        posts=people_queries.welfare_posts(connection, people),
        person_skills=people_queries.person_skills(connection, people),
        visits=people_queries.visits(connection, people),
        plans=people_queries.plans(connection, people),
        enrolments=people_queries.enrolments(connection, people),
        placements=jobs_queries.placements(connection, people),
        referrals=nothing,
        jobs=nothing,
        community_posts=jobs_queries.community_posts(connection, communities),
        employers=nothing,
        workshops=queries.workshops(connection, communities),
        workshop_weeks=nothing,
        products=nothing,
        events=queries.events(connection),
        actions=nothing,
        targets=nothing,
        communities=nothing,
    )


def as_of(facts: Facts, day: date) -> Facts:
    """The frames whose rows carry a state, as they were at the end of ``day``: what began later is left out, what ended
    later is still open.

    Only the latest confirmation of an opening is on record; where it is later than ``day``, the opening counts as
    confirmed on the day it was posted. The other frames carry dates in every row and are used as they are.
    """
    moment = pd.Timestamp(day)
    actions = facts.actions[facts.actions["raised_on"] <= moment]
    is_open = ~(actions["closed_on"] <= moment)
    was_closed = actions["status"] == ActionStatus.CLOSED
    plans = facts.plans[facts.plans["made_on"] <= moment]
    ended = plans["closed_on"] > moment
    jobs = facts.jobs[facts.jobs["posted_on"] <= moment]
    reopened = (jobs["status"] != JobStatus.OPEN) & (jobs["status_since"].fillna(jobs["closes_on"]) > moment)
    posts = facts.posts[facts.posts["started_on"] <= moment]
    return replace(
        facts,
        actions=actions.assign(
            status=actions["status"].mask(was_closed & is_open, ActionStatus.DOING),
            closed_on=actions["closed_on"].mask(is_open),
        ).reset_index(drop=True),
        plans=plans.assign(
            status=plans["status"].mask(ended, PlanStatus.LIVE), closed_on=plans["closed_on"].mask(ended)
        ).reset_index(drop=True),
        jobs=jobs.assign(
            status=jobs["status"].mask(reopened, JobStatus.OPEN),
            confirmed_on=jobs["confirmed_on"].mask(jobs["confirmed_on"] > moment),
        ).reset_index(drop=True),
        posts=posts.assign(exited_on=posts["exited_on"].mask(posts["exited_on"] > moment)).reset_index(drop=True),
    )
