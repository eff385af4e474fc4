"""Rosters: every hard rule holds in every roster, and the exact one is never worse than the greedy one."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from core.workshops.exact_search import ExactSearch, propose, replan
from core.workshops.staffing import FREE, SHIFTS, Place, Roster, Worker, changes, cost, greedy, uncovered
from core.workshops.staffing import violations as checked
from tests.core.workshops.roster_rules import violations


def made_up(places: int, people: int, seed: int = 3) -> tuple[list[Place], list[Worker]]:
    rng = np.random.default_rng(seed)
    shops = [Place(f"p{k}", 22, 60.0, 10) for k in range(places)]
    workers = [
        Worker(
            f"w{i}",
            tuple(bool(a) for a in rng.random(SHIFTS) < 0.6),
            int(rng.integers(3, 9)),
            3,
            float(rng.uniform(0.6, 1.1)),
            bool(i % 8 == 0),
            tuple(float(m) if m < 45 else float("inf") for m in rng.uniform(3, 60, places)),
        )
        for i in range(people)
    ]
    return shops, workers


def exact(places: list[Place], workers: list[Worker], seconds: float = 5) -> Roster:
    roster = propose(places, workers, seconds)
    assert roster is not None
    return roster


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_roster_breaks_a_hard_rule(seed: int) -> None:
    places, workers = made_up(2, 24, seed)
    assert violations(greedy(places, workers), places, workers) == []
    assert violations(exact(places, workers).table, places, workers) == []


def test_the_exact_roster_is_not_worse_than_the_greedy_one_and_the_search_reports_its_gap() -> None:
    places, workers = made_up(6, 120)
    search = ExactSearch(places, workers, seconds=5)
    solution = search.result()
    assert solution is not None
    assert violations(solution.table, places, workers) == []
    assert solution.method == "exact"
    assert solution.cost <= cost(search.quick, places, workers)
    assert solution.cost == pytest.approx(cost(solution.table, places, workers))
    assert solution.gap is not None
    assert 0 <= solution.gap <= 1  # how far it comes within the seconds depends on the machine
    assert search.progress[-1].cost <= cost(search.quick, places, workers) + 1e-6


def test_no_shift_opens_without_a_leader() -> None:
    places, workers = made_up(1, 20)
    nobody = [Worker(w.name, w.available, w.max_shifts, w.usual, w.pace, False, w.minutes) for w in workers]
    assert (exact(places, nobody, 2).table < 0).all()


def test_nobody_and_nowhere_give_an_empty_roster() -> None:
    assert exact([], [], 1).table.shape == (0, SHIFTS)
    assert exact([Place("p", 5, 10, 5)], [], 1).cost == 100.0


def test_a_broken_roster_is_found_out() -> None:
    places, workers = made_up(1, 6)
    table = np.zeros((6, SHIFTS), dtype=int)
    assert len(violations(table, places, workers)) >= 6
    assert len(checked(table, places, workers)) >= 6


def one_place(demand: float = 36.0) -> tuple[list[Place], list[Worker]]:
    """Ten people, two of them leaders, for 36 standard shifts at six stations."""
    half_days = (True,) * 10 + (False,) * 4
    workers = [Worker(f"w{k}", half_days, 6, 4, 0.9, k < 2, (0.0,)) for k in range(10)]
    return [Place("p", 6, demand, 10, 60.0)], workers


def absent(workers: list[Worker], person: int, day: int) -> list[Worker]:
    available = tuple(a and s // 2 != day for s, a in enumerate(workers[person].available))
    return [replace(w, available=available) if k == person else w for k, w in enumerate(workers)]


@pytest.mark.parametrize(("person", "day"), [(0, 0), (5, 2), (9, 4)])
def test_one_absence_moves_at_most_two_cells_and_loses_no_demand_that_can_be_met(person: int, day: int) -> None:
    places, workers = one_place()
    before = exact(places, workers).table
    now = absent(workers, person, day)
    after = replan(places, now, before)
    assert after is not None
    assert after.method == "replan"
    assert violations(after.table, places, now) == checked(after.table, places, now) == []
    assert len(changes(before, after.table, now)) <= 2
    assert uncovered(after.table, places, now) <= uncovered(exact(places, now).table, places, now) + 1e-6


def test_without_a_reason_nothing_changes_in_a_replan() -> None:
    places, workers = one_place()
    before = exact(places, workers).table
    again = replan(places, workers, before)
    assert again is not None
    assert np.array_equal(again.table, before)


def test_fixed_cells_stay_and_impossible_ones_give_no_roster() -> None:
    places, workers = one_place()
    fixed = {(0, 0): 0, (1, 0): 0, (2, 0): 0, (3, 4): FREE}
    roster = propose(places, workers, 5, fixed=fixed)
    assert roster is not None
    assert checked(roster.table, places, workers, fixed) == []
    too_many = {(k, 0): 0 for k in range(7)}  # at six stations
    assert propose(places, workers, 5, fixed=too_many) is None
    assert propose(places, workers, 5, fixed={(0, 12): 0}) is None  # on a Sunday


def test_a_search_that_is_ended_gives_the_best_roster_that_it_had_found() -> None:
    places, workers = made_up(6, 120)
    search = ExactSearch(places, workers, seconds=60)
    first = cost(search.quick, places, workers)
    while not search.is_done and not any(step.cost < first - 1 for step in search.progress):
        time.sleep(0.05)
    search.cancel()
    solution = search.result()
    assert solution is not None
    assert solution.cost < first - 1
    assert checked(solution.table, places, workers) == []


def test_a_cancelled_search_gives_the_quick_roster() -> None:
    places, workers = made_up(6, 120)
    search = ExactSearch(places, workers, seconds=60)
    search.cancel()
    solution = search.result()
    assert search.is_done
    assert solution is not None
    assert solution.method == "greedy"
    assert np.array_equal(solution.table, search.quick)
