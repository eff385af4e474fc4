"""The register of exports: every file that left the system, as the audit log holds it."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, select

from core.policy import Access, Action
from core.store.commands import command
from core.store.database import Database
from core.store.schema import AuditEvent

__all__ = ["EXPORT", "exports", "register_export"]

EXPORT = "export"
"""The entity of the audit rows of an export; its id is the number that the file carries."""


def register_export(
    db: Database, number: str, *, action: Action, name: str, rows: int | None, filters: str, actor: Access, at: datetime
) -> None:
    """Write down that a file is handed over, before it is; Refused where the role may not take it.

    ``name``: of the file; ``rows``: of its table, None for a document; ``filters``: of the view that it was taken from.
    """
    with command(db, actor=actor, action=action, at=at, raises_revision=False) as change:
        role = None if actor.role is None else actor.role.value
        change.record(EXPORT, number, {"name": name, "rows": rows, "filters": filters, "role": role})


def exports(connection: Connection) -> pd.DataFrame:
    """Every registered export, newest first: at, actor, role, action (codes), name, rows (NA: a document), filters, number."""
    t = AuditEvent
    events = connection.execute(
        select(t.at, t.actor, t.action, t.entity_id, t.after).where(t.entity == EXPORT).order_by(t.id.desc())
    ).all()
    table = pd.DataFrame(
        [
            (
                e.at,
                e.actor,
                e.after["role"],
                e.action,
                e.after["name"],
                e.after["rows"],
                e.after["filters"],
                e.entity_id,
            )
            for e in events
        ],
        columns=["at", "actor", "role", "action", "name", "rows", "filters", "number"],
    )
    return table.astype({"rows": "Int64"})
