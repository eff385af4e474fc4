"""Accounts, sessions and links, as rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from core.policy import NO_DISTRICT, Access
from core.store.schema import (
    Account,
    AccountCommunity,
    AccountDistrict,
    CityDistrict,
    Community,
    OneTimeLink,
    Setting,
    SignInSession,
    StaffMember,
)
from core.terms import AccountRole, StaffRole

__all__ = [
    "AnyRow",
    "account",
    "account_by_sign_in_name",
    "account_by_subject",
    "account_communities",
    "accounts",
    "active_administrators",
    "communities_of",
    "communities_with_codes",
    "demonstration_accounts",
    "district_ids",
    "district_rights",
    "districts_of",
    "has_accounts",
    "has_demonstration_accounts",
    "is_demonstration",
    "is_of_demonstration",
    "last_first_link",
    "last_sign_ins",
    "link",
    "sessions",
    "staff_of_role",
    "whole_accounts",
]

AnyRow = Row[*tuple[Any, ...]]
IS_DEMONSTRATION = exists().where(Setting.key == "demo", Setting.value == "1")
A = Account


def is_demonstration(connection: Connection) -> bool:
    """Whether the store holds the demonstration district."""
    return bool(connection.scalar(select(IS_DEMONSTRATION)))


def sessions(
    connection: Connection,
    *,
    now: datetime,
    idle_since: datetime,
    token_sha256: str | None = None,
    ids: Collection[int] = (),
    district: str | None = None,
) -> dict[int, tuple[Access, datetime, tuple[str, ...]]]:
    """Sessions in force, by one token or by ids: id → who acts, when they last did something, and the keys of the districts
    of a city that are open to them.

    Out are sessions that ended, expired, or were idle since before ``idle_since`` (a leader's is never idle: it may
    hang on a wall), accounts that are deactivated, and those of the demonstration once its data is gone.

    In a city the access is for ``district`` if the account may open it, else for the one chosen last, else for the first;
    the communities of a caseworker are in the district's own tables, and empty here.
    """
    s = SignInSession
    in_force = and_(
        s.ended_at.is_(None),
        s.expires_at > now,
        or_(A.role == AccountRole.LEADER, s.last_seen_at > idle_since),
        A.active,
        or_(~A.is_demonstration, IS_DEMONSTRATION),
    )
    wanted = s.token_sha256 == token_sha256 if token_sha256 is not None else s.id.in_(ids)
    last = select(CityDistrict.key).where(CityDistrict.id == s.district_id).scalar_subquery().label("last")
    is_city = exists().select_from(CityDistrict).label("is_city")
    columns = (s.id, s.last_seen_at, A.id.label("account_id"), A.name, A.role, last, is_city)
    rows = connection.execute(select(*columns).join(A, A.id == s.account_id).where(in_force, wanted)).all()
    communities = communities_of(connection, {r.account_id for r in rows if r.role is AccountRole.CASEWORKER})
    open_to = districts_of(connection, [r.account_id for r in rows if r.is_city])
    open_sessions = {}
    for row in rows:
        own, chosen = tuple(open_to.get(row.account_id, {})), None
        if row.is_city:
            chosen = next((key for key in (district, row.last, *own) if key in own), NO_DISTRICT)
        access = Access(row.account_id, row.name, row.role, communities.get(row.account_id), chosen)
        open_sessions[row.id] = (access, row.last_seen_at, own)
    return open_sessions


def districts_of(connection: Connection, accounts: Collection[int]) -> dict[int, dict[str, AnyRow]]:
    """Account → the districts of the city that it may open: key → id, key, name and name_en, in the order of their opening."""
    if not accounts:
        return {}
    d, right = CityDistrict, AccountDistrict
    columns = (right.account_id, d.id, d.key, d.name, d.name_en)
    rows = connection.execute(
        select(*columns).join(d, d.id == right.district_id).where(right.account_id.in_(accounts)).order_by(d.id)
    )
    by_account: dict[int, dict[str, AnyRow]] = {}
    for row in rows:
        by_account.setdefault(row.account_id, {})[row.key] = row
    return by_account


def district_rights(connection: Connection, account_id: int) -> dict[int, dict[str, int]]:
    """The rows that name the districts of an account: id → content."""
    t = AccountDistrict
    rows = connection.execute(select(t.id, t.district_id).where(t.account_id == account_id)).all()
    return {row.id: {"account_id": account_id, "district_id": row.district_id} for row in rows}


def district_ids(connection: Connection) -> dict[str, int]:
    """Key → id of every district of the city, in the order of their opening; none in a store of one district."""
    rows = connection.execute(select(CityDistrict.key, CityDistrict.id).order_by(CityDistrict.id))
    return {row.key: row.id for row in rows}


def communities_of(connection: Connection, caseworkers: Collection[int]) -> dict[int, frozenset[int]]:
    """The communities of each of these accounts; an empty set for one without."""
    if not caseworkers:
        return {}
    t = AccountCommunity
    rows = connection.execute(select(t.account_id, t.community_id).where(t.account_id.in_(caseworkers))).all()
    return {
        account: frozenset(row.community_id for row in rows if row.account_id == account) for account in caseworkers
    }


def account_communities(connection: Connection, account_id: int) -> dict[int, dict[str, int]]:
    """The rows that name the communities of an account: id → content."""
    t = AccountCommunity
    rows = connection.execute(select(t.id, t.community_id).where(t.account_id == account_id)).all()
    return {row.id: {"account_id": account_id, "community_id": row.community_id} for row in rows}


def account(connection: Connection, account_id: int) -> AnyRow | None:
    """sign_in_name, name and password_hash of an account."""
    return connection.execute(select(A.sign_in_name, A.name, A.password_hash).where(A.id == account_id)).one_or_none()


def account_by_sign_in_name(connection: Connection, sign_in_name: str) -> AnyRow | None:
    """id, name, active, is_demonstration, password_hash, failed_count and locked_until of an account."""
    columns = (A.id, A.name, A.active, A.is_demonstration, A.password_hash, A.failed_count, A.locked_until)
    return connection.execute(select(*columns).where(A.sign_in_name == sign_in_name)).one_or_none()


def account_by_subject(connection: Connection, subject: str, verified_email: str | None) -> AnyRow | None:
    """id, name and subject of the active account of someone whom the OpenID provider vouches for.

    The subject decides; a verified e-mail counts only for an account that has no subject yet.
    """
    first_time = and_(A.subject.is_(None), A.email.is_not(None), func.lower(A.email) == (verified_email or "").lower())
    wanted = select(A.id, A.name, A.subject).where(A.active, ~A.is_demonstration, or_(A.subject == subject, first_time))
    return connection.execute(wanted.order_by(A.subject.is_(None))).first()


def accounts(connection: Connection, district: str | None = None) -> Sequence[AnyRow]:
    """id, sign_in_name, name, role, active, is_demonstration, locked_until, has_password, subject and email of every account,
    or of those that may open a ``district`` of the city."""
    columns = (A.id, A.sign_in_name, A.name, A.role, A.active, A.is_demonstration, A.locked_until, A.subject, A.email)
    wanted = select(*columns, A.password_hash.is_not(None).label("has_password")).order_by(A.id)
    if district is not None:
        right = select(AccountDistrict.account_id).join(CityDistrict, CityDistrict.id == AccountDistrict.district_id)
        wanted = wanted.where(A.id.in_(right.where(CityDistrict.key == district)))
    return connection.execute(wanted).all()


def whole_accounts(connection: Connection, district: str | None = None) -> list[dict[str, Any]]:
    """Every column of every account, or of those that may open a ``district`` of the city: what moves with its rows."""
    wanted = [row.id for row in accounts(connection, district)]
    rows = connection.execute(select(Account.__table__).where(A.id.in_(wanted)).order_by(A.id)).mappings()
    return [dict(row) for row in rows]


def last_sign_ins(connection: Connection) -> dict[int, datetime]:
    """Account → when it was last signed in to; without those longer ago than ended sessions are kept."""
    t = SignInSession
    last = select(t.account_id, func.max(t.created_at).label("moment")).group_by(t.account_id)
    return {row.account_id: row.moment for row in connection.execute(last)}


def is_of_demonstration(connection: Connection, account_id: int) -> bool:
    """Whether an account opens by a click, without a password."""
    return bool(connection.scalar(select(A.is_demonstration).where(A.id == account_id)))


def has_accounts(connection: Connection) -> bool:
    """Whether anyone but the demonstration can sign in."""
    return bool(connection.scalar(select(exists().where(A.active, ~A.is_demonstration))))


def active_administrators(connection: Connection) -> set[int]:
    """Ids of the accounts that may administer, without the demonstration's."""
    return set(
        connection.scalars(select(A.id).where(A.active, ~A.is_demonstration, A.role == AccountRole.ADMINISTRATOR))
    )


