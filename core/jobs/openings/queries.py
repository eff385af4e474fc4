"""SELECTs about where openings came from and which of them are decided to be one. Frames are ordered by key."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import Connection, select

from core.store.audit_chain import since_emptied
from core.store.frames import frame
from core.store.schema import AuditEvent, Job, JobPair, JobSource

__all__ = ["history", "live_pairs", "pairs", "platforms", "sources"]


def sources(connection: Connection) -> pd.DataFrame:
    """One row a place where an opening was seen; see ``schema.JobSource``. The first of an opening first."""
    t = JobSource
    return frame(connection, select(*t.__table__.columns).order_by(t.job_id, t.seen_on.nulls_last(), t.id))


def platforms(connection: Connection) -> list[str]:
    """Names of the recruitment platforms on record."""
    t = JobSource
    return list(connection.scalars(select(t.platform).where(t.platform.is_not(None)).distinct().order_by(t.platform)))


def pairs(connection: Connection) -> pd.DataFrame:
    """Decisions in force on two openings, newest first: id, kept_id, other_id, is_same, decided_by, decided_at, version."""
    t = JobPair
    columns = (t.id, t.kept_id, t.other_id, t.is_same, t.decided_by, t.decided_at, t.version)
    return frame(connection, select(*columns).where(t.undone_at.is_(None)).order_by(t.id.desc()))


def history(connection: Connection, job_id: int) -> pd.DataFrame:
    """What was done to an opening, newest first: at, actor, action, before, after (fields by name; None at its beginning)."""
    t = AuditEvent
    mine = (t.entity == Job.__tablename__, t.entity_id == str(job_id), since_emptied())
    return frame(connection, select(t.at, t.actor, t.action, t.before, t.after).where(*mine).order_by(t.id.desc()))


def live_pairs(connection: Connection, kept_id: int, other_id: int) -> Sequence[int]:
    """Ids of the decisions in force on two openings, whichever of them was kept."""
    t = JobPair
    both = {(kept_id, other_id), (other_id, kept_id)}
    rows = connection.execute(
        select(t.id, t.kept_id, t.other_id).where(
            t.undone_at.is_(None), t.kept_id.in_((kept_id, other_id)), t.other_id.in_((kept_id, other_id))
        )
    )
    return [row.id for row in rows if (row.kept_id, row.other_id) in both]
