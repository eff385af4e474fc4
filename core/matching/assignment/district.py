"""Everyone against every opening: the proposal for the whole district, and what a course would change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.geography.plane import TravelMode
from core.matching.assignment.optimum import Assignment, assign, best_pair_first, blocking, job_by_job
from core.matching.assignment.training_gain import Demand, Gain, demand, gains, pair_gains, unlocked
from core.matching.inputs.limits import FAIL, LIMITS, PASS, UNKNOWN, Screen, screen
from core.matching.inputs.matching_pool import MatchingPool, PairMatrix
from core.matching.ranking.scoring import Profile, Weights, is_rankable, points_per_unit, scores

__all__ = ["CoursePlan", "District", "Proposal", "course_plan", "district", "propose", "unplaced"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Pair = tuple[int, int]
FloatOrArray = TypeVar("FloatOrArray", float, npt.NDArray[np.float64])
PAIRED = 20  # courses of which every pair is enumerated: the best single ones by reach


@dataclass(frozen=True, eq=False)
class District:
    """All pairs of a pool, computed once for a way of travel."""

    pool: MatchingPool
    mode: TravelMode
    matrix: PairMatrix
    profile: Profile  # (7, n·m), pairs person by person
    limits: Screen

    @property
    def shape(self) -> tuple[int, int]:
        return self.matrix.shape

    @cached_property
    def demand(self) -> Demand:
        """What courses could change."""
        return demand(self.matrix)

    @cached_property
    def courses(self) -> list[Gain]:
        """Single courses, most placements gained first."""
        return gains(self.demand)

    @cached_property
    def course_pairs(self) -> list[Gain]:
        """Every pair of the courses that reach most people."""
        reach = self.demand.missing.any(axis=2).sum(axis=1) if len(self.demand.skills) else np.zeros(0)
        return pair_gains(self.demand, sorted(np.argsort(-reach, kind="stable")[:PAIRED].tolist()))


@dataclass(frozen=True, eq=False)
class Proposal:
    """The optimum beside what practice gives, over the same allowed pairs.

    Scores (n, m) are the whole numbers of the list; ``points_per_unit`` turns them, and sums of them, into points.
    """

    score: Floats
    points_per_unit: float
    allowed: Bools
    optimum: Assignment
    best_pair: Assignment
    by_job: Assignment
    seats: npt.NDArray[np.int64]  # (m,) of the jobs in play; 0 for the others
    people_mask: Bools  # (n,) people in play
    passed: Bools  # (n, m) pairs that pass every limit, known well enough or not
    solve: Callable[[npt.NDArray[np.int64]], Assignment]  # the same problem with other seats

    def points(self, total: FloatOrArray) -> FloatOrArray:
        """Scores, or sums of scores, in points out of 100."""
        return total * self.points_per_unit

    def blocking(self, plan: Assignment) -> int:
        """Pairs of which both sides would prefer each other to what ``plan`` gives them."""
        return blocking(self.score, self.allowed, self.seats, plan.pairs)

    def one_more(self, job: int) -> list[int]:
        """Who is placed anywhere in the optimum with one more seat of ``job``, and is not now."""
        seats = self.seats.copy()
        seats[job] += 1
        now = {person for person, _ in self.optimum.pairs}
        return sorted({person for person, _ in self.solve(seats).pairs} - now)


@dataclass(frozen=True, eq=False)
class CoursePlan:
    """A course held: who could attend (positions), in which communities, which openings they would fill."""

    attend: npt.NDArray[np.intp]
    communities: pd.DataFrame  # community, people; most first
    fills: pd.DataFrame  # job (position), title, employer, people; most first
    gained: int


def district(pool: MatchingPool, mode: TravelMode) -> District:
    """Factors and limits of every pair of the pool."""
    matrix = pool.pair_matrix(mode=mode)
    return District(pool, mode, matrix, Profile.of_pairs(matrix), screen(matrix))


def propose(
    district_pairs: District,
    weights: Weights,
    *,
    people_mask: Bools | None = None,
    jobs_mask: Bools | None = None,
    maximise_placements: bool = True,
    locked: Iterable[Pair] = (),
    forbidden: Iterable[Pair] = (),
) -> Proposal:
    """Solve for the whole district over pairs that pass every limit and are known well enough.

    ``people_mask`` (n,) people, ``jobs_mask`` (m,) openings in play; ``locked`` and ``forbidden`` are positions (person, job). Practice knows no locks.
    """
    result = scores(district_pairs.profile, weights)
    score = result.total.astype(np.float64).reshape(district_pairs.shape)
    known = is_rankable(result, district_pairs.pool.goalposts.min_coverage).reshape(district_pairs.shape)
    allowed = district_pairs.limits.passed & known
    in_play = np.ones(len(score), dtype=bool) if people_mask is None else people_mask
    allowed &= in_play[:, None]
    seats = np.where(True if jobs_mask is None else jobs_mask, district_pairs.matrix.openings.seats, 0).astype(np.int64)
    fixed, never = tuple(locked), tuple(forbidden)

    def solve(places: npt.NDArray[np.int64]) -> Assignment:
        return assign(score, allowed, places, maximise_placements=maximise_placements, locked=fixed, forbidden=never)

    return Proposal(
        score=score,
        points_per_unit=points_per_unit(weights),
        allowed=allowed,
        optimum=solve(seats),
        best_pair=best_pair_first(score, allowed, seats),
        by_job=job_by_job(score, allowed, seats),
        seats=seats,
        people_mask=in_play,
        passed=district_pairs.limits.passed & in_play[:, None] & (seats > 0)[None, :],
        solve=solve,
    )


def unplaced(district_pairs: District, plan: Proposal) -> list[tuple[int, str, int]]:
    """(person, why, openings) of everyone in play whom the optimum leaves out.

    why: 'taken' (passes for so many openings, others gain more there), 'visit' (passes, but too little is known),
    'verify' (a limit can't be checked for so many), or the code of the limit that stands in the way of most openings.
    """
    placed = {person for person, _ in plan.optimum.pairs}
    jobs = np.flatnonzero(plan.seats > 0)
    reasons = []
    for person in (int(p) for p in np.flatnonzero(plan.people_mask) if int(p) not in placed):
        states = district_pairs.limits.states[:, person, jobs]
        able, passes = int(plan.allowed[person, jobs].sum()), int(plan.passed[person].sum())
        waiting = int((states.min(axis=0, initial=PASS) == UNKNOWN).sum())
        if able:
            reasons.append((person, "taken", able))
        elif passes:
            reasons.append((person, "visit", passes))
        elif waiting:
            reasons.append((person, "verify", waiting))
        else:
            fails = (states == FAIL).sum(axis=1)
            reasons.append((person, LIMITS[int(fails.argmax())].code, int(fails.max(initial=0))))
    return reasons


def course_plan(district_pairs: District, weights: Weights, skills: tuple[int, ...]) -> CoursePlan:
    """What courses in ``skills`` (positions in the vocabulary) would bring: attendance and openings filled.

    Scores for the optimum take the new level for granted; placements are counted as in ``training_gain``.
    """
    need, pool = district_pairs.demand, district_pairs.pool
    opened = unlocked(need, [need.skills.index(k) for k in skills])
    attend = np.flatnonzero(opened.any(axis=1))
    level = district_pairs.matrix.seekers.level.copy()
    raised = int(pool.goalposts.course_level)
    for k in skills:
        level[attend, k] = np.maximum(level[attend, k], raised)
    matrix = replace(district_pairs.matrix, seekers=replace(district_pairs.matrix.seekers, level=level))
    score = scores(Profile.of_pairs(matrix), weights).total.astype(np.float64).reshape(district_pairs.shape)
    seats = matrix.openings.seats
    after = assign(score, need.open | opened, seats, maximise_placements=True)
    before = assign(score, need.open, seats, maximise_placements=True)
    filled = [job for person, job in after.pairs if opened[person, job]]
    return CoursePlan(
        attend=attend,
        communities=_counts(pool.people["community"].iloc[attend], "community"),
        fills=_jobs(pool, filled),
        gained=after.placed - before.placed,
    )


def _counts(values: pd.Series, name: str) -> pd.DataFrame:
    counts = values.dropna().value_counts(sort=False).rename("people").rename_axis(name).reset_index()
    return counts.sort_values(["people", name], ascending=[False, True]).reset_index(drop=True)


def _jobs(pool: MatchingPool, filled: list[int]) -> pd.DataFrame:
    rows = pool.jobs.iloc[filled][["title", "employer"]].assign(job=filled)
    table = rows.groupby(["job", "title", "employer"], as_index=False).size().rename(columns={"size": "people"})
    return table.sort_values(["people", "job"], ascending=[False, True]).reset_index(drop=True)
