"""From the weekly reports to the inputs of a workshop, each step visible to the reader.

The weekly sheet (微工厂产能周报) states persons on the roll, person-shifts attended, hours attended and pieces made;
it does not say who was rostered, nor how fast each person works. What is missing is derived from what it holds:

=====================  ==================================================================================
hours a shift          Σ hours ÷ Σ attendances, over the last 8 ordinary weeks
full week of a person  90th percentile of attendances ÷ persons on the roll, over the last 26 ordinary weeks:
                       the shifts a person works in a week when hardly anyone is missing
rostered shifts        persons on the roll × full week
absence                1 − attendances ÷ rostered, shrunk towards the district's with k = 8 shifts
efficiency             Σ made × standard minutes ÷ 60 ÷ Σ hours attended (standard hours earned in an hour)
first-pass yield       Σ good ÷ Σ made
=====================  ==================================================================================

A week is ordinary unless Spring Festival's public holiday touches it (``core.holidays``). The window ends with the last report.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from core.holidays import is_festival_week
from core.jobs.legal import FULL_WEEK
from core.terms import JobForm
from core.workshops.calendar import Calendar
from core.workshops.load import Group, OpenOrder, Site, WorkshopInputs, shrunk_absence

__all__ = [
    "FULL_WEEK_WINDOW",
    "WINDOW",
    "Norms",
    "Pace",
    "district_norms",
    "learner",
    "open_orders",
    "ordinary",
    "measure_pace",
    "workshop_calendar",
    "workshop_inputs",
    "skill_shares",
]

WINDOW = 8  # weeks: short enough to follow a change, long enough to even out a bad week
FULL_WEEK_WINDOW = 26  # weeks
FULL_WEEK_QUANTILE = 0.9
LEARNER_EFFICIENCY = 0.6  # of standard, for someone new at the work


@dataclass(frozen=True)
class Norms:
    """The district's averages, used where a workshop's reports are too few; all workshops pooled."""

    absence: float
    full_week: float  # shifts a person
    shift_hours: float
    efficiency: float
    first_pass: float


@dataclass(frozen=True)
class Pace:
    """How one workshop works, with the sums from which each figure comes."""

    weeks: int  # ordinary weekly reports in the window
    attendances: float
    rostered_shifts: float
    hours: float
    earned: float  # standard hours
    made: float
    good: float
    full_week: float
    shift_hours: float
    absence: float
    efficiency: float
    first_pass: float
    good_a_week: float
    spread: float | None  # coefficient of variation of weekly good pieces: is the state steady?


def ordinary(weeks: pd.DataFrame) -> pd.DataFrame:
    """Reports of ordinary weeks (see ``is_festival_week``), in order of time."""
    is_ordinary = [not is_festival_week(week.date()) for week in weeks["week"]]
    return weeks[pd.Series(is_ordinary, index=weeks.index, dtype=bool)].sort_values("week")


def district_norms(weeks: pd.DataFrame, outputs: pd.DataFrame) -> Norms | None:
    """Averages over all workshops' windows; None when no week with hours was ever reported."""
    usual = ordinary(weeks)
    usual = usual[usual["hours"] > 0].groupby("workshop_id").tail(WINDOW)
    if usual.empty:
        return None
    made = _outputs_of(usual, outputs)
    hours, shifts = float(usual["hours"].sum()), float(usual["attendances"].sum())
    full = [_full_week(ordinary(own)) for _, own in weeks.groupby("workshop_id")]
    full = [f for f in full if f > 0]
    full_week = sum(full) / len(full)
    rostered = sum(
        float(own["on_roll"].sum()) * (_full_week(ordinary(weeks[weeks["workshop_id"] == key])) or full_week)
        for key, own in usual.groupby("workshop_id")
    )
    return Norms(
        absence=min(max(1 - shifts / rostered, 0.0), 0.9) if rostered else 0.1,
        full_week=full_week,
        shift_hours=hours / shifts if shifts else 3.5,
        efficiency=_earned(made) / hours if len(made) else LEARNER_EFFICIENCY,
        first_pass=_share(made["good"].sum(), made["made"].sum(), 1.0),
    )


def measure_pace(weeks: pd.DataFrame, outputs: pd.DataFrame, norms: Norms) -> Pace:
    """How a workshop worked over its window; ``weeks`` and ``outputs`` are its own rows.

    Without reports every figure is the district's.
    """
    usual = ordinary(weeks)
    usual = usual[usual["hours"] > 0]
    full_week = _full_week(usual) or norms.full_week
    recent = usual.tail(WINDOW)
    made = _outputs_of(recent, outputs)
    shifts, hours = float(recent["attendances"].sum()), float(recent["hours"].sum())
    rostered = float(recent["on_roll"].sum()) * full_week
    absent = max(rostered - shifts, 0.0)
    weekly_good = made.groupby("week")["good"].sum().astype(float)
    return Pace(
        weeks=len(recent),
        attendances=shifts,
        rostered_shifts=rostered,
        hours=hours,
        earned=_earned(made),
        made=float(made["made"].sum()),
        good=float(made["good"].sum()),
        full_week=full_week,
        shift_hours=hours / shifts if shifts else norms.shift_hours,
        absence=shrunk_absence(absent, rostered, norms.absence),
        efficiency=_earned(made) / hours if hours and len(made) else norms.efficiency,
        first_pass=_share(made["good"].sum(), made["made"].sum(), norms.first_pass),
        good_a_week=float(weekly_good.mean()) if len(weekly_good) else 0.0,
        spread=float(weekly_good.std() / weekly_good.mean()) if len(weekly_good) > 2 and weekly_good.mean() else None,
    )


