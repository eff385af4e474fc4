"""How fast ranking is, against the memory's own speed, pandas, DuckDB and scikit-criteria; assignment; a slider step.

    python tests/benchmarks/bench_matching.py            # prints tables; --no-browser leaves the slider out

Best of repeats, milliseconds of processor time, one BLAS thread, 7 factors, first 50 of n. "stream" reads the same bytes
once (np.max): the floor, measured in the same process. The peers do the same weighted sum and the same first 50. Ours
are whole-number scores: factors in ten-thousandths, weights 0–100, exact in single precision.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy: two contended threads cost more than they give

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import duckdb
import numpy as np
import pandas as pd
import skcriteria
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching
from skcriteria.agg.simple import WeightedSumModel

from core.matching.assignment import min_cost_flow
from core.matching.assignment.optimum import assign, best_pair_first
from core.matching.inputs.factors import CODES
from core.matching.ranking.scoring import Profile, scores, top
from core.matching.ranking.stability import bands
from tests.benchmarks import slider

SIZES = (10_000, 100_000, 1_000_000)
FIRST = 50
QUICK = ("OR-tools SimpleMinCostFlow", "assign with certificate")


def timed(work: Callable[[], object], repeats: int) -> float:
    """Milliseconds of the best run of ``work``: what else the machine does only ever adds."""
    spent = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        spent.append(1000 * (time.process_time() - start))
    return min(spent)


def ranking(n: int) -> dict[str, float]:
    """Milliseconds of each way to rank ``n`` people by seven factors."""
    rng = np.random.default_rng(7)
    x = rng.random((7, n), dtype=np.float32)
    weights = np.array([30, 20, 15, 10, 10, 10, 5])
    ids, repeats = np.arange(n), 9 if n >= 1_000_000 else 40
    expected = [5000] * 7
    complete, gaps = Profile.of(x, expected), Profile.of(np.where(rng.random(x.shape) < 0.1, np.nan, x), expected)
    frame = pd.DataFrame(x.T, columns=list(CODES))
    columns = " + ".join(f"{w} * {code}" for w, code in zip(weights, CODES, strict=True))

    def in_pandas() -> object:
        return frame.eval(columns).nlargest(FIRST)

    def in_skcriteria() -> object:
        return WeightedSumModel().evaluate(skcriteria.mkdm(x.T, [max] * 7, weights=weights / weights.sum()))

    base = duckdb.connect()
    base.execute("SET threads = 1")
    base.register("people", pd.concat([frame, pd.Series(ids, name="id")], axis=1))
    base.execute("CREATE TABLE pool AS SELECT * FROM people")

    def in_duckdb() -> object:
        return base.execute(f"SELECT id, {columns} AS s FROM pool ORDER BY s DESC, id LIMIT {FIRST}").fetchall()

    timings = {
        "stream": timed(lambda: x.max(), repeats),
        "score + first 50": timed(lambda: top(scores(complete, weights).total, ids, FIRST), repeats),
        "with 10% unknown": timed(lambda: top(scores(gaps, weights).total, ids, FIRST), repeats),
        "pandas": timed(in_pandas, repeats),
        "DuckDB": timed(in_duckdb, repeats),
    }
    if n <= 100_000:
        timings["scikit-criteria"] = timed(in_skcriteria, 3)
        for name, profile in (("", complete), (", 10% unknown", gaps)):
            for top_n in (1, FIRST):
                timings[f"bands of first {top_n}{name}"] = timed(
                    lambda p=profile, k=top_n: bands(p, weights, ids, k, 0.6),  # type: ignore[misc]
                    9,
                )
    return timings


def solvers(n: int, m: int, feasible: int) -> dict[str, float]:
    """Milliseconds of each exact solver on the same problem, and of the whole with certificate.

    All begin with the matrix of scores. The dense scipy solver runs where the matrix with one column a seat stays within a million cells. All must find the
    same optimum.
    """
    rng = np.random.default_rng(7)
    allowed = rng.random((n, m)) < feasible / m
    score, seats = np.where(allowed, rng.random((n, m)) + 0.001, 0.0), rng.integers(1, 5, m)
    columns = np.repeat(np.arange(m), seats)

    def flow() -> list[tuple[int, int]]:
        people, jobs = np.nonzero(allowed)
        chosen = min_cost_flow.solve(score[people, jobs], people, jobs, seats)
        return list(zip(people[chosen].tolist(), jobs[chosen].tolist(), strict=True))

    ways = {
        "OR-tools SimpleMinCostFlow": flow,
        "scipy min_weight_full_bipartite_matching": lambda: sparse_matching(score, columns),
        "assign with certificate": lambda: assign(score, allowed, seats).pairs,
    }
    if n * len(columns) <= 1_000_000:
        ways["scipy linear_sum_assignment"] = lambda: dense_matching(score, columns)
    totals = [sum(score[pair] for pair in way()) for way in ways.values()]
    assert np.ptp(totals) < 1e-6
    return {name: timed(way, 5 if name in QUICK else 2) for name, way in ways.items()}


def dense_matching(score: np.ndarray, columns: np.ndarray) -> list[tuple[int, int]]:
    """scipy on the matrix with one column a seat; ``columns`` holds each seat's job."""
    people, places = linear_sum_assignment(score[:, columns], maximize=True)
    return [(i, j) for i, j in zip(people.tolist(), columns[places].tolist(), strict=True) if score[i, j] > 0]


