"""Bring a store to the newest schema and fill in the vocabulary that the law and the trade give."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, delete, func, insert, inspect, select, text, update

from core.store.database import Database
from core.store.schema import (
    Account,
    AccountCommunity,
    Base,
    Occupation,
    OneTimeLink,
    Parameter,
    Revision,
    Setting,
    SignInSession,
    Skill,
)
from core.terms import SkillDomain

__all__ = ["MigrationError", "empty", "migrate"]

HERE = Path(__file__).parent
REFERENCE = HERE / "reference"


class MigrationError(RuntimeError):
    """A migration would have changed row counts; nothing was kept."""


def migrate(db: Database) -> None:
    """Upgrade ``db`` to the newest schema in one transaction and load reference data that is missing.

    Foreign keys are off meanwhile on SQLite, where rebuilding a table would cascade into its children; the row
    counts of all tables are compared before and after, and any loss rolls everything back.
    """
    if db.is_sqlite:
        _migrate_sqlite(db)
    else:
        with db.engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(20240219)"))
            _upgrade(connection)
    with db.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection, connection.begin():
        _load_reference(connection)


def empty(db: Database) -> None:
    """Throw away everything in the store but the accounts of real people. Cannot be undone.

    Accounts of the demonstration go with it, and it stays closed: the store remembers that it has been emptied.
    """
    with db.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection, connection.begin():
        _drop_guards(connection)
        revision = connection.execute(select(Revision.value)).scalar_one()
        _remove_demonstration_accounts(connection)
        connection.execute(update(Account).values(staff_id=None))
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in KEPT:
                connection.execute(table.delete())
        _load_reference(connection)
        connection.execute(insert(Setting), [{"key": "demo", "value": "0"}])
        connection.execute(update(Revision).values(value=revision + 1))
        _raise_guards(connection)


def _remove_demonstration_accounts(connection: Connection) -> None:
    accounts = select(Account.id).where(Account.is_demonstration)
    for table in (SignInSession, OneTimeLink, AccountCommunity):
        connection.execute(delete(table).where(table.account_id.in_(accounts)))
    connection.execute(delete(Account).where(Account.is_demonstration))


def _migrate_sqlite(db: Database) -> None:
    # Its own connection: the pragma must be set outside a transaction, and must not return to the pool.
    connection = db.engine.connect().execution_options(sqlite_begin="IMMEDIATE")
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.cursor().execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            before = _counts(connection)
            _upgrade(connection)
            after = _counts(connection)
            lost = {name: (n, after[name]) for name, n in before.items() if name in after and after[name] != n}
            if lost:
                raise MigrationError(f"row counts changed: {lost}")
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise MigrationError(f"broken references: {broken[:5]}")
    finally:
        connection.invalidate()
        connection.close()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    _raise_guards(connection)


def _counts(connection: Connection) -> dict[str, int]:
    names = [n for n in inspect(connection).get_table_names() if n != "alembic_version"]
    return {n: connection.execute(text(f'SELECT count(*) FROM "{n}"')).scalar_one() for n in names}


# Who may sign in outlives the data.
KEPT = {table.__tablename__ for table in (Account, SignInSession, OneTimeLink)}
# Append-only for everyone who comes through the store.
GUARDED = ("audit_event", "weekly_snapshot", "weekly_export", "action_event")


def _raise_guards(connection: Connection) -> None:
    for table in GUARDED:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            if connection.dialect.name == "sqlite":
                connection.execute(
                    text(
                        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table} "
                        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                    )
                )
            else:
                connection.execute(
                    text(
                        "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
                        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
                    )
                )
                connection.execute(
                    text(
                        f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb} ON {table} "
                        "FOR EACH ROW EXECUTE FUNCTION append_only()"
                    )
                )


def _drop_guards(connection: Connection) -> None:
    for table in GUARDED:
        for verb in ("update", "delete"):
            suffix = "" if connection.dialect.name == "sqlite" else f" ON {table}"
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{suffix}"))


def _load_reference(connection: Connection) -> None:
    if connection.execute(select(func.count()).select_from(Revision)).scalar_one() == 0:
        connection.execute(insert(Revision), [{"id": 1, "value": 0, "changed_at": datetime.now(UTC)}])
    if connection.execute(select(func.count()).select_from(Skill)).scalar_one() == 0:
        connection.execute(insert(Occupation), _occupations())
        connection.execute(insert(Skill), _skills())
    known = set(connection.scalars(select(Parameter.key)))
    missing = [row for row in _parameters() if row["key"] not in known]  # a newer version may bring new ones
    if missing:
        connection.execute(insert(Parameter), missing)


def _read(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _occupations() -> list[dict[str, Any]]:
    return [
        {
            "code": row["csco2022"],
            "name_zh": row["name_zh"],
            "name_en": row["name_en"],
            "domain": SkillDomain.parse(row["domain"]),
        }
        for row in _read("occupations.csv")
    ]


def _skills() -> list[dict[str, Any]]:
    return [
        {
            "code": row["skill_id"],
            "name_zh": row["name_zh"],
            "name_en": row["name_en"],
            "domain": SkillDomain.parse(row["domain"]),
            "occupation": None if row["csco2022"] == "-" else row["csco2022"],
            "course_hours": int(row["course_hours"]),
        }
        for row in _read("skills.csv")
    ]


def _parameters() -> list[dict[str, Any]]:
    return [
        {
            "key": row["key"],
            "since": date.fromisoformat(row["since"]),
            "value": float(row["value"]),
            "unit": row["unit"],
            "source": row["source"] or None,
        }
        for row in _read("parameters.csv")
    ]
