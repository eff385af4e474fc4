"""Sign in by password, or as someone whom the OpenID provider or the demonstration vouches for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import update

from core.accounts import queries, sessions
from core.accounts.commands import NewAccount, normal, set_password, usable_link, use_link
from core.accounts.passwords import hash_password, is_right, needs_rehash
from core.accounts.throttle import Throttle
from core.locale import N_, Translator
from core.policy import Action, system_access
from core.store.commands import Change, NotFound, command
from core.store.database import Database
from core.store.schema import Account

__all__ = [
    "ATTEMPTS",
    "LOCK",
    "Refusal",
    "SignInRefused",
    "Throttles",
    "by_demonstration",
    "by_link",
    "by_openid",
    "by_password",
    "with_new_password",
]

ATTEMPTS = 5
LOCK = timedelta(minutes=15)
"""Five wrong passwords lock a name for a quarter of an hour: 480 guesses a day, and a person need not call anyone."""
ADDRESS_ATTEMPTS = 30
"""From one address, which a whole office may share, within the same time."""


class Refusal(Enum):
    """Why nobody was signed in."""

    WRONG = "wrong"
    LOCKED = "locked"
    BUSY_ADDRESS = "busy_address"
    UNKNOWN_PERSON = "unknown_person"
    CLOSED = "closed"


SENTENCES = {
    Refusal.WRONG: N_("Name or password is wrong."),
    Refusal.LOCKED: N_(
        "Too many wrong passwords: this name is locked until {time}. An administrator can send a new link at once."
    ),
    Refusal.BUSY_ADDRESS: N_("Too many failed sign-ins from this address. Try again after {time}."),
    Refusal.UNKNOWN_PERSON: N_(
        "The identity provider knows you, this system does not: ask an administrator to add {who} to the accounts."
    ),
    Refusal.CLOSED: N_("The demonstration is closed: this system holds real data. Sign in with your own name."),
}


class SignInRefused(Exception):
    """Nobody was signed in."""

    def __init__(self, refusal: Refusal, until: datetime | None = None, who: str = "") -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.until = until
        self.who = who

    def sentence(self, tr: Translator) -> str:
        """Why, and from when on it may be tried again."""
        time = "" if self.until is None else tr.time(self.until + timedelta(minutes=1))[-5:]  # the next full minute
        return tr(SENTENCES[self.refusal], time=time, who=self.who)


@dataclass(frozen=True)
class Throttles:
    """What this process remembers of failures: by address, and by names that no account has."""

    addresses: Throttle
    unknown_names: Throttle

    @classmethod
    def new(cls) -> Throttles:
        """With the limits of this module."""
        return cls(Throttle(ADDRESS_ATTEMPTS, LOCK), Throttle(ATTEMPTS, LOCK))


def by_password(
    db: Database, throttles: Throttles, *, sign_in_name: str, password: str, address: str, now: datetime
) -> str:
    """The token of a new session. Raises SignInRefused, alike for a wrong password and a name that nobody has."""
    account = _verified(db, throttles, sign_in_name, password, address, now)
    with _signing_in(db, account.name, now) as change:
        values: dict[str, Any] = {"failed_count": 0, "locked_until": None}
        if needs_rehash(account.password_hash):
            values["password_hash"] = hash_password(password)
        change.session.execute(update(Account).where(Account.id == account.id).values(**values))
        return sessions.create(change, account.id, account.name, method="password", address=address)


def with_new_password(
    db: Database, throttles: Throttles, *, sign_in_name: str, old: str, new: str, address: str, now: datetime
) -> str:
    """Change a password; the token of the only session that is left. Raises SignInRefused for a wrong old one."""
    account = _verified(db, throttles, sign_in_name, old, address, now)
    with command(db, actor=system_access(account.name), action=Action.SET_PASSWORD, at=now) as change:
        set_password(change, account.id, new)
        return sessions.create(change, account.id, account.name, method="password", address=address)


def by_link(db: Database, *, token: str, password: str, first: NewAccount | None, address: str, now: datetime) -> str:
    """Use a one-time link up; the token of a new session. Raises NotFound, AccountRefused."""
    link = usable_link(db, token, now)
    name = link.name if link is not None and link.name is not None else (first.name if first is not None else "")
    if link is None or not name.strip():
        raise NotFound("one-time link")
    with command(db, actor=system_access(name), action=Action.USE_LINK, at=now) as change:
        account_id = use_link(change, token, password, first)
        return sessions.create(change, account_id, name, method="link", address=address)


def _verified(
    db: Database, throttles: Throttles, sign_in_name: str, password: str, address: str, now: datetime
) -> queries.AnyRow:
    """The account of a name with its right password; counts a failure. Raises SignInRefused."""
    until = throttles.addresses.blocked_until(address, now)
    if until is not None:
        raise SignInRefused(Refusal.BUSY_ADDRESS, until)
    name = normal(sign_in_name)
    with db.read() as connection:
        account = queries.account_by_sign_in_name(connection, name)
    locked_until = throttles.unknown_names.blocked_until(name, now) if account is None else account.locked_until
    if locked_until is not None and locked_until > now:
        raise SignInRefused(Refusal.LOCKED, locked_until)
    usable = account is not None and account.active and not account.is_demonstration
    if is_right(account.password_hash if account is not None and usable else None, password) and account is not None:
        return account
    throttles.addresses.failed(address, now)
    locked_until = _note_failure(db, account, address, now)
    if account is None:
        throttles.unknown_names.failed(name, now)
        locked_until = throttles.unknown_names.blocked_until(name, now)
    raise SignInRefused(Refusal.WRONG if locked_until is None else Refusal.LOCKED, locked_until)


def by_openid(db: Database, *, subject: str, verified_email: str | None, who: str, address: str, now: datetime) -> str:
    """The token of a new session for a person of the OpenID provider; the role is the one of our own account.

    An account that is named by e-mail learns the subject at the first sign-in. Raises SignInRefused.
    """
    with db.read() as connection:
        account = queries.account_by_subject(connection, subject, verified_email)
    if account is None:
        with command(
            db, actor=system_access("-"), action=Action.SIGN_IN_FAILED, at=now, raises_revision=False
        ) as change:
            change.record("account", "-", {"event": "unknown_person", "subject": subject[:255], "address": address})
        raise SignInRefused(Refusal.UNKNOWN_PERSON, who=who)
    with _signing_in(db, account.name, now) as change:
        if account.subject is None:
            change.edit(Account, account.id, {"subject": subject})
        return sessions.create(change, account.id, account.name, method="openid", address=address)


def by_demonstration(db: Database, *, account_id: int, address: str, now: datetime) -> str:
    """The token of a new session for an account of the demonstration. Raises SignInRefused once that is closed."""
    with db.read() as connection:
        account = next((row for row in queries.demonstration_accounts(connection) if row.id == account_id), None)
    if account is None:
        raise SignInRefused(Refusal.CLOSED)
    with _signing_in(db, account.name, now) as change:
        return sessions.create(change, account.id, account.name, method="demonstration", address=address)


def _signing_in(db: Database, name: str, now: datetime) -> Any:
    return command(db, actor=system_access(name), action=Action.SIGN_IN, at=now, raises_revision=False)


def _note_failure(db: Database, account: queries.AnyRow | None, address: str, now: datetime) -> datetime | None:
    """Count and log a failure; returns until when the account is locked by it.

    A name that nobody has is not written down: it may be a password in the wrong box.
    """
    if account is None:
        with command(
            db, actor=system_access("-"), action=Action.SIGN_IN_FAILED, at=now, raises_revision=False
        ) as change:
            change.record("account", "-", {"event": "unknown_name", "address": address})
        return None
    with command(
        db, actor=system_access(account.name), action=Action.SIGN_IN_FAILED, at=now, raises_revision=False
    ) as change:
        row = change.session.get_one(Account, account.id)
        is_over = row.locked_until is not None and row.locked_until <= now
        count = 1 if is_over else row.failed_count + 1
        until = now + LOCK if count >= ATTEMPTS else None
        _set_failures(change, account.id, count, until)
        facts = {"event": "wrong_password", "address": address}
        change.record("account", account.id, facts if until is None else facts | {"locked_until": until.isoformat()})
    return until


def _set_failures(change: Change, account_id: int, count: int, until: datetime | None) -> None:
    statement = update(Account).where(Account.id == account_id)
    change.session.execute(statement.values(failed_count=count, locked_until=until))