def sparse_matching(score: np.ndarray, columns: np.ndarray) -> list[tuple[int, int]]:
    """scipy on the feasible cells alone: everyone also gets a column of their own, so that a full matching exists.

    Zero weights are no edges there: 1 is added to all, which every full matching gains n times.
    """
    n, wide = len(score), score[:, columns]
    people, places = np.nonzero(wide)
    own = np.arange(n)
    rows, cells = np.concatenate([people, own]), np.concatenate([places, len(columns) + own])
    worth = np.concatenate([wide[people, places] + 1, np.ones(n)])
    graph = csr_array(coo_array((worth, (rows, cells)), shape=(n, len(columns) + n)))
    who, where = min_weight_full_bipartite_matching(graph, maximize=True)
    real = where < len(columns)
    return list(zip(who[real].tolist(), columns[where[real]].tolist(), strict=True))


def assignment(n: int, m: int, feasible: int) -> dict[str, float]:
    """Milliseconds and losses of solving n people × m jobs with about ``feasible`` jobs each."""
    rng = np.random.default_rng(7)
    allowed = rng.random((n, m)) < feasible / m
    score, seats = rng.random((n, m)), rng.integers(1, 5, m)
    start = time.perf_counter()
    best = assign(score, allowed, seats)
    spent = 1000 * (time.perf_counter() - start)
    greedy = best_pair_first(score, allowed, seats)
    assert best.certificate is not None
    assert best.certificate.holds()
    return {
        "ms": spent,
        "greedy loses score %": 100 * (1 - greedy.total / best.total),
        "greedy loses placements %": 100 * (1 - greedy.placed / best.placed),
    }


def main() -> None:
    """Print both tables."""
    table = pd.DataFrame({f"{n:,}": ranking(n) for n in SIZES})
    ratio = (table / table.loc["stream"]).round(1)
    print("milliseconds (best of repeats)\n", table.round(3).to_string(na_rep="-"), "\n")
    print("times the stream\n", ratio.to_string(na_rep="-"), "\n")
    print("pandas takes times ours\n", (table.loc["pandas"] / table.loc["score + first 50"]).round(1).to_string(), "\n")
    problems = {"500×90, 18 jobs each": (500, 90, 18), "1,000×200, 30": (1000, 200, 30), "250×90, 5": (250, 90, 5)}
    solved = pd.DataFrame({name: assignment(*size) for name, size in problems.items()})
    print("assignment, certified optimal\n", solved.round(2).to_string(), "\n")
    races = {"1,000×200, 30 each": (1000, 200, 30), "10,000×1,000, 30 each": (10_000, 1000, 30)}
    print(
        "solvers, milliseconds\n", pd.DataFrame({k: solvers(*v) for k, v in races.items()}).round(1).to_string(), "\n"
    )
    if "--no-browser" not in sys.argv:
        slider.main()


if __name__ == "__main__":
    main()
