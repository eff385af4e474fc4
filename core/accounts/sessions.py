"""Sessions: a browser holds a random token, the store knows whose it is and whether it still counts.

Whether a session is in force is asked of the store each time, so that a sign-out, a deactivation or a new role acts at
once, also in other tabs and other processes. Nothing here raises the revision: no page computes from sessions.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from core.accounts import queries
from core.accounts.tokens import digest, new_token
from core.policy import Access, Action
from core.store.commands import Change, command
from core.store.database import Database
from core.store.schema import SignInSession

__all__ = ["ABSOLUTE", "IDLE", "Session", "choose", "create", "end", "end_all", "find", "in_force", "resolve", "touch"]

ABSOLUTE = timedelta(hours=12)
"""A working day with its evening: the next morning everybody signs in again."""
IDLE = timedelta(hours=1)
"""An abandoned desk signs itself out. An open page that refreshes itself does not count as use. A leader's session has no
such limit: it shows aggregates, and may hang on a wall all day."""
TOUCH = timedelta(minutes=1)
"""The last use is stored this exactly: a write a minute and person."""
KEPT = timedelta(days=30)
"""Rows of ended sessions are deleted after this time; the audit log keeps that there was a sign-in."""


@dataclass(frozen=True)
class Session:
    """A session in force."""

    id: int
    access: Access
    last_seen_at: datetime
    districts: tuple[str, ...] = ()  # of a city: keys of those that it may open

    @property
    def rights(self) -> tuple[Access, tuple[str, ...]]:
        """What is asked of it wherever it is: its access, of a city without the district that happens to be chosen."""
        if self.access.district is None:
            return self.access, ()
        return replace(self.access, district=None, communities=None), self.districts


def create(change: Change, account_id: int, name: str, *, method: str, address: str) -> str:
    """Sign an account in, inside a command that does not raise the revision; returns the token for the cookie.

    ``method``: 'password', 'link', 'openid' or 'demonstration', for the audit log, as ``address``.
    """
    token = new_token()
    now = change.at
    change.session.execute(delete(SignInSession).where(SignInSession.expires_at < now - KEPT))
    change.session.add(
        SignInSession(
            token_sha256=digest(token),
            account_id=account_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + ABSOLUTE,
        )
    )
    change.record("account", account_id, {"event": "sign_in", "name": name, "method": method, "address": address})
    return token


def find(db: Database, token: str, now: datetime, *, district: str | None = None) -> Session | None:
    """The session of a token; None if it never was, is over, or its account may no longer sign in.

    ``district``: of a city, the one to act in if the account may open it; else the one that was chosen last.
    """
    if not token:
        return None
    with db.city.read() as connection:
        rows = queries.sessions(
            connection, now=now, idle_since=now - IDLE, token_sha256=digest(token), district=district
        )
    return next(
        (Session(key, _in_district(db, access), seen, open_to) for key, (access, seen, open_to) in rows.items()), None
    )


def resolve(db: Database, token: str, now: datetime, *, district: str | None = None) -> Access | None:
    """Who acts with this token, and in which ``district`` of a city; None: nobody."""
    session = find(db, token, now, district=district)
    return session.access if session is not None else None


def in_force(db: Database, ids: Collection[int], now: datetime) -> dict[int, Session]:
    """Those of the sessions that still count, with what they may do now."""
    with db.city.read() as connection:
        rows = queries.sessions(connection, now=now, idle_since=now - IDLE, ids=ids)
    return {key: Session(key, access, seen, open_to) for key, (access, seen, open_to) in rows.items()}


def _in_district(db: Database, access: Access) -> Access:
    """``access`` with the communities of a caseworker as the district of a city has them."""
    if not access.district or access.communities is None or access.account_id is None:
        return access
    with db.of(access.district).read() as connection:
        own = queries.communities_of(connection, [access.account_id])
    return replace(access, communities=own[access.account_id])


def choose(db: Database, token: str, district: str, now: datetime) -> None:
    """Remember the district of a city that the session opens first from now on; one that is not open to it is ignored."""
    session = find(db, token, now, district=district)
    if session is None or session.access.district != district:
        return
    with db.city.write(raises_revision=False) as change:
        ids = queries.district_ids(change.connection())
        change.execute(update(SignInSession).where(SignInSession.id == session.id).values(district_id=ids[district]))


def touch(db: Database, session_id: int, now: datetime) -> None:
    """Store that the person has just done something."""
    with db.city.write(raises_revision=False) as session:
        session.execute(update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=now))


def end(db: Database, token: str, now: datetime) -> None:
    """Sign out; a token that no longer counts is left alone."""
    session = find(db, token, now)
    if session is None:
        return
    actor = session.access  # of a city: written down in its own log, which knows no communities
    if actor.district and actor.communities is not None:
        actor = replace(actor, communities=frozenset())
    with command(db.city, actor=actor, action=Action.SIGN_OUT, at=now, raises_revision=False) as change:
        change.session.execute(update(SignInSession).where(SignInSession.id == session.id).values(ended_at=now))
        change.record("account", session.access.account_id or 0, {"event": "sign_out"})


def end_all(change: Change, account_id: int) -> None:
    """End every session of an account, inside a command."""
    own = (SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
    change.session.execute(update(SignInSession).where(*own).values(ended_at=change.at))