def workshop_inputs(
    workshop: pd.Series,
    pace: Pace,
    roll: pd.DataFrame,
    orders: Iterable[OpenOrder],
    skill_shares: tuple[tuple[int, float], ...] = (),
    reported_roll: int = 0,
) -> WorkshopInputs:
    """The inputs of a workshop: its stations, the people on its roll at the workshop's pace, its open orders.

    ``roll`` are its placements; without any, the report's head count is used. People in home piece work need no seat.
    """
    at_home = int((roll["form"] == JobForm.HOME_PIECE).sum())
    on_site = len(roll) - at_home if len(roll) else reported_roll
    one = Group(1, pace.full_week, pace.shift_hours, pace.absence, pace.efficiency)
    hours = float(workshop["net_shift_hours"])
    return WorkshopInputs(
        sites=(Site(int(workshop["stations"]), float(workshop["shifts_per_week"]), hours),),
        groups=tuple(replace(one, people=n, at_home=home) for n, home in ((on_site, False), (at_home, True)) if n),
        first_pass=pace.first_pass,
        orders=tuple(orders),
        supervisors=int(workshop["supervisors"]),
        leader_shifts=FULL_WEEK // hours,
        skill_shares=skill_shares,
        calendar=workshop_calendar(workshop),
    )


def workshop_calendar(workshop: pd.Series) -> Calendar:
    """The calendar of a row of ``queries.workshops``."""
    half_days, closed = workshop["half_days"], workshop["closed_on"]
    return Calendar.of(None if pd.isna(half_days) else str(half_days), None if pd.isna(closed) else closed.date())


def learner(pace: Pace, efficiency: float = LEARNER_EFFICIENCY) -> Group:
    """One new person: the workshop's usual week and absence, at a beginner's pace."""
    return Group(1, pace.full_week, pace.shift_hours, pace.absence, efficiency)


def open_orders(orders: pd.DataFrame) -> tuple[OpenOrder, ...]:
    """Rows of ``queries.orders`` of one workshop as ``OpenOrder`` objects."""
    return tuple(
        OpenOrder(
            code=row.code,
            product=row.product,
            remaining=float(row.remaining),
            minutes=float(row.standard_minutes),
            due_on=row.due_on.date(),
            received_on=row.received_on.date(),
            customer="" if pd.isna(row.customer) else row.customer,
            rate=float(row.piece_rate),
            product_id=int(row.product_id),
            product_en=row.product if pd.isna(row.product_en) else row.product_en,
            home_work=bool(row.home_work),
        )
        for row in orders.itertuples()
    )


def skill_shares(
    roll: pd.DataFrame,
    person_skills: pd.DataFrame,
    product_skills: pd.DataFrame,
    outputs: pd.DataFrame,
    products: Iterable[int],
) -> tuple[tuple[int, float], ...]:
    """For each of ``products``: the share of the working people who can make it, 0..1.

    The larger of two facts: the share of people on ``roll`` who master (level ≥ 2) at least one of its skills, and the
    largest share of a recent week's standard hours that went into products with such a skill: registers of skills lag
    behind what people do at work. ``outputs`` are the workshop's own.
    """
    if roll.empty:
        return ()
    here = person_skills[person_skills["person_id"].isin(roll["person_id"]) & (person_skills["level"] >= 2)]
    able = product_skills.merge(here[["person_id", "skill"]], on="skill")
    counts = able.groupby("product_id")["person_id"].nunique() / len(roll)
    recent = outputs[outputs["week"].isin(sorted(outputs["week"].unique())[-WINDOW:])]
    hours = (
        (recent["made"].astype(float) * recent["standard_minutes"])
        .groupby([recent["week"], recent["product_id"]])
        .sum()
    )
    shares = hours / hours.groupby("week").transform("sum")
    result = []
    for product in sorted(set(products) & set(product_skills["product_id"])):
        skills = product_skills.loc[product_skills["product_id"] == product, "skill"]
        kin = product_skills.loc[product_skills["skill"].isin(skills), "product_id"]
        done = shares[shares.index.get_level_values("product_id").isin(kin)].groupby("week").sum()
        seen = float(done.max()) if len(done) else 0.0
        result.append((int(product), min(1.0, max(float(counts.get(product, 0.0)), seen))))
    return tuple(result)


def _full_week(usual: pd.DataFrame) -> float:
    recent = usual[(usual["on_roll"] > 0) & (usual["hours"] > 0)].tail(FULL_WEEK_WINDOW)
    if recent.empty:
        return 0.0
    return float((recent["attendances"].astype(float) / recent["on_roll"].astype(float)).quantile(FULL_WEEK_QUANTILE))


def _outputs_of(weeks: pd.DataFrame, outputs: pd.DataFrame) -> pd.DataFrame:
    return outputs.merge(weeks[["workshop_id", "week"]], on=["workshop_id", "week"])


def _earned(outputs: pd.DataFrame) -> float:
    return float((outputs["made"].astype(float) * outputs["standard_minutes"]).sum() / 60)


def _share(part: float, whole: float, otherwise: float) -> float:
    return float(part) / float(whole) if whole else otherwise
