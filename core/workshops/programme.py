"""The staffing of ``core.workshops.staffing`` as a mixed-integer programme: minimise weights · x under linear rows.

    model = build(places, workers, fixed={(3, 0): 0})
    x = solver(model)                       # HiGHS in a process of its own, see ``exact_search``
    model.table_of(x), model.point_of(table)

Variables, in this order: a cell (worker, place, shift) is worked; a place opens a shift; standard shifts of demand not met,
by place; a person's k-th shift short of the usual week; the k-th beyond it. Cells that are fixed have equal bounds.

A re-plan (``base`` given) first keeps what the due dates need, then changes as few cells as it can, and only then looks at
the other wishes: their costs are scaled so that all of them together hardly outweigh a single changed cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.workshops.staffing import (
    FREE,
    MIN_CREW,
    OPEN,
    OVER,
    SHIFTS,
    SHORT,
    UNMET,
    WAY,
    Cell,
    Place,
    Worker,
    most_work,
    offered,
)

__all__ = ["Programme", "build"]

CHANGE = 1.0  # cost of a changed cell in a re-plan; a standard shift of demand costs UNMET, ten times as much
WISH = 0.01  # scale of the other wishes in a re-plan

Row = tuple[dict[int, float], float, float]  # coefficients by variable, lower, upper


@dataclass(frozen=True, eq=False)
class Programme:
    """Minimise ``weights`` · x, ``lower`` ≤ x ≤ ``upper``, ``row_lower`` ≤ A x ≤ ``row_upper``; A by rows."""

    places: tuple[Place, ...]
    workers: tuple[Worker, ...]
    cells: tuple[tuple[int, int, int], ...]  # worker, place, shift
    short: tuple[tuple[int, int], ...]  # worker, k
    over: tuple[tuple[int, int], ...]
    weights: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    is_whole: np.ndarray
    starts: np.ndarray  # of each row in ``columns`` and ``values``; one more at the end
    columns: np.ndarray
    values: np.ndarray
    row_lower: np.ndarray
    row_upper: np.ndarray

    def table_of(self, x: np.ndarray) -> np.ndarray:
        """The roster that a solution stands for, shape (workers, SHIFTS)."""
        table = np.full((len(self.workers), SHIFTS), FREE)
        for k, (i, p, s) in enumerate(self.cells):
            if x[k] > 0.5:
                table[i, s] = p
        return table

    def point_of(self, table: np.ndarray) -> np.ndarray:
        """The values of all variables for a roster: where the search may begin."""
        works = [float(table[i, s] == p) for i, p, s in self.cells]
        opens = [float((table[:, s] == p).any()) for p in range(len(self.places)) for s in range(SHIFTS)]
        unmet = []
        for p, place in enumerate(self.places):
            made = sum(w.pace * float((table[i] == p).sum()) for i, w in enumerate(self.workers))
            unmet.append(max(place.demand - made, 0.0))
        given = (table != FREE).sum(axis=1)
        short = [float(k <= self.workers[i].usual - given[i]) for i, k in self.short]
        over = [float(k <= given[i] - self.workers[i].usual) for i, k in self.over]
        return np.array([*works, *opens, *unmet, *short, *over])


def build(
    places: Sequence[Place],
    workers: Sequence[Worker],
    *,
    fixed: Mapping[Cell, int] | None = None,
    base: np.ndarray | None = None,
) -> Programme:
    """The programme of a week. ``fixed``: cells that stay as they are, ``FREE`` included; ``base``: re-plan from this table."""
    cells = [(i, p, s) for i, w in enumerate(workers) for p in offered(w) for s in range(SHIFTS) if w.available[s]]
    short = [(i, k) for i, w in enumerate(workers) for k in range(1, w.usual + 1)]
    over = [(i, k) for i, w in enumerate(workers) for k in range(1, w.max_shifts - w.usual + 1)]
    n, opens = len(cells), len(places) * SHIFTS
    lower, upper = _bounds(cells, opens, len(places), len(short) + len(over), fixed or {})
    rows = [row for row in _rows(places, workers, cells, short, over) if row[0]]
    return Programme(
        places=tuple(places),
        workers=tuple(workers),
        cells=tuple(cells),
        short=tuple(short),
        over=tuple(over),
        weights=_weights(places, workers, cells, short, over, base),
        lower=lower,
        upper=upper,
        is_whole=np.arange(len(lower)) < n + opens,
        starts=np.cumsum([0, *(len(terms) for terms, _, _ in rows)]),
        columns=np.array([c for terms, _, _ in rows for c in terms], dtype=np.int32),
        values=np.array([v for terms, _, _ in rows for v in terms.values()], dtype=float),
        row_lower=np.array([low for _, low, _ in rows], dtype=float),
        row_upper=np.array([high for _, _, high in rows], dtype=float),
    )


def _weights(
    places: Sequence[Place],
    workers: Sequence[Worker],
    cells: Sequence[tuple[int, int, int]],
    short: Sequence[tuple[int, int]],
    over: Sequence[tuple[int, int]],
    base: np.ndarray | None,
) -> np.ndarray:
    scale = 1.0 if base is None else WISH
    ways = np.array([scale * WAY * workers[i].minutes[p] for i, p, _ in cells])
    if base is not None:
        ways += np.array([-CHANGE if base[i, s] == p else CHANGE for i, p, s in cells]).reshape(ways.shape)
    return np.concatenate(
        [
            ways,
            np.full(len(places) * SHIFTS, scale * OPEN),
            np.full(len(places), UNMET),
            [scale * SHORT * (2 * k - 1) / max(workers[i].usual, 1) for i, k in short],
            [scale * OVER * (2 * k - 1) / max(workers[i].usual, 1) for i, k in over],
        ]
    )


def _bounds(
    cells: Sequence[tuple[int, int, int]], opens: int, places: int, steps: int, fixed: Mapping[Cell, int]
) -> tuple[np.ndarray, np.ndarray]:
    n = len(cells)
    lower = np.zeros(n + opens + places + steps)
    upper = np.concatenate([np.ones(n + opens), np.full(places, np.inf), np.ones(steps)])
    for k, (i, p, s) in enumerate(cells):
        if (i, s) in fixed:
            lower[k] = upper[k] = float(fixed[i, s] == p)
    return lower, upper


def _rows(
    places: Sequence[Place],
    workers: Sequence[Worker],
    cells: Sequence[tuple[int, int, int]],
    short: Sequence[tuple[int, int]],
    over: Sequence[tuple[int, int]],
) -> Iterable[Row]:
    n = len(cells)
    opened, unmet = n, n + len(places) * SHIFTS  # first variable of each kind
    shorts, overs = unmet + len(places), unmet + len(places) + len(short)
    by_slot: dict[Cell, dict[int, float]] = {}
    by_worker: dict[int, dict[int, float]] = {i: {} for i in range(len(workers))}
    by_shift: dict[tuple[int, int], dict[int, float]] = {(p, s): {} for p in range(len(places)) for s in range(SHIFTS)}
    for k, (i, p, s) in enumerate(cells):
        by_slot.setdefault((i, s), {})[k] = 1.0
        by_worker[i][k] = 1.0
        by_shift[p, s][k] = 1.0
        yield {k: 1.0, opened + p * SHIFTS + s: -1.0}, -np.inf, 0.0
    for terms in by_slot.values():  # one place at a time
        if len(terms) > 1:
            yield terms, 0.0, 1.0
    balance = {i: dict(terms) for i, terms in by_worker.items()}  # shifts + short − over = usual
    for k, (i, _) in enumerate(short):
        balance[i][shorts + k] = 1.0
    for k, (i, _) in enumerate(over):
        balance[i][overs + k] = -1.0
    for i, worker in enumerate(workers):
        yield by_worker[i], 0.0, float(worker.max_shifts)
        yield balance[i], float(worker.usual), float(worker.usual)
    for (p, s), terms in by_shift.items():
        is_open = opened + p * SHIFTS + s
        leaders = {k: v for k, v in terms.items() if workers[cells[k][0]].is_leader}
        yield terms | {is_open: -float(places[p].stations)}, -np.inf, 0.0
        yield terms | {is_open: -float(MIN_CREW)}, 0.0, np.inf
        yield leaders | {is_open: -1.0}, 0.0, np.inf
    for p, place in enumerate(places):
        yield {opened + p * SHIFTS + s: 1.0 for s in range(SHIFTS)}, 0.0, float(place.max_shifts)
        made = {k: workers[i].pace for k, (i, q, _) in enumerate(cells) if q == p}
        yield made | {unmet + p: 1.0}, place.demand, np.inf
        yield made, -np.inf, most_work(place, [w for w in workers if p in offered(w)])
