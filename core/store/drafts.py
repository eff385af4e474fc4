"""What somebody typed into a form and did not save yet: kept an hour through a restart or a lost connection.

A draft belongs to who typed it and to one form about one row. It is no change of the data: it is not in the audit log,
raises no revision and is deleted when the form is saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select

from core.store.database import Database
from core.store.schema import Draft

__all__ = ["LIFETIME", "StoredDraft", "drop_draft", "keep_draft", "stored_draft"]

LIFETIME = timedelta(hours=1)


@dataclass(frozen=True)
class StoredDraft:
    """Field → value as plain data, and when it was typed."""

    content: dict[str, Any]
    saved_at: datetime


def keep_draft(db: Database, owner: str, form: str, content: Mapping[str, Any], at: datetime) -> None:
    """Keep ``content`` as the draft of ``form``, in place of the one before; drafts that are over are deleted."""
    with db.write(raises_revision=False) as session:
        session.execute(delete(Draft).where(Draft.saved_at < at - LIFETIME))
        session.execute(delete(Draft).where(Draft.owner == owner, Draft.form == form))
        session.add(Draft(owner=owner, form=form, content=dict(content), saved_at=at))


def drop_draft(db: Database, owner: str, form: str) -> None:
    """Delete the draft: the form was saved, or somebody began anew."""
    with db.write(raises_revision=False) as session:
        session.execute(delete(Draft).where(Draft.owner == owner, Draft.form == form))


def stored_draft(connection: Connection, owner: str, form: str, now: datetime) -> StoredDraft | None:
    """The draft of a form of the last hour, if there is one."""
    t = Draft
    row = connection.execute(
        select(t.content, t.saved_at).where(t.owner == owner, t.form == form, t.saved_at >= now - LIFETIME)
    ).one_or_none()
    return None if row is None else StoredDraft(dict(row.content), row.saved_at)
