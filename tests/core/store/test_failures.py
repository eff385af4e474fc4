"""Why a store can't be opened: each cause is provoked, and has a sentence in both languages instead of a trace."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from core.policy import Action
from core.store import __main__ as command_line
from core.store.commands import command
from core.store.database import Database
from core.store.failures import SENTENCES, Failure, diagnose, in_every_language
from core.store.migrate import migrate
from core.store.schema import Person
from core.store.waiting import migrate_patiently
from tests.accesses import dispatcher
from tests.conftest import KEY

NOW = datetime(2025, 12, 28, 9, 0, tzinfo=UTC)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("", 0))
        return int(probe.getsockname()[1])


def no_store(file: Path) -> str:
    file.write_text("姓名,电话\n" * 500, encoding="utf-8")
    return f"sqlite:///{file}"


def damaged(file: Path) -> str:
    content = bytearray(file.read_bytes())
    content[len(content) // 3 : 2 * len(content) // 3] = b"\xff" * (2 * len(content) // 3 - len(content) // 3)
    file.write_bytes(content)
    return f"sqlite:///{file}"


def cut_off(file: Path) -> str:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    return f"sqlite:///{file}"


def newer(file: Path) -> str:
    url = f"sqlite:///{file}"
    store = Database(url, key=KEY)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.dispose()
    return url


def no_folder(file: Path) -> str:
    return f"sqlite:///{file}/district.db"  # below a file: may not be made, whoever runs the test


CAUSES = {
    Failure.NO_STORE: no_store,
    Failure.DAMAGED: damaged,
    Failure.NEWER_SCHEMA: newer,
    Failure.READ_ONLY: no_folder,
    Failure.UNREACHABLE: lambda _file: f"postgresql://a:b@127.0.0.1:{free_port()}/district",
    Failure.BAD_ADDRESS: lambda _file: "district.db",
}


@pytest.mark.parametrize("kind", CAUSES)
def test_the_command_says_what_is_wrong(
    kind: Failure,
    db: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert db.file is not None
    db.dispose()
    monkeypatch.setenv("DATABASE_URL", CAUSES[kind](db.file))
    monkeypatch.setattr(command_line, "migrate_patiently", lambda db, migrate: migrate(db))

    assert command_line.main(["check"]) == 1

    assert capsys.readouterr().err.splitlines() == in_every_language(kind)


def test_a_file_that_was_cut_off_is_damaged(db: Database) -> None:
    assert db.file is not None
    store = Database(cut_off(db.file), key=KEY)

    with pytest.raises(Exception, match=r"malformed|damaged|page") as caught:
        migrate(store)

    assert diagnose(caught.value) is Failure.DAMAGED
    store.dispose()


def test_a_port_in_use_and_a_short_key_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert command_line.main(["check", "--port", str(port)]) == 1
    assert capsys.readouterr().err.splitlines() == in_every_language(Failure.PORT_TAKEN, port=port)

    monkeypatch.setenv("SERVER_KEY", "short")
    assert command_line.main(["check"]) == 1
    assert capsys.readouterr().err.splitlines() == in_every_language(Failure.SHORT_KEY)


def test_a_full_disk_stops_a_change_whole_and_is_named(db: Database) -> None:
    event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 1"))
    revision = db.revision()

    with (
        pytest.raises(Exception, match="full") as caught,
        command(db, actor=dispatcher("王芳"), action=Action.EDIT_PERSON, at=NOW) as change,
    ):
        change.add_all(Person, [{"name": "李明", "note": "x" * 4_000}] * 500)

    assert diagnose(caught.value) is Failure.DISK_FULL
    assert db.revision() == revision


def test_a_store_that_may_only_be_read_is_named(db: Database) -> None:
    event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON"))

    with (
        pytest.raises(Exception, match="readonly") as caught,
        command(db, actor=dispatcher("王芳"), action=Action.EDIT_PERSON, at=NOW) as change,
    ):
        change.add(Person(name="李明"))

    assert diagnose(caught.value) is Failure.READ_ONLY


def test_a_silent_server_is_asked_again_before_anything_is_said() -> None:
    pauses: list[float] = []
    store = Database(f"postgresql+psycopg://a:b@127.0.0.1:{free_port()}/district", key=KEY)
    answers: Iterator[bool] = iter([False, False, True])

    def opens(db: Database) -> None:
        if not next(answers):
            db.engine.connect()

    migrate_patiently(store, opens, pauses=(1, 2, 4), sleep=pauses.append)

    assert pauses == [1, 2]
    with pytest.raises(ZeroDivisionError):  # any other error is not waited for
        migrate_patiently(store, lambda _: 1 / 0, pauses=(1,), sleep=pauses.append)
    assert len(pauses) == 2
    store.dispose()


def test_every_kind_has_its_sentences() -> None:
    assert set(SENTENCES) == set(Failure)
    assert diagnose(KeyError("x")) is None
    wrapped = RuntimeError("while saving")
    wrapped.__cause__ = OSError(28, "No space left on device")
    assert diagnose(wrapped) is Failure.DISK_FULL
