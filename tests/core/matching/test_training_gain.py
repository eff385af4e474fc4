from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from core.matching.assignment.optimum import assign
from core.matching.assignment.training_gain import Demand, demand, gains, max_placements, pair_gains, unlocked
from core.matching.inputs.loading import load
from core.store.database import Database
from tests.core.factories import TODAY, employer, fill, job, person


def test_two_courses_may_unlock_together_what_neither_does_alone() -> None:
    """p1 fits j1. Course A makes p2 fit j1, course B makes p1 fit j2: only both place two people."""
    open_ = np.array([[True, False], [False, False]])
    a, b = np.zeros((2, 2), dtype=bool), np.zeros((2, 2), dtype=bool)
    a[1, 0] = b[0, 1] = True
    need = Demand(open_, np.stack([a, b]), (0, 1), np.array([1, 1]))
    assert max_placements(open_, need.seats) == 1
    assert [gain.placements for gain in gains(need)] == [0, 0]
    assert [gain.placements for gain in pair_gains(need)] == [1]


def test_a_course_that_covers_one_of_two_missing_skills_unlocks_nothing() -> None:
    missing = np.ones((2, 1, 1), dtype=bool)
    need = Demand(np.zeros((1, 1), dtype=bool), missing, (3, 5), np.array([1]))
    assert not unlocked(need, [0]).any()
    assert unlocked(need, [0, 1]).all()


@pytest.mark.parametrize("case", range(20))
def test_gains_equal_the_assignment_that_seeks_most_placements(case: int) -> None:
    rng = np.random.default_rng(case)
    n, m, k = 14, 5, 4
    open_ = rng.random((n, m)) < 0.12
    missing = (rng.random((k, n, m)) < 0.2) & ~open_
    need = Demand(open_, missing, tuple(range(k)), rng.integers(0, 4, m))
    ones = np.ones((n, m))
    base = assign(ones, open_, need.seats, maximise_placements=True).placed
    expected = {
        pair: assign(ones, open_ | unlocked(need, pair), need.seats, maximise_placements=True).placed - base
        for pair in combinations(range(k), 2)
    }
    assert {gain.skills: gain.placements for gain in pair_gains(need)} == expected
    single = {gain.skills: gain.placements for gain in gains(need)}
    for pair, value in expected.items():
        assert value >= max(single[(pair[0],)], single[(pair[1],)])


def test_no_open_pair_and_no_seat_is_no_placement() -> None:
    assert max_placements(np.zeros((0, 0), dtype=bool), np.array([], dtype=int)) == 0
    assert max_placements(np.ones((3, 2), dtype=bool), np.array([0, 0])) == 0
    assert max_placements(np.ones((3, 2), dtype=bool), np.array([1, 5])) == 3


def test_a_course_helps_only_where_nothing_else_stands_in_the_way(db: Database) -> None:
    fill(db)
    with db.write() as session:
        boss = employer(session, "新单位", community_id=1)
        wanted = job(session, boss, "剪纸工", (("K39", 2, 5, True),), lon=116.56, lat=35.37)
        job(session, boss, "剪纸师傅", (("K39", 4, 5, True),), lon=116.56, lat=35.37)
        job(session, boss, "低薪剪纸工", (("K39", 2, 5, True),), lon=116.56, lat=35.37, pay_min=900.0, pay_max=900.0)
        person(session, "没有画像", lon=116.56, lat=35.37)
    with db.read() as connection:
        pool = load(connection, TODAY)
    need = demand(pool.pair_matrix())
    cut = need.skills.index(int(np.flatnonzero(pool.skills["code"] == "K39")[0]))
    opened = unlocked(need, [cut])
    assert set(np.flatnonzero(opened.any(axis=0))) == {pool.job(wanted)}
    assert not opened[-1].any()  # no portrait: unknown, not missing
    assert all(gain.placements >= 0 for gain in gains(need))
