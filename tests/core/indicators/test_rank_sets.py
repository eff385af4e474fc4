"""Rank sets: exact where two units are compared, and the promised coverage in a simulation."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy.stats import norm

from core.indicators.rank_sets import rank_sets, rank_sets_of_draws, share_error


def test_two_units_are_compared_at_the_normal_quantile() -> None:
    sets = rank_sets([0.0, 0.9], [0.3, 0.4], draws=200_000)
    c = sets.half_width[0] * sqrt(2) / 0.3

    assert c == pytest.approx(norm.ppf(0.975), abs=0.01)
    assert (sets.low.tolist(), sets.high.tolist()) == ([1, 1], [2, 2])
    apart = rank_sets([0.0, 1.1], [0.3, 0.4])
    assert (apart.low.tolist(), apart.high.tolist()) == ([2, 1], [2, 1])
    assert apart.leaders == (1,)
    assert apart.laggards == (0,)


def test_equal_estimates_cannot_be_told_apart() -> None:
    sets = rank_sets([0.5] * 5, [0.1] * 5)

    assert sets.low.tolist() == [1] * 5
    assert sets.high.tolist() == [5] * 5
    assert sets.leaders == ()


def test_exact_estimates_have_their_rank_alone() -> None:
    sets = rank_sets([3.0, 1.0, 2.0], [1e-6] * 3)

    assert sets.low.tolist() == sets.high.tolist() == [1, 3, 2]


def test_two_leaders_that_beat_everyone_else_are_named_together() -> None:
    sets = rank_sets([0.9, 0.89, 0.5, 0.48, 0.52], [0.02] * 5)

    assert sets.leaders == (0, 1)
    assert sets.laggards in {(), (2, 3, 4)}


def test_the_same_seed_gives_the_same_sets_and_one_unit_has_one_rank() -> None:
    rng = np.random.default_rng(1)
    theta, s = rng.random(14), rng.uniform(0.02, 0.2, 14)

    assert rank_sets(theta, s).low.tolist() == rank_sets(theta, s).low.tolist()
    assert rank_sets([0.4], [0.1]).high.tolist() == [1]


def test_all_true_ranks_are_covered_at_least_as_often_as_promised() -> None:
    rng = np.random.default_rng(11)
    truth, s = np.linspace(0.2, 0.6, 8), rng.uniform(0.03, 0.08, 8)
    ranks = 8 - np.argsort(np.argsort(truth))
    hits = 0
    for _ in range(300):
        sets = rank_sets(rng.normal(truth, s), s, draws=1000)
        hits += bool(((sets.low <= ranks) & (ranks <= sets.high)).all())

    assert hits / 300 >= 0.93


def test_the_error_of_a_share_is_near_a_bootstrap_and_never_zero() -> None:
    rng = np.random.default_rng(2)
    rows = np.r_[np.ones(9), np.zeros(18)]
    bootstrap = rng.choice(rows, (4000, 27)).mean(axis=1).std()

    assert share_error(9, 27) == pytest.approx(bootstrap, rel=0.1)
    assert share_error(0, 9) > 0
    assert share_error(9, 9) > 0


def test_joint_draws_of_independent_errors_give_the_sets_of_independent_errors() -> None:
    theta, errors = [3.0, 2.6, 1.0, 0.9, -2.0], [0.2, 0.2, 0.3, 0.3, 0.5]
    draws = np.array(theta)[:, None] + np.random.default_rng(5).standard_normal((5, 20_000)) * np.array(errors)[:, None]
    joint, single = rank_sets_of_draws(theta, draws), rank_sets(theta, errors)
    assert joint.low.tolist() == single.low.tolist()
    assert joint.high.tolist() == single.high.tolist()


def test_errors_that_all_share_leave_no_doubt_about_the_order() -> None:
    common = np.random.default_rng(5).standard_normal(500) * 10
    joint = rank_sets_of_draws([1.0, 2.0, 3.0], np.array([1.0, 2.0, 3.0])[:, None] + common)
    assert joint.low.tolist() == joint.high.tolist() == [3, 2, 1]
