"""What the rows of a file mean for the store: per entity, statements are gathered by natural key, merged within the
file, and only then compared with the stored rows. So the same file read twice changes nothing the second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from core.intake.findings import Decision, Finding, Level
from core.intake.planning.derivations import DERIVATIONS, Context
from core.intake.planning.parsed_rows import CLEARED, ParsedRow
from core.intake.planning.persons import PersonIndex, person_keys
from core.intake.planning.statements import (
    FieldChange,
    MergedRow,
    Operations,
    RowDraft,
    RowOutcome,
    Statement,
    StoreReader,
)
from core.intake.planning.status_history import merge_spells, merge_values
from core.intake.sheets.model import Entity, Merge, SheetSpec
from core.people.identity import id_hash
from core.store.schema import Person

__all__ = ["ImportPlanner"]


class ImportPlanner:
    """Works through the entities of a sheet in order; collects operations and findings, and completes the drafts."""

    def __init__(
        self,
        sheet: SheetSpec,
        rows: Sequence[ParsedRow],
        store: StoreReader,
        context: Context,
        headers: Mapping[str, str],
        hmac_key: bytes,
    ) -> None:
        self.sheet, self.store, self.context, self.headers, self.hmac_key = sheet, store, context, headers, hmac_key
        self.drafts = [RowDraft.of(row) for row in rows]
        day = sheet.order_by
        self.in_order = self.drafts if day is None else sorted(self.drafts, key=lambda d: _day(d.values.get(day)))
        self.operations = Operations()
        self.findings: list[Finding] = []

    def run(self, decisions: Mapping[int, Decision], otherwise: Decision | None) -> list[RowOutcome]:
        """Plan every entity. ``decisions``: answers on who a row is about, by row number; ``otherwise`` for the rest.

        Returns the outcome of each row in the order of the file.
        """
        for entity in self.sheet.entities:
            if entity.table is Person:
                self._identify_people(entity, decisions, otherwise)
            if entity.merge is Merge.SPELL:
                self._plan_spells(entity)
            elif entity.merge is Merge.IN_FORCE:
                self._plan_in_force(entity)
            else:
                self._plan_rows(entity)
        return [draft.outcome() for draft in self.drafts]

    # -- statements ---------------------------------------------------------------------------------

    def _statements(self, entity: Entity) -> Iterator[tuple[tuple[Any, ...], Statement]]:
        """(key, statement) of every usable row that speaks of the entity."""
        targets = [
            (column.code, target.field, target.fill)
            for column in self.sheet.columns
            if column.code in self.headers
            for target in column.targets
            if target.entity == entity.name
        ]
        for draft in self.in_order:
            if not draft.is_usable:
                continue
            if entity.only_if is not None and draft.values.get(entity.only_if[0]) != entity.only_if[1]:
                continue
            for sets, fills in self._contents(entity, draft, targets):
                key = self._key(entity, draft, sets)
                if key is not None:
                    yield key, Statement(draft, sets, fills)

    def _contents(
        self, entity: Entity, draft: RowDraft, targets: Sequence[tuple[str, str, bool]]
    ) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """(values to set, values that fill gaps) of each record of the entity in a row; ``targets``: (column, field,
        fills a gap)."""
        sets: dict[str, Any] = {}
        fills: dict[str, Any] = {}
        for code, name, fill in targets:
            value = draft.values.get(code)
            if value is None:
                continue
            into = fills if fill and value is not CLEARED else sets
            if name != "*":
                into[name] = value
            elif value is CLEARED:
                into.update(dict.fromkeys(self.sheet.parsers[code].fields, CLEARED))
            else:
                into.update({field: CLEARED if part is None else part for field, part in value.items()})
        for name, ref in entity.refs.items():
            if ref in draft.ids:
                sets[name] = draft.ids[ref]
        sets.update(entity.fixed)
        self._derive(entity, draft, sets, fills)
        if entity.table is Person and "number" in sets:
            sets["id_hash"] = id_hash(self.hmac_key, sets.pop("number"))
        if entity.each is None:
            yield sets, fills
            return
        elements = draft.values.get(entity.each)
        if elements is CLEARED:
            self._delete_elements(entity, sets)
        elif elements is not None:
            for element in elements:
                yield sets | ({entity.item: element} if entity.item else dict(element)), fills

    def _derive(self, entity: Entity, draft: RowDraft, sets: dict[str, Any], fills: dict[str, Any]) -> None:
        """Add what follows from the row; a value that is given wins, unless the derivation is marked with "!"."""
        if not entity.derived:
            return
        values = {code: value for code, value in draft.values.items() if value is not CLEARED}
        for name, marked in entity.derived.items():
            if name in sets and (sets[name] is CLEARED or not marked.endswith("!")):
                continue
            value = DERIVATIONS[marked.rstrip("?!")](values, self.context)
            if value is not None:
                (fills if marked.endswith("?") else sets)[name] = value

    def _key(self, entity: Entity, draft: RowDraft, sets: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The natural key, or None if the row says nothing about this entity."""
        if entity.table is Person:
            return (draft.ids[entity.name],) if entity.name in draft.ids else None
        columns = entity.table.__table__.c
        key = tuple(sets.get(name) for name in entity.key)
        if any(value is None and not columns[name].nullable for name, value in zip(entity.key, key, strict=True)):
            return None
        no_content = {*entity.key, *entity.refs, *entity.fixed, *entity.derived, entity.dated}
        if entity.content and not any(name not in no_content for name in sets):
            return None
        return key

    # -- people ---------------------------------------------------------------------------------------

    def _identify_people(self, entity: Entity, decisions: Mapping[int, Decision], otherwise: Decision | None) -> None:
        """Set the person of every row; rows with a full ID number first, so that others may fit the people they bring."""
        usable = [draft for draft in self.in_order if draft.is_usable]
        keys = {draft.number: person_keys(draft.row, self.hmac_key) for draft in usable}
        fields = ("id_hash", "id_last4", "name", "phone", "phone_2")
        stored: dict[int, Mapping[str, Any]] = {}
        for by, values in (
            ("id_hash", {k.id_hash for k in keys.values() if k.id_hash}),
            ("name", {k.name for k in keys.values()}),
        ):
            stored |= {row["id"]: row for row in self.store.load(Person, fields, by, values)}
        people = PersonIndex(stored.values(), lambda key: self.operations.new_id(Person, key))
        for draft in sorted(usable, key=lambda draft: keys[draft.number].id_hash is None):
            decision = decisions.get(draft.number, otherwise)
            who = people.identify(draft.row, keys[draft.number], decision, create=entity.create)
            self.findings += who.findings
            draft.candidates, draft.is_undecided = who.candidates, who.is_undecided
            if who.person_id is None:
                draft.has_error = True
            else:
                draft.ids[entity.name] = who.person_id

    # -- rows -------------------------------------------------------------------------------------------

    def _plan_rows(self, entity: Entity) -> None:
        merged_rows: dict[tuple[Any, ...], MergedRow] = {}
        first: dict[tuple[Any, ...], RowDraft] = {}
        for key, statement in self._statements(entity):
            if entity.primary and self._repeats(first, key, statement.source):
                continue
            merged_rows.setdefault(key, MergedRow()).add(statement)
        stored = self._stored(entity, merged_rows)
        self._refuse_taken(entity, merged_rows, stored)
        for key, merged in merged_rows.items():
            row = stored.get(key)
            if row is None and (known := self.operations.fresh.get((entity.table, *key))) is not None:
                self._add_to_new(entity, known, merged)
            elif row is not None:
                self._update(entity, row, merged)
            elif entity.create:
                self._insert(entity, key, merged)
            else:
                self._report_missing(entity, merged)

    def _repeats(self, first: dict[tuple[Any, ...], RowDraft], key: tuple[Any, ...], source: RowDraft) -> bool:
        """Whether an earlier row is about the same entry: the same is counted once, a contradiction is an error."""
        earlier = first.setdefault(key, source)
        if earlier is source:
            return False
        differing = [
            self.headers[code]
            for code in self.headers
            if code in self.sheet.parsers and earlier.values.get(code) != source.values.get(code)
        ]
        if differing:
            values = {"first": earlier.number, "headers": "、".join(differing)}
            self._reject(source, "contradiction", differing[0], values)
        else:
            source.duplicate_of = earlier.number
            self.findings.append(Finding("duplicate", Level.WARNING, source.number, values={"first": earlier.number}))
        return True

    def _stored(self, entity: Entity, merged_rows: Mapping[tuple[Any, ...], MergedRow]) -> dict[tuple[Any, ...], Any]:
        """Stored rows by key, with every field that the file speaks of."""
        names = {name for merged in merged_rows.values() for name in (*merged.sets, *merged.fills)}
        if entity.table is Person:
            ids = {key[0] for key in merged_rows if key[0] > 0}
            return {(row["id"],): row for row in self.store.load(Person, names, "id", ids)}
        by = entity.key[0]
        values = {key[0] for key in merged_rows if not (by in entity.refs and key[0] < 0)}
        rows = self.store.load(entity.table, names | set(entity.key), by, values)
        return {tuple(row[name] for name in entity.key): row for row in rows}

    def _refuse_taken(
        self, entity: Entity, merged_rows: Mapping[tuple[Any, ...], MergedRow], stored: Mapping[tuple[Any, ...], Any]
    ) -> None:
        """Reject a value that must be unique (a credit code) where it belongs to another row already."""
        if entity.table is Person or not entity.update:
            return
        for column in entity.table.__table__.columns:
            if not column.unique or column.key in entity.key:
                continue
            header = next(iter(self._headers_of(entity, column.key)), None)
            keys = {merged.sets[column.key][0]: key for key, merged in merged_rows.items() if column.key in merged.sets}
            for row in self.store.load(entity.table, {column.key}, column.key, [v for v in keys if v is not CLEARED]):
                key = keys[row[column.key]]
                if key not in stored or stored[key]["id"] != row["id"]:
                    value, source = merged_rows[key].sets[column.key]
                    self._reject(source, "taken", header, {"value": value}, str(value))
            for key, merged in merged_rows.items():
                value, source = merged.sets.get(column.key, (CLEARED, merged.sources[0]))
                if value is not CLEARED and keys[value] != key:
                    self._reject(source, "taken", header, {"value": value}, str(value))

    def _reject(
        self, source: RowDraft, code: str, header: str | None, values: Mapping[str, Any], raw: str = ""
    ) -> None:
        """An error in a row: it, and so the whole import, is not stored."""
        source.has_error = True
        self.findings.append(Finding(code, Level.ERROR, source.number, header, raw, values))

    def _headers_of(self, entity: Entity, *fields: str) -> list[str]:
        """Headers of the columns that fill fields of an entity, as the file or else the template writes them."""
        columns = (column for name in fields for column in self.sheet.columns_for(entity.name, name))
        return [self.headers.get(column.code, column.header) for column in columns]

    def _insert(self, entity: Entity, key: tuple[Any, ...], merged: MergedRow) -> None:
        operations = self.operations
        row_id = key[0] if entity.table is Person else operations.new_id(entity.table, key)
        after = dict(entity.defaults)
        for values in (merged.fills, merged.sets):
            after.update({name: value for name, (value, _) in values.items() if value is not CLEARED})
        self._check_complete(entity, after, merged.sources[0])
        operations.insert(entity.table, row_id, after, tuple(entity.refs))
        operations.fresh[(entity.table, *key)] = row_id
        merged.sources[0].is_new |= entity.primary
        for source in merged.sources:
            source.ids[entity.name] = row_id
            source.is_changed = True

    def _check_complete(self, entity: Entity, after: Mapping[str, Any], source: RowDraft) -> None:
        """Reject a new row in which nothing fills a required column of the table."""
        for column in entity.table.__table__.columns:
            given = after.get(column.key) is not None
            if given or column.nullable or column.primary_key or column.default is not None or column.server_default:
                continue
            headers = self._headers_of(entity, column.key)
            if headers and not source.has_error:
                self._reject(source, "needed_for_new", headers[0], {"header": headers[0]})

    def _add_to_new(self, entity: Entity, row_id: int, merged: MergedRow) -> None:
        """More about a row that this import makes."""
        for name, (value, _) in merged.sets.items():
            if value is not CLEARED:
                self.operations.change(entity.table, row_id, name, None, value, tuple(entity.refs))
        for source in merged.sources:
            source.ids[entity.name] = row_id
            source.is_changed = True

    def _update(self, entity: Entity, row: Mapping[str, Any], merged: MergedRow) -> None:
        for source in merged.sources:
            source.ids[entity.name] = row["id"]
        if not entity.update:
            return
        changes = {name: pair for name, pair in self._differences(entity, row, merged).items() if row[name] != pair[0]}
        for name, (value, source) in changes.items():
            self.operations.change(entity.table, row["id"], name, row[name], value, tuple(entity.refs))
            source.is_changed = True
            source.changes.append(FieldChange(entity.name, name, row[name], value))

    def _differences(
        self, entity: Entity, row: Mapping[str, Any], merged: MergedRow
    ) -> dict[str, tuple[Any, RowDraft]]:
        """Field → (value, source) that the stored row should have, by the entity's way of merging."""
        if entity.merge is Merge.RAISE:
            return _raise_skill(row, merged)
        if entity.dated is not None:
            stated = merged.sets[entity.dated]
            if row[entity.dated] is not None and stated[0] < row[entity.dated]:
                values = {"day": row[entity.dated].isoformat()}
                self.findings.append(Finding("older_statement", Level.NOTE, stated[1].number, values=values))
                return {}
        differences = {name: pair for name, pair in merged.fills.items() if row[name] is None}
        for name, (value, source) in merged.sets.items():
            if row[name] not in entity.yields_to.get(name, ()):
                differences[name] = (None if value is CLEARED else value, source)
        return differences

    def _delete_elements(self, entity: Entity, sets: Mapping[str, Any]) -> None:
        """清空 in a list column: delete the stored elements."""
        parent = entity.key[0]
        owner = sets.get(parent)
        if owner is None or owner < 0:  # a new row has no stored elements
            return
        fields = [column.key for column in entity.table.__table__.columns if column.key != "id"]
        for row in self.store.load(entity.table, fields, parent, [owner]):
            self.operations.delete(entity.table, row)

    def _report_missing(self, entity: Entity, merged: MergedRow) -> None:
        """Reject the rows that name something which the store does not know and this sheet may not create."""
        headers = self._headers_of(entity, *entity.key)
        for source in merged.sources:
            self._reject(source, "unknown_reference", next(iter(headers), None), {"headers": "、".join(headers)})

    # -- dated states -------------------------------------------------------------------------------------

    def _plan_spells(self, entity: Entity) -> None:
        owner, since = entity.key
        first: dict[tuple[Any, ...], RowDraft] = {}
        statements: dict[int, list[Statement]] = defaultdict(list)
        for key, statement in self._statements(entity):
            has_state = "state" in statement.sets
            if has_state and not (entity.primary and self._repeats(first, key, statement.source)):
                statements[key[0]].append(statement)
        stored: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        for row in self.store.load(entity.table, {owner, since, "state"}, owner, [i for i in statements if i > 0]):
            stored[row[owner]].append(row)
        for person_id, own in statements.items():
            merge_spells(entity, stored[person_id], own, self.operations)

    # -- dated values -------------------------------------------------------------------------------------

    def _plan_in_force(self, entity: Entity) -> None:
        """Values as stated on a day against those in force then; the last field of the key is the day."""
        what = entity.key[:-1]
        statements: dict[tuple[Any, ...], list[Statement]] = defaultdict(list)
        for key, statement in self._statements(entity):
            statements[key[:-1]].append(statement)
        stored: dict[tuple[Any, ...], list[Mapping[str, Any]]] = defaultdict(list)
        names = {*entity.key, *(name for own in statements.values() for statement in own for name in statement.sets)}
        for row in self.store.load(entity.table, names, what[0], {key[0] for key in statements}):
            stored[tuple(row[name] for name in what)].append(row)
        for own_key, own in statements.items():
            merge_values(entity, stored[own_key], [self._with_first_day(entity, s) for s in own], self.operations)

    def _with_first_day(self, entity: Entity, statement: Statement) -> tuple[Statement, Any]:
        """The statement, and the day from which it is valid if nothing else is in force."""
        values = {code: value for code, value in statement.source.values.items() if value is not CLEARED}
        return statement, DERIVATIONS[entity.at_first](values, self.context)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.min


def _raise_skill(row: Mapping[str, Any], merged: MergedRow) -> dict[str, tuple[Any, RowDraft]]:
    """A skill as stored and as stated: evidence that is weaker changes nothing, levels only rise."""
    evidence, source = merged.sets.get("evidence", (row["evidence"], merged.sources[0]))
    if evidence.order < row["evidence"].order:
        return {}
    level = max(row["level"], merged.sets["level"][0])
    raised: dict[str, tuple[Any, RowDraft]] = {"evidence": (evidence, source), "level": (level, source)}
    if "acquired_on" in merged.sets and (evidence is not row["evidence"] or row["acquired_on"] is None):
        raised["acquired_on"] = merged.sets["acquired_on"]
    return raised
