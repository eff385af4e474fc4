"""What every stored row must keep: the CHECKs of the schema and a few rules beyond them, in words for a row of a sheet.

They are checked on the row as it would be stored, so a new upper wage below a stored lower one is noticed, and named by
row and column instead of failing in the store.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.intake.parsing.text import text_of
from core.store.schema import (
    Assessment,
    AssessmentScore,
    Base,
    BusinessSupport,
    CommunityPost,
    CourseSession,
    EmployerMonth,
    Event,
    Experience,
    FollowUp,
    Intention,
    Job,
    JobSkill,
    MicroBusiness,
    Order,
    PersonSkill,
    Placement,
    Plan,
    PolicyApplication,
    Premises,
    Product,
    Referral,
    TeamMeeting,
    Visit,
    VisitingStop,
    WeeklyOutput,
    WelfarePost,
    Workshop,
    WorkshopWeek,
)

__all__ = ["ROW_RULES", "SPANS", "RowRule", "Span", "rule_fields"]


@dataclass(frozen=True)
class RowRule(ABC):
    """A rule on fields of one row. ``check``: name of the CHECK of the schema that it words, if there is one."""

    fields: tuple[str, ...]
    check: str = ""

    @property
    def column(self) -> str:
        """The field whose column the message stands at."""
        return self.fields[0]

    def is_broken(self, row: Mapping[str, Any]) -> bool:
        """Whether ``row`` breaks the rule; unknown values break nothing."""
        return all(row.get(name) is not None for name in self.fields) and not self._holds(row)

    @abstractmethod
    def _holds(self, row: Mapping[str, Any]) -> bool: ...

    @abstractmethod
    def problem(self, row: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
        """Code and values of the message; ``headers``: field → header of its column."""


@dataclass(frozen=True)
class NotBefore(RowRule):
    """The day of the first field is on or after that of the second; ``strict`` after it."""

    strict: bool = False

    def _holds(self, row: Mapping[str, Any]) -> bool:
        late, early = (row[name] for name in self.fields)
        return bool(late > early if self.strict else late >= early)

    def problem(self, row: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
        late, early = self.fields
        values = {"earlier": headers[early], "later": headers[late], "early": str(row[early]), "late": str(row[late])}
        return "order", values


@dataclass(frozen=True)
class NotAbove(RowRule):
    """The number of the first field is at most that of the second."""

    def _holds(self, row: Mapping[str, Any]) -> bool:
        return bool(row[self.fields[0]] <= row[self.fields[1]])

    def problem(self, row: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
        small, large = self.fields
        values = {"smaller": headers[small], "larger": headers[large]}
        return "at_most", values | {"small": text_of(row[small]), "large": text_of(row[large])}


@dataclass(frozen=True)
class Within(RowRule):
    """A number within bounds (inclusive)."""

    low: float = 0
    high: float = float("inf")

    def _holds(self, row: Mapping[str, Any]) -> bool:
        return bool(self.low <= row[self.fields[0]] <= self.high)

    def problem(self, row: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[str, dict[str, Any]]:  # noqa: ARG002
        value = row[self.fields[0]]
        is_small = value < self.low
        limit = f"{self.low if is_small else self.high:g}"
        return "too_small" if is_small else "too_large", {"value": text_of(value), "limit": limit}


@dataclass(frozen=True)
class Needs(RowRule):
    """The first field is given only together with the second."""

    def is_broken(self, row: Mapping[str, Any]) -> bool:
        return row.get(self.fields[0]) is not None and row.get(self.fields[1]) is None

    def _holds(self, row: Mapping[str, Any]) -> bool:
        return not self.is_broken(row)

    def problem(self, row: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[str, dict[str, Any]]:  # noqa: ARG002
        return "needs", {"header": headers[self.fields[0]], "other": headers[self.fields[1]]}


SMALLEST = 1e-9  # "above 0" as a bound
LEVELS = Within(("level",), "level", 1, 4)

ROW_RULES: dict[type[Base], tuple[RowRule, ...]] = {
    Assessment: (NotBefore(("next_review_on", "reviewed_on")),),
    AssessmentScore: (Within(("value",), "value", 0, 1),),
    CommunityPost: (
        Within(("head_count",), "head_count", 1),
        NotBefore(("developed_on", "planned_on"), "developed_on"),
    ),
    CourseSession: (
        NotBefore(("ends_on", "starts_on"), "ends_on"),
        NotAbove(("practice_hours", "hours")),
        Within(("capacity",), "capacity", 1),
    ),
    BusinessSupport: (Within(("amount",), "amount"),),
    EmployerMonth: (NotAbove(("insured", "employees")),),
    Event: (NotAbove(("welfare_post_visitors", "visitors")),),
    Experience: (Within(("years",), "years"),),
    FollowUp: (Within(("monthly_pay",), "monthly_pay"), Within(("weekly_hours",), "weekly_hours", 0, 168)),
    Intention: (
        Within(("reserve_pay",), "reserve_pay"),
        Within(("max_commute_min",), "max_commute_min", 0, 240),
        NotAbove(("reserve_pay", "target_pay")),
    ),
    Job: (
        Within(("openings",), "openings"),
        NotAbove(("pay_min", "pay_max"), "pay"),
        NotBefore(("closes_on", "posted_on")),
    ),
    JobSkill: (LEVELS, Within(("importance",), "importance", 1, 5)),
    MicroBusiness: (NotBefore(("closed_on", "opened_on"), "closed_on"),),
    Order: (
        Within(("pieces",), "pieces", 1),
        NotAbove(("done_pieces", "pieces")),
        NotBefore(("due_on", "received_on"), "due_on"),
        NotBefore(("closed_on", "received_on")),
    ),
    PersonSkill: (LEVELS,),
    Placement: (NotBefore(("ended_on", "started_on"), "ended_on"), Needs(("end_reason", "ended_on"))),
    Plan: (NotBefore(("closed_on", "made_on")),),
    PolicyApplication: (
        NotBefore(("state_since", "drafted_on")),
        NotBefore(("ends_on", "starts_on")),
        Within(("amount",)),
    ),
    Premises: (
        Within(("possible_stations",), "possible_stations"),
        Within(("power_kw",), "power_kw"),
    ),
    Product: (Within(("standard_minutes",), "standard_minutes", SMALLEST),),
    Referral: (NotBefore(("state_since", "recommended_on")),),
    TeamMeeting: (Within(("attended",), "attended", 1),),
    Visit: (NotBefore(("next_on", "visited_on")),),
    VisitingStop: (Needs(("result", "called_on"), "called"), Needs(("called_on", "result"))),
    WeeklyOutput: (NotAbove(("good", "made"), "good"), NotAbove(("reworked", "made"))),
    WelfarePost: (
        NotBefore(("ends_on", "started_on"), "ends_on", strict=True),
        NotBefore(("exited_on", "started_on"), "exited_on"),
        Needs(("exit_reason", "exited_on")),
    ),
    Workshop: (Within(("stations",), "stations", 1),),
    WorkshopWeek: (),
}
"""Table → its rules; those with a ``check`` are the CHECKs of the schema."""


@dataclass(frozen=True)
class Span:
    """Rows of one owner must not overlap in time: from ``start`` to the first of ``ends`` that is known."""

    owner: str
    start: str
    ends: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.owner, self.start, *self.ends)

    def end(self, row: Mapping[str, Any]) -> Any:
        return next((row[name] for name in self.ends if row.get(name) is not None), None)

    def overlap(self, first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
        """Whether two rows share more than the day on which one follows the other."""
        early, late = sorted((first, second), key=lambda row: row[self.start])
        end = self.end(early)
        return end is None or bool(late[self.start] < end)


SPANS: dict[type[Base], Span] = {WelfarePost: Span("person_id", "started_on", ("exited_on", "ends_on"))}
"""Tables whose rows must not overlap for one owner."""


def rule_fields(table: type[Base]) -> frozenset[str]:
    """Fields that the rules of a table look at."""
    return frozenset(name for rule in ROW_RULES.get(table, ()) for name in rule.fields)
