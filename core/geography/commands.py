"""Store boundaries, as an import that can be undone."""

from __future__ import annotations

import hashlib
from datetime import datetime

from core.geography import queries
from core.geography.boundary_import import BoundaryPlan, read_geojson
from core.policy import Access, Action
from core.store.commands import command
from core.store.database import Database
from core.store.schema import Community, ImportBatch
from core.terms import BatchState, Datum

__all__ = ["OUTLINES", "OutlinesRefused", "save_outlines"]

OUTLINES = "outlines"  # the kind of sheet as the list of imports shows it


class OutlinesRefused(Exception):
    """The plan has errors, changes nothing, or the store changed since it was made."""


def save_outlines(
    db: Database, data: bytes, file_name: str, datum: Datum, plan: BoundaryPlan, actor: Access, at: datetime
) -> int:
    """Store the changes of ``plan``, made of ``data``; returns the id of the batch. Raises OutlinesRefused."""
    if not plan.ready:
        raise OutlinesRefused
    with command(db, actor=actor, action=Action.IMPORT, at=at) as change:
        current = read_geojson(data, datum, queries.boundaries(change.session.connection()))
        if current.changes != plan.changes:
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
        for community in {**current.changes, **current.neighbours}:
            values = dict(current.changes.get(community, {}))
            if community in current.neighbours:
                values["boundary"] = current.neighbours[community]
            change.edit(Community, community, values)
        return change.batch_id
