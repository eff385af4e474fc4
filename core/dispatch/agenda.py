"""The agenda of a meeting: which slides in which order, with a time budget, a note and an outcome each.

It writes itself from the slides of the week; what people change is saved, and slides that appear later join at the end.
What a meeting did not get to is carried to the next one by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from core.dispatch.slide_model import Slide
from core.locale import N_

__all__ = [
    "OUTCOMES",
    "AgendaItem",
    "Outcome",
    "agenda_of",
    "as_json",
    "carried_over",
    "from_json",
    "outcomes_at_closing",
]


class Outcome(StrEnum):
    """What became of an item."""

    OPEN = ""
    DECIDED = "decided"
    NOTED = "noted"
    MOVED = "moved"
    DROPPED = "dropped"


OUTCOMES = {
    Outcome.OPEN: N_("not reached"),
    Outcome.DECIDED: N_("decided"),
    Outcome.NOTED: N_("noted"),
    Outcome.MOVED: N_("moved to the next meeting"),
    Outcome.DROPPED: N_("dropped"),
}


@dataclass(frozen=True)
class AgendaItem:
    """One item. ``code`` is that of its slide; ``is_carried``: left over from the meeting before."""

    code: str
    minutes: float
    note: str = ""
    is_dropped: bool = False
    outcome: Outcome = Outcome.OPEN
    is_carried: bool = False


def agenda_of(
    slides: Sequence[Slide], saved: Sequence[AgendaItem] | None, carried: Mapping[str, str] | None = None
) -> list[AgendaItem]:
    """The agenda over the ``slides`` of a week.

    ``saved`` is what people made of it (None = nobody yet): its order, notes, budgets and drops count; items whose
    slide no longer exists vanish and new slides join at the end. ``carried``: code → note of items that the last
    meeting did not get to; without a saved agenda they come right after the first item.
    """
    budget = {slide.code: slide.minutes for slide in slides}
    if saved is not None:
        kept = [item for item in saved if item.code in budget]
        known = {item.code for item in kept}
        return [*kept, *(AgendaItem(code, minutes) for code, minutes in budget.items() if code not in known)]
    carried = carried or {}
    items = [
        AgendaItem(code, minutes, note=carried.get(code, ""), is_carried=code in carried)
        for code, minutes in budget.items()
    ]
    first = items[:1]
    return [*first, *(i for i in items[1:] if i.is_carried), *(i for i in items[1:] if not i.is_carried)]


def carried_over(previous: Iterable[AgendaItem]) -> dict[str, str]:
    """Code → note of the items that a closed meeting moved to the next."""
    return {item.code: item.note for item in previous if item.outcome is Outcome.MOVED and not item.is_dropped}


def outcomes_at_closing(
    items: Iterable[AgendaItem], decided: Collection[str], presented: Collection[str]
) -> list[AgendaItem]:
    """The items with an outcome each: as stated; else decided where there is a decision or action, noted where the slide
    was presented, dropped where it was taken off, and moved to the next meeting otherwise."""

    def outcome(item: AgendaItem) -> Outcome:
        if item.outcome is not Outcome.OPEN:
            return item.outcome
        if item.is_dropped:
            return Outcome.DROPPED
        if item.code in decided:
            return Outcome.DECIDED
        return Outcome.NOTED if item.code in presented else Outcome.MOVED

    return [replace(item, outcome=outcome(item)) for item in items]


def as_json(items: Iterable[AgendaItem]) -> list[dict[str, Any]]:
    """The items as they are stored."""
    return [{**asdict(item), "outcome": item.outcome.value} for item in items]


def from_json(stored: Iterable[Mapping[str, Any]]) -> list[AgendaItem]:
    """The items of a stored agenda."""
    return [AgendaItem(**{**item, "outcome": Outcome(item["outcome"])}) for item in stored]
