"""How many micro-businesses are still open some months after they opened, by Kaplan and Meier.

A business that is open today is censored: it counts for as long as it has been seen. The interval is Wilson's score
interval at the effective number of observations S(1 − S) ÷ Var(S) of Rothman (1978, Journal of Chronic Diseases 31:557);
where none has closed yet, at the number that was observed for so long.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import sqrt

import numpy as np
import pandas as pd

from core.indicators.cohorts import Z95, cumulative_incidence
from core.terms import Channel

__all__ = ["HORIZONS", "survival", "unmatched"]

HORIZONS = (182, 365)  # days: six and twelve months


def survival(businesses: pd.DataFrame, today: date, horizons: Sequence[int] = HORIZONS) -> pd.DataFrame:
    """A row a horizon: days, share still open, low and high (95%), n (opened by ``today``), observed (for so long at least).

    ``businesses``: opened_on, closed_on. share, low and high are NaN where none was observed for so long.
    """
    moment = pd.Timestamp(today)
    begun = businesses[businesses["opened_on"] <= moment]
    closed = begun["closed_on"] <= moment
    days = (begun["closed_on"].where(closed, moment) - begun["opened_on"]).dt.days.to_numpy(dtype=np.int64)
    age = (moment - begun["opened_on"]).dt.days
    grid = np.array(horizons, dtype=np.int64)
    observed = np.array([int((age >= day).sum()) for day in grid])
    if not len(days):
        share = error = np.full(len(grid), np.nan)
    else:
        lost, error = cumulative_incidence(days, closed.to_numpy(dtype=np.int64)).at(grid)
        share = np.where(observed > 0, 1 - lost, np.nan)
    bounds = [_score_interval(s, e, n) for s, e, n in zip(share, error, observed, strict=True)]
    return pd.DataFrame(
        {
            "days": grid,
            "share": share,
            "low": [low for low, _ in bounds],
            "high": [high for _, high in bounds],
            "n": len(begun),
            "observed": observed,
        }
    )


def _score_interval(share: float, error: float, observed: int) -> tuple[float, float]:
    """95% bounds of a share with a standard error; NaN without observations."""
    if np.isnan(share) or not observed:
        return np.nan, np.nan
    n = share * (1 - share) / error**2 if error > 0 and 0 < share < 1 else float(observed)
    middle = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 * sqrt(share * (1 - share) / n + Z95**2 / (4 * n * n)) / (1 + Z95**2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def unmatched(businesses: pd.DataFrame, placements: pd.DataFrame, today: date) -> pd.DataFrame:
    """Self-employed people whose business is not in the register, and owners without a placement: person_id, what.

    ``what`` is "business" or "placement": the row that is missing. Only what runs on ``today`` is compared.
    """
    moment = pd.Timestamp(today)

    def running(rows: pd.DataFrame, start: str, end: str) -> set[int]:
        is_running = (rows[start] <= moment) & ~(rows[end] <= moment) & rows["person_id"].notna()
        return set(rows.loc[is_running, "person_id"].astype(int))

    own = placements[placements["channel"] == Channel.SELF_EMPLOYED]
    working, owning = running(own, "started_on", "ended_on"), running(businesses, "opened_on", "closed_on")
    rows = [(person, "business") for person in sorted(working - owning)]
    rows += [(person, "placement") for person in sorted(owning - working)]
    return pd.DataFrame(rows, columns=["person_id", "what"]).astype({"person_id": "Int64"})
