"""The rows of a district as they are: copied from store to store on either engine, and compared by a digest.

Tables that a city has once (accounts, sessions, the list of districts) are not the district's; where one of its rows
names an account, the digest has the account's sign-in name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, Table, select, text

from core.store.backup import Content
from core.store.bulk import insert_rows
from core.store.row_security import drop_policies, raise_policies
from core.store.schema import CITY_TABLES, Account, AccountCommunity, Base

__all__ = ["content", "copy", "district_tables"]

PORTION = 2_000  # rows in one statement


def district_tables() -> list[Table]:
    """The tables of a district, each after those that it refers to."""
    return [table for table in Base.metadata.sorted_tables if table.name not in CITY_TABLES]


def copy(source: Connection, target: Connection, accounts: Mapping[int, int]) -> None:
    """Put the rows of a district into the tables of a migrated, empty one, under their ids; both may be either engine.

    ``accounts``: id there → id here. On PostgreSQL the sequences go on behind the highest id.
    """
    tables = district_tables()
    drop_policies(target)  # PostgreSQL refuses COPY under them
    for table in reversed(tables):
        target.execute(table.delete())  # the reference data of the migration
    for table in tables:
        names = sorted(table.c.keys())
        rows = source.execute(_ordered(table), execution_options={"yield_per": PORTION})
        for portion in rows.partitions(PORTION):
            values: list[tuple[Any, ...]] = [tuple(row) for row in portion]
            if table.name == AccountCommunity.__tablename__:
                here = names.index("account_id")
                values = [(*row[:here], accounts[row[here]], *row[here + 1 :]) for row in values]
            insert_rows(target, table, names, values)
        if target.dialect.name != "sqlite" and table.autoincrement_column is not None:
            name = table.autoincrement_column.name
            target.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', '{name}'), max({name})) "
                    f"FROM {table.name} HAVING max({name}) IS NOT NULL"
                )
            )
    raise_policies(target)


def content(connection: Connection) -> Content:
    """What the district of ``connection`` holds."""
    digest, rows = hashlib.sha256(), {}
    for table in district_tables():
        rows[table.name] = 0
        digest.update(f"\x1e{table.name}".encode())
        statement = _with_sign_in_names() if table.name == AccountCommunity.__tablename__ else _ordered(table)
        for row in connection.execute(statement, execution_options={"yield_per": PORTION}):
            rows[table.name] += 1
            digest.update(repr(tuple(row)).encode())
    return Content(rows, digest.hexdigest())


def _ordered(table: Table) -> Select[*tuple[object, ...]]:
    return select(*(table.c[name] for name in sorted(table.c.keys()))).order_by(*table.primary_key.columns)


def _with_sign_in_names() -> Select[*tuple[object, ...]]:
    t = AccountCommunity
    named = select(t.id, Account.sign_in_name, t.community_id).join(Account, Account.id == t.account_id)
    return named.order_by(t.id)
