"""Small frames that the overview draws: posts by field, communities with their value four weeks ago."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from core.indicators import populations
from core.indicators.dated_counts import rows_on
from core.indicators.facts import Facts
from core.indicators.registry import Measured
from core.terms import PostField

__all__ = ["communities_ranked", "posts_by_field"]


def posts_by_field(facts: Facts, today: date) -> pd.DataFrame:
    """field, planned, developed, filled: head count on ``today``, one row per field."""
    sides = {
        "planned": populations.planned_posts(facts),
        "developed": populations.developed_posts(facts),
        "filled": populations.filled_posts(facts),
    }
    table = pd.DataFrame(index=pd.Index([f.value for f in PostField], name="field"))
    for name, spells in sides.items():
        table[name] = rows_on(spells, today).groupby("field")["n"].sum()
    return table.fillna(0).astype("int64").reset_index()


def communities_ranked(measured: Measured, communities: pd.DataFrame) -> pd.DataFrame:
    """id, name, numerator, denominator, value and ``before``, the value four weeks earlier."""
    current = measured.by_community(communities)
    earlier = measured.by_community(communities, measured.today - timedelta(weeks=4))
    return current.assign(before=earlier["value"])
