"""The store: writes are whole, versions guard edits, the audit log can't be altered, migrations lose nothing."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, func, inspect, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from core.locale import translator
from core.people import queries
from core.policy import Action
from core.store.backup import content_of
from core.store.commands import Conflict, NotFound, TextTooLong, command, verify_audit
from core.store.database import Database, server_key
from core.store.emptying import EmptyRefused, empty
from core.store.migrate import migrate
from core.store.row_check import verify_rows
from core.store.schema import AuditEvent, Base, Community, Parameter, Person, Skill, Target
from core.store.settings import district, parameter, parameters, save_setting
from core.terms import CommunityKind
from tests.accesses import administrator, dispatcher

NOW = datetime(2025, 12, 28, 9, 0, tzinfo=UTC)


def add_person(db: Database, name: str = "李明") -> int:
    with command(db, actor=dispatcher("王芳"), action=Action.EDIT_PERSON, at=NOW) as change:
        return int(change.add(Person(name=name)))


def audit(db: Database) -> list[dict[str, object]]:
    with db.read() as connection:
        return [dict(r) for r in connection.execute(select(AuditEvent.__table__).order_by(AuditEvent.id)).mappings()]


def test_an_empty_store_knows_the_vocabulary_and_the_law(any_db: Database) -> None:
    with any_db.read() as connection:
        assert connection.execute(select(func.count()).select_from(Skill)).scalar_one() == 40
        table = parameters(connection)
        assert queries.count(connection) == 0

    assert parameter(table, "minimum_wage_month", date(2025, 9, 30)) == 2010
    assert parameter(table, "minimum_wage_month", date(2025, 10, 1)) == 2210
    with pytest.raises(KeyError):
        parameter(table, "minimum_wage_month", date(2020, 1, 1))


def test_a_newer_version_brings_the_parameters_that_an_older_store_lacks(db: Database) -> None:
    with db.write() as session:
        session.execute(delete(Parameter).where(Parameter.key == "detour_factor"))
        session.execute(update(Parameter).where(Parameter.key == "stale_opening_days").values(value=60))

    migrate(db)

    with db.read() as connection:
        table = parameters(connection)
    assert parameter(table, "detour_factor", date(2025, 1, 1)) == 1.3
    assert parameter(table, "stale_opening_days", date(2025, 1, 1)) == 60  # what the bureau set stays


def test_migrating_twice_changes_nothing(any_db: Database) -> None:
    add_person(any_db)
    before = any_db.revision()

    migrate(any_db)

    assert any_db.revision() == before
    with any_db.read() as connection:
        assert queries.count(connection) == 1


def test_the_migrations_make_the_schema_that_the_code_declares(any_db: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with any_db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert set(inspect(connection).get_table_names()) >= set(Base.metadata.tables)


def test_a_write_raises_the_revision_and_leaves_an_audit_row(any_db: Database) -> None:
    before = any_db.revision()

    person = add_person(any_db)

    assert any_db.revision() == before + 1
    event = audit(any_db)[-1]
    assert (event["actor"], event["entity"], event["entity_id"]) == ("王芳", "person", str(person))
    assert event["after"]["name"] == "李明"  # type: ignore[index]


def test_a_failing_command_leaves_the_store_as_it_was(any_db: Database) -> None:
    before = any_db.revision()

    with (  # noqa: PT012
        pytest.raises(RuntimeError),
        command(any_db, actor=dispatcher("王芳"), action=Action.EDIT_PERSON, at=NOW) as change,
    ):
        change.add(Person(name="李明"))
        raise RuntimeError

    assert any_db.revision() == before
    assert audit(any_db) == []


def test_a_change_needs_a_name(db: Database) -> None:
    with (
        pytest.raises(ValueError, match="name of the person"),
        command(db, actor=dispatcher(" "), action=Action.EDIT_PERSON, at=NOW),
    ):
        pass


def test_an_edit_with_an_old_version_is_told_what_changed(any_db: Database) -> None:
    person = add_person(any_db)
    with command(any_db, actor=dispatcher("甲"), action=Action.EDIT_PERSON, at=NOW) as change:
        change.edit(Person, person, {"phone": "13900000001"}, version=1)

    with (
        pytest.raises(Conflict) as caught,
        command(any_db, actor=dispatcher("乙"), action=Action.EDIT_PERSON, at=NOW) as change,
    ):
        change.edit(Person, person, {"phone": "13900000002"}, version=1)

    assert caught.value.theirs == {"phone": "13900000001"}
    assert caught.value.yours == {"phone": "13900000002"}
    assert caught.value.version == 2


def test_an_edit_that_changes_nothing_writes_nothing(db: Database) -> None:
    person = add_person(db)
    events = len(audit(db))

    with command(db, actor=dispatcher("甲"), action=Action.EDIT_PERSON, at=NOW) as change:
        change.edit(Person, person, {"name": "李明"}, version=1)

    assert len(audit(db)) == events


def test_what_is_not_there_cannot_be_changed(db: Database) -> None:
    with pytest.raises(NotFound), command(db, actor=dispatcher("甲"), action=Action.EDIT_PERSON, at=NOW) as change:
        change.edit(Person, 99, {"name": "x"})


def test_contending_edits_are_never_lost(any_db: Database) -> None:
    person = add_person(any_db)
    wins, losses = [], []

    def work(worker: int) -> None:
        for _ in range(15):
            with any_db.read() as connection:
                version = queries.editable(connection, person)["version"]
            try:
                with command(any_db, actor=dispatcher(f"w{worker}"), action=Action.EDIT_PERSON, at=NOW) as change:
                    change.edit(Person, person, {"note": f"{worker}-{version}"}, version=version)
                wins.append(version)
            except (Conflict, StaleDataError):
                losses.append(version)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with any_db.read() as connection:
        assert queries.editable(connection, person)["version"] == 1 + len(wins)
    assert len(wins) + len(losses) == 60
    assert len(wins) == len(set(wins))


def test_the_audit_log_is_append_only_and_its_chain_holds(any_db: Database) -> None:
    for name in ("甲", "乙", "丙"):
        add_person(any_db, name)
    events = audit(any_db)

    assert verify_audit(events, any_db.key) is None
    with pytest.raises(DBAPIError), any_db.write() as session:
        session.execute(update(AuditEvent).values(actor=dispatcher("x")))
    tampered = [dict(event) for event in events]
    tampered[1]["actor"] = "某人"
    assert verify_audit(tampered, any_db.key) == events[1]["id"]
    assert verify_audit([events[0], events[2]], any_db.key) == events[2]["id"]


def test_codes_outside_the_vocabulary_are_refused_by_the_store(any_db: Database) -> None:
    with pytest.raises(IntegrityError), any_db.write() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO community (code, name, kind, lon, lat) VALUES ('1', 'x', 'suburban', 0, 0)"
        )


def test_references_are_enforced(any_db: Database) -> None:
    with pytest.raises(IntegrityError), any_db.write(people_of=None) as session:
        session.add(Person(name="x", community_id=12345))


def test_emptying_leaves_vocabulary_and_goes_on_counting_revisions(any_db: Database) -> None:
    with command(any_db, actor=dispatcher("甲"), action=Action.EDIT_PERSON, at=NOW) as change:
        community = change.add(Community(code="370899000001", name="甲", kind=CommunityKind.URBAN, lon=116.6, lat=35.3))
        change.add(Person(name="李明", community_id=community))
        save_setting(change, "demo", "1")
    before = any_db.revision()

    events = len(audit(any_db))

    emptied = empty(any_db, actor=administrator("管理员"), at=NOW, allow_real=False)

    assert emptied.rows["person"] == 1
    assert any_db.revision() == before + 1
    with any_db.read() as connection:
        assert queries.count(connection) == 0
        assert not district(connection).demo
        assert connection.execute(select(func.count()).select_from(Skill)).scalar_one() == 40
        assert connection.execute(select(func.count()).select_from(Parameter)).scalar_one() > 10
    add_person(any_db)  # writes go on, and the log is guarded again
    log = audit(any_db)
    assert len(log) == events + 3  # emptied, the demonstration closed for good, the new person
    assert (log[-3]["actor"], log[-3]["after"]["rows"]["person"]) == ("管理员", 1)  # type: ignore[index]
    assert verify_audit(log, any_db.key) is None
    with any_db.read() as connection:
        assert list(verify_rows(connection)) == []  # the person has the number of the one before the emptying
    with pytest.raises(DBAPIError), any_db.write() as session:
        session.execute(AuditEvent.__table__.delete())


def test_real_data_is_emptied_only_where_the_server_allows_it_and_after_a_backup(db: Database) -> None:
    add_person(db)

    with pytest.raises(EmptyRefused, match="switch"):
        empty(db, actor=administrator("管理员"), at=NOW, allow_real=False)
    emptied = empty(db, actor=administrator("管理员"), at=NOW, allow_real=True)

    assert emptied.copy is not None
    assert content_of(emptied.copy).rows["person"] == 1
    assert audit(db)[-2]["after"]["backup"] == emptied.copy.name  # type: ignore[index]


def test_real_data_on_postgresql_stays_where_no_backup_can_be_made(
    postgres_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_person(postgres_db)
    monkeypatch.setattr("shutil.which", lambda _: None)

    with pytest.raises(EmptyRefused, match="backup") as refused:
        empty(postgres_db, actor=administrator("管理员"), at=NOW, allow_real=True)

    assert refused.value.command.startswith("pg_dump ")
    with postgres_db.read() as connection:
        assert queries.count(connection) == 1


def test_times_come_back_with_their_zone(any_db: Database) -> None:
    add_person(any_db)

    assert audit(any_db)[-1]["at"] == NOW


def test_frames_have_their_dtypes_even_when_empty(db: Database) -> None:
    with db.read() as connection:
        people = queries.people(connection, date(2025, 12, 28))

    assert people.empty
    assert str(people["birth_date"].dtype) == "datetime64[s]"
    assert str(people["community_id"].dtype) == "Int64"


def test_the_server_key_is_made_once_for_its_owner_alone(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.delenv("SERVER_KEY", raising=False)

    first, second = server_key(tmp_path), server_key(tmp_path)

    assert first == second
    assert len(first) == 64
    assert (tmp_path / "server.key").stat().st_mode & 0o077 == 0
    monkeypatch.setenv("SERVER_KEY", "short")
    with pytest.raises(ValueError, match="32"):
        server_key(tmp_path)


def test_a_target_without_a_date_becomes_valid_from_the_first_day_of_its_year(any_db: Database) -> None:
    from alembic import command as alembic
    from alembic.config import Config

    from core.store.migrate import HERE

    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations"))
    with any_db.engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic.downgrade(config, "0004")
        connection.exec_driver_sql(
            "INSERT INTO target (indicator, year, value, version) VALUES ('走访', 2024, 6000, 1)"
        )

    migrate(any_db)

    with any_db.read() as connection:
        assert [row.valid_from for row in connection.execute(select(Target))] == [date(2024, 1, 1)]


def test_a_text_that_does_not_fit_its_field_is_refused_by_name_and_number(any_db: Database) -> None:
    person = add_person(any_db)
    before = audit(any_db)
    for values, limit in (({"address": "长" * 121}, 120), ({"note": "长" * 503}, 500)):
        with (
            pytest.raises(TextTooLong) as refused,
            command(any_db, actor=dispatcher(), action=Action.EDIT_PERSON, at=NOW) as change,
        ):
            change.edit(Person, person, values)
        (text,) = values.values()
        assert f"超出 {len(text) - limit} 字，最多 {limit} 字" in refused.value.sentence(translator("zh_CN"))
        assert "长" not in str(refused.value)
    with pytest.raises(TextTooLong):
        add_person(any_db, "长" * 61)
    assert audit(any_db) == before
