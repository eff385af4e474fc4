"""How many more people a workshop can take, and what stops it: three numbers, never one, and a sentence.

room = absorbable(outlook, learner)     # room.seats 13, room.needed 3, room.fully_employed 2
stop = bottleneck(outlook)              # stop.kind is Limit.LABOUR
stop.sentence(tr)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor

from core.locale import N_, Translator
from core.terms import Light
from core.workshops.load import Group, Outlook

__all__ = ["LIMIT_NAMES", "Absorbable", "Bottleneck", "Limit", "absorbable", "bottleneck", "limits"]

EPSILON = 1e-9


class Limit(StrEnum):
    """What may stop a workshop. Material is not on the weekly sheet, so it is never reckoned."""

    STATION = "station"
    LABOUR = "labour"
    SKILL = "skill"
    SUPERVISOR = "supervisor"
    DEMAND = "demand"


LIMIT_NAMES = {
    Limit.STATION: N_("Stations"),
    Limit.LABOUR: N_("Labour"),
    Limit.SKILL: N_("Skill"),
    Limit.SUPERVISOR: N_("Shift leaders"),
    Limit.DEMAND: N_("Orders"),
}


@dataclass(frozen=True)
class Absorbable:
    """New people that a workshop could take, in persons; each number answers another question."""

    seats: int  # how many fit at the free stations
    needed: int  # how many keep every due date
    fully_employed: int  # how many of those have full weeks
    free_station_hours: float
    learner_hours: float  # station-hours of one new person a week
    learner_output: float  # standard hours of one new person a week
    shortfall: float  # standard hours a week

    @property
    def now(self) -> int:
        """What can be done at once: the needed people, as far as there are seats."""
        return min(self.seats, self.needed)


@dataclass(frozen=True)
class Bottleneck:
    """The smallest of the limits, each in standard hours a week."""

    kind: Limit
    limits: dict[Limit, float]
    outlook: Outlook
    product: str = ""  # of the order whose skill is scarcest
    holders: float = 0.0  # share of the people who master it

    @property
    def name(self) -> str:
        """English source string of the limit's name."""
        return LIMIT_NAMES[self.kind]

    def short(self, tr: Translator) -> str:
        """One line for a card."""
        o = self.outlook
        n = {
            "effective": tr.number(o.effective),
            "load": tr.number(self.limits.get(Limit.DEMAND, 0.0)),
            "stations": sum(s.stations for s in o.plant.sites),
            "limit": tr.number(self.limits[self.kind]),
            "product": self.product,
        }
        full = self.kind is Limit.DEMAND and o.light is not Light.GREEN
        return tr(NEARLY_FULL if full else SHORT[self.kind], **n)

    def sentence(self, tr: Translator) -> str:
        """The limit with its arithmetic in words."""
        o = self.outlook
        people = sum(g.people for g in o.plant.groups if g.from_week <= 0)
        rostered = o.rostered + o.rostered_home
        n = {
            "people": tr.number(people),
            "rostered": tr.number(rostered, 1),
            "attendance": tr.percent(o.attended / rostered if rostered else 0.0),
            "efficiency": tr.percent(o.potential / o.attended if o.attended else 0.0),
            "effective": tr.number(o.effective, 1),
            "load": tr.number(self.limits.get(Limit.DEMAND, 0.0), 1),
            "ratio": tr.percent(o.ratio or 0.0),
            "occupancy": tr.percent(o.occupancy or 0.0, 0),
            "limit": tr.number(self.limits[self.kind], 1),
            "stations": sum(s.stations for s in o.plant.sites),
            "station_hours": tr.number(o.station_hours, 1),
            "supervisors": o.plant.supervisors,
            "product": self.product,
            "holders": tr.percent(self.holders, 0),
        }
        return tr(SENTENCES[self.kind], **n)


