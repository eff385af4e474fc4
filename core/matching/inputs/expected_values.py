"""The expected value of each factor: what stands in where a fact is unknown. Recomputed on request, never by itself.

It is the mean of the factor over the district's feasible pairs (those that pass every hard limit) in which it is known, as
the store describes them at the end of the quarter before, and is stored as a dated parameter in force from the first day
of the present quarter: scores change on that day for a stated reason, not because somebody joins the pool.

``python -m core.matching`` is the command.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from core.matching.inputs.factors import CODES, factors
from core.matching.inputs.goalposts import EXPECTED_KEYS
from core.matching.inputs.limits import screen
from core.matching.inputs.matching_pool import MatchingPool
from core.store import settings
from core.store.commands import Change

__all__ = ["expected_values", "quarter_start", "store_expected_values"]


def expected_values(pool: MatchingPool) -> dict[str, int]:
    """Mean of each factor over feasible pairs in which it is known, whole ten-thousandths by factor code.

    A factor that is known for no feasible pair is left out. One opening at a time, so that no n × m table is held.
    """
    sums, counts = np.zeros(len(CODES)), np.zeros(len(CODES), dtype=np.int64)
    for job in range(len(pool.openings)):
        matrix = pool.pair_matrix(jobs=[job])
        x = factors(matrix)[:, screen(matrix).passed].astype(np.float64)
        sums += np.nansum(x, axis=1)
        counts += np.isfinite(x).sum(axis=1)
    return {
        code: round(10_000 * float(sums[j] / counts[j]))
        for j, code in enumerate(CODES)
        if code in EXPECTED_KEYS and counts[j]
    }


def quarter_start(day: date) -> date:
    """First day of the quarter of ``day``."""
    return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)


def store_expected_values(change: Change, values: Mapping[str, int], since: date, source: str) -> None:
    """Store values (ten-thousandths by factor code) as parameters in force from ``since``."""
    for code, value in values.items():
        settings.save_parameter(change, EXPECTED_KEYS[code], since, value / 10_000, source)
