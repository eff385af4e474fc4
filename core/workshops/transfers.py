"""A workshop with people and no orders, and another that will be late: which orders could move, or which people.

for proposal in transfers(rows, states, today):
    proposal.sentence(tr)

Both are proposals for the two operators: nothing is written. Whole orders move, those due last first, as long as the
people of the idle workshop keep every date that they take over. People move for as long as the other workshop is short;
those who master a skill of its orders work at its pace, the others at a beginner's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.locale import Translator
from core.workshops.inputs import LEARNER_EFFICIENCY, skill_shares
from core.workshops.load import Group, OpenOrder, WorkshopLoad, compute_load
from core.workshops.states import WorkshopRows, WorkshopState

__all__ = ["Absorption", "OrderTransfer", "PeopleTransfer", "Transfer", "absorption", "transfers"]


@dataclass(frozen=True, eq=False)
class OrderTransfer:
    """Whole orders of ``late`` that the people of ``idle`` would make in time."""

    idle: WorkshopState
    late: WorkshopState
    orders: tuple[OpenOrder, ...]
    hours: float  # standard hours at the idle workshop
    after: WorkshopLoad  # of the late workshop

    def sentence(self, tr: Translator) -> str:
        """The proposal with what it changes."""
        assert self.late.load is not None
        return tr(
            "Orders: {idle} takes {orders} from {late} ({hours} standard h) and keeps their dates; of {before} late orders there "
            "{left} stay late.",
            idle=self.idle.name,
            orders=tr.join(o.code for o in self.orders),
            late=self.late.name,
            hours=tr.number(self.hours),
            before=len(self.late.load.late),
            left=len(self.after.late),
        )


@dataclass(frozen=True, eq=False)
class PeopleTransfer:
    """People of ``idle`` who would work at ``late``'s free stations."""

    idle: WorkshopState
    late: WorkshopState
    people: int
    skilled: int  # of them master a skill of the orders there
    after: WorkshopLoad  # of the late workshop

    def sentence(self, tr: Translator) -> str:
        """The proposal with what it changes."""
        assert self.late.load is not None
        return tr(
            "People: {n} of {idle} work at {late} ({skilled} with a skill of its orders, the others at {pace} pace); of {before} "
            "late orders there {left} stay late.",
            n=self.people,
            idle=self.idle.name,
            late=self.late.name,
            skilled=self.skilled,
            pace=tr.percent(LEARNER_EFFICIENCY, 0),
            before=len(self.late.load.late),
            left=len(self.after.late),
        )


Transfer = OrderTransfer | PeopleTransfer


def transfers(rows: WorkshopRows, states: Sequence[WorkshopState], today: date) -> list[Transfer]:
    """Proposals for every workshop with people and no orders, towards each late workshop, the most loaded first."""
    late = [s for s in states if s.load is not None and s.load.late]
    proposals: list[Transfer] = []
    for idle in (s for s in states if s.is_idle):
        for other in late:
            moved = _orders(rows, idle, other, today)
            people = _people(rows, idle, other, today)
            proposals += [t for t in (moved, people) if t is not None]
    return proposals


def _orders(rows: WorkshopRows, idle: WorkshopState, late: WorkshopState, today: date) -> OrderTransfer | None:
    assert idle.load is not None
    assert late.load is not None
    taken: list[OpenOrder] = []
    left = [o.order for o in late.load.orders]
    after = late.load
    hosting = idle.load
    for order in sorted(left, key=lambda o: (o.due_on, o.code), reverse=True):
        if not after.late:
            break
        share = _share(rows, idle, order.product_id)
        if share <= 0:
            continue
        # Only those who can make the product count: the others' hours stay free.
        groups = tuple(replace(g, people=g.people * share) for g in idle.load.inputs.groups)
        tried = compute_load(replace(idle.load.inputs, groups=groups, orders=(*taken, order)), today)
        if tried.late:
            continue
        taken.append(order)
        left.remove(order)
        hosting = tried
        after = compute_load(replace(late.load.inputs, orders=tuple(left)), today)
    if not taken or len(after.late) >= len(late.load.late):
        return None
    return OrderTransfer(idle, late, tuple(taken), hosting.total_hours, after)


