"""How good a week's roster gets, and how fast: greedy, HiGHS from the greedy start, scipy, CP-SAT.

    python tests/benchmarks/bench_staffing.py            # prints tables; --seconds N limits each method (60)

Random districts of places × workers × 14 half days, seed fixed; a worker reaches at most ``reach`` places. Cost as in
``core.workshops.staffing``, lower is better; every roster is checked against the hard rules. HiGHS, scipy and CP-SAT solve
the same programme (``core.workshops.programme``), each in a process of its own, because highspy and OR-tools crash in one.
A worker who reaches more than ``staffing.MAX_PLACES`` places is offered the nearest ones only. On 50 × 500 with ten places
in reach, after 30 s, lower is better: greedy 6,602 and HiGHS 2,441 on the four nearest; on all ten greedy 7,464, HiGHS 2,909
and a neighbourhood search (HiGHS over four places at a time, 3 s each) 5,817. So the places are pruned, and there is no such search.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy: two contended threads cost more than they give

import multiprocessing
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from core.workshops import staffing
from core.workshops.exact_search import ExactSearch
from core.workshops.programme import Programme, build
from core.workshops.staffing import SHIFTS, Place, Worker, cost, greedy, violations

SIZES = ((6, 120, 4), (50, 500, 4), (50, 500, 10))  # places, workers, places that a worker reaches
Found = tuple[str, np.ndarray | None, float, float | None]  # method, roster, seconds, proven gap


def made_up(places: int, people: int, reach: int) -> tuple[list[Place], list[Worker]]:
    """A district: half days at random, every eighth may lead, ways from 3 to 40 minutes."""
    rng = np.random.default_rng(places + people + reach)
    shops = [Place(f"p{k}", 12, float(rng.uniform(20, 60)), 10) for k in range(places)]
    workers = []
    for i in range(people):
        near = rng.choice(places, min(reach, places), replace=False)
        minutes = np.full(places, np.inf)
        minutes[near] = rng.uniform(3, 40, len(near))
        available = tuple(bool(a) for a in rng.random(SHIFTS) < 0.6)
        most = int(rng.integers(3, 9))
        pace = float(rng.uniform(0.6, 1.1))
        workers.append(Worker(f"w{i}", available, most, min(3, most), pace, i % 8 == 0, tuple(minutes.tolist())))
    return shops, workers


def highs(places: Sequence[Place], workers: Sequence[Worker], seconds: float) -> Found:
    """The production path: a child process, HiGHS from the greedy roster."""
    begin = time.perf_counter()
    search = ExactSearch(places, workers, seconds=seconds)
    solution = search.result()
    assert solution is not None
    show_progress("highs", [(p.seconds, p.cost, p.gap) for p in search.progress])
    return "HiGHS, greedy start", solution.table, time.perf_counter() - begin, solution.gap


def scipy_milp(model: Programme, seconds: float, start: np.ndarray) -> tuple[np.ndarray | None, float | None]:
    """scipy.optimize.milp: HiGHS without start, progress or cancel."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    matrix = csr_array((model.values, model.columns, model.starts), shape=(len(model.row_lower), len(model.weights)))
    answer = milp(
        model.weights,
        constraints=LinearConstraint(matrix, model.row_lower, model.row_upper),
        bounds=Bounds(model.lower, model.upper),
        integrality=model.is_whole.astype(float),
        options={"time_limit": seconds, "mip_rel_gap": 0.005},
    )
    return (None, None) if answer.x is None else (answer.x, float(answer.mip_gap))


def cp_sat(model: Programme, seconds: float, start: np.ndarray) -> tuple[np.ndarray | None, float | None]:
    """OR-tools CP-SAT with the greedy roster as hint; coefficients in thousandths, for it needs whole numbers."""
    from ortools.sat.python import cp_model

    scale = 1000
    problem = cp_model.CpModel()
    upper = np.where(np.isfinite(model.upper), model.upper, 10_000)
    variables = [
        problem.new_int_var(0, int(up) if whole else int(up * scale), "")
        for up, whole in zip(upper, model.is_whole, strict=True)
    ]
    units = np.where(model.is_whole, scale, 1)  # of a variable, in thousandths
    for r in range(len(model.row_lower)):
        part = slice(model.starts[r], model.starts[r + 1])
        terms = [
            (variables[c], round(v * units[c])) for c, v in zip(model.columns[part], model.values[part], strict=True)
        ]
        total = sum(v * k for v, k in terms)
        if np.isfinite(model.row_upper[r]):
            problem.add(total <= round(model.row_upper[r] * scale))
        if np.isfinite(model.row_lower[r]):
            problem.add(total >= round(model.row_lower[r] * scale))
    problem.minimize(sum(v * round(w * u) for v, w, u in zip(variables, model.weights, units, strict=True)))
    point = model.point_of(start)
    for variable, value, whole in zip(variables, point, model.is_whole, strict=True):
        problem.add_hint(variable, round(value if whole else value * scale))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 2
    solver.parameters.relative_gap_limit = 0.005
    state = solver.solve(problem)
    if state not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, None
    gap = (solver.objective_value - solver.best_objective_bound) / max(abs(solver.objective_value), 1e-9)
    return np.array([float(solver.value(v)) for v in variables]), gap


def apart(name: str, solve: Callable[..., object], model: Programme, seconds: float, start: np.ndarray) -> Found:
    """``solve`` in a process of its own."""
    begin = time.perf_counter()
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_child, args=(solve, model, seconds, start, there))
    process.start()
    x, gap = here.recv()
    process.join()
    table = None if x is None else model.table_of(x)
    return name, table, time.perf_counter() - begin, gap


def _child(solve: Callable[..., object], model: Programme, seconds: float, start: np.ndarray, pipe: Connection) -> None:
    pipe.send(solve(model, seconds, start))


def show_progress(name: str, trace: Sequence[tuple[float, float, float]]) -> None:
    """Cost over time, at most eight lines."""
    shown = [trace[round(k)] for k in np.linspace(0, len(trace) - 1, min(8, len(trace)))] if trace else []
    print(
        f"    {name}: "
        + "; ".join(f"{s:.1f} s {c:,.1f}" + (f" ({g:.1%})" if np.isfinite(g) else "") for s, c, g in shown)
    )


def main() -> None:
    """All methods on all sizes."""
    seconds = float(sys.argv[sys.argv.index("--seconds") + 1]) if "--seconds" in sys.argv else 60.0
    for places_n, people, reach in SIZES:
        places, workers = made_up(places_n, people, reach)
        print(
            f"\n{places_n} places × {people} workers × {SHIFTS} half days, ≤{reach} places each ({min(reach, staffing.MAX_PLACES)} nearest offered)"
        )
        begin = time.perf_counter()
        first = greedy(places, workers)
        results: list[Found] = [("greedy", first, time.perf_counter() - begin, None)]
        model = build(places, workers)
        print(f"    programme: {len(model.weights):,} variables, {len(model.row_lower):,} rows")
        results.append(highs(places, workers, seconds))
        results.append(apart("scipy milp", scipy_milp, model, seconds, first))
        results.append(apart("CP-SAT, greedy hint", cp_sat, model, seconds, first))
        for name, table, spent, gap in results:
            if table is None:
                print(f"  {name:22} nothing in {spent:6.1f} s")
                continue
            broken = violations(table, places, workers)
            value = cost(table, places, workers)
            proven = "" if gap is None else f"  gap {gap:.2%}"
            print(f"  {name:22} {value:12,.1f} in {spent:6.1f} s{proven}{'  BROKEN' if broken else ''}")


if __name__ == "__main__":
    main()
