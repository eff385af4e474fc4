"""The yearly target in force on a day."""

from __future__ import annotations

from datetime import date

import numpy as np
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
    # On plain arrays: a page asks for every tile, and pandas takes ten times as long to select the rows.
    unit, valid_from = targets["community_id"], targets["valid_from"].to_numpy()
    own = unit.isna() if community_id is None else (unit == community_id).fillna(False)
    in_force = own.to_numpy(bool) & (targets["indicator"].to_numpy() == indicator)
    in_force &= (targets["year"].to_numpy(np.int64) == day.year) & (valid_from <= np.datetime64(day))
    if not in_force.any():
        return None
    newest = in_force & (valid_from == valid_from[in_force].max())
    return float(targets["value"].to_numpy()[newest][-1])
