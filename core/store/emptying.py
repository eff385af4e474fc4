"""Empty the store for a new start. The audit log stays, and says who did it; a backup is made first."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, func, select, update

from core.policy import Access, Action
from core.store.audit_chain import STORE
from core.store.backup import backup, dump_command
from core.store.commands import command
from core.store.database import Database
from core.store.migrate import drop_guards, load_reference, raise_guards
from core.store.schema import (
    CITY_TABLES,
    Account,
    AccountCommunity,
    AuditEvent,
    Base,
    OneTimeLink,
    SignInSession,
)
from core.store.settings import district, end_demonstration

__all__ = ["EmptyRefused", "Emptied", "allows_emptying", "empty"]


# What was done and who may sign in outlive the data.
KEPT = CITY_TABLES | {AuditEvent.__tablename__}


class EmptyRefused(RuntimeError):
    """The store holds real data and the server does not allow emptying it ('switch'), or it can't be backed up ('backup').

    ``command``: what backs it up by hand.
    """

    def __init__(self, reason: str, command: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.command = command


@dataclass(frozen=True)
class Emptied:
    """``rows``: how many each table had. ``copy``: the backup; None for a demonstration on PostgreSQL without its tools."""

    rows: dict[str, int]
    copy: Path | None


def allows_emptying() -> bool:
    """The server's switch: ``ALLOW_EMPTY=1`` lets an administrator empty a store with real data."""
    return os.environ.get("ALLOW_EMPTY") == "1"


def empty(db: Database, *, actor: Access, at: datetime, allow_real: bool) -> Emptied:
    """Delete every row but the audit log and the accounts of real people, after a backup into ``backups`` beside the store.

    Accounts of the demonstration go with it, and it stays closed: the store remembers that it has been emptied.

    ``allow_real``: the server's switch; without it only the demonstration can be emptied. Raises EmptyRefused; the store
    then is as it was.
    """
    with db.read() as connection:
        is_demo = district(connection).demo
    if not is_demo and not allow_real:
        raise EmptyRefused("switch")
    copy = _backed_up(db, at, is_demo=is_demo)
    with command(db, actor=actor, action=Action.EMPTY, at=at) as change:
        connection = change.session.connection()
        tables = [t for t in reversed(Base.metadata.sorted_tables) if t.name not in KEPT]
        rows = {t.name: connection.scalar(select(func.count()).select_from(t)) or 0 for t in tables}
        change.record(STORE, "all", {"rows": rows, "backup": None if copy is None else copy.name})
        drop_guards(connection)
        if db.district is None:  # those of a city belong to all its districts
            _remove_demonstration_accounts(connection)
            connection.execute(update(Account).values(staff_id=None))
        for table in tables:
            if table.name != "revision":  # the counter goes on, so that open pages notice
                connection.execute(table.delete())
        load_reference(connection)
        end_demonstration(change)
        raise_guards(connection)
    shutil.rmtree(db.batch_folder, ignore_errors=True)  # its numbers would name other people
    return Emptied({name: n for name, n in rows.items() if n}, copy)


def _remove_demonstration_accounts(connection: Connection) -> None:
    accounts = select(Account.id).where(Account.is_demonstration)
    for table in (SignInSession, OneTimeLink, AccountCommunity):
        connection.execute(delete(table).where(table.account_id.in_(accounts)))
    connection.execute(delete(Account).where(Account.is_demonstration))


def _backed_up(db: Database, at: datetime, *, is_demo: bool) -> Path | None:
    folder = db.folder / "backups"
    if db.is_sqlite:
        if db.file is None:
            return None
        file = folder / f"before-emptying-{at:%Y%m%dT%H%M%S}.db"
        backup(db, file)
        return file
    file = folder / f"before-emptying-{at:%Y%m%dT%H%M%S}.dump"
    line = dump_command(db, file)
    if shutil.which("pg_dump") is not None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        environment = {**os.environ, "PGPASSWORD": str(db.url.password or "")}
        if subprocess.run(shlex.split(line), env=environment, capture_output=True, check=False).returncode == 0:
            file.chmod(0o600)
            return file
        file.unlink(missing_ok=True)
    if is_demo:  # its rows come back with the sample's sheets
        return None
    raise EmptyRefused("backup", line)
