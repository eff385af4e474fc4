"""Districts of a city: each with its own rows, revision and log; who may act in which; moving in and out unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from core.accounts import queries, sessions
from core.accounts.commands import AccountRefused, NewAccount, add, deactivate
from core.districts import moving
from core.districts.__main__ import main
from core.districts.commands import DistrictRefused, allow, forbid, set_districts
from core.policy import NO_DISTRICT, Access, Action, Refused, system_access
from core.store.audit_chain import verify_chain
from core.store.commands import NotFound, command
from core.store.database import Database
from core.store.district_rows import content
from core.store.migrate import migrate
from core.store.row_check import verify_rows
from core.store.schema import CITY_TABLES, Account, AuditEvent, Base, Community, Setting
from core.store.settings import end_demonstration, save_parameter, save_setting
from core.terms import AccountRole, CommunityKind
from tests.conftest import new_postgres
from tests.stores import KEY, NOW

SYSTEM = system_access("test")


@pytest.fixture(scope="module")
def city(postgres_url: str) -> Iterator[Database]:
    """A city of two districts with a community each."""
    city = new_postgres(postgres_url)
    for key, name in (("east", "东湖区"), ("west", "西山区")):
        moving.add(city, key, name, key.title(), actor=SYSTEM, at=NOW)
        with command(city.of(key), actor=SYSTEM, action=Action.IMPORT, at=NOW) as change:
            change.add(Community(code=f"{key}1", name=f"{name}一社区", kind=CommunityKind.URBAN, lon=116.6, lat=35.4))
    yield city
    city.dispose()


def account_of(db: Database, name: str, role: AccountRole = AccountRole.DISPATCHER, **more: object) -> int:
    with command(db, actor=SYSTEM, action=Action.ADD_ACCOUNT, at=NOW) as change:
        return add(change, NewAccount(name, f"许{name}", role, **more))  # type: ignore[arg-type]


def access_of(city: Database, account: int, role: AccountRole, district: str | None = None) -> Access:
    """What a new session of the account may do in ``district``."""
    with command(city, actor=SYSTEM, action=Action.SIGN_IN, at=NOW, raises_revision=False) as change:
        token = sessions.create(change, account, "x", method="test", address="-")
    access = sessions.resolve(city, token, NOW, district=district)
    assert access is not None
    assert access.role is role
    return access


def names(db: Database) -> list[str]:
    with db.read() as connection:
        return list(connection.scalars(select(Community.name)))


def test_a_connection_of_a_district_finds_its_rows_alone(city: Database) -> None:
    assert names(city.of("east")) == ["东湖区一社区"]
    assert names(city.of("west")) == ["西山区一社区"]
    assert names(city) == []
    with city.of("east").read() as connection:
        path = connection.scalar(text("SHOW search_path"))
        elsewhere = connection.scalars(
            text("SELECT nspname FROM pg_namespace WHERE nspname = ANY(current_schemas(false)) ORDER BY 1")
        ).all()

    assert "west" not in str(path)
    assert elsewhere == ["district_east", "public"]


def test_the_path_ends_with_the_transaction_that_set_it(city: Database) -> None:
    with city.engine.connect() as first:
        pid = first.scalar(text("SELECT pg_backend_pid()"))
    for db, wanted in ((city.of("east"), "district_east"), (city, "public"), (city.of("west"), "district_west")):
        with db.read() as connection:  # one connection of the pool serves all
            assert connection.scalar(text("SELECT pg_backend_pid()")) == pid
            assert connection.scalar(text("SELECT current_schema()")) == wanted


def test_a_write_raises_the_revision_of_its_district_and_continues_its_log(city: Database) -> None:
    before = {key: city.of(key).revision() for key in ("east", "west")}
    of_city = city.revision()
    with command(city.of("east"), actor=SYSTEM, action=Action.IMPORT, at=NOW) as change:
        save_setting(change, "map_licence", "鲁S(2025)001号")

    assert city.of("east").revision() == before["east"] + 1
    assert city.of("west").revision() == before["west"]
    assert city.revision() == of_city
    for db in (city, city.of("east"), city.of("west")):
        with db.read() as connection:
            assert verify_chain(connection, KEY, []).is_whole
            assert list(verify_rows(connection)) == []


def test_settings_are_the_districts_own(city: Database) -> None:
    def office(db: Database) -> str | None:
        with db.read() as connection:
            return connection.scalar(select(Setting.value).where(Setting.key == "office_zh"))

    with command(city.of("west"), actor=SYSTEM, action=Action.IMPORT, at=NOW) as change:
        save_setting(change, "office_zh", "西山区就业服务中心")

    assert office(city.of("west")) == "西山区就业服务中心"
    assert office(city.of("east")) is None


def test_every_schema_is_at_the_newest_version_and_holds_every_table_of_a_district(city: Database) -> None:
    migrate(city)  # again: changes nothing

    with city.read() as connection:
        tables = {
            schema: set(
                connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = :s"), {"s": schema})
            )
            for schema in ("public", "district_east", "district_west")
        }
        versions = {s: connection.scalar(text(f"SELECT version_num FROM {s}.alembic_version")) for s in tables}

    assert len(set(versions.values())) == 1
    assert tables["public"] >= Base.metadata.tables.keys()
    for schema in ("district_east", "district_west"):
        assert tables[schema] == Base.metadata.tables.keys() - CITY_TABLES | {"alembic_version"}


def test_an_account_acts_where_it_may_and_nowhere_else(city: Database) -> None:
    account = account_of(city.of("east"), "may")
    access = access_of(city, account, AccountRole.DISPATCHER, "west")

    assert access.district == "east"  # the only one
    with command(city.of("east"), actor=access, action=Action.SET_TARGET, at=NOW) as change:
        save_setting(change, "map_licence", "a")
    for actor in (access, Access(access.account_id, access.name, access.role, None, "west")):
        with (
            pytest.raises(Refused),
            command(city.of("west"), actor=actor, action=Action.SET_TARGET, at=NOW),
        ):
            pass

    with command(city, actor=SYSTEM, action=Action.ALLOW_DISTRICT, at=NOW) as change:
        allow(change, account, "west")
    assert access_of(city, account, AccountRole.DISPATCHER, "west").district == "west"

    with command(city, actor=SYSTEM, action=Action.ALLOW_DISTRICT, at=NOW) as change:
        forbid(change, account, "west")
        forbid(change, account, "east")
    assert access_of(city, account, AccountRole.DISPATCHER).district == NO_DISTRICT
    with pytest.raises(Refused), command(city.of("east"), actor=access, action=Action.SET_TARGET, at=NOW):
        pass  # the page was drawn before


def test_a_session_opens_the_district_that_was_chosen_last(city: Database) -> None:
    account = account_of(city.of("east"), "chooses")
    with command(city, actor=SYSTEM, action=Action.ALLOW_DISTRICT, at=NOW) as change:
        allow(change, account, "west")
    with command(city, actor=SYSTEM, action=Action.SIGN_IN, at=NOW, raises_revision=False) as change:
        token = sessions.create(change, account, "x", method="test", address="-")

    def opened(district: str | None = None) -> str | None:
        access = sessions.resolve(city.of("east"), token, NOW, district=district)
        return None if access is None else access.district

    assert opened() == "east"
    assert opened("west") == "west"
    sessions.choose(city, token, "west", NOW)
    assert opened() == "west"
    assert opened("nowhere") == "west"
    sessions.choose(city, token, "nowhere", NOW)
    assert opened() == "west"


def test_a_caseworker_has_the_communities_of_the_district(city: Database) -> None:
    with city.of("west").read() as connection:
        own = connection.scalar(select(Community.id))
    account = account_of(city.of("west"), "case", AccountRole.CASEWORKER, communities=[own])
    access = access_of(city, account, AccountRole.CASEWORKER)

    assert access.communities == {own}
    with command(city.of("west"), actor=access, action=Action.RECORD_VISIT, at=NOW):
        pass
    with command(city, actor=SYSTEM, action=Action.SIGN_IN, at=NOW, raises_revision=False) as change:
        token = sessions.create(change, account, "x", method="test", address="-")
    sessions.end(city, token, NOW)
    assert sessions.resolve(city, token, NOW) is None


def test_an_administrator_changes_the_accounts_of_the_own_districts(city: Database) -> None:
    admin = account_of(city.of("east"), "admin", AccountRole.ADMINISTRATOR)
    colleague, shared, other = (account_of(city.of(d), n) for d, n in (("east", "e"), ("east", "s"), ("west", "w")))
    with command(city, actor=SYSTEM, action=Action.ALLOW_DISTRICT, at=NOW) as change:
        allow(change, shared, "west")
    access = access_of(city, admin, AccountRole.ADMINISTRATOR)
    with city.of("east").read() as connection:
        listed = {row.id for row in queries.accounts(connection, "east")}

    assert {admin, colleague, shared} <= listed
    assert other not in listed
    for account in (shared, other):
        with (
            pytest.raises(AccountRefused),
            command(city.of("east"), actor=access, action=Action.DEACTIVATE_ACCOUNT, at=NOW) as change,
        ):
            deactivate(change, account)
    with command(city.of("east"), actor=access, action=Action.DEACTIVATE_ACCOUNT, at=NOW) as change:
        deactivate(change, colleague)


def test_an_administrator_opens_own_districts_to_others_and_closes_them(city: Database) -> None:
    for key, name in (("third", "三河区"), ("fourth", "四明区")):
        moving.add(city, key, name, key, actor=SYSTEM, at=NOW)
    admin = account_of(city.of("east"), "opens", AccountRole.ADMINISTRATOR)
    colleague, other = account_of(city.of("east"), "colleague"), account_of(city.of("fourth"), "stranger")
    with command(city, actor=SYSTEM, action=Action.ALLOW_DISTRICT, at=NOW) as change:
        allow(change, admin, "third")
        allow(change, colleague, "fourth")  # which is not open to the administrator
    access = access_of(city, admin, AccountRole.ADMINISTRATOR, "east")

    def open_to(account: int, *keys: str) -> list[str]:
        with command(city.of("east"), actor=access, action=Action.ALLOW_DISTRICT, at=NOW) as change:
            set_districts(change, account, keys)
        with city.read() as connection:
            return list(queries.districts_of(connection, [account])[account])

    assert open_to(colleague, "east", "third") == ["east", "third", "fourth"]
    with city.of("east").read() as connection:
        last = connection.execute(select(AuditEvent.actor, AuditEvent.action).order_by(AuditEvent.id.desc())).first()
        assert last == (access.name, Action.ALLOW_DISTRICT.value)
        assert verify_chain(connection, KEY, []).is_whole
    assert open_to(colleague, "third", "east") == ["east", "third", "fourth"]
    with pytest.raises(DistrictRefused, match="fourth"):
        open_to(colleague, "east", "fourth")
    with pytest.raises(DistrictRefused, match="own"):
        open_to(admin, "east")
    with pytest.raises(NotFound):
        open_to(other, "east")
    assert open_to(colleague) == ["fourth"]  # what the administrator may not close stays
    with pytest.raises(NotFound):
        open_to(colleague, "east")
    single = account_of(city.of("east"), "single")
    with pytest.raises(DistrictRefused, match="one district"):
        open_to(single)


def test_the_roles_that_anybody_opens_leave_a_district_when_its_demonstration_ends(city: Database) -> None:
    open_to_all = {
        key: account_of(city.of(key), f"demo-{key}", AccountRole.LEADER, is_demonstration=True)
        for key in ("east", "west")
    }
    own = account_of(city.of("east"), "own")
    with command(city, actor=SYSTEM, action=Action.ALLOW_DISTRICT, at=NOW) as change:
        allow(change, open_to_all["west"], "east")
        save_setting(change, "demo", "1")

    with command(city.of("east"), actor=SYSTEM, action=Action.IMPORT, at=NOW) as change:
        end_demonstration(change)

    with city.read() as connection:
        still = queries.districts_of(connection, [*open_to_all.values(), own])
    assert {account: list(keys) for account, keys in still.items()} == {open_to_all["west"]: ["west"], own: ["east"]}
    assert access_of(city, open_to_all["west"], AccountRole.LEADER, "east").district == "west"
    assert access_of(city, open_to_all["east"], AccountRole.LEADER).district == NO_DISTRICT


def filled(db: Database) -> None:
    """A parameter, a community, and a caseworker of it."""
    with command(db, actor=SYSTEM, action=Action.IMPORT, at=NOW) as change:
        community = int(change.add(Community(code="7", name="荷风社区", kind=CommunityKind.RURAL, lon=116.6, lat=35.4)))
        save_setting(change, "name_zh", "南岭区")
        save_parameter(change, "minimum_wage_month", NOW.date(), 2_500.5, "鲁人社〔2025〕1号")
    account_of(db, "one", AccountRole.CASEWORKER, communities=[community])


def test_a_store_joins_a_city_and_leaves_it_as_it_was(city: Database, db: Database, tmp_path: Path) -> None:
    filled(db)
    with db.read() as connection:
        before = content(connection)
    account_of(city.of("west"), "id taken")  # so that ids here are not those there

    moved = moving.adopt(city, db, "south", actor=SYSTEM, at=NOW)
    back = Database(f"sqlite:///{tmp_path / 'back.db'}", key=KEY)
    left = moving.release(city, "south", back)

    assert moved.content == left.content == before
    assert before.rows["community"] == 1
    with back.read() as connection, city.of("south").read() as own:
        assert [row.sign_in_name for row in queries.accounts(connection)] == ["one"]
        assert [row.sign_in_name for row in queries.accounts(own, "south")] == ["one"]
        assert verify_chain(own, KEY, []).is_whole
    with command(city.of("south"), actor=SYSTEM, action=Action.IMPORT, at=NOW) as change:  # sequences go on
        change.add(Community(code="8", name="莲塘社区", kind=CommunityKind.RURAL, lon=116.6, lat=35.4))
    back.dispose()


def test_a_store_that_does_not_fit_leaves_nothing_behind(city: Database, db: Database) -> None:
    account_of(city.of("east"), "clash")
    account_of(db, "clash")
    with pytest.raises(DistrictRefused, match="clash"):
        moving.adopt(city, db, "north", actor=SYSTEM, at=NOW)
    with pytest.raises(DistrictRefused, match="east"):
        moving.adopt(city, db, "east", actor=SYSTEM, at=NOW)
    other_key = Database(str(city.url.render_as_string(hide_password=False)), key=b"y" * 32)
    with pytest.raises(DistrictRefused, match="SERVER_KEY"):
        moving.adopt(other_key, db, "north", actor=SYSTEM, at=NOW, same_people=True)
    other_key.dispose()

    with city.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pg_namespace WHERE nspname = 'district_north'")) == 0
        assert "north" not in queries.district_ids(connection)
    moving.adopt(city, db, "north", same_people=True, actor=SYSTEM, at=NOW, name="北关区")
    with city.of("north").read() as connection:
        assert [row.sign_in_name for row in queries.accounts(connection, "north")] == ["clash"]
        assert connection.scalar(select(func.count()).select_from(Account).where(Account.sign_in_name == "clash")) == 1


def test_from_the_terminal(city: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DATABASE_URL", city.url.render_as_string(hide_password=False))
    account_of(city.of("east"), "li")

    assert main(["add", "harbour", "临港区", "--english", "Harbour"]) == 0
    assert main(["add", "harbour", "临港新区"]) == 2
    assert main(["add", "Harbour!", "临港新区"]) == 2
    assert main(["allow", "harbour", "LI"]) == 0
    assert main(["allow", "nowhere", "li"]) == 2
    assert main(["list"]) == 0

    assert "harbour\t临港区\tHarbour" in capsys.readouterr().out
    assert city.of("harbour").revision() == 1
    with city.read() as connection:
        assert connection.scalar(select(func.count()).select_from(AuditEvent)) is not None


def test_a_city_needs_postgresql(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", db.url.render_as_string())

    assert main(["list"]) == 2
    with pytest.raises(ValueError, match="PostgreSQL"):
        db.of("east")
