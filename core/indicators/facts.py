"""The frames from which indicators are computed, read in one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import wraps
from typing import Any, Concatenate, NoReturn, ParamSpec, TypeVar, cast
from weakref import WeakKeyDictionary

import pandas as pd
from sqlalchemy import Connection, Table
from sqlalchemy.sql import visitors

from core.indicators import queries
from core.indicators.queries import LogPosition
from core.jobs import queries as jobs_queries
from core.people import queries as people_queries
from core.store.audit_chain import STORE
from core.store.frames import Ids
from core.store.schema import Base
from core.terms import ActionStatus, JobStatus, PlanStatus

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

__all__ = ["Facts", "as_of", "computed_once", "Loaded", "frames_read", "load", "load_changed", "load_part"]

MOST_KEPT = 200  # results that outlive a write: of a day that is past, nobody asks again
Computed = Callable[Concatenate["Facts", Arguments], Result]
_computed: WeakKeyDictionary[Facts, dict[tuple[object, ...], tuple[frozenset[str], Any]]] = WeakKeyDictionary()
"""Facts → function and arguments → the frames that it read, and what it returned."""


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


class _Reader:
    """Stands for facts and notes which of their frames are read."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.read: set[str] = set()

    def __getattr__(self, name: str) -> pd.DataFrame:
        self.read.add(name)
        frame: pd.DataFrame = getattr(self.facts, name)
        return frame


