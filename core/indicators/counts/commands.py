"""Bring the stored counts up to date, compute them anew, and compare them with the rows that they count.

Only the communities that events of the audit log touch are computed again, from their own rows; what the district gains is
what they gain. No revision rises: the counts say nothing that the rows do not say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pandas as pd
from sqlalchemy import Connection, Table, and_, bindparam, delete, insert, update

from core.indicators import dated_counts, populations
from core.indicators.counts import steps as step_tables
from core.indicators.counts.queries import (
    PORTION,
    Standing,
    facts_of,
    people_by_unit,
    stamp_version,
    standing,
    stored_steps,
)
from core.indicators.counts.sources import READS
from core.indicators.counts.steps import (
    DISTRICT,
    POPULATIONS,
    Differences,
    changes,
    changes_of,
    combined,
    differences,
    of_district,
    steps,
)
from core.indicators.registry import METRIC_VERSION
from core.store.bulk import insert_rows
from core.store.database import Database
from core.store.schema import PopulationCount, PopulationStamp

__all__ = ["VERSION", "WrongCount", "catch_up", "rebuild", "wrong_counts"]

COUNTS, STAMPS = (cast("Table", table.__table__) for table in (PopulationCount, PopulationStamp))
PEOPLE_AT_ONCE = 20_000  # whose rows are in memory together
EPOCH = date(1970, 1, 1)

Progress = Callable[[int, int], object]
"""Called with (units computed, units in all)."""


def _version() -> str:
    """Version of the definitions and of the code that counts by them: another code computes everything anew."""
    digest = hashlib.sha256()
    for module in (populations, dated_counts, step_tables):
        assert module.__file__ is not None
        digest.update(Path(module.__file__).read_bytes())
    return f"{METRIC_VERSION}.{digest.hexdigest()[:12]}"


VERSION = _version()


@dataclass(frozen=True)
class WrongCount:
    """A stored count that is not what the rows give: of ``population`` in ``unit`` from ``day`` on."""

    population: str
    unit: int
    day: date
    stored: int | None  # None: no row
    computed: int | None


def catch_up(db: Database, *, patience: float | None = None, progress: Progress | None = None) -> int:
    """Make the counts hold for every event of the log so far; returns how many units were computed.

    Whoever comes second waits for the lock of writers and finds nothing left to do. Raises Busy when another writer
    takes longer than ``patience`` seconds.
    """
    with db.read() as connection:
        if standing(connection, VERSION).is_current:
            return 0
    computed = 0
    while True:
        with db.write(raises_revision=False, patience=patience) as session:
            connection = session.connection()
            known = standing(connection, VERSION)
            portion = _portion(connection, known.stale)
            if not portion:
                return computed
            _mark(connection, known)
            _compute(connection, portion, known)
        computed += len(portion)
        if progress is not None:
            progress(computed, computed + len(known.stale) - len(portion))


def rebuild(db: Database, progress: Progress | None = None) -> int:
    """Forget all counts and compute them from the rows; returns the number of units."""
    with db.write(raises_revision=False) as session:
        session.execute(delete(STAMPS))
        session.execute(delete(COUNTS))
    return catch_up(db, progress=progress)


def wrong_counts(db: Database) -> Iterator[WrongCount]:
    """Every difference between the stored counts and what the rows give, in one snapshot; units that are not up to date are left out.

    The district is compared with the sum of what the units store where all of them are up to date.
    """
    with db.read() as connection:
        known = standing(connection, VERSION)
        district = []
        for portion in _portions(connection, known.units - known.stale.keys()):
            own = changes(facts_of(connection, portion))
            district.append(of_district(own))
            yield from _wrong(differences(stored_steps(connection, portion), steps(own)))
        if known.is_current and district:
            yield from _wrong(differences(stored_steps(connection, [DISTRICT]), steps(combined(district))))


def _wrong(delta: Differences) -> Iterator[WrongCount]:
    codes = list(POPULATIONS)
    key = ["population", "unit", "day"]
    both = (
        delta.gone.set_index(key)["n"]
        .to_frame("stored")
        .join(delta.written.set_index(key)["n"].rename("computed"), how="outer")
    )
    for (population, unit, day), row in both.iterrows():
        yield WrongCount(
            population=codes[population],
            unit=int(unit),
            day=EPOCH + timedelta(days=int(day)),
            stored=None if pd.isna(row["stored"]) else int(row["stored"]),
            computed=None if pd.isna(row["computed"]) else int(row["computed"]),
        )


def _portions(connection: Connection, units: Collection[int]) -> Iterator[list[int]]:
    """``units`` in portions of about ``PEOPLE_AT_ONCE`` people."""
    people = people_by_unit(connection, units)
    portion: list[int] = []
    size = 0
    for unit in sorted(units):
        if portion and (size + people.get(unit, 0) > PEOPLE_AT_ONCE or len(portion) == PORTION):
            yield portion
            portion, size = [], 0
        portion.append(unit)
        size += people.get(unit, 0)
    if portion:
        yield portion


def _portion(connection: Connection, stale: Collection[int]) -> list[int]:
    """The first portion of what is stale; [] for none."""
    return next(_portions(connection, stale), [])


def _mark(connection: Connection, known: Standing) -> None:
    """Take the stamps from what is stale; the counts of all others hold up to the last event."""
    rows = [{"_unit": unit} for unit in known.stale]
    connection.execute(delete(STAMPS).where(STAMPS.c.unit == bindparam("_unit")), rows)
    connection.execute(update(STAMPS).values(audit_id=known.audit_id))


def _compute(connection: Connection, portion: list[int], known: Standing) -> None:
    """Replace the counts of ``portion`` by what its rows give, and add to the district what changes by it.

    Only populations that read a frame whose rows have changed are computed.
    """
    changed = frozenset().union(*(known.stale[unit] for unit in portion))
    populations = [name for name, frames in READS.items() if not frames.isdisjoint(changed)]
    frames = frozenset().union(*(READS[name] for name in populations))
    stored = stored_steps(connection, portion, populations)
    own = changes(facts_of(connection, portion, frames), populations)
    _write(connection, differences(stored, steps(own)))
    before = changes_of(stored)
    gain = combined([own, before.assign(n=-before["n"])])
    names = list(POPULATIONS)
    touched = [names[code] for code in gain["population"].unique()]
    if touched:
        district = stored_steps(connection, [DISTRICT], touched)
        after = steps(combined([changes_of(district), of_district(gain)]))
        _write(connection, differences(district, after))
    version = stamp_version(connection, VERSION)
    stamps = [{"unit": unit, "audit_id": known.audit_id, "version": version} for unit in portion if unit in known.units]
    if stamps:
        connection.execute(insert(STAMPS), stamps)


def _write(connection: Connection, delta: Differences) -> None:
    """Turn the stored step table into the other one."""
    t = COUNTS.c
    if len(delta.gone):
        keys = [{"_population": name, "_unit": unit, "_day": day} for unit, name, day, _ in _rows(delta.gone)]
        is_row = and_(
            t.population == bindparam("_population"), t.unit == bindparam("_unit"), t.day == bindparam("_day")
        )
        connection.execute(delete(COUNTS).where(is_row), keys)
    insert_rows(connection, COUNTS, ("unit", "population", "day", "n"), _rows(delta.written))


def _rows(table: pd.DataFrame) -> list[tuple[int, str, date, int]]:
    """unit, population, day and n of a step table as the store holds them."""
    names = list(POPULATIONS)
    populations = [names[code] for code in table["population"]]
    days = table["day"].to_numpy().astype("datetime64[D]").tolist()
    return list(zip(table["unit"].tolist(), populations, days, table["n"].tolist(), strict=True))
