"""Micro-businesses of the communities, and what they were helped with."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.schema.base import Base, Keyed, Versioned, coded
from core.terms import BusinessKind, BusinessSupportKind


class MicroBusiness(Versioned, Base):
    """A handicraft shop, convenience store or parcel point; ``person_id`` is its owner where they are of the pool."""

    __tablename__ = "micro_business"
    name: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[BusinessKind] = mapped_column(coded(BusinessKind))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), index=True, comment="owner; None: not of the pool"
    )
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), index=True)
    premises_id: Mapped[int | None] = mapped_column(ForeignKey("premises.id"), index=True)
    opened_on: Mapped[date] = mapped_column()
    closed_on: Mapped[date | None] = mapped_column()
    __table_args__ = (CheckConstraint("closed_on >= opened_on", name="closed_on"),)


class BusinessSupport(Keyed, Base):
    """One help that a micro-business got."""

    __tablename__ = "business_support"
    business_id: Mapped[int] = mapped_column(ForeignKey("micro_business.id"), index=True)
    kind: Mapped[BusinessSupportKind] = mapped_column(coded(BusinessSupportKind))
    given_on: Mapped[date] = mapped_column()
    amount: Mapped[float | None] = mapped_column(comment="yuan; None: no money")
    __table_args__ = (
        UniqueConstraint("business_id", "kind", "given_on"),
        CheckConstraint("amount >= 0", name="amount"),
    )
