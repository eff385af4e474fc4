"""Audit of suppressed counts: what anybody could prove of a hidden count from everything that is published with it.

A release is a set of sums over the same cells: the cells of a table, its totals, further tables over finer or coarser
groups of the same people. Of a hidden sum, the published ones and the fact that no count is negative leave an interval:
two linear programmes. For a two-way table the programmes have whole-number solutions (the constraints are totally
unimodular), so that the interval is exactly what whole-number tables allow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from core.geography.plane import Floats
from core.locale import Translator

__all__ = ["WIDTH", "Protection", "Release", "certificate", "protect", "provable_intervals"]

Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]
WIDTH = 5.0  # persons: a hidden count must be left an interval at least this wide
ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class Release:
    """Sums published together: ``members`` (sums, cells) says which cells each adds up, ``counts`` (sums,) how many.

    ``cost`` (sums,): what it costs to hide a sum; the cheapest go first.
    """

    members: Mask
    counts: Counts
    cost: Floats

    @classmethod
    def of_table(cls, table: Counts) -> Release:
        """A two-way table: its cells row by row, then row totals, column totals and the grand total.

        Small cells are the cheapest to hide; totals, and zeros, which leave room for nothing, the dearest.
        """
        rows, columns = table.shape
        cell = np.arange(table.size).reshape(table.shape)
        members = np.zeros((table.size + rows + columns + 1, table.size), dtype=bool)
        members[cell.ravel(), cell.ravel()] = True
        for row in range(rows):
            members[table.size + row, cell[row]] = True
        for column in range(columns):
            members[table.size + rows + column, cell[:, column]] = True
        members[-1] = True
        counts = members @ table.ravel()
        cost = counts.astype(float)
        cost[table.size :] += counts[-1]
        cost[: table.size][table.ravel() == 0] = counts[-1]
        return cls(members, counts, cost)


@dataclass(frozen=True, eq=False)
class Protection:
    """Which sums of a release to hide, and the interval (hidden, 2) that can be proved of each."""

    hidden: Mask
    intervals: Floats

    @property
    def narrowest(self) -> float:
        """Width of the narrowest interval: the certificate of the release; infinite if nothing is hidden."""
        return float(np.ptp(self.intervals, axis=1).min(initial=np.inf))

    def cells(self, shape: tuple[int, int]) -> Mask:
        """The hidden cells of a two-way table."""
        return self.hidden[: shape[0] * shape[1]].reshape(shape)


def provable_intervals(release: Release, hidden: Mask) -> Floats:
    """Least and greatest value (hidden, 2) of each hidden sum that the shown ones allow; inf where unbounded."""
    return np.array([_interval(release, hidden, int(nth))[0] for nth in np.flatnonzero(hidden)]).reshape(-1, 2)


def protect(release: Release, min_count: int, width: float = WIDTH, *, published: Mask | None = None) -> Protection:
    """Hide sums of 1 … ``min_count`` − 1, then further ones until the interval of every hidden sum has ``width``.

    Greedy: of the shown sums that pin an interval down (those with a shadow price), the cheapest is hidden next.
    ``published`` (sums,): what is published anyway and cannot be hidden; an interval that these sums alone pin down
    stays as narrow as it is.
    """
    fixed = np.zeros(len(release.counts), dtype=bool) if published is None else published
    hidden: Mask = (release.counts > 0) & (release.counts < min_count) & ~fixed
    queue = np.flatnonzero(hidden).tolist()
    intervals: dict[int, tuple[int, tuple[float, float]]] = {}  # how many sums were hidden then, and (low, high)
    for nth in queue:  # hiding more only widens what was wide enough already
        while True:
            (low, high), pinning = _interval(release, hidden, nth)
            intervals[nth] = len(queue), (low, high)
            if high - low >= width - ROUNDING:
                break
            candidates = np.flatnonzero(pinning & ~fixed)
            if not len(candidates):
                break
            cheapest = int(candidates[np.argmin(release.cost[candidates])])
            hidden[cheapest] = True
            queue.append(cheapest)
    final = [
        interval if count == len(queue) else _interval(release, hidden, nth)[0]
        for nth, (count, interval) in sorted(intervals.items())
    ]
    return Protection(hidden, np.array(final).reshape(-1, 2))


def _interval(release: Release, hidden: Mask, nth: int) -> tuple[tuple[float, float], Mask]:
    """What can be proved of hidden sum ``nth``, and which shown sums (sums,) prove it."""
    shown = ~hidden
    target = release.members[nth].astype(float)
    ends, pinning = [], np.zeros(len(hidden), dtype=bool)
    for sign in (1.0, -1.0):
        solution = linprog(sign * target, A_eq=release.members[shown], b_eq=release.counts[shown], method="highs")
        if solution.status == 3:  # unbounded
            ends.append(-sign * np.inf)
            continue
        ends.append(sign * solution.fun)
        pinning[np.flatnonzero(shown)[np.abs(solution.eqlin.marginals) > ROUNDING]] = True
    return (ends[0], ends[1]), pinning


def certificate(tr: Translator, min_count: int, narrowest: float) -> str:
    """The line that goes with a release. ``narrowest``: of ``Protection``, infinite if nothing is hidden."""
    most = min_count - 1
    if np.isinf(narrowest):
        return tr("No count of 1 to {most} people is behind this table; nothing had to be hidden.", most=most)
    return tr(
        "Counts of 1 to {most} people are hidden, and others with them: whoever combines everything published here "
        "can narrow no hidden count down to fewer than {n} values.",
        most=most,
        n=tr.number(int(narrowest) + 1),
    )
