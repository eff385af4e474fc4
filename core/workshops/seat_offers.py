"""Who could take a workshop's free seats: people who seek work, master a skill of its orders, and pass every limit of matching.

offers = seat_offers(pool, states, product_skills, asked={3: 5})
offers[3].people, offers[3].reasons          # at most five people; why not more

A seat is laid out as an opening (``core.matching``), so that the same limits hold as for a recommendation: hours, commute,
the person's own limits, lowest acceptable pay, the legal floor, refusals. Nobody is offered twice: someone with a live
recommendation is left out, and one assignment over all workshops gives each person to one of them at most; most people
first, then skill level, then the shortest way. Sex, age, registration, disability and hardship are neither read nor shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.geography.plane import TravelMode
from core.jobs.legal import WEEKS_A_MONTH
from core.locale import N_, Translator
from core.matching.assignment.optimum import assign
from core.matching.inputs.limits import FAIL, LIMITS, PASS, UNKNOWN, check
from core.matching.inputs.matching_pool import MatchingPool, Openings, PairMatrix, distance
from core.terms import JobForm, Shift
from core.workshops.states import WorkshopState

__all__ = ["CAN_DO", "Reason", "SeatOffers", "SeatScreen", "screen_seats", "seat_offers"]

Bools = npt.NDArray[np.bool_]
CAN_DO = 2  # level of a skill from which someone can be counted on
LONGEST_WALK = 60.0  # minutes one way, also for people who stated no limit
LEVEL_WORTH = 1_000.0  # a level of skill counts more than any way within the hour
UNKNOWN_FACT, YES, NO = -1, 1, 0


@dataclass(frozen=True)
class Reason:
    """Why people who seek work are not offered a seat; ``label`` is registered English."""

    label: str
    people: int
    is_limit: bool = False  # the label names a limit of matching that they fail

    def sentence(self, tr: Translator) -> str:
        """The reason with its number."""
        text = FAILS if self.is_limit else N_PEOPLE
        return tr(text, label=tr(self.label), n=tr.number(self.people))


FAILS = N_("fail the limit “{label}”: {n}")
N_PEOPLE = N_("{label}: {n}")


@dataclass(frozen=True, eq=False)
class SeatOffers:
    """The people offered a workshop's seats, and why there are not more.

    ``people``: person_id, name, community, skills (codes, comma-separated), level (highest), minutes (walk one way).
    ``reasons``: of the ``seekers`` in all; a person may count under several limits.
    """

    asked: int
    seekers: int
    people: pd.DataFrame
    reasons: tuple[Reason, ...]

    @property
    def missing(self) -> int:
        """Seats asked for that nobody can be offered."""
        return self.asked - len(self.people)

    def why_not(self, tr: Translator) -> str:
        """The reasons with their numbers; empty where every seat asked for has someone."""
        if self.missing <= 0:
            return ""
        parts = ("; " if tr.is_english else "；").join(r.sentence(tr) for r in self.reasons if r.people)
        values = {"missing": self.missing, "asked": self.asked, "seekers": tr.number(self.seekers)}
        if not parts:
            return tr("{missing} of {asked} seats find nobody: no more than {seekers} people seek work.", **values)
        return tr(
            "{missing} of {asked} seats find nobody. Of {seekers} people who seek work: {parts}.", **values, parts=parts
        )


NO_SKILL = N_("master no skill of the orders")
TOO_FAR = N_("more than an hour's walk")
RECOMMENDED = N_("already recommended to an opening")
TO_VERIFY = N_("a limit must be checked first")
ELSEWHERE = N_("offered a seat in another workshop")
LEFT_OVER = N_("pass, but all seats are taken")


def seat_offers(
    pool: MatchingPool,
    states: Sequence[WorkshopState],
    product_skills: pd.DataFrame,
    asked: Mapping[int, int] | None = None,
) -> dict[int, SeatOffers]:
    """Offers by workshop id for every workshop in operation.

    ``asked`` overrides how many seats a workshop asks for; the others ask for the people they need and have seats for.
    """
    screen = screen_seats(pool, states, product_skills, asked)
    if screen is None:
        return {}
    shops, wanted, skills = screen.shops, screen.wanted, screen.skills
    able, near, free, seeking = screen.able, screen.near, screen.free, screen.seeking
    states_of, limits_held, level, minutes = screen.limit_states, screen.held, screen.level, screen.minutes
    allowed = (seeking & free)[:, None] & able & near & (limits_held == PASS)
    score = np.where(allowed, screen.score, 0.0)
    chosen = assign(score, allowed, wanted, maximise_placements=True).pairs
    offered = np.zeros(allowed.shape, dtype=bool)
    for pair in chosen:
        offered[pair] = True
    taken = offered.any(axis=1)
    offers = {}
    for k, shop in enumerate(shops):
        mine = np.flatnonzero(offered[:, k])
        skilled = seeking & able[:, k]
        in_question = skilled & free & near[:, k]
        passed = in_question & (limits_held[:, k] == PASS)
        reasons = (
            Reason(NO_SKILL, int((seeking & ~able[:, k]).sum())),
            Reason(RECOMMENDED, int((skilled & ~free).sum())),
            Reason(TOO_FAR, int((skilled & free & ~near[:, k]).sum())),
            *_limit_reasons(states_of[:, in_question, k]),
            Reason(TO_VERIFY, int((in_question & (limits_held[:, k] == UNKNOWN)).sum())),
            Reason(ELSEWHERE, int((passed & taken & ~offered[:, k]).sum())),
            Reason(LEFT_OVER, int((passed & ~taken).sum())),
        )
        rows = mine[np.argsort(-score[mine, k], kind="stable")]
        offers[shop.key] = SeatOffers(
            asked=int(wanted[k]),
            seekers=int(seeking.sum()),
            people=_table(pool, rows, skills[k], level[:, k], minutes[:, k]),
            reasons=reasons,
        )
    return offers


@dataclass(frozen=True, eq=False)
class SeatScreen:
    """Everyone in the pool × the seats of each workshop in operation; arrays are (n, k) unless stated."""

    shops: tuple[WorkshopState, ...]
    wanted: npt.NDArray[np.int64]  # (k,) seats
    skills: tuple[npt.NDArray[np.intp], ...]  # of each workshop's products, positions in the vocabulary
    limit_states: npt.NDArray[np.int8]  # (limits, n, k)
    level: npt.NDArray[np.integer]  # best level in a skill of the products
    minutes: npt.NDArray[np.float64]  # walk one way
    seeking: Bools  # (n,)
    free: Bools  # (n,) without a live recommendation

    @property
    def able(self) -> Bools:
        return np.asarray(self.level >= CAN_DO)

    @property
    def near(self) -> Bools:
        return ~(self.minutes > LONGEST_WALK)

    @property
    def held(self) -> npt.NDArray[np.int8]:
        """The worst state of all limits of a pair."""
        return np.asarray(self.limit_states.min(axis=0, initial=PASS))

    @property
    def score(self) -> npt.NDArray[np.float64]:
        """Skill level first, then the shortest way."""
        return np.asarray(LEVEL_WORTH * self.level + LONGEST_WALK - np.nan_to_num(self.minutes, nan=LONGEST_WALK))


def screen_seats(
    pool: MatchingPool,
    states: Sequence[WorkshopState],
    product_skills: pd.DataFrame,
    asked: Mapping[int, int] | None = None,
) -> SeatScreen | None:
    """Limits, skills and ways of everybody to a seat in every workshop in operation; None without one.

    ``asked`` as in ``seat_offers``.
    """
    shops = tuple(s for s in states if s.load is not None and s.capacity is not None and not s.is_dormant)
    if not shops:
        return None
    wanted = np.array([_asked(s, asked or {}) for s in shops], dtype=np.int64)
    skills = tuple(_skills(s, product_skills, pool) for s in shops)
    matrix = _pairs(pool, shops, skills, wanted)
    return SeatScreen(
        shops=shops,
        wanted=wanted,
        skills=skills,
        limit_states=check(matrix),
        level=np.stack([pool.seekers.level[:, k].max(axis=1, initial=0) for k in skills], axis=1),
        minutes=pool.goalposts.travel[TravelMode.WALK].minutes(
            distance(pool.seekers.position, matrix.openings.position)
        ),
        seeking=pool.people_mask(),
        free=pool.live_by_person == 0,
    )


def _asked(shop: WorkshopState, asked: Mapping[int, int]) -> int:
    assert shop.capacity is not None
    return asked.get(shop.key, shop.capacity.immediate)


def _skills(shop: WorkshopState, product_skills: pd.DataFrame, pool: MatchingPool) -> npt.NDArray[np.intp]:
    """Positions in the vocabulary of the skills that the workshop's products ask for."""
    codes = product_skills.loc[product_skills["product_id"].isin(shop.wanted_products), "skill"].unique()
    return np.flatnonzero(pool.skills["code"].isin(codes).to_numpy(dtype=bool))


