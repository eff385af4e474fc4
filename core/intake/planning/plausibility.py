"""Values that are possible but unlikely: an import asks once whether they are right. Thresholds are dated parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from core.intake.findings import Level, Problem
from core.store.schema import Base, Intention, Job, Order, Person, Placement, WorkshopWeek

__all__ = ["IMPLAUSIBLE", "Norms", "WorkshopNorm", "check_plausible", "plausibility_fields"]

WORKING_DAYS = 5  # of a week, over which the shifts of a workshop are spread
DAYS_OF_YEAR = 365.2425


class WorkshopNorm(NamedTuple):
    """What a workshop can hold and make."""

    stations: int
    shifts_per_week: int
    pieces_a_year: float | None
    """Pieces made in its last 52 reported weeks; None before the first report."""

    @property
    def places(self) -> int:
        """Stations times shifts of a working day."""
        return self.stations * -(-self.shifts_per_week // WORKING_DAYS)


@dataclass(frozen=True)
class Norms:
    """What values are compared with: thresholds in force, and what the store says of workshops and pay."""

    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Parameter → value; a check whose parameter is missing is left out."""
    workshops: Mapping[int, WorkshopNorm] = field(default_factory=dict)
    median_pay: float | None = None
    """Median monthly pay of placements, yuan."""


Check = Callable[[Mapping[str, Any], Norms, date | None], Problem | None]


def _implausible(code: str, column: str, **values: object) -> Problem:
    return Problem(code, {"field": column, **values}, Level.WARNING)


def _too_many_on_roll(row: Mapping[str, Any], norms: Norms, _day: date | None) -> Problem | None:
    workshop, factor = norms.workshops.get(row.get("workshop_id") or 0), norms.thresholds.get("import_roll_per_place")
    on_roll = row.get("on_roll")
    if workshop is None or factor is None or on_roll is None or on_roll <= factor * workshop.places:
        return None
    return _implausible("roll_over_places", "on_roll", value=on_roll, places=workshop.places)


def _too_many_hours(row: Mapping[str, Any], norms: Norms, _day: date | None) -> Problem | None:
    limit, hours, on_roll = norms.thresholds.get("import_weekly_hours"), row.get("hours"), row.get("on_roll")
    if limit is None or hours is None or on_roll is None or hours <= limit * on_roll:
        return None
    return _implausible("hours_over_roll", "hours", value=f"{hours:g}", people=on_roll, limit=f"{limit:g}")


def _order_too_large(row: Mapping[str, Any], norms: Norms, _day: date | None) -> Problem | None:
    workshop, years = norms.workshops.get(row.get("workshop_id") or 0), norms.thresholds.get("import_order_years")
    pieces = row.get("pieces")
    if workshop is None or years is None or pieces is None or workshop.pieces_a_year is None:
        return None
    if pieces <= years * workshop.pieces_a_year:
        return None
    return _implausible("order_over_year", "pieces", value=f"{pieces:,}", year=f"{workshop.pieces_a_year:,.0f}")


def _pay_too_high(column: str) -> Check:
    def check(row: Mapping[str, Any], norms: Norms, _day: date | None) -> Problem | None:
        pay, medians = row.get(column), norms.thresholds.get("import_pay_medians")
        if pay is None or medians is None or norms.median_pay is None or pay <= medians * norms.median_pay:
            return None
        median, times = f"{norms.median_pay:,.0f}", f"{medians:g}"
        return _implausible("pay_over_medians", column, value=f"{pay:,.0f}", median=median, times=times)

    return check


def _age_out_of_range(row: Mapping[str, Any], norms: Norms, day: date | None) -> Problem | None:
    born = row.get("birth_date")
    low, high = (norms.thresholds.get(name) for name in ("import_youngest", "import_oldest"))
    if born is None or day is None or low is None or high is None:
        return None
    age = int((day - born).days / DAYS_OF_YEAR)
    if low <= age <= high:
        return None
    return _implausible("age_out_of_range", "birth_date", age=age, low=f"{low:g}", high=f"{high:g}")


CHECKS: dict[type[Base], tuple[tuple[tuple[str, ...], Check], ...]] = {
    WorkshopWeek: (
        (("on_roll", "workshop_id"), _too_many_on_roll),
        (("hours", "on_roll"), _too_many_hours),
    ),
    Order: ((("pieces", "workshop_id"), _order_too_large),),
    Placement: ((("monthly_pay",), _pay_too_high("monthly_pay")),),
    Job: ((("pay_max",), _pay_too_high("pay_max")), (("pay_min",), _pay_too_high("pay_min"))),
    Intention: ((("reserve_pay",), _pay_too_high("reserve_pay")),),
    Person: ((("birth_date",), _age_out_of_range),),
}
"""Table → (the fields that a check looks at, the check)."""

IMPLAUSIBLE = frozenset(
    {"roll_over_places", "hours_over_roll", "order_over_year", "pay_over_medians", "age_out_of_range", "position_far"}
)
"""Codes of findings that a person confirms before the import."""


def plausibility_fields(table: type[Base]) -> frozenset[str]:
    """Fields that the checks of a table look at."""
    return frozenset(name for fields, _ in CHECKS.get(table, ()) for name in fields)


def check_plausible(
    table: type[Base], row: Mapping[str, Any], written: frozenset[str], norms: Norms, stated_on: date | None
) -> list[Problem]:
    """What is unlikely in ``row`` as it would be stored. Only checks on fields among ``written`` are made, so that a
    stored value is not asked about again. ``stated_on``: the day of the row, for ages."""
    problems = (check(row, norms, stated_on) for fields, check in CHECKS.get(table, ()) if written & {*fields})
    return [problem for problem in problems if problem is not None]
