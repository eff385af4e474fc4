"""Notes pinned to weeks: stored with an audit row, and a new baseline only with a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from core.indicators import queries
from core.indicators.commands import pin_note
from core.policy import Action
from core.store.commands import command
from core.store.database import Database
from core.store.schema import AuditEvent
from tests.accesses import dispatcher

AT = datetime(2025, 12, 28, 9, tzinfo=UTC)


def test_a_note_belongs_to_a_monday_and_is_in_the_audit(db: Database) -> None:
    with command(db, actor=dispatcher("李明"), action=Action.PIN_NOTE, at=AT) as change:
        pin_note(change, "re_employment", date(2025, 9, 3), " 招聘会集中办理 ", starts_baseline=True)

    with db.read() as connection:
        notes = queries.notes(connection)
        actions = list(connection.scalars(select(AuditEvent.action)))
    assert notes[["indicator", "text", "author"]].iloc[0].tolist() == ["re_employment", "招聘会集中办理", "李明"]
    assert notes["week"].iloc[0].date() == date(2025, 9, 1)
    assert bool(notes["starts_baseline"].iloc[0])
    assert actions == ["pin_note"]


def test_no_note_without_a_text_or_on_an_unknown_indicator(db: Database) -> None:
    with (
        pytest.raises(ValueError, match="text"),
        command(db, actor=dispatcher("李明"), action=Action.PIN_NOTE, at=AT) as change,
    ):
        pin_note(change, "re_employment", date(2025, 9, 3), "  ", starts_baseline=True)
    with pytest.raises(KeyError), command(db, actor=dispatcher("李明"), action=Action.PIN_NOTE, at=AT) as change:
        pin_note(change, "unknown", date(2025, 9, 3), "x")
