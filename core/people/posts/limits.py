"""The legal limits of a public-welfare post: how long, how often, and for whom again.

A post lasts three years at most; for somebody within five years of retirement it may go on until then. Nobody is placed
more than twice, and a second time only who is older, of a zero-employment household or severely disabled. Numbers and
ages are dated parameters.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from core.people.retirement import GROUPS, Schedule, group_of, retirement_day, schedule
from core.store.settings import parameter
from core.terms import HardshipKind, Sex, Term

__all__ = ["PostBreach", "PostFacts", "PostLimits", "breaches", "latest_end"]

SEVERE = ("一级", "二级")  # grades of a severe disability, as certificates write them


class PostBreach(Term):
    """A rule that a post would break."""

    TOO_LONG = (
        "too_long",
        "安置期限一般不超过三年；距法定退休年龄不足五年的，可延长至退休",
        "a post lasts three years at most, or until retirement for who is within five years of it",
    )
    UNKNOWN_AGE = (
        "unknown_age",
        "超过三年须距法定退休年龄不足五年：请先登记出生日期和性别",
        "beyond three years the retirement age decides: record date of birth and sex first",
    )
    TOO_OFTEN = "too_often", "累计安置次数不超过两次", "nobody is placed more than twice in all"
    NOT_AGAIN = (
        "not_again",
        "再次安置仅限大龄、零就业家庭成员和重度残疾人，且须有有效认定",
        "a second placement is for older people, zero-employment households and severe disability, with a valid proof",
    )
    RUNNING = "running", "该人员已在公益性岗位", "the person is on a welfare post already"


@dataclass(frozen=True)
class PostLimits:
    """Years of a post, years before retirement from which on it may last until then, placements of one person, and the
    ages of retirement by group."""

    years: float
    retirement_years: float
    spells: int
    ages: Mapping[str, Schedule]

    @classmethod
    def of(cls, parameters: pd.DataFrame, day: date) -> PostLimits:
        """From the parameters in force on ``day``."""
        return cls(
            parameter(parameters, "welfare_post_years", day),
            parameter(parameters, "near_retirement_years", day),
            round(parameter(parameters, "welfare_post_placements", day)),
            {group: schedule(parameters, group, day) for group in GROUPS},
        )


@dataclass(frozen=True)
class PostFacts:
    """What the limits ask of a person. ``hardships``: recognised on the day; ``spells``: posts held before."""

    birth: date | None
    sex: Sex | None
    hardships: Collection[HardshipKind] = ()
    disability: str | None = None
    spells: int = 0
    is_on_post: bool = False
    retires_at_55: bool = False  # a woman to whom the later of the two ages applies


def latest_end(facts: PostFacts, limits: PostLimits, started_on: date) -> date:
    """The last day that a post begun on ``started_on`` may run to."""
    normal = _years_later(started_on, limits.years)
    if facts.birth is None or facts.sex is None:
        return normal
    retires = retirement_day(facts.birth, limits.ages[group_of(facts.sex, is_staff=facts.retires_at_55)])
    is_near = started_on <= retires <= _years_later(started_on, limits.retirement_years)
    return max(normal, retires) if is_near else normal


def breaches(
    facts: PostFacts, limits: PostLimits, started_on: date, ends_on: date, *, is_new: bool
) -> list[PostBreach]:
    """The rules that a post of these days would break; ``is_new``: it begins, it is not an extension."""
    broken = []
    if is_new and facts.is_on_post:
        broken.append(PostBreach.RUNNING)
    if is_new and facts.spells >= limits.spells:
        broken.append(PostBreach.TOO_OFTEN)
    elif is_new and facts.spells and not _may_come_again(facts):
        broken.append(PostBreach.NOT_AGAIN)
    if ends_on > latest_end(facts, limits, started_on):
        is_unknown = facts.birth is None or facts.sex is None
        broken.append(PostBreach.UNKNOWN_AGE if is_unknown else PostBreach.TOO_LONG)
    return broken


def _may_come_again(facts: PostFacts) -> bool:
    named = {HardshipKind.OLDER, HardshipKind.ZERO_EMPLOYMENT} & set(facts.hardships)
    is_severe = facts.disability is not None and any(grade in facts.disability for grade in SEVERE)
    return bool(named) or is_severe


def _years_later(day: date, years: float) -> date:
    """The day some years later; the 29 February of a shorter year is its 28th."""
    year = day.year + int(years)
    return date(year, day.month, 28) if (day.month, day.day) == (2, 29) else day.replace(year=year)
