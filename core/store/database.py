"""The store: one engine per process, reads on a snapshot, writes one at a time, a revision that every write raises.

db = Database("sqlite:///var/district.db")
with db.read() as connection: frame = rows.people(connection)
with db.write(people_of=None) as session: session.add(Person(...))   # commits, raises the revision

A city has many districts in one PostgreSQL database, a schema each; they share one pool of connections:

city = Database("postgresql://localhost/city")
with city.of("lakeside").read() as connection: ...            # finds the tables of that district, then those of the city
"""

from __future__ import annotations

import json
import os
import re
import secrets
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.store.row_security import write_about
from core.store.schema import Revision

__all__ = [
    "ROOT",
    "VAR",
    "Busy",
    "Database",
    "ShortKey",
    "default_url",
    "from_environment",
    "make_private_file",
    "make_private_folder",
    "schema_of",
    "server_key",
    "use_schema",
]

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
CONNECT_SECONDS = 5  # for a PostgreSQL server that does not answer


DISTRICT_KEY = re.compile(r"[a-z][a-z0-9_]{0,23}")


class Busy(RuntimeError):
    """Another writer holds the store for longer than the caller would wait."""


class ShortKey(ValueError):
    """``SERVER_KEY`` is too short to protect anything."""


def default_url() -> str:
    """``DATABASE_URL``, else the SQLite file under ``var/``.

    A plain ``postgresql://`` URL is served by psycopg 3, the driver that requirements.txt installs.
    """
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'district.db'}"
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def server_key(folder: Path = VAR) -> bytes:
    """The secret under which ID numbers are hashed and the audit log is chained.

    ``SERVER_KEY`` (at least 32 characters) when several machines share one PostgreSQL store; otherwise a random
    key made once in ``var/server.key``, readable by its owner alone.
    """
    given = os.environ.get("SERVER_KEY")
    if given:
        if len(given) < 32:
            raise ShortKey("SERVER_KEY must have at least 32 characters")
        return given.encode()
    path = folder / "server.key"
    if not path.exists():
        make_private_folder(folder)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was quicker
            return path.read_bytes()
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(32).encode())
    return path.read_bytes()


def make_private_folder(folder: Path) -> None:
    """Make ``folder`` for its owner alone (0700); one that exists is narrowed only if it is the app's own ``var``."""
    if not folder.exists():
        folder.mkdir(parents=True, mode=0o700)
    elif folder == VAR and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        folder.chmod(0o700)


