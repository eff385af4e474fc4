"""Stores for the tests: empty ones on SQLite and PostgreSQL, and the sample district, built once a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.store.database import Database
from core.store.migrate import migrate

KEY = b"test key of thirty-two characters"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated SQLite store."""
    found = Database(f"sqlite:///{tmp_path / 'district.db'}", key=KEY)
    migrate(found)
    yield found
    found.dispose()
