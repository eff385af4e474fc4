"""What stands against publishing an opening: what the law forbids blocks it, what may be unlawful is for a person to judge.

remarks = check_opening(values, times, parameters, today)
[remark for remark in remarks if remark.blocks]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from core.jobs.legal import PART_TIME_WEEK, PayFloor, Verdict, pay_floor, pay_terms, verdict, week_hours
from core.jobs.linter import Finding, lint
from core.locale import N_, Translator

__all__ = ["AMOUNTS", "LONGEST_WEEK", "Remark", "check_opening", "may_be_published"]

AMOUNTS = ("pay_kind", "form", "pay_min", "pay_max", "rate", "weekly_hours")
LONGEST_WEEK = 44.0  # hours on average (Labour Law, art. 36)

MESSAGES = {
    "missing": N_("Title and number of seats are needed"),
    "pay_order": N_("The lowest pay is above the highest"),
    "day_order": N_("The opening closes before it was posted"),
    "part_time_week": N_(
        "{hours} hours a week: work of this form is at most {limit} hours a week (Labour Contract Law, art. 68)"
    ),
    "long_week": N_("{hours} hours a week: the average week is at most {limit} hours (Labour Law, art. 36)"),
}


@dataclass(frozen=True)
class Remark:
    """One thing to say of an opening. ``column``: where it stands; ``blocks``: it can't be published like this."""

    code: str
    column: str
    blocks: bool
    values: Mapping[str, float] = field(default_factory=dict)
    wording: Finding | None = None
    pay: Verdict | None = None

    def sentence(self, tr: Translator) -> str:
        """The remark in words, with the rule of law where there is one."""
        if self.wording is not None:
            return self.wording.sentence(tr)
        if self.pay is not None:
            return self.pay.sentence(tr)
        return tr(MESSAGES[self.code], **{name: tr.number(value) for name, value in self.values.items()})


def check_opening(
    values: Mapping[str, Any], times: pd.DataFrame, parameters: pd.DataFrame, today: date
) -> tuple[Remark, ...]:
    """Everything that stands against the opening ``values`` (fields of ``schema.Job``), blocking remarks first.

    ``times``: standard minutes of products, as ``queries.piece_times``; ``parameters``: the dated legal minimum.
    """
    remarks = [
        Remark(finding.rule.code, name, finding.rule.forbids, wording=finding)
        for name in ("title", "duties")
        for finding in lint(values.get(name))
    ]
    if not all(values.get(name) for name in ("title", "posted_on", "openings")):
        remarks.append(Remark("missing", "title", blocks=True))
    low, high = values.get("pay_min"), values.get("pay_max")
    if low is not None and high is not None and low > high:
        remarks.append(Remark("pay_order", "pay_min", blocks=True))
    posted, closes = values.get("posted_on"), values.get("closes_on")
    if posted is not None and closes is not None and closes < posted:
        remarks.append(Remark("day_order", "closes_on", blocks=True))
    remarks += _hours(values)
    pay = _pay(values, times, pay_floor(parameters, today))
    if not pay.ok:
        remarks.append(Remark("pay_floor", "pay_min", blocks=pay.ok is False, pay=pay))
    return tuple(sorted(remarks, key=lambda remark: not remark.blocks))


def may_be_published(
    job: Mapping[str, Any], times: pd.DataFrame, parameters: pd.DataFrame, today: date
) -> tuple[Remark, ...]:
    """The blocking remarks on a stored opening, a row of ``queries.jobs``; () where nothing stands against it."""
    values = {name: None if pd.isna(value) else value for name, value in job.items()}
    return tuple(remark for remark in check_opening(values, times, parameters, today) if remark.blocks)


def _hours(values: Mapping[str, Any]) -> list[Remark]:
    hours = values.get("weekly_hours")
    if hours is None:
        return []
    if week_hours(values.get("form")) == PART_TIME_WEEK and hours > PART_TIME_WEEK:
        limit = {"hours": hours, "limit": PART_TIME_WEEK}
        return [Remark("part_time_week", "weekly_hours", blocks=False, values=limit)]
    if hours > LONGEST_WEEK:
        return [Remark("long_week", "weekly_hours", blocks=False, values={"hours": hours, "limit": LONGEST_WEEK})]
    return []


def _pay(values: Mapping[str, Any], times: pd.DataFrame, floor: PayFloor) -> Verdict:
    job = {name: values.get(name) for name in (*AMOUNTS, "employer_id")}
    return verdict(pay_terms(job, times), floor)
