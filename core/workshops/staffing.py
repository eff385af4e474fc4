"""Who works which shift next week: a proposal for a named person to approve, never an order.

    roster = propose([Place(...)], [Worker(...), …], seconds=10)
    roster.method, roster.gap, roster.table      # 'exact' or 'greedy', proven distance from the best, worker × shift

Hard: availability, one place at a time, hours a week, stations, at least three people and one leader in an opened shift,
opened shifts a week, and no more hours than the open orders hold work for. Soft, dearest first: each place's demand;
each person's usual week; nobody beyond it while others are below; few opened shifts; short ways.

The shifts of a usual week that a person is not given cost SHORT·(2k − 1)/usual for the k-th, those beyond it OVER·(2k − 1)/usual:
growing costs, so that people of the same usual week get the same hours as far as their availability allows, and people of
different weeks the same share. The greedy roster is always made first; the exact one (mixed-integer programme, HiGHS)
replaces it when it is better within the time allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

__all__ = ["MIN_CREW", "SHIFTS", "Place", "Roster", "Worker", "cost", "greedy", "most_work", "propose"]

SHIFTS = 14  # Monday morning, Monday afternoon, … Sunday afternoon
MIN_CREW = 3
MAX_PLACES = 4  # nearest places a person is offered
UNMET = 10.0  # cost of a standard shift of demand not met
SHORT = 3.0  # of a whole usual week not given, for each of its shifts
OVER = 2.0  # of a second usual week on top, for each of its shifts
OPEN = 0.5  # of opening a shift at all
WAY = 0.01  # of a minute on the way
LEAST = 1e-4  # standard shifts of work for which nobody comes

Row = tuple[dict[int, float], float, float]  # of the programme: coefficients by variable, lower, upper


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


def propose(places: Sequence[Place], workers: Sequence[Worker], seconds: float = 10.0) -> Roster:
    """The better of the greedy and the exact roster."""
    first = greedy(places, workers)
    value = cost(first, places, workers)
    quick = Roster(first, "greedy", value, None)
    if not workers or not places:
        return quick
    exact = _exact(places, workers, seconds)
    if exact is None or exact.cost > value + 1e-9:
        return quick
    return exact


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
        near = [i for i, w in enumerate(workers) if np.isfinite(w.minutes[p]) and p in _offered(w)]
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
    return _balanced(table, workers)


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


def _balanced(table: np.ndarray, workers: Sequence[Worker]) -> np.ndarray:
    """``table`` with shifts passed on, one at a time, from whoever has the largest share of their usual week to whoever has
    less of theirs, as long as both sides gain; a crew keeps a leader and its place its hours (equal paces only)."""
    given = (table >= 0).sum(axis=1)
    usual = np.array([max(w.usual, 1) for w in workers])
    offered = [set(_offered(w)) for w in workers]

    def pass_one_on() -> bool:
        for a in np.argsort(-given / usual, kind="stable").tolist():
            for b in np.argsort(given / usual, kind="stable").tolist():
                if (given[b] + 1) / usual[b] > (given[a] - 1) / usual[a] + 1e-9 or given[b] >= workers[b].max_shifts:
                    continue
                if abs(workers[a].pace - workers[b].pace) > 1e-9:
                    continue
                for s in np.flatnonzero(table[a] >= 0):
                    p = table[a, s]
                    if table[b, s] >= 0 or not workers[b].available[s] or p not in offered[b]:
                        continue
                    crew = np.flatnonzero(table[:, s] == p)
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


def _offered(worker: Worker) -> list[int]:
    """The nearest places, at most four: pruning keeps the exact search small."""
    order = sorted((m, p) for p, m in enumerate(worker.minutes) if np.isfinite(m))
    return [p for _, p in order[:MAX_PLACES]]


def _exact(places: Sequence[Place], workers: Sequence[Worker], seconds: float) -> Roster | None:
    """The roster of least ``cost`` by mixed-integer programming; None when nothing was found in time."""
    cells = [(i, p, s) for i, w in enumerate(workers) for p in _offered(w) for s in range(SHIFTS) if w.available[s]]
    if not cells:
        return None
    n, opens = len(cells), len(places) * SHIFTS
    # A person's k-th shift short of the usual week and the k-th beyond it, each with its own cost; both grow with k.
    short = [(i, k) for i, w in enumerate(workers) for k in range(1, w.usual + 1)]
    over = [(i, k) for i, w in enumerate(workers) for k in range(1, w.max_shifts - w.usual + 1)]
    weights = np.concatenate(
        [
            [WAY * workers[i].minutes[p] for i, p, _ in cells],
            np.full(opens, OPEN),
            np.full(len(places), UNMET),
            [SHORT * (2 * k - 1) / max(workers[i].usual, 1) for i, k in short],
            [OVER * (2 * k - 1) / max(workers[i].usual, 1) for i, k in over],
        ]
    )
    upper = np.concatenate([np.ones(n + opens), np.full(len(places), np.inf), np.ones(len(short) + len(over))])
    rows: list[Row] = []
    by_slot: dict[tuple[int, int], dict[int, float]] = {}
    by_worker: dict[int, dict[int, float]] = {i: {} for i in range(len(workers))}
    by_shift: dict[tuple[int, int], dict[int, float]] = {(p, s): {} for p in range(len(places)) for s in range(SHIFTS)}
    for k, (i, p, s) in enumerate(cells):
        by_slot.setdefault((i, s), {})[k] = 1.0
        by_worker[i][k] = 1.0
        by_shift[p, s][k] = 1.0
    rows += [(terms, 0.0, 1.0) for terms in by_slot.values() if len(terms) > 1]
    rows += [({k: 1.0, n + p * SHIFTS + s: -1.0}, -np.inf, 0.0) for k, (_, p, s) in enumerate(cells)]
    balance = {i: dict(terms) for i, terms in by_worker.items()}  # shifts + short − over = usual
    first = n + opens + len(places)
    for k, (i, _) in enumerate(short):
        balance[i][first + k] = 1.0
    for k, (i, _) in enumerate(over):
        balance[i][first + len(short) + k] = -1.0
    for i, worker in enumerate(workers):
        rows.append((by_worker[i], 0.0, float(worker.max_shifts)))
        rows.append((balance[i], float(worker.usual), float(worker.usual)))
    for (p, s), terms in by_shift.items():
        is_open = n + p * SHIFTS + s
        leaders = {k: v for k, v in terms.items() if workers[cells[k][0]].is_leader}
        rows.append((terms | {is_open: -float(places[p].stations)}, -np.inf, 0.0))
        rows.append((terms | {is_open: -float(MIN_CREW)}, 0.0, np.inf))
        rows.append((leaders | {is_open: -1.0}, 0.0, np.inf))
    for p, place in enumerate(places):
        rows.append(({n + p * SHIFTS + s: 1.0 for s in range(SHIFTS)}, 0.0, float(place.max_shifts)))
        made = {k: workers[i].pace for k, (i, q, _) in enumerate(cells) if q == p}
        rows.append((made | {n + opens + p: 1.0}, place.demand, np.inf))
        near = [w for w in workers if p in _offered(w)]
        rows.append((made, -np.inf, most_work(place, near)))
    answer = _solve(rows, weights, upper, is_whole=np.arange(len(weights)) < n + opens, seconds=seconds)
    if answer.x is None:
        return None
    table = np.full((len(workers), SHIFTS), -1)
    for k, (i, p, s) in enumerate(cells):
        if answer.x[k] > 0.5:
            table[i, s] = p
    best = min((table, _balanced(table.copy(), workers)), key=lambda t: cost(t, places, workers))
    return Roster(best, "exact", cost(best, places, workers), float(answer.mip_gap))


def _solve(rows: list[Row], weights: np.ndarray, upper: np.ndarray, *, is_whole: np.ndarray, seconds: float) -> Any:
    """HiGHS on: minimise weights · x, 0 ≤ x ≤ ``upper``, lower ≤ Σ coefficient · x ≤ upper for each row."""
    rows = [row for row in rows if row[0]]
    entries = np.array([(r, c) for r, (terms, _, _) in enumerate(rows) for c in terms])
    values = np.array([v for terms, _, _ in rows for v in terms.values()])
    matrix = coo_array((values, (entries[:, 0], entries[:, 1])), shape=(len(rows), len(weights))).tocsr()
    return milp(
        weights,
        constraints=LinearConstraint(matrix, np.array([lo for _, lo, _ in rows]), np.array([hi for _, _, hi in rows])),
        bounds=Bounds(0, upper),
        integrality=is_whole.astype(float),
        options={"time_limit": seconds, "mip_rel_gap": 0.005},
    )
