"""People to openings as a whole: the exact optimum, what practice would give instead, prices and a certificate.

max Σ s·x, Σ_j x ≤ 1, Σ_i x ≤ seats, x ∈ {0, 1}. It is a proposal; a named person confirms each pair.

Two exact solvers, chosen by size; times on one core from tests/benchmarks/bench_matching.py, same optimum each time.
scipy's linear_sum_assignment on the matrix with one column a seat serves a district: 3 ms at 500 × 90, 11 ms at 1,000 ×
200 (OR-tools 4 and 15 ms), scores as they are and nothing to load. It grows with people × seats²: at 10,000 × 1,000 with
30 feasible jobs each it takes 1 s where seats are scarce and 32 s where there are nearly as many as people. There OR-tools'
SimpleMinCostFlow, which only sees the feasible pairs, takes 0.2–0.6 s; the proof, over the same pairs, 0.02 s. It needs
whole numbers, so scores are rounded to at most nine decimals (``flow.rounded``) and the certificate is one for the
rounded scores. scipy's sparse
min_weight_full_bipartite_matching needs a column of their own for the unplaced, 31 ms and 1.3 s: the faster of neither.

    plan = assign(score, allowed, seats)
    plan.pairs            # [(0, 1), (1, 0)]
    plan.price            # what one more seat of each job would gain
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from core.matching.assignment import min_cost_flow

__all__ = ["Assignment", "Certificate", "ConflictingLocks", "assign", "best_pair_first", "blocking", "job_by_job"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.integer[Any]]
Pair = tuple[int, int]
DENSE_CELLS = 4_000_000  # people × seats up to which the expanded matrix is solved
THIN = 0.25  # share of feasible pairs


@dataclass(eq=False)
class ConflictingLocks(Exception):
    """The locked pairs can't all hold: a person twice, or more of them than seats."""

    pairs: tuple[Pair, ...]

    def __str__(self) -> str:
        return f"locked pairs contradict each other: {list(self.pairs)}"


@dataclass(frozen=True, eq=False)
class Feasible:
    """The pairs that may be: ``people``, ``jobs`` (pairs,) in order, ``value`` of each; ``shape`` = (n, m)."""

    people: Ints
    jobs: Ints
    value: Floats
    shape: tuple[int, int]

    @classmethod
    def of(cls, score: Floats, allowed: Bools) -> Self:
        """The pairs where ``allowed`` (n, m), with their scores."""
        n, m = score.shape
        cells = np.flatnonzero(allowed)
        people, jobs = np.divmod(cells, max(m, 1))
        return cls(people, jobs, score.ravel()[cells].astype(np.float64), (n, m))

    def positions(self, people: Ints, jobs: Ints) -> Ints:
        """Where these feasible pairs stand."""
        return np.searchsorted(self.people * self.shape[1] + self.jobs, np.sort(people * self.shape[1] + jobs))

    def is_thin(self, seats: Ints) -> bool:
        """Whether the flow over feasible pairs is the better way: a large matrix with few of them."""
        n, m = self.shape
        cells = n * int(np.minimum(seats, np.bincount(self.jobs, minlength=m)).sum())
        return cells > DENSE_CELLS and len(self.people) < THIN * n * m


@dataclass(frozen=True, eq=False)
class Runs:
    """Stretches of equal numbers in a sorted array: which ``numbers`` occur, and where each begins."""

    numbers: Ints
    starts: Ints

    @classmethod
    def of(cls, in_order: Ints) -> Self:
        """The stretches of ``in_order``."""
        starts = np.flatnonzero(np.diff(in_order, prepend=-1))
        return cls(in_order[starts], starts)

    def greatest(self, value: Floats, least: Floats) -> Floats:
        """``least`` by number, or the greatest ``value`` of the number's stretch where that is more."""
        result = least.copy()
        if len(self.starts):
            result[self.numbers] = np.maximum(least[self.numbers], np.maximum.reduceat(value, self.starts))
        return result


@dataclass(frozen=True, eq=False)
class Certificate:
    """Proof of optimality by duality: primal = dual, no reduced cost below zero."""

    primal: float
    dual: float
    least_reduced_cost: float

    def holds(self, tolerance: float = 1e-9) -> bool:
        scale = max(1.0, abs(self.primal))
        return abs(self.primal - self.dual) <= tolerance * scale and self.least_reduced_cost >= -tolerance * scale


