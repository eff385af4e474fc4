from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.matching.assignment import min_cost_flow, optimum
from core.matching.assignment.optimum import ConflictingLocks, assign, best_pair_first, blocking, job_by_job

SCORE = np.array([[0.9, 0.8], [0.85, 0.3], [0.2, 0.25]])
ALL = np.ones_like(SCORE, dtype=bool)


def brute(score: np.ndarray, allowed: np.ndarray, seats: np.ndarray, most: bool = False) -> tuple[int, float]:
    """The best (placements, total) over every way to place people."""
    n, m = score.shape
    best = (-1, -1.0)
    for choice in product(range(m + 1), repeat=n):
        used = np.bincount([j for j in choice if j < m], minlength=m)
        if (used > seats).any() or any(j < m and not allowed[i, j] for i, j in enumerate(choice)):
            continue
        pairs = [(i, j) for i, j in enumerate(choice) if j < m]
        total = sum(score[p] for p in pairs)
        key = (len(pairs), total) if most else (0, total)
        best = max(best, key)
    return best


def test_the_worked_example() -> None:
    seats = np.array([1, 1])
    assignment = assign(SCORE, ALL, seats)
    assert assignment.pairs == ((0, 1), (1, 0))
    assert assignment.total == pytest.approx(1.65)
    assert assignment.price == pytest.approx([0.35, 0.25])
    assert assignment.certificate is not None
    assert assignment.certificate.holds()
    assert best_pair_first(SCORE, ALL, seats).total == pytest.approx(1.20)
    assert assign(SCORE, ALL, np.array([2, 1])).total == pytest.approx(2.00)
    assert assign(SCORE, ALL, np.array([1, 2])).total == pytest.approx(1.90)


def test_job_by_job_takes_the_best_who_are_still_free() -> None:
    assignment = job_by_job(SCORE, ALL, np.array([1, 1]))
    assert assignment.pairs == ((0, 0), (1, 1))
    assert assignment.total == pytest.approx(1.2)


@pytest.mark.parametrize("case", range(60))
def test_it_equals_brute_force(case: int) -> None:
    rng = np.random.default_rng(case)
    n, m = int(rng.integers(1, 8)), int(rng.integers(1, 4))
    score, allowed = rng.random((n, m)).round(3), rng.random((n, m)) < 0.6
    seats = rng.integers(0, 4, m)
    assignment = assign(score, allowed, seats)
    assert assignment.total == pytest.approx(brute(score, allowed, seats)[1])
    assert assignment.certificate is not None
    assert assignment.certificate.holds()
    most = assign(score, allowed, seats, maximise_placements=True)
    placed, total = brute(score, allowed, seats, most=True)
    assert most.placed == placed
    assert most.total == pytest.approx(total)
    assert most.certificate is not None
    assert most.certificate.holds()


