"""Why the store can't be opened or written, in words for whoever runs it: what is wrong and what to do.

kind = diagnose(error)          # None: not one of these; the log then needs the trace
for line in explain(kind, tr, port=8501): print(line)
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from enum import StrEnum

from sqlalchemy.exc import ArgumentError, DBAPIError

from core.locale import LANGUAGES, N_, Translator, translator
from core.store.backup import BackupError
from core.store.database import ShortKey
from core.store.migrate import DamagedStore, NewerSchema

__all__ = ["Failure", "diagnose", "explain", "in_every_language"]


class Failure(StrEnum):
    """What is wrong; the value is a code for monitoring."""

    DAMAGED = "damaged"
    NO_STORE = "no_store"
    NEWER_SCHEMA = "newer_schema"
    UNREACHABLE = "unreachable"
    DISK_FULL = "disk_full"
    READ_ONLY = "read_only"
    BAD_ADDRESS = "bad_address"
    SHORT_KEY = "short_key"
    PORT_TAKEN = "port_taken"


SENTENCES: dict[Failure, tuple[str, str]] = {
    Failure.DAMAGED: (
        N_("The database file is damaged."),
        N_(
            "Stop the app and put the last backup in place: python -m core.store restore FILE. "
            "The damaged file is kept beside it."
        ),
    ),
    Failure.NO_STORE: (
        N_("The file is not a database of this app."),
        N_("Check the path in DATABASE_URL. If the file was overwritten: python -m core.store restore FILE."),
    ),
    Failure.NEWER_SCHEMA: (
        N_("The database was written by a newer version of this app; it was left unchanged."),
        N_("Update the app to that version, or restore a backup made before the update."),
    ),
    Failure.UNREACHABLE: (
        N_("The PostgreSQL database does not answer."),
        N_(
            "Check that it is running and that name, port and password in DATABASE_URL are right. "
            "The app tries again by itself."
        ),
    ),
    Failure.DISK_FULL: (
        N_("The disk is full; nothing was saved."),
        N_("Free space where the database is stored, for example by moving old backups, then try again."),
    ),
    Failure.READ_ONLY: (
        N_("The app may not write to the folder of its database."),
        N_("Give the account that runs the app write permission there, or set DATABASE_URL to another place."),
    ),
    Failure.BAD_ADDRESS: (
        N_("DATABASE_URL is not a database address."),
        N_("Write it as postgresql://user:password@host/name or sqlite:///path/district.db, or remove it."),
    ),
    Failure.SHORT_KEY: (
        N_("SERVER_KEY has fewer than 32 characters."),
        N_("Set the key that this database has been used with, or remove the variable to use var/server.key."),
    ),
    Failure.PORT_TAKEN: (
        N_("Port {port} is in use, perhaps because the app is already running."),
        N_("Stop the other program, or start on another port: make run PORT=8601."),
    ),
}

SQLITE = {
    sqlite3.SQLITE_CORRUPT: Failure.DAMAGED,
    sqlite3.SQLITE_NOTADB: Failure.NO_STORE,
    sqlite3.SQLITE_FULL: Failure.DISK_FULL,
    sqlite3.SQLITE_READONLY: Failure.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Failure.READ_ONLY,
}
ERRNO = {
    errno.ENOSPC: Failure.DISK_FULL,
    errno.EDQUOT: Failure.DISK_FULL,
    errno.EACCES: Failure.READ_ONLY,
    errno.EPERM: Failure.READ_ONLY,
    errno.EROFS: Failure.READ_ONLY,
    errno.ENOTDIR: Failure.READ_ONLY,
    errno.EISDIR: Failure.NO_STORE,
    errno.EADDRINUSE: Failure.PORT_TAKEN,
}
# Classes of SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRESQL = {
    "08": Failure.UNREACHABLE,
    "28": Failure.UNREACHABLE,
    "3D": Failure.UNREACHABLE,
    "53100": Failure.DISK_FULL,
    "53300": Failure.UNREACHABLE,
    "57P": Failure.UNREACHABLE,
    "25006": Failure.READ_ONLY,
    "XX001": Failure.DAMAGED,
    "XX002": Failure.DAMAGED,
}


def diagnose(error: BaseException) -> Failure | None:
    """What is behind ``error`` or one of its causes; None if it is nothing of this kind."""
    return next((kind for cause in _causes(error) if (kind := _kind_of(cause)) is not None), None)


def explain(kind: Failure, tr: Translator, *, port: int | str = "") -> tuple[str, str]:
    """What is wrong, and what to do."""
    what, remedy = SENTENCES[kind]
    return tr(what, port=port), tr(remedy)


def in_every_language(kind: Failure, *, port: int | str = "") -> list[str]:
    """What a terminal shows: a line a language."""
    return [" ".join(explain(kind, translator(lang), port=port)) for lang in LANGUAGES]


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        if isinstance(error, DBAPIError) and error.orig is not None:
            yield error.orig
        error = error.__cause__ or error.__context__


def _kind_of(error: BaseException) -> Failure | None:
    if isinstance(error, DamagedStore):
        return Failure.DAMAGED
    if isinstance(error, NewerSchema):
        return Failure.NEWER_SCHEMA
    if isinstance(error, ShortKey):
        return Failure.SHORT_KEY
    if isinstance(error, ArgumentError):
        return Failure.BAD_ADDRESS
    if isinstance(error, BackupError):
        return {"damaged": Failure.DAMAGED, "no_store": Failure.NO_STORE}.get(error.reason)
    if isinstance(error, sqlite3.Error):
        return SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, OSError):
        return ERRNO.get(error.errno or 0)
    if type(error).__module__.startswith("psycopg"):
        state = getattr(error, "sqlstate", None)
        if state is None:  # no answer from a server: refused, unknown host, broken off
            return Failure.UNREACHABLE if type(error).__name__ in ("OperationalError", "ConnectionTimeout") else None
        return next((kind for start, kind in POSTGRESQL.items() if state.startswith(start)), None)
    return None