@dataclass(frozen=True, eq=False)
class Assignment:
    """Pairs (person, job) in order, their scores' sum, the price of one more seat a job (m,), the proof.

    With ``maximise_placements`` one more seat gains ``extra`` placements (0 or 1) and changes the sum by ``price``.
    """

    pairs: tuple[Pair, ...]
    total: float
    price: Floats
    extra: Ints
    certificate: Certificate | None = None

    @property
    def placed(self) -> int:
        return len(self.pairs)


def assign(
    score: Floats,
    allowed: Bools,
    seats: Ints,
    *,
    maximise_placements: bool = False,
    locked: Iterable[Pair] = (),
    forbidden: Iterable[Pair] = (),
) -> Assignment:
    """The pairs with the greatest sum of scores; ``score`` (n, m) ≥ 0 where ``allowed``, ``seats`` (m,).

    ``maximise_placements`` first seeks the greatest number of pairs, among those the greatest sum. ``locked`` pairs hold in
    any case (also where not allowed), ``forbidden`` never. ConflictingLocks if the locked ones contradict each other.
    """
    n, _ = score.shape
    fixed = tuple(dict.fromkeys(locked))
    allowed_pairs = allowed.copy()
    for person, job in forbidden:
        allowed_pairs[person, job] = False
    left = _take_locked(fixed, allowed_pairs, seats)
    feasible = Feasible.of(score, allowed_pairs)
    # At most k pairs with one seat more: sums of scores differ by k × the largest at most. A bonus of over twice that a
    # pair puts placements first, and the price of a seat, extra × bonus + change of the sum, splits by rounding.
    largest = float(feasible.value.max(initial=0.0))
    bonus = 2 * (min(n, int(left.sum()) + 1) + 1) * largest + 1 if maximise_placements else 0.0
    feasible = replace(feasible, value=feasible.value + bonus)
    if feasible.is_thin(left):
        value, _ = min_cost_flow.rounded(feasible.value, n + len(seats) + 2)
        feasible = replace(feasible, value=value)
        chosen = min_cost_flow.solve(value, feasible.people, feasible.jobs, left)
    else:
        chosen = _assign_expanded_seats(feasible, left)
    certificate, price = _certify(feasible, left, chosen)
    pairs = tuple(zip(feasible.people[chosen].tolist(), feasible.jobs[chosen].tolist(), strict=True))
    both = tuple(sorted(fixed + pairs))
    total = float(score[tuple(np.array(both, dtype=np.intp).reshape(-1, 2).T)].sum())
    extra = np.rint(price / bonus) if bonus else np.zeros_like(price)
    return Assignment(both, total, price - extra * bonus, extra.astype(np.int64), certificate)


def best_pair_first(score: Floats, allowed: Bools, seats: Ints) -> Assignment:
    """Greedy: the best pair anywhere, then the next; with one shared score this is the stable matching."""
    people, jobs = np.nonzero(allowed)
    order = np.lexsort((jobs, people, -score[people, jobs]))
    return _take_in_order(score, seats, zip(people[order].tolist(), jobs[order].tolist(), strict=True))


def job_by_job(score: Floats, allowed: Bools, seats: Ints) -> Assignment:
    """Practice: one opening after another, each takes its best people who are still free."""
    free, pairs = np.ones(len(score), dtype=bool), []
    for job in range(score.shape[1]):
        rows = np.flatnonzero(allowed[:, job] & free)
        for person in rows[np.lexsort((rows, -score[rows, job]))][: int(seats[job])].tolist():
            free[person] = False
            pairs.append((person, job))
    pairs.sort()
    return Assignment(tuple(pairs), float(sum(score[pair] for pair in pairs)), *_no_prices(score))


