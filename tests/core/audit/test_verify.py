"""The log is checked: edits, cuts and changes behind its back are found, and named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from core.audit import __main__ as command_line
from core.dispatch.commands import verify
from core.policy import Action
from core.store.anchors import anchor_file, note_anchors, noted_anchors, parse_anchor
from core.store.audit_chain import Anchor, ChainReport, chain_head, frozen_anchors, verify_chain
from core.store.commands import command
from core.store.database import Database
from core.store.migrate import drop_guards, raise_guards
from core.store.row_check import RowFinding, verify_rows
from core.store.schema import AuditEvent, Parameter, Person, Skill, Visit
from core.terms import VisitMode
from tests.accesses import dispatcher
from tests.conftest import KEY

NOW = datetime(2025, 12, 28, 9, 0, tzinfo=UTC)


def fill(db: Database) -> list[int]:
    """Three people, each edited; the second one visited."""
    with command(db, actor=dispatcher("王芳"), action=Action.EDIT_PERSON, at=NOW) as change:
        ids = change.add_all(
            Person, [{"name": name, "phone": "1380000111" + str(n)} for n, name in enumerate("甲乙丙")]
        )
        change.add(Visit(person_id=ids[1], visited_on=NOW.date(), mode=VisitMode.DOOR, needs="想学“面点”\\技术"))
    for row in ids:
        with command(db, actor=dispatcher("李明"), action=Action.EDIT_PERSON, at=NOW.replace(microsecond=5)) as change:
            change.edit(Person, row, {"note": '换行\n和\t引号"', "lon": 116.5})
    return ids


def tamper(db: Database, *statements: Any) -> None:
    """Statements by somebody with the rights of the database, past every guard."""
    with db.engine.begin() as connection:
        drop_guards(connection)
        for statement in statements:
            connection.execute(statement)
        raise_guards(connection)


def checked(db: Database, *anchors: Anchor) -> ChainReport:
    with db.read() as connection:
        return verify_chain(connection, db.key, anchors)


def rows_of(connection: Connection) -> list[RowFinding]:
    return list(verify_rows(connection))


def test_a_whole_log_is_whole_and_counts_its_events(any_db: Database) -> None:
    fill(any_db)
    seen: list[tuple[int, int]] = []

    with any_db.read() as connection:
        report = verify_chain(connection, any_db.key, [chain_head(connection)], lambda *done: seen.append(done))  # type: ignore[func-returns-value]

    assert report.is_whole
    assert report.count == 7
    assert seen == [(7, 7)]


@pytest.mark.parametrize(
    "values",
    [
        {"actor": "某人"},
        {"after": {"name": "丁"}},
        {"entity_id": "9"},
        {"batch_id": 4},
        {"personal": None},
        {"at": NOW.replace(year=2024)},
    ],
    ids=lambda values: next(iter(values)),
)
def test_an_edited_event_is_named(any_db: Database, values: dict[str, Any]) -> None:
    fill(any_db)
    tamper(any_db, update(AuditEvent).where(AuditEvent.id == 2).values(**values))

    assert checked(any_db).broken == 2


def test_a_removed_event_is_found_at_the_next_and_a_cut_tail_by_an_anchor(any_db: Database) -> None:
    fill(any_db)
    with any_db.read() as connection:
        head = chain_head(connection)
    printed = parse_anchor(f"{head.count}/{head.hash[:12]}")

    tamper(any_db, delete(AuditEvent).where(AuditEvent.id == 7))

    assert checked(any_db).is_whole  # a shorter chain is whole in itself
    assert not checked(any_db, head).is_whole
    assert not checked(any_db, printed).anchors[0].holds

    tamper(any_db, delete(AuditEvent).where(AuditEvent.id == 3))

    assert checked(any_db).broken == 4


def test_a_check_can_be_cancelled(db: Database) -> None:
    fill(db)

    with db.read() as connection:
        report = verify_chain(connection, db.key, progress=lambda _done, _total: False)

    assert report.is_cancelled
    assert report.broken is None


def test_a_frozen_week_holds_the_state_of_the_log_under_its_seal(meeting_db: Database) -> None:
    with meeting_db.read() as connection:
        frozen = frozen_anchors(connection)
        assert verify(connection) == []

    assert len(frozen) == 3
    assert checked(meeting_db, *frozen).is_whole


def test_anchors_are_noted_in_a_file_of_their_own(db: Database) -> None:
    fill(db)
    with db.read() as connection:
        head = chain_head(connection)
    file = anchor_file(db)
    note_anchors(file, [Anchor(head.count, head.hash, "2025-W52 · 1")], NOW)
    note_anchors(file, [Anchor(head.count + 1, "f" * 64, "2026-W01 · 1")], NOW)

    noted = noted_anchors(file)

    assert [check.holds for check in checked(db, *noted).anchors] == [True, False]
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(ValueError, match="anchor"):
        parse_anchor("12345")


def test_a_change_of_a_row_behind_the_log_is_found_with_its_fields(any_db: Database) -> None:
    people = fill(any_db)
    with any_db.read() as connection:
        assert rows_of(connection) == []

    with any_db.write(people_of=None) as session:
        session.execute(update(Person).where(Person.id == people[0]).values(phone="13999999999", career="?"))
        session.execute(delete(Visit))
        session.add(Person(name="无记录"))
        session.execute(update(Parameter).where(Parameter.key == "minimum_wage_month").values(value=1))
        session.execute(update(Skill).where(Skill.code == "K01").values(course_hours=1))

    with any_db.read() as connection:
        altered = {(f.table, f.what, f.fields) for f in rows_of(connection)}
    assert altered == {
        ("person", "changed", ("phone", "career")),
        ("person", "unlogged", ()),
        ("visit", "missing", ()),
        ("parameter", "changed", ("value",)),
        ("skill", "changed", ("course_hours",)),
    }


def test_every_row_of_the_sample_is_as_its_log_says(sample_db: Database) -> None:
    with sample_db.read() as connection:
        assert rows_of(connection) == []
        report = verify_chain(connection, sample_db.key)
        stored = connection.execute(select(AuditEvent.after).where(AuditEvent.entity == "person").limit(1)).scalar_one()
    assert report.is_whole
    assert list(stored) == sorted(stored)


def test_the_command_names_what_it_finds(
    db: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", db.url.render_as_string())
    monkeypatch.setenv("SERVER_KEY", KEY.decode())
    people = fill(db)
    with db.read() as connection:
        head = chain_head(connection)

    assert command_line.main(["verify", "--rows", "--anchor", f"{head.count}/{head.hash[:12]}"]) == 0
    with db.write() as session:
        session.execute(update(Person).where(Person.id == people[0]).values(phone="1"))
    assert command_line.main(["verify", "--rows"]) == 1
    assert command_line.main(["verify", "--anchor", f"{head.count + 1}/{head.hash[:12]}"]) == 1

    said = capsys.readouterr().out
    assert "7 events, each follows" in said
    assert f"person {people[0]} changed: phone" in said
    assert "0 of 1 anchors hold" in said
