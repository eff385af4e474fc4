"""Freeze a week, or a corrected revision of it; check that nothing frozen was changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from core.dispatch import queries
from core.dispatch.frozen_week import frozen_content, seal_of, week_end, week_of
from core.dispatch.meeting_data import meeting_data
from core.indicators.facts import Facts, load
from core.indicators.facts import as_of as facts_as_of
from core.indicators.registry import METRIC_VERSION, measure_all
from core.locale import BUREAU_ZONE
from core.store import settings
from core.store.commands import command
from core.store.database import Database
from core.store.schema import WeeklySnapshot

__all__ = ["AlreadyFrozen", "Broken", "WeekNotOver", "freeze", "freeze_history", "verify"]

GENESIS = "0" * 64
HEADER = ("iso_week", "rev", "as_of", "frozen_at", "frozen_by", "metric_version", "reason", "previous_sha256")


class WeekNotOver(ValueError):
    """The week ends after today: its figures can still change."""


class AlreadyFrozen(ValueError):
    """The week is frozen; only a revision with a reason may follow."""


@dataclass(frozen=True)
class Broken:
    """A frozen week that is not as it was sealed: ``what`` is 'content' or 'order'."""

    iso_week: str
    rev: int
    what: str


def freeze(
    db: Database,
    iso_week: str,
    *,
    today: date,
    actor: str,
    at: datetime,
    reason: str | None = None,
    facts: Facts | None = None,
) -> tuple[int, str]:
    """Freeze ``iso_week`` as of its Sunday; returns its revision and seal.

    With ``reason``, a week that is frozen already gets a further revision; both stay readable. Raises ValueError for a
    text that is no week or without an ``actor``, WeekNotOver, and AlreadyFrozen, also for the slower of two people who
    freeze at once. Nothing is written then. ``facts`` spares reading the store again when several weeks are frozen.
    """
    as_of = week_end(iso_week)
    if as_of > today:
        raise WeekNotOver(iso_week)
    try:
        with command(db, actor=actor, action="freeze_week", at=at) as change:
            connection = change.session.connection()
            last = queries.latest(connection, iso_week)
            if last is not None and not (reason and reason.strip()):
                raise AlreadyFrozen(iso_week)
            content = _content(connection, facts or load(connection), as_of, today)
            header: dict[str, Any] = {
                "iso_week": iso_week,
                "rev": 1 if last is None else last + 1,
                "as_of": as_of,
                "frozen_at": at.astimezone(UTC),
                "frozen_by": change.actor,
                "metric_version": METRIC_VERSION,
                "reason": reason.strip() if reason and last is not None else None,
                "previous_sha256": _last_seal(connection),
            }
            seal = seal_of(_plain(header), content)
            change.add(WeeklySnapshot(**header, payload=content, sha256=seal))
    except IntegrityError as error:
        raise AlreadyFrozen(iso_week) from error
    return header["rev"], seal


def freeze_history(db: Database, today: date, *, count: int, actor: str) -> int:
    """Freeze the last ``count`` weeks that ended by ``today``, oldest first; returns how many were frozen now.

    Weeks that are frozen already are left as they are, so that an interrupted run can be repeated.
    """
    last = today - timedelta(days=today.isoweekday() % 7)
    with db.read() as connection:
        facts, frozen = load(connection), set(queries.headers(connection)["iso_week"])
    ends = [last - timedelta(weeks=weeks) for weeks in range(count - 1, -1, -1)]
    missing = [end for end in ends if week_of(end) not in frozen]
    for end in missing:
        evening = datetime.combine(end, time(18), tzinfo=BUREAU_ZONE)
        freeze(db, week_of(end), today=end, actor=actor, at=evening, facts=facts)
    return len(missing)


def verify(connection: Connection) -> list[Broken]:
    """Frozen weeks whose content no longer has its seal, or whose place in the chain was changed."""
    broken: list[Broken] = []
    previous = GENESIS
    for row in queries.sealed_rows(connection):
        if row["previous_sha256"] != previous:
            broken.append(Broken(row["iso_week"], row["rev"], "order"))
        header = {name: row[name] for name in HEADER}
        if seal_of(_plain(header), row["payload"]) != row["sha256"]:
            broken.append(Broken(row["iso_week"], row["rev"], "content"))
        previous = row["sha256"]
    return broken


def _content(connection: Connection, rows: Facts, as_of: date, today: date) -> dict[str, Any]:
    week_before = week_of(as_of - timedelta(weeks=1))
    rev = queries.latest(connection, week_before)
    previous = None if rev is None else queries.content(connection, week_before, rev)
    facts, parameters = facts_as_of(rows, as_of), settings.parameters(connection)
    measured = measure_all(facts, as_of)
    is_current = today - as_of < timedelta(days=7)
    return {
        **frozen_content(facts, measured, parameters, as_of, previous),
        "meeting": meeting_data(connection, facts, measured, parameters, as_of, is_current=is_current),
        "import_batches": queries.committed_batches(connection),
    }


def _last_seal(connection: Connection) -> str:
    headers = queries.headers(connection)
    return GENESIS if headers.empty else str(headers["sha256"].iloc[-1])


def _plain(header: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in header.items()}
