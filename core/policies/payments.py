"""The payment list of a policy for a month: who is a member, who is paid, who is held back and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from core.policies.conditions import Step, Truth
from core.policies.eligibility import judge_rule
from core.policies.loading import Records
from core.policies.rules import DatedRule
from core.terms import AmountKind, ApplicationState

__all__ = ["Line", "last_day", "lines_of", "month_of"]

PAYABLE = (ApplicationState.APPROVED, ApplicationState.PAYING)


@dataclass(frozen=True)
class Line:
    """A member of a list. ``amount`` in yuan, 0 where a condition is not met on the first day of the month, or unknown."""

    application_id: int
    person_id: int | None
    employer_id: int | None
    amount: float
    truth: Truth
    trace: Step

    @property
    def is_paid(self) -> bool:
        return self.truth is Truth.YES


def month_of(day: date) -> date:
    """The first day of the month of ``day``."""
    return day.replace(day=1)


def last_day(first: date, months: int) -> date:
    """The last day of ``months`` months of which the first is that of ``first``."""
    month = first.year * 12 + first.month - 1 + months
    return date(month // 12, month % 12 + 1, 1) - timedelta(days=1)


def lines_of(
    records: Records, dated: DatedRule, parameters: pd.DataFrame, applications: pd.DataFrame, month: date
) -> Sequence[Line]:
    """The members of the list of ``dated`` for the month that begins on ``month``, by application.

    Members are approved applications whose time includes the month, of what is paid once only the first month's. Facts,
    parameters and version are those of the first day of the month.
    """
    if dated.rule.amount_kind is AmountKind.NONE:
        return ()
    first, last = pd.Timestamp(month), pd.Timestamp(last_day(month, 1))
    own = applications[(applications["policy"] == dated.rule.code) & applications["state"].isin(PAYABLE)]
    own = own[(own["starts_on"] <= last) & ~(own["ends_on"] < first)]
    if dated.rule.amount_kind is AmountKind.ONCE:
        own = own[own["starts_on"] >= first]
    if own.empty:
        return ()
    judgement = judge_rule(records, dated, parameters, month)
    lines = []
    for row in own.itertuples():
        subject = int(getattr(row, judgement.subject))
        truth = judgement.truth_of(subject)
        lines.append(
            Line(
                application_id=int(row.id),
                person_id=None if pd.isna(row.person_id) else int(row.person_id),
                employer_id=None if pd.isna(row.employer_id) else int(row.employer_id),
                amount=float(row.amount) if truth is Truth.YES and pd.notna(row.amount) else 0.0,
                truth=truth,
                trace=judgement.trace(subject),
            )
        )
    return lines
