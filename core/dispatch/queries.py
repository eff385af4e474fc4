"""SELECTs of frozen weeks. A header is everything but the content."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, select

from core.store.frames import frame
from core.store.schema import ImportBatch, WeeklySnapshot
from core.terms import BatchState

__all__ = ["committed_batches", "content", "headers", "latest", "sealed_rows"]

T = WeeklySnapshot
HEADER = (T.id, T.iso_week, T.rev, T.as_of, T.frozen_at, T.frozen_by, T.metric_version, T.reason, T.sha256)


def headers(connection: Connection) -> pd.DataFrame:
    """Every revision of every frozen week, in the order of freezing: id, iso_week, rev, as_of, frozen_at, frozen_by,
    metric_version, reason, sha256."""
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
