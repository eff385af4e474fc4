"""Rank sets: exact where two units are compared, and the promised coverage in a simulation."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy.stats import norm

from core.indicators.rank_sets import rank_sets, rank_sets_of_draws, share_error

# The published example of csranks: mathematics in PISA 2018, 37 countries of the OECD; score, standard error, and the bounds
# of the simultaneous 95% set as its figure shows them (stepwise procedure, 1,000 draws).
PISA_2018 = [
    ("Japan", 526.9733, 2.4715, 1, 6),
    ("Korea", 525.9330, 3.1214, 1, 7),
    ("Estonia", 523.4146, 1.7436, 1, 6),
    ("Netherlands", 519.2310, 2.6323, 1, 11),
    ("Poland", 515.6479, 2.6021, 1, 12),
    ("Switzerland", 515.3147, 2.9080, 1, 13),
    ("Canada", 512.0169, 2.3575, 3, 17),
    ("Denmark", 509.3984, 1.7350, 4, 18),
    ("Slovenia", 508.8975, 1.3639, 4, 18),
    ("Belgium", 508.0703, 2.2627, 4, 18),
    ("Finland", 507.3014, 1.9679, 4, 18),
    ("Sweden", 502.3877, 2.6543, 5, 24),
    ("United Kingdom", 501.7699, 2.5644, 6, 24),
    ("Norway", 500.9638, 2.2190, 7, 24),
    ("Germany", 500.0438, 2.6471, 7, 25),
    ("Ireland", 499.6329, 2.1986, 8, 25),
    ("Czech Republic", 499.4677, 2.4607, 7, 25),
    ("Austria", 498.9423, 2.9710, 7, 26),
    ("Latvia", 496.1263, 1.9628, 12, 26),
    ("France", 495.4076, 2.3202, 12, 26),
    ("Iceland", 495.1874, 1.9531, 12, 26),
    ("New Zealand", 494.4897, 1.7059, 12, 26),
    ("Portugal", 492.4874, 2.6846, 12, 31),
    ("Australia", 491.3600, 1.9398, 12, 30),
    ("Italy", 486.5899, 2.7800, 15, 31),
    ("Slovak Republic", 486.1649, 2.5556, 18, 31),
    ("Luxembourg", 483.4215, 1.0976, 23, 31),
    ("Spain", 481.3926, 1.4624, 24, 31),
    ("Lithuania", 481.1912, 1.9533, 23, 31),
    ("Hungary", 481.0826, 2.3196, 23, 31),
    ("United States", 478.2447, 3.2354, 23, 32),
    ("Israel", 463.0345, 3.4986, 31, 34),
    ("Turkey", 453.5078, 2.2604, 32, 34),
    ("Greece", 451.3703, 3.0912, 32, 34),
    ("Chile", 417.4066, 2.4159, 35, 36),
    ("Mexico", 408.8015, 2.4932, 35, 36),
    ("Colombia", 390.9323, 2.9896, 37, 37),
]


def test_published_example_the_single_step_sets_hold_the_stepwise_ones_and_hardly_more() -> None:
    _, scores, errors, low, high = (np.array(column) for column in zip(*PISA_2018, strict=True))
    sets = rank_sets(scores, errors)

    assert (sets.low <= low).all()
    assert (sets.high >= high).all()
    differences = np.r_[low - sets.low, sets.high - high]
    assert differences.max() <= 2
    assert (differences == 0).sum() >= 68  # of 74


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
