"""What a workshop pays for an hour attended, against the hourly floor of the day: by week, product and person.

pay = workshop_pay(weeks, outputs, roll, parameters, today)
pay.total.per_hour, pay.total.floor            # yuan an hour over the last eight ordinary weeks
pay.weeks, pay.products, pay.people            # the same by week, by product, by person

What counts is what was paid for the hours that people attended (Minimum Wage Regulations, art. 12), not what a piece rate
would earn at standard pace: a slow learner paid by the piece is below the floor although the rate is lawful. Weeks
whose labour cost is not reported are left out; a reported cost of 0 for attended hours is a finding, not a gap.

Product    attended hours are shared out by the standard hours made of each product, the labour cost by piece rate × good
           pieces; so the products' hours and yuan add up to the week's.
Person     the weekly sheet reports neither hours nor pay by person: hours are shared out by the weekly hours of each form
           of work (``core.jobs.legal.week_hours``), the labour cost by the monthly pay on file; so people's hours and yuan
           add up to the workshop's too. An estimate, and named so. Whoever has no pay on file is not compared.
Home work  hours at home are chosen freely and not recorded: monthly pay is listed apart and never compared by the hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from core.jobs.legal import WEEKS_A_MONTH, week_hours
from core.terms import JobForm
from core.workshops.inputs import FULL_WEEK_WINDOW, WINDOW, ordinary

__all__ = [
    "TOLERANCE",
    "PaidHours",
    "PaySpread",
    "WorkshopPay",
    "hourly_floors",
    "paid_in_all",
    "paid_weeks",
    "workshop_pay",
]

TOLERANCE = 1e-9  # yuan an hour
FLOOR = "minimum_wage_hour"


@dataclass(frozen=True)
class PaySpread:
    """How pay is distributed over people: yuan an hour on site, yuan a month at home."""

    n: int
    median: float
    lowest: float
    highest: float
    below: int  # people below the floor

    @property
    def share_below(self) -> float:
        return self.below / self.n


@dataclass(frozen=True)
class PaidHours:
    """What was paid for attended hours over some weeks."""

    weeks: int
    hours: float  # attended
    paid: float  # yuan
    floor: float  # yuan an hour: the floors of the weeks, weighted by hours

    @property
    def per_hour(self) -> float:
        """Yuan paid for an hour attended."""
        return self.paid / self.hours

    @property
    def is_below(self) -> bool:
        return self.per_hour < self.floor - TOLERANCE


@dataclass(frozen=True, eq=False)
class WorkshopPay:
    """What one workshop paid over its window.

    weeks     see ``paid_weeks``
    products  product_id, hours, paid, floor, paid_hour, below
    people    person_id, form, monthly_pay (yuan), hours (a month, estimated; NaN at home), floor, paid_hour, below
    """

    total: PaidHours
    weeks: pd.DataFrame
    products: pd.DataFrame
    people: pd.DataFrame

    @cached_property
    def on_site(self) -> PaySpread | None:
        """Pay an hour of the people who come to a station."""
        return _spread(self.people.dropna(subset=["paid_hour"]), "paid_hour")

    @cached_property
    def at_home(self) -> PaySpread | None:
        """Pay a month of the people in home piece work."""
        return _spread(self.people[self.people["form"] == JobForm.HOME_PIECE], "monthly_pay")


def workshop_pay(
    weeks: pd.DataFrame, outputs: pd.DataFrame, roll: pd.DataFrame, parameters: pd.DataFrame, today: date
) -> WorkshopPay | None:
    """Pay of one workshop over its last ordinary weeks; None where no week states both hours and labour cost.

    ``weeks``, ``outputs``, ``roll``: its own rows of ``core.workshops.queries``; ``parameters``: the dated table.
    """
    table = paid_weeks(weeks, parameters, today)
    total = paid_in_all(table)
    if total is None:
        return None
    return WorkshopPay(
        total=total,
        weeks=table,
        products=_by_product(table, outputs),
        people=_by_person(roll, total, float(table["floor"].iloc[-1])),
    )


def paid_weeks(weeks: pd.DataFrame, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """The last ordinary weeks of one workshop in the half year before ``today`` whose hours and labour cost are both reported.

    Columns: week, hours (attended), paid (yuan), floor (yuan an hour), paid_hour (yuan), below (bool).
    """
    is_recent = weeks["week"] > pd.Timestamp(today - timedelta(weeks=FULL_WEEK_WINDOW))
    recent = ordinary(weeks[is_recent & (weeks["hours"] > 0)]).tail(WINDOW)
    table = pd.DataFrame(
        {
            "week": recent["week"],
            "hours": recent["hours"].astype(float),
            "paid": recent["labour_cost"].astype(float),
            "floor": hourly_floors(parameters, recent["week"]),
        }
    )
    return _compared(table.dropna().reset_index(drop=True))


def paid_in_all(table: pd.DataFrame) -> PaidHours | None:
    """The sums of ``paid_weeks``; None without a week."""
    if table.empty:
        return None
    hours = float(table["hours"].sum())
    return PaidHours(
        weeks=len(table),
        hours=hours,
        paid=float(table["paid"].sum()),
        floor=float((table["floor"] * table["hours"]).sum()) / hours,
    )


def hourly_floors(parameters: pd.DataFrame, weeks: pd.Series) -> pd.Series:
    """The hourly floor in each week (its Monday), yuan: the mean of its seven days; NaN before the table begins."""
    floors = parameters[parameters["key"] == FLOOR].sort_values("since")
    since, values = floors["since"].to_numpy("datetime64[D]"), floors["value"].to_numpy(float)
    days = weeks.to_numpy("datetime64[D]")[:, None] + np.arange(7)
    place = np.searchsorted(since, days, side="right")
    known = np.concatenate([[np.nan], values])
    return pd.Series(known[place].mean(axis=1), index=weeks.index)


def _by_product(table: pd.DataFrame, outputs: pd.DataFrame) -> pd.DataFrame:
    made = outputs.merge(table[["week", "hours", "paid", "floor"]], on="week")
    made["standard"] = made["made"].astype(float) * made["standard_minutes"]
    made["value"] = made["good"].astype(float) * made["piece_rate"].astype(float)
    for part, whole in (("standard", "hours"), ("value", "paid")):
        total = made.groupby("week")[part].transform("sum")
        made[whole] *= (made[part] / total.where(total > 0)).fillna(0.0)
    made["floor"] *= made["hours"]
    sums = made.groupby("product_id", as_index=False)[["hours", "paid", "floor"]].sum()
    sums = sums[sums["hours"] > 0].reset_index(drop=True)
    return _compared(sums.assign(floor=sums["floor"] / sums["hours"]))


def _by_person(roll: pd.DataFrame, total: PaidHours, floor: float) -> pd.DataFrame:
    people = roll[["person_id", "form", "monthly_pay"]].reset_index(drop=True)
    share = people["form"].map(week_hours).astype(float)
    hours = total.hours / total.weeks * WEEKS_A_MONTH * share / share.sum()
    on_file = people["monthly_pay"].astype(float)
    reported = total.per_hour * hours.where(on_file.notna()).sum()  # yuan a month, of those with pay on file
    paid = on_file * (reported / on_file.sum() if on_file.sum() > 0 else np.nan)
    at_home = people["form"] == JobForm.HOME_PIECE
    table = _compared(people.assign(hours=hours.mask(at_home), paid=paid, floor=floor))
    return table.drop(columns="paid")


def _compared(table: pd.DataFrame) -> pd.DataFrame:
    """With paid_hour and below; NaN hours or pay compare as not below."""
    paid_hour = table["paid"] / table["hours"]
    return table.assign(paid_hour=paid_hour, below=paid_hour < table["floor"] - TOLERANCE)


def _spread(people: pd.DataFrame, column: str) -> PaySpread | None:
    values = people[column].dropna().astype(float)
    if values.empty:
        return None
    return PaySpread(
        n=len(values),
        median=float(values.median()),
        lowest=float(values.min()),
        highest=float(values.max()),
        below=int(people["below"].sum()),
    )