def demonstration_accounts(connection: Connection) -> Sequence[AnyRow]:
    """id, name and role of the accounts that open by a click; none once the demonstration district is gone."""
    wanted = select(A.id, A.name, A.role).where(A.active, A.is_demonstration, IS_DEMONSTRATION)
    return connection.execute(wanted.order_by(A.id)).all()


def has_demonstration_accounts(connection: Connection) -> bool:
    """Whether the accounts of the demonstration were made."""
    return bool(connection.scalar(select(exists().where(A.is_demonstration))))


def link(connection: Connection, token_sha256: str, now: datetime) -> AnyRow | None:
    """id, account_id, sign_in_name and name of a link that may be used; the last three are None for the first administrator.

    The link for the first administrator ends when there is an account by another way.
    """
    t, other = OneTimeLink, aliased(Account)
    in_force = (t.token_sha256 == token_sha256, t.used_at.is_(None), t.expires_at > now)
    nobody = ~exists().where(other.active, ~other.is_demonstration)
    of_account = or_(A.active, and_(t.account_id.is_(None), nobody))
    columns = (t.id, t.account_id, A.sign_in_name, A.name)
    return connection.execute(
        select(*columns).outerjoin(A, A.id == t.account_id).where(*in_force, of_account)
    ).one_or_none()


def last_first_link(connection: Connection) -> datetime | None:
    """When the newest link for the first administrator ends, or ended; None if there never was one."""
    return connection.scalar(select(func.max(OneTimeLink.expires_at)).where(OneTimeLink.account_id.is_(None)))


def communities_with_codes(connection: Connection) -> Sequence[AnyRow]:
    """id, code and name of every community, in the order of their codes."""
    columns = (Community.id, Community.code, Community.name)
    return connection.execute(select(*columns).order_by(Community.code)).all()


def staff_of_role(connection: Connection, role: StaffRole) -> Sequence[AnyRow]:
    """id and name of the active staff of a role, in the order of their entry."""
    wanted = select(StaffMember.id, StaffMember.name).where(StaffMember.active, StaffMember.role == role)
    return connection.execute(wanted.order_by(StaffMember.id)).all()
