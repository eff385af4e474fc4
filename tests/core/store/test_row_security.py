"""PostgreSQL itself refuses rows about people whom a command was not to write about, whatever the code above asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from alembic import command as alembic
from alembic.config import Config
from sqlalchemy import (
    Column,
    Connection,
    Executable,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import ProgrammingError

from core.locale import LANGUAGES
from core.policy import Access, Action, system_access
from core.store import __main__ as command_line
from core.store.commands import OutOfScope, command
from core.store.database import Database
from core.store.migrate import HERE, migrate
from core.store.row_security import (
    drop_policies,
    is_bypassed,
    raise_policies,
    tables_about_people,
    way_to_person,
    write_about,
)
from core.store.schema import (
    Base,
    BusinessSupport,
    Community,
    FollowUp,
    MicroBusiness,
    Person,
    Placement,
    Plan,
    PlanMeasure,
    Visit,
)
from core.terms import (
    BusinessKind,
    BusinessSupportKind,
    Channel,
    CommunityKind,
    FollowUpResult,
    MeasureKind,
    PlanStatus,
    VisitMode,
)
from tests.accesses import administrator, caseworker, dispatcher
from tests.conftest import NOW, new_postgres

TODAY = date(2025, 12, 28)
ABOUT_PEOPLE = {table.name: table for table in tables_about_people()}
OWN, OTHER, HOMELESS = 1, 2, 3  # person 1 lives in community 1, 2 in 2, of 3 it is not known
EVERYBODY_S = [dispatcher(), system_access("x")]


@pytest.fixture(scope="module")
def store(postgres_url: str) -> Iterator[Database]:
    """Three people, each with a row in tables that are one, two and three steps away from them, under their number."""
    db = new_postgres(postgres_url)
    with db.write(people_of=None) as session:
        for key in (1, 2):
            session.add(
                Community(id=key, code=f"C{key}", name=f"社区{key}", kind=CommunityKind.URBAN, lon=116.6, lat=35.3)
            )
        session.flush()
        for key, community in ((OWN, 1), (OTHER, 2), (HOMELESS, None)):
            session.add(Person(id=key, name=f"张晓{key}", community_id=community))
            session.flush()
            session.add(Visit(id=key, person_id=key, visited_on=TODAY, mode=VisitMode.DOOR))
            session.add(Plan(id=key, person_id=key, made_on=TODAY, status=PlanStatus.LIVE))
            session.add(Placement(id=key, person_id=key, started_on=TODAY, channel=Channel.OTHER))
            session.flush()
            session.add(PlanMeasure(id=key, plan_id=key, step=1, kind=MeasureKind.TRAINING))
            session.add(FollowUp(id=key, placement_id=key, followed_on=TODAY, result=FollowUpResult.IN_WORK))
            session.flush()
    yield db
    db.dispose()


def someone(*communities: int) -> Access:
    return caseworker(communities=communities)


def tried(db: Database, who: Access, *statements: Executable, action: Action = Action.EDIT_PERSON) -> int:
    """How many rows the last of ``statements`` changes inside a command, past every check of the app; nothing is kept."""
    with pytest.raises(Undone) as undone, command(db, actor=who, action=action, at=NOW) as change:
        raise Undone([change.session.connection().execute(statement).rowcount for statement in statements][-1])
    return int(undone.value.args[0])


class Undone(Exception):
    """Rolls a command back."""


@pytest.mark.parametrize("table", [Person, Visit, Plan, PlanMeasure, Placement, FollowUp])
def test_raw_statements_in_the_command_of_a_caseworker_change_own_people_alone(
    store: Database, table: type[Base]
) -> None:
    t = table.__table__
    for key, expected in ((OWN, 1), (OTHER, 0), (HOMELESS, 0)):
        assert tried(store, someone(1), update(t).where(t.c.id == key).values(id=t.c.id)) == expected
    assert tried(store, someone(1), update(t).values(id=t.c.id)) == 1
    assert tried(store, someone(1, 2), update(t).values(id=t.c.id)) == 2
    assert tried(store, someone(), update(t).values(id=t.c.id)) == 0
    for who in EVERYBODY_S:
        action = Action.IMPORT if who.role is None else Action.EDIT_PERSON
        assert tried(store, who, update(t).values(id=t.c.id), action=action) == 3


@pytest.mark.parametrize("table", [Visit, PlanMeasure, FollowUp])
def test_raw_deletes_take_rows_of_own_people_alone(store: Database, table: type[Base]) -> None:
    assert tried(store, someone(2), delete(table).where(table.__table__.c.id != OTHER)) == 0
    assert tried(store, someone(2), delete(table)) == 1
    assert tried(store, dispatcher(), delete(table)) == 3


NEW_ROWS = [
    (Person, {"id": 9, "name": "李明", "community_id": 2}),
    (Person, {"id": 9, "name": "李明", "community_id": None}),
    (Visit, {"id": 9, "person_id": OTHER, "visited_on": date(2025, 1, 1), "mode": VisitMode.DOOR}),
    (PlanMeasure, {"id": 9, "plan_id": OTHER, "step": 2, "kind": MeasureKind.TRAINING}),
    (FollowUp, {"id": 9, "placement_id": OTHER, "followed_on": date(2025, 1, 1), "result": FollowUpResult.IN_WORK}),
]


@pytest.mark.parametrize(("table", "row"), NEW_ROWS)
def test_raw_inserts_about_others_are_refused(store: Database, table: type[Base], row: dict[str, object]) -> None:
    with pytest.raises(OutOfScope, match="row-level security"):
        tried(store, someone(1), insert(table.__table__).values(row))
    tried(store, dispatcher(), insert(table.__table__).values(row))


def test_a_row_does_not_go_over_to_somebody_else(store: Database) -> None:
    t = Visit.__table__
    with pytest.raises(OutOfScope, match="row-level security"):
        tried(store, someone(1), update(t).where(t.c.id == OWN).values(person_id=OTHER))


def test_who_writes_about_a_person_may_move_them_and_no_more_from_then_on(store: Database) -> None:
    t = Person.__table__
    moved = update(t).where(t.c.id == OWN).values(community_id=2)

    assert tried(store, someone(1), moved) == 1
    assert tried(store, someone(1), moved, update(t).where(t.c.id == OWN).values(note="x")) == 0
    assert tried(store, someone(1), moved, delete(Visit).where(Visit.id == OWN)) == 0


def test_what_names_nobody_writes_about_nobody(store: Database) -> None:
    with store.engine.begin() as connection:  # a plain connection, which may have served a command before
        for table in (Person, Visit, PlanMeasure, FollowUp):
            assert connection.execute(update(table.__table__).values(id=table.__table__.c.id)).rowcount == 0
    for statement in (insert(table.__table__).values(row) for table, row in NEW_ROWS):
        with pytest.raises(ProgrammingError, match="row-level security"), store.write() as session:
            session.connection().execute(statement)
    assert tried(store, administrator(), delete(Visit), action=Action.SAVE_PARAMETER) == 0


def test_everybody_reads_everything(store: Database) -> None:
    counts = [select(func.count()).select_from(table) for table in (Person, Visit, PlanMeasure, FollowUp)]
    with store.read() as connection:
        assert [connection.scalar(count) for count in counts] == [3, 3, 3, 3]
    with command(store, actor=someone(1), action=Action.EDIT_PERSON, at=NOW) as change:
        assert [change.session.scalar(count) for count in counts] == [3, 3, 3, 3]


def test_every_table_with_a_person_has_the_policies(store: Database) -> None:
    """A new table that refers to people, by whatever name, or lies below one that does, is found from the schema alone."""
    expected = {Person.__tablename__}
    for table in Base.metadata.sorted_tables:
        parents = {key.column.table.name for key in table.foreign_keys if not key.parent.nullable}
        people = {key.column.table.name for key in table.foreign_keys} & {Person.__tablename__}
        if people or parents & expected or "person_id" in table.c:
            expected.add(table.name)
    stored = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relnamespace = 'public'::regnamespace"
    policies = "SELECT tablename, count(*) FROM pg_policies GROUP BY tablename"

    with store.read() as connection:
        guarded = set(connection.scalars(text(stored)))
        counts = dict(connection.execute(text(policies)).all())

    assert ABOUT_PEOPLE.keys() == guarded == expected
    assert counts == {name: 3 if name == Person.__tablename__ else 2 for name in guarded}


def test_a_table_that_names_people_in_another_way_is_found() -> None:
    metadata = MetaData()
    person = Table("person", metadata, Column("id", Integer, primary_key=True))
    heir = Table("heir", metadata, Column("id", Integer), Column("parent_id", ForeignKey(person.c.id)))
    below = Table("below", metadata, Column("id", Integer), Column("heir_id", ForeignKey("heir.id"), nullable=False))
    loose = Table("loose", metadata, Column("id", Integer), Column("heir_id", ForeignKey("heir.id"), nullable=True))

    assert way_to_person(heir) == (heir.c.parent_id,)
    assert way_to_person(below) == (below.c.heir_id, heir.c.parent_id)
    assert way_to_person(loose) is None


def test_help_of_a_business_belongs_to_its_owner_on_either_engine(any_db: Database) -> None:
    with any_db.write(people_of=None) as session:
        session.add(Community(id=1, code="C1", name="社区", kind=CommunityKind.URBAN, lon=116.6, lat=35.3))
        session.flush()
        session.add(Person(id=1, name="张晓明", community_id=1))
        session.flush()
        session.add(
            MicroBusiness(id=1, person_id=1, name="早点铺", kind=BusinessKind.OTHER, community_id=1, opened_on=TODAY)
        )
        session.flush()
    help_ = {"business_id": 1, "kind": BusinessSupportKind.PREMISES, "given_on": TODAY}

    with pytest.raises(OutOfScope), command(any_db, actor=someone(2), action=Action.RECORD_BUSINESS, at=NOW) as change:
        change.add_all(BusinessSupport, [help_])
    with command(any_db, actor=someone(1), action=Action.RECORD_BUSINESS, at=NOW) as change:
        change.add_all(BusinessSupport, [help_])


def test_policies_go_with_the_downgrade_and_come_back_with_the_app(postgres_db: Database) -> None:
    def guarded(connection: Connection) -> int:
        return int(connection.scalar(text("SELECT count(*) FROM pg_policies")) or 0)

    with postgres_db.engine.begin() as connection:
        before = guarded(connection)
        config = Config()
        config.set_main_option("script_location", str(HERE / "migrations"))
        config.attributes["connection"] = connection
        alembic.downgrade(config, "0020")
        assert guarded(connection) == 0
        connection.execute(insert(Person).values(name="李明"))  # as before

    migrate(postgres_db)
    migrate(postgres_db)

    with postgres_db.engine.begin() as connection:
        assert guarded(connection) == before > 0
        assert connection.execute(update(Person).values(name="x")).rowcount == 0


def test_the_start_says_where_postgresql_asks_no_policy(
    store: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    superuser = Database(postgres_url).url.username
    for url, lines in ((store.url, 0), (store.url.set(username=superuser), len(LANGUAGES))):
        monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
        assert command_line.main(["check"]) == 0
        assert capsys.readouterr().out.count("BYPASSRLS") == lines


def test_sqlite_has_no_policies(db: Database) -> None:
    with db.engine.begin() as connection:
        drop_policies(connection)
        raise_policies(connection)
        write_about(connection, {1})
        assert not is_bypassed(connection)
        connection.execute(insert(Person).values(name="李明"))
