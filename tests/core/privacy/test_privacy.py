"""Anonymising erases who people are, everywhere, and changes no count; an extract holds everything about one person."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from core.indicators.facts import load
from core.indicators.registry import measure_all
from core.intake.seed import SAMPLE_AS_OF
from core.people.commands import edit_person, record_visit
from core.policy import Action
from core.privacy import __main__ as command_line
from core.privacy import queries
from core.privacy.commands import NAMELESS, anonymise, extract
from core.store.audit_chain import GENESIS, seal, verify_chain
from core.store.commands import NotFound, command
from core.store.database import Database
from core.store.migrate import drop_guards, raise_guards
from core.store.row_check import verify_rows
from core.store.schema import AuditEvent, Person, PersonStateSpell, Plan, PlanMeasure, Visit
from core.terms import PersonState, VisitMode
from tests.accesses import administrator, dispatcher
from tests.conftest import KEY

NOW = datetime(2025, 12, 28, 9, 0, tzinfo=UTC)
SECRETS = ("张晓明", "13812345678", "3栋2单元", "腰椎间盘突出")


def add_person(db: Database, name: str = "张晓明", **values: object) -> int:
    with command(db, actor=dispatcher("王芳"), action=Action.EDIT_PERSON, at=NOW) as change:
        return int(change.add(Person(name=name, **values)))


def filled(db: Database) -> int:
    """A person with everything that can be erased, edited and visited; and a neighbour."""
    person = add_person(
        db, phone=SECRETS[1], address=SECRETS[2], note=SECRETS[3], birth_date=date(1971, 4, 17), id_hash="a" * 64
    )
    add_person(db, "邻居李四", phone="13900000000")
    edit_person(
        db, person, {"note": SECRETS[3] + "，不能久站"}, version=1, actor=dispatcher("王芳"), at=NOW, today=NOW.date()
    )
    visit = {"mode": VisitMode.DOOR, "next_on": None, "actor": dispatcher("王芳"), "at": NOW}
    record_visit(db, person, visited_on=NOW.date(), needs=SECRETS[3], **visit)  # type: ignore[arg-type]
    return person


def whole_text(db: Database) -> str:
    """Every value of every row, as text."""
    from core.store.schema import Base

    with db.read() as connection:
        return "\n".join(str(tuple(row)) for t in Base.metadata.sorted_tables for row in connection.execute(select(t)))


def test_an_anonymised_person_is_nowhere_and_the_chain_holds(any_db: Database) -> None:
    person = filled(any_db)
    assert all(secret in whole_text(any_db) for secret in SECRETS)

    assert anonymise(any_db, [person], actor=administrator("管理员"), at=NOW, today=NOW.date()) == 1

    text = whole_text(any_db)
    assert [secret for secret in SECRETS if secret in text] == []
    assert "邻居李四" in text
    with any_db.read() as connection:
        report = verify_chain(connection, any_db.key)
        assert report.is_whole
        assert report.erased >= 3
        assert list(verify_rows(connection)) == []
        row = connection.execute(select(Person).where(Person.id == person)).mappings().one()
    assert (row["name"], row["birth_date"], row["anonymised_on"]) == (NAMELESS, date(1971, 4, 1), NOW.date())
    assert anonymise(any_db, [person], actor=administrator("管理员"), at=NOW, today=NOW.date()) == 0
    with pytest.raises(NotFound):
        anonymise(any_db, [99], actor=administrator("管理员"), at=NOW, today=NOW.date())


@pytest.mark.parametrize("field", ["name", "note", "actor"])
def test_what_was_erased_cannot_be_passed_off_as_something_else(db: Database, field: str) -> None:
    person = filled(db)
    anonymise(db, [person], actor=administrator("管理员"), at=NOW, today=NOW.date())
    with db.engine.begin() as connection:
        event = connection.execute(select(AuditEvent).where(AuditEvent.id == 1)).mappings().one()
        drop_guards(connection)
        change = {"actor": "某人"} if field == "actor" else {"after": {**event["after"], field: "b" * 64}}
        connection.execute(AuditEvent.__table__.update().where(AuditEvent.id == 1).values(**change))
        raise_guards(connection)

    with db.read() as connection:
        assert verify_chain(connection, db.key).broken == 1


def test_events_from_before_the_commitments_can_be_erased_too(db: Database) -> None:
    person = filled(db)
    last = GENESIS
    with db.engine.begin() as connection:  # the log as an earlier version wrote it: values in the hash, no salt
        drop_guards(connection)
        for event in connection.execute(select(AuditEvent).order_by(AuditEvent.id)).mappings().all():
            old = {**event, "personal": None, "previous": last}
            last = seal(db.key, old["previous"], old)
            values = {"personal": None, "previous": old["previous"], "hash": last}
            connection.execute(AuditEvent.__table__.update().where(AuditEvent.id == event["id"]).values(**values))
        raise_guards(connection)
    with db.read() as connection:
        assert verify_chain(connection, db.key).is_whole

    anonymise(db, [person], actor=administrator("管理员"), at=NOW, today=NOW.date())

    assert [secret for secret in SECRETS if secret in whole_text(db)] == []
    with db.read() as connection:
        assert verify_chain(connection, db.key).is_whole
        assert list(verify_rows(connection)) == []
    with db.engine.begin() as connection:
        drop_guards(connection)
        connection.execute(AuditEvent.__table__.update().where(AuditEvent.id == 1).values(after={"name": ""}))
        raise_guards(connection)
    with db.read() as connection:
        assert verify_chain(connection, db.key).broken == 1


def test_texts_of_rows_that_were_deleted_are_erased_from_the_log(db: Database) -> None:
    person = filled(db)
    with command(db, actor=dispatcher("王芳"), action=Action.EDIT_PERSON, at=NOW) as change:
        plan = change.add(Plan(person_id=person, made_on=NOW.date(), status="live", goal="去" + SECRETS[2]))
        step = change.add(PlanMeasure(plan_id=plan, step=1, kind="training", text=SECRETS[3]))
    with command(db, actor=administrator("王芳"), action=Action.UNDO_IMPORT, at=NOW) as change:
        for table, key in ((PlanMeasure, step), (Plan, plan)):
            row = change.session.get(table, key)
            assert row is not None
            content = {c.name: getattr(row, c.name) for c in table.__table__.columns}
            change.session.expunge(row)
            change.remove_all(table, [(int(key), content)])

    anonymise(db, [person], actor=administrator("管理员"), at=NOW, today=NOW.date())

    assert [secret for secret in SECRETS if secret in whole_text(db)] == []
    with db.read() as connection:
        assert verify_chain(connection, db.key).is_whole


def test_no_indicator_changes_when_people_are_anonymised(sample_copy: Database) -> None:
    def figures() -> dict[str, tuple[int, int, float | None]]:
        with sample_copy.read() as connection:
            measured = measure_all(load(connection), SAMPLE_AS_OF)
        return {code: (m.numerator, m.denominator, m.value) for code, m in measured.items()}

    before = figures()
    with sample_copy.read() as connection:
        people = list(connection.scalars(select(Person.id).where(Person.id % 16 == 0)))

    assert anonymise(sample_copy, people, actor=administrator("管理员"), at=NOW, today=SAMPLE_AS_OF) == len(people) > 50

    assert figures() == before
    with sample_copy.read() as connection:
        assert verify_chain(connection, sample_copy.key).is_whole
        assert list(verify_rows(connection)) == []


def test_who_is_due(db: Database) -> None:
    today = NOW.date()
    withdrawn, long_gone, seeking, recent = (
        add_person(db, name, entered_pool_on=date(2015, 1, 1)) for name in "甲乙丙丁"
    )
    with command(db, actor=dispatcher("王芳"), action=Action.EDIT_PERSON, at=NOW) as change:
        for person, state in ((long_gone, PersonState.RETIRED), (seeking, PersonState.SEEKING)):
            change.add(PersonStateSpell(person_id=person, since=date(2019, 1, 1), state=state))
        change.add(Visit(person_id=recent, visited_on=date(2024, 1, 1), mode=VisitMode.DOOR))
        change.edit(Person, withdrawn, {"consent_withdrawn_on": today})

    with db.read() as connection:
        due = queries.due(connection, today, 5)

    assert dict(zip(due["person_id"], due["why"], strict=True)) == {withdrawn: "consent", long_gone: "retention"}
    anonymise(db, [int(i) for i in due["person_id"]], actor=administrator("管理员"), at=NOW, today=today)
    with db.read() as connection:
        assert queries.due(connection, today, 5).empty


def test_an_extract_holds_everything_about_one_person_and_is_in_the_log(any_db: Database) -> None:
    person = filled(any_db)

    content = extract(any_db, person, actor=administrator("王芳"), at=NOW)

    text = json.dumps(content, ensure_ascii=False)
    assert [secret for secret in SECRETS if secret not in text] == []
    assert "邻居李四" not in text
    assert "a" * 64 not in text
    assert {event["action"] for event in content["log"]} == {"edit_person", "record_visit"}
    with any_db.read() as connection:
        last = connection.execute(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).mappings().one()
    assert (last["action"], last["entity"], last["entity_id"]) == ("extract_person", "extract", str(person))
    with pytest.raises(LookupError):
        extract(any_db, 99, actor=administrator("王芳"), at=NOW)


def test_the_commands_list_extract_and_anonymise(
    db: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", db.url.render_as_string())
    monkeypatch.setenv("SERVER_KEY", KEY.decode())
    person = filled(db)
    book = tmp_path / "person.xlsx"

    assert command_line.main(["extract", str(person), "--out", str(book)], now=NOW) == 0
    assert command_line.main(["extract", str(person), "--out", str(tmp_path / "person.json")], now=NOW) == 0
    assert command_line.main(["due"], now=NOW) == 0
    assert command_line.main(["anonymise", "--person", str(person)], now=NOW) == 0
    assert command_line.main(["anonymise", "--person", "99"], now=NOW) == 2

    sheet = openpyxl.load_workbook(io.BytesIO(book.read_bytes()))["person"]
    assert "张晓明" in [cell.value for cell in sheet[2]]
    assert book.stat().st_mode & 0o077 == 0
    assert "1 people anonymised" in capsys.readouterr().out
