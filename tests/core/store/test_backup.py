"""Backups: whole while others write, checked, and the way back keeps what it replaces."""

from __future__ import annotations

import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.policy import Action
from core.store import __main__ as command_line
from core.store.backup import BackupError, backup, content_of, dump_command, restore
from core.store.commands import command
from core.store.database import Database
from core.store.schema import Person
from tests.accesses import dispatcher
from tests.conftest import KEY

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
    assert "pg_dump --format=custom --no-owner --file=monday.dump postgresql://dashboard@db.example/district" in said
    assert "secret" not in said


def test_the_named_command_dumps_a_postgresql_store(postgres_db: Database, tmp_path: Path) -> None:
    import shlex
    import shutil
    import subprocess

    if shutil.which("pg_dump") is None:
        pytest.skip("PostgreSQL's tools are not installed")
    file = tmp_path / "monday.dump"
    answer = subprocess.run(shlex.split(dump_command(postgres_db, file)), capture_output=True, text=True)
    if "version mismatch" in answer.stderr:
        pytest.skip("PostgreSQL's tools are older than the server")

    assert answer.returncode == 0, answer.stderr
    assert file.read_bytes().startswith(b"PGDMP")
