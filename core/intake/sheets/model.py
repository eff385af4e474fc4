"""What a sheet is: columns, and the entities that its rows are about. Declarations only; ``core.intake.planning`` acts on them.

A target is written ``"entity.field"``; ``"entity.field?"`` fills the field only where nothing is known yet, and
``"entity.*"`` takes every field of a value that says several things (an ID number gives sex and birth date).
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import String

from core.intake.parsing.base import Parser, Text
from core.intake.parsing.text import header_key, short_header_key
from core.locale import N_, Translator
from core.store.schema import Base, Person

__all__ = [
    "Column",
    "Entity",
    "InOrder",
    "Merge",
    "OfEmployer",
    "Position",
    "SheetSpec",
    "Target",
    "col",
    "ignored_columns",
]


SYNONYMS = Path(__file__).parents[1] / "reference" / "header_synonyms.csv"


@functools.cache
def header_synonyms() -> tuple[tuple[str, str], ...]:
    """(column code, header that bureaus write for it), for every sheet with such a column."""
    with SYNONYMS.open(encoding="utf-8") as file:
        return tuple((row["code"], row["text"]) for row in csv.DictReader(file))


class Merge(Enum):
    """How a statement is merged with the stored row."""

    SET = auto()
    """Given values replace stored ones."""
    NEWEST = auto()
    """The same, unless the stored statement is of a later day (field ``dated``)."""
    RAISE = auto()
    """Levels and evidence of a skill only rise."""
    SPELL = auto()
    """A dated state: stored only where it changes the state in force on its day."""
    IN_FORCE = auto()
    """Dated values: a further row only where they differ from those in force on their day (last field of the key)."""


@dataclass(frozen=True)
class Target:
    """Where the value of a column goes. ``fill``: only where nothing is known."""

    entity: str
    field: str
    fill: bool = False

    @classmethod
    def parse(cls, text: str) -> Target:
        entity, _, name = text.rstrip("?").partition(".")
        return cls(entity, name, text.endswith("?"))


@dataclass(frozen=True)
class Column:
    """One column of a sheet. Without targets it is not stored, for ``reason``."""

    code: str
    header: str
    parser: Parser | None = None
    targets: tuple[Target, ...] = ()
    required: bool = False
    further: bool = False
    """Not in the standard template; read when a sheet has it."""
    aliases: tuple[str, ...] = ()
    example: str = ""
    help: str = ""
    reason: str = ""

    @property
    def is_stored(self) -> bool:
        return self.parser is not None

    def label(self, tr: Translator) -> str:
        """Header as the bureau writes it; in English with its meaning."""
        meaning = self.code.replace("_", " ")
        return f"{self.header} · {meaning}" if tr.is_english else self.header

    def explanation(self, tr: Translator) -> str:
        """One or two sentences for the template's sheet of explanations."""
        if self.parser is None:
            return tr("Not stored: {reason}", reason=tr(self.reason))
        sentences = [tr(self.help)] if self.help else []
        return (" " if tr.is_english else "").join([*sentences, self.parser.hint(tr)])


def col(
    code: str,
    header: str,
    parser: Parser,
    *to: str,
    required: bool = False,
    further: bool = False,
    also: str = "",
    example: str = "",
    help: str = "",  # noqa: A002  (the word people know)
) -> Column:
    """A stored column; ``also`` holds further headers joined by ``|``."""
    aliases = tuple(also.split("|")) if also else ()
    targets = tuple(Target.parse(text) for text in to)
    return Column(code, header, parser, targets, required, further, aliases, example, help)


def ignored_columns(reason: str, *headers: str) -> tuple[Column, ...]:
    """Columns of a template that are not stored, with one reason."""
    return tuple(Column(f"left_out:{header}", header, reason=reason) for header in headers)


MINIMAL = N_("not needed for placing people; personal data is collected only as far as it is needed.")
DERIVED = N_("it follows from other columns or other sheets.")
ELSEWHERE = N_("it is imported with its own sheet.")
NO_USE = N_("the district does not use it.")


