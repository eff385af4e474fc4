"""Drafts: an hour, one a form and person, outside the log and the revision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from core.store.audit_chain import chain_head
from core.store.database import Database
from core.store.drafts import LIFETIME, drop_draft, keep_draft, stored_draft
from core.store.row_check import verify_rows
from core.store.schema import Draft

NOW = datetime(2025, 12, 28, 9, 0, tzinfo=UTC)


def needs(db: Database, owner: str, form: str, now: datetime = NOW) -> str | None:
    with db.read() as connection:
        draft = stored_draft(connection, owner, form, now)
    return None if draft is None else draft.content["needs"]


def test_a_draft_is_kept_for_its_owner_and_form_an_hour(any_db: Database) -> None:
    revision = any_db.revision()
    keep_draft(any_db, "王芳", "visit:17", {"needs": "想"}, NOW)
    keep_draft(any_db, "王芳", "visit:17", {"needs": "想学面点"}, NOW)
    keep_draft(any_db, "李明", "visit:17", {"needs": "别的"}, NOW)

    assert needs(any_db, "王芳", "visit:17") == "想学面点"
    assert needs(any_db, "王芳", "visit:18") is None
    assert needs(any_db, "王芳", "visit:17", NOW + LIFETIME + timedelta(seconds=1)) is None
    drop_draft(any_db, "李明", "visit:17")
    assert needs(any_db, "李明", "visit:17") is None
    keep_draft(any_db, "李明", "visit:19", {}, NOW + 2 * LIFETIME)  # what is over goes with the next one

    with any_db.read() as connection:
        assert connection.scalar(select(func.count()).select_from(Draft)) == 1
        assert chain_head(connection).count == 0
        assert list(verify_rows(connection)) == []
    assert any_db.revision() == revision
