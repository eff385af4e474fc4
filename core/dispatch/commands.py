"""Freeze a week, or a corrected revision of it; check that nothing frozen was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from core.dispatch import queries
from core.dispatch.frozen_week import frozen_content, last_sunday, seal_of, week_end, week_of
from core.dispatch.meeting_data import meeting_data
from core.enterprises.commands import freeze_monitoring
from core.indicators.facts import Facts, load
from core.indicators.facts import as_of as facts_as_of
from core.indicators.registry import METRIC_VERSION, Measured, measure_all, on_day
from core.locale import BUREAU_ZONE
from core.policy import Access, Action
from core.store import settings
from core.store.commands import Change, command
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
    db: Database, iso_week: str, *, today: date, actor: Access, at: datetime, reason: str | None = None
) -> tuple[int, str]:
    """Freeze ``iso_week`` as of its Sunday; returns its revision and seal.

    The monitored figures of enterprise reviews up to that day are frozen with it. With ``reason``, a week that is frozen already gets a further revision; both stay readable. Raises ValueError for a
    text that is no week or without an ``actor``, WeekNotOver, and AlreadyFrozen, also for the slower of two people who
    freeze at once. Nothing is written then.
    """
    as_of = week_end(iso_week)
    if as_of > today:
        raise WeekNotOver(iso_week)
    try:
        with command(db, actor=actor, action=Action.FREEZE_WEEK, at=at) as change:
            connection = change.session.connection()
            last = queries.latest(connection, iso_week)
            if last is not None and not (reason and reason.strip()):
                raise AlreadyFrozen(iso_week)
            week_before = week_of(as_of - timedelta(weeks=1))
            rev = queries.latest(connection, week_before)
            previous = None if rev is None else queries.content(connection, week_before, rev)
            freeze_monitoring(change, as_of)
            facts = load(connection)
            is_current = today - as_of < timedelta(days=7)
            content = _content(connection, facts, measure_all(facts, as_of), previous, is_current=is_current)
            return _seal_and_store(change, as_of, content, frozen_at=at, reason=reason)
    except IntegrityError as error:
        raise AlreadyFrozen(iso_week) from error


def freeze_history(db: Database, today: date, *, count: int, actor: Access, at: datetime) -> int:
    """Freeze the last ``count`` weeks that ended by ``today``, each as its own evening would have; returns how many.

    All of them are stored in one step, after they were computed. Weeks that are frozen already are left as they are;
    a week before one of those can't join the chain any more and is left out.
    """
    last = last_sunday(today)
    ends = [last - timedelta(weeks=weeks) for weeks in range(count - 1, -1, -1)]
    with db.read() as connection:
        frozen = set(queries.headers(connection)["iso_week"])
        missing = [end for end in ends if week_of(end) not in frozen and not any(week_of(end) < w for w in frozen)]
        if not missing:
            return 0
        facts = load(connection)
        measured = measure_all(facts, last)
        contents: list[dict[str, Any]] = []
        for end in missing:
            on_day_of_end = {code: on_day(m, facts, end) for code, m in measured.items()}
            previous = contents[-1] if contents else None
            contents.append(_content(connection, facts, on_day_of_end, previous, is_current=end == last))
    with command(db, actor=actor, action=Action.FREEZE_WEEK, at=at) as change:
        for end, content in zip(missing, contents, strict=True):
            evening = datetime.combine(end, time(18), tzinfo=BUREAU_ZONE)
            _seal_and_store(change, end, content, frozen_at=evening, reason=None)
        freeze_monitoring(change, last)
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


def _content(
    connection: Connection,
    facts: Facts,
    measured: Mapping[str, Measured],
    previous: Mapping[str, Any] | None,
    *,
    is_current: bool,
) -> dict[str, Any]:
    """What is frozen of the day that ``measured`` is of; rows are taken as they were then."""
    as_of = next(iter(measured.values())).today
    rows, parameters = facts_as_of(facts, as_of), settings.parameters(connection)
    return {
        **frozen_content(rows, measured, parameters, as_of, previous),
        "meeting": meeting_data(connection, rows, measured, parameters, as_of, is_current=is_current),
        "import_batches": queries.committed_batches(connection),
    }


def _seal_and_store(
    change: Change, as_of: date, content: Mapping[str, Any], *, frozen_at: datetime, reason: str | None
) -> tuple[int, str]:
    """Store ``content`` as the next revision of the week that ends on ``as_of``; returns revision and seal."""
    connection = change.session.connection()
    last = queries.latest(connection, week_of(as_of))
    header: dict[str, Any] = {
        "iso_week": week_of(as_of),
        "rev": 1 if last is None else last + 1,
        "as_of": as_of,
        "frozen_at": frozen_at.astimezone(UTC),
        "frozen_by": change.actor,
        "metric_version": METRIC_VERSION,
        "reason": reason.strip() if reason and last is not None else None,
        "previous_sha256": _last_seal(connection),
    }
    seal = seal_of(_plain(header), content)
    change.add(WeeklySnapshot(**header, payload=dict(content), sha256=seal))
    return header["rev"], seal


def _last_seal(connection: Connection) -> str:
    headers = queries.headers(connection)
    return GENESIS if headers.empty else str(headers["sha256"].iloc[-1])


def _plain(header: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in header.items()}