def _people(rows: WorkshopRows, idle: WorkshopState, late: WorkshopState, today: date) -> PeopleTransfer | None:
    assert idle.load is not None
    assert late.load is not None
    assert late.pace is not None
    assert late.capacity is not None
    on_site = round(sum(g.people for g in idle.load.inputs.groups if not g.at_home))
    able = max((_share(rows, idle, o.order.product_id) for o in late.load.orders), default=0.0)
    skilled = min(int(able * on_site), on_site)
    pace = late.pace
    learner = Group(1, pace.full_week, pace.shift_hours, pace.absence, LEARNER_EFFICIENCY)
    best: PeopleTransfer | None = None
    for n in range(1, min(on_site, late.capacity.seats) + 1):
        ready = min(n, skilled)
        groups = (replace(learner, people=ready, efficiency=pace.efficiency), replace(learner, people=n - ready))
        after = compute_load(replace(late.load.inputs, groups=(*late.load.inputs.groups, *groups)), today)
        if len(after.late) < len(late.load.late) and (best is None or len(after.late) < len(best.after.late)):
            best = PeopleTransfer(idle, late, n, ready, after)
    return best


def _share(rows: WorkshopRows, workshop: WorkshopState, product: int) -> float:
    """Share of the people of ``workshop`` who can make ``product``, 0..1."""
    shares = skill_shares(workshop.roll, rows.person_skills, rows.product_skills, workshop.outputs, [product])
    return dict(shares).get(product, 0.0)


@dataclass(frozen=True)
class Absorption:
    """How stations, people on the roll and free seats of the workshops fit together; hours a week."""

    stations: int
    station_hours: float
    on_site: int
    at_home: int
    rostered: float  # station-hours taken by the people on site
    seats: int  # people who fit into the free station-hours, workshop by workshop
    needed: int  # people who keep every due date
    hours_each: float  # station-hours of one new person, mean

    @property
    def free_hours(self) -> float:
        return self.station_hours - self.rostered

    @property
    def occupancy(self) -> float:
        """Rostered ÷ station-hours."""
        return self.rostered / self.station_hours

    def sentence(self, tr: Translator) -> str:
        """Why more people fit than there are stations without a person."""
        return tr(
            "{stations} stations are open {station_hours} station-h a week; {on_site} of the {roll} people on the roll work at them and take "
            "{rostered} h ({occupancy}), {at_home} work at home. The free {free} h hold {seats} more people at about {each} h a week each: a "
            "station serves several people in turn. The due dates need {needed}.",
            stations=tr.number(self.stations),
            station_hours=tr.number(self.station_hours),
            on_site=tr.number(self.on_site),
            roll=tr.number(self.on_site + self.at_home),
            rostered=tr.number(self.rostered),
            occupancy=tr.percent(self.occupancy, 0),
            at_home=tr.number(self.at_home),
            free=tr.number(self.free_hours),
            seats=tr.number(self.seats),
            each=tr.number(self.hours_each, 1),
            needed=tr.number(self.needed),
        )


def absorption(states: Sequence[WorkshopState]) -> Absorption | None:
    """The sums over all workshops in operation; None without one."""
    open_ones = [s for s in states if not s.is_dormant]
    known = [s for s in open_ones if s.load is not None and s.capacity is not None and s.load.station_hours > 0]
    if not known:
        return None
    loads = [s.load for s in known if s.load is not None]
    capacities = [s.capacity for s in known if s.capacity is not None]
    groups = [g for load in loads for g in load.inputs.groups]
    seats = sum(c.seats for c in capacities)
    return Absorption(
        stations=sum(s.stations for s in known),
        station_hours=sum(load.station_hours for load in loads),
        on_site=round(sum(g.people for g in groups if not g.at_home)),
        at_home=round(sum(g.people for g in groups if g.at_home)),
        rostered=sum(load.rostered for load in loads),
        seats=seats,
        needed=sum(c.needed for c in capacities),
        hours_each=sum(c.seats * c.learner_hours for c in capacities) / seats if seats else 0.0,
    )
