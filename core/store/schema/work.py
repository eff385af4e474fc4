"""Employers, jobs, and what becomes of people: referrals, placements, follow-up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.schema.base import PERSONAL, Base, Keyed, UtcDateTime, Versioned, coded
from core.terms import (
    Channel,
    ClosingReason,
    Difficulty,
    EmployerKind,
    ExitReason,
    FollowUpResult,
    JobForm,
    JobStatus,
    OpeningSource,
    PayKind,
    PostField,
    ReferralState,
    RefusalReason,
    Shift,
)


class Employer(Versioned, Base):
    __tablename__ = "employer"
    name: Mapped[str] = mapped_column(String(80), unique=True)
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True, comment="统一社会信用代码")
    kind: Mapped[EmployerKind] = mapped_column(coded(EmployerKind))
    industry: Mapped[str | None] = mapped_column(String(40))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), index=True)
    address: Mapped[str | None] = mapped_column(String(120))
    lon: Mapped[float | None] = mapped_column(comment="degrees WGS-84")
    lat: Mapped[float | None] = mapped_column(comment="degrees WGS-84")
    contact: Mapped[str | None] = mapped_column(String(40))
    phone: Mapped[str | None] = mapped_column(String(20))
    opened_on: Mapped[date | None] = mapped_column(comment="opened or brought into the district")
    note: Mapped[str | None] = mapped_column(Text)


class CommunityPost(Versioned, Base):
    """A batch of community posts planned for a field and, once ``developed_on`` is set, developed."""

    __tablename__ = "community_post"
    code: Mapped[str] = mapped_column(String(20), unique=True)
    field: Mapped[PostField] = mapped_column(coded(PostField))
    title: Mapped[str] = mapped_column(String(60))
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), index=True)
    head_count: Mapped[int] = mapped_column(comment="posts in the batch, persons")
    planned_on: Mapped[date] = mapped_column()
    developed_on: Mapped[date | None] = mapped_column()
    __table_args__ = (
        CheckConstraint("head_count > 0", name="head_count"),
        CheckConstraint("developed_on >= planned_on", name="developed_on"),
    )


class Job(Versioned, Base):
    """An opening as an employer states it; ``None`` in a yes/no column means unknown, not no."""

    __tablename__ = "job"
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    title: Mapped[str] = mapped_column(String(60))
    posted_on: Mapped[date] = mapped_column()
    occupation: Mapped[str | None] = mapped_column(ForeignKey("occupation.code"))
    field: Mapped[PostField | None] = mapped_column(coded(PostField))
    openings: Mapped[int] = mapped_column(comment="persons wanted in all")
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), index=True)
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id"), index=True)
    community_post_id: Mapped[int | None] = mapped_column(ForeignKey("community_post.id"))
    lon: Mapped[float | None] = mapped_column(comment="place of work, degrees WGS-84")
    lat: Mapped[float | None] = mapped_column(comment="place of work, degrees WGS-84")
    form: Mapped[JobForm | None] = mapped_column(coded(JobForm))
    shift: Mapped[Shift | None] = mapped_column(coded(Shift))
    weekly_hours: Mapped[float | None] = mapped_column(comment="hours a week")
    pay_kind: Mapped[PayKind | None] = mapped_column(coded(PayKind))
    pay_min: Mapped[float | None] = mapped_column(comment="yuan a month")
    pay_max: Mapped[float | None] = mapped_column(comment="yuan a month")
    rate: Mapped[float | None] = mapped_column(comment="yuan an hour or a piece, see pay_kind")
    seated: Mapped[bool | None] = mapped_column(comment="can be done seated")
    home_work: Mapped[bool | None] = mapped_column(comment="can be done at home")
    lifting: Mapped[bool | None] = mapped_column(comment="needs lifting")
    step_free: Mapped[bool | None] = mapped_column()
    nights: Mapped[bool | None] = mapped_column()
    trains: Mapped[bool | None] = mapped_column(comment="employer trains, so essential skills may be missing")
    over_age_ok: Mapped[bool | None] = mapped_column()
    duties: Mapped[str | None] = mapped_column(Text, info={"longest": 2000})
    closes_on: Mapped[date | None] = mapped_column()
    confirmed_on: Mapped[date | None] = mapped_column(comment="employer last confirmed the opening")
    status: Mapped[JobStatus] = mapped_column(coded(JobStatus), default=JobStatus.OPEN)
    status_since: Mapped[date | None] = mapped_column(comment="the status holds since; None: since closes_on")
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("job.id"), index=True, comment="the opening that this one turned out to be"
    )
    __table_args__ = (
        UniqueConstraint("employer_id", "title", "posted_on"),
        CheckConstraint("openings >= 0", name="openings"),
        CheckConstraint("pay_max >= pay_min", name="pay"),
    )


class JobSource(Keyed, Base):
    """Where an opening was seen: registered, heard of at a visit or an event, or posted on a platform under its number."""

    __tablename__ = "job_source"
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    source: Mapped[OpeningSource] = mapped_column(coded(OpeningSource))
    platform: Mapped[str | None] = mapped_column(String(40))
    number: Mapped[str | None] = mapped_column(String(60), comment="of the posting on its platform")
    seen_on: Mapped[date | None] = mapped_column()
    leads: Mapped[bool] = mapped_column(
        default=True, comment="its sheet changes the opening; False: it only fills gaps, after a merge"
    )
    __table_args__ = (UniqueConstraint("platform", "number"),)


class JobPair(Versioned, Base):
    """A decision on two openings: one and the same, or not. ``undone_at`` takes it back."""

    __tablename__ = "job_pair"
    kept_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    is_same: Mapped[bool] = mapped_column()
    moved: Mapped[dict[str, list[int]] | None] = mapped_column(JSON, comment="table → ids moved to the kept opening")
    filled: Mapped[dict[str, Any] | None] = mapped_column(JSON, comment="field → value that filled a gap")
    other_status: Mapped[JobStatus | None] = mapped_column(coded(JobStatus), comment="before the merge")
    other_status_since: Mapped[date | None] = mapped_column()
    decided_by: Mapped[str] = mapped_column(String(40))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(String(40))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JobSkill(Keyed, Base):
    __tablename__ = "job_skill"
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    skill: Mapped[str] = mapped_column(ForeignKey("skill.code"))
    level: Mapped[int] = mapped_column(comment="level wanted, 1..4")
    importance: Mapped[int] = mapped_column(default=3, comment="1..5")
    essential: Mapped[bool] = mapped_column(default=False, comment="missing it excludes, unless the job trains")
    certificate: Mapped[bool] = mapped_column(default=False, comment="a certificate is legally required")
    __table_args__ = (
        UniqueConstraint("job_id", "skill"),
        CheckConstraint("level BETWEEN 1 AND 4", name="level"),
        CheckConstraint("importance BETWEEN 1 AND 5", name="importance"),
    )


class WeightPreset(Keyed, Base):
    """A named set of match weights; never overwritten: a change is a new version, the old one is archived."""

    __tablename__ = "weight_preset"
    name: Mapped[str] = mapped_column(String(40))
    revision: Mapped[int] = mapped_column(default=1)
    weights: Mapped[dict[str, float]] = mapped_column(JSON, comment="factor code → slider 0..100")
    author: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (UniqueConstraint("name", "revision"),)


class Referral(Versioned, Base):
    __tablename__ = "referral"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    state: Mapped[ReferralState] = mapped_column(coded(ReferralState))
    recommended_on: Mapped[date] = mapped_column()
    staff: Mapped[str | None] = mapped_column(String(40), comment="the named person who confirmed it")
    state_since: Mapped[date | None] = mapped_column()
    refusal_reason: Mapped[RefusalReason | None] = mapped_column(coded(RefusalReason))
    closing_reason: Mapped[ClosingReason | None] = mapped_column(coded(ClosingReason))
    score: Mapped[float | None] = mapped_column(comment="0..1 when recommended")
    evidence: Mapped[dict[str, Any] | None] = mapped_column(JSON, comment="factors, weights, preset id at the time")
    note: Mapped[str | None] = mapped_column(String(200), info=PERSONAL)
    __table_args__ = (UniqueConstraint("person_id", "job_id"),)


class Placement(Versioned, Base):
    """A spell of work that is not a public-welfare post."""

    __tablename__ = "placement"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    started_on: Mapped[date] = mapped_column(index=True)
    channel: Mapped[Channel] = mapped_column(coded(Channel))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True, comment="None: own business")
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id"), index=True)
    community_post_id: Mapped[int | None] = mapped_column(ForeignKey("community_post.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True)
    form: Mapped[JobForm | None] = mapped_column(coded(JobForm))
    monthly_pay: Mapped[float | None] = mapped_column(comment="yuan a month, latest known")
    weekly_hours: Mapped[float | None] = mapped_column(comment="contracted hours a week; None: by the form of work")
    ended_on: Mapped[date | None] = mapped_column()
    end_reason: Mapped[ExitReason | None] = mapped_column(coded(ExitReason))
    __table_args__ = (
        UniqueConstraint("person_id", "started_on"),
        CheckConstraint("ended_on >= started_on", name="ended_on"),
    )


class FollowUp(Keyed, Base):
    __tablename__ = "follow_up"
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    followed_on: Mapped[date] = mapped_column()
    result: Mapped[FollowUpResult] = mapped_column(coded(FollowUpResult))
    monthly_pay: Mapped[float | None] = mapped_column(comment="yuan a month, as reported")
    weekly_hours: Mapped[float | None] = mapped_column(comment="hours a week, as reported")
    note: Mapped[str | None] = mapped_column(String(200), info=PERSONAL)
    __table_args__ = (
        UniqueConstraint("placement_id", "followed_on"),
        CheckConstraint("monthly_pay >= 0", name="monthly_pay"),
        CheckConstraint("weekly_hours BETWEEN 0 AND 168", name="weekly_hours"),
    )


class FollowUpDifficulty(Keyed, Base):
    """A difficulty reported at a follow-up; several may be."""

    __tablename__ = "follow_up_difficulty"
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id"), index=True)
    kind: Mapped[Difficulty] = mapped_column(coded(Difficulty))
    __table_args__ = (UniqueConstraint("follow_up_id", "kind"),)
