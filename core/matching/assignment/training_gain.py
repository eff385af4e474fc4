"""Which course unlocks most placements: exact for single courses and pairs of courses.

A course unlocks a pair when it covers *all* essential skills that the person lacks for the job and no other limit stands
in the way. The gain of some courses is the greatest number of placements with the pairs they unlock, less the greatest
number without. It is not submodular (two courses may unlock together what neither does alone), so a set is never ranked
by adding up its parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from core.matching.inputs.limits import FAIL, LIMITS, PASS, missing_essentials, screen
from core.matching.inputs.matching_pool import PairMatrix

__all__ = ["Demand", "Gain", "demand", "gains", "max_placements", "pair_gains", "unlocked"]

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.integer[Any]]
ESSENTIAL = next(n for n, limit in enumerate(LIMITS) if limit.code == "essential_skills")


@dataclass(frozen=True, eq=False)
class Demand:
    """What training could change: pairs open now, and for the others the essential skills that alone are missing."""

    open: Bools  # (n, m) pairs that pass every limit
    missing: Bools  # (skills, n, m): skill k is missing; only pairs where nothing else stands in the way
    skills: tuple[int, ...]  # positions of the skills in the vocabulary
    seats: Ints  # (m,)

    @property
    def needed(self) -> Ints:
        """(n, m) how many skills a pair lacks; 0 where training can't help."""
        return np.asarray(self.missing.sum(axis=0))


@dataclass(frozen=True)
class Gain:
    """One course or several: placements gained over those without, and the pairs that they unlock."""

    skills: tuple[int, ...]  # positions in the vocabulary
    placements: int
    people: int  # who could attend: at least one pair unlocked
    pairs: int


def demand(matrix: PairMatrix) -> Demand:
    """Read off a block what courses could change.

    A course leads to the level of ``goalposts.course_level``: a skill asked for at a higher level is not covered.
    """
    screening = screen(matrix)
    others = np.delete(screening.states, ESSENTIAL, axis=0).min(axis=0, initial=PASS) == PASS
    reachable = others & (screening.states[ESSENTIAL] == FAIL)
    lacking = missing_essentials(matrix)
    too_high = np.zeros(matrix.shape, dtype=bool)
    for k, short in lacking:
        too_high |= short & (matrix.openings.level[None, :, k] > matrix.goalposts.course_level)
    reachable &= ~too_high
    useful = [(k, short & reachable) for k, short in lacking if (short & reachable).any()]
    missing = np.stack([short for _, short in useful]) if useful else np.zeros((0, *matrix.shape), dtype=bool)
    return Demand(screening.passed, missing, tuple(k for k, _ in useful), matrix.openings.seats)


def unlocked(need: Demand, courses: Sequence[int]) -> Bools:
    """(n, m) pairs that these courses (positions in ``need.skills``) open."""
    covered = need.missing[list(courses)].sum(axis=0)
    return np.asarray((covered > 0) & (covered == need.needed))


def max_placements(allowed: Bools, seats: Ints) -> int:
    """The greatest number of people placed, each once, within the seats (Hopcroft–Karp on one column a seat)."""
    useful = np.minimum(seats, allowed.sum(axis=0))
    columns = np.repeat(np.arange(len(seats)), useful)
    if not len(columns) or not len(allowed):
        return 0
    rows, cells = np.nonzero(allowed[:, columns])
    graph = csr_array(coo_array((np.ones(len(rows), dtype=np.int8), (rows, cells)), shape=(len(allowed), len(columns))))
    return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())


def gains(need: Demand) -> list[Gain]:
    """Every single course, most placements gained first (then by position of the skill)."""
    base = max_placements(need.open, need.seats)
    return _ordered([_gain(need, (c,), base) for c in range(len(need.skills))])


def pair_gains(need: Demand, courses: Sequence[int] | None = None) -> list[Gain]:
    """Every pair of courses (of all, or of some by position in ``need.skills``), exactly."""
    base = max_placements(need.open, need.seats)
    selected = range(len(need.skills)) if courses is None else courses
    return _ordered([_gain(need, pair, base) for pair in combinations(selected, 2)])


def _gain(need: Demand, courses: tuple[int, ...], base: int) -> Gain:
    opened = unlocked(need, courses)
    placed = max_placements(need.open | opened, need.seats) if opened.any() else base
    return Gain(
        skills=tuple(need.skills[c] for c in courses),
        placements=placed - base,
        people=int(opened.any(axis=1).sum()),
        pairs=int(opened.sum()),
    )


def _ordered(course_gains: list[Gain]) -> list[Gain]:
    return sorted(course_gains, key=lambda gain: (-gain.placements, -gain.people, gain.skills))
