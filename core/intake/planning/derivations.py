"""Values that follow from a row but are not in a cell of their own; the sheets name these functions.

Each takes the values of the row by column code, the vocabulary and the reporting day of the import, and returns a
value or None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.intake.parsing.vocabulary import Vocabulary
from core.terms import Channel, EmployerKind, OpeningSource, PayKind, PlanStatus, TrainingKind

__all__ = ["DERIVATIONS", "Context"]


@dataclass(frozen=True)
class Context:
    """What a derivation may use besides its row."""

    words: Vocabulary
    day: date | None
    platform: str | None = None
    """The recruitment platform whose export the file is."""


Values = Mapping[str, Any]
Derivation = Callable[[Values, Context], Any]


def consent_day(row: Values, _context: Context) -> date | None:
    """The day of the visit, if the person then agreed to the collection of data."""
    return row.get("visited_on") if row.get("consent") is True else None


def role_of_visitor(row: Values, context: Context) -> Any:
    """The role of the visitor in the staff list."""
    name = context.words.find("staff", row.get("visitor") or "")
    return None if name is None else context.words.fact("staff", name)


def person_of_number(row: Values, context: Context) -> int | None:
    """Whom the number of a household on a visiting round stands for."""
    known = context.words.fact("visit_number", row.get("number"))
    return None if known is None else int(known[0])


def visitor_of_number(row: Values, context: Context) -> str | None:
    """Who walks the round that the number belongs to."""
    known = context.words.fact("visit_number", row.get("number"))
    return None if known is None else str(known[1])


def role_of_number(row: Values, context: Context) -> Any:
    """The role of who walks the round, in the staff list."""
    return role_of_visitor({"visitor": visitor_of_number(row, context)}, context)


def needs_and_measures(row: Values, _context: Context) -> str | None:
    """What the person asked for and what was agreed, in one text."""
    texts = [row[code] for code in ("needs", "measures") if isinstance(row.get(code), str)]
    return "；".join(texts) or None


def plan_closed(row: Values, _context: Context) -> date | None:
    """A plan that is done was closed with its last step."""
    return row.get("done_on") if row.get("status") is PlanStatus.DONE else None


def employer_kind(row: Values, _context: Context) -> EmployerKind:
    """What an employer is that a placement names for the first time."""
    return EmployerKind.CRAFT_ECOMMERCE if row.get("channel") is Channel.ENTERPRISE else EmployerKind.COMPANY


def employer_of_opening(row: Values, context: Context) -> str | None:
    """Whose the opening is that the row names."""
    owner = context.words.fact("opening", row.get("opening"))
    return None if owner is None else str(owner)


def skill_of_course(row: Values, context: Context) -> Any:
    """The skill that a course of that name teaches."""
    return context.words.find("skill", (row.get("course") or "").removesuffix("培训"))


def commissioner(row: Values, context: Context) -> Any:
    """The employer that commissioned a course, when it is named as the provider."""
    if row.get("kind") is not TrainingKind.COMMISSIONED:
        return None
    return context.words.find("employer", row.get("provider") or "")


def paid_by_the_month(row: Values, _context: Context) -> PayKind | None:
    """An opening of which only a range of monthly pay is known is paid by the month."""
    return PayKind.MONTH if row.get("offered_pay") else None


def platform_of_import(_row: Values, context: Context) -> str | None:
    """The platform whose export the file is."""
    return context.platform


def source_of_opening(row: Values, context: Context) -> OpeningSource | None:
    """An opening with a platform was seen there; of others the sheet may say where they came from."""
    return OpeningSource.PLATFORM if row.get("platform") or context.platform else None


def no_judge(_row: Values, _context: Context) -> str:
    """Scores without a judge share the empty name."""
    return ""


def reporting_day(row: Values, context: Context) -> date | None:
    """Monday of the week in the row, else the reporting day of the import."""
    return row.get("week") or context.day


def year_of_week(row: Values, context: Context) -> int | None:
    """The year of the Sunday that ends the reporting week: a sheet speaks of that day."""
    day = reporting_day(row, context)
    return None if day is None else (day + timedelta(days=6 - day.weekday())).year


def week_in_year(row: Values, context: Context) -> date | None:
    """Monday of the reporting week, or 1 January if its year begins inside the week."""
    day = reporting_day(row, context)
    if day is None:
        return None
    monday = day - timedelta(days=day.weekday())
    return max(monday, date((monday + timedelta(days=6)).year, 1, 1))


def first_of_year(row: Values, context: Context) -> date | None:
    """1 January of ``year_of_week``."""
    year = year_of_week(row, context)
    return None if year is None else date(year, 1, 1)


def community_of_office(row: Values, context: Context) -> Any:
    """The community, if the responsible office is one."""
    return context.words.find("community", row.get("office") or "")


def action_code(row: Values, context: Context) -> str | None:
    """Week and number in the sheet, e.g. 2025-W46-03, where no code is given; rows without a problem have no action."""
    day = reporting_day(row, context)
    if day is None or row.get("problem") is None:
        return None
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}-{row['number']:02d}"


DERIVATIONS: dict[str, Derivation] = {
    function.__name__: function
    for function in (
        consent_day,
        role_of_visitor,
        person_of_number,
        visitor_of_number,
        role_of_number,
        needs_and_measures,
        plan_closed,
        employer_kind,
        employer_of_opening,
        skill_of_course,
        commissioner,
        paid_by_the_month,
        platform_of_import,
        source_of_opening,
        no_judge,
        reporting_day,
        year_of_week,
        week_in_year,
        first_of_year,
        community_of_office,
        action_code,
    )
}
