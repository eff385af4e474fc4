"""How a planned change reads: the table, the field and the values of a row of the store in words."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pandas as pd

from core.intake.findings import RowStatus
from core.intake.parsing.vocabulary import Vocabulary
from core.intake.planning.plan import ImportPlan
from core.intake.planning.statements import KeptValue, PlannedChange
from core.intake.sheets import SHEETS
from core.locale import N_, Translator
from core.people.masking import mask_name, mask_phone
from core.store.schema import (
    Accommodation,
    ActionItem,
    Assessment,
    AssessmentScore,
    Base,
    BusinessSupport,
    Community,
    CommunityPost,
    Course,
    CourseSession,
    EligibilityAnswer,
    Employer,
    EmployerMonth,
    Enrolment,
    Event,
    Experience,
    FollowUp,
    FollowUpDifficulty,
    Grid,
    Hardship,
    Intention,
    Job,
    JobSkill,
    MicroBusiness,
    Order,
    Person,
    PersonSkill,
    PersonStateSpell,
    Placement,
    Plan,
    PlanMeasure,
    PolicyApplication,
    Premises,
    Product,
    ProductSkill,
    Referral,
    StaffGrid,
    StaffMember,
    Target,
    TeamMeeting,
    Visit,
    VisitingStop,
    WeeklyOutput,
    WelfarePost,
    Workshop,
    WorkshopWeek,
)
from core.terms import Term

__all__ = ["TABLE_NAMES", "VERB_NAMES", "changes_table", "field_name", "kept_table", "value_as_text"]

TABLE_NAMES: dict[type[Base], str] = {
    Community: N_("Communities"),
    StaffMember: N_("Staff"),
    StaffGrid: N_("Grids of staff"),
    TeamMeeting: N_("Meetings of teams"),
    Premises: N_("Premises"),
    Grid: N_("Grids"),
    Person: N_("People"),
    PersonStateSpell: N_("States of people"),
    Hardship: N_("Hardship"),
    Accommodation: N_("Own limits"),
    PersonSkill: N_("Skills of people"),
    Experience: N_("Experience"),
    Intention: N_("Wishes"),
    Visit: N_("Visits"),
    VisitingStop: N_("Households of visiting rounds"),
    WelfarePost: N_("Public-welfare posts"),
    Plan: N_("Plans"),
    PlanMeasure: N_("Steps of plans"),
    Employer: N_("Employers"),
    Job: N_("Openings"),
    JobSkill: N_("Skills of openings"),
    Placement: N_("Placements"),
    FollowUp: N_("Follow-ups"),
    FollowUpDifficulty: N_("Difficulties at work"),
    Referral: N_("Recommendations"),
    CommunityPost: N_("Community posts"),
    Workshop: N_("Micro-workshops"),
    Product: N_("Products"),
    ProductSkill: N_("Skills of products"),
    Order: N_("Orders"),
    WorkshopWeek: N_("Weeks of workshops"),
    WeeklyOutput: N_("Lines of production"),
    EmployerMonth: N_("Months of enterprises"),
    Assessment: N_("Reviews"),
    AssessmentScore: N_("Scores of reviews"),
    Course: N_("Courses"),
    CourseSession: N_("Sessions of courses"),
    Enrolment: N_("Enrolments"),
    Event: N_("Recruitment events"),
    Target: N_("Targets"),
    ActionItem: N_("Actions"),
    EligibilityAnswer: N_("Answers about eligibility"),
    PolicyApplication: N_("Policy applications"),
    MicroBusiness: N_("Micro-businesses"),
    BusinessSupport: N_("Support for micro-businesses"),
}
"""What the rows of each table that a sheet writes are called."""

VERB_NAMES = {"insert": N_("added"), "update": N_("changed"), "delete": N_("deleted")}

WITHOUT_COLUMN = {
    "id_hash": N_("ID number"),
    "id_last4": N_("last four of the ID number"),
    "person_id": N_("person"),
    "plan_id": N_("plan"),
    "employer_id": N_("employer"),
    "job_id": N_("opening"),
    "status_since": N_("state since"),
    "merged_into_id": N_("merged into opening"),
    "product_id": N_("product"),
    "workshop_week_id": N_("week"),
    "placement_id": N_("placement"),
    "assessment_id": N_("review"),
    "course_id": N_("course"),
    "session_id": N_("session"),
    "grid_id": N_("grid"),
    "grid": N_("grid"),
    "staff_id": N_("staff member"),
    "follow_up_id": N_("follow-up"),
    "business_id": N_("micro-business"),
    "kind": N_("kind"),
    "skill": N_("skill"),
    "level": N_("level"),
    "evidence": N_("evidence"),
    "essential": N_("essential"),
    "certificate": N_("certificate"),
    "state": N_("state"),
    "since": N_("since"),
    "stated_on": N_("stated on"),
    "consent_on": N_("consent on"),
    "visitor_role": N_("role of the visitor"),
    "closed_on": N_("closed on"),
    "judge": N_("judge"),
    "year": N_("year"),
    "valid_from": N_("valid from"),
    "community_id": N_("community"),
    "raised_on": N_("raised on"),
    "code": N_("code"),
}
"""Fields that no column fills, or that stand in the list of one cell."""
OWN_NAMES = frozenset({"id_hash", "id_last4"})
"""Fields that are less than what their column holds."""
MASKS: dict[str, Callable[[object], str]] = {"phone": mask_phone, "phone_2": mask_phone}


@functools.cache
def _headers(code: str) -> dict[tuple[str, str], str]:
    """(table, field) → header of the template's column that fills it: of the sheet with this code, else of the first one
    that has such a column."""
    headers: dict[tuple[str, str], str] = {}
    for sheet in (SHEETS[code], *SHEETS.values()):
        tables = {entity.name: entity.table.__tablename__ for entity in sheet.entities}
        for column in sheet.columns:
            for target in column.targets:
                names = sheet.parsers[column.code].gives if target.field == "*" else (target.field,)
                for name in names:
                    headers.setdefault((tables[target.entity], name), column.header.removeprefix("*"))
    return headers


def field_name(sheet: str, table: type[Base], name: str, tr: Translator) -> str:
    """A field as the template of the imported sheet calls it; in English by its own name where it has no other."""
    header = None if name in OWN_NAMES else _headers(sheet).get((table.__tablename__, name))
    if header is None:
        return tr(WITHOUT_COLUMN[name])
    return name.removesuffix("_id").replace("_", " ") if tr.is_english else header


def value_as_text(table: type[Base], name: str, value: Any, words: Vocabulary, tr: Translator) -> str:
    """A stored or planned value in words; names instead of keys. Names and phones of people are masked, other facts of
    theirs (address, disability, notes …) are not shown: who imports has them in the file, who reads the log needs none.
    """
    keys = list(table.__table__.c[name].foreign_keys)
    kind = keys[0].column.table.name if keys else None
    if value is None:
        return "—"
    if name == "id_hash":
        return tr("kept as a keyed hash")
    if name in MASKS:
        return MASKS[name](value)
    if table is Person and name == "name":
        return mask_name(value)
    if table.__table__.c[name].info.get("personal"):
        return tr("not shown")
    if isinstance(value, Term):
        return tr.term(value)
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, date):
        return value.isoformat()
    if kind is not None and isinstance(value, int) and value < 0:  # a row that this import makes
        return tr.term(RowStatus.NEW)
    if kind is not None and kind in words.kinds:
        return words.label(kind, value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def changes_table(plan: ImportPlan, changes: Sequence[PlannedChange], tr: Translator) -> pd.DataFrame:
    """Planned changes, a line each: row of the file, what is written, field, old and new value in words."""
    return pd.DataFrame(
        [
            (
                str(c.row),
                tr(TABLE_NAMES[c.table]),
                tr(VERB_NAMES[c.verb]),
                field_name(plan.request.sheet, c.table, c.field, tr),
                value_as_text(c.table, c.field, c.old, plan.words, tr),
                value_as_text(c.table, c.field, c.new, plan.words, tr),
            )
            for c in changes
        ],
        columns=[tr("Row"), tr("Records"), tr("Change"), tr("Column"), tr("In the database"), tr("In the file")],
    )


def kept_table(plan: ImportPlan, kept: Sequence[KeptValue], tr: Translator) -> pd.DataFrame:
    """Newer stored values, a line each: row, field, stored and given value with their days, and who wrote the stored one."""
    return pd.DataFrame(
        [
            (
                str(k.row),
                field_name(plan.request.sheet, k.table, k.field, tr),
                value_as_text(k.table, k.field, k.stored, plan.words, tr),
                "" if k.last.day is None else k.last.day.isoformat(),
                value_as_text(k.table, k.field, k.given, plan.words, tr),
                "" if k.stated_on is None else k.stated_on.isoformat(),
                tr("import") if k.last.is_import else f"{k.last.actor} {tr.time(k.last.at) if k.last.at else ''}",
            )
            for k in kept
        ],
        columns=[
            tr("Row"),
            tr("Column"),
            tr("In the database"),
            tr("Date in the database"),
            tr("In the file"),
            tr("Date in the file"),
            tr("Written by"),
        ],
    )
