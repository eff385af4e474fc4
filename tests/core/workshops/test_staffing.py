"""Rosters: every hard rule holds in every roster, and the exact one is never worse than the greedy one."""

from __future__ import annotations

import numpy as np
import pytest

from core.workshops.staffing import SHIFTS, Place, Worker, cost, greedy, propose
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


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_roster_breaks_a_hard_rule(seed: int) -> None:
    places, workers = made_up(2, 24, seed)
    assert violations(greedy(places, workers), places, workers) == []
    assert violations(propose(places, workers, 5).table, places, workers) == []


def test_the_exact_roster_is_not_worse_than_the_greedy_one() -> None:
    places, workers = made_up(6, 120)
    found = propose(places, workers, 5)
    assert violations(found.table, places, workers) == []
    assert found.cost <= cost(greedy(places, workers), places, workers)
    assert found.cost == pytest.approx(cost(found.table, places, workers))


def test_no_shift_opens_without_a_leader() -> None:
    places, workers = made_up(1, 20)
    nobody = [Worker(w.name, w.available, w.max_shifts, w.usual, w.pace, False, w.minutes) for w in workers]
    assert (propose(places, nobody, 2).table < 0).all()


def test_nobody_and_nowhere_give_an_empty_roster() -> None:
    assert propose([], [], 1).table.shape == (0, SHIFTS)
    assert propose([Place("p", 5, 10, 5)], [], 1).cost == 100.0


def test_a_broken_roster_is_found_out() -> None:
    places, workers = made_up(1, 6)
    table = np.zeros((6, SHIFTS), dtype=int)
    assert len(violations(table, places, workers)) >= 6
