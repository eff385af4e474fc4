"""What would open work, against brute force: every fact is really changed, every limit checked again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.geography.plane import Plane
from core.matching.inputs.goalposts import CERTIFICATE, Goalposts
from core.matching.inputs.limits import FAIL, LIMITS, PASS, UNKNOWN, check
from core.matching.inputs.matching_pool import MatchingPool, Openings, PairMatrix, Seekers
from core.matching.opportunities.landing import landing_plan
from core.matching.opportunities.requirement_price import Requirement, requirement_prices
from core.matching.opportunities.single_change import EXTRA_MINUTES, Change, cheapest_changes
from core.terms import AccommodationKind, Evidence, PersonState, Shift

TODAY = date(2025, 12, 28)
SKILLS = 4
NEEDS = list(AccommodationKind)
CODES = [limit.code for limit in LIMITS]


def seekers(rng: np.random.Generator, n: int) -> Seekers:
    unknown = rng.random(n) < 0.15
    return Seekers(
        ids=np.arange(1, n + 1),
        level=rng.integers(0, 4, (n, SKILLS)),
        evidence=rng.choice([-1, Evidence.SELF_REPORT.order, CERTIFICATE.order], (n, SKILLS)),
        portrait=~unknown,
        days=rng.random((n, 7)) < 0.8,
        start=np.where(rng.random(n) < 0.2, np.nan, rng.choice([480.0, 540.0, 780.0], n)),
        end=rng.choice([960.0, 1080.0], n),
        reserve=np.where(rng.random(n) < 0.4, np.nan, rng.choice([2500.0, 3600.0], n)),
        target=np.full(n, 4000.0),
        position=np.where(rng.random((n, 1)) < 0.1, np.nan, rng.random((n, 2)) * 3000),
        wishes=np.full((n, 3), -1),
        wish_age=np.zeros(n),
        years=np.full((n, 2), np.nan),
        readiness=np.zeros(n),
        needs=rng.random((n, len(NEEDS))) < 0.12,
        max_commute=np.where(rng.random(n) < 0.3, np.nan, rng.choice([15.0, 30.0], n)),
        home_ok=rng.integers(-1, 2, n),
    )


def openings(rng: np.random.Generator, m: int) -> Openings:
    def tristate() -> Any:
        return rng.choice([-1, 0, 1], m, p=[0.1, 0.45, 0.45])

    level = rng.integers(0, 4, (m, SKILLS))
    return Openings(
        ids=np.arange(1, m + 1),
        level=level,
        importance=np.where(level > 0, 3, 0),
        essential=(level > 0) & (rng.random((m, SKILLS)) < 0.3),
        certificate=(level > 0) & (rng.random((m, SKILLS)) < 0.1),
        shift=rng.integers(-1, len(Shift), m),
        hours=np.full(m, 40.0),
        pay_low=np.full(m, 2400.0),
        pay_high=rng.choice([3000.0, 4000.0], m),
        pay_legal=rng.choice([1, 0, -1], m, p=[0.85, 0.1, 0.05]),
        position=rng.random((m, 2)) * 3000,
        occupation=np.full(m, -1),
        domain=np.full(m, -1),
        seated=tristate(),
        lifting=tristate(),
        step_free=tristate(),
        nights=tristate(),
        home_work=tristate(),
        home_based=rng.random(m) < 0.1,
        trains=rng.random(m) < 0.2,
        seats=rng.integers(0, 3, m),
        days_unconfirmed=rng.choice([10.0, 120.0, np.nan], m, p=[0.8, 0.15, 0.05]),
        past_closing=rng.random(m) < 0.1,
    )


def random_pool(seed: int, n: int = 12, m: int = 6) -> MatchingPool:
    rng = np.random.default_rng(seed)
    leaving = rng.random(n) < 0.4
    ends = [TODAY + timedelta(days=int(day)) for day in rng.integers(1, 90, n)]
    people = pd.DataFrame(
        {
            "id": np.arange(1, n + 1),
            "state": np.where(leaving, PersonState.ON_POST, PersonState.SEEKING),
            "post_ends_on": pd.to_datetime(pd.Series(ends)).where(pd.Series(leaving)),
        }
    )
    return MatchingPool(
        today=TODAY,
        seekers=seekers(rng, n),
        openings=openings(rng, m),
        people=people,
        jobs=pd.DataFrame({"id": np.arange(1, m + 1)}),
        refused=rng.random((n, m)) < 0.05,
        referrals=pd.DataFrame(),
        skills=pd.DataFrame({"code": list("ABCD"), "course_hours": [20, 40, 60, 80]}),
        plane=Plane.around(pd.Series([116.5, 116.6]), pd.Series([35.3, 35.4])),
        goalposts=Goalposts(),
    )


def with_seeker(matrix: PairMatrix, **values: Any) -> PairMatrix:
    return replace(matrix, seekers=replace(matrix.seekers, **values))


def with_opening(matrix: PairMatrix, **values: Any) -> PairMatrix:
    return replace(matrix, openings=replace(matrix.openings, **values))


def without_need(kind: AccommodationKind) -> Callable[[PairMatrix], PairMatrix]:
    def drop(matrix: PairMatrix) -> PairMatrix:
        needs = matrix.seekers.needs.copy()
        needs[:, NEEDS.index(kind)] = False
        return with_seeker(matrix, needs=needs)

    return drop


K = AccommodationKind
# What the world looks like once the change has been made; for a pair or for a whole column of people.
SATISFIED: dict[str, Callable[[PairMatrix], PairMatrix]] = {
    "certificate": lambda b: with_opening(b, certificate=np.zeros_like(b.openings.certificate)),
    "essential_skills": lambda b: with_opening(b, essential=np.zeros_like(b.openings.essential)),
    "seated": without_need(K.SEATED),
    "lifting": without_need(K.NO_LIFTING),
    "step_free": without_need(K.STEP_FREE),
    "nights": without_need(K.NO_NIGHTS),
    "home_only": without_need(K.HOME_ONLY),
    "home_work": lambda b: with_seeker(b, home_ok=np.ones_like(b.seekers.home_ok)),
    "hours": lambda b: with_seeker(b, start=np.full_like(b.seekers.start, np.nan)),
    "commute": lambda b: with_seeker(b, max_commute=np.full_like(b.seekers.max_commute, np.nan)),
    "reserve_pay": lambda b: with_seeker(b, reserve=np.full_like(b.seekers.reserve, np.nan)),
    "pay_floor": lambda b: with_opening(b, pay_legal=np.ones_like(b.openings.pay_legal)),
    "fresh": lambda b: with_opening(b, days_unconfirmed=np.zeros_like(b.openings.days_unconfirmed)),
}


def passes(matrix: PairMatrix) -> Any:
    return (check(matrix) == PASS).all(axis=0)


def changes_of(matrix: PairMatrix) -> set[Change]:
    """Every single change that opens the one pair of ``matrix``, by making it."""
    states = dict(zip(CODES, check(matrix)[:, 0, 0], strict=True))
    visit = {"certificate", "essential_skills", "home_work", "commute"}
    changes = set()
    for code, satisfied in SATISFIED.items():
        if not passes(satisfied(matrix))[0, 0]:
            continue
        if states[code] == UNKNOWN:
            changes.add(Change.VISIT if code in visit else Change.CALL)
        elif states[code] == FAIL and code not in visit:
            changes.add(Change.CONCESSION)
    if passes(with_seeker(matrix, max_commute=matrix.seekers.max_commute + EXTRA_MINUTES))[0, 0]:
        changes.add(Change.TRAVEL)
    for k in range(SKILLS):
        level = matrix.seekers.level.copy()
        level[:, k] = np.maximum(level[:, k], matrix.goalposts.course_level)
        if states["essential_skills"] == FAIL and passes(with_seeker(matrix, level=level))[0, 0]:
            changes.add(Change.COURSE)
    return changes


@pytest.mark.parametrize("seed", range(12))
def test_the_cheapest_single_change_is_the_one_that_making_every_change_finds(seed: int) -> None:
    pool = random_pool(seed)
    changes = cheapest_changes(pool)
    rows = changes.table.set_index("person")
    for person in np.flatnonzero(pool.people_mask()):
        pairs = {job: pool.pair_matrix([person], [job]) for job in range(len(pool.openings))}
        if any(passes(pair)[0, 0] for pair in pairs.values()):
            assert person not in rows.index
            continue
        possible = {
            job: min(every_change, key=lambda c: c.order)
            for job, pair in pairs.items()
            if (every_change := changes_of(pair))
        }
        row = rows.loc[person]
        if not possible:
            assert pd.isna(row["change"])
            assert row["job"] == -1
            continue
        cheapest = min(possible.values(), key=lambda c: c.order)
        best = [job for job, change in possible.items() if change == cheapest]
        assert row["change"] == cheapest
        assert row["openings"] == len(best)
        assert row["job"] == max(best, key=lambda job: (pool.openings.seats[job], -job))
    assert sum(changes.counts().values()) == len(rows) == changes.seekers - changes.without_obstacle


def test_people_are_taken_in_portions_without_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = random_pool(3, n=30)
    whole = cheapest_changes(pool).table
    monkeypatch.setattr("core.matching.opportunities.single_change.PEOPLE_AT_ONCE", 7 * 6 * len(LIMITS))
    pd.testing.assert_frame_equal(cheapest_changes(pool).table, whole)


def test_without_openings_nobody_is_helped_by_one_change() -> None:
    pool = random_pool(1, m=0)
    changes = cheapest_changes(pool)
    assert changes.counts()[None] == changes.seekers == len(changes.table)


def eligible_after(matrix: PairMatrix, dropped: tuple[Requirement, ...]) -> int:
    for one in dropped:
        if one.shift is not None:
            matrix = with_opening(matrix, shift=np.array([one.shift.order]))
        elif one.skill is not None:
            name = "essential" if one.code == "essential_skills" else "certificate"
            table = getattr(matrix.openings, name).copy()
            table[0, one.skill] = False
            matrix = with_opening(matrix, **{name: table})
        else:
            matrix = SATISFIED[one.code](matrix)
    return int(passes(matrix).sum())


@pytest.mark.parametrize("seed", range(12))
def test_the_price_of_a_requirement_is_who_becomes_eligible_without_it(seed: int) -> None:
    pool = random_pool(100 + seed, n=40, m=1)
    matrix = pool.pair_matrix()
    eligible, prices = requirement_prices(matrix)
    assert eligible == int(passes(matrix).sum())

    openings_of = pool.openings
    asked = [Requirement(code) for code in SATISFIED if code not in ("certificate", "essential_skills", "hours")]
    asked = [one for one in asked if one.code not in ("commute", "home_work")]
    asked += [Requirement("essential_skills", skill=int(k)) for k in np.flatnonzero(openings_of.essential[0])]
    asked += [Requirement("certificate", skill=int(k)) for k in np.flatnonzero(openings_of.certificate[0])]
    asked += [Requirement("hours", shift=shift) for shift in Shift if shift.order != openings_of.shift[0]]
    alone = {one: eligible_after(matrix, (one,)) - eligible for one in asked}
    expected = {(one,): more for one, more in alone.items() if more > 0}
    for a, b in combinations(asked, 2):
        both = eligible_after(matrix, (a, b)) - eligible
        if (a.code, a.skill) != (b.code, b.skill) and both > alone[a] + alone[b]:
            expected[a, b] = both

    assert {frozenset(price.requirements): price.gained for price in prices} == {
        frozenset(key): more for key, more in expected.items()
    }


def test_the_price_is_asked_for_one_opening() -> None:
    with pytest.raises(ValueError, match="one opening"):
        requirement_prices(random_pool(1).pair_matrix())


@pytest.mark.parametrize("seed", range(12))
def test_a_landing_plan_places_most_then_without_courses_then_by_score(seed: int) -> None:
    pool = random_pool(200 + seed, n=9, m=3)
    rng = np.random.default_rng(seed)
    scores = rng.random((9, 3)).round(3)
    plan = landing_plan(pool, scores, weekly_course_hours=20)
    rows = np.flatnonzero(~pool.people_mask())
    options = []
    for person in rows:
        outcomes = [(None, 0, 0.0)]
        for job in range(3):
            pair = pool.pair_matrix([person], [job])
            limit = pair.seekers.max_commute[0]
            if not pair.minutes[0, 0] <= (30 if np.isnan(limit) else limit):
                continue
            if passes(pair)[0, 0]:
                outcomes.append((job, 1, scores[person, job]))
            elif Change.COURSE in changes_of(pair) and not changes_of(pair) & {
                Change.VISIT,
                Change.CALL,
                Change.TRAVEL,
            }:
                outcomes.append((job, 0, scores[person, job]))
        options.append(outcomes)
    best = max(
        (
            (sum(job is not None for job, _, _ in one), sum(d for _, d, _ in one), round(sum(s for *_, s in one), 6))
            for one in product(*options)
            if all(sum(job == j for job, _, _ in one) <= pool.openings.seats[j] for j in range(3))
        ),
        default=(0, 0, 0.0),
    )
    taken = plan.table[plan.table["job"] >= 0]
    total = sum(scores[person, job] for person, job in zip(taken["person"], taken["job"], strict=True))
    assert (plan.placed, int((taken["skill"] < 0).sum()), round(total, 6)) == best


def test_a_course_is_counted_back_from_the_end_of_the_post() -> None:
    pool = next(
        pool
        for seed in range(300, 400)
        if (
            landing_plan(pool := random_pool(seed), np.zeros((12, 6)), weekly_course_hours=10).table["skill"] >= 0
        ).any()
    )
    table = landing_plan(pool, np.zeros((12, 6)), weekly_course_hours=10).table
    for row in table[table["skill"] >= 0].itertuples():
        days = {0: 14, 1: 28, 2: 42, 3: 56}[row.skill]  # 20, 40, 60, 80 hours at ten a week
        assert row.begin_by == row.ends_on - pd.Timedelta(days=days)
        assert row.late == (row.begin_by < pd.Timestamp(TODAY))
    with pytest.raises(ValueError, match="hours"):
        landing_plan(pool, np.zeros((12, 6)), weekly_course_hours=0)
