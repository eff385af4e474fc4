"""E2SFCA on growing districts against pysal's ``access`` in one run, and one step of a what-if.

    python -m tests.benchmarks.bench_access

Prints the best of several runs in milliseconds, and the largest difference between the two results.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from core.access.accessibility import compute_accessibility
from core.access.e2sfca import BANDS, e2sfca, find_catchments
from core.access.measures import make_measures
from core.access.what_if import Scenario, marginal_effects, play, rank_premises
from core.geography.plane import Travel, TravelMode
from tests.core.access.factories import a_snapshot, some_rates

WALK = Travel(75.0, 1.3)
SIZES = ((200, 2_000, 6_000.0), (5_000, 50_000, 60_000.0))  # homes, sites, side of the district in metres


def best(run: Callable[[], Any], times: int = 5) -> tuple[float, Any]:
    """Milliseconds of the fastest of ``times`` runs, and its result."""
    fastest, result = float("inf"), None
    for _ in range(times):
        start = time.perf_counter()
        result = run()
        fastest = min(fastest, time.perf_counter() - start)
    return 1000 * fastest, result


def tree_pairs(homes: np.ndarray, sites: np.ndarray) -> pd.DataFrame:
    """The table of costs as an analyst would make it for pysal: scipy's k-d tree within the last band."""
    pairs = cKDTree(homes).sparse_distance_matrix(
        cKDTree(sites), WALK.metres(BANDS.limit) * (1 + 1e-9), output_type="ndarray"
    )
    return pd.DataFrame({"o": pairs["i"], "d": pairs["j"], "cost": WALK.minutes(pairs["v"])})


def pysal(homes: np.ndarray, sites: np.ndarray, demand: np.ndarray, supply: np.ndarray, cost: pd.DataFrame) -> Any:
    """The same figure by pysal/access from a ready table of costs (which it can't make itself)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from access import Access, weights

        model = Access(
            demand_df=pd.DataFrame({"id": range(len(homes)), "n": demand}),
            demand_index="id",
            demand_value="n",
            supply_df=pd.DataFrame({"id": range(len(sites)), "s": supply}),
            supply_index="id",
            supply_value="s",
            cost_df=cost,
            cost_origin="o",
            cost_dest="d",
            cost_name="cost",
        )
        steps = weights.step_fn(dict(zip(BANDS.minutes, BANDS.weights, strict=True)))
        access = model.enhanced_two_stage_fca(name="a", weight_fn=steps, max_cost=BANDS.limit)
    return access["a_s"].reindex(range(len(homes))).fillna(0).to_numpy()


def main() -> None:
    """Both libraries on each size, pairs ready and pairs to be found, then a what-if on a district like the sample's."""
    print(f"{'homes × sites':>16} {'pairs':>8} {'':>22} {'ours ms':>9} {'pysal ms':>9} {'ratio':>6}  difference")
    for n, m, side in SIZES:
        rng = np.random.default_rng(1)
        homes, sites = rng.uniform(0, side, (n, 2)), rng.uniform(0, side, (m, 2))
        demand, supply = rng.integers(1, 40, n).astype(float), rng.integers(1, 30, m).astype(float)
        pairs = find_catchments(homes, sites, WALK)
        cost = pd.DataFrame({"o": pairs.home, "d": pairs.site, "cost": pairs.minutes})
        runs: tuple[tuple[str, Callable[[], Any], Callable[[], Any]], ...] = (
            (
                "pairs ready",
                lambda p=pairs, d=demand, u=supply: e2sfca(p, d, u).value,
                lambda h=homes, s=sites, d=demand, u=supply, c=cost: pysal(h, s, d, u, c),
            ),
            (
                "pairs to be found",
                lambda h=homes, s=sites, d=demand, u=supply: e2sfca(find_catchments(h, s, WALK), d, u).value,
                lambda h=homes, s=sites, d=demand, u=supply: pysal(h, s, d, u, tree_pairs(h, s)),
            ),
        )
        for name, our_run, their_run in runs:
            (mine, value), (theirs, expected) = best(our_run), best(their_run, 3)
            gap = float(np.abs(value - expected).max())
            size = f"{n:>6} × {m:>7} {len(pairs.home):>8}"
            print(f"{size} {name:>22} {mine:>9.2f} {theirs:>9.1f} {theirs / mine:>6.0f}  {gap:.1e}")
    snapshot = a_snapshot(communities=14, people=1600, jobs=60, idle=8, metres=14_000)
    accessibility = compute_accessibility(snapshot, TravelMode.WALK, WALK)
    effects = marginal_effects(snapshot, accessibility)
    scenario = Scenario({int(snapshot.idle["id"].iloc[0]): 20}, closed=frozenset([snapshot.sites["key"].iloc[0]]))
    rates = some_rates(snapshot)
    for name, run in (
        ("reach of every seeker", lambda: compute_accessibility(snapshot, TravelMode.WALK, WALK)),
        ("one what-if", lambda: play(snapshot, accessibility, effects, scenario)),
        ("ranking of premises", lambda: rank_premises(snapshot, accessibility, effects)),
        ("all measures", lambda: make_measures(snapshot, accessibility, rates, 3)),
    ):
        print(f"{name:>24} {best(run)[0]:>8.2f} ms  ({len(snapshot.homes)} seekers, {len(snapshot.sites)} sites)")


if __name__ == "__main__":
    main()
