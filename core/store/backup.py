"""Copies of a store that can be relied on, and the way back from one.

A backup is taken by SQLite's online backup in one step: a snapshot, WAL included, while others go on writing. It is
checked before it gets its name, and its SHA-256 lies beside it, in the form that ``sha256sum -c`` reads. A restore
checks the copy again, before and after, and keeps the store that it replaces under a dated name.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from core.store.database import Database, make_private_file, make_private_folder, schema_of

__all__ = ["BackupError", "Content", "Restored", "backup", "content_of", "dump_command", "restore", "restore_command"]

Progress = Callable[[str], None]


class BackupError(RuntimeError):
    """A copy that can't be made, or not be relied on; ``reason`` is a code of REASONS."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Content:
    """What a store holds: rows by table, and a SHA-256 over every value of every row in the order of their keys."""

    rows: dict[str, int]
    sha256: str

    @property
    def total(self) -> int:
        return sum(self.rows.values())


@dataclass(frozen=True)
class Restored:
    """A store that was put in place: what it holds, and where the one before it is kept."""

    content: Content
    kept: Path | None


def backup(db: Database, file: Path) -> Content:
    """Write a checked copy of the SQLite store to ``file`` (0600), with ``<file>.sha256`` beside it.

    Raises BackupError: ``exists``, ``not_sqlite``, ``damaged``. A copy that fails leaves nothing under the name.
    """
    source = _file_of(db)
    if file.exists():
        raise BackupError("exists", str(file))
    make_private_folder(file.absolute().parent)
    draft = file.with_name(file.name + ".part")
    draft.unlink(missing_ok=True)
    make_private_file(draft)
    try:
        with _opened(source) as stored, _opened(draft) as copy:
            stored.backup(copy, pages=-1)  # in one step: a copy in portions starts anew with every write
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a -wal beside it
        content = content_of(draft)
        _write_sum(file, _sha256_of_file(draft))
        draft.replace(file)
        _sync_folder(file.absolute().parent)
    finally:
        draft.unlink(missing_ok=True)
    return content


def restore(db: Database, file: Path, at: datetime) -> Restored:
    """Put the copy ``file`` in the place of the store; one that is there is kept beside it, named by ``at``.

    Nothing is moved before the copy was checked: its sum where there is one, SQLite's own check, and that the place holds
    the same content. Raises BackupError: ``missing``, ``not_sqlite``, ``damaged``, ``other_sum``, ``in_use`` while the
    app runs on the store.
    """
    target = _file_of(db)
    if not file.is_file():
        raise BackupError("missing", str(file))
    listed = _listed_sum(file)
    if listed is not None and listed != _sha256_of_file(file):
        raise BackupError("other_sum", str(file))
    wanted = content_of(file)
    db.dispose()
    make_private_folder(target.absolute().parent)
    draft = target.with_name(target.name + ".part")
    draft.unlink(missing_ok=True)
    make_private_file(draft)
    try:
        with _opened(file, is_read_only=True) as copy, _opened(draft) as placed:
            copy.backup(placed, pages=-1)
            placed.execute("PRAGMA journal_mode=DELETE")
        if content_of(draft) != wanted:
            raise BackupError("damaged", str(draft))
        kept = _put_aside(target, at) if target.exists() and target.stat().st_size else None
        draft.replace(target)
        _sync_folder(target.absolute().parent)
    finally:
        draft.unlink(missing_ok=True)
    return Restored(wanted, kept)


def content_of(file: Path) -> Content:
    """What a SQLite file holds. Raises BackupError ``damaged`` for a file that SQLite's own check rejects."""
    digest, rows = hashlib.sha256(), {}
    try:
        with _opened(file, is_read_only=True) as connection:
            problems = [text for (text,) in connection.execute("PRAGMA integrity_check(5)")]
            if problems != ["ok"]:
                raise BackupError("damaged", "; ".join(problems))
            names = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            ).fetchall()
            if ("alembic_version",) not in names:
                raise BackupError("no_store", str(file))
            for (name,) in names:
                rows[name] = 0
                digest.update(f"\x1e{name}".encode())
                for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid'):
                    rows[name] += 1
                    digest.update(repr(row).encode())
    except sqlite3.DatabaseError as error:
        raise BackupError("damaged", str(error)) from error
    return Content(rows, digest.hexdigest())


def dump_command(db: Database, file: Path) -> str:
    """The shell command that backs up a PostgreSQL store, of a city or of one of its districts; it asks for the password
    unless PGPASSWORD holds it.

    Row-level security lets everybody read everything, but pg_dump wants to be told that it may ask.
    """
    part = [] if db.district is None else [f"--schema={schema_of(db.district)}"]
    return shlex.join(
        ["pg_dump", "--format=custom", "--no-owner", "--enable-row-security", *part, f"--file={file}", _libpq(db)]
    )


def restore_command(db: Database, file: Path) -> str:
    """The shell command that puts such a dump into an empty database."""
    return shlex.join(
        ["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={_libpq(db)}", str(file)]
    )


def _libpq(db: Database) -> str:
    url = db.url
    place = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return place.render_as_string(hide_password=False)


def _file_of(db: Database) -> Path:
    if db.file is None:
        raise BackupError("not_sqlite", db.url.render_as_string(hide_password=True))
    return db.file


@contextmanager
def _opened(file: Path, *, is_read_only: bool = False) -> Iterator[sqlite3.Connection]:
    uri = f"{file.absolute().as_uri()}?mode={'ro' if is_read_only else 'rw'}"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30)) as connection:
        yield connection


def _put_aside(target: Path, at: datetime) -> Path:
    """Move the store to a dated name. BackupError ``in_use`` while another process has it open."""
    kept = target.with_name(f"{target.stem}-before-restore-{at:%Y%m%dT%H%M%S}{target.suffix}")
    try:
        with closing(sqlite3.connect(target, isolation_level=None, timeout=0)) as connection:
            # Leaving WAL needs the file for oneself, and merges what the -wal still holds.
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise BackupError("in_use", str(target)) from error
    except sqlite3.DatabaseError:
        pass  # a damaged store is what a restore replaces; it is kept as it is
    target.rename(kept)
    for ending in ("-wal", "-shm"):
        beside = target.with_name(target.name + ending)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + ending))
    return kept


def _sha256_of_file(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _write_sum(file: Path, sha256: str) -> None:
    beside = file.with_name(file.name + ".sha256")
    make_private_file(beside)
    beside.write_text(f"{sha256}  {file.name}\n", encoding="utf-8")


def _listed_sum(file: Path) -> str | None:
    beside = file.with_name(file.name + ".sha256")
    return beside.read_text(encoding="utf-8").split()[0] if beside.exists() else None


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut; Windows has no such call."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
