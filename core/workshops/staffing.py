"""Who works which shift next week: a proposal for a named person to approve, never an order.

    table = greedy([Place(...)], [Worker(...), …])      # worker × shift, at once
    cost(table, places, workers), violations(table, places, workers)
    exact_search.propose(places, workers, seconds=10)   # the better of this and the exact one

Hard: availability, one place at a time, hours a week, stations, at least three people and one leader in an opened shift,
opened shifts a week, and no more hours than the open orders hold work for. Soft, dearest first: each place's demand;
each person's usual week; nobody beyond it while others are below; few opened shifts; short ways.

The shifts of a usual week that a person is not given cost SHORT·(2k − 1)/usual for the k-th, those beyond it OVER·(2k − 1)/usual:
growing costs, so that people of the same usual week get the same hours as far as their availability allows, and people of
different weeks the same share. The greedy roster is always made first; the exact one (mixed-integer programme, see
``programme`` and ``exact_search``) replaces it when it is better within the time allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

__all__ = [
    "FREE",
    "MIN_CREW",
    "SHIFTS",
    "Cell",
    "Place",
    "Roster",
    "Worker",
    "balanced",
    "changes",
    "cost",
    "greedy",
    "most_work",
    "offered",
    "uncovered",
    "violations",
]

SHIFTS = 14  # Monday morning, Monday afternoon, … Sunday afternoon
MIN_CREW = 3
MAX_PLACES = 4  # nearest places a person is offered
UNMET = 10.0  # cost of a standard shift of demand not met
SHORT = 3.0  # of a whole usual week not given, for each of its shifts
OVER = 2.0  # of a second usual week on top, for each of its shifts
OPEN = 0.5  # of opening a shift at all
WAY = 0.01  # of a minute on the way
LEAST = 1e-4  # standard shifts of work for which nobody comes

FREE = -1  # no place
Cell = tuple[int, int]  # worker, shift


@dataclass(frozen=True)
class Place:
    """One workshop's week."""

    name: str
    stations: int
    demand: float  # standard shifts that keep the due dates: standard hours ÷ hours a shift
    max_shifts: int  # opened shifts a week
    work: float = np.inf  # standard shifts that the open orders hold in all; 0 = nothing to make


@dataclass(frozen=True)
class Worker:
    """One person's week."""

    name: str
    available: tuple[bool, ...]  # SHIFTS values
    max_shifts: int
    usual: int  # shifts of the person's usual week
    pace: float  # standard shifts earned in a shift: (1 − absence) × efficiency
    is_leader: bool
    minutes: tuple[float, ...]  # way to each place; inf = not offered


@dataclass(frozen=True)
class Roster:
    """``table[i, s]`` = index of the place where worker i works in shift s, −1 = free."""

    table: np.ndarray  # (workers, SHIFTS) int
    method: str  # 'greedy' or 'exact'
    cost: float
    gap: float | None  # proven relative distance from the best possible; None = not known


def most_work(place: Place, workers: Sequence[Worker]) -> float:
    """The standard shifts that may be rostered: the orders' work, rounded up to whole person-shifts and to a crew.

    The last person-shift may be worked in part; a shift that is opened at all takes three people.
    """
    if place.work <= 0 or not workers:
        return 0.0
    fastest = max(w.pace for w in workers)
    return float(max(place.work + fastest - LEAST, MIN_CREW * fastest))


def greedy(places: Sequence[Place], workers: Sequence[Worker]) -> np.ndarray:
    """Shifts with most people available first; a leader first, then those with the smallest share of their usual week.

    A place is filled up to its demand, or to the usual week of its people where there is work for it.
    """
    table = np.full((len(workers), SHIFTS), -1)
    for p, place in enumerate(places):
        near = [i for i, w in enumerate(workers) if np.isfinite(w.minutes[p]) and p in offered(w)]
        order = sorted(range(SHIFTS), key=lambda s: (-sum(workers[i].available[s] for i in near), s))
        usual = sum(workers[i].pace * max(workers[i].usual - int((table[i] >= 0).sum()), 0) for i in near)
        target = max(place.demand, min(usual, place.work))
        ceiling = most_work(place, [workers[i] for i in near])
        target = min(target, ceiling)
        met, opened = 0.0, 0
        for s in order:
            if opened >= place.max_shifts or met >= target:
                break
            crew = _crew(s, near, table, workers, place, p, target - met, ceiling - met)
            if len(crew) < MIN_CREW:
                continue
            table[crew, s] = p
            met += sum(workers[i].pace for i in crew)
            opened += 1
    return balanced(table, workers)


def _crew(
    s: int,
    near: Sequence[int],
    table: np.ndarray,
    workers: Sequence[Worker],
    place: Place,
    p: int,
    wanted: float,
    room: float,
) -> list[int]:
    """Who works at ``place`` (index ``p``) in shift ``s``: no more than ``wanted`` standard shifts ask for and ``room`` allows."""
    free = [
        i for i in near if workers[i].available[s] and table[i, s] < 0 and (table[i] >= 0).sum() < workers[i].max_shifts
    ]
    order = sorted(free, key=lambda i: ((table[i] >= 0).sum() / max(workers[i].usual, 1), workers[i].minutes[p], i))
    leader = next((i for i in order if workers[i].is_leader), None)
    if leader is None:
        return []
    crew, made = [leader], workers[leader].pace
    for i in (i for i in order if i != leader):
        is_enough = made >= wanted and len(crew) >= MIN_CREW
        if is_enough or len(crew) >= place.stations or made + workers[i].pace > room + 1e-9:
            break
        crew.append(i)
        made += workers[i].pace
    return crew


