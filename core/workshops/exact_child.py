"""The process that solves a staffing programme with HiGHS: ``python -m core.workshops.exact_child``.

It reads one problem as a line of JSON and writes JSON lines: progress ({"seconds", "cost", "gap"}), each better roster that
it finds and at the end the result ({"table", "gap"}; "table" is null where the fixed cells contradict the rules or no time
was left).

A process of its own, because highspy and OR-tools crash in one, and because it can be ended at any time.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import highspy
import numpy as np

from core.workshops.programme import Programme, build
from core.workshops.staffing import Place, Worker

__all__ = ["main", "solve"]

GAP = 0.005  # relative distance from the best at which the search ends


def solve(
    model: Programme,
    *,
    seconds: float,
    start: np.ndarray | None,
    tell: Callable[[float, float, float], None],
    keep: Callable[[np.ndarray, float], None],
) -> tuple[np.ndarray | None, float]:
    """The best solution within ``seconds`` and its proven gap.

    As the search goes on ``tell`` gets (seconds, cost, gap), and ``keep`` each better solution with its gap.
    """
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", True)  # without it no progress is reported either
    highs.setOptionValue("log_to_console", False)
    highs.setOptionValue("time_limit", float(seconds))
    highs.setOptionValue("mip_rel_gap", GAP)
    highs.setOptionValue("threads", 1)
    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = len(model.weights), len(model.row_lower)
    problem.col_cost_, problem.col_lower_, problem.col_upper_ = model.weights, model.lower, model.upper
    problem.row_lower_, problem.row_upper_ = model.row_lower, model.row_upper
    problem.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    problem.a_matrix_.start_, problem.a_matrix_.index_ = model.starts, model.columns
    problem.a_matrix_.value_ = model.values
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    problem.integrality_ = [kinds[int(whole)] for whole in model.is_whole]
    highs.passModel(problem)
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = list(model.point_of(start))
        highs.setSolution(known)

    def progress(event: Any) -> None:
        data = event.data_out
        tell(data.running_time, data.mip_primal_bound, data.mip_gap)

    def improved(event: Any) -> None:
        keep(np.array(event.data_out.mip_solution), float(event.data_out.mip_gap))
        progress(event)  # afterwards: whoever sees a better cost may end the search and has the roster

    highs.cbMipLogging.subscribe(progress)
    highs.cbMipImprovingSolution.subscribe(improved)
    highs.run()
    info = highs.getInfo()
    if info.primal_solution_status != 2:  # kSolutionStatusFeasible
        return None, float("inf")
    return np.array(highs.getSolution().col_value), float(info.mip_gap)


def main() -> None:
    """One problem from standard input to standard output, which HiGHS must not write to."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "w") as out:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

        def write(content: dict[str, Any]) -> None:
            out.write(json.dumps(content) + "\n")
            out.flush()

        problem = json.loads(sys.stdin.readline())
        places = [Place(**place) for place in problem["places"]]
        workers = [
            Worker(**w | {"available": tuple(w["available"]), "minutes": tuple(w["minutes"])})
            for w in problem["workers"]
        ]
        base = None if problem["base"] is None else np.array(problem["base"])
        model = build(places, workers, fixed={(i, s): p for i, s, p in problem["fixed"]}, base=base)
        start = None if problem["start"] is None else np.array(problem["start"])

        def tell(seconds: float, cost: float, gap: float) -> None:
            write({"seconds": seconds, "cost": cost, "gap": gap})

        def keep(x: np.ndarray, gap: float) -> None:
            write({"table": model.table_of(x).tolist(), "gap": gap})

        x, gap = solve(model, seconds=problem["seconds"], start=start, tell=tell, keep=keep)
        if x is None:
            write({"table": None, "gap": gap})
        else:
            keep(x, gap)


if __name__ == "__main__":
    main()
