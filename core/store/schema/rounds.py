"""Visiting rounds on paper: who walks to which households on a day, and what came back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.schema.base import Base, Keyed, UtcDateTime, coded
from core.terms import VisitResult


class VisitingRound(Keyed, Base):
    """One walk of one visitor on one day."""

    __tablename__ = "visiting_round"
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), index=True)
    visitor: Mapped[str] = mapped_column(String(40), comment="name of the staff member who walks")
    walk_on: Mapped[date] = mapped_column(index=True)
    begins_at: Mapped[str] = mapped_column(String(5), comment="HH:MM")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(40))


class VisitingStop(Keyed, Base):
    """A household of a round. ``number`` is random and stands on the paper: it says nothing about who lives there."""

    __tablename__ = "visiting_stop"
    round_id: Mapped[int] = mapped_column(ForeignKey("visiting_round.id"), index=True)
    position: Mapped[int] = mapped_column(comment="1, 2, 3 … in walking order")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[str] = mapped_column(String(8), unique=True, comment="core.people.visit_numbers")
    arrives_at: Mapped[str | None] = mapped_column(String(5), comment="HH:MM as planned; None: home not located")
    called_on: Mapped[date | None] = mapped_column(comment="day on which somebody called there")
    result: Mapped[VisitResult | None] = mapped_column(coded(VisitResult))
    __table_args__ = (
        UniqueConstraint("round_id", "position"),
        CheckConstraint("(called_on IS NULL) = (result IS NULL)", name="called"),
    )
