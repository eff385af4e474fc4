"""Backups of the store, and a look at it before the app starts.

python -m core.store backup var/backups/monday.db     a checked copy while the app runs, with its SHA-256 beside it
python -m core.store restore var/backups/monday.db    puts a copy in place; the store before it is kept beside it
python -m core.store check --port 8501                exits 1 and says what to do if the app could not start

For PostgreSQL the first two print the command of PostgreSQL's own tool that does it.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from core.locale import LANGUAGES, N_, translator
from core.store import backup as copies
from core.store.database import Database
from core.store.failures import diagnose, in_every_language
from core.store.migrate import migrate
from core.store.row_security import is_bypassed
from core.store.waiting import migrate_patiently

__all__ = ["main"]

REASONS = {
    "exists": N_("A file of that name is there already; nothing was overwritten: {detail}"),
    "missing": N_("There is no such file: {detail}"),
    "other_sum": N_("The file is not the one that was backed up: its SHA-256 differs from the one beside it: {detail}"),
    "in_use": N_("The app is running on this database. Stop it first, then restore: {detail}"),
}

BYPASSED = N_(
    "PostgreSQL asks no row-level security of the role that the app signs in as (a superuser, or BYPASSRLS): "
    "let an ordinary role own the database, as the README says."
)


def main(arguments: Sequence[str] | None = None, *, now: datetime | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 where something is wrong, 2 for a refusal."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace, datetime], int] = options.run
    try:
        return run(options, now or datetime.now(UTC))
    except copies.BackupError as error:
        if error.reason in REASONS:
            return _say_all(REASONS[error.reason], status=2, detail=error.detail)
        return _explain(error)
    except Exception as error:
        return _explain(error)


def _backup(options: argparse.Namespace, _now: datetime) -> int:
    db = Database()
    if not db.is_sqlite:
        return _say_all(
            N_("This is a PostgreSQL database. Back it up with:"), command=copies.dump_command(db, options.file)
        )
    if db.file is not None and not db.file.exists():
        return _say_all(REASONS["missing"], status=2, detail=str(db.file))
    content = copies.backup(db, options.file)
    _say(f"{options.file}: {content.total:,} rows in {len(content.rows)} tables, digest {content.sha256[:16]}")
    return 0


def _restore(options: argparse.Namespace, now: datetime) -> int:
    db = Database()
    if not db.is_sqlite:
        command = copies.restore_command(db, options.file)
        return _say_all(N_("This is a PostgreSQL database. Restore into an empty one with:"), command=command)
    restored = copies.restore(db, options.file, now)
    content = restored.content
    _say(f"{db.file}: {content.total:,} rows in {len(content.rows)} tables, digest {content.sha256[:16]}")
    if restored.kept is not None:
        _say_all(N_("The database before it is kept as {name}."), status=0, name=restored.kept)
    return 0


def _check(options: argparse.Namespace, _now: datetime) -> int:
    if options.port is not None and (taken := _taken(options.port)):
        return taken
    db = Database()
    try:
        assert db.key
        migrate_patiently(db, migrate)
        with db.read() as connection:
            if is_bypassed(connection):
                _say_all(BYPASSED, status=0)
    finally:
        db.dispose()
    return 0


def _taken(port: int) -> int:
    with socket.socket() as probe:
        if os.name != "nt":  # as servers do; on Windows the option would let two programs share the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError as error:
            return _explain(error, port=port)
    return 0


def _explain(error: Exception, *, port: int | str = "") -> int:
    """Say in both languages what is wrong; an error that has no sentence goes on as it is."""
    kind = diagnose(error)
    if kind is None:
        raise error
    for line in in_every_language(kind, port=port):
        sys.stderr.write(line + "\n")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.store", description="Back up, restore and check the store.")
    commands = parser.add_subparsers(required=True)
    backup = commands.add_parser("backup", help="write a checked copy, while the app may go on running")
    backup.add_argument("file", type=Path, help="file to write; it must not exist")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="put a copy in the place of the store")
    restore.add_argument("file", type=Path, help="a copy made by backup")
    restore.set_defaults(run=_restore)
    check = commands.add_parser("check", help="say whether the app can start")
    check.add_argument("--port", type=int, help="also look whether this port is free")
    check.set_defaults(run=_check)
    return parser


def _say_all(text: str, *, status: int = 2, command: str = "", **values: object) -> int:
    for lang in LANGUAGES:
        _say(translator(lang)(text, **values))
    if command:
        _say(command)
    return status


def _say(message: str) -> None:
    sys.stdout.write(message + "\n")


if __name__ == "__main__":
    sys.exit(main())
