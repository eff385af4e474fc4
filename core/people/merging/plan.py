"""Which rows change when several records of one person become one: every row that refers to them, found from the schema.

    plan = plan_merge(17, [23], read)      # read: see RowReader

A row that refers to a record that goes refers to the one that stays instead. Where that would be a second row of something
that one person has only once, the two become one by the table's rule (``rules``), and rows below the one that goes move on
in the same way. Nothing here names a table: a new one that refers to people is found by its foreign key.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, UniqueConstraint

from core.people.merging.rules import FILL_GAPS, NUMBERED, RULES, Row
from core.store.schema import Base, Person

__all__ = ["Edit", "MergePlan", "RowReader", "plan_merge", "references"]

RowReader = Callable[[Table, Mapping[str, Collection[int]]], Sequence[Row]]
"""(table, column → ids) → the table's rows in which one of the columns holds one of its ids, by id."""
UNCOUNTED = frozenset({"id", "version"})


@dataclass(frozen=True)
class Edit:
    """New values of a stored row, with the stored ones of the same columns."""

    table: str
    id: int
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass
class MergePlan:
    """``removed``: (table, whole row), rows below others first; the records that go are not among them."""

    edits: list[Edit] = field(default_factory=list)
    removed: list[tuple[str, Row]] = field(default_factory=list)

    @property
    def moved(self) -> dict[str, int]:
        """Table → how many rows change."""
        counts: dict[str, int] = {}
        for edit in self.edits:
            counts[edit.table] = counts.get(edit.table, 0) + 1
        return counts

    @property
    def joined(self) -> dict[str, int]:
        """Table → how many rows become one with another."""
        counts: dict[str, int] = {}
        for table, _ in self.removed:
            counts[table] = counts.get(table, 0) + 1
        return counts


def references(table: Table, parents: Collection[str]) -> list[tuple[str, str]]:
    """(column, parent) of the table's references to ids of ``parents``."""
    return [
        (column.name, key.column.table.name)
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in parents and key.column.name == "id"
    ]


def plan_merge(keep: int, others: Sequence[int], read: RowReader) -> MergePlan:
    """What changes in every table but that of people when ``others`` become ``keep``."""
    replaced: dict[str, dict[int, int]] = {Person.__tablename__: dict.fromkeys(others, keep)}
    plan = MergePlan()
    for table in Base.metadata.sorted_tables:  # parents come before the rows below them
        own = references(table, replaced)
        if own and table.name not in replaced:
            _plan_table(table, own, replaced, read, plan)
    plan.removed.reverse()
    return plan


def _plan_table(
    table: Table,
    own: list[tuple[str, str]],
    replaced: dict[str, dict[int, int]],
    read: RowReader,
    plan: MergePlan,
) -> None:
    wanted = {column: {*replaced[parent], *replaced[parent].values()} for column, parent in own}
    rows = read(table, wanted)
    moves = {row["id"]: _moved(row, own, replaced) for row in rows}
    keys = _unique_keys(table)
    stays = sorted((row for row in rows if not moves[row["id"]]), key=lambda row: row["id"])
    comes = sorted((row for row in rows if moves[row["id"]]), key=lambda row: row["id"])
    now: dict[int, dict[str, Any]] = {row["id"]: dict(row) for row in stays}
    holders = {key: row["id"] for row in stays for key in _keys_of(row, keys)}
    gone: dict[int, int] = {}
    for row in comes:
        after = {**row, **moves[row["id"]]}
        if _is_about_itself(after, own):
            plan.removed.append((table.name, row))
            continue
        if table.name in NUMBERED:
            _number(after, NUMBERED[table.name], keys, holders, now)
        holder = next((holders[key] for key in _keys_of(after, keys) if key in holders), None)
        if holder is None:
            now[row["id"]] = after
            holders |= dict.fromkeys(_keys_of(after, keys), row["id"])
            continue
        rule = RULES.get(table.name, FILL_GAPS)
        fixed = {name for key in keys for name in key} | UNCOUNTED | {column for column, _ in own}
        joined = rule.combine(now[holder], after)
        now[holder] |= {name: value for name, value in joined.items() if name not in fixed}
        plan.removed.append((table.name, row))
        gone[row["id"]] = holder
    if gone:
        replaced[table.name] = gone
    stored = {row["id"]: row for row in rows}
    plan.edits += [edit for key, row in now.items() if (edit := _edit(table.name, stored[key], row)) is not None]


def _moved(row: Row, own: list[tuple[str, str]], replaced: Mapping[str, Mapping[int, int]]) -> dict[str, int]:
    return {column: replaced[parent][row[column]] for column, parent in own if row[column] in replaced[parent]}


def _is_about_itself(row: Row, own: list[tuple[str, str]]) -> bool:
    """Whether a row that relates two people would relate one to themself."""
    people = [row[column] for column, parent in own if parent == Person.__tablename__]
    return len(people) > 1 and len(set(people)) == 1


def _unique_keys(table: Table) -> list[tuple[str, ...]]:
    """Columns that must be unique together."""
    constraints = [tuple(c.name for c in u.columns) for u in table.constraints if isinstance(u, UniqueConstraint)]
    indexes = [tuple(c.name for c in index.columns) for index in table.indexes if index.unique]
    return sorted({*constraints, *indexes})


def _keys_of(row: Row, keys: list[tuple[str, ...]]) -> Iterator[tuple[Any, ...]]:
    for key in keys:
        values = tuple(row[name] for name in key)
        if None not in values:
            yield (key, *values)


def _number(
    row: dict[str, Any],
    column: str,
    keys: list[tuple[str, ...]],
    holders: Mapping[tuple[Any, ...], int],
    now: Mapping[int, Row],
) -> None:
    """Give ``row`` the next free number where its own is taken."""
    key = next(key for key in keys if column in key)
    if (key, *(row[name] for name in key)) in holders:
        beside = [other for other in now.values() if all(other[n] == row[n] for n in key if n != column)]
        row[column] = max(other[column] for other in beside) + 1


def _edit(table: str, stored: Row, row: Row) -> Edit | None:
    changed = [name for name in row if name not in UNCOUNTED and row[name] != stored[name]]
    if not changed:
        return None
    return Edit(table, stored["id"], {n: stored[n] for n in changed}, {n: row[n] for n in changed})
