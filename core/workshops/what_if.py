"""What if? Typed changes to a copy of a workshop's inputs; base and scenario side by side. Nothing is written.

comparison = compare(inputs, [Absence(0.2), NewOrder(800, 38, due)], today, learner)
comparison.base.ratio, comparison.scenario.ratio
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.locale import Translator
from core.workshops.hiring_capacity import Bottleneck, HiringCapacity, find_bottleneck, hiring_capacity
from core.workshops.load import Group, OpenOrder, Site, WorkshopInputs, WorkshopLoad, compute_load

__all__ = [
    "Absence",
    "AddShift",
    "Change",
    "Comparison",
    "GiveOrder",
    "GivePeople",
    "NewOrder",
    "OpenPremises",
    "TakeOrder",
    "Train",
    "apply",
    "compare",
]


@dataclass(frozen=True)
class OpenPremises:
    """Open more stations, for example in idle premises, from a week on."""

    stations: int
    shifts: float  # a week
    from_week: int = 0
    name: str = ""

    def apply(self, inputs: WorkshopInputs, learner: Group) -> WorkshopInputs:  # noqa: ARG002  (one signature for every change)
        """A further site with the workshop's hours a shift."""
        hours = inputs.sites[0].hours
        return replace(inputs, sites=(*inputs.sites, Site(self.stations, self.shifts, hours, self.from_week)))

    def sentence(self, tr: Translator) -> str:
        """The change in words."""
        return tr("{n} more stations from week {week}", n=self.stations, week=self.from_week + 1)


@dataclass(frozen=True)
class AddShift:
    """Open more shifts a week at the first site; people on the roll work ``each`` more of them."""

    shifts: float
    each: float = 0.0  # more shifts a person and week

    def apply(self, inputs: WorkshopInputs, learner: Group) -> WorkshopInputs:  # noqa: ARG002
        """More station-hours, and more rostered hours of those on site."""
        first = inputs.sites[0]
        groups = tuple(g if g.at_home else replace(g, shifts=g.shifts + self.each) for g in inputs.groups)
        longer = replace(first, shifts=first.shifts + self.shifts)
        return replace(inputs, sites=(longer, *inputs.sites[1:]), groups=groups)

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

    def apply(self, inputs: WorkshopInputs, learner: Group) -> WorkshopInputs:
        """A further group with the learner's shifts and absence."""
        group = replace(
            learner,
            people=self.people,
            efficiency=self.start,
            efficiency_to=self.end,
            ramp_weeks=self.ramp_weeks,
            from_week=self.from_week,
        )
        return replace(inputs, groups=(*inputs.groups, group))

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

    def apply(self, inputs: WorkshopInputs, learner: Group) -> WorkshopInputs:  # noqa: ARG002
        """Every group with the new absence."""
        return replace(inputs, groups=tuple(replace(g, absence=self.share) for g in inputs.groups))

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

    def apply(self, inputs: WorkshopInputs, learner: Group) -> WorkshopInputs:  # noqa: ARG002
        """The order book with the new order."""
        order = OpenOrder("+", self.product, self.pieces, self.minutes, self.due_on, product_id=self.product_id)
        return replace(inputs, orders=(*inputs.orders, order))

    def sentence(self, tr: Translator) -> str:
        """The change in words."""
        day = tr.day(self.due_on)
        return tr("an order of {n} {product} due {day}", n=tr.number(self.pieces), product=self.product, day=day)


@dataclass(frozen=True)
class GiveOrder:
    """An order goes to another workshop."""

    code: str
    to: str  # name of the workshop

    def apply(self, inputs: WorkshopInputs, learner: Group) -> WorkshopInputs:  # noqa: ARG002
        """The order book without it."""
        return replace(inputs, orders=tuple(o for o in inputs.orders if o.code != self.code))

    def sentence(self, tr: Translator) -> str:
        """The change in words."""
        return tr("order {code} goes to {name}", code=self.code, name=tr.name(self.to))


@dataclass(frozen=True)
class TakeOrder:
    """An order comes from another workshop."""

    order: OpenOrder

    def apply(self, inputs: WorkshopInputs, learner: Group) -> WorkshopInputs:  # noqa: ARG002
        """The order book with it."""
        return replace(inputs, orders=(*inputs.orders, self.order))

    def sentence(self, tr: Translator) -> str:
        """The change in words."""
        return tr("order {code} comes here", code=self.order.code)


@dataclass(frozen=True)
class GivePeople:
    """People on site go to another workshop."""

    people: int
    to: str

    def apply(self, inputs: WorkshopInputs, learner: Group) -> WorkshopInputs:  # noqa: ARG002
        """The groups on site with fewer people, the first ones first."""
        left, groups = float(self.people), []
        for group in inputs.groups:
            gone = 0.0 if group.at_home else min(group.people, left)
            left -= gone
            groups.append(replace(group, people=group.people - gone))
        return replace(inputs, groups=tuple(g for g in groups if g.people > 0))

    def sentence(self, tr: Translator) -> str:
        """The change in words."""
        return tr.plural("{n} person goes to {name}", "{n} people go to {name}", self.people, name=tr.name(self.to))


Change = OpenPremises | AddShift | Train | Absence | NewOrder | GiveOrder | TakeOrder | GivePeople


@dataclass(frozen=True)
class Comparison:
    """Base and scenario with how many people each can take and what limits it."""

    base: WorkshopLoad
    scenario: WorkshopLoad
    base_capacity: HiringCapacity
    scenario_capacity: HiringCapacity
    base_bottleneck: Bottleneck | None
    scenario_bottleneck: Bottleneck | None


def apply(inputs: WorkshopInputs, changes: Sequence[Change], learner: Group) -> WorkshopInputs:
    """``inputs`` with the changes in order; the argument stays as it was."""
    for change in changes:
        inputs = change.apply(inputs, learner)
    return inputs


def compare(inputs: WorkshopInputs, changes: Sequence[Change], today: date, learner: Group) -> Comparison:
    """Base and scenario with their loads; absence changes hold for the learner as well."""
    absence = next((c.share for c in reversed(changes) if isinstance(c, Absence)), learner.absence)
    other = replace(learner, absence=absence)
    base, scenario = compute_load(inputs, today), compute_load(apply(inputs, changes, other), today)
    return Comparison(
        base=base,
        scenario=scenario,
        base_capacity=hiring_capacity(base, learner),
        scenario_capacity=hiring_capacity(scenario, other),
        base_bottleneck=find_bottleneck(base),
        scenario_bottleneck=find_bottleneck(scenario),
    )
