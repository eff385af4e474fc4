"""Which weeks are frozen: their headers, the revision in force, the week before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

__all__ = ["FrozenHeader", "before", "current", "find", "frozen_headers", "nearest"]


@dataclass(frozen=True)
class FrozenHeader:
    """A frozen revision of a week, without its content."""

    id: int
    iso_week: str
    rev: int
    as_of: date
    frozen_at: datetime
    frozen_by: str
    metric_version: str
    reason: str | None
    seal: str
    anchor: str = ""  # of the audit log, as documents print it: '12345/0a1b2c3d4e5f'


def frozen_headers(table: pd.DataFrame) -> list[FrozenHeader]:
    """Every revision of ``queries.headers``, newest week first, within a week the newest revision first."""
    headers = [
        FrozenHeader(
            id=int(row["id"]),
            iso_week=str(row["iso_week"]),
            rev=int(row["rev"]),
            as_of=row["as_of"].date(),
            frozen_at=row["frozen_at"],
            frozen_by=str(row["frozen_by"]),
            metric_version=str(row["metric_version"]),
            reason=None if pd.isna(row["reason"]) else str(row["reason"]),
            seal=str(row["sha256"]),
            anchor="" if pd.isna(row["audit_hash"]) else f"{row['audit_count']}/{row['audit_hash'][:12]}",
        )
        for row in table.to_dict("records")
    ]
    return sorted(headers, key=lambda h: (h.as_of, h.rev), reverse=True)


def current(headers: Sequence[FrozenHeader]) -> list[FrozenHeader]:
    """The newest revision of each week, newest week first."""
    first: dict[str, FrozenHeader] = {}
    for header in headers:
        first.setdefault(header.iso_week, header)
    return list(first.values())


def find(headers: Sequence[FrozenHeader], iso_week: str, rev: int | None = None) -> FrozenHeader | None:
    """A revision of a week, the newest without ``rev``; None if it is not frozen."""
    return next((h for h in headers if h.iso_week == iso_week and rev in (None, h.rev)), None)


def before(headers: Sequence[FrozenHeader], header: FrozenHeader) -> FrozenHeader | None:
    """The newest revision of the week before; None if that week is not frozen."""
    return next((h for h in headers if (header.as_of - h.as_of).days == 7), None)


def nearest(headers: Sequence[FrozenHeader], day: date) -> FrozenHeader | None:
    """The frozen week whose end is nearest to ``day``; None if none is frozen."""
    return min(current(headers), key=lambda h: abs((h.as_of - day).days), default=None)
