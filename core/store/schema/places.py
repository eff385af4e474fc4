"""Communities and what is in them. Positions are WGS-84 degrees."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.schema.base import Base, Keyed, Versioned, coded
from core.terms import CommunityKind, PremisesKind, PremisesUse, StaffRole


class Community(Versioned, Base):
    __tablename__ = "community"
    code: Mapped[str] = mapped_column(String(12), unique=True, comment="12-digit statistical code")
    name: Mapped[str] = mapped_column(String(40), unique=True)
    town: Mapped[str | None] = mapped_column(String(40), comment="street or town office")
    kind: Mapped[CommunityKind] = mapped_column(coded(CommunityKind))
    lon: Mapped[float] = mapped_column(comment="label point, degrees WGS-84")
    lat: Mapped[float] = mapped_column(comment="label point, degrees WGS-84")
    boundary: Mapped[dict[str, Any] | None] = mapped_column(JSON, comment="GeoJSON geometry, WGS-84")
    boundary_source: Mapped[str | None] = mapped_column(String(20), comment="'voronoi' or 'given'")


class Grid(Keyed, Base):
    __tablename__ = "grid"
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    __table_args__ = (UniqueConstraint("community_id", "name"),)


class StaffMember(Versioned, Base):
    __tablename__ = "staff_member"
    name: Mapped[str] = mapped_column(String(40), unique=True)
    role: Mapped[StaffRole] = mapped_column(coded(StaffRole))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), index=True)
    phone: Mapped[str | None] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(default=True)
    organisation: Mapped[str | None] = mapped_column(String(60), comment="of a third-party agency")
    left_on: Mapped[date | None] = mapped_column(comment="last day in the team")


class StaffGrid(Keyed, Base):
    """A grid of their community that a staff member looks after, by its name there."""

    __tablename__ = "staff_grid"
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    grid: Mapped[str] = mapped_column(String(40))
    __table_args__ = (UniqueConstraint("staff_id", "grid"),)


class TeamMeeting(Versioned, Base):
    """周调度: a weekly meeting of the service team of a community."""

    __tablename__ = "team_meeting"
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), index=True)
    held_on: Mapped[date] = mapped_column()
    led_by: Mapped[str | None] = mapped_column(String(40))
    attended: Mapped[int | None] = mapped_column(comment="persons")
    __table_args__ = (UniqueConstraint("community_id", "held_on"), CheckConstraint("attended > 0", name="attended"))


class Premises(Versioned, Base):
    __tablename__ = "premises"
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[PremisesKind] = mapped_column(coded(PremisesKind))
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), index=True)
    lon: Mapped[float] = mapped_column(comment="degrees WGS-84")
    lat: Mapped[float] = mapped_column(comment="degrees WGS-84")
    area_m2: Mapped[float | None] = mapped_column(comment="floor area, square metres")
    possible_stations: Mapped[int | None] = mapped_column(comment="work stations that would fit")
    use: Mapped[PremisesUse | None] = mapped_column(coded(PremisesUse), comment="None: idle premises are idle")
    power_kw: Mapped[float | None] = mapped_column(comment="electric load that is connected, kilowatts")
    step_free: Mapped[bool | None] = mapped_column(comment="can be entered without a step")
    open_to: Mapped[str | None] = mapped_column(String(120), comment="who may use them")
    __table_args__ = (
        CheckConstraint("possible_stations >= 0", name="possible_stations"),
        CheckConstraint("power_kw >= 0", name="power_kw"),
    )
