"""What if? Typed changes to a copy of a workshop's inputs; base and scenario side by side. Nothing is written.

found = compare(plant, [Absence(0.2), NewOrder(800, 38, due)], today, learner)
found.base.ratio, found.scenario.ratio
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.locale import Translator
from core.workshops.hiring_capacity import Absorbable, Bottleneck, absorbable, bottleneck
from core.workshops.load import Group, OpenOrder, Outlook, Plant, Site, reckon

__all__ = ["Absence", "AddShift", "Change", "Comparison", "NewOrder", "OpenPremises", "Train", "apply", "compare"]


@dataclass(frozen=True)
class OpenPremises:
    """Open more stations, for example in idle premises, from a week on."""

    stations: int
    shifts: float  # a week
    from_week: int = 0
    name: str = ""

    def apply(self, plant: Plant, learner: Group) -> Plant:  # noqa: ARG002  (one signature for every change)
        """A further site with the workshop's hours a shift."""
        hours = plant.sites[0].hours
        return replace(plant, sites=(*plant.sites, Site(self.stations, self.shifts, hours, self.from_week)))

    def sentence(self, tr: Translator) -> str:
        """The change in words."""
        return tr("{n} more stations from week {week}", n=self.stations, week=self.from_week + 1)


@dataclass(frozen=True)
class AddShift:
    """Open more shifts a week at the first site; people on the roll work ``each`` more of them."""

    shifts: float
    each: float = 0.0  # more shifts a person and week

    def apply(self, plant: Plant, learner: Group) -> Plant:  # noqa: ARG002
        """More station-hours, and more rostered hours of those on site."""
        first = plant.sites[0]
        groups = tuple(g if g.at_home else replace(g, shifts=g.shifts + self.each) for g in plant.groups)
        longer = replace(first, shifts=first.shifts + self.shifts)
        return replace(plant, sites=(longer, *plant.sites[1:]), groups=groups)

    def sentence(self, tr: Translator) -> str:
        """The change in words."""
        return tr(
            "{n} more shifts a week, {each} more for each person",
            n=tr.number(self.shifts),
            each=tr.number(self.each, 1),
        )


@dataclass(frozen=True)
class Train:
    """Take on ``people`` new ones; their pace rises from ``start`` to ``end`` over ``ramp_weeks``."""

    people: int
    start: float
    end: float
    ramp_weeks: int
    from_week: int = 0

    def apply(self, plant: Plant, learner: Group) -> Plant:
        """A further group with the learner's shifts and absence."""
        group = replace(
            learner,
            people=self.people,
            efficiency=self.start,
            efficiency_to=self.end,
            ramp_weeks=self.ramp_weeks,
            from_week=self.from_week,
        )
        return replace(plant, groups=(*plant.groups, group))

    def sentence(self, tr: Translator) -> str:
        """The change in words."""
        return tr(
            "{n} new people, pace {start} → {end} in {weeks} weeks",
            n=self.people,
            start=tr.percent(self.start, 0),
            end=tr.percent(self.end, 0),
            weeks=self.ramp_weeks,
        )


@dataclass(frozen=True)
class Absence:
    """Absence of everyone on the roll becomes ``share`` (0..1)."""

    share: float

    def apply(self, plant: Plant, learner: Group) -> Plant:  # noqa: ARG002
        """Every group with the new absence."""
        return replace(plant, groups=tuple(replace(g, absence=self.share) for g in plant.groups))

    def sentence(self, tr: Translator) -> str:
        """The change in words."""
        return tr("absence {share}", share=tr.percent(self.share, 0))


@dataclass(frozen=True)
class NewOrder:
    """One more order."""

    pieces: int
    minutes: float  # standard minutes a piece
    due_on: date
    product: str = ""
    product_id: int = 0

    def apply(self, plant: Plant, learner: Group) -> Plant:  # noqa: ARG002
        """The order book with the new order."""
        order = OpenOrder("+", self.product, self.pieces, self.minutes, self.due_on, product_id=self.product_id)
        return replace(plant, orders=(*plant.orders, order))

    def sentence(self, tr: Translator) -> str:
        """The change in words."""
        day = tr.day(self.due_on)
        return tr("an order of {n} {product} due {day}", n=tr.number(self.pieces), product=self.product, day=day)


Change = OpenPremises | AddShift | Train | Absence | NewOrder


@dataclass(frozen=True)
class Comparison:
    """Base and scenario with what each can absorb and what stops it."""

    base: Outlook
    scenario: Outlook
    base_room: Absorbable
    scenario_room: Absorbable
    base_stop: Bottleneck | None
    scenario_stop: Bottleneck | None


def apply(plant: Plant, changes: Sequence[Change], learner: Group) -> Plant:
    """``plant`` with the changes in order; the plant itself stays as it was."""
    for change in changes:
        plant = change.apply(plant, learner)
    return plant


def compare(plant: Plant, changes: Sequence[Change], today: date, learner: Group) -> Comparison:
    """Reckon both; absence changes hold for the learner as well."""
    absence = next((c.share for c in reversed(changes) if isinstance(c, Absence)), learner.absence)
    other = replace(learner, absence=absence)
    base, scenario = reckon(plant, today), reckon(apply(plant, changes, other), today)
    return Comparison(
        base=base,
        scenario=scenario,
        base_room=absorbable(base, learner),
        scenario_room=absorbable(scenario, other),
        base_stop=bottleneck(base),
        scenario_stop=bottleneck(scenario),
    )
