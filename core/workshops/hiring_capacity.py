"""How many more people a workshop can take, and what stops it: three numbers, never one, and a sentence.

capacity = hiring_capacity(load, learner)     # capacity.seats 13, capacity.needed 3, capacity.fully_employed 2
bottleneck = find_bottleneck(load)            # bottleneck.kind is Limit.LABOUR
bottleneck.sentence(tr)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor

from core.locale import N_, Translator
from core.terms import Light
from core.workshops.load import Group, WorkshopLoad

__all__ = ["LIMIT_NAMES", "HiringCapacity", "Bottleneck", "Limit", "hiring_capacity", "find_bottleneck", "limits"]

EPSILON = 1e-9


class Limit(StrEnum):
    """What may limit a workshop. Material is not on the weekly sheet, so it is never computed."""

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
class HiringCapacity:
    """New people that a workshop could take, in persons; each number answers another question."""

    seats: int  # how many fit at the free stations
    needed: int  # how many keep every due date
    fully_employed: int  # how many of those have full weeks
    free_station_hours: float
    learner_hours: float  # station-hours of one new person a week
    learner_output: float  # standard hours of one new person a week
    shortfall: float  # standard hours a week

    @property
    def immediate(self) -> int:
        """Needed people for whom there are seats."""
        return min(self.seats, self.needed)


@dataclass(frozen=True)
class Bottleneck:
    """The smallest of the limits, each in standard hours a week."""

    kind: Limit
    limits: dict[Limit, float]
    load: WorkshopLoad
    product: str = ""  # of the order whose skill is scarcest
    skill_shares: float = 0.0  # share of the people who master it

    @property
    def name(self) -> str:
        """English source string of the limit's name."""
        return LIMIT_NAMES[self.kind]

    def short(self, tr: Translator) -> str:
        """One line for a card."""
        o = self.load
        n = {
            "effective": tr.number(o.effective),
            "load": tr.number(self.limits.get(Limit.DEMAND, 0.0)),
            "stations": sum(s.stations for s in o.inputs.sites),
            "limit": tr.number(self.limits[self.kind]),
            "product": self.product,
        }
        full = self.kind is Limit.DEMAND and o.light is not Light.GREEN
        return tr(NEARLY_FULL if full else SHORT[self.kind], **n)

    def sentence(self, tr: Translator) -> str:
        """The limit with its arithmetic in words."""
        o = self.load
        people = sum(g.people for g in o.inputs.groups if g.from_week <= 0)
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
            "site": tr.number(o.rostered, 1),
            "stations": sum(s.stations for s in o.inputs.sites),
            "station_hours": tr.number(o.station_hours, 1),
            "supervisors": o.inputs.supervisors,
            "product": self.product,
            "holders": tr.percent(self.skill_shares, 0),
        }
        return tr(SENTENCES[self.kind], **n)


NEARLY_FULL = N_("Orders take {load} of the {effective} standard h a week that people can make")
SHORT = {
    Limit.LABOUR: N_("People are short: {effective} standard h a week against {load} needed"),
    Limit.STATION: N_("Stations are short: {stations} hold {limit} standard h a week, {load} needed"),
    Limit.SKILL: N_("Skill is short for {product}: {limit} standard h a week, {load} needed"),
    Limit.SUPERVISOR: N_("Shift leaders are short: {limit} standard h a week can be led, {load} needed"),
    Limit.DEMAND: N_("Orders are few: {load} standard h a week against {effective} that people can make"),
}
SENTENCES = {
    Limit.LABOUR: N_(
        "People are the bottleneck: {people} on the roll give {rostered} rostered h a week, at home included, × attendance {attendance} × "
        "efficiency {efficiency} = {effective} standard h; the orders ask for {load} a week until the tightest due "
        "date ({ratio}). At stations: {site} of {station_hours} station-h ({occupancy})."
    ),
    Limit.STATION: N_(
        "Stations are the bottleneck: {stations} stations give {station_hours} station-h a week, {site} of them rostered "
        "({occupancy}); at this pace {limit} standard h fit, the orders ask for {load} a week ({ratio})."
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


def hiring_capacity(load: WorkshopLoad, learner: Group) -> HiringCapacity:
    """Seats ⌊free station-h ÷ h⌋; needed ⌈shortfall ÷ (h(1−a)e)⌉; fully employed ⌊the same quotient⌋.

    ``learner`` is one new person (``people`` = 1). Both demands are 0 when every due date is met.
    """
    free = max(load.station_hours - load.rostered, 0.0)
    output = learner.attended * learner.efficiency
    quotient = load.shortfall / output if output > 0 else 0.0
    return HiringCapacity(
        seats=floor(free / learner.rostered + EPSILON) if learner.rostered > 0 else 0,
        needed=ceil(quotient - EPSILON),
        fully_employed=floor(quotient + EPSILON),
        free_station_hours=free,
        learner_hours=learner.rostered,
        learner_output=output,
        shortfall=load.shortfall,
    )


def limits(load: WorkshopLoad) -> tuple[dict[Limit, float], str, float]:
    """Each limit in standard hours a week, with the scarcest product and the share of people who can make it.

    station     station-hours × attendance × efficiency: every station taken by people of today's kind
    labour      what the people could make, were there stations for all
    supervisor  shifts that the leaders can cover × stations × hours × attendance × efficiency
    skill       labour × min over products of (share who can make it ÷ its share of the load), at most 1
    demand      load ratio × effective: what the tightest due date asks for a week
    """
    inputs = load.inputs
    rostered = load.rostered + load.rostered_home
    yield_per_hour = load.potential / rostered if rostered else 0.0  # attendance × efficiency
    home = load.rostered_home * yield_per_hour
    result = {Limit.STATION: load.station_hours * yield_per_hour + home, Limit.LABOUR: load.potential}
    opened = sum(s.shifts for s in inputs.sites if s.from_week <= 0)
    led = min(inputs.supervisors * inputs.leader_shifts, opened)
    share_led = led / opened if opened else 0.0
    result[Limit.SUPERVISOR] = load.station_hours * share_led * yield_per_hour + home
    product, held = "", 0.0
    if inputs.skill_shares and load.orders:
        able = dict(inputs.skill_shares)
        scarce = 1.0
        for key in {o.order.product_id for o in load.orders if o.order.product_id in able}:
            asked = sum(o.need for o in load.orders if o.order.product_id == key) / load.total_hours
            if able[key] / asked < scarce:
                scarce, held = able[key] / asked, able[key]
                product = next(o.order.product for o in load.orders if o.order.product_id == key)
        if product:
            result[Limit.SKILL] = load.potential * scarce
    if load.ratio is not None:
        result[Limit.DEMAND] = load.needed_a_week
    return result, product, held


def find_bottleneck(load: WorkshopLoad) -> Bottleneck | None:
    """The smallest limit; None without orders or without people, when there is nothing to compare."""
    if not load.orders or load.effective <= 0:
        return None
    all_limits, product, held = limits(load)
    # A tie goes to people before stations and leaders: their hours are what the workshop really has.
    order = (Limit.DEMAND, Limit.SKILL, Limit.LABOUR, Limit.STATION, Limit.SUPERVISOR)
    kind = min((k for k in order if k in all_limits), key=lambda k: (round(all_limits[k], 6), order.index(k)))
    return Bottleneck(kind, all_limits, load, product, held)
