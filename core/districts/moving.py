"""A district joins a city with all its rows, and leaves it again: the same rows, the same chained log, checked both ways.

moved = adopt(city, Database("sqlite:///var/district.db"), "lakeside", at=now)
moved = release(city, "lakeside", Database("sqlite:///var/lakeside.db"))
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, text

from core.accounts import queries as account_queries
from core.districts import queries
from core.districts.commands import TAKEN, UNKNOWN, DistrictRefused, allow, open_district, require_key
from core.intake.queries import is_empty
from core.locale import N_
from core.policy import Access, Action
from core.store import district_rows, settings
from core.store.anchors import anchor_file
from core.store.audit_chain import frozen_anchors, verify_chain
from core.store.backup import Content
from core.store.commands import Change, command
from core.store.database import Database, make_private_folder, schema_of, use_schema
from core.store.migrate import migrate
from core.store.schema import Account

__all__ = ["Moved", "add", "adopt", "release"]

NAME_CLASH = N_("The city has other people under these names; rename them first: {detail}")
SAME_PEOPLE = N_("The city has accounts of these names. If they are the same people, add --same-people: {detail}")
NOT_EMPTY = N_("There is data in the place already: {detail}")
CHANGED = N_("The copy differs from what it was made from; nothing was kept.")
BROKEN_LOG = N_(
    "The audit log does not hold under this server's key (SERVER_KEY, or var/server.key); nothing was kept."
)


@dataclass(frozen=True)
class Moved:
    """What a district holds after it moved, and the accounts of the city that count as its own from before."""

    content: Content
    known: tuple[str, ...] = ()


def add(city: Database, key: str, name: str, name_en: str, *, actor: Access, at: datetime) -> None:
    """A new, empty district at the newest schema. Raises DistrictRefused."""
    _require_free(city, key)
    migrate(city.of(key))
    with command(city, actor=actor, action=Action.OPEN_DISTRICT, at=at) as change:
        open_district(change, key, name, name_en)
    with command(city.of(key), actor=actor, action=Action.OPEN_DISTRICT, at=at) as change:
        _name(change, name, name_en)


def adopt(
    city: Database,
    source: Database,
    key: str,
    *,
    name: str | None = None,
    name_en: str | None = None,
    same_people: bool = False,
    actor: Access,
    at: datetime,
) -> Moved:
    """Copy a store of one district into the city, with its accounts, which may open it from then on.

    ``name``: by default as the store's own settings have it. An account of the city with the same sign-in name and name
    is another person unless ``same_people``. Sessions and one-time links end. All of it in one transaction, in which
    rows and log are verified. Raises DistrictRefused; the city then is as it was.
    """
    migrate(source)
    _require_free(city, key)
    migrate(city.of(key))
    try:
        with source.read() as own, command(city, actor=actor, action=Action.OPEN_DISTRICT, at=at) as change:
            district = settings.district(own)
            open_district(change, key, name or district.name_zh, name_en or district.name_en)
            ids, known = _take_accounts(change, own, key, same_people=same_people)
            connection = change.session.connection()
            use_schema(connection, schema_of(key))
            district_rows.copy(own, connection, ids)
            moved = _verified(own, connection, city.key)
            use_schema(connection, "public")  # the command's own log entries are the city's
    except BaseException:
        with city.engine.begin() as connection:
            connection.execute(text(f'DROP SCHEMA "{schema_of(key)}" CASCADE'))
        raise
    if anchor_file(source).exists():
        make_private_folder(city.of(key).folder)
        shutil.copy(anchor_file(source), anchor_file(city.of(key)))
    return Moved(moved, tuple(known))


def release(city: Database, key: str, target: Database) -> Moved:
    """Copy a district with the accounts that may open it into a new store of its own; the city keeps it.

    Raises DistrictRefused, and ``target`` then holds nothing of the district.
    """
    with city.read() as connection:
        ids = account_queries.district_ids(connection)
    if key not in ids:
        raise DistrictRefused(UNKNOWN, key)
    migrate(target)
    with target.read() as connection:
        if not is_empty(connection) or account_queries.has_accounts(connection):
            raise DistrictRefused(NOT_EMPTY, target.url.render_as_string(hide_password=True))
    with city.of(key).read() as own, target.engine.begin() as connection:
        leaving = account_queries.whole_accounts(own, key)
        if leaving:
            connection.execute(insert(Account), [{**row, "staff_id": None} for row in leaving])
        district_rows.copy(own, connection, {row["id"]: row["id"] for row in leaving})
        return Moved(_verified(own, connection, city.key))


def _require_free(city: Database, key: str) -> None:
    """Refuse a key that the city has, or whose schema holds something."""
    schema = require_key(key)
    migrate(city)
    with city.read() as connection:
        taken = {row.key for row in queries.districts(connection)}
        if key in taken or queries.has_schema(connection, schema):
            raise DistrictRefused(TAKEN, key)
        if not is_empty(connection):
            raise DistrictRefused(NOT_EMPTY, city.url.render_as_string(hide_password=True))


def _take_accounts(
    change: Change, source: Connection, key: str, *, same_people: bool
) -> tuple[dict[int, int], list[str]]:
    """The accounts of ``source`` among those of the city: id there → id here, and the names that were there already."""
    there = account_queries.accounts(change.session.connection())
    by_sign_in_name = {row.sign_in_name: row for row in there}
    names = {row.name for row in there}
    ids: dict[int, int] = {}
    known, clashes = [], []
    for row in account_queries.whole_accounts(source):
        twin = by_sign_in_name.get(row["sign_in_name"])
        if twin is not None and (twin.name == row["name"] or (twin.is_demonstration and row["is_demonstration"])):
            ids[row["id"]] = twin.id
            if not twin.is_demonstration:
                known.append(twin.sign_in_name)
        elif twin is not None or row["name"] in names:
            clashes.append(f"{row['sign_in_name']} {row['name']}")
        else:
            kept = {name: value for name, value in row.items() if name not in ("id", "version", "staff_id")}
            ids[row["id"]] = int(change.add(Account(**kept)))
    if clashes:
        raise DistrictRefused(NAME_CLASH, ", ".join(clashes))
    if known and not same_people:
        raise DistrictRefused(SAME_PEOPLE, ", ".join(known))
    for account_id in ids.values():
        allow(change, account_id, key)
    return ids, known


def _verified(source: Connection, target: Connection, server_key: bytes) -> Content:
    """The content of ``target``; DistrictRefused unless it is that of ``source``, under a log that holds."""
    moved = district_rows.content(target)
    if moved != district_rows.content(source):
        raise DistrictRefused(CHANGED)
    if not verify_chain(target, server_key, frozen_anchors(target)).is_whole:
        raise DistrictRefused(BROKEN_LOG)
    return moved


def _name(change: Change, name: str, name_en: str) -> None:
    settings.save_setting(change, "name_zh", name)
    settings.save_setting(change, "name_en", name_en)
