"""When somebody reaches the statutory retirement age, which rises step by step from January 2025.

Decision of the Standing Committee of the National People's Congress of 13 September 2024 on the gradual raising of the
statutory retirement age: men from 60 to 63 and women who retired at 55 to 58, by one month every four months; women who
retired at 50 to 55, by one month every two months.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from core.locale import N_
from core.terms import Sex

__all__ = ["MEN", "WOMEN_AT_50", "WOMEN_AT_55", "RetirementRule", "retirement_day", "rule_of"]

RISES_FROM = date(2025, 1, 1)


@dataclass(frozen=True)
class RetirementRule:
    """``years``: the age before the rise; every ``months_a_step`` months it rises by a month, by ``most`` months in all."""

    label: str
    years: int
    months_a_step: int
    most: int


MEN = RetirementRule(N_("men"), 60, 4, 36)
WOMEN_AT_55 = RetirementRule(N_("women in management and technical posts"), 55, 4, 36)
WOMEN_AT_50 = RetirementRule(N_("women in other posts"), 50, 2, 60)


def rule_of(sex: Sex, *, at_55: bool = False) -> RetirementRule:
    """The rule for a person; ``at_55``: a woman to whom the later age applies."""
    if sex is Sex.MALE:
        return MEN
    return WOMEN_AT_55 if at_55 else WOMEN_AT_50


def retirement_day(birth: date, rule: RetirementRule) -> date:
    """The day on which somebody born on ``birth`` reaches the age."""
    before = _months_later(birth, 12 * rule.years)
    passed = 12 * (before.year - RISES_FROM.year) + before.month - RISES_FROM.month
    if passed < 0:
        return before
    return _months_later(before, min(passed // rule.months_a_step + 1, rule.most))


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
