"""Dated states of people: a state is stored only where it differs from the one in force on its day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.intake.planning.statements import FieldChange, Operations, Statement
from core.intake.sheets.model import Entity

__all__ = ["merge_spells"]

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
        operations.change(entity.table, row["id"], "state", row["state"], state, refs)
        source.changes.append(FieldChange(entity.name, "state", row["state"], state))
        row["state"] = state
    else:
        content = {owner: statement.sets[owner], since: day, "state": state}
        row = content | {"id": operations.new_id(entity.table, (statement.sets[owner], day))}
        operations.insert(entity.table, row["id"], content, refs)
        spells.insert(len(earlier), row)
        source.is_new |= entity.primary
    source.ids[entity.name] = row["id"]
    source.is_changed = True
    position = spells.index(row)
    if position + 1 < len(spells) and spells[position + 1]["state"] == state:
        operations.delete(entity.table, spells.pop(position + 1))
    if position and spells[position - 1]["state"] == state:
        operations.delete(entity.table, spells.pop(position))