class _SameFrame:
    """A frame among arguments: equal to none but itself."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame  # held, so that no other frame gets its identity

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SameFrame) and self.frame is other.frame

    def __hash__(self) -> int:
        return id(self.frame)


def computed_once(compute: Computed[Arguments, Result]) -> Computed[Arguments, Result]:
    """``compute(facts, …)`` computed once for the facts and arguments that it is asked for, as long as the facts live.

    An indicator's history, tile, list and chart all start from the same few populations. ``compute`` reads frames of
    ``facts`` and hands ``facts`` on to functions of this kind, and does nothing else with them. Another frame among the
    arguments counts as the same when it is the same object.
    """

    @wraps(compute)
    def result(facts: Facts, /, *arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        outer = facts if isinstance(facts, _Reader) else None
        own = facts if outer is None else outer.facts
        known = _computed.setdefault(own, {})
        plain = (_SameFrame(value) if isinstance(value, pd.DataFrame) else value for value in arguments)
        key = (compute, *plain, *sorted(named.items()))
        if key not in known:
            reader = _Reader(own)
            value = compute(cast("Facts", reader), *arguments, **named)
            known[key] = frozenset(reader.read), value
        read, computed = known[key]
        if outer is not None:
            outer.read |= read
        return cast("Result", computed)

    return result


def frames_read(facts: Facts, compute: Callable[[Facts], object]) -> frozenset[str]:
    """The frames of ``facts`` that ``compute`` reads."""
    reader = _Reader(facts)
    compute(cast("Facts", reader))
    return frozenset(reader.read)


OF_PEOPLE = {
    "people": people_queries.identities,
    "states": people_queries.state_spells,
    "posts": people_queries.welfare_posts,
    "person_skills": people_queries.person_skills,
    "visits": people_queries.visits,
    "plans": people_queries.plans,
    "enrolments": people_queries.enrolments,
    "placements": jobs_queries.placements,
}
"""Frame → the query that reads it, which can be narrowed to some people."""

OF_COMMUNITIES = {"community_posts": jobs_queries.community_posts, "workshops": queries.workshops}
"""Frame → the query that reads it, which can be narrowed to some communities."""

QUERIES: dict[str, Callable[[Connection], pd.DataFrame]] = {
    **OF_PEOPLE,
    **OF_COMMUNITIES,
    "referrals": jobs_queries.referrals,
    "jobs": jobs_queries.jobs,
    "employers": jobs_queries.employers,
    "workshop_weeks": queries.workshop_weeks,
    "products": queries.products,
    "events": queries.events,
    "actions": queries.actions,
    "targets": queries.targets,
    "communities": queries.communities,
}
"""Frame → the query that reads it."""


class _Statement(Exception):
    """Raised in the place of executing it."""


class _Listener:
    """Stands for a connection: raises what it is to execute."""

    def execute(self, statement: object) -> NoReturn:
        """Raise the statement."""
        raise _Statement(statement)


def _tables_of(query: Callable[[Connection], pd.DataFrame]) -> frozenset[str]:
    """The tables from which a query of one statement selects."""
    try:
        query(cast("Connection", _Listener()))
    except _Statement as caught:
        return frozenset(part.name for part in visitors.iterate(caught.args[0]) if isinstance(part, Table))
    raise AssertionError("a query executes a statement")


TABLES = {name: _tables_of(query) for name, query in QUERIES.items()}
"""Frame → the tables that it is read from."""

OWN_TABLE = {name: Base.metadata.tables[next(iter(TABLES[name]))] for name in OF_PEOPLE if len(TABLES[name]) == 1}
"""Frame → its table, for those whose rows are about a person each and come from one table, ordered by person."""


@dataclass(frozen=True)
class Loaded:
    """Facts, and up to where in the audit log they hold."""

    facts: Facts
    position: LogPosition


def load(connection: Connection) -> Facts:
    """Everything at once; about 30,000 rows for a district of 1,600 people."""
    return Facts(**{name: query(connection) for name, query in QUERIES.items()})


def load_changed(connection: Connection, before: Loaded | None) -> Loaded:
    """The facts of now: ``before`` with the frames read again that the audit log says can have changed since.

    Of a frame with an ``OWN_TABLE`` only the rows of people whom the log names are. What was ``computed_once`` from the
    other frames alone stays computed. Everything is read after a write that the log does not account for row by row.
    """
    position = queries.log_position(connection)
    if before is None or before.position.unlogged != position.unlogged:
        return Loaded(load(connection), position)
    changed = queries.changed_tables(connection, before.position.last_id)
    if STORE in changed:
        return Loaded(load(connection), position)
    stale = {name for name, tables in TABLES.items() if not tables.isdisjoint(changed)}
    if not stale:
        return Loaded(before.facts, position)
    facts = replace(before.facts, **{name: _read_again(connection, name, before) for name in stale})
    known = list(_computed.get(before.facts, {}).items())[-MOST_KEPT:]
    _computed[facts] = {key: (read, value) for key, (read, value) in known if read.isdisjoint(stale)}
    return Loaded(facts, position)


def _read_again(connection: Connection, name: str, before: Loaded) -> pd.DataFrame:
    """A frame as it is now, of which the rows of most people are taken from ``before``."""
    people = None
    if name in OWN_TABLE:
        people = queries.changed_people(connection, OWN_TABLE[name], before.position.last_id)
    if people is None:
        return QUERIES[name](connection)
    known: pd.DataFrame = getattr(before.facts, name)
    own = OF_PEOPLE[name](connection, queries.these_people(people))
    both = pd.concat([known[~known["person_id"].isin(people)], own], ignore_index=True)
    return both.sort_values("person_id", kind="stable", ignore_index=True)


def load_part(connection: Connection, frames: Collection[str], people: Ids, communities: Ids) -> Facts:
    """Some of the frames that populations of indicators read, of some ``people`` and of what lies in some ``communities``.

    Recruitment events are all there. The other frames have no columns: a population that reads one fails.
    """
    loaded = {name: query(connection, people) for name, query in OF_PEOPLE.items() if name in frames}
    loaded |= {name: query(connection, communities) for name, query in OF_COMMUNITIES.items() if name in frames}
    if "events" in frames:
        loaded["events"] = queries.events(connection)
    return Facts(**{field.name: loaded.get(field.name, pd.DataFrame()) for field in fields(Facts)})


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
