"""How fast the ranking of enterprises is: draws, rank sets, bands of six sliders, the least change to a place, a selection.

    python tests/benchmarks/bench_enterprises.py

Best of three runs, milliseconds of processor time, one BLAS thread; the bands of 1,000 enterprises are the slider step.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy: two contended threads cost more than they give

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from core.enterprises.robustness import RatedEnterprises, draws
from core.enterprises.selection import Candidate, Limits, select
from core.enterprises.weights import Ranking, least_change
from core.indicators.rank_sets import rank_sets_of_draws
from core.terms import Tier

SIZES = (50, 200, 1_000)
EVEN = np.full(6, 50, dtype=np.int64)


def timed(work: Callable[[], object], repeats: int = 3) -> float:
    """Milliseconds of the best run of ``work``."""
    spent = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        spent.append(1000 * (time.process_time() - start))
    return min(spent)


def row(n: int) -> dict[str, float]:
    """Milliseconds of each computation for ``n`` enterprises."""
    rng = np.random.default_rng(7)
    values = rng.uniform(0.3, 0.95, (3, n, 6))
    rated = RatedEnterprises(tuple(range(n)), *values)
    table = draws(rated, count=2_000)
    ranking = Ranking(np.arange(n), np.log(values.mean(axis=0)))
    wanted = ranking.order(EVEN)[n // 5]
    candidates = [
        Candidate(k, int(rng.integers(0, 40)), float(rng.integers(5, 40)) * 1000, f"c{k % 14}", Tier.GROWTH)
        for k in range(n)
    ]
    limits = Limits(budget=n * 4_000.0, quota=n // 4, per_community=max(n // 30, 1))
    return {
        "10,000 draws": timed(lambda: draws(rated), 2),
        "ranks in all of them": timed(lambda: draws(rated).ranks, 1) - timed(lambda: draws(rated), 1),
        "rank sets, 2,000 draws": timed(lambda: rank_sets_of_draws(table.scores.mean(axis=1), table.scores), 1),
        "bands, first 10": timed(lambda: ranking.bands(EVEN, 10)),
        "least change to place 10": timed(lambda: least_change(ranking, wanted, 10, EVEN), 1),
        "selection, three rules": timed(lambda: select(candidates, limits), 1),
    }


if __name__ == "__main__":
    table = {n: row(n) for n in SIZES}
    names = list(table[SIZES[0]])
    print(f"{'enterprises':>12}" + "".join(f"{name:>26}" for name in names))
    for n, spent in table.items():
        print(f"{n:>12}" + "".join(f"{spent[name]:>26,.1f}" for name in names))
