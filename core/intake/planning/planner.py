"""What the rows of a file mean for the store: per entity, statements are gathered by natural key, merged within the
file, and only then compared with the stored rows. So the same file read twice changes nothing the second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from core.intake.findings import Decision, Finding, Level
from core.intake.parsing.text import text_of
from core.intake.planning.aliases import ALIASES
from core.intake.planning.derivations import DERIVATIONS, Context
from core.intake.planning.parsed_rows import CLEARED, ParsedRow
from core.intake.planning.persons import PERSON_FACTS, Answer, PersonIndex, person_keys, row_fingerprint
from core.intake.planning.plausibility import Norms, check_plausible, plausibility_fields
from core.intake.planning.row_rules import ROW_RULES, SPANS, rule_fields
from core.intake.planning.statements import (
    KeptValue,
    LastWrite,
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
from core.store.schema import Base, Person, PersonAlias

__all__ = ["ImportPlanner"]

OF_THE_NUMBER = frozenset({"id_hash", "id_last4", "birth_date", "sex"})
"""Fields of a person that an ID number says."""


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
        norms: Norms,
        replaced: Collection[tuple[int, str, str]] = (),
        remembered: Mapping[str, int] | None = None,
    ) -> None:
        """``norms``: what unlikely values are told by. ``replaced``: (row, table, field) of newer stored values that a
        person decided to replace. ``remembered``: fingerprint of a row → the person whom a former import took it for."""
        self.sheet, self.store, self.context, self.headers, self.hmac_key = sheet, store, context, headers, hmac_key
        self.norms, self.replaced, self.remembered = norms, frozenset(replaced), remembered or {}
        self.drafts = [RowDraft.of(row, self._stated_on(row)) for row in rows]
        self.kept: list[KeptValue] = []
        day = sheet.order_by
        self.in_order = self.drafts if day is None else sorted(self.drafts, key=lambda d: _day(d.values.get(day)))
        self.operations = Operations()
        self.findings: list[Finding] = []
        self.former_numbers: dict[str, int] = {}
        """Hash of an ID number that went with a merged record → the person who they are now."""

    def _stated_on(self, row: ParsedRow) -> date | None:
        """The day of what a row says: its own, else the reporting day of the import, if one is given."""
        day = row.values.get(self.sheet.stated_on) if self.sheet.stated_on else None
        return day if isinstance(day, date) else self.context.day

    def run(self, decisions: Mapping[int, Answer], otherwise: Decision | None) -> list[RowOutcome]:
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
            if entity.table in SPANS:
                self._check_spans(entity)
        return [draft.outcome() for draft in self.drafts]

    @property
    def people(self) -> dict[str, int]:
        """Fingerprint of each row whose person was a question → the person (negative: a new one)."""
        person = next((entity.name for entity in self.sheet.entities if entity.table is Person), "")
        return {
            draft.fingerprint: draft.ids[person]
            for draft in self.drafts
            if draft.fingerprint is not None and draft.is_usable and not draft.is_undecided and person in draft.ids
        }

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
            if not draft.is_usable or (draft.only_fills and entity.each is not None):
                continue
            if entity.only_if is not None and draft.values.get(entity.only_if[0]) != entity.only_if[1]:
                continue
            for sets, fills, stated in self._contents(entity, draft, targets):
                key = self._key(entity, draft, sets)
                if key is not None:
                    yield key, Statement(draft, sets, fills, stated, CONSTANT.get(entity.table, frozenset()))

    def _contents(
        self, entity: Entity, draft: RowDraft, targets: Sequence[tuple[str, str, bool]]
    ) -> Iterator[tuple[dict[str, Any], dict[str, Any], frozenset[str]]]:
        """(values to set, values that fill gaps, fields that stand in cells) of each record of the entity in a row;
        ``targets``: (column, field, fills a gap)."""
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
        stated = frozenset(sets)
        for name, ref in entity.refs.items():
            if ref in draft.ids:
                sets[name] = draft.ids[ref]
        sets.update(entity.fixed)
        self._derive(entity, draft, sets, fills)
        if entity.table is Person and "number" in sets:
            sets["id_hash"] = id_hash(self.hmac_key, sets.pop("number"))
            if sets["id_hash"] in self.former_numbers:  # of a record that was merged: the person has another one now
                sets = {name: value for name, value in sets.items() if name not in OF_THE_NUMBER}
                stated -= OF_THE_NUMBER
        if entity.each is None:
            yield sets, fills, stated
            return
        elements = draft.values.get(entity.each)
        if elements is CLEARED:
            self._delete_elements(entity, sets, draft)
        elif elements is not None:
            for element in elements:
                own = {entity.item: element} if entity.item else dict(element)
                yield sets | own, fills, stated | own.keys()

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

    def _identify_people(self, entity: Entity, decisions: Mapping[int, Answer], otherwise: Decision | None) -> None:
        """Set the person of every row; rows with a full ID number first, so that others may fit the people they bring.

        Stored people are read whole, because names are compared in their normal form.
        """
        usable = [
            draft
            for draft in self.in_order
            if draft.is_usable and not (entity.optional and not draft.values.get("name"))
        ]
        keys = {draft.number: person_keys(draft.row, self.hmac_key) for draft in usable}
        stored = list(self.store.load(Person, PERSON_FACTS, "id", None)) if usable else []
        people = PersonIndex(stored, lambda key: self.operations.new_id(Person, key), self.remembered)
        if usable:
            aliases = self.store.load(PersonAlias, ("id_hash", "person_id"), "id", None)
            self.former_numbers = {row["id_hash"]: row["person_id"] for row in aliases if row["id_hash"]}
            people.by_hash |= self.former_numbers
        for draft in sorted(usable, key=lambda draft: keys[draft.number].id_hash is None):
            has_number = keys[draft.number].id_hash is not None
            fingerprint = None if has_number else row_fingerprint(draft.row, self.sheet.code, self.hmac_key)
            who = people.identify(
                draft.row, keys[draft.number], decisions.get(draft.number), otherwise, fingerprint, create=entity.create
            )
            self.findings += who.findings
            draft.candidates, draft.is_undecided = who.candidates, who.is_undecided
            draft.fingerprint = fingerprint if who.was_asked else None
            draft.person = keys[draft.number]
            if who.person_id is None:
                draft.has_error = True
            else:
                draft.ids[entity.name] = who.person_id

    # -- rows -------------------------------------------------------------------------------------------

    def _plan_rows(self, entity: Entity) -> None:
        merged_rows: dict[tuple[Any, ...], MergedRow] = {}
        first: dict[tuple[Any, ...], RowDraft] = {}
        statements: Iterable[tuple[tuple[Any, ...], Statement]] = self._statements(entity)
        if entity.known_as:
            statements = ALIASES[entity.known_as](list(statements), self.store, self.context)
        for key, statement in statements:
            is_alone = entity.primary and not statement.source.only_fills
            if is_alone and self._repeats(first, key, statement.source):
                continue
            merged_rows.setdefault(key, MergedRow()).add(statement)
        if entity.update or entity.create:
            self._refuse_conflicts(entity, merged_rows)
        stored = self._stored(entity, merged_rows)
        self._refuse_taken(entity, merged_rows, stored)
        last_writes = self._last_writes(entity, merged_rows, stored)
        for key, merged in merged_rows.items():
            row = stored.get(key)
            if row is None and (known := self.operations.fresh.get((entity.table, *key))) is not None:
                self._add_to_new(entity, known, merged)
            elif row is not None:
                self._update(entity, row, merged, last_writes)
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
        names |= rule_fields(entity.table) | plausibility_fields(entity.table)
        if entity.table is Person:
            ids = {key[0] for key in merged_rows if key[0] > 0}
            return {(row["id"],): row for row in self.store.load(Person, names, "id", ids)}
        by = entity.key[0]
        values = {key[0] for key in merged_rows if not (by in entity.refs and key[0] < 0)}
        rows = self.store.load(entity.table, names | set(entity.key), by, values)
        return {tuple(row[name] for name in entity.key): row for row in rows}

    def _refuse_conflicts(self, entity: Entity, merged_rows: Mapping[tuple[Any, ...], MergedRow]) -> None:
        """Reject rows that state something else of the same thing than an earlier row, on the same day."""
        if entity.merge is Merge.RAISE:  # of two levels the higher one counts
            return
        for merged in merged_rows.values():
            for name, first, second in merged.conflicts:
                header = next(iter(self._headers_of(entity, name)), None)
                if header is not None and not second.has_error:
                    values = {"first": first.number, "headers": header}
                    self._reject(second, "contradiction", header, values)

    def _last_writes(
        self, entity: Entity, merged_rows: Mapping[tuple[Any, ...], MergedRow], stored: Mapping[tuple[Any, ...], Any]
    ) -> Mapping[tuple[int, str], LastWrite]:
        """Who last wrote the stored values that rows with a day would change."""
        if entity.merge is not Merge.SET or not entity.update:
            return {}
        ids = [
            stored[key]["id"]
            for key, merged in merged_rows.items()
            if key in stored
            and any(source.stated_on is not None for source in merged.sources)
            and any(stored[key][name] != value for name, (value, _) in merged.sets.items())
        ]
        return self.store.last_writes(entity.table, ids) if ids else {}

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
        columns = [column for name in fields for column in self.sheet.columns_for(entity.name, name)]
        return [
            self.headers.get(column.code, column.header)
            for column in sorted(columns, key=lambda column: column.code not in self.headers)
        ]

    def _insert(self, entity: Entity, key: tuple[Any, ...], merged: MergedRow) -> None:
        operations = self.operations
        row_id = key[0] if entity.table is Person else operations.new_id(entity.table, key)
        after = dict(entity.defaults)
        for values in (merged.fills, merged.sets):
            after.update({name: value for name, (value, _) in values.items() if value is not CLEARED})
        self._check_complete(entity, after, merged.sources[0])
        self._check_row(entity, after, {name: source for name, (_, source) in merged.sets.items()}, merged.sources[0])
        operations.insert(entity.table, row_id, after, tuple(entity.refs), merged.sources[0])
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
        for name, (value, source) in merged.sets.items():
            if value is not CLEARED:
                self.operations.change(entity.table, row_id, name, None, value, tuple(entity.refs), source)
        for source in merged.sources:
            source.ids[entity.name] = row_id
            source.is_changed = True

    def _update(
        self,
        entity: Entity,
        row: Mapping[str, Any],
        merged: MergedRow,
        last_writes: Mapping[tuple[int, str], LastWrite],
    ) -> None:
        for source in merged.sources:
            source.ids[entity.name] = row["id"]
        if not entity.update:
            return
        changes = {name: pair for name, pair in self._differences(entity, row, merged).items() if row[name] != pair[0]}
        filled = [name for name in entity.once if name in changes and row[name] is not None]
        if filled:
            for source in merged.sources:
                header = next(iter(self._headers_of(entity, filled[0])), None)
                raw = text_of(changes[filled[0]][0])
                self._reject(source, "filled_before", header, {"value": text_of(row[filled[0]])}, raw)
            return
        for name, (value, source) in list(changes.items()):
            last = last_writes.get((row["id"], name))
            if row[name] is not None and last is not None and self._keep(entity, row, name, (value, source), last):
                del changes[name]
        for name, (value, source) in changes.items():
            self.operations.change(entity.table, row["id"], name, row[name], value, tuple(entity.refs), source)
            source.is_changed = True
        if changes:
            written = {name: source for name, (_, source) in changes.items()}
            content = {**row, **{name: value for name, (value, _) in changes.items()}}
            self._check_row(entity, content, written, merged.sources[0])

    def _keep(
        self, entity: Entity, row: Mapping[str, Any], name: str, given: tuple[Any, RowDraft], last: LastWrite
    ) -> bool:
        """Whether the stored value stays because it is newer than the given one; noted for a person to decide."""
        value, source = given
        if source.stated_on is None or last.day is None or last.day <= source.stated_on:
            return False
        kept = KeptValue(source.number, entity.table, row["id"], name, row[name], value, source.stated_on, last)
        self.kept.append(kept)
        return kept.key not in self.replaced

    def _check_row(
        self, entity: Entity, content: Mapping[str, Any], written: Mapping[str, RowDraft], first: RowDraft
    ) -> None:
        """Reject a row that would break a rule of its table, and ask about values that are unlikely."""
        for rule in ROW_RULES.get(entity.table, ()):
            if rule.is_broken(content) and not written.keys().isdisjoint(rule.fields):
                source = next(written[name] for name in rule.fields if name in written)
                headers = {name: next(iter(self._headers_of(entity, name)), name) for name in rule.fields}
                code, values = rule.problem(content, headers)
                if not source.has_error:
                    self._reject(source, code, headers[rule.column], values, text_of(content[rule.column]))
        for problem in check_plausible(entity.table, content, frozenset(written), self.norms, first.stated_on):
            source = written.get(problem.values["field"], first)
            header = next(iter(self._headers_of(entity, problem.values["field"])), None)
            self.findings.append(Finding(problem.code, problem.level, source.number, header, values=problem.values))

    def _check_spans(self, entity: Entity) -> None:
        """Reject rows whose time overlaps that of another row of the same owner, stored or in the file."""
        span, operations = SPANS[entity.table], self.operations
        sources = {
            draft.ids[entity.name]: draft for draft in self.drafts if entity.name in draft.ids and draft.is_usable
        }
        touched = {row_id for row_id in sources if operations.content(entity.table, row_id)}
        owners = {sources[row_id].ids[entity.refs[span.owner]] for row_id in touched}
        spans: dict[int, dict[int, Mapping[str, Any]]] = defaultdict(dict)
        for row in self.store.load(entity.table, span.fields, span.owner, [owner for owner in owners if owner > 0]):
            spans[row[span.owner]][row["id"]] = {**row, **operations.content(entity.table, row["id"])}
        for row_id in touched:
            spans[sources[row_id].ids[entity.refs[span.owner]]].setdefault(
                row_id, {"id": row_id, **operations.content(entity.table, row_id)}
            )
        for row_id in sorted(touched, key=lambda row_id: sources[row_id].number):
            owner = sources[row_id].ids[entity.refs[span.owner]]
            for other_id, other in spans[owner].items():
                source = sources[row_id]
                is_later = other_id not in touched or sources[other_id].number < source.number
                if other_id != row_id and is_later and span.overlap(spans[owner][row_id], other):
                    headers = self._headers_of(entity, span.start)
                    values = {"start": str(other[span.start]), "end": str(span.end(other) or "…")}
                    if other_id in sources:
                        self._reject(
                            source, "overlap_in_file", headers[0], values | {"first": sources[other_id].number}
                        )
                    else:
                        self._reject(source, "overlap", headers[0], values)
                    break

    def _differences(
        self, entity: Entity, row: Mapping[str, Any], merged: MergedRow
    ) -> dict[str, tuple[Any, RowDraft]]:
        """Field → (value, source) that the stored row should have, by the entity's way of merging."""
        if entity.merge is Merge.RAISE:
            return _raise_skill(row, merged)
        if entity.dated is not None and row[entity.dated] is not None:
            stated_on, source = merged.sets[entity.dated]
            if stated_on < row[entity.dated]:
                return self._decided_against_newer(entity, row, merged, source, stated_on)
        differences = {name: pair for name, pair in merged.fills.items() if row[name] is None}
        for name, (value, source) in merged.sets.items():
            if row[name] not in entity.yields_to.get(name, ()) and name not in ONLY_AT_FIRST.get(entity.table, ()):
                differences[name] = (None if value is CLEARED else value, source)
        return differences

    def _decided_against_newer(
        self, entity: Entity, row: Mapping[str, Any], merged: MergedRow, source: RowDraft, stated_on: date
    ) -> dict[str, tuple[Any, RowDraft]]:
        """Of an older statement only the fields that a person decided to take; all others are noted and kept."""
        last = LastWrite(row[entity.dated or ""], "", None, is_import=True)
        taken: dict[str, tuple[Any, RowDraft]] = {}
        for name, (value, _) in merged.sets.items():
            given = None if value is CLEARED else value
            if name in (*entity.key, entity.dated) or row[name] == given:
                continue
            kept = KeptValue(source.number, entity.table, row["id"], name, row[name], given, stated_on, last)
            self.kept.append(kept)
            if kept.key in self.replaced:
                taken[name] = (given, source)
        return taken

    def _delete_elements(self, entity: Entity, sets: Mapping[str, Any], source: RowDraft) -> None:
        """清空 in a list column: delete the stored elements."""
        parent = entity.key[0]
        owner = sets.get(parent)
        if owner is None or owner < 0:  # a new row has no stored elements
            return
        fields = [column.key for column in entity.table.__table__.columns if column.key != "id"]
        for row in self.store.load(entity.table, fields, parent, [owner]):
            self.operations.delete(entity.table, row, source)
            source.is_changed = True

    def _report_missing(self, entity: Entity, merged: MergedRow) -> None:
        """Reject the rows that name something which the store does not know and this sheet may not create."""
        headers = self._headers_of(entity, *entity.key)
        for source in merged.sources:
            values = {"headers": "、".join(headers)}
            raw = text_of(source.values.get(self._column_of(headers), ""))
            self._reject(source, entity.missing, next(iter(headers), None), values, raw)

    def _column_of(self, headers: Sequence[str]) -> str:
        """Code of the column that the first of ``headers`` stands over in the file."""
        return next((code for code, header in self.headers.items() if header in headers[:1]), "")

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


CONSTANT: dict[type[Base], frozenset[str]] = {Person: frozenset({"sex", "birth_date"})}
"""Fields of which two rows of a file must not differ, whatever their days."""
ONLY_AT_FIRST: dict[type[Base], frozenset[str]] = {Person: frozenset({"name"})}
"""Fields that an import never changes: a person is renamed on the page of the person, after a look at the card."""


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
