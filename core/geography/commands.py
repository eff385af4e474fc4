"""Storing outlines, as an import that can be undone; putting a what-if before the weekly meeting."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from sqlalchemy import Connection

from core.geography import rows
from core.geography.intake import OutlinePlan, Stored, read_geojson
from core.geography.proposals import Proposal
from core.store.commands import command
from core.store.database import Database
from core.store.schema import ActionItem, Community, ImportBatch
from core.terms import ActionStatus, BatchState, Datum

__all__ = ["OUTLINES", "AlreadyRaised", "OutlinesRefused", "raise_at_meeting", "save_outlines", "stored"]

OUTLINES = "outlines"  # the kind of sheet that stands in the list of imports


class OutlinesRefused(Exception):
    """The plan has errors, changes nothing, or the store changed since it was made."""


class AlreadyRaised(Exception):
    """The what-if is before the meeting of this week already."""


def raise_at_meeting(
    db: Database, wanted: Proposal, scenario: int, owner: str, due_on: date, *, today: date, actor: str, at: datetime
) -> str:
    """Make ``wanted`` an item of this week's meeting; returns its code, which ends in the number of the scenario.

    ValueError without an owner or with a date before ``today``; AlreadyRaised a second time in the same week.
    """
    if not owner.strip() or not wanted.problem.strip() or due_on < today:
        raise ValueError("an item for the meeting needs a problem, an owner and a date ahead")
    year, week, _ = today.isocalendar()
    code = f"{year}-W{week:02d}-M{scenario}"
    with command(db, actor=actor, action="raise_at_meeting", at=at) as change:
        if code in set(rows.raised(change.session.connection())["code"]):
            raise AlreadyRaised(code)
        change.add(
            ActionItem(
                code=code,
                problem=wanted.problem,
                measure=wanted.measure,
                indicator=wanted.indicator,
                community_id=wanted.community_id,
                office=wanted.office,
                owner=owner.strip(),
                raised_on=today,
                due_on=due_on,
                status=ActionStatus.TODO,
            )
        )
    return code


def stored(connection: Connection) -> Stored:
    """What outlines are checked against."""
    return Stored(rows.communities(connection), rows.positions(connection))


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
