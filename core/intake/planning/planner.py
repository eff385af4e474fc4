"""What the lines of a file mean for the store: per entity, statements are gathered by natural key, merged within the
file, and only then compared with the stored rows. So the same file read twice changes nothing the second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from core.intake.findings import Decision, Finding, Level
from core.intake.planning.derivations import DERIVATIONS, Context
from core.intake.planning.parsed_rows import CLEARED, Line
from core.intake.planning.persons import Persons, clues_of
from core.intake.planning.statements import FieldChange, Merged, Operations, Statement, Store
from core.intake.planning.status_history import settle
from core.intake.sheets.model import Entity, Merge, Sheet
from core.store.schema import Person

__all__ = ["Merger"]


class Merger:
    """Works through the entities of a sheet in order; collects operations and findings."""

    def __init__(
        self,
        sheet: Sheet,
        lines: Sequence[Line],
        store: Store,
        context: Context,
        headers: Mapping[str, str],
        secret: bytes,
    ) -> None:
        self.sheet, self.store, self.context, self.headers, self.secret = sheet, store, context, headers, secret
        day = sheet.order_by
        self.lines = lines if day is None else sorted(lines, key=lambda line: _day(line.values.get(day)))
        self.operations = Operations()
        self.findings: list[Finding] = []

    def run(self, decide: Mapping[int, Decision], otherwise: Decision | None) -> None:
        """Resolve every entity. ``decide``: decisions by row number, ``otherwise`` for the rest."""
        for entity in self.sheet.entities:
            if entity.table is Person:
                self._persons(entity, decide, otherwise)
            if entity.merge is Merge.SPELL:
                self._spells(entity)
            else:
                self._rows(entity)

    # -- statements ---------------------------------------------------------------------------------

    def _statements(self, entity: Entity) -> Iterator[tuple[tuple[Any, ...], Statement]]:
        """(key, statement) of every usable line that speaks of the entity."""
        targets = [
            (column.code, target.field, target.fill)
            for column in self.sheet.columns
            if column.code in self.headers
            for target in column.targets
            if target.entity == entity.name
        ]
        for line in self.lines:
            if not line.usable:
                continue
            if entity.only_if is not None and line.values.get(entity.only_if[0]) != entity.only_if[1]:
                continue
            for sets, fills in self._contents(entity, line, targets):
                key = self._key(entity, line, sets)
                if key is not None:
                    yield key, Statement(line, sets, fills)

    def _contents(
        self, entity: Entity, line: Line, targets: Sequence[tuple[str, str, bool]]
    ) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        sets: dict[str, Any] = {}
        fills: dict[str, Any] = {}
        for code, name, fill in targets:
            value = line.values.get(code)
            if value is None:
                continue
            if name == "*":
                given = {field: CLEARED if v is None else v for field, v in self._many(code, value).items()}
                (fills if fill and value is not CLEARED else sets).update(given)
            else:
                (fills if fill and value is not CLEARED else sets)[name] = value
        for name, ref in entity.refs.items():
            if ref in line.ids:
                sets[name] = line.ids[ref]
        sets.update(entity.fixed)
        self._derive(entity, line, sets, fills)
        if entity.table is Person and "number" in sets:
            card = clues_of(line, self.secret)
            sets["id_hash"] = card.number
            del sets["number"]
        if entity.each is None:
            yield sets, fills
            return
        listed = line.values.get(entity.each)
        if listed is CLEARED:
            self._clear(entity, sets)
        elif listed is not None:
            for element in listed:
                yield sets | ({entity.item: element} if entity.item else dict(element)), fills

    def _derive(self, entity: Entity, line: Line, sets: dict[str, Any], fills: dict[str, Any]) -> None:
        """Add what follows from the row; a value that is given wins, unless the derivation is marked with "!"."""
        if not entity.derived:
            return
        told = {code: value for code, value in line.values.items() if value is not CLEARED}
        for name, marked in entity.derived.items():
            if name in sets and (sets[name] is CLEARED or not marked.endswith("!")):
                continue
            value = DERIVATIONS[marked.rstrip("?!")](told, self.context)
            if value is not None:
                (fills if marked.endswith("?") else sets)[name] = value

    def _many(self, code: str, value: Any) -> Mapping[str, Any]:
        if value is CLEARED:
            return dict.fromkeys(self.sheet.parsers[code].fields)
        return value  # type: ignore[no-any-return]

    def _key(self, entity: Entity, line: Line, sets: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The natural key, or None if the line is silent about this entity."""
        if entity.table is Person:
            return (line.ids[entity.name],) if entity.name in line.ids else None
        columns = entity.table.__table__.c
        key = tuple(sets.get(name) for name in entity.key)
        if any(value is None and not columns[name].nullable for name, value in zip(entity.key, key, strict=True)):
            return None
        silent = {*entity.key, *entity.refs, *entity.fixed, *entity.derived, entity.dated}
        if entity.content and not any(name not in silent for name in sets):
            return None
        return key

    # -- people ---------------------------------------------------------------------------------------

    def _persons(self, entity: Entity, decide: Mapping[int, Decision], otherwise: Decision | None) -> None:
        """Find the person of every line; lines with a full number first, so that others may fit them."""
        usable = [line for line in self.lines if line.usable]
        clues = {line.number: clues_of(line, self.secret) for line in usable}
        fields = ("id_hash", "id_last4", "name", "phone", "phone_2")
        stored: dict[int, Mapping[str, Any]] = {}
        for by, wanted in (
            ("id_hash", {c.number for c in clues.values() if c.number}),
            ("name", {c.name for c in clues.values()}),
        ):
            for row in self.store.load(Person, fields, by, wanted):
                stored[row["id"]] = row
        persons = Persons(stored.values(), lambda key: self.operations.new_id(Person, key))
        for line in sorted(usable, key=lambda line: clues[line.number].number is None):
            decision = decide.get(line.number, otherwise)
            found, said = persons.identify(line, clues[line.number], decision, create=entity.create)
            self.findings += said
            if found is None:
                line.failed = True
            else:
                line.ids[entity.name] = found

    # -- rows -------------------------------------------------------------------------------------------

    def _rows(self, entity: Entity) -> None:
        found: dict[tuple[Any, ...], Merged] = {}
        first: dict[tuple[Any, ...], Line] = {}
        for key, statement in self._statements(entity):
            if entity.primary and self._is_repetition(first, key, statement.line):
                continue
            found.setdefault(key, Merged()).add(statement)
        stored = self._stored(entity, found)
        self._refuse_taken(entity, found, stored)
        for key, merged in found.items():
            row = stored.get(key)
            if row is None and (known := self.operations.fresh.get((entity.table, *key))) is not None:
                self._amend(entity, known, merged)
            elif row is not None:
                self._update(entity, row, merged)
            elif entity.create:
                self._insert(entity, key, merged)
            else:
                self._missing(entity, merged)

    def _is_repetition(self, first: dict[tuple[Any, ...], Line], key: tuple[Any, ...], line: Line) -> bool:
        """A second line about the same entry: the same is counted once, a contradiction is an error."""
        earlier = first.setdefault(key, line)
        if earlier is line:
            return False
        differing = [
            self.headers[code]
            for code in self.headers
            if code in self.sheet.parsers and earlier.values.get(code) != line.values.get(code)
        ]
        if differing:
            line.failed = True
            values = {"first": earlier.number, "headers": "、".join(differing)}
            self.findings.append(Finding("contradiction", Level.ERROR, line.number, differing[0], values=values))
        else:
            line.duplicate_of = earlier.number
            self.findings.append(Finding("duplicate", Level.WARNING, line.number, values={"first": earlier.number}))
        return True

    def _stored(self, entity: Entity, found: Mapping[tuple[Any, ...], Merged]) -> dict[tuple[Any, ...], Any]:
        """Stored rows by key, with every field that the file speaks of."""
        names = {name for merged in found.values() for name in (*merged.sets, *merged.fills)}
        if entity.table is Person:
            ids = {key[0] for key in found if key[0] > 0}
            return {(row["id"],): row for row in self.store.load(Person, names, "id", ids)}
        by = entity.key[0]
        wanted = {key[0] for key in found if not (by in entity.refs and key[0] < 0)}
        rows = self.store.load(entity.table, names | set(entity.key), by, wanted)
        return {tuple(row[name] for name in entity.key): row for row in rows}

    def _refuse_taken(
        self, entity: Entity, found: Mapping[tuple[Any, ...], Merged], stored: Mapping[tuple[Any, ...], Any]
    ) -> None:
        """Complain where a value that must be unique (a credit code) belongs to another row already."""
        if entity.table is Person or not entity.update:
            return
        for column in entity.table.__table__.columns:
            if not column.unique or column.key in entity.key:
                continue
            said = {merged.sets[column.key][0]: key for key, merged in found.items() if column.key in merged.sets}
            for row in self.store.load(entity.table, {column.key}, column.key, [v for v in said if v is not CLEARED]):
                key = said[row[column.key]]
                if key not in stored or stored[key]["id"] != row["id"]:
                    self._refuse(entity, column.key, *found[key].sets[column.key])
            for key, merged in found.items():
                value, line = merged.sets.get(column.key, (CLEARED, None))
                if line is not None and value is not CLEARED and said[value] != key:
                    self._refuse(entity, column.key, value, line)

    def _refuse(self, entity: Entity, name: str, value: Any, line: Line) -> None:
        header = next((self.headers.get(c.code, c.header) for c in self.sheet.columns_for(entity.name, name)), None)
        line.failed = True
        self.findings.append(Finding("taken", Level.ERROR, line.number, header, str(value), {"value": value}))

    def _insert(self, entity: Entity, key: tuple[Any, ...], merged: Merged) -> None:
        operations = self.operations
        row_id = key[0] if entity.table is Person else operations.new_id(entity.table, key)
        after = dict(entity.defaults)
        for source in (merged.fills, merged.sets):
            after.update({name: value for name, (value, _) in source.items() if value is not CLEARED})
        self._complete(entity, after, merged.lines[0])
        operations.insert(entity.table, row_id, after, tuple(entity.refs))
        operations.fresh[(entity.table, *key)] = row_id
        merged.lines[0].created |= entity.primary
        for line in merged.lines:
            line.ids[entity.name] = row_id
            line.touched = True

    def _complete(self, entity: Entity, after: Mapping[str, Any], line: Line) -> None:
        """Complain about required columns of the table that nothing fills."""
        for column in entity.table.__table__.columns:
            given = after.get(column.key) is not None
            if given or column.nullable or column.primary_key or column.default is not None or column.server_default:
                continue
            headers = [self.headers.get(c.code, c.header) for c in self.sheet.columns_for(entity.name, column.key)]
            if headers and not line.failed:
                line.failed = True
                values = {"header": headers[0]}
                self.findings.append(Finding("needed_for_new", Level.ERROR, line.number, headers[0], values=values))

    def _amend(self, entity: Entity, row_id: int, merged: Merged) -> None:
        """More about a row that this import makes."""
        for name, (value, _) in merged.sets.items():
            if value is not CLEARED:
                self.operations.change(entity.table, row_id, name, None, value, tuple(entity.refs))
        for line in merged.lines:
            line.ids[entity.name] = row_id
            line.touched = True

    def _update(self, entity: Entity, row: Mapping[str, Any], merged: Merged) -> None:
        for line in merged.lines:
            line.ids[entity.name] = row["id"]
        if not entity.update:
            return
        changes = {name: pair for name, pair in self._differences(entity, row, merged).items() if row[name] != pair[0]}
        for name, (value, line) in changes.items():
            self.operations.change(entity.table, row["id"], name, row[name], value, tuple(entity.refs))
            line.touched = True
            line.changes.append(FieldChange(entity.name, name, row[name], value))

    def _differences(self, entity: Entity, row: Mapping[str, Any], merged: Merged) -> dict[str, tuple[Any, Line]]:
        """Field → (value, line) that should stand in the stored row, by the entity's way of merging."""
        if entity.merge is Merge.RAISE:
            return _raised(row, merged)
        if entity.dated is not None:
            stated = merged.sets[entity.dated]
            if row[entity.dated] is not None and stated[0] < row[entity.dated]:
                values = {"day": row[entity.dated].isoformat()}
                self.findings.append(Finding("older_statement", Level.NOTE, stated[1].number, values=values))
                return {}
        found = {name: pair for name, pair in merged.fills.items() if row[name] is None}
        for name, (value, line) in merged.sets.items():
            if row[name] not in entity.yields_to.get(name, ()):
                found[name] = (None if value is CLEARED else value, line)
        return found

    def _clear(self, entity: Entity, sets: Mapping[str, Any]) -> None:
        """清空 in a list column: the stored elements go."""
        parent = entity.key[0]
        if (owner := sets.get(parent)) is None or owner < 0:
            return
        fields = [column.key for column in entity.table.__table__.columns if column.key != "id"]
        for row in list(self.store.load(entity.table, fields, parent, [owner])):
            self.operations.delete(entity.table, row)

    def _missing(self, entity: Entity, merged: Merged) -> None:
        headers = [
            self.headers.get(column.code, column.header)
            for name in entity.key
            for column in self.sheet.columns_for(entity.name, name)
        ]
        for line in merged.lines:
            line.failed = True
            values = {"headers": "、".join(headers)}
            column = headers[0] if headers else None
            self.findings.append(Finding("unknown_reference", Level.ERROR, line.number, column, values=values))

    # -- dated states -------------------------------------------------------------------------------------

    def _spells(self, entity: Entity) -> None:
        owner, since = entity.key
        first: dict[tuple[Any, ...], Line] = {}
        said: dict[int, list[Statement]] = defaultdict(list)
        for key, statement in self._statements(entity):
            stated = "state" in statement.sets
            if stated and not (entity.primary and self._is_repetition(first, key, statement.line)):
                said[key[0]].append(statement)
        stored: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        for row in self.store.load(entity.table, {owner, since, "state"}, owner, [i for i in said if i > 0]):
            stored[row[owner]].append(row)
        for person, statements in said.items():
            settle(entity, stored[person], statements, self.operations)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.min


def _raised(row: Mapping[str, Any], merged: Merged) -> dict[str, tuple[Any, Line]]:
    """A skill as stored and as stated: evidence that is weaker changes nothing, levels only rise."""
    evidence, line = merged.sets.get("evidence", (row["evidence"], merged.lines[0]))
    if evidence.order < row["evidence"].order:
        return {}
    level = max(row["level"], merged.sets["level"][0])
    found: dict[str, tuple[Any, Line]] = {"evidence": (evidence, line), "level": (level, line)}
    if "acquired_on" in merged.sets and (evidence is not row["evidence"] or row["acquired_on"] is None):
        found["acquired_on"] = merged.sets["acquired_on"]
    return found
