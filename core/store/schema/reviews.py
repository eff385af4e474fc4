"""Review rounds of enterprises, the dated rules of tiers, and what a tier brings."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.schema.base import Base, Keyed, Versioned, coded
from core.terms import EvidenceSource, Pillar, RoundState, SupportState, Tier


class TierRules(Keyed, Base):
    """A version of the rules of tiers from a day on; never changed, other rules are another row."""

    __tablename__ = "tier_rules"
    since: Mapped[date] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, comment="see core.enterprises.rules.Rules")
    reason: Mapped[str] = mapped_column(String(200))
    author: Mapped[str] = mapped_column(String(40))


class ReviewRound(Versioned, Base):
    """A review of several enterprises at once, from opening to frozen result."""

    __tablename__ = "review_round"
    period: Mapped[str] = mapped_column(String(20), unique=True, comment="as people name it, e.g. 2026H1")
    ends_on: Mapped[date] = mapped_column(comment="day as of which monitoring is computed; the reviews carry it")
    state: Mapped[RoundState] = mapped_column(coded(RoundState), default=RoundState.OPEN)
    opened_on: Mapped[date] = mapped_column()
    opened_by: Mapped[str] = mapped_column(String(40))
    closed_on: Mapped[date | None] = mapped_column(comment="when the panel's scoring ended")
    reopened_for: Mapped[str | None] = mapped_column(String(200), comment="reasons why the scoring was opened again")
    frozen_on: Mapped[date | None] = mapped_column()
    next_on: Mapped[date | None] = mapped_column(comment="day of the next review")
    rules: Mapped[dict[str, Any] | None] = mapped_column(JSON, comment="rules of the proposal; core.enterprises.rules")
    inputs: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON, comment="what the proposal was computed from")
    results: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON, comment="the proposal, one entry an enterprise")


class ReviewJudge(Keyed, Base):
    """A member of a round's panel."""

    __tablename__ = "review_judge"
    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"), index=True)
    judge: Mapped[str] = mapped_column(String(40))
    __table_args__ = (UniqueConstraint("round_id", "judge"),)


class ReviewCase(Versioned, Base):
    """One enterprise in a round: its evidence beside the marks, and the decision; the proposal is the round's."""

    __tablename__ = "review_case"
    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    wage_arrears: Mapped[bool] = mapped_column(default=False)
    safety_breach: Mapped[bool] = mapped_column(default=False)
    dishonesty: Mapped[bool] = mapped_column(default=False)
    compliance_note: Mapped[str | None] = mapped_column(String(200), comment="evidence of a breach, or of its absence")
    assessor: Mapped[str | None] = mapped_column(String(80), comment="who made the third-party assessment")
    assessed_on: Mapped[date | None] = mapped_column()
    valid_until: Mapped[date | None] = mapped_column(comment="last day on which the third-party assessment counts")
    assessment_note: Mapped[str | None] = mapped_column(String(200))
    tier: Mapped[Tier | None] = mapped_column(coded(Tier), comment="decided")
    reason: Mapped[str | None] = mapped_column(String(200), comment="where the decision differs from the proposal")
    decided_by: Mapped[str | None] = mapped_column(String(40))
    __table_args__ = (
        UniqueConstraint("round_id", "employer_id"),
        CheckConstraint("valid_until >= assessed_on", name="valid_until"),
    )


class ReviewExclusion(Keyed, Base):
    """A judge who does not mark an enterprise, for a conflict of interest."""

    __tablename__ = "review_exclusion"
    case_id: Mapped[int] = mapped_column(ForeignKey("review_case.id"), index=True)
    judge: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(200))
    declared_by: Mapped[str] = mapped_column(String(40))
    __table_args__ = (UniqueConstraint("case_id", "judge"),)


class ReviewMark(Versioned, Base):
    """What a judge, or the third party, says of one pillar of an enterprise in a round."""

    __tablename__ = "review_mark"
    case_id: Mapped[int] = mapped_column(ForeignKey("review_case.id"), index=True)
    pillar: Mapped[Pillar] = mapped_column(coded(Pillar))
    source: Mapped[EvidenceSource] = mapped_column(coded(EvidenceSource), comment="panel or third party")
    judge: Mapped[str] = mapped_column(String(40), default="", comment="empty for the third party")
    value: Mapped[float] = mapped_column(comment="0..1")
    note: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (
        UniqueConstraint("case_id", "pillar", "source", "judge"),
        CheckConstraint("value BETWEEN 0 AND 1", name="value"),
    )


class SupportMeasure(Versioned, Base):
    """What the bureau offers to enterprises from a tier on."""

    __tablename__ = "support_measure"
    name: Mapped[str] = mapped_column(String(60), unique=True)
    lowest_tier: Mapped[Tier] = mapped_column(coded(Tier), comment="offered from this tier upwards")
    amount: Mapped[float | None] = mapped_column(comment="yuan an enterprise; None: no money")
    basis: Mapped[str | None] = mapped_column(String(200), comment="document that it rests on")
    __table_args__ = (CheckConstraint("amount >= 0", name="amount"),)


class SupportGrant(Versioned, Base):
    """A support measure for one enterprise: how far it has come and what it did."""

    __tablename__ = "support_grant"
    measure_id: Mapped[int] = mapped_column(ForeignKey("support_measure.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    tier: Mapped[Tier | None] = mapped_column(coded(Tier), comment="of the enterprise when it was planned")
    state: Mapped[SupportState] = mapped_column(coded(SupportState))
    since: Mapped[date] = mapped_column(comment="day of the state")
    amount: Mapped[float | None] = mapped_column(comment="yuan")
    effect: Mapped[str | None] = mapped_column(String(200), comment="what came of it")
    __table_args__ = (CheckConstraint("amount >= 0", name="amount"),)


class EmployerVisit(Versioned, Base):
    """A visit of the bureau to an enterprise."""

    __tablename__ = "employer_visit"
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    visited_on: Mapped[date] = mapped_column()
    visitor: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(String(200))
