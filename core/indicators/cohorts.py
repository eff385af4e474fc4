"""Time from the exit to a job: what the cumulative rate hides whenever a new cohort leaves.

Leaving the race is not being censored: who retires, can't be reached or no longer seeks work will not be re-employed
later, and treating them as still waiting would promise jobs to them (Kaplan–Meier). The share with a job by day t is
therefore the cumulative incidence of Aalen and Johansen (1978) with these as competing events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.indicators.facts import Facts, computed_once
from core.indicators.populations import exits, re_employed
from core.terms import PersonState

__all__ = [
    "AT_RISK_DAYS",
    "HORIZONS",
    "JOB",
    "LEFT",
    "WAITING",
    "Z95",
    "Cohorts",
    "Incidence",
    "cohorts",
    "cumulative_incidence",
    "exit_outcomes",
]

HORIZONS = (30, 90, 180)  # days after the exit
AT_RISK_DAYS = (0, 90, 180, 270, 360)  # at which the number still waiting is shown
LEFT_THE_RACE = (PersonState.RETIRED, PersonState.UNREACHABLE, PersonState.NOT_SEEKING)
JOB, LEFT, WAITING = 1, 2, 0
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Cohorts:
    """``curves``: cohort (half-year label), day (0…), share, n — only as far as every member has been observed.

    ``mature``: horizon, n (exits at least that old), re_employed, share. ``overall``: every exit with competing risks;
    day, share, low, high (pointwise 95%), at_risk (still waiting and observed).
    """

    curves: pd.DataFrame
    mature: pd.DataFrame
    overall: pd.DataFrame


@dataclass(frozen=True)
class Incidence:
    """A step function: from ``times[k]`` on, ``share[k]`` with standard error ``error[k]``."""

    times: NDArray[np.int64]
    share: NDArray[np.float64]
    error: NDArray[np.float64]

    def at(self, days: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Share and standard error on each of ``days``; 0 before the first event."""
        position = np.searchsorted(self.times, days, side="right")
        return np.r_[0.0, self.share][position], np.r_[0.0, self.error][position]


def cumulative_incidence(days: NDArray[np.int64], events: NDArray[np.int64]) -> Incidence:
    """Aalen–Johansen estimate for event 1; event 2 competes, 0 is censored; ties are handled at once.

    Variance by the delta method (Marubini and Valsecchi 1995, eq. 10.12), as in statsmodels' ``CumIncidenceRight``;
    where everyone left has an event the last term is undefined and left out.
    """
    times, position = np.unique(days, return_inverse=True)
    jobs = np.bincount(position, weights=events == JOB, minlength=len(times))
    any_event = np.bincount(position, weights=events != WAITING, minlength=len(times))
    at_risk = len(days) - np.r_[0, np.cumsum(np.bincount(position, minlength=len(times)))[:-1]]
    survival = np.cumprod(1 - any_event / at_risk)
    before = np.r_[1.0, survival[:-1]] / at_risk
    share = np.cumsum(before * jobs)
    rest = at_risk - any_event
    greenwood = np.divide(any_event, at_risk * rest, out=np.zeros(len(times)), where=rest > 0)
    own = before * jobs / at_risk
    variance = (
        share**2 * np.cumsum(greenwood)
        - 2 * share * np.cumsum(share * greenwood)
        + np.cumsum(share**2 * greenwood)
        + np.cumsum(before**2 * (at_risk - jobs) * jobs / at_risk)
        - 2 * share * np.cumsum(own)
        + 2 * np.cumsum(share * own)
    )
    return Incidence(times.astype(np.int64), share, np.sqrt(np.maximum(variance, 0.0)))


@computed_once
def exit_outcomes(facts: Facts, today: date) -> pd.DataFrame:
    """Every exit by ``today`` with what became of it, in the columns of ``populations.exits`` and, in days since exit:

    ``wait`` to the first job (NaN = none yet), ``left`` to the first day out of the race (NaN = never), ``age`` to today.
    ``started_on`` is the day of that job.
    """
    moment = pd.Timestamp(today)
    gone = exits(facts)
    gone = gone[gone["exited_on"] <= moment].reset_index(drop=True)
    start = re_employed(facts).set_index("post_id")["since"].reindex(gone["post_id"]).set_axis(gone.index)
    start = start.where(start <= moment)
    states = facts.states[facts.states["state"].isin(LEFT_THE_RACE) & (facts.states["since"] <= moment)]
    later = gone[["post_id", "person_id", "exited_on"]].merge(states, on="person_id")
    later = later[later["since"] >= later["exited_on"]]
    left = (later["since"] - later["exited_on"]).dt.days.groupby(later["post_id"]).min()
    return gone.assign(
        started_on=start,
        wait=(start - gone["exited_on"]).dt.days.astype("float64"),
        left=gone["post_id"].map(left).astype("float64"),
        age=(moment - gone["exited_on"]).dt.days,
    )


@computed_once
def cohorts(facts: Facts, today: date, *, step: int = 10, longest: int = 360) -> Cohorts:
    """Re-employment by days since exit for each half-year of exits that is complete for 30 days.

    A curve ends at the age of its youngest member, so that it never falls and never mixes unlike observation times.
    """
    gone = exit_outcomes(facts, today)
    wait, age = gone["wait"], gone["age"]
    half = gone["exited_on"].dt.year.astype(str) + "H" + ((gone["exited_on"].dt.month > 6) + 1).astype(str)
    rows = []
    for label, group in gone.assign(cohort=half).groupby("cohort", sort=True):
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
    return Cohorts(curves, mature, _overall(gone, step, longest))


def _overall(gone: pd.DataFrame, step: int, longest: int) -> pd.DataFrame:
    """``Cohorts.overall`` of ``exit_outcomes``."""
    if gone.empty:
        return pd.DataFrame(columns=["day", "share", "low", "high", "at_risk"])
    wait, age = gone["wait"], gone["age"]
    out = gone["left"].where(wait.isna())  # who took a job after all was still in the race
    days = wait.fillna(out).fillna(age).to_numpy(np.int64)
    events = np.select([wait.notna(), out.notna()], [JOB, LEFT], WAITING).astype(np.int64)
    grid = np.arange(0, min(int(age.max()), longest) + 1, step)
    share, error = cumulative_incidence(days, events).at(grid)
    return pd.DataFrame(
        {
            "day": grid,
            "share": share,
            "low": np.clip(share - Z95 * error, 0, 1),
            "high": np.clip(share + Z95 * error, 0, 1),
            "at_risk": [int((days >= day).sum()) for day in grid],
        }
    )
