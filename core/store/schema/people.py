"""People of the pool: who they are, what they can do and want, their state.

The full ID number is never stored: ``id_hash`` is its HMAC under the server's key, ``id_last4`` helps a caseworker.
Sex, birth date, registration and hardship serve eligibility and the fairness audit only, never a score.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.schema.base import PERSONAL, Base, Keyed, UtcDateTime, Versioned, coded
from core.terms import (
    AccommodationKind,
    Education,
    Evidence,
    ExitReason,
    HardshipKind,
    MeasureKind,
    PersonState,
    PlanStatus,
    Registration,
    Sex,
    SkillDomain,
    StaffRole,
    VisitMode,
)

LONGEST = {"longest": 500}
"""``info`` of a column of text without a length: how many characters are taken by hand."""


class Person(Versioned, Base):
    __tablename__ = "person"
    id_hash: Mapped[str | None] = mapped_column(
        String(64), unique=True, comment="HMAC-SHA256 of the ID number, hex", info=PERSONAL
    )
    id_last4: Mapped[str | None] = mapped_column(String(4), info=PERSONAL)
    name: Mapped[str] = mapped_column(String(60), info=PERSONAL)
    sex: Mapped[Sex | None] = mapped_column(coded(Sex))
    birth_date: Mapped[date | None] = mapped_column(
        comment="first of the month when only the month is known", info=PERSONAL
    )
    registration: Mapped[Registration | None] = mapped_column(coded(Registration))
    education: Mapped[Education | None] = mapped_column(coded(Education))
    disability: Mapped[str | None] = mapped_column(
        String(30), comment="sensitive: kind and grade as on the certificate", info=PERSONAL
    )
    phone: Mapped[str | None] = mapped_column(String(20), info=PERSONAL)
    phone_2: Mapped[str | None] = mapped_column(String(20), info=PERSONAL)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), index=True)
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grid.id"))
    address: Mapped[str | None] = mapped_column(String(120), comment="sensitive: building and unit", info=PERSONAL)
    lon: Mapped[float | None] = mapped_column(comment="home, degrees WGS-84; never leaves the server", info=PERSONAL)
    lat: Mapped[float | None] = mapped_column(comment="home, degrees WGS-84; never leaves the server", info=PERSONAL)
    career: Mapped[str | None] = mapped_column(Text, comment="work history as told", info=PERSONAL | LONGEST)
    entered_pool_on: Mapped[date | None] = mapped_column(comment="first day in the district pool")
    consent_on: Mapped[date | None] = mapped_column(comment="consent to collect, PIPL")
    consent_withdrawn_on: Mapped[date | None] = mapped_column()
    anonymised_on: Mapped[date | None] = mapped_column(comment="who the person is was erased on this day")
    note: Mapped[str | None] = mapped_column(Text, info=PERSONAL | LONGEST)
    # A number is never given to a second person, also not after the first was merged with another (SQLite would).
    __table_args__ = (Index("ix_person_name_phone", "name", "phone"), {"sqlite_autoincrement": True})


class PersonStateSpell(Versioned, Base):
    """A state holds from ``since`` until the next row of the same person."""

    __tablename__ = "person_state"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[date] = mapped_column()
    state: Mapped[PersonState] = mapped_column(coded(PersonState))
    __table_args__ = (UniqueConstraint("person_id", "since"),)


class Hardship(Versioned, Base):
    """A dated category of employment difficulty; several may hold at once."""

    __tablename__ = "hardship"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[HardshipKind] = mapped_column(coded(HardshipKind))
    since: Mapped[date | None] = mapped_column()
    until: Mapped[date | None] = mapped_column(comment="expiry; None = open")
    proof: Mapped[str | None] = mapped_column(String(120), info=PERSONAL)
    __table_args__ = (UniqueConstraint("person_id", "kind"),)


class Accommodation(Keyed, Base):
    __tablename__ = "accommodation"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[AccommodationKind] = mapped_column(coded(AccommodationKind))
    __table_args__ = (UniqueConstraint("person_id", "kind"),)


class Intention(Versioned, Base):
    """What a person wants, as last stated (one row a person)."""

    __tablename__ = "intention"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    stated_on: Mapped[date] = mapped_column()
    wish_1: Mapped[str | None] = mapped_column(ForeignKey("occupation.code"))
    wish_2: Mapped[str | None] = mapped_column(ForeignKey("occupation.code"))
    wish_3: Mapped[str | None] = mapped_column(ForeignKey("occupation.code"))
    reserve_pay: Mapped[float | None] = mapped_column(comment="lowest acceptable pay, yuan a month")
    target_pay: Mapped[float | None] = mapped_column(comment="hoped-for pay, yuan a month")
    available_days: Mapped[str | None] = mapped_column(String(7), comment="Mon..Sun as 1/0, e.g. 1111100")
    available_from: Mapped[str | None] = mapped_column(String(5), comment="HH:MM")
    available_to: Mapped[str | None] = mapped_column(String(5), comment="HH:MM")
    max_commute_min: Mapped[int | None] = mapped_column(comment="longest one-way commute, minutes")
    home_work_ok: Mapped[bool | None] = mapped_column(comment="accepts home or piece work")
    wants_training: Mapped[bool | None] = mapped_column()
    wants_start_up: Mapped[bool | None] = mapped_column()
    __table_args__ = (
        CheckConstraint("reserve_pay >= 0", name="reserve_pay"),
        CheckConstraint("max_commute_min BETWEEN 0 AND 240", name="max_commute_min"),
    )


class Experience(Keyed, Base):
    """Years worked in an occupation family before or outside the pool."""

    __tablename__ = "experience"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    domain: Mapped[SkillDomain] = mapped_column(coded(SkillDomain))
    years: Mapped[float] = mapped_column(comment="years")
    __table_args__ = (UniqueConstraint("person_id", "domain"), CheckConstraint("years >= 0", name="years"))


class WelfarePost(Versioned, Base):
    """One spell of a person on a public-welfare post (公益性岗位)."""

    __tablename__ = "welfare_post"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[Registration] = mapped_column(coded(Registration), comment="urban or rural post")
    title: Mapped[str | None] = mapped_column(String(60))
    host: Mapped[str | None] = mapped_column(String(80), comment="用人单位, the body that hosts the post")
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), index=True)
    target_group: Mapped[str | None] = mapped_column(String(40), comment="安置对象类别")
    started_on: Mapped[date] = mapped_column()
    ends_on: Mapped[date] = mapped_column(comment="agreed end, at most 3 years after the start")
    spell_number: Mapped[int] = mapped_column(default=1, comment="安置次数")
    post_subsidy: Mapped[float | None] = mapped_column(comment="yuan a month")
    insurance_subsidy: Mapped[float | None] = mapped_column(comment="yuan a month")
    exited_on: Mapped[date | None] = mapped_column()
    exit_reason: Mapped[ExitReason | None] = mapped_column(coded(ExitReason))
    __table_args__ = (
        UniqueConstraint("person_id", "started_on"),
        CheckConstraint("ends_on > started_on", name="ends_on"),
        CheckConstraint("exited_on >= started_on", name="exited_on"),
    )


class Skill(Base):
    __tablename__ = "skill"
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    domain: Mapped[SkillDomain] = mapped_column(coded(SkillDomain))
    occupation: Mapped[str | None] = mapped_column(ForeignKey("occupation.code"))
    course_hours: Mapped[int] = mapped_column(comment="standard course length, hours")


class Occupation(Base):
    """National classification of occupations, 2022."""

    __tablename__ = "occupation"
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(80))
    domain: Mapped[SkillDomain | None] = mapped_column(coded(SkillDomain), comment="None outside the seven domains")


class PersonSkill(Versioned, Base):
    __tablename__ = "person_skill"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    skill: Mapped[str] = mapped_column(ForeignKey("skill.code"), index=True)
    level: Mapped[int] = mapped_column(comment="1 aware, 2 can do, 3 skilled, 4 can teach")
    evidence: Mapped[Evidence] = mapped_column(coded(Evidence))
    acquired_on: Mapped[date | None] = mapped_column()
    __table_args__ = (UniqueConstraint("person_id", "skill"), CheckConstraint("level BETWEEN 1 AND 4", name="level"))


class Visit(Keyed, Base):
    __tablename__ = "visit"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    visited_on: Mapped[date] = mapped_column(index=True)
    mode: Mapped[VisitMode] = mapped_column(coded(VisitMode))
    visitor: Mapped[str | None] = mapped_column(String(40), comment="name of the staff member")
    visitor_role: Mapped[StaffRole | None] = mapped_column(coded(StaffRole))
    needs: Mapped[str | None] = mapped_column(Text, comment="诉求与困难", info=PERSONAL)
    next_on: Mapped[date | None] = mapped_column(comment="next visit agreed for")
    __table_args__ = (UniqueConstraint("person_id", "visited_on"),)


class Plan(Versioned, Base):
    """一人一策: the one plan of a person."""

    __tablename__ = "plan"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_on: Mapped[date] = mapped_column()
    status: Mapped[PlanStatus] = mapped_column(coded(PlanStatus))
    goal: Mapped[str | None] = mapped_column(String(200), info=PERSONAL)
    owner: Mapped[str | None] = mapped_column(String(40), comment="responsible staff member")
    review_on: Mapped[date | None] = mapped_column(comment="the plan is looked at again on this day")
    closed_on: Mapped[date | None] = mapped_column()
    closing_reason: Mapped[str | None] = mapped_column(String(200), info=PERSONAL)
    __table_args__ = (UniqueConstraint("person_id", "made_on"),)


class PlanMeasure(Versioned, Base):
    __tablename__ = "plan_measure"
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    step: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    kind: Mapped[MeasureKind] = mapped_column(coded(MeasureKind))
    text: Mapped[str | None] = mapped_column(String(200), info=PERSONAL)
    owner: Mapped[str | None] = mapped_column(String(40), comment="who does it; None: who owns the plan")
    due_on: Mapped[date | None] = mapped_column()
    done_on: Mapped[date | None] = mapped_column()
    __table_args__ = (UniqueConstraint("plan_id", "step"),)


class PersonCorrection(Keyed, Base):
    """Why something that rests on a document or a proof was corrected or withdrawn by hand; the log has the values."""

    __tablename__ = "person_correction"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_on: Mapped[date] = mapped_column()
    subject: Mapped[str] = mapped_column(String(40), comment="column of person, or table: 'person_skill', 'hardship' …")
    reason: Mapped[str | None] = mapped_column(String(200), info=PERSONAL)
    author: Mapped[str] = mapped_column(String(40))


class DistinctPair(Keyed, Base):
    """Two people of whom somebody decided that they are not the same person, whatever their records share."""

    __tablename__ = "distinct_pair"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    decided_on: Mapped[date] = mapped_column()
    author: Mapped[str] = mapped_column(String(40))
    __table_args__ = (UniqueConstraint("person_id", "other_id"),)


class PersonMerge(Keyed, Base):
    """Records of one person made one: ``person_id`` is the one that stays. ``images`` is what it takes to undo it."""

    __tablename__ = "person_merge"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    others: Mapped[list[int]] = mapped_column(JSON, comment="numbers of the records that went")
    merged_on: Mapped[date] = mapped_column()
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(String(200), info=PERSONAL)
    images: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True),
        comment="rows before and after; None: erased with the person",
        info=PERSONAL | {"audited": False},  # sealed by sha256, which is in the log
    )
    sha256: Mapped[str] = mapped_column(String(64), comment="of images")
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(String(40))


class PersonAlias(Keyed, Base):
    """A number that somebody had before a merge, and an ID number that went with it: both still find the person."""

    __tablename__ = "person_alias"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, comment="who they are now")
    old_id: Mapped[int] = mapped_column(index=True, comment="number of the record before the merge")
    id_hash: Mapped[str | None] = mapped_column(
        String(64), unique=True, comment="as in person; None where the person has it", info=PERSONAL
    )
    merge_id: Mapped[int] = mapped_column(ForeignKey("person_merge.id"), index=True)


class CaseloadTransfer(Keyed, Base):
    """Plans that went from one colleague to another at once; taken back by ``undone_at``."""

    __tablename__ = "caseload_transfer"
    from_owner: Mapped[str | None] = mapped_column(String(40), comment="None: of several colleagues")
    to_owner: Mapped[str] = mapped_column(String(40))
    note: Mapped[str | None] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(40))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(String(40))


class CaseloadTransferPlan(Keyed, Base):
    """A plan of a transfer, with who owned it before."""

    __tablename__ = "caseload_transfer_plan"
    transfer_id: Mapped[int] = mapped_column(ForeignKey("caseload_transfer.id"), index=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    former_owner: Mapped[str | None] = mapped_column(String(40))
    __table_args__ = (UniqueConstraint("transfer_id", "plan_id"),)
