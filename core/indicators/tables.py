"""Small frames that the overview draws: posts by field, communities with their value four weeks ago."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from core.indicators import membership
from core.indicators.facts import Facts
from core.indicators.registry import Measured
from core.indicators.spells import on
from core.terms import PostField

__all__ = ["communities_ranked", "posts_by_field"]


def posts_by_field(facts: Facts, today: date) -> pd.DataFrame:
    """field, planned, developed, filled: head count on ``today``, one row per field."""
    sides = {
        "planned": membership.planned_posts(facts),
        "developed": membership.developed_posts(facts),
        "filled": membership.filled_posts(facts),
    }
    found = pd.DataFrame(index=pd.Index([f.value for f in PostField], name="field"))
    for name, spells in sides.items():
        found[name] = on(spells, today).groupby("field")["n"].sum()
    return found.fillna(0).astype("int64").reset_index()


def communities_ranked(measured: Measured, communities: pd.DataFrame) -> pd.DataFrame:
    """id, name, numerator, denominator, value and ``before``, the value four weeks earlier."""
    now = measured.by_community(communities)
    earlier = measured.by_community(communities, measured.today - timedelta(weeks=4))
    return now.assign(before=earlier["value"])
