"""Named what-ifs: saved, listed, reopened by id, put away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from core.policy import Access, Action
from core.store.commands import NotFound, command
from core.store.database import Database
from core.store.schema import SavedScenario
from core.terms import ScenarioKind

__all__ = ["Saved", "archive_scenario", "save_scenario", "scenarios"]

NAME_LIMIT = 60


@dataclass(frozen=True)
class Saved:
    """A what-if as its author left it; ``content`` belongs to the page of its kind."""

    id: int
    name: str
    author: str
    reason: str | None
    made_at: datetime
    content: Mapping[str, Any]


def scenarios(connection: Connection, kind: ScenarioKind) -> list[Saved]:
    """Every what-if of a kind that is not put away, newest first."""
    t = SavedScenario
    rows = connection.execute(
        select(t.id, t.name, t.author, t.reason, t.made_at, t.content)
        .where(t.kind == kind, t.archived_at.is_(None))
        .order_by(t.made_at.desc(), t.id.desc())
    )
    return [Saved(*row) for row in rows]


def save_scenario(
    db: Database,
    kind: ScenarioKind,
    name: str,
    content: Mapping[str, Any],
    *,
    actor: Access,
    at: datetime,
    reason: str | None = None,
) -> int:
    """Keep a what-if under a name; returns its id. ValueError without a name."""
    if not name.strip():
        raise ValueError("a scenario needs a name")
    with command(db, actor=actor, action=Action.SAVE_SCENARIO, at=at) as change:
        return int(
            change.add(
                SavedScenario(
                    kind=kind,
                    name=name.strip()[:NAME_LIMIT],
                    author=change.actor,
                    reason=reason,
                    made_at=at,
                    content=dict(content),
                )
            )
        )


def archive_scenario(db: Database, scenario: int, *, actor: Access, at: datetime) -> None:
    """Put a what-if away; it stays in the store. NotFound if there is none."""
    with command(db, actor=actor, action=Action.ARCHIVE_SCENARIO, at=at) as change:
        row = change.session.get(SavedScenario, scenario)
        if row is None or row.archived_at is not None:
            raise NotFound(f"scenario {scenario}")
        change.edit(SavedScenario, scenario, {"archived_at": at})
