"""SELECTs of merges: rows that refer to people, numbers that people had, and what was merged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, or_, select

from core.people.merging.plan import MergePlan, RowReader, plan_merge
from core.people.merging.rules import Row
from core.store.frames import frame
from core.store.schema import Person, PersonAlias, PersonMerge

__all__ = [
    "former_hashes",
    "former_numbers",
    "images_after",
    "merges",
    "number_is_taken",
    "numbers_before",
    "people",
    "planned",
    "reader",
    "rows_by_id",
]

PORTION = 900  # keys of one statement


def people(connection: Connection, ids: Collection[int]) -> dict[int, Row]:
    """Whole rows of people by id."""
    return dict(rows_by_id(connection, Person.__table__, ids))  # type: ignore[arg-type]


def rows_by_id(connection: Connection, table: Table, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Whole rows of a table by id."""
    rows: dict[int, dict[str, Any]] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), PORTION):
        some = select(table).where(table.c.id.in_(ordered[start : start + PORTION]))
        rows |= {row["id"]: dict(row) for row in connection.execute(some).mappings()}
    return rows


def reader(connection: Connection) -> RowReader:
    """The reader of ``core.people.merging.plan`` on a store."""

    def read(table: Table, wanted: Mapping[str, Collection[int]]) -> Sequence[Row]:
        condition = or_(*(table.c[column].in_(sorted(ids)) for column, ids in wanted.items()))
        rows = connection.execute(select(table).where(condition).order_by(table.c.id)).mappings()
        return [dict(row) for row in rows]

    return read


def planned(connection: Connection, keep: int, others: Sequence[int]) -> MergePlan:
    """Which rows would change if ``others`` became ``keep``."""
    return plan_merge(keep, others, reader(connection))


def former_numbers(connection: Connection) -> dict[int, int]:
    """Number of a record before a merge → the person that it is now."""
    t = PersonAlias
    rows = connection.execute(select(t.old_id, t.person_id).order_by(t.id))
    return {old: person for old, person in rows if old != person}


def numbers_before(connection: Connection, person_id: int) -> list[int]:
    """Numbers of the records that became this person's."""
    t = PersonAlias
    return list(connection.scalars(select(t.old_id).where(t.person_id == person_id, t.old_id != person_id)))


def former_hashes(connection: Connection) -> dict[str, int]:
    """Hash of an ID number that went with a merged record → the person that it is now."""
    t = PersonAlias
    rows = connection.execute(select(t.id_hash, t.person_id).where(t.id_hash.is_not(None)).order_by(t.id))
    return {hashed: person for hashed, person in rows if hashed is not None}


def number_is_taken(connection: Connection, id_hash: str) -> int | None:
    """The person who has, or had before a merge, the ID number with this hash; None if nobody."""
    known = connection.scalar(select(Person.id).where(Person.id_hash == id_hash))
    if known is not None:
        return known
    return connection.scalar(select(PersonAlias.person_id).where(PersonAlias.id_hash == id_hash))


def merges(connection: Connection) -> pd.DataFrame:
    """Merges, newest first: id, person_id, others (numbers of the records that went), merged_on, author, reason, undone_by
    (None while in force)."""
    t = PersonMerge
    columns = (t.id, t.person_id, t.others, t.merged_on, t.author, t.reason, t.undone_by)
    return frame(connection, select(*columns).order_by(t.id.desc()))


def images_after(connection: Connection, merge_id: int) -> list[tuple[int, Mapping[str, Any]]]:
    """(id, images) of the merges after one that are still in force, newest first."""
    t = PersonMerge
    later = select(t.id, t.images).where(t.id > merge_id, t.undone_at.is_(None)).order_by(t.id.desc())
    return [(key, images) for key, images in connection.execute(later) if images is not None]
