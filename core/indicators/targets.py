"""The yearly target in force on a day."""

from __future__ import annotations

from datetime import date

import pandas as pd

__all__ = ["target_on", "targets_on"]


def targets_on(targets: pd.DataFrame, day: date) -> pd.DataFrame:
    """The rows of ``targets`` in force on ``day``: of its year, the newest valid one of each indicator and unit."""
    valid = targets[(targets["year"] == day.year) & (targets["valid_from"] <= pd.Timestamp(day))]
    return valid.sort_values("valid_from", kind="stable").drop_duplicates(["indicator", "community_id"], keep="last")


def target_on(targets: pd.DataFrame, indicator: str, day: date, community_id: int | None = None) -> float | None:
    """The target of ``indicator`` (its name on the weekly sheet) in the sheet's unit; None if none is in force.

    ``community_id`` None is the whole district.
    """
    rows = targets_on(targets[targets["indicator"] == indicator], day)
    own = rows["community_id"].isna() if community_id is None else (rows["community_id"] == community_id).fillna(False)
    values = rows.loc[own, "value"]
    return float(values.iloc[0]) if len(values) else None
