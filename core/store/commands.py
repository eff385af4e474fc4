"""The one door for changes: a command is one transaction, a check of rights, a version check and audit rows.

with command(db, actor=access, action=Action.EDIT_PERSON, at=now) as change:
    change.edit(Person, 17, {"phone": "13800001111"}, version=3)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CursorResult, Date, Enum, Table, bindparam, delete, func, insert, select, update
from sqlalchemy import inspect as inspect_mapper
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from core.locale import Translator
from core.policy import Access, Action, Refused, communities_of, require
from core.store.audit_chain import GENESIS, as_json, seal, sort_keys, verify_audit, with_commitments
from core.store.database import Database
from core.store.row_security import is_refusal, person_of
from core.store.schema import (
    Account,
    AccountCommunity,
    AccountDistrict,
    AuditEvent,
    Base,
    CityDistrict,
    Person,
    UtcDateTime,
)
from core.terms import Term

__all__ = [
    "Change",
    "CodeRefused",
    "CommandRefused",
    "Conflict",
    "NotFound",
    "OutOfScope",
    "ProblemRefused",
    "TextTooLong",
    "as_json",
    "check_lengths",
    "command",
    "from_json",
    "verify_audit",
]

SHOWN = 12  # characters of a text that is refused, by which somebody knows which
EVENTS_AT_ONCE = 5_000  # rows of the log in one statement: a large import has some ten times as many
BULK = {"render_nulls": True}
"""One statement for all rows; without it SQLAlchemy splits them wherever the set of NULL columns changes."""


class NotFound(LookupError):
    """The row to change does not exist (any more)."""


class CommandRefused(Exception):
    """What was asked for does not fit what the store holds. Raised inside a command, nothing is changed."""

    def sentence(self, tr: Translator) -> str:
        """Why, for whoever asked."""
        raise NotImplementedError


class ProblemRefused(CommandRefused):
    """Refused for one of the problems that a subclass of Term lists."""

    def __init__(self, problem: Term) -> None:
        super().__init__(problem.en)
        self.problem = problem

    def sentence(self, tr: Translator) -> str:
        """The problem as a sentence."""
        return tr("Not saved: {problem}.", problem=tr.term(self.problem))


class TextTooLong(CommandRefused):
    """A text that somebody typed does not fit its field."""

    def __init__(self, text: str, limit: int) -> None:
        super().__init__(f"a text of {len(text)} characters for a field of {limit}")
        self.text = text
        self.limit = limit

    def sentence(self, tr: Translator) -> str:
        """Which text, by its beginning, and by how much."""
        return tr(
            "Not saved: “{start}…” has {n} characters too many; at most {limit} fit.",
            start=self.text[:SHOWN],
            n=tr.number(len(self.text) - self.limit),
            limit=tr.number(self.limit),
        )


class CodeRefused(CommandRefused):
    """Refused by a rule; ``code`` is a key of ``sentences``, English of the catalogue that ``values`` fill."""

    sentences: ClassVar[Mapping[str, str]]

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values

    def sentence(self, tr: Translator) -> str:
        """The sentence of the rule."""
        return tr(self.sentences[self.code], **self.values)


class OutOfScope(NotFound):
    """The row is about a person whom the one who acts does not work with; answered like a row that does not exist."""


@dataclass(eq=False)
class Conflict(Exception):
    """Someone changed the row meanwhile: ``theirs`` and ``yours`` by field, with the stored version."""

    entity: str
    entity_id: int | str
    version: int
    theirs: dict[str, Any] = field(default_factory=dict)
    yours: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.entity} {self.entity_id} was changed meanwhile (now version {self.version})"


@dataclass
class Change:
    """What a running command does; every step leaves an audit row."""

    session: Session
    access: Access
    action: Action
    at: datetime
    key: bytes
    batch_id: int | None = None
    district: str | None = None  # key of the district of a city that is written to
    _events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def actor(self) -> str:
        """The name of the one who acts, as rows and the audit log hold it."""
        return self.access.name

    def add(self, row: Base) -> int | str:
        """Insert ``row``; returns its key. OutOfScope where it is about a person outside the scope of who acts, TextTooLong."""
        check_lengths(type(row), {name: value for name, value in vars(row).items() if isinstance(value, str)})
        self.session.add(row)
        self.session.flush()
        key: int | str = _identity(row)
        self._check_scope(type(row), [key])
        self._note(row.__tablename__, key, None, _content(row))
        return key

    def add_all(
        self, table: type[Base], rows: Sequence[Mapping[str, Any]], *, stated_on: Sequence[date | None] = ()
    ) -> list[int]:
        """Insert many rows with integer keys in one statement; returns their ids in order.

        ``stated_on``: for each row the day on which its facts hold, where that is known.
        """
        if not rows:
            return []
        columns = inspect_mapper(table).columns
        full = [{c.key: row.get(c.key) for c in columns if c.key in row} for row in rows]
        identity = table.__table__.c.id
        statement = insert(table).returning(identity, sort_by_parameter_order=True)
        ids = list(self.session.scalars(statement, full, execution_options=BULK))
        self._check_scope(table, ids)
        for key, row, day in zip(ids, full, stated_on or [None] * len(full), strict=True):
            self._note(table.__tablename__, key, None, {name: as_json(value) for name, value in row.items()}, day)
        return ids

    def edit(self, table: type[Base], key: int | str, values: Mapping[str, Any], *, version: int | None = None) -> Base:
        """Set ``values`` on a row. With ``version``, the one that the editor saw, raises Conflict if it is older.

        NotFound where there is no such row, or it is about a person outside the scope of who acts; TextTooLong.
        """
        row = self.session.get(table, key)
        if row is None:
            raise NotFound(f"{table.__tablename__} {key}")
        self._check_scope(table, [key])
        if version is not None and row.version != version:  # type: ignore[attr-defined]
            theirs = {name: getattr(row, name) for name in values}
            raise Conflict(table.__tablename__, key, row.version, theirs, dict(values))  # type: ignore[attr-defined]
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not changed:
            return row
        check_lengths(table, changed)
        logged = changed.keys() & _audited(table)
        before = {name: as_json(getattr(row, name)) for name in changed if name in logged}
        for name, value in changed.items():
            setattr(row, name, value)
        self.session.flush()
        after = {name: as_json(value) for name, value in changed.items() if name in logged}
        self._note(table.__tablename__, key, before, after)
        return row

    def edit_all(
        self,
        table: type[Base],
        edits: Sequence[tuple[int, Mapping[str, Any], Mapping[str, Any]]],
        *,
        stated_on: Sequence[date | None] = (),
    ) -> None:
        """Change many rows: (id, stored values, new values) of the same fields; versions rise. OutOfScope as ``edit``.

        The caller has read the stored values in this transaction, so no version is compared. ``stated_on``: for each row
        the day on which the new values hold, where that is known.
        """
        self._check_scope(table, [key for key, _, _ in edits])
        columns = table.__table__.c
        versioned = {"version": columns.version + 1} if "version" in columns else {}
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for (key, before, after), day in zip(edits, stated_on or [None] * len(edits), strict=True):
            alike.setdefault(tuple(sorted(after)), []).append({"_key": key, **{f"_{n}": v for n, v in after.items()}})
            self._note(table.__tablename__, key, _plain(before), _plain(after), day)
        for names, rows in alike.items():
            statement = update(_table(table)).where(columns.id == bindparam("_key"))
            given = {name: bindparam(f"_{name}", type_=columns[name].type) for name in names}
            _require_all(table, self.session.connection().execute(statement.values(**given, **versioned), rows), rows)

    def remove_all(self, table: type[Base], rows: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        """Delete many rows: (id, whole stored content, which stays in the audit log). OutOfScope as ``edit``."""
        if not rows:
            return
        self._check_scope(table, [key for key, _ in rows])
        statement = delete(_table(table)).where(table.__table__.c.id == bindparam("_key"))
        _require_all(table, self.session.connection().execute(statement, [{"_key": key} for key, _ in rows]), rows)
        for key, before in rows:
            self._note(table.__tablename__, key, _plain(before), None)

    def remove(self, row: Any) -> None:
        """Delete a loaded row, which stays in the audit log."""
        table = type(row)
        content = {c.name: getattr(row, c.name) for c in table.__table__.columns if c.name not in ("id", "version")}
        self.remove_all(table, [(row.id, content)])
        self.session.expunge(row)

    def check_person(self, person_id: int) -> None:
        """OutOfScope unless the person exists and is in the scope of who acts."""
        if self.session.get(Person, person_id) is None:
            raise NotFound(f"{Person.__tablename__} {person_id}")
        self._check_scope(Person, [person_id])

    def _check_scope(self, table: type[Base], keys: Sequence[int | str]) -> None:
        """OutOfScope where a row of ``keys`` is about a person outside the communities of who acts."""
        communities = communities_of(self.access, self.action)
        person = person_of(_table(table))
        if communities is None or person is None:
            return
        own_people = select(Person.id).where(Person.community_id.in_(communities))
        own_rows = (
            select(func.count())
            .select_from(_table(table))
            .where(table.__table__.c.id.in_(keys), person.in_(own_people))
        )
        if self.session.scalar(own_rows) != len(set(keys)):
            raise OutOfScope(table.__tablename__)

    def _note(
        self,
        entity: str,
        key: int | str,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
        stated_on: date | None = None,
    ) -> None:
        content = {"entity": entity, "entity_id": str(key), "before": sort_keys(before), "after": sort_keys(after)}
        self._events.append(content | {"batch_id": self.batch_id, "stated_on": stated_on})

    def record(self, entity: str, key: int | str, content: Mapping[str, Any]) -> None:
        """An audit row about what is no change of a row: what was seen or taken."""
        self._note(entity, key, None, dict(content))

    def write_audit(self) -> None:
        """Append the collected events to the chain; called once, at the end of the command."""
        if not self._events:
            return
        last = self.session.scalar(select(AuditEvent.hash).order_by(AuditEvent.id.desc()).limit(1)) or GENESIS
        for start in range(0, len(self._events), EVENTS_AT_ONCE):
            rows = []
            for content in self._events[start : start + EVENTS_AT_ONCE]:
                full = with_commitments(content | {"at": self.at, "actor": self.actor, "action": self.action.value})
                current = seal(self.key, last, full)
                rows.append(full | {"previous": last, "hash": current})
                last = current
            self.session.execute(insert(AuditEvent), rows, execution_options=BULK)
        self._events.clear()


@contextmanager
def command(
    db: Database,
    *,
    actor: Access,
    action: Action,
    at: datetime,
    batch_id: int | None = None,
    raises_revision: bool = True,
) -> Iterator[Change]:
    """One transaction with its audit rows; any error leaves the store as it was.

    Raises Refused where the role of ``actor`` may not do ``action``, or the account has changed since the page was drawn,
    OutOfScope where the store itself refuses a row (``core.store.row_security``).
    ``raises_revision=False`` where nothing that a page shows is changed: open pages stay as they are.
    """
    if not actor.name.strip():
        raise ValueError("a change needs the name of the person who makes it")
    own = communities_of(actor, action)
    try:
        with db.write(people_of=own, raises_revision=raises_revision, is_logged=True) as session:
            require(actor, action)
            check_account(session, actor, action, district=db.district)
            change = Change(session, actor, action, at, db.key, batch_id, db.district)
            yield change
            session.flush()
            change.write_audit()
    except ProgrammingError as error:
        if is_refusal(error):  # PostgreSQL sees a new row before the check of the command does
            raise OutOfScope(str(error.orig)) from error
        raise


def check_lengths(table: type[Base], values: Mapping[str, Any]) -> None:
    """TextTooLong where a text is longer than its column, or than the ``longest`` that its ``info`` allows by hand."""
    columns = inspect_mapper(table).columns
    for name, value in values.items():
        if isinstance(value, str) and name in columns:
            column = columns[name]
            limit = column.info.get("longest", getattr(column.type, "length", None))
            if limit is not None and len(value) > limit:
                raise TextTooLong(value, limit)


def check_account(session: Session, access: Access, action: Action, *, district: str | None = None) -> None:
    """Refused unless the account behind ``access`` is active and has the role and communities that the page was drawn for,
    and may open the ``district`` that is written to.

    Asked in the transaction of the command: whoever changes the account waits for it, or it for them.
    """
    if access.account_id is None:
        return
    if district is not None:
        rights = select(AccountDistrict.id).join(CityDistrict, CityDistrict.id == AccountDistrict.district_id)
        right = rights.where(AccountDistrict.account_id == access.account_id, CityDistrict.key == district)
        if access.district != district or session.scalar(right) is None:
            raise Refused(action, access.role)
    account = session.execute(select(Account.active, Account.role).where(Account.id == access.account_id)).one_or_none()
    if account is None or not account.active or account.role is not access.role:
        raise Refused(action, access.role)
    own = communities_of(access, action)
    if own is not None:
        t = AccountCommunity
        stored = set(session.scalars(select(t.community_id).where(t.account_id == access.account_id)))
        if not own <= stored:
            raise Refused(action, access.role)


def from_json(table: type[Base], values: Mapping[str, Any]) -> dict[str, Any]:
    """Audit content as values of ``table``: the inverse of ``as_json`` by column type."""
    columns = table.__table__.c
    return {name: _typed(columns[name].type, value) for name, value in values.items() if name in columns}


def _typed(kind: TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return value


def _table(table: type[Base]) -> Table:
    core_table = table.__table__
    assert isinstance(core_table, Table)
    return core_table


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: as_json(value) for name, value in values.items()}


def _require_all(table: type[Base], result: CursorResult[Any], rows: Sequence[object]) -> None:
    """OutOfScope where the store kept a row from being written, which PostgreSQL does without a word."""
    if result.rowcount != len(rows):
        raise OutOfScope(f"{len(rows) - result.rowcount} rows of {table.__tablename__}")


def _identity(row: Base) -> Any:
    identity = inspect_mapper(row).identity
    assert identity is not None  # flushed before
    return identity[0]


def _content(row: Base) -> dict[str, Any]:
    return {name: as_json(getattr(row, name)) for name in _audited(type(row))}


def _audited(table: type[Base]) -> list[str]:
    """The columns whose values go into the log; ``info={"audited": False}`` keeps one out."""
    return [column.key for column in inspect_mapper(table).columns if column.info.get("audited", True)]
