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

A review is scored by the figures at its period's end: computed from the rows as of that day with the goalposts of that day,
and then frozen, so that a later correction of the rows changes no past review (``review_monitoring``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from core.enterprises.goalposts import INDICATORS, Indicator, goalposts
from core.enterprises.rules import Rules, rules_on
from core.enterprises.score import monitoring_pillars
from core.store.settings import parameter
from core.terms import JobForm, Pillar, ReferralState, TierCause

__all__ = [
    "Ledger",
    "Monitoring",
    "Travel",
    "counts_behind",
    "monitor",
    "monitoring_on",
    "people_there",
    "period_reviews",
    "review_monitoring",
    "unanswered",
]

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
    frozen: pd.DataFrame
    rules: pd.DataFrame  # versions of the rules
    rounds: pd.DataFrame  # frozen review rounds with the rules that they were decided by

    def rules_by_review(self) -> dict[int, Rules]:
        """By id of ``reviews``: the rules of its round, else those in force on its day; one object for each version."""
        own = {key: Rules.from_json(rules) for key, rules in zip(self.rounds["id"], self.rounds["rules"], strict=True)}
        dated = {day: rules_on(self.rules, day.date()) for day in self.reviews["reviewed_on"].unique()}
        versions: dict[str, Rules] = {}
        for rules in [*own.values(), *dated.values()]:
            versions.setdefault(repr(rules), rules)
        return {
            int(row.id): versions[repr(own[row.round_id] if row.round_id in own else dated[row.reviewed_on])]
            for row in self.reviews.itertuples()
        }


@dataclass(frozen=True)
class Travel:
    """How far a person gets: metres a minute by e-bike, and way ÷ straight line."""

    ebike: float
    detour: float

    @classmethod
    def on(cls, parameters: pd.DataFrame, day: date) -> Travel:
        """The dated parameters in force on ``day``."""
        return cls(
            ebike=parameter(parameters, "ebike_metres_per_minute", day),
            detour=parameter(parameters, "detour_factor", day),
        )


@dataclass(frozen=True, eq=False)
class Monitoring:
    """The monitored figures of one enterprise on a day, with the goalposts that score them."""

    raw: pd.Series  # by indicator code, in the figure's own unit; NaN unknown
    indicators: tuple[Indicator, ...]
    frozen_on: date | None  # None: computed from the rows as they are now

    @property
    def pillars(self) -> dict[Pillar, float | None]:
        """The value of each pillar, 0..1."""
        return monitoring_pillars(self.raw, self.indicators)


def monitoring_on(ledger: Ledger, parameters: pd.DataFrame, day: date) -> dict[int, Monitoring]:
    """By enterprise id: the figures computed from the rows as of ``day``, with the goalposts of that day."""
    travel, indicators = Travel.on(parameters, day), goalposts(parameters, day, rules_on(ledger.rules, day))
    figures = monitor(ledger, day, travel.ebike, travel.detour)
    return {int(key): Monitoring(row, indicators, None) for key, row in figures.iterrows()}


def period_reviews(ledger: Ledger) -> pd.DataFrame:
    """Reviews that end a period: all but decisions between reviews, which rest on the evidence of the one before."""
    r = ledger.reviews
    has_evidence = r[["monitoring", "panel", "third_party"]].notna().any(axis=1) | r["id"].isin(
        ledger.review_scores["assessment_id"]
    )
    return r[has_evidence | r["round_id"].notna() | (r["cause"] != TierCause.MANUAL).fillna(True)]


def review_monitoring(
    ledger: Ledger, parameters: pd.DataFrame, reviews: Iterable[int] | None = None
) -> dict[int, Monitoring]:
    """By id of the reviews that end a period (of ``reviews``, else all): what was frozen, else the figures computed as of the review's day."""
    wanted = period_reviews(ledger)
    if reviews is not None:
        wanted = wanted[wanted["id"].isin(list(reviews))]
    by_review = _frozen(ledger.frozen)
    by_day: dict[date, Mapping[int, Monitoring]] = {}
    for row in wanted.itertuples():
        if int(row.id) not in by_review:
            day = row.reviewed_on.date()
            if day not in by_day:
                by_day[day] = monitoring_on(ledger, parameters, day)
            by_review[int(row.id)] = by_day[day][int(row.employer_id)]
    return {int(key): by_review[int(key)] for key in wanted["id"]}


def _frozen(rows: pd.DataFrame) -> dict[int, Monitoring]:
    """By review id: the frozen figures; an indicator that the method has no more is left out."""
    known = {indicator.code: indicator for indicator in INDICATORS}
    by_review: dict[int, list[Any]] = {}
    for row in rows.itertuples():
        by_review.setdefault(int(row.assessment_id), []).append(row)
    return {
        review: Monitoring(
            raw=pd.Series({row.indicator: row.value for row in own}, dtype="float64").reindex(list(known)),
            indicators=tuple(
                replace(known[row.indicator], low=float(row.low), high=float(row.high))
                for row in own
                if row.indicator in known
            ),
            frozen_on=own[0].frozen_on.date(),
        )
        for review, own in by_review.items()
    }


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
    there = _people(ledger, day, ebike, detour)
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


def counts_behind(ledger: Ledger, day: date, ebike: float, detour: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(people, hits) behind each monitored share, a row an enterprise: share = hits ÷ people; 0 people where it is unknown."""
    keys = pd.Index(ledger.enterprises["id"].astype("int64"), name="employer_id")
    figures = monitor(ledger, day, ebike, detour)
    group = _people(ledger, day, ebike, detour).groupby("employer_id")
    mature, courses = _mature(ledger, day), _commissioned_courses(ledger, day)
    people = pd.DataFrame(
        {
            "target_share": figures["employees"],
            "retention": mature.groupby("employer_id").size().reindex(keys),
            "trained_share": group.size().reindex(keys),
            "commissioned_hired": courses.groupby("employer_id").size().reindex(keys),
            "near_share": group["near"].count().reindex(keys),
        }
    ).fillna(0.0)
    shares = figures[list(people.columns)].fillna(0.0) / 100
    return people, people * shares


def _people(ledger: Ledger, day: date, ebike: float, detour: float) -> pd.DataFrame:
    """People there on ``day``, with whether they live near and have passed a course."""
    there = people_there(ledger, day).copy()
    there["near"] = _near(there, ebike, detour)
    there["is_trained"] = there["person_id"].isin(_passed(ledger, day)["person_id"])
    return there


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


def _mature(ledger: Ledger, day: date) -> pd.DataFrame:
    """Spells that began at least half a year before ``day``."""
    p = ledger.placements
    return p[p["started_on"] <= pd.Timestamp(day) - pd.Timedelta(days=HALF_YEAR)]


def _retention(ledger: Ledger, day: date) -> pd.Series:
    mature = _mature(ledger, day)
    stayed = mature["ended_on"].isna() | ((mature["ended_on"] - mature["started_on"]).dt.days >= HALF_YEAR)
    return stayed.groupby(mature["employer_id"]).mean().astype("float64") * 100


def _commissioned_courses(ledger: Ledger, day: date) -> pd.DataFrame:
    """People who passed a course that an enterprise commissioned, once each."""
    passed = _passed(ledger, day)
    return passed.dropna(subset=["employer_id"]).drop_duplicates(["person_id", "employer_id"])


def _commissioned(ledger: Ledger, day: date) -> pd.Series:
    passed = _commissioned_courses(ledger, day)
    started = ledger.placements[ledger.placements["started_on"] <= pd.Timestamp(day)]
    pairs = started[["person_id", "employer_id"]].drop_duplicates().assign(hired=True)
    both = passed.merge(pairs, on=["person_id", "employer_id"], how="left")
    return both["hired"].notna().groupby(both["employer_id"]).mean().astype("float64") * 100


def _hard_to_place(ledger: Ledger, day: date) -> pd.Series:
    p = ledger.placements
    hired = p[(p["started_on"] <= pd.Timestamp(day)) & p["hard_to_place"].astype(bool)]
    return hired.groupby("employer_id")["person_id"].nunique().astype("float64")