NEARLY_FULL = N_("Orders take {load} of the {effective} standard h a week that people can make")
SHORT = {
    Limit.LABOUR: N_("People are short: {effective} standard h a week against {load} wanted"),
    Limit.STATION: N_("Stations are short: {stations} hold {limit} standard h a week, {load} wanted"),
    Limit.SKILL: N_("Skill is short for {product}: {limit} standard h a week, {load} wanted"),
    Limit.SUPERVISOR: N_("Shift leaders are short: {limit} standard h a week can be led, {load} wanted"),
    Limit.DEMAND: N_("Orders are few: {load} standard h a week against {effective} that people can make"),
}
SENTENCES = {
    Limit.LABOUR: N_(
        "People are the bottleneck: {people} on the roll give {rostered} rostered h a week × attendance {attendance} × "
        "efficiency {efficiency} = {effective} standard h; the orders ask for {load} a week until the tightest due "
        "date ({ratio}). Stations are {occupancy} occupied."
    ),
    Limit.STATION: N_(
        "Stations are the bottleneck: {stations} stations give {station_hours} station-h a week, {occupancy} of them "
        "rostered; at this pace {limit} standard h fit, the orders ask for {load} a week ({ratio})."
    ),
    Limit.SKILL: N_(
        "Skill is the bottleneck: {holders} of the {people} people on the roll can make {product}, so the order mix "
        "stops at {limit} standard h a week; the orders ask for {load} ({ratio})."
    ),
    Limit.SUPERVISOR: N_(
        "Shift leaders are the bottleneck: {supervisors} can lead only so many shifts that {limit} standard h a week "
        "fit; the orders ask for {load} ({ratio})."
    ),
    Limit.DEMAND: N_(
        "Orders set the pace: they ask for {load} standard h a week until the tightest due date, {ratio} of the "
        "{effective} that {people} people can make ({rostered} rostered h × attendance {attendance} × efficiency "
        "{efficiency})."
    ),
}


def absorbable(outlook: Outlook, learner: Group) -> Absorbable:
    """Seats ⌊free station-h ÷ h⌋; needed ⌈shortfall ÷ (h(1−a)e)⌉; fully employed ⌊the same quotient⌋.

    ``learner`` is one new person (``people`` = 1). Both demands are 0 when every due date is kept.
    """
    free = max(outlook.station_hours - outlook.rostered, 0.0)
    output = learner.attended * learner.efficiency
    quotient = outlook.shortfall / output if output > 0 else 0.0
    return Absorbable(
        seats=floor(free / learner.rostered + EPSILON) if learner.rostered > 0 else 0,
        needed=ceil(quotient - EPSILON),
        fully_employed=floor(quotient + EPSILON),
        free_station_hours=free,
        learner_hours=learner.rostered,
        learner_output=output,
        shortfall=outlook.shortfall,
    )


def limits(outlook: Outlook) -> tuple[dict[Limit, float], str, float]:
    """Each limit in standard hours a week, with the scarcest product and the share of people who can make it.

    station     station-hours × attendance × efficiency: every station taken by people of today's kind
    labour      what the people could make, were there stations for all
    supervisor  shifts that the leaders can cover × stations × hours × attendance × efficiency
    skill       labour × min over products of (share who can make it ÷ its share of the load), at most 1
    demand      load ratio × effective: what the tightest due date asks for a week
    """
    plant = outlook.plant
    rostered = outlook.rostered + outlook.rostered_home
    yield_per_hour = outlook.potential / rostered if rostered else 0.0  # attendance × efficiency
    home = outlook.rostered_home * yield_per_hour
    found = {Limit.STATION: outlook.station_hours * yield_per_hour + home, Limit.LABOUR: outlook.potential}
    opened = sum(s.shifts for s in plant.sites if s.from_week <= 0)
    led = min(plant.supervisors * plant.leader_shifts, opened)
    share_led = led / opened if opened else 0.0
    found[Limit.SUPERVISOR] = outlook.station_hours * share_led * yield_per_hour + home
    product, held = "", 0.0
    if plant.holders and outlook.orders:
        able = dict(plant.holders)
        scarce = 1.0
        for key in {o.order.product_id for o in outlook.orders if o.order.product_id in able}:
            asked = sum(o.need for o in outlook.orders if o.order.product_id == key) / outlook.load
            if able[key] / asked < scarce:
                scarce, held = able[key] / asked, able[key]
                product = next(o.order.product for o in outlook.orders if o.order.product_id == key)
        if product:
            found[Limit.SKILL] = outlook.potential * scarce
    if outlook.ratio is not None:
        found[Limit.DEMAND] = outlook.load_a_week
    return found, product, held


def bottleneck(outlook: Outlook) -> Bottleneck | None:
    """The smallest limit; None without orders or without people, when nothing can be said."""
    if not outlook.orders or outlook.effective <= 0:
        return None
    found, product, held = limits(outlook)
    # A tie goes to people before stations and leaders: their hours are what the workshop really has.
    order = (Limit.DEMAND, Limit.SKILL, Limit.LABOUR, Limit.STATION, Limit.SUPERVISOR)
    kind = min((k for k in order if k in found), key=lambda k: (round(found[k], 6), order.index(k)))
    return Bottleneck(kind, found, outlook, product, held)
