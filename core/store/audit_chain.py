"""The chain of the audit log: what an event's hash covers, how personal values can be erased, and how it is checked.

``hash`` = HMAC-SHA256(key, ``previous`` + content as JSON in one spelling). Changing, inserting or deleting an event in
the middle breaks the chain there. A tail that was cut off leaves a shorter chain that is whole in itself: only an
``Anchor``, a count and a hash that were noted elsewhere, finds it.

Personal values are hashed through a commitment, so that they can be erased while everything else stays proved. Columns
declared PERSONAL in the schema are named in the event's ``personal`` with a random salt of 128 bits, and the hashed content
holds SHA-256(salt, field, value) in their place. Erasing puts that digest where the value was and drops the salt: the hash
can be computed as before, and the value can't be guessed, however few there may be, for nobody has the salt any more. Who
holds the key can't pass off another value as erased either, as every anchor binds the digests.

Events from before the commitments (``personal`` NULL) have the values themselves in their hash. Erasing one empties the
values and leaves ``personal["seal"]``, an HMAC over the old hash and what remains: whoever lacks the key can't make it.
Against whoever has the key, such an event is as good as erased; only commitments bind them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, cast, func, select

from core.policy import Action
from core.store.schema import AuditEvent, Base, WeeklySnapshot
from core.terms import Term

__all__ = [
    "EMPTY",
    "GENESIS",
    "STORE",
    "Anchor",
    "AnchorCheck",
    "ChainReport",
    "as_json",
    "chain_head",
    "erased",
    "frozen_anchors",
    "is_erased",
    "seal",
    "since_emptied",
    "sort_keys",
    "verify_audit",
    "verify_chain",
    "with_commitments",
]

GENESIS = "0" * 64
PORTION = 10_000
STORE = "store"
"""``entity`` of events about the store as a whole."""
EMPTY = Action.EMPTY.value
"""``action`` of the event that an emptying leaves."""

Progress = Callable[[int, int], bool | None]
"""Called with (events checked, events in all); False cancels."""


@dataclass(frozen=True)
class Anchor:
    """So many events, the last of them with this hash, as noted at ``place``; a printed hash may be cut short."""

    count: int
    hash: str
    place: str = ""


@dataclass(frozen=True)
class AnchorCheck:
    """Whether the log still holds what an anchor noted."""

    anchor: Anchor
    holds: bool


@dataclass(frozen=True)
class ChainReport:
    """``broken``: id of the first event that does not fit. ``erased``: events whose personal values were erased."""

    count: int
    broken: int | None
    anchors: tuple[AnchorCheck, ...] = ()
    erased: int = 0
    is_cancelled: bool = False

    @property
    def is_whole(self) -> bool:
        return self.broken is None and all(check.holds for check in self.anchors)


def as_json(value: Any) -> Any:
    """``value`` as plain JSON data: terms by code, dates as ISO text."""
    if isinstance(value, Term):
        return value.value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


@cache
def personal_columns() -> dict[str, frozenset[str]]:
    """Table → columns that say who somebody is or what was written about them."""
    return {
        table.name: frozenset(column.name for column in table.columns if column.info.get("personal"))
        for table in Base.metadata.sorted_tables
    }


def with_commitments(event: Mapping[str, Any]) -> dict[str, Any]:
    """``event`` (entity, before, after …) with ``personal``: the fields that can be erased, and a new salt; None for none."""
    fields = _personal_fields(event)
    personal = {"fields": fields, "salt": secrets.token_hex(16)} if fields else None
    return {**event, "personal": personal}


def sort_keys(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """``values`` in the order of their names: stored so, the text of an event is what its hash covers."""
    return None if values is None else dict(sorted(values.items()))


def seal(key: bytes, previous: str, event: Mapping[str, Any]) -> str:
    """The hash of an event in its chain; a day that is not stated is left out, as in events from before there was one."""
    names = ("entity", "entity_id", "at", "actor", "action", "batch_id")
    content = {name: event[name] for name in names}
    content |= {side: _hashed(event[side], event["personal"]) for side in ("before", "after")}
    if event["stated_on"] is not None:
        content["stated_on"] = event["stated_on"]
    return _hmac(key, previous + _canonical(content))


def erased(key: bytes, event: Mapping[str, Any]) -> dict[str, Any]:
    """The columns before, after and personal of ``event`` once its personal values are erased. See above."""
    personal = event["personal"]
    if personal is None:
        fields = _personal_fields(event)
        sides = {side: _replaced(event[side], fields, lambda _name, _value: "") for side in ("before", "after")}
        return {**sides, "personal": {"fields": fields, "seal": _remainder_seal(key, event["hash"], sides)}}
    if "salt" not in personal:
        return {name: event[name] for name in ("before", "after", "personal")}
    fields, salt = personal["fields"], personal["salt"]
    sides = {
        side: _replaced(event[side], fields, lambda name, value: _commitment(salt, name, value))
        for side in ("before", "after")
    }
    return {**sides, "personal": {"fields": fields}}


def is_erased(personal: Mapping[str, Any] | None) -> bool:
    """Whether the personal values of an event with this ``personal`` were erased."""
    return personal is not None and "salt" not in personal


def verify_audit(events: Iterable[Mapping[str, Any]], key: bytes) -> int | None:
    """Check whole rows of the log in order; the id of the first broken one, or None if the chain is whole."""
    last = GENESIS
    for row in events:
        if row["previous"] != last or not _fits(key, dict(row)):
            return int(row["id"])
        last = row["hash"]
    return None


def verify_chain(
    connection: Connection, key: bytes, anchors: Sequence[Anchor] = (), progress: Progress | None = None
) -> ChainReport:
    """Check the log as it is stored, in portions of constant memory, against ``anchors``.

    The stored text of nearly every event is what its hash covers, and is hashed without being parsed into values and
    written again; where that does not fit, the content decides.
    """
    t = AuditEvent
    total = connection.scalar(select(func.count()).select_from(t)) or 0
    wanted: dict[int, list[Anchor]] = {}
    for anchor in anchors:
        wanted.setdefault(anchor.count, []).append(anchor)
    held = {id(anchor) for anchor in wanted.get(0, ()) if GENESIS.startswith(anchor.hash)}
    count, gone, last = 0, 0, GENESIS
    broken, is_cancelled = None, False
    columns = (t.id, t.previous, t.hash, *(cast(column, Text) for column in TEXTS))
    for portion in _portions(connection, select(*columns).order_by(t.id)):
        for row in portion:
            row_id, previous, stored, personal = row[0], row[1], row[2], row[-1]
            if previous != last or _hmac(key, previous + _hashed_text(*row[3:])) != stored:
                whole = connection.execute(select(t.__table__).where(t.id == row_id)).mappings().one()
                if previous != last or not _fits(key, dict(whole)):
                    broken = row_id
                    break
            count, last = count + 1, stored
            gone += personal is not None and '"salt"' not in personal
            if count in wanted:
                held |= {id(anchor) for anchor in wanted[count] if stored.startswith(anchor.hash)}
        if broken is not None:
            break
        if progress is not None and progress(count, total) is False:
            is_cancelled = True
            break
    checks = tuple(AnchorCheck(anchor, id(anchor) in held) for anchor in anchors)
    return ChainReport(count, broken, checks, gone, is_cancelled)


def chain_head(connection: Connection) -> Anchor:
    """How many events there are now, and the hash of the last one."""
    t = AuditEvent
    last = connection.scalar(select(t.hash).order_by(t.id.desc()).limit(1))
    return Anchor(connection.scalar(select(func.count()).select_from(t)) or 0, last or GENESIS)


def frozen_anchors(connection: Connection) -> list[Anchor]:
    """The anchors that frozen weeks hold under their seal, oldest first."""
    t = WeeklySnapshot
    rows = connection.execute(select(t.iso_week, t.rev, t.audit_count, t.audit_hash).order_by(t.id))
    return [
        Anchor(count, digest, f"{week} · {rev}")
        for week, rev, count, digest in rows
        if count is not None and digest is not None
    ]


def since_emptied() -> ColumnElement[bool]:
    """Events of rows that the store has now: ids are given anew after it was emptied."""
    t = AuditEvent
    last = select(func.coalesce(func.max(t.id), 0)).where(t.entity == STORE, t.action == EMPTY).scalar_subquery()
    return t.id > last


def _portions(connection: Connection, statement: Select[*tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of a SELECT of texts and integers, from a cursor of the driver: a third of the time of a million Row objects.

    On PostgreSQL the cursor stays on the server, so that the client holds one portion.
    """
    raw = connection.connection.dbapi_connection
    assert raw is not None
    cursor = raw.cursor() if connection.dialect.name == "sqlite" else raw.cursor(name="audit_chain")
    try:
        cursor.execute(str(statement.compile(connection)))
        while portion := cursor.fetchmany(PORTION):
            yield list(portion)
    finally:
        cursor.close()


