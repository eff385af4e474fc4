"""The statutory day of retirement, with the stepwise rise of the age.

The age rises by a month for every ``step_months`` months by which the old age is reached after the rise began, up to a
highest age: men 60 → 63 and women 55 → 58 a month for every four, women 50 → 55 a month for every two, from January 2025
(decision of the Standing Committee of the National People's Congress of 13 September 2024). All numbers are dated
parameters; before the steps were in force the old age counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.store.settings import parameter
from core.terms import Sex

__all__ = ["GROUPS", "Schedule", "group_of", "retirement_day", "retirement_days", "schedule"]

Days = NDArray[np.datetime64]
GROUPS = ("men", "worker", "staff")
"""Whose ages differ: men, women in workers' posts, women in posts of managers and specialists."""


@dataclass(frozen=True)
class Schedule:
    """Ages in years. ``begins``: first day of the steps, None where no steps are in force."""

    age: int
    begins: date | None = None
    step_months: int = 1
    highest_age: int = 0


def group_of(sex: Sex, *, is_staff: bool = False) -> str:
    """The group of ``GROUPS``; ``is_staff``: a woman in the post of a manager or specialist."""
    return "men" if sex is Sex.MALE else "staff" if is_staff else "worker"


def schedule(parameters: pd.DataFrame, group: str, day: date) -> Schedule:
    """The schedule of a group of ``GROUPS`` as the parameters in force on ``day`` have it."""
    age = round(parameter(parameters, f"retirement_age_{group}", day))
    steps = parameters[(parameters["key"] == f"retirement_step_{group}") & (parameters["since"] <= pd.Timestamp(day))]
    if steps.empty:
        return Schedule(age)
    limit = round(parameter(parameters, f"retirement_limit_{group}", day))
    return Schedule(age, steps["since"].iloc[0].date(), round(float(steps["value"].iloc[-1])), limit)


def retirement_days(births: Days, own: Schedule) -> Days:
    """(n,) dates of birth, NaT where unknown → the days of retirement, in days."""
    born = births.astype("datetime64[D]")
    month = born.astype("datetime64[M]")
    reached = month + 12 * own.age
    delay = np.zeros(len(born), dtype=np.int64)
    if own.begins is not None:
        past = np.where(np.isnat(born), -1, (reached - np.datetime64(own.begins, "M")).astype(np.int64))
        most = (own.highest_age - own.age) * 12
        delay = np.where(past >= 0, np.minimum(past // own.step_months + 1, most), 0)
    retires = reached + delay
    length = (retires + 1).astype("datetime64[D]") - retires.astype("datetime64[D]")
    offset = np.minimum(born - month.astype("datetime64[D]"), length - np.timedelta64(1, "D"))
    return np.asarray(retires.astype("datetime64[D]") + offset)


def retirement_day(birth: date, own: Schedule) -> date:
    """The day on which somebody born on ``birth`` retires."""
    day: date = retirement_days(np.array([birth], dtype="datetime64[D]"), own)[0].item()
    return day
