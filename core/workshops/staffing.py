"""Who works which shift next week: a proposal for a named person to approve, never an order.

    roster = propose([Place(...)], [Worker(...), …], seconds=10)
    roster.method, roster.gap, roster.table      # 'exact' or 'greedy', proven distance from the best, worker × shift

Hard: availability, one place at a time, hours a week, stations, at least three people and one leader in an opened shift,
opened shifts a week. Soft: each person's guaranteed shifts, each place's demand, short ways. The greedy roster is always
made first; the exact one (mixed-integer programme, HiGHS) replaces it when it is better within the time allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

__all__ = ["MIN_CREW", "SHIFTS", "Place", "Roster", "Worker", "cost", "greedy", "propose"]

SHIFTS = 14  # Monday morning, Monday afternoon, … Sunday afternoon
MIN_CREW = 3
MAX_PLACES = 4  # nearest places a person is offered
UNMET = 10.0  # cost of a standard shift of demand not met
SHORT = 3.0  # of a guaranteed shift not given
OPEN = 0.5  # of opening a shift at all
WAY = 0.01  # of a minute on the way

Row = tuple[dict[int, float], float, float]  # of the programme: coefficients by variable, lower, upper


@dataclass(frozen=True)
class Place:
    """One workshop's week."""

    name: str
    stations: int
    demand: float  # standard shifts: standard hours ÷ hours a shift
    max_shifts: int  # opened shifts a week


@dataclass(frozen=True)
class Worker:
    """One person's week."""

    name: str
    available: tuple[bool, ...]  # SHIFTS values
    max_shifts: int
    guaranteed: int  # shifts the person counts on
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


def greedy(places: Sequence[Place], workers: Sequence[Worker]) -> np.ndarray:
    """Shifts with most people available first; a leader first, then those furthest from what they count on."""
    table = np.full((len(workers), SHIFTS), -1)
    for p, place in enumerate(places):
        near = [i for i, w in enumerate(workers) if np.isfinite(w.minutes[p]) and p in _offered(w)]
        order = sorted(range(SHIFTS), key=lambda s: (-sum(workers[i].available[s] for i in near), s))
        met, opened = 0.0, 0
        for s in order:
            if opened >= place.max_shifts or met >= place.demand:
                break
            free = [
                i
                for i in near
                if workers[i].available[s] and table[i, s] < 0 and (table[i] >= 0).sum() < workers[i].max_shifts
            ]
            leaders = [i for i in free if workers[i].is_leader]
            if not leaders or len(free) < MIN_CREW:
                continue
            rest = sorted(
                (i for i in free if i != leaders[0]),
                key=lambda i: ((table[i] >= 0).sum() - workers[i].guaranteed, workers[i].minutes[p], i),
            )
            crew_size = int(np.ceil((place.demand - met) / max(sum(workers[i].pace for i in free) / len(free), 1e-9)))
            crew = [leaders[0], *rest][: max(MIN_CREW, min(place.stations, crew_size))][: max(place.stations, 0)]
            if len(crew) < MIN_CREW:
                continue
            table[crew, s] = p
            met += sum(workers[i].pace for i in crew)
            opened += 1
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
    return total + SHORT * sum(max(w.guaranteed - int(given[i]), 0) for i, w in enumerate(workers))


def _offered(worker: Worker) -> list[int]:
    """The nearest places, at most four: pruning keeps the exact search small."""
    order = sorted((m, p) for p, m in enumerate(worker.minutes) if np.isfinite(m))
    return [p for _, p in order[:MAX_PLACES]]


def _exact(places: Sequence[Place], workers: Sequence[Worker], seconds: float) -> Roster | None:
    """The roster of least ``cost`` by mixed-integer programming; None when nothing was found in time."""
    cells = [(i, p, s) for i, w in enumerate(workers) for p in _offered(w) for s in range(SHIFTS) if w.available[s]]
    if not cells:
        return None
    n, opens, people = len(cells), len(places) * SHIFTS, len(workers)
    size = n + opens + len(places) + people  # cells, opened shifts, unmet demand, guaranteed shifts not given
    weights = np.concatenate(
        [
            [WAY * workers[i].minutes[p] for i, p, _ in cells],
            np.full(opens, OPEN),
            np.full(len(places), UNMET),
            np.full(people, SHORT),
        ]
    )
    rows: list[Row] = []
    by_slot: dict[tuple[int, int], dict[int, float]] = {}
    by_worker: dict[int, dict[int, float]] = {i: {} for i in range(people)}
    by_shift: dict[tuple[int, int], dict[int, float]] = {(p, s): {} for p in range(len(places)) for s in range(SHIFTS)}
    for k, (i, p, s) in enumerate(cells):
        by_slot.setdefault((i, s), {})[k] = 1.0
        by_worker[i][k] = 1.0
        by_shift[p, s][k] = 1.0
    rows += [(terms, 0.0, 1.0) for terms in by_slot.values() if len(terms) > 1]
    rows += [({k: 1.0, n + p * SHIFTS + s: -1.0}, -np.inf, 0.0) for k, (_, p, s) in enumerate(cells)]
    for i, terms in by_worker.items():
        rows.append((terms, 0.0, float(workers[i].max_shifts)))
        rows.append((terms | {n + opens + len(places) + i: 1.0}, float(workers[i].guaranteed), np.inf))
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
    answer = _solve(rows, weights, is_whole=np.arange(size) < n + opens, seconds=seconds)
    if answer.x is None:
        return None
    table = np.full((len(workers), SHIFTS), -1)
    for k, (i, p, s) in enumerate(cells):
        if answer.x[k] > 0.5:
            table[i, s] = p
    return Roster(table, "exact", cost(table, places, workers), float(answer.mip_gap))


def _solve(rows: list[Row], weights: np.ndarray, is_whole: np.ndarray, seconds: float) -> Any:
    """HiGHS on: minimise weights · x, lower ≤ Σ coefficient · x ≤ upper for each row; whole variables are 0 or 1."""
    entries = np.array([(r, c) for r, (terms, _, _) in enumerate(rows) for c in terms])
    values = np.array([v for terms, _, _ in rows for v in terms.values()])
    matrix = coo_array((values, (entries[:, 0], entries[:, 1])), shape=(len(rows), len(weights))).tocsr()
    return milp(
        weights,
        constraints=LinearConstraint(matrix, np.array([lo for _, lo, _ in rows]), np.array([hi for _, _, hi in rows])),
        bounds=Bounds(0, np.where(is_whole, 1.0, np.inf)),
        integrality=is_whole.astype(float),
        options={"time_limit": seconds, "mip_rel_gap": 0.005},
    )
