"""What runs the house: revision, settings, dated parameters, imports, audit, dispatch."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.schema.base import Base, Keyed, UtcDateTime, Versioned, coded
from core.terms import ActionEventKind, ActionStatus, BatchState, ExportKind, ScenarioKind


class Revision(Base):
    """One row: a counter that every write raises, so that caches and open pages notice."""

    __tablename__ = "revision"
    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(default=0)
    unlogged: Mapped[int] = mapped_column(
        default=0, server_default="0", comment="raised by writes that the audit log does not account for"
    )
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (CheckConstraint("id = 1", name="single"),)


class Setting(Base):
    """District-wide settings by key: 'district', 'demo' ('1' for the sample), 'as_of' (ISO date), 'map_licence' …"""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Parameter(Keyed, Base):
    """A number set by law or by the bureau, valid from a date (minimum wage, age limits, thresholds)."""

    __tablename__ = "parameter"
    key: Mapped[str] = mapped_column(String(60))
    since: Mapped[date] = mapped_column()
    value: Mapped[float] = mapped_column()
    unit: Mapped[str] = mapped_column(String(30))
    source: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (UniqueConstraint("key", "since"),)


class Target(Versioned, Base):
    """Yearly target of a line of the weekly sheet, from a day on; ``community_id`` None is the whole district.

    The newest row valid on a day is in force then; a changed target is a further row, and the old one stays.
    """

    __tablename__ = "target"
    indicator: Mapped[str] = mapped_column(String(40))
    year: Mapped[int] = mapped_column()
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"))
    value: Mapped[float] = mapped_column()
    valid_from: Mapped[date] = mapped_column()
    reason: Mapped[str | None] = mapped_column(String(200), comment="of a change; None for an imported target")
    author: Mapped[str | None] = mapped_column(String(40))
    __table_args__ = (UniqueConstraint("indicator", "year", "community_id", "valid_from"),)


class IndicatorNote(Keyed, Base):
    """What a named person pinned to a week of an indicator's series; ``community_id`` None is the whole district."""

    __tablename__ = "indicator_note"
    indicator: Mapped[str] = mapped_column(String(40), index=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"))
    week: Mapped[date] = mapped_column(comment="its Monday")
    text: Mapped[str] = mapped_column(String(200))
    starts_baseline: Mapped[bool] = mapped_column(default=False, comment="limits are computed anew from this week on")
    author: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ActionItem(Versioned, Base):
    """A problem raised at a dispatch meeting, with who solves it by when."""

    __tablename__ = "action_item"
    code: Mapped[str] = mapped_column(String(16), unique=True, comment="e.g. 2025-W46-03")
    problem: Mapped[str] = mapped_column(String(200))
    measure: Mapped[str | None] = mapped_column(String(200))
    indicator: Mapped[str | None] = mapped_column(String(40))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), index=True)
    office: Mapped[str | None] = mapped_column(String(60), comment="责任单位")
    owner: Mapped[str | None] = mapped_column(String(40))
    raised_on: Mapped[date] = mapped_column()
    due_on: Mapped[date | None] = mapped_column()
    status: Mapped[ActionStatus] = mapped_column(coded(ActionStatus))
    closed_on: Mapped[date | None] = mapped_column()


class ActionEvent(Keyed, Base):
    """One step of an action: who did what when. Append-only; the action itself holds the state that results."""

    __tablename__ = "action_event"
    action_id: Mapped[int] = mapped_column(ForeignKey("action_item.id"), index=True)
    kind: Mapped[ActionEventKind] = mapped_column(coded(ActionEventKind))
    happened_on: Mapped[date] = mapped_column(comment="day of the bureau")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[str] = mapped_column(String(40))
    text: Mapped[str | None] = mapped_column(String(400), comment="reason, progress or evidence")
    owner: Mapped[str | None] = mapped_column(String(40), comment="owner from then on")
    due_on: Mapped[date | None] = mapped_column(comment="date from then on")
    due_before: Mapped[date | None] = mapped_column(comment="date until then, of an extension")


class WeeklySnapshot(Keyed, Base):
    """The frozen figures of one dispatch week; a correction is a new ``rev`` with a reason, never an update."""

    __tablename__ = "weekly_snapshot"
    iso_week: Mapped[str] = mapped_column(String(8), comment="e.g. 2025-W46")
    rev: Mapped[int] = mapped_column(default=1)
    as_of: Mapped[date] = mapped_column()
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_by: Mapped[str] = mapped_column(String(40))
    metric_version: Mapped[str] = mapped_column(String(20))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, info={"audited": False})  # sealed by itself
    sha256: Mapped[str] = mapped_column(String(64))
    previous_sha256: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(200))
    audit_count: Mapped[int | None] = mapped_column(comment="events of the audit log just before the week was frozen")
    audit_hash: Mapped[str | None] = mapped_column(String(64), comment="hash of the last of them")
    __table_args__ = (UniqueConstraint("iso_week", "rev"),)


class WeeklyExport(Keyed, Base):
    """A document made from a frozen week, as it was first handed out; downloads of it stay byte for byte the same."""

    __tablename__ = "weekly_export"
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("weekly_snapshot.id"), index=True)
    kind: Mapped[ExportKind] = mapped_column(coded(ExportKind))
    language: Mapped[str] = mapped_column(String(8))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes] = mapped_column(LargeBinary, info={"audited": False})
    sha256: Mapped[str] = mapped_column(String(64))
    __table_args__ = (UniqueConstraint("snapshot_id", "kind", "language"),)


