"""Who can come among the first n of the ranked list under some weights: all that a browser needs to rank by itself.

Row a is ahead of row b whatever the weights if everything known of b is known of a (so that a is ranked wherever b is)
and either a's factors are all greater, or none is less and a has the lower id (which decides where they are equal). A
row with n such rows ahead never comes among the first n.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from core.matching.ranking.scoring import Profile

__all__ = ["contenders", "known_bits"]

Positions = npt.NDArray[np.intp]
PROBES = 3_000  # rows that are compared with all others, best first: with more rows, some too many are kept
CELLS = 2_000_000  # comparisons held at once


def contenders(profile: Profile, ids: npt.NDArray[Any], top_n: int) -> Positions:
    """Positions, by id, of the rows that fewer than ``top_n`` rows are ahead of whatever the weights.

    Every row that comes among the first ``top_n`` of ``scoring.order`` under any weights and any least coverage is one
    of them; with more than ``PROBES`` rows there may be others.
    """
    by_id = np.argsort(ids, kind="stable")
    values, known = profile.values[:, by_id], known_bits(profile)[by_id]
    best = np.argsort(-values.sum(axis=0, dtype=np.int64), kind="stable")[:PROBES]
    ahead, remaining = np.zeros(len(by_id), dtype=np.int64), np.arange(len(by_id))
    start = 0
    while start < len(best) and len(remaining):
        probes = best[start : start + max(CELLS // len(remaining), 1)]
        start += len(probes)
        ahead[remaining] += _is_ahead(values, known, probes, remaining).sum(axis=0)
        remaining = remaining[ahead[remaining] < top_n]
    return by_id[remaining]


def known_bits(profile: Profile) -> npt.NDArray[np.uint8]:
    """(n,) which factors of a row are known: bit j for factor j."""
    return np.asarray(np.packbits(profile.known, axis=0, bitorder="little")[0])


def _is_ahead(
    values: npt.NDArray[np.uint16], known: npt.NDArray[np.uint8], probes: Positions, rows: Positions
) -> npt.NDArray[np.bool_]:
    """(probes, rows): the probe is ahead of the row whatever the weights; positions are in the order of ids."""
    none_less = (~known[probes, None] & known[rows]) == 0
    all_greater = none_less.copy()
    for factor in values:
        own, other = factor[probes, None], factor[rows]
        none_less &= own >= other
        all_greater &= own > other
    return np.asarray(all_greater | (none_less & (probes[:, None] < rows)))