def blocking(score: Floats, allowed: Bools, seats: Ints, pairs: Iterable[Pair]) -> int:
    """Blocking pairs: the person scores higher there, and the job has a free seat or
    holds someone who scores lower. None under best-pair-first; an optimum may have some.
    """
    mine = np.full(len(score), -np.inf)
    worst = np.where(seats > 0, -np.inf, np.inf)  # score that a newcomer must beat
    held: dict[int, list[float]] = {}
    for person, job in pairs:
        mine[person] = score[person, job]
        held.setdefault(job, []).append(float(score[person, job]))
    for job, values in held.items():
        worst[job] = min(values) if len(values) >= seats[job] else -np.inf
    return int((allowed & (score > mine[:, None]) & (score > worst[None, :])).sum())


def _no_prices(score: Floats) -> tuple[Floats, Ints]:
    """Prices of an assignment that is no optimum: unknown."""
    return np.full(score.shape[1], np.nan), np.zeros(score.shape[1], dtype=np.int64)


def _take_in_order(score: Floats, seats: Ints, ordered: Iterable[Pair]) -> Assignment:
    left, taken, pairs = seats.astype(int).tolist(), set(), []
    for person, job in ordered:
        if left[job] > 0 and person not in taken:
            left[job] -= 1
            taken.add(person)
            pairs.append((person, job))
    pairs.sort()
    return Assignment(tuple(pairs), float(sum(score[pair] for pair in pairs)), *_no_prices(score))


def _take_locked(fixed: tuple[Pair, ...], allowed_pairs: Bools, seats: Ints) -> Ints:
    """Take locked people and seats out of the problem; returns the seats left."""
    left = seats.astype(np.int64).copy()
    people = [person for person, _ in fixed]
    for person, job in fixed:
        left[job] -= 1
        allowed_pairs[person] = False
    if len(set(people)) < len(people) or (left < 0).any():
        raise ConflictingLocks(fixed)
    return left


def _assign_expanded_seats(feasible: Feasible, seats: Ints) -> Ints:
    """Exact assignment by linear_sum_assignment, one column a seat (no more seats than people who may take them)."""
    n, m = feasible.shape
    useful = np.minimum(seats, np.bincount(feasible.jobs, minlength=m))
    columns, rows = np.repeat(np.arange(m), useful), np.unique(feasible.people)
    if not len(columns) or not len(rows):
        return np.empty(0, dtype=np.intp)
    value = np.zeros((n, m))
    value[feasible.people, feasible.jobs] = feasible.value
    people, places = linear_sum_assignment(value[np.ix_(rows, columns)], maximize=True)
    people, jobs = rows[people], columns[places]
    return feasible.positions(people[value[people, jobs] > 0], jobs[value[people, jobs] > 0])


def _certify(feasible: Feasible, seats: Ints, chosen: Ints) -> tuple[Certificate, Floats]:
    """Dual prices from the optimum: v_j = what one more seat of j gains, by longest paths through reassignments.

    v_j = max(0, free person's value at j, value at j − value at k + v_k for someone placed at k); u_i = max(0, value −
    v). They are feasible by construction; equality of Σu + Σ seats·v with the primal proves the optimum. All of it runs
    over the feasible pairs, so that the proof costs little beside the solution.
    """
    (n, m), people, jobs, value = feasible.shape, feasible.people, feasible.jobs, feasible.value
    job_of, held = np.full(n, -1), np.zeros(n)
    job_of[people[chosen]], held[people[chosen]] = jobs[chosen], value[chosen]
    by_job = np.argsort(jobs.astype(np.min_scalar_type(m)), kind="stable")
    into = Runs.of(jobs[by_job])
    holder, gain = job_of[people[by_job]], (value - held[people])[by_job]
    price, source = np.zeros(m), np.zeros(m + 1)  # a free person comes from no job, at the price 0
    for _ in range(m + 1):
        source[:m] = price
        longer = into.greatest(gain + source[holder], price)
        if np.array_equal(longer, price):
            break
        price = longer
    # A job with a seat left has price 0: one more would stay empty too.
    price = np.where(np.bincount(jobs[chosen], minlength=m) < seats, 0.0, price)
    worth = Runs.of(people).greatest(value - price[jobs], np.zeros(n))
    primal, dual = float(value[chosen].sum()), float(worth.sum() + (seats * price).sum())
    slack = worth[people] + price[jobs] - value
    return Certificate(primal, dual, float(slack.min(initial=0.0))), price
