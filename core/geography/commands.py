"""Store boundaries, as an import that can be undone."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Connection

from core.geography import queries
from core.geography.boundary_import import OutlinePlan, Stored, read_geojson
from core.store.commands import command
from core.store.database import Database
from core.store.schema import Community, ImportBatch
from core.terms import BatchState, Datum

__all__ = ["OUTLINES", "OutlinesRefused", "save_outlines", "stored"]

OUTLINES = "outlines"  # the kind of sheet that stands in the list of imports


class OutlinesRefused(Exception):
    """The plan has errors, changes nothing, or the store changed since it was made."""


def stored(connection: Connection) -> Stored:
    """What outlines are checked against."""
    return Stored(queries.communities(connection), queries.positions(connection))


def save_outlines(
    db: Database, data: bytes, file_name: str, datum: Datum, plan: OutlinePlan, actor: str, at: datetime
) -> int:
    """Store what ``plan`` says of the file; returns the id of the batch. Raises OutlinesRefused."""
    if not plan.ready:
        raise OutlinesRefused
    with command(db, actor=actor, action="import", at=at) as change:
        fresh = read_geojson(data, datum, stored(change.session.connection()))
        if fresh.changes != plan.changes:
            raise OutlinesRefused
        batch = ImportBatch(
            sheet=OUTLINES,
            file_name=file_name[-200:],
            sha256=hashlib.sha256(data).hexdigest(),
            mapping={"columns": {}, "options": {"datum": datum.value}},
            counts={"new": 0, "changed": len(plan.changes), "same": plan.same},
            actor=change.actor,
            at=at,
            state=BatchState.COMMITTED,
        )
        change.batch_id = int(change.add(batch))
        for key in {**fresh.changes, **fresh.beside}:
            beside = {"boundary": fresh.beside[key]} if key in fresh.beside else {}
            change.edit(Community, key, {**fresh.changes.get(key, {}), **beside})
        return change.batch_id