@dataclass(frozen=True)
class Entity:
    """Rows of one table that a sheet is about.

    ``key`` is the natural key, in fields of the table; ``refs`` fill foreign keys from other entities of the same row.
    ``each`` names the column with a list: one record per element, whose value is ``item`` or a mapping of fields.
    ``fixed`` values are always set, ``defaults`` for new rows only, ``derived`` by a named function of the row
    where no cell gives the value (``"f?"`` fills gaps in the store only, ``"f!"`` goes before the cell).
    ``only_if`` is (column, value): the record exists only for such rows. ``content``: it exists only if some field
    besides key and date is given. ``known_as`` names the function by which rows find a stored row under another key
    (``core.intake.planning.aliases``). ``update`` False never changes a stored row. ``at_first`` names the function that gives
    the day of values in force (``Merge.IN_FORCE``) where none are in force yet.
    """

    name: str
    table: type[Base]
    key: tuple[str, ...]
    refs: Mapping[str, str] = field(default_factory=dict)
    each: str | None = None
    item: str | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    derived: Mapping[str, str] = field(default_factory=dict)
    yields_to: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """Field → values that may not be replaced by the given ones (a general kind never replaces a special one)."""
    only_if: tuple[str, Any] | None = None
    content: bool = False
    create: bool = True
    optional: bool = False
    """Of people: a row without a name is about nobody."""
    update: bool = True
    once: tuple[str, ...] = ()
    """Fields that are filled once: another value for a filled one is an error."""
    missing: str = "unknown_reference"
    """Code of the message where the store has no such row and the sheet may not create one."""
    primary: bool = False
    merge: Merge = Merge.SET
    dated: str | None = None
    at_first: str = ""
    known_as: str = ""
    yields: Literal["", "known_by_day", "ever_known"] = ""
    """A state that is only inferred: it is stored only where no state is known by that day, or none at all."""


@dataclass(frozen=True)
class InOrder:
    """A check between two columns that go to different tables: ``second`` is a day on or after ``first``.

    Rules within one table are in ``core.intake.planning.row_rules``.
    """

    first: str
    second: str


@dataclass(frozen=True)
class OfEmployer:
    """A check between two columns: the ``opening`` that one names is one of the ``employer`` that the other names."""

    opening: str
    employer: str


@dataclass(frozen=True)
class Position:
    """Two columns that are one place: converted to WGS-84 together.

    ``community`` is the column with the community that it lies in; ``known`` says of what a position may be stored
    already: the kind of word and the column that names it.
    """

    lon: str = "lon"
    lat: str = "lat"
    community: str = "community"
    known: tuple[str, str] | None = None


@dataclass(frozen=True)
class SheetSpec:
    """A kind of spreadsheet. ``day`` says that rows need the reporting day from the import's options."""

    code: str
    title: str
    columns: tuple[Column, ...]
    entities: tuple[Entity, ...]
    rules: tuple[InOrder | OfEmployer, ...] = ()
    position: Position | None = None
    day: bool = False
    order_by: str | None = None
    """Column with the day of the statement: within a file the later one wins."""
    stated_on: str | None = None
    """Column with the day on which a row tells its facts about the person or employer; an older one does not overwrite."""
    of_platforms: bool = False
    """Files may be exports of a recruitment platform, whose name is asked for."""

    @property
    def needs_fact_day(self) -> bool:
        """Whether rows without a day of their own change people, so that the reporting day of the file is asked for."""
        return self.stated_on is None and any(e.table is Person and e.update for e in self.entities)

    @cached_property
    def by_code(self) -> dict[str, Column]:
        return {column.code: column for column in self.columns}

    @cached_property
    def parsers(self) -> dict[str, Parser]:
        """Column code → parser, texts limited to what the store's column holds."""
        tables = {entity.name: entity.table.__table__ for entity in self.entities}
        parsers: dict[str, Parser] = {}
        for column in self.columns:
            if column.parser is None:
                continue
            parsers[column.code] = column.parser
            if isinstance(column.parser, Text):
                types = [tables[t.entity].c[t.field].type for t in column.targets if t.field in tables[t.entity].c]
                limits = [kind.length for kind in types if isinstance(kind, String) and kind.length]
                if limits:
                    parsers[column.code] = replace(column.parser, limit=min(limits))
        return parsers

    @cached_property
    def primary(self) -> Entity:
        """The entity that a row is about: it decides between new, changed and the same."""
        return next(entity for entity in self.entities if entity.primary)

    @cached_property
    def known(self) -> dict[str, str]:
        """Header key → column code; exact headers before aliases, headers without their brackets and synonyms."""
        codes: dict[str, str] = {}
        for column in self.columns:
            codes.setdefault(header_key(column.header), column.code)
        for column in self.columns:
            for alias in column.aliases:
                codes.setdefault(header_key(alias), column.code)
        for column in self.columns:
            codes.setdefault(short_header_key(column.header), column.code)
        for code, text in header_synonyms():
            if code in self.by_code and self.by_code[code].is_stored:
                codes.setdefault(header_key(text), code)
        return codes

    def columns_for(self, entity: str, name: str) -> tuple[Column, ...]:
        """Columns that fill a field of an entity, alone or with others."""
        return tuple(
            c
            for c in self.columns
            for t in c.targets
            if t.entity == entity
            and (t.field == name or (t.field == "*" and c.parser is not None and name in c.parser.gives))
        )
