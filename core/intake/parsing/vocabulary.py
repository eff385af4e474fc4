"""Names that cells refer to (communities, skills, occupations, workshops, products …) with their values."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from core.intake.parsing.text import key

__all__ = ["EMPTY", "Kind", "Vocabulary"]


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

    def find(self, kind: str, text: str) -> Any | None:
        """The value that ``text`` names, or None."""
        return self.kinds[kind].values.get(key(text))

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


KINDS = ("community", "skill", "occupation", "workshop", "product", "premises", "community_post", "staff")
EMPTY = Vocabulary({kind: Kind({}, {}) for kind in KINDS})
