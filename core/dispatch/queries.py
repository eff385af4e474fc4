"""SELECTs of frozen weeks, meetings and actions. A header of a week is everything but its content."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, select

from core.store.frames import frame
from core.store.schema import (
    ActionEvent,
    ActionItem,
    ImportBatch,
    Meeting,
    MeetingDecision,
    WeeklyExport,
    WeeklySnapshot,
)
from core.terms import BatchState, ExportKind

__all__ = [
    "action_codes",
    "action_events",
    "committed_batches",
    "content",
    "decisions",
    "export",
    "headers",
    "latest",
    "meeting",
    "sealed_rows",
]

T = WeeklySnapshot
HEADER = (
    T.id,
    T.iso_week,
    T.rev,
    T.as_of,
    T.frozen_at,
    T.frozen_by,
    T.metric_version,
    T.reason,
    T.sha256,
    T.audit_count,
    T.audit_hash,
)


def headers(connection: Connection) -> pd.DataFrame:
    """Every revision of every frozen week, in the order of freezing: id, iso_week, rev, as_of, frozen_at, frozen_by,
    metric_version, reason, sha256, audit_count, audit_hash (the audit log just before; None where not noted)."""
    return frame(connection, select(*HEADER).order_by(T.id))


def latest(connection: Connection, iso_week: str) -> int | None:
    """The newest revision of ``iso_week``; None if the week is not frozen."""
    return connection.scalar(select(func.max(T.rev)).where(T.iso_week == iso_week))


def content(connection: Connection, iso_week: str, rev: int) -> dict[str, Any] | None:
    """What was frozen; None for a week or revision that was not."""
    return connection.scalar(select(T.payload).where(T.iso_week == iso_week, T.rev == rev))


def sealed_rows(connection: Connection) -> list[dict[str, Any]]:
    """Whole rows in the order of freezing, to check their seals."""
    columns = (*HEADER, T.payload, T.previous_sha256)
    return [dict(row._mapping) for row in connection.execute(select(*columns).order_by(T.id))]


def committed_batches(connection: Connection) -> list[int]:
    """Ids of the imports that are in force, by which a frozen week says what it was made from."""
    wanted = select(ImportBatch.id).where(ImportBatch.state == BatchState.COMMITTED).order_by(ImportBatch.id)
    return [int(key) for key in connection.scalars(wanted)]


def action_events(connection: Connection) -> pd.DataFrame:
    """Every step of every action, oldest first."""
    t = ActionEvent
    return frame(connection, select(*t.__table__.columns).order_by(t.happened_on, t.id))


def action_codes(connection: Connection, iso_week: str) -> list[str]:
    """Codes of the actions raised in a week."""
    return list(connection.scalars(select(ActionItem.code).where(ActionItem.code.startswith(iso_week + "-"))))


def meeting(connection: Connection, iso_week: str) -> dict[str, Any] | None:
    """id, version, agenda, closed_at and closed_by of the meeting of a week; None before anything was saved."""
    t = Meeting
    row = connection.execute(
        select(t.id, t.version, t.agenda, t.closed_at, t.closed_by).where(t.iso_week == iso_week)
    ).one_or_none()
    return None if row is None else dict(row._mapping)


def decisions(connection: Connection) -> pd.DataFrame:
    """What meetings decided and did not withdraw: id, iso_week, item, text, author, made_at; in order."""
    t = MeetingDecision
    columns = (t.id, t.iso_week, t.item, t.text, t.author, t.made_at)
    return frame(connection, select(*columns).where(t.withdrawn_at.is_(None)).order_by(t.id))


def export(connection: Connection, snapshot_id: int, kind: ExportKind, language: str) -> bytes | None:
    """The stored document of a frozen week; None before it was first made."""
    t = WeeklyExport
    wanted = (t.snapshot_id == snapshot_id, t.kind == kind, t.language == language)
    return connection.scalar(select(t.content).where(*wanted))
