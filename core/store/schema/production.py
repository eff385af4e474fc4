"""Micro-workshops, products, orders, training, events, enterprise reviews."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.schema.base import PERSONAL, Base, Keyed, UtcDateTime, Versioned, coded
from core.terms import (
    EnrolmentResult,
    EventScene,
    EventTheme,
    Evidence,
    EvidenceSource,
    Pillar,
    PromiseKind,
    Tier,
    TierCause,
    TrainingKind,
)


class Workshop(Versioned, Base):
    __tablename__ = "workshop"
    name: Mapped[str] = mapped_column(String(60), unique=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), index=True)
    premises_id: Mapped[int | None] = mapped_column(ForeignKey("premises.id"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), comment="who runs it")
    opened_on: Mapped[date] = mapped_column()
    stations: Mapped[int] = mapped_column(comment="work stations")
    shifts_per_week: Mapped[int] = mapped_column(default=10, comment="opened shifts a week")
    net_shift_hours: Mapped[float] = mapped_column(default=3.5, comment="hours a shift without breaks and set-up")
    supervisors: Mapped[int] = mapped_column(default=1, comment="people who may lead a shift")
    half_days: Mapped[str | None] = mapped_column(
        String(14), comment="1 = opened: Monday morning, Monday afternoon, … Sunday afternoon; None: Monday to Friday"
    )
    closed_on: Mapped[date | None] = mapped_column(comment="first day on which it no longer operates")
    __table_args__ = (CheckConstraint("stations > 0", name="stations"),)


class Product(Versioned, Base):
    __tablename__ = "product"
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str | None] = mapped_column(String(60))
    family: Mapped[str | None] = mapped_column(String(40))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True, comment="maker")
    standard_minutes: Mapped[float] = mapped_column(comment="standard time, minutes a piece")
    piece_rate: Mapped[float] = mapped_column(comment="yuan a piece")
    home_work: Mapped[bool] = mapped_column(default=False, comment="may be made at home")
    __table_args__ = (CheckConstraint("standard_minutes > 0", name="standard_minutes"),)


class ProductSkill(Keyed, Base):
    __tablename__ = "product_skill"
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    skill: Mapped[str] = mapped_column(ForeignKey("skill.code"))
    __table_args__ = (UniqueConstraint("product_id", "skill"),)


class Order(Versioned, Base):
    __tablename__ = "production_order"
    code: Mapped[str] = mapped_column(String(20), unique=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    customer: Mapped[str | None] = mapped_column(String(80))
    pieces: Mapped[int] = mapped_column(comment="pieces ordered")
    done_pieces: Mapped[int] = mapped_column(default=0, comment="good pieces delivered so far")
    received_on: Mapped[date] = mapped_column()
    due_on: Mapped[date] = mapped_column()
    closed_on: Mapped[date | None] = mapped_column()
    close_reason: Mapped[str | None] = mapped_column(String(200), comment="of an order closed with pieces still owed")
    __table_args__ = (
        CheckConstraint("pieces > 0", name="pieces"),
        CheckConstraint("due_on >= received_on", name="due_on"),
    )


class WorkshopWeek(Versioned, Base):
    """One ISO week of a workshop as its weekly report states it."""

    __tablename__ = "workshop_week"
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), index=True)
    week: Mapped[date] = mapped_column(index=True, comment="Monday of the ISO week")
    stations: Mapped[int] = mapped_column()
    on_roll: Mapped[int] = mapped_column(comment="persons on the roll at the week's end")
    attendances: Mapped[int] = mapped_column(comment="person-shifts attended")
    hours: Mapped[float] = mapped_column(comment="hours attended")
    labour_cost: Mapped[float | None] = mapped_column(comment="yuan paid for labour")
    shortage: Mapped[int | None] = mapped_column(comment="用工缺口, persons")
    problem: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (UniqueConstraint("workshop_id", "week"),)


class WeeklyOutput(Versioned, Base):
    __tablename__ = "weekly_output"
    workshop_week_id: Mapped[int] = mapped_column(ForeignKey("workshop_week.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    planned: Mapped[int] = mapped_column(comment="pieces")
    made: Mapped[int] = mapped_column(comment="pieces")
    good: Mapped[int] = mapped_column(comment="pieces right the first time")
    reworked: Mapped[int] = mapped_column(default=0, comment="pieces")
    due_on: Mapped[date | None] = mapped_column()
    piece_rate: Mapped[float | None] = mapped_column(comment="yuan a piece")
    __table_args__ = (UniqueConstraint("workshop_week_id", "product_id"), CheckConstraint("good <= made", name="good"))


class ApprovedRoster(Keyed, Base):
    """Who works when in one week of a workshop, as a named person approved it; a change is a further ``rev``."""

    __tablename__ = "roster"
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), index=True)
    week: Mapped[date] = mapped_column(comment="Monday of the ISO week")
    rev: Mapped[int] = mapped_column(default=1)
    shift_hours: Mapped[float] = mapped_column(comment="net hours a shift")
    asked_hours: Mapped[float] = mapped_column(comment="standard hours that the due dates asked of the people on site")
    expected_hours: Mapped[float] = mapped_column(comment="standard hours that the roster is expected to make")
    method: Mapped[str] = mapped_column(String(20), comment="greedy, exact or replan")
    gap: Mapped[float | None] = mapped_column(comment="proven relative distance from the best roster")
    approved_by: Mapped[str] = mapped_column(String(40))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(200), comment="of a change")
    __table_args__ = (UniqueConstraint("workshop_id", "week", "rev"),)


class RosterCell(Keyed, Base):
    """One half day of one person in an approved roster."""

    __tablename__ = "roster_cell"
    roster_id: Mapped[int] = mapped_column(ForeignKey("roster.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    slot: Mapped[int] = mapped_column(comment="0 = Monday morning … 13 = Sunday afternoon")
    leads: Mapped[bool] = mapped_column(default=False, comment="may lead the shift")
    locked: Mapped[bool] = mapped_column(default=False, comment="fixed by hand")
    __table_args__ = (
        UniqueConstraint("roster_id", "person_id", "slot"),
        CheckConstraint("slot BETWEEN 0 AND 13", name="slot"),
    )


class Promise(Keyed, Base):
    """A decision with what was expected of it when it was made; append-only, to be compared with the fact later."""

    __tablename__ = "promise"
    kind: Mapped[PromiseKind] = mapped_column(coded(PromiseKind))
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("production_order.id"), index=True)
    roster_id: Mapped[int | None] = mapped_column(ForeignKey("roster.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    number: Mapped[float] = mapped_column(comment="expected: pieces of an order, standard hours of a roster")
    due_on: Mapped[date] = mapped_column(comment="promised date; of a refusal the date asked for")
    expected_on: Mapped[date | None] = mapped_column(comment="date reached with 80 % probability")
    probability: Mapped[float | None] = mapped_column(comment="0..1 of being on time, as computed at the decision")
    hourly_pay: Mapped[float | None] = mapped_column(comment="yuan an attended hour that the price brings")
    evidence: Mapped[dict[str, Any] | None] = mapped_column(JSON, comment="orders delayed, floor, draws, seed")
    reason: Mapped[str | None] = mapped_column(String(200))
    made_on: Mapped[date] = mapped_column(comment="day of the bureau")
    made_by: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Course(Versioned, Base):
    __tablename__ = "course"
    name: Mapped[str] = mapped_column(String(60), unique=True)
    skill: Mapped[str | None] = mapped_column(ForeignKey("skill.code"), comment="the skill that it teaches")
    kind: Mapped[TrainingKind | None] = mapped_column(coded(TrainingKind))
    hours: Mapped[int | None] = mapped_column(comment="hours in all")
    practice_hours: Mapped[int | None] = mapped_column(comment="of which practice")
    certificate: Mapped[Evidence | None] = mapped_column(coded(Evidence), comment="what who passes may get")


class CourseSession(Versioned, Base):
    __tablename__ = "course_session"
    code: Mapped[str] = mapped_column(String(20), unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    kind: Mapped[TrainingKind] = mapped_column(coded(TrainingKind))
    provider: Mapped[str | None] = mapped_column(String(80))
    teacher: Mapped[str | None] = mapped_column(String(40))
    place: Mapped[str | None] = mapped_column(String(80))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), comment="who commissioned it")
    starts_on: Mapped[date] = mapped_column()
    ends_on: Mapped[date] = mapped_column()
    hours: Mapped[int | None] = mapped_column(comment="hours in all")
    practice_hours: Mapped[int | None] = mapped_column(comment="of which practice")
    capacity: Mapped[int | None] = mapped_column(comment="seats; None: not limited")
    cancelled_on: Mapped[date | None] = mapped_column()
    cancel_reason: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_on"),
        CheckConstraint("capacity > 0", name="capacity"),
    )


class Enrolment(Versioned, Base):
    __tablename__ = "enrolment"
    session_id: Mapped[int] = mapped_column(ForeignKey("course_session.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    attended_hours: Mapped[float | None] = mapped_column(comment="hours")
    result: Mapped[EnrolmentResult] = mapped_column(coded(EnrolmentResult))
    certificate: Mapped[Evidence | None] = mapped_column(coded(Evidence))
    certificate_number: Mapped[str | None] = mapped_column(String(40), info=PERSONAL)
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)


class Event(Versioned, Base):
    """A recruitment event (招聘活动)."""

    __tablename__ = "event"
    name: Mapped[str] = mapped_column(String(80))
    held_on: Mapped[date] = mapped_column()
    theme: Mapped[EventTheme] = mapped_column(coded(EventTheme))
    scene: Mapped[EventScene | None] = mapped_column(coded(EventScene))
    place: Mapped[str | None] = mapped_column(String(80))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), index=True)
    employers: Mapped[int | None] = mapped_column(comment="employers taking part")
    jobs_offered: Mapped[int | None] = mapped_column(comment="posts offered")
    visitors: Mapped[int | None] = mapped_column(comment="persons")
    welfare_post_visitors: Mapped[int | None] = mapped_column(comment="persons from welfare posts")
    intents: Mapped[int | None] = mapped_column(comment="意向, persons")
    signed: Mapped[int | None] = mapped_column(comment="signed on the spot, persons")
    started_30_days: Mapped[int | None] = mapped_column(comment="started within 30 days, persons")
    host: Mapped[str | None] = mapped_column(String(80))
    __table_args__ = (UniqueConstraint("name", "held_on"),)


class EventIntent(Versioned, Base):
    """Somebody who is interested in a job, or in an employer, of a recruitment event."""

    __tablename__ = "event_intent"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), comment="None: any job of the employer")
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"), comment="what became of it")
    __table_args__ = (UniqueConstraint("event_id", "person_id", "employer_id"),)


class EmployerMonth(Keyed, Base):
    """Monitoring of an enterprise by month."""

    __tablename__ = "employer_month"
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    month: Mapped[date] = mapped_column(comment="first of the month")
    sales: Mapped[float] = mapped_column(comment="yuan")
    orders: Mapped[int] = mapped_column(comment="orders received")
    online_share: Mapped[float | None] = mapped_column(comment="0..1 of sales")
    employees: Mapped[int | None] = mapped_column(comment="persons on the payroll")
    insured: Mapped[int | None] = mapped_column(comment="of which with social insurance, persons")
    __table_args__ = (UniqueConstraint("employer_id", "month"),)


class Assessment(Versioned, Base):
    """One review of an enterprise; append-only history of tiers."""

    __tablename__ = "assessment"
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    reviewed_on: Mapped[date] = mapped_column()
    next_review_on: Mapped[date | None] = mapped_column()
    monitoring: Mapped[float | None] = mapped_column(comment="0..100, as on the review sheet")
    panel: Mapped[float | None] = mapped_column(comment="0..100, as on the review sheet")
    third_party: Mapped[float | None] = mapped_column(comment="0..100, as on the review sheet")
    score: Mapped[float | None] = mapped_column(comment="0..100, composite recorded at the review")
    tier: Mapped[Tier | None] = mapped_column(coded(Tier))
    cause: Mapped[TierCause | None] = mapped_column(coded(TierCause))
    reason: Mapped[str | None] = mapped_column(String(200))
    decided_by: Mapped[str | None] = mapped_column(String(40))
    wage_arrears: Mapped[bool] = mapped_column(default=False)
    safety_breach: Mapped[bool] = mapped_column(default=False)
    dishonesty: Mapped[bool] = mapped_column(default=False)
    method_version: Mapped[str] = mapped_column(String(20), default="2024-1")
    round_id: Mapped[int | None] = mapped_column(ForeignKey("review_round.id"), comment="round that made it")
    __table_args__ = (UniqueConstraint("employer_id", "reviewed_on"),)


class AssessmentScore(Keyed, Base):
    """What one source says of one pillar at a review; several judges of the panel make several rows."""

    __tablename__ = "assessment_score"
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    pillar: Mapped[Pillar] = mapped_column(coded(Pillar))
    source: Mapped[EvidenceSource] = mapped_column(coded(EvidenceSource))
    judge: Mapped[str] = mapped_column(String(40), default="")
    value: Mapped[float] = mapped_column(comment="0..1")
    evidence: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (
        UniqueConstraint("assessment_id", "pillar", "source", "judge"),
        CheckConstraint("value BETWEEN 0 AND 1", name="value"),
    )


class AssessmentMonitoring(Keyed, Base):
    """One monitored figure of an enterprise at a review, frozen with the goalposts that scored it."""

    __tablename__ = "assessment_monitoring"
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    indicator: Mapped[str] = mapped_column(String(40), comment="see core.enterprises.goalposts")
    value: Mapped[float | None] = mapped_column(comment="in the figure's own unit; None: not computable from the rows")
    low: Mapped[float] = mapped_column(comment="goalpost that scores 0")
    high: Mapped[float] = mapped_column(comment="goalpost that scores 1")
    frozen_on: Mapped[date] = mapped_column()
    __table_args__ = (UniqueConstraint("assessment_id", "indicator"),)
