"""What every page knows about its run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.locale import Translator
from core.policy import Access, Action, Field, Sight, may, sees
from core.store.settings import District

__all__ = ["View"]


@dataclass(frozen=True)
class View:
    """Language, day, data revision and person of one run; handed to ``render`` and, by closure, to fragments."""

    tr: Translator
    today: date  # as-of day: the district's own clock, or the last day of the demonstration data
    revision: int
    district: District
    access: Access  # who looks
    is_empty: bool  # nothing imported yet
    is_dark: bool
    is_handheld: bool = False  # a phone: what is above the answer is folded

    def may(self, action: Action) -> bool:
        """Whether the one who looks may do ``action``: what they may not is not offered."""
        return may(self.access, action)

    def sees(self, field: Field) -> Sight:
        """How the one who looks sees facts of a class about people in their scope."""
        return sees(self.access, field)
