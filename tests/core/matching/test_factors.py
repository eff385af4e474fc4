"""Each factor by hand, and each limit in its three states, on one person and one job."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.locale import translator
from core.matching.inputs.factors import CODES, FACTORS, factors
from core.matching.inputs.goalposts import Goalposts
from core.matching.inputs.limits import FAIL, LIMITS, PASS, UNKNOWN, check, screen
from core.matching.inputs.matching_pool import Openings, PairMatrix, Seekers
from core.matching.reasons import VALUES
from core.terms import AccommodationKind, Evidence, Shift

NAN = np.nan
A = list(AccommodationKind)
EVIDENCE, REPORT = Evidence.TRAINING_CERTIFICATE.order, Evidence.SELF_REPORT.order


def one(values: list[float], kind: Any = float) -> np.ndarray:
    """A table of one row."""
    return np.array([values], dtype=kind)


SEEKER = Seekers(
    ids=np.array([1]),
    level=one([4, 1, 0], int),
    evidence=one([EVIDENCE, REPORT, -1], int),
    portrait=np.array([True]),
    days=one([1, 1, 1, 1, 1, 0, 0], bool),
    start=np.array([8 * 60.0]),
    end=np.array([18 * 60.0]),
    reserve=np.array([3000.0]),
    target=np.array([4000.0]),
    position=one([0, 0]),
    wishes=one([5, 6, 7], int),
    wish_age=np.array([0.0]),
    years=one([1.5, 0]),
    readiness=np.array([0.25]),
    needs=np.zeros((1, len(A)), dtype=bool),
    max_commute=np.array([NAN]),
    home_ok=np.array([-1]),
)
OPENING = Openings(
    ids=np.array([1]),
    level=one([3, 2, 2], int),
    importance=one([5, 3, 2], int),
    essential=np.zeros((1, 3), dtype=bool),
    certificate=np.zeros((1, 3), dtype=bool),
    shift=np.array([Shift.DAY.order]),
    hours=np.array([40.0]),
    pay_low=np.array([3400.0]),
    pay_high=np.array([3800.0]),
    pay_legal=np.array([1]),
    position=one([0, 0]),
    occupation=np.array([5]),
    domain=np.array([0]),
    seated=np.array([1]),
    lifting=np.array([0]),
    step_free=np.array([1]),
    nights=np.array([0]),
    home_work=np.array([0]),
    home_based=np.array([False]),
    trains=np.array([False]),
    seats=np.array([1]),
    days_unconfirmed=np.array([5.0]),
    past_closing=np.array([False]),
)


def matrix(minutes: float = 10.0, refused: bool = False, **changed: Any) -> PairMatrix:
    """One person × one job with some facts changed, each by its name."""
    mine = {k: v for k, v in changed.items() if hasattr(SEEKER, k)}
    theirs = {k.removeprefix("job_"): v for k, v in changed.items() if not hasattr(SEEKER, k)}
    return PairMatrix(
        replace(SEEKER, **mine),
        replace(OPENING, **theirs),
        np.array([[minutes]], dtype=np.float32),
        np.array([[refused]]),
        Goalposts(),
    )


def value(code: str, pairs: PairMatrix) -> float:
    return float(factors(pairs)[CODES.index(code), 0, 0])


def state(code: str, pairs: PairMatrix) -> int:
    return int(check(pairs)[[limit.code for limit in LIMITS].index(code), 0, 0])


# -- factors ----------------------------------------------------------------------------------------


def test_skills_weigh_met_levels_by_importance() -> None:
    assert value("skills", matrix()) == pytest.approx(0.65)
    assert np.isnan(value("skills", matrix(portrait=np.array([False]), level=one([0, 0, 0], int))))
    assert value("skills", matrix(portrait=np.array([False]))) == pytest.approx(0.65)  # by certificates alone
    assert np.isnan(value("skills", matrix(job_level=one([0, 0, 0], int))))


@pytest.mark.parametrize(
    ("minutes", "gain"), [(0, 1), (10, 0.862656), (15, 0.701367), (20, 0.493575), (30, 0), (31, 0), (NAN, NAN)]
)
def test_travel_follows_the_curve(minutes: float, gain: float) -> None:
    assert value("travel", matrix(minutes)) == pytest.approx(gain, abs=1e-6, nan_ok=True)


def test_hours_are_the_share_of_the_shift_that_the_person_has_time_for() -> None:
    """Monday to Friday 8:00–15:00 meets six of the eight hours of a day shift with a break at noon: 30 of 40."""
    assert value("hours", matrix(end=np.array([15 * 60.0]))) == pytest.approx(0.75)
    assert value("hours", matrix()) == 1
    assert np.isnan(value("hours", matrix(start=np.array([NAN]))))
    assert np.isnan(value("hours", matrix(shift=np.array([-1]))))


def test_pay_stands_between_the_lowest_accepted_and_the_hoped_for() -> None:
    assert value("pay", matrix()) == pytest.approx(0.6)
    level = {"target": np.array([3000.0])}
    assert value("pay", matrix(**level)) == 1
    assert value("pay", matrix(**level, reserve=np.array([3601.0]))) == 0
    assert value("pay", matrix(target=np.array([NAN]))) == 1
    assert np.isnan(value("pay", matrix(reserve=np.array([NAN]))))
    assert np.isnan(value("pay", matrix(pay_low=np.array([NAN]))))


@pytest.mark.parametrize(
    ("wished", "age", "expected"),
    [(5, 0, 1), (6, 0, 0.75), (7, 0, 0.5), (8, 0, 0.25), (5, 180, 0.5), (6, 360, 0.1875), (-1, 0, NAN), (5, NAN, NAN)],
)
def test_a_wish_counts_by_its_place_and_halves_in_half_a_year(wished: int, age: float, expected: float) -> None:
    gain = value("intent", matrix(occupation=np.array([wished]), wish_age=np.array([float(age)])))
    assert gain == pytest.approx(expected, nan_ok=True)


def test_experience_counts_in_full_after_three_years_of_the_family() -> None:
    assert value("experience", matrix()) == pytest.approx(0.5)
    assert value("experience", matrix(years=one([9, 0]))) == 1
    assert value("experience", matrix(domain=np.array([1]))) == 0
    assert np.isnan(value("experience", matrix(years=one([NAN, NAN]))))
    assert np.isnan(value("experience", matrix(domain=np.array([-1]))))


def test_readiness_is_the_share_of_steps_done() -> None:
    assert value("readiness", matrix()) == 0.25


@given(
    st.lists(st.integers(0, 4), min_size=3, max_size=3),
    st.integers(0, 2),
    st.floats(0, 60),
    st.floats(0, 30),
    st.floats(0, 20),
    st.floats(0, 20),
)
def test_a_better_fact_never_lowers_its_factor(
    levels: list[int], k: int, minutes: float, nearer: float, years: float, more: float
) -> None:
    raised = levels.copy()
    raised[k] = min(levels[k] + 1, 4)
    assert value("skills", matrix(level=one(raised, int))) >= value("skills", matrix(level=one(levels, int)))
    assert value("travel", matrix(max(minutes - nearer, 0))) >= value("travel", matrix(minutes))
    assert value("experience", matrix(years=one([years + more, 0]))) >= value(
        "experience", matrix(years=one([years, 0]))
    )
    offers = [{name: np.array([2500.0 + 100 * p]) for name in ("pay_low", "pay_high")} for p in (years, years + more)]
    assert value("pay", matrix(**offers[1])) >= value("pay", matrix(**offers[0]))


# -- limits -----------------------------------------------------------------------------------------


def need(kind: AccommodationKind) -> dict[str, Any]:
    return {"needs": np.array([[k is kind for k in A]])}


def job(**facts: Any) -> dict[str, Any]:
    """Facts of the job as arrays of one."""
    return {name: np.array([fact]) for name, fact in facts.items()}


ESSENTIAL = {"essential": one([0, 1, 0], bool)}  # level 1 of 2
K = AccommodationKind
STATES: dict[str, list[tuple[int, dict[str, Any]]]] = {
    "certificate": [
        (PASS, {"certificate": one([1, 0, 0], bool)}),
        (UNKNOWN, {"certificate": one([0, 1, 0], bool)}),
        (FAIL, {"certificate": one([0, 0, 1], bool)}),
        (UNKNOWN, {"certificate": one([0, 0, 1], bool), "portrait": np.array([False])}),
    ],
    "essential_skills": [
        (PASS, {"essential": one([1, 0, 0], bool)}),
        (FAIL, ESSENTIAL),
        (PASS, ESSENTIAL | job(trains=True)),
        (UNKNOWN, ESSENTIAL | {"portrait": np.array([False])}),
    ],
    "seated": [
        (PASS, need(K.SEATED)),
        (UNKNOWN, need(K.SEATED) | job(seated=-1)),
        (FAIL, need(K.SEATED) | job(seated=0)),
        (PASS, job(seated=0)),
    ],
    "lifting": [
        (PASS, need(K.NO_LIFTING)),
        (UNKNOWN, need(K.NO_LIFTING) | job(lifting=-1)),
        (FAIL, need(K.NO_LIFTING) | job(lifting=1)),
    ],
    "step_free": [
        (PASS, need(K.STEP_FREE)),
        (UNKNOWN, need(K.STEP_FREE) | job(step_free=-1)),
        (FAIL, need(K.STEP_FREE) | job(step_free=0)),
        (PASS, need(K.STEP_FREE) | job(step_free=0, home_work=1)),
    ],
    "nights": [
        (PASS, need(K.NO_NIGHTS)),
        (UNKNOWN, need(K.NO_NIGHTS) | job(nights=-1)),
        (FAIL, need(K.NO_NIGHTS) | job(nights=1)),
    ],
    "home_only": [
        (PASS, need(K.HOME_ONLY) | job(home_work=1)),
        (UNKNOWN, need(K.HOME_ONLY) | job(home_work=-1)),
        (FAIL, need(K.HOME_ONLY)),
    ],
    "home_work": [
        (PASS, job(home_based=False, home_ok=0)),
        (UNKNOWN, job(home_based=True)),
        (FAIL, job(home_based=True, home_ok=0)),
        (PASS, job(home_based=True, home_ok=0) | need(K.HOME_ONLY)),
    ],
    "hours": [
        (PASS, {}),
        (FAIL, {"end": np.array([10 * 60.0])}),
        (UNKNOWN, {"shift": np.array([-1])}),
        (PASS, {"start": np.array([NAN])}),
    ],
    "commute": [
        (PASS, {"max_commute": np.array([10.0])}),
        (FAIL, {"max_commute": np.array([9.0])}),
        (UNKNOWN, {"max_commute": np.array([9.0]), "minutes": NAN}),
        (PASS, {"minutes": NAN}),
    ],
    "reserve_pay": [
        (PASS, {"reserve": np.array([3800.0])}),
        (FAIL, {"reserve": np.array([3801.0])}),
        (UNKNOWN, job(pay_high=NAN)),
        (PASS, {"reserve": np.array([NAN])}),
    ],
    "refused": [(PASS, {}), (FAIL, {"refused": True})],
    "pay_floor": [(PASS, {}), (FAIL, job(pay_legal=0)), (UNKNOWN, job(pay_legal=-1))],
    "seats": [(PASS, {}), (FAIL, job(seats=0)), (FAIL, job(past_closing=True))],
    "fresh": [
        (PASS, job(days_unconfirmed=90.0)),
        (FAIL, job(days_unconfirmed=91.0)),
        (UNKNOWN, job(days_unconfirmed=NAN)),
    ],
}


@pytest.mark.parametrize(("code", "expected", "facts"), [(c, *row) for c, rows in STATES.items() for row in rows])
def test_each_limit_passes_fails_or_waits_for_a_fact(code: str, expected: int, facts: dict[str, Any]) -> None:
    pair = matrix(**facts)
    assert state(code, pair) == expected
    assert int(screen(pair).verdict[0, 0]) == check(pair).min() <= expected


def test_every_limit_stands_in_the_table_above() -> None:
    assert set(STATES) == {limit.code for limit in LIMITS}
    assert all({PASS, FAIL} <= {row[0] for row in rows} for rows in STATES.values())


def test_an_unknown_fact_never_fails_a_pair() -> None:
    blank = {"seated": -1, "lifting": -1, "step_free": -1, "nights": -1, "home_work": -1, "shift": -1}
    unknown = job(**blank, pay_low=NAN, pay_high=NAN, pay_legal=-1, days_unconfirmed=NAN, occupation=-1, domain=-1)
    everything = {"needs": np.ones((1, len(A)), dtype=bool), "max_commute": np.array([9.0]), "minutes": NAN}
    assert check(matrix(**unknown, **everything)).min() == UNKNOWN


def test_every_text_of_factors_and_limits_has_its_chinese_and_its_places_filled() -> None:
    chinese = translator("zh_CN")
    for factor in FACTORS:
        for text in (factor.label, factor.unit, factor.source, factor.missing, factor.formula):
            assert chinese(text) != text
        for lang in ("zh_CN", "en"):
            assert "{" not in translator(lang)(
                factor.formula, travel="30", half_life="180", years="3", readiness_days="180", readiness_steps="3"
            )
    for limit in LIMITS:
        for text in (limit.label, limit.reason, limit.verify):
            assert chinese(text) != text
        assert limit.code in VALUES or "{" not in limit.reason + limit.verify
