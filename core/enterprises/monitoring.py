"""The monitored indicators of an enterprise on a day, from the bureau's own rows.

Definitions (all as on ``day``; people are placements that had begun and not ended):

==================  =======================================================================================
target_people       people at work there who were on a welfare post before or are in a hardship category
target_share        target_people ÷ payroll (last month's employees, at least the people placed), %
retention           spells that lasted ≥ 183 days ÷ spells that began ≥ 183 days ago, %
median_pay          median monthly pay of the people at work there, yuan
trained_share       people there with a passed course ÷ people there, %
commissioned_hired  people who passed a course the enterprise commissioned and then started there ÷ passed, %
order_stability     1 − min(1, standard deviation ÷ mean) of the last 12 months' orders
order_months        months with orders among the last 12
near_share          people within 15 minutes by e-bike, or on flexible or part-time terms ÷ people there, %
hard_to_place       older or disabled people and welfare-post leavers ever hired, persons
insured_share       insured ÷ employees of the last month, % (a gate's evidence, never points)
==================  =======================================================================================

A figure that can't be computed from the rows is NaN, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from core.terms import JobForm, ReferralState

__all__ = ["Ledger", "monitor", "people_there", "unanswered"]

HALF_YEAR = 183  # days
NEAR_MINUTES = 15.0  # 15分钟就业服务圈
FLEXIBLE = (JobForm.PART_TIME, JobForm.HOME_PIECE, JobForm.FLEXIBLE)
EARTH = 6_371_008.8  # metres
SILENT_DAYS = 150  # five months
SILENT_REFERRALS = 5


@dataclass(frozen=True)
class Ledger:
    """The rows of ``core.enterprises.queries``."""

    enterprises: pd.DataFrame
    months: pd.DataFrame
    placements: pd.DataFrame
    trained: pd.DataFrame
    referrals: pd.DataFrame
    reviews: pd.DataFrame
    review_scores: pd.DataFrame


def people_there(ledger: Ledger, day: date) -> pd.DataFrame:
    """Placements at the ledger's enterprises that had begun and not ended on ``day``."""
    p, at = ledger.placements, pd.Timestamp(day)
    here = p["employer_id"].isin(ledger.enterprises["id"])
    return p[here & (p["started_on"] <= at) & (p["ended_on"].isna() | (p["ended_on"] > at))]


def monitor(ledger: Ledger, day: date, ebike: float, detour: float) -> pd.DataFrame:
    """One row an enterprise (index = its id), one column an indicator; NaN = unknown.

    ``ebike`` in metres a minute, ``detour`` = way ÷ straight line.
    """
    keys = pd.Index(ledger.enterprises["id"].astype("int64"), name="employer_id")
    there = people_there(ledger, day).copy()
    there["near"] = _near(there, ebike, detour)
    there["is_trained"] = there["person_id"].isin(_passed(ledger, day)["person_id"])
    group = there.groupby("employer_id")
    count = group.size().reindex(keys)
    figures = pd.DataFrame(index=keys)
    months = _last_months(ledger.months, day)
    last = months.groupby("employer_id").tail(1).set_index("employer_id")
    payroll = last["employees"].astype("float64").reindex(keys)
    figures["employees"] = np.fmax(payroll, count.astype("float64"))
    opened = count.notna() | payroll.notna()
    figures["target_people"] = (
        group["target"].sum().astype("float64").reindex(keys).where(count.notna(), 0.0).where(opened)
    )
    figures["target_share"] = figures["target_people"] / figures["employees"] * 100
    figures["retention"] = _retention(ledger, day).reindex(keys)
    figures["median_pay"] = group["monthly_pay"].median().reindex(keys)
    figures["trained_share"] = group["is_trained"].mean().reindex(keys) * 100
    figures["commissioned_hired"] = _commissioned(ledger, day).reindex(keys)
    figures["near_share"] = group["near"].mean().reindex(keys) * 100
    figures["hard_to_place"] = _hard_to_place(ledger, day).reindex(keys).where(lambda s: s.notna(), 0.0).where(opened)
    orders = months.groupby("employer_id")["orders"]
    mean, spread = orders.mean().astype("float64"), orders.std().astype("float64")
    enough = orders.size() >= 6  # half a year of months: fewer say nothing of steadiness
    figures["order_stability"] = (1 - (spread / mean.where(mean > 0)).clip(upper=1)).where(enough).reindex(keys)
    figures["order_months"] = orders.agg(lambda s: float((s > 0).sum())).astype("float64").reindex(keys)
    figures["sales"] = months.groupby("employer_id")["sales"].sum().reindex(keys)
    figures["insured_share"] = (last["insured"].astype("float64") / last["employees"].astype("float64") * 100).reindex(
        keys
    )
    return figures.astype("float64")


def unanswered(ledger: Ledger, day: date) -> pd.Series:
    """Referrals of the last five months that still wait for the enterprise's first answer, by employer id.

    Five or more mark it as unresponsive.
    """
    r, at = ledger.referrals, pd.Timestamp(day)
    recent = (r["recommended_on"] <= at) & (r["recommended_on"] > at - pd.Timedelta(days=SILENT_DAYS))
    return r[recent & (r["state"] == ReferralState.RECOMMENDED)].groupby("employer_id").size()


def _last_months(months: pd.DataFrame, day: date) -> pd.DataFrame:
    end = pd.Timestamp(day).replace(day=1)
    complete = day == (pd.Timestamp(day) + pd.offsets.MonthEnd(0)).date()
    last = end if complete or (months["month"] == end).any() else end - pd.DateOffset(months=1)
    first = last - pd.DateOffset(months=11)
    return months[(months["month"] >= first) & (months["month"] <= last)]


def _near(there: pd.DataFrame, ebike: float, detour: float) -> pd.Series:
    east = np.radians(there["home_lon"] - there["lon"]) * np.cos(np.radians(there["lat"])) * EARTH
    north = np.radians(there["home_lat"] - there["lat"]) * EARTH
    minutes = np.hypot(east, north) * detour / ebike
    near = (minutes <= NEAR_MINUTES).astype("float64").where(minutes.notna())
    return near.where(~there["form"].isin(FLEXIBLE), 1.0)  # an unknown way stays unknown


def _passed(ledger: Ledger, day: date) -> pd.DataFrame:
    return ledger.trained[ledger.trained["ends_on"] <= pd.Timestamp(day)]


def _retention(ledger: Ledger, day: date) -> pd.Series:
    p, at = ledger.placements, pd.Timestamp(day)
    mature = p[p["started_on"] <= at - pd.Timedelta(days=HALF_YEAR)]
    stayed = mature["ended_on"].isna() | ((mature["ended_on"] - mature["started_on"]).dt.days >= HALF_YEAR)
    return stayed.groupby(mature["employer_id"]).mean().astype("float64") * 100


def _commissioned(ledger: Ledger, day: date) -> pd.Series:
    passed = _passed(ledger, day).dropna(subset=["employer_id"]).drop_duplicates(["person_id", "employer_id"])
    started = ledger.placements[ledger.placements["started_on"] <= pd.Timestamp(day)]
    pairs = started[["person_id", "employer_id"]].drop_duplicates().assign(hired=True)
    both = passed.merge(pairs, on=["person_id", "employer_id"], how="left")
    return both["hired"].notna().groupby(both["employer_id"]).mean().astype("float64") * 100


def _hard_to_place(ledger: Ledger, day: date) -> pd.Series:
    p = ledger.placements
    hired = p[(p["started_on"] <= pd.Timestamp(day)) & p["hard_to_place"].astype(bool)]
    return hired.groupby("employer_id")["person_id"].nunique().astype("float64")
