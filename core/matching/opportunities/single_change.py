"""一人一解: for everybody whom something keeps from all openings, the one cheapest change that opens at least one.

Exact by enumeration: for every pair the limits say whether one change alone would let it pass, and which. A change is one
fact learnt at a visit, one call to an employer, a longer way, one course, or one concession of an employer. Changes have
a fixed order of cost (``Change``); of the openings that the cheapest one brings, the one with most free seats is named.

    changes = cheapest_changes(pool)
    changes.table            # one row a blocked person
    changes.counts()         # 'visit' 43, 'course' 12 …
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.geography.plane import TravelMode
from core.matching.inputs.limits import FAIL, LIMITS, PASS, UNKNOWN, States, check, missing_essentials
from core.matching.inputs.matching_pool import MatchingPool, PairMatrix
from core.terms import Term

__all__ = ["EXTRA_MINUTES", "Change", "Changes", "cheapest_changes"]

Ints = npt.NDArray[np.integer[Any]]
EXTRA_MINUTES = 20.0  # the longer way that may be asked for, one way
PEOPLE_AT_ONCE = 4_000_000  # pairs whose limits are held in memory at once


class Change(Term):
    """One change, cheapest first."""

    VISIT = "visit", "一次走访", "one visit"
    CALL = "call", "一次企业核实", "one call to the employer"
    TRAVEL = "travel", "多走20分钟", "20 more minutes of travel"
    COURSE = "course", "一门培训", "one course"
    CONCESSION = "concession", "企业一项调整", "one concession of the employer"


# Limits by what their change is. What is not named here nobody can change: refused, seats, certificate of law, home work.
VISIT_FACTS = ("certificate", "essential_skills", "home_work", "commute")  # unknown on the person's side
CALL_FACTS = ("seated", "lifting", "step_free", "nights", "home_only", "hours", "reserve_pay", "pay_floor", "fresh")
CONCESSIONS = ("fresh", "hours", "reserve_pay", "lifting", "seated", "nights", "step_free", "home_only", "pay_floor")
POSITION = {limit.code: n for n, limit in enumerate(LIMITS)}


@dataclass(frozen=True, eq=False)
class Changes:
    """People without any opening, and what would bring one.

    ``table`` has a row a blocked person: person and job (positions in the pool; job −1 where no single change helps),
    change (code of a ``Change``, NA), limit (position in ``LIMITS``, −1), skill (position in the vocabulary, −1), minutes (the
    way to the job), openings (jobs that this kind of change opens for the person).
    """

    table: pd.DataFrame
    seekers: int
    without_obstacle: int  # people with at least one opening as things stand

    def counts(self) -> dict[Change | None, int]:
        """People by the kind of their cheapest change; None: no single change is enough."""
        return {
            change: int((self.table["change"].isna() if change is None else self.table["change"] == change).sum())
            for change in (*Change, None)
        }


def cheapest_changes(pool: MatchingPool, mode: TravelMode = TravelMode.WALK) -> Changes:
    """The cheapest single change for everybody in the pool who seeks work and passes no opening."""
    rows = np.flatnonzero(pool.people_mask())
    step = max(1, PEOPLE_AT_ONCE // max(1, len(pool.openings) * len(LIMITS)))
    parts, without_obstacle = [], 0
    for start in range(0, len(rows), step):
        people = rows[start : start + step]
        matrix = pool.pair_matrix(people.tolist(), None, mode)
        states = check(matrix)
        is_blocked = ~(states == PASS).all(axis=0).any(axis=1)
        without_obstacle += int((~is_blocked).sum())
        parts.append(_best(matrix, states, people, is_blocked))
    columns = ["person", "job", "change", "limit", "skill", "minutes", "openings"]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return Changes(table[columns], seekers=len(rows), without_obstacle=without_obstacle)


def _best(matrix: PairMatrix, states: States, people: Ints, is_blocked: npt.NDArray[np.bool_]) -> pd.DataFrame:
    cost, limit, skill = single_changes(matrix, states)
    # The order of cost first, then most free seats, then the opening's place in the pool.
    seats = np.broadcast_to(matrix.openings.seats[None, :], matrix.shape)
    best_cost = cost.min(axis=1, initial=len(Change))
    is_best = (cost == best_cost[:, None]) & (cost < len(Change))
    job = np.where(is_best, seats, -1).argmax(axis=1) if matrix.shape[1] else np.zeros(len(people), dtype=np.int64)
    row = np.flatnonzero(is_blocked)
    can = best_cost[row] < len(Change)
    taken = job[row]
    picked = (row, taken) if matrix.shape[1] else None
    none = np.full(len(row), -1)
    changes = list(Change)
    return pd.DataFrame(
        {
            "person": people[row],
            "job": np.where(can, taken, -1),
            "change": pd.Series(
                [changes[c].value if ok else None for c, ok in zip(best_cost[row], can, strict=True)], dtype="str"
            ),
            "limit": none if picked is None else np.where(can, limit[picked], -1),
            "skill": none if picked is None else np.where(can, skill[picked], -1),
            "minutes": np.nan if picked is None else np.where(can, matrix.minutes[picked], np.nan),
            "openings": is_best[row].sum(axis=1),
        }
    )


def single_changes(matrix: PairMatrix, states: States) -> tuple[Ints, Ints, Ints]:
    """For every pair (n, m): the order of the cheapest change that alone opens it (``len(Change)`` where none does), the
    limit that it concerns and the skill that a course teaches (−1).
    """
    fails, unknown = (states == FAIL).sum(axis=0), (states == UNKNOWN).sum(axis=0)
    cost = np.full(matrix.shape, len(Change), dtype=np.int64)
    limit, skill = np.full(matrix.shape, -1), np.full(matrix.shape, -1)

    def offer(change: Change, pairs: npt.NDArray[np.bool_], concerned: Any, taught: Any = -1) -> None:
        better = pairs & (change.order < cost)
        cost[better] = change.order
        limit[better] = np.broadcast_to(concerned, matrix.shape)[better]
        skill[better] = np.broadcast_to(taught, matrix.shape)[better]

    one_fact, one_failure = (fails == 0) & (unknown == 1), (fails == 1) & (unknown == 0)
    for change, codes in ((Change.VISIT, VISIT_FACTS), (Change.CALL, CALL_FACTS)):
        for code in codes:
            offer(change, one_fact & (states[POSITION[code]] == UNKNOWN), POSITION[code])
    near = matrix.minutes <= matrix.seekers.max_commute[:, None] + EXTRA_MINUTES
    offer(Change.TRAVEL, one_failure & (states[POSITION["commute"]] == FAIL) & near, POSITION["commute"])
    lacking = missing_essentials(matrix)
    number = sum((short.astype(np.int64) for _, short in lacking), start=np.zeros(matrix.shape, dtype=np.int64))
    one_skill = one_failure & (states[POSITION["essential_skills"]] == FAIL) & (number == 1)
    for k, short in lacking:
        is_taught = matrix.openings.level[None, :, k] <= matrix.goalposts.course_level
        offer(Change.COURSE, one_skill & short & is_taught, POSITION["essential_skills"], k)
    for code in CONCESSIONS:
        offer(Change.CONCESSION, one_failure & (states[POSITION[code]] == FAIL), POSITION[code])
    return cost, limit, skill
