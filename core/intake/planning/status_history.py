"""Dated states of people: a state is a row only where it changes the one in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.intake.planning.statements import FieldChange, Operations, Statement
from core.intake.sheets.model import Entity

__all__ = ["settle"]

Spell = dict[str, Any]


def settle(
    entity: Entity, stored: Iterable[Mapping[str, Any]], statements: Iterable[Statement], operations: Operations
) -> None:
    """Put the statements about one person into the row of spells. Repetitions are dropped, stored ones as well."""
    since = entity.key[1]
    spells: list[Spell] = sorted((dict(row) for row in stored), key=lambda row: row[since])
    for statement in sorted(statements, key=lambda s: s.sets[since]):
        _settle_one(entity, spells, statement, operations)


def _settle_one(entity: Entity, spells: list[Spell], statement: Statement, operations: Operations) -> None:
    owner, since = entity.key
    line, state, day = statement.line, statement.sets["state"], statement.sets[since]
    earlier = [row for row in spells if row[since] <= day]
    if (entity.yields == "ever_known" and spells) or (entity.yields == "known_by_day" and earlier):
        return
    if earlier and earlier[-1]["state"] == state:
        line.ids[entity.name] = earlier[-1]["id"]
        return
    refs = tuple(entity.refs)
    if earlier and earlier[-1][since] == day:
        row = earlier[-1]
        operations.change(entity.table, row["id"], "state", row["state"], state, refs)
        line.changes.append(FieldChange(entity.name, "state", row["state"], state))
        row["state"] = state
    else:
        content = {owner: statement.sets[owner], since: day, "state": state}
        row = content | {"id": operations.new_id(entity.table, (statement.sets[owner], day))}
        operations.insert(entity.table, row["id"], content, refs)
        spells.insert(len(earlier), row)
        line.created |= entity.primary
    line.ids[entity.name] = row["id"]
    line.touched = True
    position = spells.index(row)
    if position + 1 < len(spells) and spells[position + 1]["state"] == state:
        operations.delete(entity.table, spells.pop(position + 1))
    if position and spells[position - 1]["state"] == state:
        operations.delete(entity.table, spells.pop(position))
