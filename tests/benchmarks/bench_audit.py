"""A million events: the chain checked, a page of the log read, rows compared with the log.

PYTHONPATH=. python tests/benchmarks/bench_audit.py [events]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from core.audit.queries import Filter, actors, page
from core.policy import Action, system_access
from core.store.audit_chain import chain_head, verify_chain
from core.store.commands import command
from core.store.database import Database
from core.store.migrate import migrate
from core.store.row_check import verify_rows
from core.store.schema import Person, PersonSkill, PersonStateSpell, Visit
from core.terms import Evidence, PersonState, VisitMode

PEOPLE = 2_000  # of one command, with ten events each
LIMIT = 10.0  # seconds of CPU for the chain of a million events


def fill(db: Database, events: int) -> None:
    """Imports of people with a state, skills and visits: a fifth of the events holds personal values."""
    start, day = datetime(2024, 1, 1, tzinfo=UTC), date(2024, 1, 1)
    for n in range(events // (PEOPLE * 10)):
        with command(
            db, actor=system_access(f"专员{n % 12}"), action=Action.IMPORT, at=start + timedelta(hours=n)
        ) as change:
            people = [
                {"name": f"姓名{n}-{i}", "phone": f"138{n:04d}{i:04d}", "address": f"{i}号楼", "note": None}
                for i in range(PEOPLE)
            ]
            ids = change.add_all(Person, people)
            spells = [{"person_id": i, "since": day, "state": PersonState.SEEKING} for i in ids]
            change.add_all(PersonStateSpell, spells)
            skills = [
                {
                    "person_id": i,
                    "skill": f"K{k:02d}",
                    "level": 2,
                    "evidence": Evidence.SELF_REPORT,
                    "acquired_on": None,
                }
                for i in ids
                for k in range(1, 8)
            ]
            change.add_all(PersonSkill, skills)
            visits = [
                {"person_id": i, "visited_on": day, "mode": VisitMode.DOOR, "needs": "想找离家近的活"} for i in ids
            ]
            change.add_all(Visit, visits)


def seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def main(events: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/district.db", key=b"benchmark key of thirty-two chars")
        migrate(db)
        print(f"made in {seconds(lambda: fill(db, events)):.1f} s")
        with db.read() as connection:
            head = chain_head(connection)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            started = time.process_time()
            wall = seconds(lambda: verify_chain(connection, db.key, [head]))
            chain = time.process_time() - started
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            print(
                f"{head.count:,} events: chain {chain:.2f} s of CPU, {wall:.2f} s in all, memory +{grown / 1024:.0f} MB"
            )
            wanted = {
                "newest": Filter(),
                "one person": Filter(person_id=7),
                "one colleague": Filter(actor="专员3"),
                "one day": Filter(day=date(2024, 1, 1)),
                "colleague, table and day": Filter(actor="专员1", entity="visit", day=date(2024, 1, 1)),
            }
            for name, one in wanted.items():
                print(f"page of {name}: {seconds(lambda one=one: page(connection, one, 50)) * 1000:.1f} ms")
            deep = page(connection, Filter(), 50, older_than=head.count // 2)
            assert deep[1]
            print(
                f"a page half way: {seconds(lambda: page(connection, Filter(), 50, older_than=head.count // 2)) * 1000:.1f} ms"
            )
            print(f"names of colleagues: {seconds(lambda: actors(connection)) * 1000:.1f} ms")
            outcomes: list[object] = []
            print(f"rows: {seconds(lambda: outcomes.extend(verify_rows(connection))):.1f} s, {len(outcomes)} differ")
        db.dispose()
        assert not outcomes
        assert chain <= LIMIT * head.count / 1_000_000, f"{chain:.1f} s"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
