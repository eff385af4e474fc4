"""Classes of a choropleth: Fisher–Jenks natural breaks, or quantiles.

Fisher 1958, "On Grouping for Maximum Homogeneity": the partition of sorted values into k runs with the least sum of
squared deviations from the run means, computed exactly by dynamic programming. Written here because no library that is installed has it: mapclassify does, but
needs geopandas.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.geography.plane import Floats

__all__ = ["HIDDEN", "Classes", "diverging", "natural_breaks", "quantiles"]

HIDDEN = -1  # class of a value that is missing or suppressed


@dataclass(frozen=True, eq=False)
class Classes:
    """``bounds``: greatest value of each class, ascending. ``index``: class of each value, ``HIDDEN`` where NaN."""

    bounds: Floats
    index: NDArray[np.intp]
    low: Floats  # smallest value that occurs in each class
    count: NDArray[np.intp]  # values in each class

    @classmethod
    def of(cls, values: Floats, bounds: Floats, keep_empty: bool = False) -> Classes:
        """Sort ``values`` into classes; a bound belongs to the class below it; classes that stay empty vanish.

        With ``keep_empty`` they stay (``low`` NaN), so that a class is the same on another day or after a what-if.
        """
        known = ~np.isnan(values)
        raw = np.minimum(np.searchsorted(bounds, values[known], side="left"), max(len(bounds) - 1, 0))
        used, packed = np.unique(raw, return_inverse=True)
        if keep_empty:
            used, packed = np.arange(len(bounds)), raw
        index = np.full(len(values), HIDDEN, dtype=np.intp)
        index[known] = packed
        low = np.array([values[known][packed == c].min(initial=np.inf) for c in range(len(used))])
        low[np.isinf(low)] = np.nan
        return cls(bounds[used], index, low, np.bincount(packed, minlength=len(used)))


def natural_breaks(values: Floats, k: int = 5) -> Classes:
    """Fisher–Jenks classes of ``values`` (NaN = hidden); fewer than ``k`` when there are fewer distinct values."""
    known = np.sort(values[~np.isnan(values)])
    distinct, counts = np.unique(known, return_counts=True)
    k = min(k, len(distinct))
    if k == 0:
        return Classes.of(values, np.empty(0))
    ends = _best_ends(distinct, counts.astype(float), k)
    return Classes.of(values, distinct[ends])


def _best_ends(value: Floats, weight: Floats, k: int) -> NDArray[np.intp]:
    """Index of the last distinct value of each of ``k`` runs; O(k n²) in vector steps."""
    n = len(value)
    centred = value - value.mean()  # keeps the sums of squares small: no cancellation
    w = np.concatenate([[0.0], np.cumsum(weight)])
    s = np.concatenate([[0.0], np.cumsum(weight * centred)])
    q = np.concatenate([[0.0], np.cumsum(weight * centred**2)])

    def spread(first: NDArray[np.intp], last: int) -> Floats:
        mass, total = w[last + 1] - w[first], s[last + 1] - s[first]
        deviation: Floats = np.maximum(q[last + 1] - q[first] - total**2 / mass, 0.0)
        return deviation

    cost = np.array([spread(np.array([0]), j)[0] for j in range(n)])
    origin = np.zeros((k, n), dtype=np.intp)
    for run in range(1, k):
        best = np.full(n, np.inf)
        for j in range(run, n):
            first = np.arange(run, j + 1)
            total = cost[first - 1] + spread(first, j)
            at = int(np.argmin(total))
            best[j], origin[run, j] = total[at], first[at]
        cost = best
    ends, j = [n - 1], n - 1
    for run in range(k - 1, 0, -1):
        j = int(origin[run, j]) - 1
        ends.append(j)
    return np.array(ends[::-1], dtype=np.intp)


def diverging(values: Floats, k: int = 3) -> Classes:
    """Class breaks of changes (NaN = hidden), symmetric around zero: up to ``k`` of falls, one of none, as many of rises.

    There are 2m + 1 classes, some of them empty; class m is "no change".
    """
    moved = values[~np.isnan(values) & (values != 0)]
    size = natural_breaks(np.abs(moved), k)
    return Classes.of(values, np.concatenate([-size.low[::-1], [0.0], size.bounds]), keep_empty=True)


def quantiles(values: Floats, k: int = 5) -> Classes:
    """Classes of equal count as far as ties allow (NaN = hidden)."""
    known = values[~np.isnan(values)]
    if not known.size:
        return Classes.of(values, np.empty(0))
    bounds = np.unique(np.quantile(known, np.arange(1, k + 1) / k, method="inverted_cdf"))
    return Classes.of(values, bounds)