def test_a_certificate_does_not_hold_for_less_than_the_optimum(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(21)
    caught = 0
    for _ in range(30):
        score, allowed = rng.random((9, 3)), rng.random((9, 3)) < 0.7
        seats = rng.integers(1, 3, 3)
        best, worse = assign(score, allowed, seats), job_by_job(score, allowed, seats)
        if worse.total > best.total - 1e-6:
            continue
        with monkeypatch.context() as patch:
            people, jobs = np.array(worse.pairs).T
            patch.setattr(optimum, "_assign_expanded_seats", lambda cells, _, p=people, j=jobs: cells.positions(p, j))
            false = assign(score, allowed, seats)
        assert false.certificate is not None
        assert not false.certificate.holds()
        caught += 1
    assert caught > 5


@pytest.mark.parametrize("case", range(20))
def test_with_locks_and_bans_it_equals_brute_force_over_what_is_left(case: int) -> None:
    rng = np.random.default_rng(500 + case)
    n, m = int(rng.integers(3, 8)), 3
    score, allowed = rng.random((n, m)).round(3), rng.random((n, m)) < 0.7
    seats, lock, ban = rng.integers(1, 3, m), (0, 1), (1, 2)
    assignment = assign(score, allowed, seats, locked=[lock], forbidden=[ban])
    left, fewer = allowed.copy(), seats - (np.arange(m) == 1)
    left[0], left[ban] = False, False
    assert assignment.total == pytest.approx(score[lock] + brute(score, left, fewer)[1])
    assert lock in assignment.pairs
    assert ban not in assignment.pairs
    assert assignment.certificate is not None
    assert assignment.certificate.holds()


@pytest.mark.parametrize("case", range(25))
def test_a_price_is_what_one_more_seat_gains(case: int) -> None:
    rng = np.random.default_rng(100 + case)
    n, m = int(rng.integers(2, 30)), int(rng.integers(1, 7))
    score, allowed = rng.random((n, m)), rng.random((n, m)) < 0.5
    seats = rng.integers(0, 5, m)
    assignment = assign(score, allowed, seats)
    for j in range(m):
        more = seats + (np.arange(m) == j)
        assert assignment.price[j] == pytest.approx(assign(score, allowed, more).total - assignment.total, abs=1e-9)
    most = assign(score, allowed, seats, maximise_placements=True)
    for j in range(m):
        after = assign(score, allowed, seats + (np.arange(m) == j), maximise_placements=True)
        assert most.extra[j] == after.placed - most.placed
        assert most.price[j] == pytest.approx(after.total - most.total, abs=1e-9)


def test_with_every_seat_locked_one_more_is_one_placement_and_its_score() -> None:
    assignment = assign(np.array([[0.9]]), np.array([[True]]), np.array([0]), maximise_placements=True)
    assert assignment.pairs == ()
    assert assignment.extra.tolist() == [1]
    assert assignment.price.tolist() == pytest.approx([0.9])


@pytest.mark.parametrize("block", range(10))
def test_extra_placements_and_points_of_a_seat_equal_brute_force(block: int) -> None:
    """Fifty tiny cases each, with few seats, locks and whole-number or fractional scores."""
    for case in range(50):
        rng = np.random.default_rng(1000 * block + case)
        n, m = int(rng.integers(1, 5)), int(rng.integers(1, 4))
        score = rng.integers(0, 7_000_000, (n, m)).astype(float) if case % 2 else rng.random((n, m)).round(3)
        allowed, seats = rng.random((n, m)) < 0.7, rng.integers(0, 3, m)
        lock = [(0, int(np.argmax(seats)))] if case % 3 == 0 and seats.any() else []
        assignment = assign(score, allowed, seats, maximise_placements=True, locked=lock)
        free, left = allowed.copy(), seats.copy()
        for person, job in lock:
            free[person], left[job] = False, left[job] - 1
        placed, total = brute(score, free, left, most=True)
        for j in range(m):
            more, points = brute(score, free, left + (np.arange(m) == j), most=True)
            assert assignment.extra[j] == more - placed
            assert assignment.price[j] == pytest.approx(points - total, abs=1e-6)


def test_most_placements_outweighs_any_sum_of_scores() -> None:
    """Two perfect pairs would have to give way to three poor ones: a bonus of 1 a pair would not do."""
    score = np.array([[0.01, 0.0, 0.0], [1.0, 0.01, 0.0], [0.0, 1.0, 0.01]])
    allowed = np.array([[True, False, False], [True, True, False], [False, True, True]])
    seats = np.ones(3, dtype=int)
    assert assign(score, allowed, seats).placed == 2
    assert assign(score, allowed, seats, maximise_placements=True).placed == 3


def test_greedy_never_beats_the_optimum_and_may_lose_placements() -> None:
    rng = np.random.default_rng(5)
    lost = 0
    for _ in range(20):
        score, allowed = rng.random((40, 12)), rng.random((40, 12)) < 0.12
        seats = rng.integers(1, 5, 12)
        best = assign(score, allowed, seats, maximise_placements=True)
        for practice in (best_pair_first(score, allowed, seats), job_by_job(score, allowed, seats)):
            assert practice.placed <= best.placed
            assert practice.total <= assign(score, allowed, seats).total + 1e-9
            lost += best.placed - practice.placed
    assert lost > 0


def test_best_pair_first_leaves_no_pair_that_would_both_rather_have_each_other() -> None:
    rng = np.random.default_rng(8)
    score, allowed = rng.random((30, 6)), rng.random((30, 6)) < 0.7
    seats = rng.integers(1, 4, 6)
    assignment = best_pair_first(score, allowed, seats)
    mine = {i: score[i, j] for i, j in assignment.pairs}
    held = {j: [score[i, k] for i, k in assignment.pairs if k == j] for j in range(6)}
    for i, j in zip(*np.nonzero(allowed), strict=True):
        wants = score[i, j] > mine.get(int(i), -1)
        would = len(held[int(j)]) < seats[j] or score[i, j] > min(held[int(j)])
        assert not (wants and would)


def test_locked_pairs_hold_and_forbidden_ones_never_do() -> None:
    seats = np.array([1, 1])
    locked = assign(SCORE, ALL, seats, locked=[(2, 0)])
    assert (2, 0) in locked.pairs
    assert locked.total == pytest.approx(0.2 + 0.8)
    without = assign(SCORE, ALL, seats, forbidden=[(0, 1)])
    assert (0, 1) not in without.pairs
    assert without.total == pytest.approx(0.9 + 0.3)


def test_locks_that_contradict_each_other_are_told() -> None:
    with pytest.raises(ConflictingLocks):
        assign(SCORE, ALL, np.array([1, 1]), locked=[(0, 0), (1, 0)])
    with pytest.raises(ConflictingLocks):
        assign(SCORE, ALL, np.array([1, 1]), locked=[(0, 0), (0, 1)])


def test_nobody_and_nothing_gives_an_empty_proposal() -> None:
    for shape in ((0, 0), (3, 0), (0, 3)):
        assignment = assign(np.zeros(shape), np.zeros(shape, dtype=bool), np.zeros(shape[1], dtype=int))
        assert assignment.pairs == ()
        assert assignment.total == 0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_people_does_not_change_the_total(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score, allowed = rng.random((12, 4)), rng.random((12, 4)) < 0.5
    seats, shuffled = rng.integers(0, 4, 4), rng.permutation(12)
    assert assign(score, allowed, seats).total == pytest.approx(assign(score[shuffled], allowed[shuffled], seats).total)


@pytest.mark.parametrize("case", range(12))
def test_two_solvers_agree_on_random_sizes(case: int) -> None:
    rng = np.random.default_rng(300 + case)
    n, m = int(rng.integers(5, 120)), int(rng.integers(2, 30))
    score, allowed = rng.random((n, m)).round(6) + 0.001, rng.random((n, m)) < 0.3
    seats = rng.integers(0, 5, m)
    best = assign(score, allowed, seats)
    people, jobs = np.nonzero(allowed)
    chosen = min_cost_flow.solve(score[people, jobs], people, jobs, seats)
    assert score[people, jobs][chosen].sum() == pytest.approx(best.total, abs=1e-6)
    assert len(set(people[chosen])) == len(chosen)
    assert (np.bincount(jobs[chosen], minlength=m) <= seats).all()


def test_a_large_thin_problem_goes_to_the_flow_and_is_proved() -> None:
    rng = np.random.default_rng(4)
    score, allowed = rng.random((2500, 600)), rng.random((2500, 600)) < 0.02
    seats = rng.integers(1, 6, 600)
    assignment = assign(score, allowed, seats, maximise_placements=True)
    assert assignment.certificate is not None
    assert assignment.certificate.holds(1e-7)
    assert len({person for person, _ in assignment.pairs}) == assignment.placed
    assert (np.bincount([job for _, job in assignment.pairs], minlength=600) <= seats).all()


def test_only_the_optimum_has_blocking_pairs() -> None:
    seats = np.array([1, 1])
    assert blocking(SCORE, ALL, seats, best_pair_first(SCORE, ALL, seats).pairs) == 0
    assert blocking(SCORE, ALL, seats, assign(SCORE, ALL, seats).pairs) == 1
    assert blocking(SCORE, ALL, seats, []) == 6
