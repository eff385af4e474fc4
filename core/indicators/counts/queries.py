"""SELECTs about stored counts: what is right, whom later events touch, and the counts themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Integer, Select, Subquery, and_, func, or_, select, type_coerce
from sqlalchemy.dialects.postgresql import aggregate_order_by

from core.indicators.counts.sources import FRAMES, SOURCES, Owner
from core.indicators.counts.steps import DISTRICT, POPULATIONS, WITHOUT_COMMUNITY
from core.indicators.dated_counts import Steps
from core.indicators.facts import Facts, load_part
from core.indicators.registry import INDICATORS
from core.store.frames import frame
from core.store.schema import (
    AuditEvent,
    Community,
    Enrolment,
    Person,
    PopulationCount,
    PopulationStamp,
    Revision,
)

__all__ = [
    "PORTION",
    "Standing",
    "counts_on_day",
    "facts_of",
    "indicator_on_day",
    "people_by_unit",
    "stamp_version",
    "standing",
    "steps_of_unit",
    "stored_steps",
]

PORTION = 500  # ids in one statement, below SQLite's limit of parameters
MOST_EVENTS = 200_000  # more are not read one by one: everything is computed anew


@dataclass(frozen=True)
class Standing:
    """What is right in the stored counts, as of ``audit_id``, the last event of the log."""

    units: frozenset[int]  # that there must be counts of
    stale: Mapping[int, frozenset[str]]  # of these and of those that are no more → frames whose rows have changed since
    audit_id: int

    @property
    def is_current(self) -> bool:
        return not self.stale


def standing(connection: Connection, version: str) -> Standing:
    """Which units have counts that hold for every event of the log, under ``version`` of the definitions.

    Writes that the log does not account for are part of the version: see ``stamp_version``.
    """
    t = PopulationStamp
    wanted = stamp_version(connection, version)
    units = frozenset({WITHOUT_COMMUNITY, *connection.scalars(select(Community.id))})
    stored = connection.execute(select(t.unit, t.audit_id, t.version)).all()
    known = frozenset(row.unit for row in stored)
    stamps = {row.unit: row.audit_id for row in stored if row.version == wanted}
    last = connection.scalar(select(func.max(AuditEvent.id))) or 0
    stale = dict.fromkeys((units - stamps.keys()) | (known - units), FRAMES)
    right = units - stale.keys()
    since = min((stamps[unit] for unit in right), default=last)
    if since < last:
        stale |= {unit: frames for unit, frames in _touched(connection, since).items() if unit in right}
    return Standing(units, stale, last)


def stamp_version(connection: Connection, version: str) -> str:
    """``version`` of the definitions with the number of writes so far that the log does not account for."""
    return f"{version}.{connection.scalar(select(Revision.unlogged)) or 0}"


def people_by_unit(connection: Connection, units: Iterable[int]) -> dict[int, int]:
    """Unit → number of its people, for those of ``units`` that have any."""
    t = Person
    count = select(t.community_id, func.count()).group_by(t.community_id)
    wanted = set(units)
    sizes = {unit or WITHOUT_COMMUNITY: n for unit, n in connection.execute(count)}
    return {unit: n for unit, n in sizes.items() if unit in wanted}


def facts_of(connection: Connection, units: Sequence[int], frames: Collection[str] = FRAMES) -> Facts:
    """The facts that the counts of ``units`` are computed from, and no others; of the ``frames`` that are needed."""
    communities = select(Community.id).where(Community.id.in_(units))
    people = select(Person.id).where(_in_units(units))
    facts = load_part(connection, frames, people, communities)
    if "events" not in frames:
        return facts
    own = facts.events["community_id"].fillna(WITHOUT_COMMUNITY).isin(list(units))
    return replace(facts, events=facts.events[own].reset_index(drop=True))


def stored_steps(connection: Connection, units: Iterable[int], populations: Sequence[str] = ()) -> pd.DataFrame:
    """Step table (see ``steps``) of up to ``PORTION`` units, of all populations or of those named."""
    t = PopulationCount
    statement = select(t.population, t.unit, t.day, t.n).where(t.unit.in_(sorted(units)))
    if populations:
        statement = statement.where(t.population.in_(populations))
    rows = frame(connection, statement)
    code = {name: n for n, name in enumerate(POPULATIONS)}
    rows = rows[rows["population"].isin(list(code))]
    table = pd.DataFrame(
        {
            "population": rows["population"].map(code).to_numpy(np.int64),
            "unit": rows["unit"].to_numpy(np.int64),
            "day": rows["day"].to_numpy().astype("datetime64[D]").astype(np.int64),
            "n": rows["n"].to_numpy(np.int64),
        }
    )
    return table.sort_values(["population", "unit", "day"], ignore_index=True)


def steps_of_unit(
    connection: Connection, populations: Sequence[str], unit: int = DISTRICT, since: date | None = None
) -> dict[str, Steps]:
    """Population → its count in a unit on every day; with ``since``, on every day from then on."""
    t = PopulationCount
    of_unit = (t.unit == unit, t.population.in_(populations))
    statement = select(t.population, t.day, t.n).where(*of_unit)
    rows = statement.subquery()
    if since is not None:
        last = select(t.population, func.max(t.day).label("day")).where(*of_unit, t.day <= since)
        in_force = last.group_by(t.population).subquery()
        is_in_force = and_(in_force.c.population == t.population, in_force.c.day == t.day)
        rows = statement.where(t.day > since).union_all(statement.join(in_force, is_in_force)).subquery()
    series = _series(connection, rows)
    steps = {}
    for population in populations:
        days, counts = series.get(population, ((), ()))
        moments = np.array(days, dtype="datetime64[D]").astype("datetime64[s]")
        steps[population] = Steps(moments, np.array(counts, dtype=np.int64))
    return steps


def _series(connection: Connection, rows: Subquery) -> Mapping[str, tuple[Sequence[Any], Sequence[int]]]:
    """Population → days and counts in the order of the days, of ``rows`` of population, day and n.

    PostgreSQL sends two arrays a population, with days as numbers since 1970: a row for each costs more than reading it.
    """
    r = rows.c
    if connection.dialect.name != "postgresql":
        lists: dict[str, tuple[list[Any], list[int]]] = {}
        for population, day, n in connection.execute(select(r.population, r.day, r.n).order_by(r.population, r.day)):
            days, counts = lists.setdefault(population, ([], []))
            days.append(day)
            counts.append(n)
        return lists
    number = type_coerce(r.day - date(1970, 1, 1), Integer)
    arrays = (func.array_agg(aggregate_order_by(column, r.day)) for column in (number, r.n))
    grouped = connection.execute(select(r.population, *arrays).group_by(r.population))
    return {population: (days, counts) for population, days, counts in grouped}


def counts_on_day(connection: Connection, population: str, day: date) -> pd.Series:
    """Community id → count of a population on ``day``, of every community that counts anyone."""
    t = PopulationCount
    n = (
        select(t.n)
        .where(t.unit == Community.id, t.population == population, t.day <= day)
        .order_by(t.day.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = connection.execute(select(Community.id, n).order_by(Community.id)).all()
    counted = {community: count for community, count in rows if count}
    return pd.Series(counted, dtype="int64").rename_axis("community_id")


def indicator_on_day(connection: Connection, code: str, day: date) -> tuple[pd.Series, pd.Series]:
    """``counts_on_day`` of numerator and denominator of an indicator."""
    indicator = INDICATORS[code]
    numerator, denominator = (
        counts_on_day(connection, side.__name__, day) for side in (indicator.numerator, indicator.denominator)
    )
    return numerator, denominator


def _in_units(units: Sequence[int]) -> Any:
    known = Person.community_id.in_(units)
    return or_(known, Person.community_id.is_(None)) if WITHOUT_COMMUNITY in units else known


def _touched(connection: Connection, since: int) -> dict[int, frozenset[str]]:
    """Unit → the frames whose rows in it an event after ``since`` can have changed, so that a count is another.

    A row's owner is named by the events that made, moved or removed the row; else it is the one that the row has now. Of a
    person who moved or is no more, their own events name the communities, and every population there reads who lives there.
    """
    t = AuditEvent
    later = (t.id > since, t.entity.in_(list(SOURCES)))
    if (connection.scalar(select(func.count()).select_from(t).where(*later)) or 0) > MOST_EVENTS:
        return dict.fromkeys([WITHOUT_COMMUNITY, *connection.scalars(select(Community.id))], FRAMES)
    owners: dict[tuple[Owner, str], set[Any]] = defaultdict(set)
    unnamed: dict[str, set[int]] = defaultdict(set)
    for entity, key, before, after in connection.execute(
        select(t.entity, t.entity_id, t.before, t.after).where(*later)
    ):
        source, sides = SOURCES[entity], [side for side in (before, after) if side]
        if not source.concerns({name for side in sides for name in side}):
            continue
        if source.owner is Owner.SESSION:
            owners[source.owner, source.frame].add(int(key))
            continue
        named = {side[source.owner.value] for side in sides if source.owner.value in side}
        owners[source.owner, source.frame] |= named
        if not named:
            unnamed[entity].add(int(key))
    for entity, keys in unnamed.items():
        source = SOURCES[entity]
        columns = source.table.__table__.c
        owners[source.owner, source.frame] |= _values(connection, select(columns[source.owner.value]), columns.id, keys)
    frames_of: dict[int, set[str]] = defaultdict(set)
    for (owner, frame_name), ids in owners.items():
        people = (
            _values(connection, select(Enrolment.person_id), Enrolment.session_id, ids)
            if owner is Owner.SESSION
            else ids
        )
        communities = (
            ids
            if owner is Owner.COMMUNITY
            else _values(connection, select(Person.community_id), Person.id, people - {None})
        )
        for community in communities:
            frames_of[WITHOUT_COMMUNITY if community is None else int(community)].add(frame_name)
    return {unit: frozenset(frames) for unit, frames in frames_of.items()}


def _values(connection: Connection, statement: Select[tuple[Any]], column: Any, keys: set[int]) -> set[Any]:
    """What ``statement`` selects of rows whose ``column`` is among ``keys``."""
    values: set[Any] = set()
    wanted = sorted(keys)
    for start in range(0, len(wanted), PORTION):
        values |= set(connection.scalars(statement.where(column.in_(wanted[start : start + PORTION]))))
    return values
