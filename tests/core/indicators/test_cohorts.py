"""Time to a job with competing risks: a hand-made case, statsmodels as oracle, and the sample district."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.indicators.cohorts import cohorts, cumulative_incidence
from core.indicators.facts import load
from core.store.database import Database

TODAY = date(2025, 12, 28)


def test_five_people_by_hand() -> None:
    # jobs on day 1 and 4, one leaves on day 2, one is censored on day 3, one waits until day 5
    curve = cumulative_incidence(np.array([1, 2, 3, 4, 5]), np.array([1, 2, 0, 1, 0]))

    assert curve.times.tolist() == [1, 2, 3, 4, 5]
    # 1/5; then 3/5 are still waiting, and of two at risk on day 4 one finds a job
    assert curve.share == pytest.approx([0.2, 0.2, 0.2, 0.2 + 0.6 / 2, 0.2 + 0.6 / 2])
    assert curve.at(np.array([0, 1, 3, 99]))[0] == pytest.approx([0, 0.2, 0.2, 0.5])


def test_without_censoring_it_is_the_share_and_its_binomial_error() -> None:
    events = np.array([1] * 30 + [2] * 20 + [0] * 50)
    days = np.array([*range(1, 31), *range(31, 51), *[90] * 50])
    curve = cumulative_incidence(days, events)
    share, error = curve.at(np.array([60]))

    assert share[0] == pytest.approx(0.3)
    assert error[0] == pytest.approx(np.sqrt(0.3 * 0.7 / 100), rel=1e-6)


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 2)), min_size=3, max_size=60))
def test_statsmodels_gives_the_same(rows: list[tuple[int, int]]) -> None:
    from statsmodels.duration.survfunc import CumIncidenceRight

    days = np.array([*(r[0] for r in rows), 31, 31])
    events = np.array([*(r[1] for r in rows), 0, 0])  # two wait to the end: no division by 0 in the oracle
    events[0] = 1
    curve = cumulative_incidence(days, events)
    oracle = CumIncidenceRight(days.astype(float), events)

    assert curve.times.tolist() == oracle.times.tolist()
    assert curve.share == pytest.approx(oracle.cinc[0])
    assert curve.error**2 == pytest.approx(oracle.cinc_se[0] ** 2, abs=1e-12)


def generated(seed: int, n: int, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """Days and events of ``n`` people with many ties, observed for at most ``longest`` days."""
    rng = np.random.default_rng(seed)
    wait, left, age = rng.geometric(0.03, n), rng.geometric(0.012, n), rng.integers(1, longest + 1, n)
    events = np.where(wait <= np.minimum(left, age), 1, np.where(left <= age, 2, 0))
    return np.minimum(np.minimum(wait, left), age), events


@pytest.mark.parametrize(
    ("seed", "n", "longest", "censored", "shares"),
    [
        (1, 40, 60, 16, [0.131722631723, 0.313244964332, 0.384677661852, 0.499763674522]),
        (2, 215, 120, 46, [0.147305089765, 0.312472292221, 0.509203853482, 0.662533248154]),
        (3, 500, 30, 280, [0.136926559140, 0.328349284794, 0.505738009941, 0.505738009941]),
    ],
)
def test_scikit_survival_gives_the_same(seed: int, n: int, longest: int, censored: int, shares: list[float]) -> None:
    """``cumulative_incidence_competing_risks`` of scikit-survival 0.28.0, days 5, 15, 30 and 60."""
    days, events = generated(seed, n, longest)
    assert (events == 0).sum() == censored  # the generator still makes what the oracle was given

    own, _ = cumulative_incidence(days, events).at(np.array([5, 15, 30, 60]))

    assert own == pytest.approx(shares, abs=1e-11)


def test_leaving_the_race_is_not_waiting(sample_db: Database) -> None:
    with sample_db.read() as connection:
        facts = load(connection)
    overall = cohorts(facts, TODAY, step=5, longest=365).overall.set_index("day")

    assert overall.loc[365, "share"] == pytest.approx(0.364, abs=5e-4)  # treated as censored they would make it 0.377
    assert overall.loc[0, "at_risk"] == 215
    assert overall["share"].is_monotonic_increasing
    assert overall["at_risk"].is_monotonic_decreasing
    assert ((overall["low"] <= overall["share"]) & (overall["share"] <= overall["high"])).all()