class Meeting(Versioned, Base):
    """The dispatch meeting of a week: its agenda, and whether its minutes are closed."""

    __tablename__ = "meeting"
    iso_week: Mapped[str] = mapped_column(String(8), unique=True)
    agenda: Mapped[list[dict[str, Any]]] = mapped_column(JSON, comment="items in order; see core.dispatch.agenda")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(String(40))


class MeetingDecision(Keyed, Base):
    """What a dispatch meeting decided on an item of its agenda; put right by ``withdrawn_at`` and a new row."""

    __tablename__ = "meeting_decision"
    iso_week: Mapped[str] = mapped_column(String(8), index=True)
    item: Mapped[str] = mapped_column(String(60), comment="code of the item of the agenda")
    text: Mapped[str] = mapped_column(String(400))
    author: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SavedScenario(Keyed, Base):
    """A named what-if that can be reopened by its id; never overwritten, put away by ``archived_at``."""

    __tablename__ = "scenario"
    kind: Mapped[ScenarioKind] = mapped_column(coded(ScenarioKind))
    name: Mapped[str] = mapped_column(String(60))
    author: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, comment="what the page of its kind makes of it")
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportBatch(Keyed, Base):
    __tablename__ = "import_batch"
    sheet: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, comment="header → column code, and options such as datum")
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    actor: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[BatchState] = mapped_column(coded(BatchState))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(String(40))


class HeaderMapping(Keyed, Base):
    """How a person once mapped a sheet's headers; remembered by their fingerprint."""

    __tablename__ = "header_mapping"
    sheet: Mapped[str] = mapped_column(String(40))
    fingerprint: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    platform: Mapped[str | None] = mapped_column(String(40), comment="the recruitment platform whose exports have it")
    actor: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (UniqueConstraint("sheet", "fingerprint"),)


class LearntWord(Versioned, Base):
    """What a person once chose for a header or a value that no list knows; read like that from then on."""

    __tablename__ = "learnt_word"
    scope: Mapped[str] = mapped_column(String(40), comment="sheet of a header; kind of word or term of a value")
    is_header: Mapped[bool] = mapped_column()
    text: Mapped[str] = mapped_column(String(200), comment="as the file writes it")
    meaning: Mapped[str] = mapped_column(String(200), comment="code of a column, or an accepted word")
    actor: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (UniqueConstraint("scope", "is_header", "text"),)


class AuditEvent(Keyed, Base):
    """Who changed what, when; append-only and chained: ``hash`` = HMAC(key, ``previous`` + content).

    It outlives everything that it speaks of, so it refers to nothing by a foreign key. ``personal`` says which values of
    ``before`` and ``after`` can be erased without breaking the chain: see ``core.store.audit_chain``.
    """

    __tablename__ = "audit_event"
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(40), index=True)
    action: Mapped[str] = mapped_column(String(40), index=True, comment="command name, e.g. edit_person, import, undo")
    entity: Mapped[str] = mapped_column(String(40), comment="table name")
    entity_id: Mapped[str] = mapped_column(String(40))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    batch_id: Mapped[int | None] = mapped_column(index=True)
    stated_on: Mapped[date | None] = mapped_column(comment="of an imported row: the day on which its facts hold")
    personal: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="fields, and salt until erased"
    )
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64))
    __table_args__ = (Index("ix_audit_event_entity", "entity", "entity_id"),)


class Draft(Keyed, Base):
    """What someone typed into a form and did not save yet; deleted when it is saved, and after an hour."""

    __tablename__ = "draft"
    owner: Mapped[str] = mapped_column(String(40), comment="who typed it")
    form: Mapped[str] = mapped_column(String(80), comment="code of the form, and the row that it is about")
    content: Mapped[dict[str, Any]] = mapped_column(JSON, comment="field → value, plain")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (UniqueConstraint("owner", "form"), {"info": {"audited": False}})


CODE = String(40).with_variant(String(40, collation="C"), "postgresql")
"""Compared by its bytes: by the rules of a language, sorting the counts takes longer than reading them."""


class PopulationCount(Base):
    """How many a population counts in a unit from ``day`` on, until the day of its next row; 0 before the first.

    Computed from the other tables, and brought up to date by ``core.indicators.counts``: the log does not account for it,
    and it refers to nothing by a foreign key. ``unit``: id of a community, 0 for rows without one, -1 for the whole district.
    """

    __tablename__ = "population_count"
    unit: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    population: Mapped[str] = mapped_column(CODE, primary_key=True, comment="code in core.indicators.counts")
    day: Mapped[date] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(comment="head count")
    __table_args__ = {"info": {"audited": False}}


class PopulationStamp(Base):
    """Up to which event of the audit log the counts of a unit are right, under which version of their definitions."""

    __tablename__ = "population_stamp"
    unit: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    audit_id: Mapped[int] = mapped_column(comment="the last event of the log that is counted")
    version: Mapped[str] = mapped_column(String(40))
    __table_args__ = {"info": {"audited": False}}
