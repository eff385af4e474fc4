"""Exits against re-employment by cohort: what the cumulative rate hides whenever a new cohort leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from core.indicators.facts import Facts
from core.indicators.populations import exits, re_employed

__all__ = ["HORIZONS", "Cohorts", "cohorts"]

HORIZONS = (30, 90, 180)  # days after the exit


@dataclass(frozen=True)
class Cohorts:
    """``curves``: cohort (half-year label), day (0…), share, n — only as far as every member has been observed.

    ``mature``: horizon, n (exits at least that old), re_employed, share.
    """

    curves: pd.DataFrame
    mature: pd.DataFrame


def cohorts(facts: Facts, today: date, *, step: int = 10, longest: int = 360) -> Cohorts:
    """Re-employment by days since exit for each half-year of exits that is complete for 30 days.

    A curve ends at the age of its youngest member, so that it never falls and never mixes unlike observation times.
    """
    moment = pd.Timestamp(today)
    gone = exits(facts)
    gone = gone[gone["exited_on"] <= moment]
    first = re_employed(facts).set_index("post_id")["since"]
    start = first.reindex(gone["post_id"]).set_axis(gone.index)
    wait = (start - gone["exited_on"]).dt.days.where(start <= moment)
    age = (moment - gone["exited_on"]).dt.days
    half = gone["exited_on"].dt.year.astype(str) + "H" + ((gone["exited_on"].dt.month > 6) + 1).astype(str)
    rows = []
    for label, group in gone.assign(wait=wait, age=age, cohort=half).groupby("cohort", sort=True):
        if group["age"].min() < HORIZONS[0]:
            continue  # still leaving: nothing to see yet
        days = np.arange(0, min(int(group["age"].min()), longest) + 1, step)
        waits = np.sort(group["wait"].dropna().to_numpy())
        share = np.searchsorted(waits, days, side="right") / len(group)
        rows.append(pd.DataFrame({"cohort": label, "day": days, "share": share, "n": len(group)}))
    curves = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=["cohort", "day", "share", "n"])
    mature = pd.DataFrame(
        [
            {"horizon": h, "n": int((age >= h).sum()), "re_employed": int(((age >= h) & (wait <= h)).sum())}
            for h in HORIZONS
        ]
    )
    mature["share"] = (mature["re_employed"] / mature["n"]).where(mature["n"] > 0)
    return Cohorts(curves, mature)
