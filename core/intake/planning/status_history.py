"""Dated states and values: one is stored only where it differs from what is in force on its day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.intake.planning.parsed_rows import CLEARED
from core.intake.planning.statements import Operations, Statement
from core.intake.sheets.model import Entity

__all__ = ["merge_spells", "merge_values"]

Spell = dict[str, Any]


def merge_spells(
    entity: Entity, stored: Iterable[Mapping[str, Any]], statements: Iterable[Statement], operations: Operations
) -> None:
    """Add the statements about one person to the stored spells; a spell that repeats the one before it is deleted."""
    since = entity.key[1]
    spells: list[Spell] = sorted((dict(row) for row in stored), key=lambda row: row[since])
    for statement in sorted(statements, key=lambda s: s.sets[since]):
        _merge_spell(entity, spells, statement, operations)


def _merge_spell(entity: Entity, spells: list[Spell], statement: Statement, operations: Operations) -> None:
    owner, since = entity.key
    source, state, day = statement.source, statement.sets["state"], statement.sets[since]
    earlier = [row for row in spells if row[since] <= day]
    if (entity.yields == "ever_known" and spells) or (entity.yields == "known_by_day" and earlier):
        return
    if earlier and earlier[-1]["state"] == state:
        source.ids[entity.name] = earlier[-1]["id"]
        return
    refs = tuple(entity.refs)
    if earlier and earlier[-1][since] == day:
        row = earlier[-1]
        operations.change(entity.table, row["id"], "state", row["state"], state, refs, source)
        row["state"] = state
    else:
        content = {owner: statement.sets[owner], since: day, "state": state}
        row = content | {"id": operations.new_id(entity.table, (statement.sets[owner], day))}
        operations.insert(entity.table, row["id"], content, refs, source)
        spells.insert(len(earlier), row)
        source.is_new |= entity.primary
    source.ids[entity.name] = row["id"]
    source.is_changed = True
    position = spells.index(row)
    if position + 1 < len(spells) and spells[position + 1]["state"] == state:
        operations.delete(entity.table, spells.pop(position + 1), source)
    if position and spells[position - 1]["state"] == state:
        operations.delete(entity.table, spells.pop(position), source)


def merge_values(
    entity: Entity,
    stored: Iterable[Mapping[str, Any]],
    statements: Iterable[tuple[Statement, Any]],
    operations: Operations,
) -> None:
    """Add statements about one thing to its stored dated values, where they differ from those in force on their day.

    With each statement comes the day from which its values are valid if none are in force yet.
    """
    since = entity.key[-1]
    rows: list[dict[str, Any]] = [dict(row) for row in stored]
    for statement, first_day in sorted(statements, key=lambda pair: pair[0].sets[since]):
        source, day = statement.source, statement.sets[since]
        values = {n: v for n, v in statement.sets.items() if n not in entity.key and v is not CLEARED}
        in_force = max((row for row in rows if row[since] <= day), key=lambda row: row[since], default=None)
        changed = {n: v for n, v in values.items() if in_force is None or in_force[n] != v}
        if not changed:
            continue
        source.is_changed = True
        if in_force is not None and in_force[since] == day:
            for name, value in changed.items():
                operations.change(entity.table, in_force["id"], name, in_force[name], value, tuple(entity.refs), source)
            in_force.update(changed)
            continue
        row = {name: statement.sets.get(name) for name in entity.key} | values
        row[since] = first_day if in_force is None else day
        key = tuple(row[name] for name in entity.key)
        row_id = operations.new_id(entity.table, key)
        operations.insert(entity.table, row_id, row, tuple(entity.refs), source)
        rows.append(row | {"id": row_id})
