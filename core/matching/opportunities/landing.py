"""离岗着陆计划: for each welfare post that ends soon, work to go to, and the last day on which to begin for it.

Everybody gets at most one place, within the free seats and no farther than they accept, or than still scores where they
named no limit. Most people are landed first; among such plans, those who need no
course, then by score. A course is counted back from the end of the post: the last day on which it can begin. Where that
day is past, the plan says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.geography.plane import TravelMode
from core.matching.assignment.optimum import assign
from core.matching.inputs.limits import check, screen
from core.matching.inputs.matching_pool import MatchingPool
from core.matching.opportunities.single_change import Change, single_changes

__all__ = ["LandingPlan", "landing_plan"]


@dataclass(frozen=True, eq=False)
class LandingPlan:
    """``table``: a row a person whose post ends, soonest first.

    person and job (positions in the pool; job −1: no place), ends_on, skill (position in the vocabulary; −1: no course
    needed), begin_by (last day on which the course can begin; NaT without a course), late (that day is past), minutes.
    """

    table: pd.DataFrame

    @property
    def placed(self) -> int:
        return int((self.table["job"] >= 0).sum())


def landing_plan(
    pool: MatchingPool,
    scores: npt.NDArray[np.float64],
    *,
    weekly_course_hours: float,
    mode: TravelMode = TravelMode.WALK,
) -> LandingPlan:
    """The plan for everyone in ``pool`` whose post ends within the warning time.

    ``scores`` (n, m): 0..1 for all pairs of the pool. ``weekly_course_hours``: taught hours a week, from which a course's
    length in days follows. Raises ValueError if that is not positive.
    """
    if weekly_course_hours <= 0:
        raise ValueError("a course needs hours in a week")
    rows = np.flatnonzero(pool.people["post_ends_on"].notna() & ~pool.people_mask())
    matrix = pool.pair_matrix(rows.tolist(), None, mode)
    states = check(matrix)
    passed = screen(matrix).passed
    cost, _, skill = single_changes(matrix, states)
    accepted = np.where(
        np.isnan(matrix.seekers.max_commute), matrix.goalposts.travel_minutes, matrix.seekers.max_commute
    )
    is_near = matrix.minutes <= accepted[:, None]
    direct, trainable = passed & is_near, (cost == Change.COURSE.order) & is_near
    # One place without a course is worth more than all scores together, which decide among equals.
    value = np.where(direct, len(rows) + 1.0, 0.0) + np.clip(scores[rows], 0.0, 1.0)
    plan = assign(value, direct | trainable, matrix.openings.seats, maximise_placements=True)
    job = np.full(len(rows), -1)
    for person, opening in plan.pairs:
        job[person] = opening
    has_place = job >= 0
    at = (np.arange(len(rows)), np.maximum(job, 0))
    taught = np.where(has_place & ~passed[at], skill[at], -1) if len(pool.openings) else job
    ends_on = pool.people["post_ends_on"].iloc[rows].reset_index(drop=True)
    hours = pool.skills["course_hours"].to_numpy(dtype=float)
    days = np.where(taught >= 0, np.ceil(hours[np.maximum(taught, 0)] / weekly_course_hours * 7), 0)
    begin_by = (ends_on - pd.to_timedelta(days, unit="D")).where(taught >= 0)
    table = pd.DataFrame(
        {
            "person": rows,
            "job": job,
            "ends_on": ends_on,
            "skill": taught,
            "begin_by": begin_by,
            "late": begin_by < pd.Timestamp(pool.today),
            "minutes": np.where(has_place, matrix.minutes[at], np.nan) if len(pool.openings) else np.nan,
        }
    )
    return LandingPlan(table.sort_values(["ends_on", "person"], ignore_index=True))