TEXTS = (
    AuditEvent.action,
    AuditEvent.actor,
    AuditEvent.after,
    AuditEvent.at,
    AuditEvent.batch_id,
    AuditEvent.before,
    AuditEvent.entity,
    AuditEvent.entity_id,
    AuditEvent.stated_on,
    AuditEvent.personal,
)
"""What an event's hash covers, in the order of the JSON that is hashed, and what stands in for personal values."""


def _hashed_text(
    action: str,
    actor: str,
    after: str | None,
    at: str,
    batch_id: str | None,
    before: str | None,
    entity: str,
    entity_id: str,
    stated_on: str | None,
    personal: str | None,
) -> str:
    """The JSON of ``seal`` put together from stored texts; the same for events whose JSON is stored in its one spelling."""
    if personal is not None:
        marks = json.loads(personal)
        before, after = (_text_with_commitments(side, marks) for side in (before, after))
    day = "" if stated_on is None else f', "stated_on": "{stated_on}"'
    return (
        f'{{"action": {_quoted(action)}, "actor": {_quoted(actor)}, "after": {after or "null"}, "at": "{_iso(at)}", '
        f'"batch_id": {batch_id or "null"}, "before": {before or "null"}, "entity": {_quoted(entity)}, '
        f'"entity_id": {_quoted(entity_id)}{day}}}'
    )


