"""How long the cheapest changes, the price of requirements and the landing plan take, at the sample's size and for 100,000 people.

    PYTHONPATH=. python tests/benchmarks/bench_opportunities.py

Seconds of processor time, one BLAS thread, the best of three runs, with the load average of the machine beside them. The
large pool has the sample's openings, each with more seats in proportion, and people drawn from the sample's with positions
spread by 250 m. The price is that of all openings together, as if the sheet of each were asked for.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy: two contended threads cost more than they give

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from core.matching.inputs.loading import load
from core.matching.inputs.matching_pool import MatchingPool
from core.matching.opportunities.landing import landing_plan
from core.matching.opportunities.requirement_price import requirement_prices
from core.matching.opportunities.single_change import cheapest_changes
from core.store import settings
from core.store.database import Database
from tests.stores import KEY, sample_store

PEOPLE = 100_000
GOALS = {"sample": 1.0, "large": 10.0}  # seconds


def large_pool(pool: MatchingPool, people: int) -> MatchingPool:
    """``pool`` with ``people`` drawn from its own, nobody refused, and seats in proportion."""
    rng = np.random.default_rng(7)
    rows = rng.integers(0, len(pool.seekers), people)
    seekers = pool.seekers.take(rows)
    seekers.position[:] = seekers.position + rng.normal(0, 250, seekers.position.shape)
    seekers.reserve[:] = np.rint(seekers.reserve * rng.uniform(0.9, 1.1, people) / 50) * 50
    openings = replace(pool.openings, seats=pool.openings.seats * (people // len(pool.seekers)))
    refused = np.zeros((people, len(openings)), dtype=bool)
    table = pool.people.iloc[rows].reset_index(drop=True)
    return replace(pool, seekers=seekers, openings=openings, people=table, refused=refused)


def timed(work: Callable[[], object], repeats: int) -> float:
    spent = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def measure(pool: MatchingPool, repeats: int) -> dict[str, float]:
    """Seconds of each of the three."""
    seekers = np.flatnonzero(pool.people_mask()).tolist()
    scores = np.random.default_rng(1).random((len(pool.seekers), len(pool.openings)))

    def all_prices() -> None:
        for job in range(len(pool.openings)):
            requirement_prices(pool.pair_matrix(seekers, [job]))

    return {
        "cheapest changes": timed(lambda: cheapest_changes(pool), repeats),
        "prices of all openings": timed(all_prices, repeats),
        "landing plan": timed(lambda: landing_plan(pool, scores, weekly_course_hours=20.0), repeats),
    }


def main() -> None:
    database = Database(f"sqlite:///{sample_store()}", key=KEY)
    with database.read() as connection:
        today = settings.district(connection).as_of
        assert today is not None
        pool = load(connection, today)
    database.dispose()
    for size, own in (("sample", pool), ("large", large_pool(pool, PEOPLE))):
        ending = int((own.people["post_ends_on"].notna() & ~own.people_mask()).sum())
        print(f"{size}: {len(own.seekers):,} people, {ending:,} before the end of a post, {len(own.openings)} openings")
        for name, seconds in measure(own, 3 if size == "sample" else 1).items():
            verdict = "" if seconds <= GOALS[size] else f"  above the goal of {GOALS[size]:.0f} s"
            print(f"  {name:24}{seconds:8.2f} s{verdict}")
    print("load average {:.1f} {:.1f} {:.1f}".format(*os.getloadavg()))


if __name__ == "__main__":
    main()
