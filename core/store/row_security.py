"""Row-level security of PostgreSQL: the second line of defence behind the checks of commands.

A transaction writes rows about the people of the communities that it has named, ``write_about(connection, {3, 7})``, and
none at all before. Reading stays open: pages share what they read, and commands count seats that others hold. SQLite has
nothing of the kind; there the checks of commands stand alone.

Which tables are about people, and through which columns, is found from the foreign keys.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from itertools import pairwise

from sqlalchemy import Column, ColumnElement, Connection, Table, select, text
from sqlalchemy.exc import DBAPIError

from core.store.schema import Base, Person

__all__ = [
    "drop_policies",
    "is_bypassed",
    "is_refusal",
    "person_of",
    "raise_policies",
    "tables_about_people",
    "write_about",
]

SETTING = "app.communities"
EVERYBODY = "*"
NAMED = f"string_to_array(current_setting('{SETTING}', true), ',')"  # NULL or empty: nobody
READ, WRITE, MOVE = "read_all", "write_own", "move_away"
PERSON = Person.__tablename__
INSUFFICIENT_PRIVILEGE = "42501"

Way = tuple[Column[int], ...]
"""From a table to a person: the columns that name the row above, the last of them the person."""


def write_about(connection: Connection, communities: Collection[int] | None) -> None:
    """Let the transaction write about the people of ``communities`` from now on; None: about everybody, as the system."""
    if connection.dialect.name == "postgresql":
        named = EVERYBODY if communities is None else ",".join(map(str, sorted(communities)))
        connection.execute(text(f"SELECT set_config('{SETTING}', :named, true)"), {"named": named})


@cache
def way_to_person(table: Table) -> Way | None:
    """How a row of ``table`` names the person whom it is about; None where it is about nobody.

    Its own ``person_id``, or another reference to people; else the way of the row that it can't do without.
    """
    if table.name == PERSON:
        return (table.c.id,)
    keys = sorted(table.foreign_keys, key=lambda key: (key.parent.name != "person_id", key.parent.name))
    for key in keys:
        if key.column.table.name == PERSON:
            return (key.parent,)
    for key in keys:
        above = None if key.parent.nullable or key.column.table is table else way_to_person(key.column.table)
        if above is not None:
            return (key.parent, *above)
    return None


def tables_about_people() -> list[Table]:
    """The tables whose rows are each about a person."""
    return [table for table in Base.metadata.sorted_tables if way_to_person(table) is not None]


def person_of(table: Table) -> ColumnElement[int] | None:
    """The id of the person whom a row of ``table`` is about, as a column or a query; None where it is about nobody."""
    way = way_to_person(table)
    if way is None or len(way) == 1:
        return None if way is None else way[0]
    steps = [above.table.c.id == column for column, above in pairwise(way)]
    return select(way[-1]).where(*steps).correlate(table).scalar_subquery()


def raise_policies(connection: Connection) -> None:
    """Refuse writes about people who were not named, in every table about people that has no policies yet.

    For the owner of the tables too, whom PostgreSQL exempts unless it is forced; superusers are never asked.
    """
    if connection.dialect.name != "postgresql":
        return
    guarded = _guarded(connection)
    for table in tables_about_people():
        if table.name in guarded:
            continue
        name, own = table.name, _is_own(table)
        statements = [
            f"CREATE POLICY {READ} ON {name} FOR SELECT USING (true)",
            f"CREATE POLICY {WRITE} ON {name} USING ({own})",
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        ]
        if name == PERSON:  # who may write about somebody may write down where they live now
            statements.append(f"CREATE POLICY {MOVE} ON {name} FOR UPDATE USING ({own}) WITH CHECK (true)")
        for statement in statements:
            connection.execute(text(statement))


def drop_policies(connection: Connection) -> None:
    """Allow every write until ``raise_policies``, inside a transaction: an error leaves the policies as they were."""
    if connection.dialect.name != "postgresql":
        return
    for name in sorted(_guarded(connection)):
        for policy in (READ, WRITE, MOVE):
            connection.execute(text(f"DROP POLICY IF EXISTS {policy} ON {name}"))
        connection.execute(text(f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY"))


def is_bypassed(connection: Connection) -> bool:
    """Whether PostgreSQL asks no policy of the role that is connected: a superuser, or one with BYPASSRLS."""
    if connection.dialect.name != "postgresql":
        return False
    exempt = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    return bool(connection.scalar(text(exempt)))


def is_refusal(error: DBAPIError) -> bool:
    """Whether PostgreSQL refused to store a row about somebody who was not named."""
    return getattr(error.orig, "sqlstate", None) == INSUFFICIENT_PRIVILEGE


def _guarded(connection: Connection) -> set[str]:
    """Names of the tables of the current schema that have the policies."""
    own = "SELECT tablename FROM pg_policies WHERE schemaname = current_schema() AND policyname = :policy"
    return set(connection.scalars(text(own), {"policy": WRITE}))


def _is_own(table: Table) -> str:
    """The condition under which a row is about somebody of the named communities."""
    way = way_to_person(table)
    assert way is not None
    of_person = f"{PERSON}.community_id::text = ANY ({NAMED})"
    if table.name != PERSON:
        steps = [*way, Person.__table__.c.id]
        joined = [f"{b.table.name}.id = {a.table.name}.{a.name}" for a, b in pairwise(steps)]
        above = ", ".join(column.table.name for column in steps[1:])
        of_person = f"EXISTS (SELECT 1 FROM {above} WHERE {' AND '.join([*joined, of_person])})"
    return f"'{EVERYBODY}' = ANY ({NAMED}) OR {of_person}"
