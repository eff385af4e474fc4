"""Bring a store to the newest schema and fill in the vocabulary that the law and the trade give."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Executable, TextClause, event, func, insert, inspect, select, text, update

from core.store.database import Database, schema_of
from core.store.row_security import raise_policies
from core.store.schema import CITY_TABLES, Base, CityDistrict, Occupation, Parameter, PolicyRule, Revision, Skill
from core.terms import SkillDomain

__all__ = [
    "DamagedStore",
    "MigrationError",
    "NewerSchema",
    "drop_guards",
    "load_reference",
    "migrate",
    "raise_guards",
    "reference_rows",
]

HERE = Path(__file__).parent
REFERENCE = HERE / "reference"


class MigrationError(RuntimeError):
    """A migration would have changed row counts; nothing was kept."""


class DamagedStore(RuntimeError):
    """SQLite's own check rejects the file."""


class NewerSchema(RuntimeError):
    """The store was migrated by a newer version of the app, whose schema this one does not know."""


def migrate(db: Database) -> None:
    """Upgrade ``db`` to the newest schema in one transaction and load reference data that is missing.

    A city is upgraded first, then each of its districts in a transaction of its own. Foreign keys are off meanwhile on
    SQLite, where rebuilding a table would cascade into its children; the row counts of all tables are compared before and
    after, and any loss rolls everything back.
    """
    if db.is_sqlite:
        _migrate_sqlite(db)
    else:
        with db.engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(20240219)"))
            if db.district is None:
                _upgrade(connection)
            else:
                _upgrade_district(connection, db.district)
    with db.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection, connection.begin():
        load_reference(connection)
        districts = connection.scalars(select(CityDistrict.key).order_by(CityDistrict.id)).all()
    if db.district is None:
        for key in districts:
            migrate(db.of(key))


def _migrate_sqlite(db: Database) -> None:
    # Its own connection: the pragma must be set outside a transaction, and must not return to the pool.
    connection = db.engine.connect().execution_options(sqlite_begin="IMMEDIATE")
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.cursor().execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            outcome = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
            if outcome != "ok":
                raise DamagedStore(outcome)
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


def _upgrade_district(connection: Connection, district: str) -> None:
    """Upgrade the schema of a district, made if there is none, by the same steps as a store of one district.

    A step about a table of the city has been done in ``public``, where the search path would find it again: it is left out.
    """
    schema = schema_of(district)
    connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
    event.listen(connection, "before_execute", _leave_out_city, retval=True)
    try:
        _upgrade(connection, schema)
    finally:
        event.remove(connection, "before_execute", _leave_out_city)
    missing = Base.metadata.tables.keys() - CITY_TABLES - set(inspect(connection).get_table_names(schema=schema))
    if missing:  # reads would find the tables of the same names in public
        raise MigrationError(f"{schema} lacks {sorted(missing)}")


def _leave_out_city(
    _connection: Connection, statement: Executable, values: Any, parameters: Any, _options: Any
) -> tuple[Executable | TextClause, Any, Any]:
    """``statement``, or one that does nothing in place of DDL about a table that the city has once."""
    element = getattr(statement, "element", None)  # of DDL: a table, or an index, constraint or column of one
    name = getattr(statement, "table_name", None) or getattr(getattr(element, "table", element), "name", None)
    return (text("SELECT 1") if name in CITY_TABLES else statement), values, parameters


def _upgrade(connection: Connection, schema: str | None = None) -> None:
    stored = MigrationContext.configure(connection, opts={"version_table_schema": schema}).get_current_revision()
    known = _known_revisions()
    if stored is not None and stored not in known:
        raise NewerSchema(stored)
    if stored != known[0]:
        config = _config()
        config.attributes["connection"] = connection
        config.attributes["schema"] = schema
        command.upgrade(config, "head")
        if stored is not None:
            connection.execute(update(Revision).values(unlogged=Revision.unlogged + 1))  # it may have changed rows
    raise_guards(connection)
    raise_policies(connection)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations"))
    return config


@lru_cache(maxsize=1)
def _known_revisions() -> list[str]:
    """Every revision of the schema, newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def _counts(connection: Connection) -> dict[str, int]:
    names = [n for n in inspect(connection).get_table_names() if n != "alembic_version"]
    return {n: connection.execute(text(f'SELECT count(*) FROM "{n}"')).scalar_one() for n in names}


# Append-only for everyone who comes through the store.
GUARDED = ("audit_event", "weekly_snapshot", "weekly_export", "action_event")


def raise_guards(connection: Connection) -> None:
    """Refuse every UPDATE and DELETE of the guarded tables from now on."""
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


def drop_guards(connection: Connection) -> None:
    """Allow them until ``raise_guards``, inside a transaction: an error leaves the guards as they were."""
    for table in GUARDED:
        for verb in ("update", "delete"):
            suffix = "" if connection.dialect.name == "sqlite" else f" ON {table}"
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{suffix}"))


def load_reference(connection: Connection) -> None:
    """Vocabulary and legal parameters, where they are missing."""
    if connection.execute(select(func.count()).select_from(Revision)).scalar_one() == 0:
        connection.execute(insert(Revision), [{"id": 1, "value": 0, "changed_at": datetime.now(UTC)}])
    if connection.execute(select(func.count()).select_from(Skill)).scalar_one() == 0:
        connection.execute(insert(Occupation), _occupations())
        connection.execute(insert(Skill), _skills())
    known = set(connection.scalars(select(Parameter.key)))
    missing = [row for row in _parameters() if row["key"] not in known]  # a newer version may bring new ones
    if missing:
        connection.execute(insert(Parameter), missing)
    policies = set(connection.scalars(select(PolicyRule.code)))
    if new := [row for row in _policies() if row["code"] not in policies]:
        connection.execute(insert(PolicyRule), new)


def reference_rows(connection: Connection, table: str) -> dict[str, dict[str, Any]]:
    """Key → content of the rows of ``table`` that the app brings itself; none for tables of the bureau."""
    if table == Parameter.__tablename__:
        p = Parameter
        return _by_id(connection.execute(select(p.id, p.key, p.since)), "key", _parameters())
    if table == PolicyRule.__tablename__:
        r = PolicyRule
        return _by_id(connection.execute(select(r.id, r.code, r.since)), "code", _policies())
    known = {Occupation.__tablename__: _occupations, Skill.__tablename__: _skills}
    return {str(row["code"]): row for row in known[table]()} if table in known else {}


def _by_id(stored: Iterable[Any], name: str, rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Id in the store → content, of dated rows that are told apart by ``name`` and first day; ``stored``: id, name, day."""
    ids = {(key, since): str(row_id) for row_id, key, since in stored}
    by_id = {ids.get((row[name], row["since"])): row for row in rows}
    return {row_id: row for row_id, row in by_id.items() if row_id is not None}


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


def _policies() -> list[dict[str, Any]]:
    """Policies that the app brings as examples, each to be compared with the regulation by the bureau."""
    rows = json.loads((REFERENCE / "policies.json").read_text(encoding="utf-8"))
    return [row | {"since": date.fromisoformat(row["since"])} for row in rows]
