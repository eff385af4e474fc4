"""What the law says of pay: the dated minimum, and whether an opening meets it.

Minimum wages are dated parameters (``minimum_wage_month``, ``minimum_wage_hour``). A piece rate must earn the hourly
minimum at standard speed: rate × 60 ÷ standard minutes (Labour Contract Law; Minimum Wage Regulations, art. 12).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from core.locale import N_, Translator
from core.store.settings import parameter
from core.terms import JobForm, PayKind

__all__ = [
    "FULL_WEEK",
    "PART_TIME_WEEK",
    "WEEKS_A_MONTH",
    "PayFloor",
    "PayTerms",
    "Verdict",
    "hourly_from_piece",
    "monthly_pay",
    "pay_floor",
    "pay_terms",
    "verdict",
    "week_hours",
]

WEEKS_A_MONTH = 52 / 12
FULL_WEEK = 40.0  # hours (State Council rules on working hours, art. 3)
PART_TIME_WEEK = 24.0  # hours (Labour Contract Law, art. 68)
PART_TIME = frozenset({JobForm.PART_TIME, JobForm.HOME_PIECE, JobForm.FLEXIBLE})


@dataclass(frozen=True)
class PayFloor:
    """The legal minimum in force on a day: yuan a month and yuan an hour."""

    month: float
    hour: float


@dataclass(frozen=True)
class PayTerms:
    """How an opening pays. Monthly amounts in yuan; ``rate`` in yuan an hour or a piece; None = not stated."""

    kind: PayKind | None
    form: JobForm | None
    pay_min: float | None = None
    pay_max: float | None = None
    rate: float | None = None
    weekly_hours: float | None = None
    standard_minutes: float | None = None  # a piece, when the product is known


@dataclass(frozen=True)
class Verdict:
    """``ok`` True, False, or None when the opening does not say enough; what was compared, in ``unit``."""

    ok: bool | None
    paid: float | None
    floor: float | None
    unit: str

    def sentence(self, tr: Translator) -> str:
        """The comparison in words."""
        if self.ok is None:
            return tr("Pay can't be compared with the legal minimum: the opening does not say enough")
        text = MEETS if self.ok else MISSES
        return tr(text, paid=tr.number(self.paid or 0, 1), floor=tr.number(self.floor or 0), unit=tr(self.unit))


MEETS = N_("Pays {paid} {unit}, legal minimum {floor}")
MISSES = N_("Pays {paid} {unit}, below the legal minimum of {floor}")
A_MONTH = N_("yuan a month")
AN_HOUR = N_("yuan an hour")


def pay_terms(job: Mapping[str, Any], times: pd.DataFrame) -> PayTerms:
    """Pay of one row of ``queries.jobs``; the standard minutes are those of the employer's products at this piece rate,
    the slowest. ``times``: as ``queries.piece_times``."""
    kind = None if pd.isna(job["pay_kind"]) else PayKind.parse(str(job["pay_kind"]))
    form = None if pd.isna(job["form"]) else JobForm.parse(str(job["form"]))
    minutes = None
    if kind is PayKind.PIECE and pd.notna(job["rate"]):
        same = times[(times["employer_id"] == job["employer_id"]) & np.isclose(times["rate"], job["rate"])]
        minutes = float(same["standard_minutes"].max()) if len(same) else None
    amounts = {
        name: None if pd.isna(job[name]) else float(job[name])
        for name in ("pay_min", "pay_max", "rate", "weekly_hours")
    }
    return PayTerms(kind=kind, form=form, standard_minutes=minutes, **amounts)


def pay_floor(parameters: pd.DataFrame, today: date) -> PayFloor:
    """The minimum wage in force on ``today``; KeyError if the table starts later."""
    return PayFloor(
        parameter(parameters, "minimum_wage_month", today), parameter(parameters, "minimum_wage_hour", today)
    )


def week_hours(form: str | None) -> float:
    """The longest ordinary week of a form of work, hours: 24 for part-time, home and flexible work, 40 otherwise."""
    return PART_TIME_WEEK if form in PART_TIME else FULL_WEEK


def hourly_from_piece(rate: float, standard_minutes: float) -> float:
    """What a piece rate earns at standard speed: rate × 60 ÷ standard minutes, yuan an hour.

    >>> hourly_from_piece(15.0, 38)     # a plush doll
    23.68…
    """
    if standard_minutes <= 0:
        raise ValueError("the standard time of a piece must be positive")
    return rate * 60 / standard_minutes


def monthly_pay(terms: PayTerms) -> tuple[float | None, float | None]:
    """Lowest and highest monthly pay, yuan; None where it can't be known.

    Stated amounts first; otherwise an hourly or piece rate × weekly hours × 52 ÷ 12.
    """
    low = terms.pay_min if terms.pay_min is not None else terms.pay_max
    high = terms.pay_max if terms.pay_max is not None else terms.pay_min
    if low is not None:
        return low, high
    hourly = _hourly(terms)
    if hourly is None or not terms.weekly_hours:
        return None, None
    earned = hourly * terms.weekly_hours * WEEKS_A_MONTH
    return earned, earned


def verdict(terms: PayTerms, floor: PayFloor) -> Verdict:
    """Compare an opening with the legal minimum.

    An hourly or piece rate is compared by the hour. A monthly amount is compared by the month, or, for part-time, home
    and flexible work with known hours, by the hour.
    """
    hourly = _hourly(terms)
    if hourly is not None:
        return Verdict(hourly >= floor.hour, hourly, floor.hour, AN_HOUR)
    low, _ = monthly_pay(terms)
    if low is None:
        return Verdict(None, None, None, A_MONTH)
    if terms.form in PART_TIME and terms.weekly_hours:
        hourly = low / (terms.weekly_hours * WEEKS_A_MONTH)
        return Verdict(hourly >= floor.hour, hourly, floor.hour, AN_HOUR)
    return Verdict(low >= floor.month, low, floor.month, A_MONTH)


def _hourly(terms: PayTerms) -> float | None:
    """Yuan an hour of an hourly or piece rate, if stated."""
    if terms.rate is None:
        return None
    if terms.kind is PayKind.HOUR:
        return terms.rate
    if terms.kind is PayKind.PIECE and terms.standard_minutes:
        return hourly_from_piece(terms.rate, terms.standard_minutes)
    return None
