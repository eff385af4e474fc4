"""How many of those who seek work could start within four weeks, where and through what: each person once.

    whole = roll_up(district, states, product_skills, quick_skills(course_lengths, today), weights)
    whole.sentence(tr), whole.people

Places are the open seats of job openings and the seats that workshops need filled and have stations for. Somebody can take
a place now when every limit of matching holds, or after a course when the only thing missing are skills that a short course
teaches. One assignment over all of it (``core.matching.assignment.optimum``) first places the most people, among those
plans it prefers a start now, then the better match. People with a live recommendation are counted apart.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.locale import N_, Translator
from core.matching.assignment.district import District
from core.matching.assignment.optimum import assign
from core.matching.assignment.training_gain import unlocked
from core.matching.inputs.limits import PASS
from core.matching.ranking.scoring import Weights, is_rankable, points_per_unit, scores
from core.workshops.seat_offers import SeatScreen, screen_seats
from core.workshops.states import WorkshopState

__all__ = ["THROUGH_NAMES", "WEEKS", "RollUp", "Through", "quick_skills", "roll_up"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
WEEKS = 4
LEAD_DAYS = 7  # to call a course together
NOW_WORTH = 1_000.0  # a start now is worth more than any match (at most 100 points)


class Through(StrEnum):
    """By which way somebody starts."""

    OPENING = "opening"
    SEAT = "seat"
    COURSE_OPENING = "course_opening"
    COURSE_SEAT = "course_seat"


THROUGH_NAMES = {
    Through.OPENING: N_("an open job"),
    Through.SEAT: N_("a workshop seat"),
    Through.COURSE_OPENING: N_("a course, then an open job"),
    Through.COURSE_SEAT: N_("a course, then a workshop seat"),
}


@dataclass(frozen=True, eq=False)
class RollUp:
    """The plan of the whole district.

    ``people``: person_id, name, community, is_exit (left a public-welfare post), through (``Through``), place (employer or workshop), work (title; empty for a
    seat), courses (skill codes, comma-separated); by through, then place.
    """

    seeking: int
    recommended: int  # of whom have a live recommendation already
    exits: int  # of whom left a public-welfare post
    seats: int  # of openings and workshops
    people: pd.DataFrame

    def count(self, through: Through) -> int:
        """How many start by this way."""
        return int((self.people["through"] == through).sum())

    def sentence(self, tr: Translator) -> str:
        """The answer with its parts."""
        parts = tr.join(
            tr("{n} through {way}", n=self.count(t), way=tr(THROUGH_NAMES[t])) for t in Through if self.count(t)
        )
        text = tr(
            "{n} of the {seeking} people who seek work could start within {weeks} weeks",
            n=len(self.people),
            seeking=self.seeking,
            weeks=WEEKS,
        )
        return f"{text}{': ' if tr.is_english else '：'}{parts}" if parts else text

    def exits_sentence(self, tr: Translator) -> str:
        """The same of those who left a public-welfare post."""
        return tr(
            "Of the {seeking} who left a public-welfare post and have found no work since, {n} could.",
            n=int(self.people["is_exit"].sum()),
            seeking=self.exits,
        )


def quick_skills(lengths: pd.DataFrame, today: date) -> frozenset[str]:
    """Skills that a course can teach within ``WEEKS``: its shortest session so far fits after ``LEAD_DAYS``, or one that is
    planned ends in time. ``lengths``: rows of ``queries.course_lengths``."""
    if lengths.empty:
        return frozenset()
    last = pd.Timestamp(today + timedelta(weeks=WEEKS))
    planned = (lengths["starts_on"] > pd.Timestamp(today)) & (lengths["ends_on"] <= last)
    days = (lengths["ends_on"] - lengths["starts_on"]).dt.days + 1
    return frozenset(lengths.loc[planned | (days + LEAD_DAYS <= 7 * WEEKS), "skill"])


def roll_up(
    whole: District,
    states: Sequence[WorkshopState],
    product_skills: pd.DataFrame,
    quick: Collection[str],
    weights: Weights,
    exits: Collection[int] = (),
) -> RollUp:
    """The optimum over openings and workshop seats.

    ``quick``: skills that a course teaches in time; ``exits``: ids of the people who left a public-welfare post and found no work since.
    """
    pool = whole.pool
    seeking, free = pool.people_mask(), pool.live_by_person == 0
    in_play = (seeking & free)[:, None]
    codes = pool.skills["code"].to_numpy()
    is_quick = np.isin(codes, list(quick))
    now, later, score = _openings(whole, weights, is_quick)
    seats = whole.matrix.openings.seats.astype(np.int64)
    screen = screen_seats(pool, states, product_skills)
    if screen is not None:
        shop_now, shop_later, shop_score = _workshops(screen, is_quick)
        now, later = np.hstack([now, shop_now]), np.hstack([later, shop_later])
        score = np.hstack([score, shop_score])
        seats = np.concatenate([seats, _seats_beside_openings(screen, whole)])
    now, later = now & in_play, later & in_play & ~now
    value = np.where(now, NOW_WORTH, 0.0) + score
    plan = assign(np.where(now | later, value, 0.0), now | later, seats, maximise_placements=True)
    rows = [
        _row(whole, screen, person, place, is_now=bool(now[person, place]), is_quick=is_quick)
        for person, place in plan.pairs
    ]
    columns = ["person_id", "name", "community", "through", "place", "work", "courses"]
    people = pd.DataFrame(rows, columns=columns)
    people["is_exit"] = people["person_id"].isin(list(exits))
    left_post = pool.people["id"].isin(list(exits)).to_numpy(dtype=bool)
    order = {through: k for k, through in enumerate(Through)}
    people = people.sort_values(
        ["through", "place", "person_id"], key=lambda c: c.map(order) if c.name == "through" else c, kind="stable"
    )
    return RollUp(
        seeking=int(seeking.sum()),
        recommended=int((seeking & ~free).sum()),
        exits=int((seeking & left_post).sum()),
        seats=int(seats.sum()),
        people=people.reset_index(drop=True),
    )


def _openings(whole: District, weights: Weights, is_quick: Bools) -> tuple[Bools, Bools, Floats]:
    """Pairs that may start now, pairs after a course, and the points of a pair out of 100; each (n, m)."""
    result = scores(whole.profile, weights)
    known = is_rankable(result, whole.pool.goalposts.min_coverage).reshape(whole.shape)
    need = whole.demand
    courses = [k for k, skill in enumerate(need.skills) if is_quick[skill]]
    opened = unlocked(need, courses) if courses else np.zeros(whole.shape, dtype=bool)
    points = result.total.astype(np.float64).reshape(whole.shape) * points_per_unit(weights)
    return whole.limits.passed & known, opened & known, points


def _workshops(screen: SeatScreen, is_quick: Bools) -> tuple[Bools, Bools, Floats]:
    """The same for the seats of workshops; points out of 100 from skill level and way."""
    fits = screen.near & (screen.held == PASS)
    teachable = np.array([bool(is_quick[list(skills)].any()) for skills in screen.skills])
    points = screen.score
    return fits & screen.able, fits & ~screen.able & teachable[None, :], 100 * points / max(float(points.max()), 1.0)


def _seats_beside_openings(screen: SeatScreen, whole: District) -> npt.NDArray[np.int64]:
    """(k,) seats of each workshop that its own job openings do not offer already."""
    workshop = whole.pool.jobs["workshop_id"].to_numpy(dtype="float64", na_value=np.nan)
    offered = np.array([int(whole.matrix.openings.seats[workshop == s.key].sum()) for s in screen.shops])
    return np.asarray(np.maximum(screen.wanted - offered, 0))


def _row(
    whole: District, screen: SeatScreen | None, person: int, place: int, *, is_now: bool, is_quick: Bools
) -> tuple[int, str, str, Through, str, str, str]:
    """One person's way, as a row of ``RollUp.people``."""
    pool, openings = whole.pool, whole.shape[1]
    somebody = pool.people.iloc[person]
    who = (
        int(somebody["id"]),
        str(somebody["name"]),
        "" if pd.isna(somebody["community"]) else str(somebody["community"]),
    )
    codes = pool.skills["code"].to_numpy()
    if place < openings:
        job = pool.jobs.iloc[place]
        lacking = [int(k) for n, k in enumerate(whole.demand.skills) if whole.demand.missing[n, person, place]]
        through = Through.OPENING if is_now else Through.COURSE_OPENING
        where, work = str(job["employer"]), str(job["title"])
    else:
        assert screen is not None
        k = place - openings
        lacking = [int(skill) for skill in screen.skills[k] if is_quick[skill]][:1]
        through = Through.SEAT if is_now else Through.COURSE_SEAT
        where, work = screen.shops[k].name, ""
    return *who, through, where, work, "" if is_now else ",".join(str(codes[k]) for k in lacking)