def _text_with_commitments(text: str | None, personal: Mapping[str, Any]) -> str | None:
    if text is None or text == "null":
        return None
    values, salt = json.loads(text), personal.get("salt")
    for name in personal["fields"]:
        value = values.get(name)
        if value is not None:
            digest = value if salt is None else _commitment(salt, name, value)
            text = text.replace(f'"{name}": {_canonical(value)}', f'"{name}": {{"sha256": "{digest}"}}', 1)
    return text


@lru_cache(maxsize=1_024)
def _iso(stored: str) -> str:
    """A time as the hash covers it, from the text that the engine stores."""
    moment = datetime.fromisoformat(stored)
    return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)).isoformat()


def _fits(key: bytes, row: Mapping[str, Any]) -> bool:
    """Whether the content of a row, erased or not, is what its hash was computed from."""
    personal = row["personal"]
    if personal is not None and "seal" in personal:
        sides = {side: row[side] for side in ("before", "after")}
        return hmac.compare_digest(_remainder_seal(key, row["hash"], sides), personal["seal"])
    return hmac.compare_digest(seal(key, row["previous"], row), row["hash"])


def _personal_fields(event: Mapping[str, Any]) -> list[str]:
    """Personal columns that hold something before or after."""
    names = personal_columns().get(event["entity"])
    if not names:
        return []
    sides = [side for side in (event["before"], event["after"]) if side]
    return sorted(name for name in names if any(side.get(name) is not None for side in sides))


def _hashed(values: Mapping[str, Any] | None, personal: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What the hash covers of one side: commitments in the place of personal values."""
    if values is None or personal is None:
        return values
    salt = personal.get("salt")

    def commitment(name: str, value: Any) -> dict[str, str]:
        return {"sha256": value if salt is None else _commitment(salt, name, value)}

    return _replaced(values, personal["fields"], commitment)


def _replaced(
    values: Mapping[str, Any] | None, fields: Sequence[str], by: Callable[[str, Any], Any]
) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: by(name, value) if name in fields and value is not None else value for name, value in values.items()}


def _commitment(salt: str, name: str, value: Any) -> str:
    return hashlib.sha256(f"{salt} {name} {_canonical(value)}".encode()).hexdigest()


def _remainder_seal(key: bytes, digest: str, sides: Mapping[str, Any]) -> str:
    return _hmac(key, "erased" + digest + _canonical(sides))


_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=as_json)


def _canonical(content: Any) -> str:
    """``content`` as JSON in one spelling: sorted names, no escapes of letters."""
    return _quoted(content) if isinstance(content, str) else _encoder.encode(content)


_quoted = json.encoder.encode_basestring  # of C, a tenth of the time of an encoder


@lru_cache(maxsize=4)
def _pads(key: bytes) -> tuple[Any, Any]:
    """The two hashes of HMAC (RFC 2104) with the key worked in, which is more than half of the work of a short text."""
    block = (key if len(key) <= 64 else hashlib.sha256(key).digest()).ljust(64, b"\0")
    inner, outer = (hashlib.sha256(bytes(byte ^ pad for byte in block)) for pad in (0x36, 0x5C))
    return inner, outer


def _hmac(key: bytes, text: str) -> str:
    inner_start, outer_start = _pads(key)
    inner, outer = inner_start.copy(), outer_start.copy()
    inner.update(text.encode())
    outer.update(inner.digest())
    return str(outer.hexdigest())