def make_private_file(path: Path) -> None:
    """Make ``path`` an empty file for its owner alone (0600), or narrow the one that is there if it is our own."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    status = path.stat()
    if stat.S_IMODE(status.st_mode) & 0o077 and (os.name == "nt" or status.st_uid == os.geteuid()):
        path.chmod(0o600)


def schema_of(district: str) -> str:
    """The schema that holds the tables of a district of a city; ValueError for a key that is none."""
    if not DISTRICT_KEY.fullmatch(district):
        raise ValueError(f"{district!r} is no key of a district: small letters, digits and _, 24 at most")
    return f"district_{district}"


class Database:
    """A store behind a URL. Create one per process and share it.

    ``folder``: where the files beside the store lie (backups, the log of anchors); by default the folder of the SQLite
    file, and ``var`` for PostgreSQL.
    """

    def __init__(self, url: str | None = None, *, key: bytes | None = None, folder: Path | None = None) -> None:
        self.url = make_url(url or default_url())
        self.district: str | None = (
            None  # key of the district of a city; None: the city itself, or a store of one district
        )
        self._city: Database | None = None
        self._districts: dict[str, Database] = {}
        self._key = key
        self._folder = folder

    def __repr__(self) -> str:
        of = f".of({self.district!r})" if self.district else ""
        return f"Database({self.url.render_as_string(hide_password=True)!r}){of}"

    def of(self, district: str) -> Database:
        """The store of a district of this city: its own tables, revision, log and folder, over the city's connections.

        ValueError for a key that is none, or where the city is SQLite, which has no schemas.
        """
        if self._city is not None:
            return self._city.of(district)
        if district not in self._districts:
            if self.is_sqlite:
                raise ValueError("many districts in one store need PostgreSQL")
            schema_of(district)
            own = Database(self.url.render_as_string(hide_password=False), key=self._key)
            own.district, own._city = district, self
            self._districts[district] = own
        return self._districts[district]

    @property
    def city(self) -> Database:
        """The store of the city that this is a district of; else this store."""
        return self._city or self

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for PostgreSQL and for a store in memory."""
        name = self.url.database if self.is_sqlite else None
        return Path(name) if name and name != ":memory:" else None

    @property
    def folder(self) -> Path:
        if self._city is not None:
            return self._city.folder / "districts" / str(self.district)
        if self._folder is not None:
            return self._folder
        return VAR if self.file is None else self.file.absolute().parent

    @property
    def batch_folder(self) -> Path:
        """Where nightly runs keep their inputs and results; they name the store's people by number."""
        return self.folder / "batch"

    @cached_property
    def key(self) -> bytes:
        if self._city is not None:
            return self._city.key
        return self._key if self._key is not None else server_key()

    @cached_property
    def engine(self) -> Engine:
        if self._city is not None:  # the same pool, whatever the number of districts
            return self._city.engine.execution_options(schema=schema_of(str(self.district)))
        # Values of people never stand in the message of an error; JSON is stored as it reads, not with escapes.
        options: dict[str, Any] = {"hide_parameters": True, "json_serializer": partial(json.dumps, ensure_ascii=False)}
        if not self.is_sqlite:
            engine = create_engine(
                self.url,
                pool_pre_ping=True,
                pool_size=5,
                max_overflow=10,
                connect_args={"connect_timeout": CONNECT_SECONDS},
                **options,
            )
            event.listen(engine, "begin", _enter_schema)
            return engine
        if self.file is not None:
            make_private_folder(self.file.absolute().parent)
            make_private_file(self.file)  # its -wal and -shm get the same mode from SQLite
        engine = create_engine(self.url, **options)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for SELECTs: one consistent snapshot, never waiting for a writer."""
        with self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    @contextmanager
    def write(
        self,
        *,
        people_of: Collection[int] | None = (),
        raises_revision: bool = True,
        is_logged: bool = False,
        patience: float | None = None,
    ) -> Iterator[Session]:
        """A session that commits on leaving, or rolls back on any error; the revision rises with it.

        On SQLite the write lock is taken at the start (BEGIN IMMEDIATE); on PostgreSQL the revision row is locked
        first. Either way writers queue instead of failing half-way. ``raises_revision=False`` is for rows that no page
        computes from: what was seen, taken or signed in. ``is_logged``: the audit log says what was changed; what is kept
        up to date by reading the log is computed anew after any other write.

        ``people_of``: ids of the communities about whose people rows are written, None: about everybody. PostgreSQL refuses
        others (``core.store.row_security``).

        ``patience``: seconds to wait for another writer before ``Busy`` is raised; None waits as long as the engine does.
        """
        options = {"sqlite_begin": "IMMEDIATE"} if self.is_sqlite else {}
        with self.engine.connect().execution_options(**options) as connection, Session(connection) as session:
            self._lock(session, connection, patience)
            if people_of is None or people_of:
                write_about(session.connection(), people_of)
            yield session
            session.flush()
            if raises_revision:
                raised = {"value": Revision.value + 1, "changed_at": datetime.now(UTC)}
                if not is_logged:
                    raised["unlogged"] = Revision.unlogged + 1
                session.execute(update(Revision).values(raised), execution_options={"synchronize_session": False})
            session.commit()

    def _lock(self, session: Session, connection: Connection, patience: float | None) -> None:
        """Wait for the turn to write; Busy when ``patience`` is over."""
        if patience is None:
            if not self.is_sqlite:
                session.execute(select(Revision.value).with_for_update())
            return
        try:
            if self.is_sqlite:
                with _sqlite_patience(connection, patience):
                    session.connection()
            else:
                session.execute(text(f"SET LOCAL lock_timeout = {round(1000 * patience)}"))
                session.execute(select(Revision.value).with_for_update())
                session.execute(text("SET LOCAL lock_timeout = 0"))
        except OperationalError as error:
            raise Busy from error

    def revision(self) -> int:
        """The current revision: one tiny query."""
        with self.engine.connect() as connection:
            return int(connection.execute(text("SELECT value FROM revision")).scalar_one())

    def dispose(self) -> None:
        """Close the connections, those of all districts of the city."""
        if self._city is not None:
            self._city.dispose()
        elif "engine" in self.__dict__:
            self.engine.dispose()


def from_environment() -> Database:
    """The store of ``DATABASE_URL``; of a city, the district that ``DISTRICT`` names, if it is set.

    ValueError for a district that the city has not: its path of schemas would lead to the city's own tables.
    """
    db, district = Database(), os.environ.get("DISTRICT")
    if not district:
        return db
    own = db.of(district)
    with db.engine.connect() as connection:
        if not inspect(connection).has_schema(schema_of(district)):
            raise ValueError(f"The city has no district {district!r}.")
    return own


def _enter_schema(connection: Connection) -> None:
    """Let a transaction of a district find that district's tables and the city's, and nobody else's, until it ends."""
    schema = connection.get_execution_options().get("schema")
    if schema is not None:
        use_schema(connection, schema)


def use_schema(connection: Connection, schema: str) -> None:
    """Find tables in ``schema``, then those of the city, until the transaction ends."""
    connection.exec_driver_sql(f'SET LOCAL search_path TO "{schema}", public')


@contextmanager
def _sqlite_patience(connection: Connection, seconds: float) -> Iterator[None]:
    """Let SQLite wait ``seconds`` for the lock that it takes inside, and as long as before from then on."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    before = raw.execute("PRAGMA busy_timeout").fetchone()[0]
    raw.execute(f"PRAGMA busy_timeout={round(1000 * seconds)}")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout={before}")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the driver's
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