def balanced(table: np.ndarray, workers: Sequence[Worker]) -> np.ndarray:
    """``table`` with shifts passed on, one at a time, from whoever has the largest share of their usual week to whoever has
    less of theirs, as long as both sides gain; a crew keeps a leader and its place its hours (equal paces only)."""
    given = (table >= 0).sum(axis=1)
    usual = np.array([max(w.usual, 1) for w in workers])
    near = [set(offered(w)) for w in workers]

    def pass_one_on() -> bool:
        for a in np.argsort(-given / usual, kind="stable").tolist():
            for b in np.argsort(given / usual, kind="stable").tolist():
                if (given[b] + 1) / usual[b] > (given[a] - 1) / usual[a] + 1e-9 or given[b] >= workers[b].max_shifts:
                    continue
                if abs(workers[a].pace - workers[b].pace) > 1e-9:
                    continue
                for s in np.flatnonzero(table[a] >= 0):
                    p = table[a, s]
                    if table[b, s] >= 0 or not workers[b].available[s] or p not in near[b]:
                        continue
                    crew = np.flatnonzero(table[:, s] == p).tolist()
                    if workers[b].is_leader or any(workers[int(i)].is_leader for i in crew if i != a):
                        table[b, s], table[a, s] = p, -1
                        given[a] -= 1
                        given[b] += 1
                        return True
        return False

    while pass_one_on():
        pass
    return table


def cost(table: np.ndarray, places: Sequence[Place], workers: Sequence[Worker]) -> float:
    """The weighted sum of the soft wishes that a roster breaks; lower is better."""
    total = 0.0
    for p, place in enumerate(places):
        met = sum(w.pace * float((table[i] == p).sum()) for i, w in enumerate(workers))
        total += UNMET * max(place.demand - met, 0.0)
        total += OPEN * float((table == p).any(axis=0).sum())
        total += WAY * sum(
            w.minutes[p] * float((table[i] == p).sum()) for i, w in enumerate(workers) if (table[i] == p).any()
        )
    given = (table >= 0).sum(axis=1)
    for w, shifts in zip(workers, given, strict=True):
        missing, beyond = max(w.usual - int(shifts), 0), max(int(shifts) - w.usual, 0)
        total += (SHORT * missing**2 + OVER * beyond**2) / max(w.usual, 1)
    return total


def offered(worker: Worker) -> list[int]:
    """The nearest places, at most four: pruning keeps the exact search small."""
    order = sorted((m, p) for p, m in enumerate(worker.minutes) if np.isfinite(m))
    return [p for _, p in order[:MAX_PLACES]]


def uncovered(table: np.ndarray, places: Sequence[Place], workers: Sequence[Worker]) -> float:
    """Standard shifts of demand that nobody meets, over all places."""
    paces = np.array([w.pace for w in workers])
    return sum(
        max(place.demand - float(paces @ (table == p).sum(axis=1)) if len(workers) else place.demand, 0.0)
        for p, place in enumerate(places)
    )


def changes(before: np.ndarray, after: np.ndarray, workers: Sequence[Worker]) -> list[Cell]:
    """The cells in which two rosters differ, without those that somebody can no longer work (the absence itself)."""
    return [
        (int(i), int(s))
        for i, s in zip(*np.nonzero(before != after), strict=True)
        if after[i, s] != FREE or workers[i].available[s]
    ]


def violations(
    table: np.ndarray, places: Sequence[Place], workers: Sequence[Worker], fixed: Mapping[Cell, int] | None = None
) -> list[str]:
    """Every hard rule that a roster breaks, in words; empty for a valid one."""
    broken = []
    for i, worker in enumerate(workers):
        given = np.flatnonzero(table[i] != FREE)
        if len(given) > worker.max_shifts:
            broken.append(f"{worker.name} works {len(given)} of at most {worker.max_shifts} shifts")
        broken += [f"{worker.name} is not available in shift {s}" for s in given if not worker.available[s]]
        broken += [
            f"{worker.name} can't reach {places[p].name}" for p in set(table[i, given].tolist()) - set(offered(worker))
        ]
    for p, place in enumerate(places):
        crews = (table == p).sum(axis=0)
        opened = crews > 0
        near = [w for w in workers if p in offered(w)]
        made = sum(w.pace * float((table[i] == p).sum()) for i, w in enumerate(workers))
        if made > most_work(place, near) + 1e-6:
            broken.append(f"{place.name} rosters {made:.1f} standard shifts of {place.work:.1f} that its orders hold")
        if opened.sum() > place.max_shifts:
            broken.append(f"{place.name} opens {opened.sum()} of at most {place.max_shifts} shifts")
        for s in np.flatnonzero(opened):
            crew = np.flatnonzero(table[:, s] == p).tolist()
            if len(crew) > place.stations:
                broken.append(f"{place.name} has more people than stations in shift {s}")
            if len(crew) < MIN_CREW or not any(workers[i].is_leader for i in crew):
                broken.append(f"{place.name} opens shift {s} without a crew of {MIN_CREW} and a leader")
    broken += [f"cell {cell} is not as it was fixed" for cell, place in (fixed or {}).items() if table[cell] != place]
    return broken
