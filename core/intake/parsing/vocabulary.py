"""Names that cells refer to (communities, skills, occupations, workshops, products …) with their values, and the words
that people write instead of a listed value: those that come with the project, and those that a bureau has taught.
"""

from __future__ import annotations

import csv
import difflib
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from core.intake.parsing.text import key
from core.terms import Term

__all__ = ["EMPTY", "Kind", "Vocabulary", "value_synonyms"]

SYNONYMS = Path(__file__).parents[1] / "reference" / "value_synonyms.csv"


@functools.cache
def value_synonyms() -> Mapping[tuple[str, str], str]:
    """(name of the term's class, key of a spelling) → code, as the project brings them."""
    with SYNONYMS.open(encoding="utf-8") as file:
        return {(row["scope"], key(row["text"])): row["meaning"] for row in csv.DictReader(file)}


@dataclass(frozen=True)
class Kind:
    """The words of one kind: every accepted spelling → value, and value → the label to show."""

    values: Mapping[str, Any]
    labels: Mapping[Any, str]
    facts: Mapping[Any, Any] = field(default_factory=dict)
    """Something known about a value: the role of a staff member, the position (lon, lat WGS-84) of a place."""

    @classmethod
    def of(cls, entries: Iterable[tuple[Any, str, tuple[str, ...], Any]]) -> Kind:
        """From (value, label, further spellings, fact); a label wins over another entry's spelling."""
        values: dict[str, Any] = {}
        labels: dict[Any, str] = {}
        facts: dict[Any, Any] = {}
        rest: list[tuple[str, Any]] = []
        for value, label, spellings, fact in entries:
            values[key(label)] = value
            labels[value], facts[value] = label, fact
            rest += [(key(spelling), value) for spelling in spellings]
        for spelling, value in rest:
            values.setdefault(spelling, value)
        return cls(values, labels, facts)


@dataclass(frozen=True)
class Vocabulary:
    """All kinds; ``centre`` is the middle of the communities (lon, lat WGS-84), if there are any."""

    kinds: Mapping[str, Kind]
    centre: tuple[float, float] | None = None
    learnt: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(kind or name of a term's class, key of a spelling) → the accepted word that a person once chose for it."""

    def find(self, kind: str, text: str) -> Any | None:
        """The value that ``text`` names, or None."""
        wanted = key(text)
        value = self.kinds[kind].values.get(wanted)
        if value is None and (accepted := self.learnt.get((kind, wanted))) is not None:
            return self.kinds[kind].values.get(key(accepted))
        return value

    def member(self, term: type[Term], text: str) -> Term | None:
        """The member of ``term`` that ``text`` names by label, code or synonym, or None."""
        member = term.parse(text) or term.parse(key(text))
        if member is None:
            wanted = (term.__name__, key(text))
            accepted = self.learnt.get(wanted) or value_synonyms().get(wanted)
            member = None if accepted is None else term.parse(accepted)
        return member

    def closest_member(self, term: type[Term], text: str) -> str | None:
        """The label of the member whose label or synonym looks most like ``text``."""
        spellings = {key(name): member.zh for member in term for name in (member.zh, *member.also)}
        spellings |= {s: term.of(code).zh for (scope, s), code in value_synonyms().items() if scope == term.__name__}
        matches = difflib.get_close_matches(key(text), spellings, n=1, cutoff=0.6)
        return spellings[matches[0]] if matches else None

    def closest(self, kind: str, text: str) -> str | None:
        """The label that looks most like ``text``."""
        matches = difflib.get_close_matches(key(text), self._spellings(kind), n=1, cutoff=0.6)
        return self.kinds[kind].labels[self.kinds[kind].values[matches[0]]] if matches else None

    def label(self, kind: str, value: Any) -> str:
        """The label of a value; the value itself if it is unknown."""
        return self.kinds[kind].labels.get(value, str(value))

    def labels(self, kind: str) -> tuple[str, ...]:
        """Every label, in the order of the store."""
        return tuple(self.kinds[kind].labels.values())

    def fact(self, kind: str, value: Any) -> Any | None:
        return self.kinds[kind].facts.get(value)

    def _spellings(self, kind: str) -> list[str]:
        return self._by_kind.setdefault(kind, list(self.kinds[kind].values))

    @cached_property
    def _by_kind(self) -> dict[str, list[str]]:
        return {}


KINDS = (
    "community",
    "skill",
    "occupation",
    "workshop",
    "product",
    "premises",
    "community_post",
    "opening",
    "staff",
    "visit_number",
    "policy",
)
EMPTY = Vocabulary({kind: Kind({}, {}) for kind in KINDS})
