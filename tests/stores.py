"""SQLite stores that tests copy: an empty migrated one, the sample district, and the same with frozen weeks; each is made
once and kept.

A store lies in pytest's cache directory under a hash of everything that it is made from, so that neither a second
worker nor a second run makes it again, and a change of the code or of the sample makes a new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, insert, select, text

from core.accounts import queries, sessions
from core.accounts.commands import NewAccount, add, set_role
from core.accounts.tokens import digest
from core.dispatch.commands import freeze_history
from core.intake.seed import SAMPLE_AS_OF, seed_sample
from core.policy import Action, system_access
from core.store.commands import command
from core.store.database import ROOT, Database
from core.store.migrate import migrate
from core.store.row_security import write_about
from core.store.schema import Base, SignInSession
from core.terms import AccountRole

__all__ = [
    "CACHE",
    "KEY",
    "NOW",
    "copy_of",
    "copy_rows",
    "empty_store",
    "freeze_weeks",
    "load_sample",
    "meeting_store",
    "sample_store",
    "sign_in",
]

KEY = b"test key of thirty-two characters"
NOW = datetime(2025, 12, 28, 9, 0, tzinfo=UTC)
CACHE = ROOT / ".pytest_cache" / "d" / "stores"  # where pytest's ``config.cache.mkdir("stores")`` puts it


def empty_store() -> Path:
    """An empty, migrated store; to be copied."""
    return _stored("empty", migrate)


def sample_store() -> Path:
    """The sample district; to be copied."""
    return _stored("sample", _migrate_and_load)


def meeting_store() -> Path:
    """The sample district with its last three weeks frozen; to be copied."""
    return _stored("meeting", freeze_weeks, start=sample_store())


def load_sample(db: Database) -> None:
    """Load the sample district into an empty store."""
    seed_sample(db, ROOT / "sample_data", actor=system_access("演示数据"), at=NOW)


def copy_of(file: Path, folder: Path) -> Database:
    """A store of one's own: ``file`` copied to ``district.db`` in ``folder``."""
    return Database(f"sqlite:///{shutil.copy(file, folder / 'district.db')}", key=KEY)


def _migrate_and_load(db: Database) -> None:
    migrate(db)
    load_sample(db)


def copy_rows(source: Database, target: Database) -> None:
    """Put the rows of every table of ``source`` into an empty migrated store on PostgreSQL, under their ids."""
    tables = Base.metadata.sorted_tables
    with source.engine.connect() as rows, target.engine.begin() as connection:
        write_about(connection, None)
        for table in reversed(tables):
            connection.execute(table.delete())  # the reference data of the migration
        for table in tables:
            content = [dict(row) for row in rows.execute(select(table)).mappings()]
            for start in range(0, len(content), 5_000):
                connection.execute(insert(table), content[start : start + 5_000])
            if table.autoincrement_column is not None:
                connection.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), coalesce(max(id), 1)) FROM {table.name}"
                    )
                )


def freeze_weeks(db: Database) -> None:
    """Freeze the last three weeks of the sample district."""
    freeze_history(db, SAMPLE_AS_OF, count=3, actor=system_access("演示数据"), at=NOW)


def sign_in(db: Database, role: AccountRole, name: str | None = None, *, token: str | None = None) -> str:
    """The token of a new session of an account with ``role``: the demonstration's or, with a name, one of that name.

    Whatever is missing is made, without raising the revision: what pages have computed from the store stays valid.
    ``token`` gives the session a token that is known before.
    """
    now = datetime.now(UTC)  # the app asks its own clock whether a session is in force
    with db.read() as connection:
        known = {row.name: row for row in queries.accounts(connection)}
        by_click = [row.name for row in queries.demonstration_accounts(connection) if row.role is role]
    name = name or next(iter(by_click), f"test {role.value}")
    with command(db, actor=system_access("test"), action=Action.SIGN_IN, at=now, raises_revision=False) as change:
        account = known[name].id if name in known else add(change, NewAccount(name, name, role))
        if name in known and known[name].role is not role:
            set_role(change, account, role)
        made = sessions.create(change, account, name, method="test", address="-")
        if token is not None:
            change.session.execute(delete(SignInSession).filter_by(token_sha256=digest(token)))  # of the server before
            session = change.session.scalars(select(SignInSession).filter_by(token_sha256=digest(made))).one()
            session.token_sha256 = digest(token)
        return token or made


def _stored(name: str, fill: Callable[[Database], object], *, start: Path | None = None) -> Path:
    """The store that ``fill`` makes of a copy of ``start``, or of nothing."""
    CACHE.mkdir(parents=True, exist_ok=True)
    path = CACHE / f"{name}-{_hash_of_inputs()}.db"
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # released when the file is closed
        if not path.exists():
            for old in CACHE.glob(f"{name}-*"):
                old.unlink()
            _make(path, fill, start)
    return path


def _make(path: Path, fill: Callable[[Database], object], start: Path | None) -> None:
    draft = path.with_suffix(".draft")  # a run that is interrupted leaves no half-filled store under the final name
    if start is not None:
        shutil.copy(start, draft)
    db = Database(f"sqlite:///{draft}", key=KEY)
    fill(db)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    db.dispose()
    draft.rename(path)


def _hash_of_inputs() -> str:
    """Over the code of core, the sample's sheets and outlines, this file, and the versions of Python and the libraries."""
    digest = hashlib.sha256(sys.version.encode())
    sample = [path for kind in ("*.csv", "*.json", "geometry/*.geojson") for path in ROOT.glob(f"sample_data/{kind}")]
    code = [path for path in ROOT.glob("core/**/*") if path.suffix in (".py", ".csv", ".json")]
    for path in sorted([*sample, *code, ROOT / "constraints.txt", Path(__file__)]):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