def _pairs(
    pool: MatchingPool,
    shops: Sequence[WorkshopState],
    skills: Sequence[npt.NDArray[np.intp]],
    wanted: npt.NDArray[np.int64],
) -> PairMatrix:
    """Everyone in the pool × a seat in each workshop."""
    seats = _as_openings(pool, shops, skills, wanted)
    minutes = pool.goalposts.travel[TravelMode.WALK].minutes(distance(pool.seekers.position, seats.position))
    workshop = pool.jobs["workshop_id"].to_numpy(dtype="float64", na_value=np.nan)
    refused = np.stack([pool.refused[:, workshop == s.key].any(axis=1) for s in shops], axis=1)
    return PairMatrix(pool.seekers, seats, minutes.astype(np.float32), refused, pool.goalposts)


def _as_openings(
    pool: MatchingPool,
    shops: Sequence[WorkshopState],
    skills: Sequence[npt.NDArray[np.intp]],
    wanted: npt.NDArray[np.int64],
) -> Openings:
    """A seat of each workshop as an opening: Monday to Friday by day, a learner's week, trained on the job.

    Pay is what the workshop paid for an hour attended × a learner's hours, a month; whether the work is seated, needs
    lifting and the like is taken from its own openings on site, and unknown without one.
    """
    n, k = len(shops), len(pool.skills)
    level = np.zeros((n, k), dtype=np.int8)
    for row, own in enumerate(skills):
        level[row, own] = CAN_DO
    month = np.array([_month(s) for s in shops], dtype=np.float32)
    facts = {name: np.array([_fact(pool, s, name) for s in shops], dtype=np.int8) for name in FACTS}
    none = np.zeros((n, k), dtype=bool)
    return Openings(
        ids=np.array([s.key for s in shops], dtype=np.int64),
        level=level,
        importance=np.where(level > 0, 3, 0).astype(np.int8),
        essential=none,
        certificate=none,
        shift=np.full(n, Shift.DAY.order),
        hours=np.array([s.learner.attended if s.learner else np.nan for s in shops], dtype=np.float32),
        pay_low=month,
        pay_high=month,
        pay_legal=np.array([_is_lawful(s) for s in shops], dtype=np.int8),
        position=pool.plane.xy([s.lon for s in shops], [s.lat for s in shops]),
        occupation=np.full(n, -1),
        domain=np.full(n, -1),
        **facts,
        home_work=np.full(n, NO, dtype=np.int8),
        home_based=np.zeros(n, dtype=bool),
        trains=np.ones(n, dtype=bool),
        seats=wanted,
        days_unconfirmed=np.zeros(n, dtype=np.float32),
        past_closing=np.zeros(n, dtype=bool),
    )


