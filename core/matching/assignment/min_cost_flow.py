"""Large sparse assignments as a minimum-cost flow: person → opening → sink, one arc a feasible pair."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["rounded", "solve"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.integer[Any]]
ROOM = 2**61  # the solver multiplies costs by the number of nodes and must stay within 63 bits
FINEST = 10**9


def rounded(value: Floats, nodes: int) -> tuple[Floats, float]:
    """``value`` on the solver's grid of whole numbers, and the grid's step: at most half a step off each."""
    largest = max(float(value.max(initial=0.0)), 1e-12)
    scale = float(min(FINEST, ROOM // max(nodes, 1) // (int(largest) + 1)))
    return np.rint(value * scale) / scale, 1 / scale


def solve(value: Floats, people: Ints, jobs: Ints, seats: Ints) -> Ints:
    """Positions of the chosen pairs: the greatest sum of ``value`` (pairs,) of (``people``, ``jobs``); ``seats`` (m,).

    A person is chosen once at most, a job as often as it has seats; pairs worth nothing are left out. Values are rounded
    to the grid of ``rounded``; within it the optimum is exact.
    """
    from ortools.graph.python import min_cost_flow  # type: ignore[import-untyped]  # noqa: PLC0415  (half a second to load, for large cases only)

    n, m = int(people.max(initial=-1)) + 1, len(seats)
    useful = np.flatnonzero(value > 0)
    people, jobs, value = people[useful], jobs[useful], value[useful]
    _, step = rounded(value, n + m + 2)
    worth = np.rint(value / step).astype(np.int64)
    sink = n + m
    flow = min_cost_flow.SimpleMinCostFlow()
    ones = np.ones(n, dtype=np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(people, n + jobs, np.ones(len(people), dtype=np.int64), -worth)
    flow.add_arcs_with_capacity_and_unit_cost(n + np.arange(m), np.full(m, sink), seats.astype(np.int64), 0 * seats)
    flow.add_arcs_with_capacity_and_unit_cost(np.arange(n), np.full(n, sink), ones, 0 * ones)
    flow.set_nodes_supplies(np.arange(n), ones)
    flow.set_node_supply(sink, -n)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"the flow solver ended with {status}")
    return np.asarray(useful[flow.flows(arcs) > 0])