FACTS = ("seated", "lifting", "step_free", "nights")


def _fact(pool: MatchingPool, shop: WorkshopState, name: str) -> int:
    """Yes, no or unknown, as the workshop's largest opening on site that says so states it."""
    own = pool.jobs[(pool.jobs["workshop_id"] == shop.key).fillna(False) & (pool.jobs["form"] != JobForm.HOME_PIECE)]
    known = own.dropna(subset=[name]).sort_values(["openings", "id"], ascending=[False, True])
    if known.empty:
        return UNKNOWN_FACT
    return YES if bool(known[name].iloc[0]) else NO


def _month(shop: WorkshopState) -> float:
    """Yuan a month of a learner's attended hours; NaN where pay is not known."""
    if shop.pay is None or shop.learner is None:
        return np.nan
    return shop.pay.total.per_hour * shop.learner.attended * WEEKS_A_MONTH


def _is_lawful(shop: WorkshopState) -> int:
    if shop.pay is None:
        return UNKNOWN_FACT
    return NO if shop.is_underpaid else YES


def _limit_reasons(states: npt.NDArray[np.int8]) -> list[Reason]:
    """(limits, p) of the people in question: how many each limit rules out."""
    return [
        Reason(limit.label, int((own == FAIL).sum()), is_limit=True) for limit, own in zip(LIMITS, states, strict=True)
    ]


def _table(
    pool: MatchingPool,
    rows: npt.NDArray[np.intp],
    skills: npt.NDArray[np.intp],
    level: npt.NDArray[np.integer],
    minutes: npt.NDArray[np.float64],
) -> pd.DataFrame:
    people = pool.people.iloc[rows]
    codes = pool.skills["code"].to_numpy()
    held = [",".join(codes[k] for k in skills if pool.seekers.level[r, k] >= CAN_DO) for r in rows]
    return pd.DataFrame(
        {
            "person_id": people["id"].to_numpy(),
            "name": people["name"].to_numpy(),
            "community": people["community"].to_numpy(),
            "skills": held,
            "level": level[rows],
            "minutes": minutes[rows],
        }
    )
