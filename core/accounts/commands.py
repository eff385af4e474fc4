"""Changes of accounts, each inside an audited command.

with command(db, actor=access, action=Action.ADD_ACCOUNT, at=now) as change:
    add(change, NewAccount("xu.xiaoman", "许小满", AccountRole.CASEWORKER, communities=(3, 4)))
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from core.accounts import queries
from core.accounts.passwords import hash_password
from core.accounts.sessions import end_all
from core.accounts.tokens import digest, new_token
from core.locale import N_, Translator
from core.store.commands import Change, CommandRefused, NotFound
from core.store.database import Database
from core.store.schema import Account, AccountCommunity, AccountDistrict, OneTimeLink
from core.terms import AccountRole

__all__ = [
    "AccountRefused",
    "NewAccount",
    "UsableLink",
    "activate",
    "add",
    "deactivate",
    "first_link",
    "keep_from_the_demonstration",
    "link_for",
    "normal",
    "set_password",
    "set_role",
    "usable_link",
    "use_link",
]

LINK_LASTS = timedelta(hours=24)
FIRST_LINK_LASTS = timedelta(days=7)

TAKEN = N_("There is an account with this name already.")
LAST = N_("This is the last administrator; add another one first.")
DEMONSTRATION = N_("Anybody can open the demonstration: its administrator changes no accounts.")
EMPTY = N_("A sign-in name and a name are needed.")
LONG = N_("The name is too long.")
ELSEWHERE = N_("This account belongs to another district as well: whoever runs the city's server can change it.")


class AccountRefused(CommandRefused):
    """The change can't be made; ``reason`` is a sentence of the catalogue."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def sentence(self, tr: Translator) -> str:
        """Why, in the language of the reader."""
        return tr(self.reason)


@dataclass(frozen=True)
class NewAccount:
    """What an account is made of. ``communities``: ids of those that a caseworker works with."""

    sign_in_name: str
    name: str
    role: AccountRole
    communities: Collection[int] = ()
    email: str | None = None
    subject: str | None = None
    staff_id: int | None = None
    is_demonstration: bool = False


def normal(sign_in_name: str) -> str:
    """A sign-in name as it is stored and compared: compatible forms, case and outer blanks make no difference."""
    return unicodedata.normalize("NFKC", sign_in_name).strip().casefold()


def add(change: Change, new: NewAccount) -> int:
    """A new account without a password (see ``link_for``); returns its id. Raises AccountRefused.

    One that is added in a district of a city may open that district.
    """
    keep_from_the_demonstration(change)
    sign_in_name, name = normal(new.sign_in_name), new.name.strip()
    if not sign_in_name or not name:
        raise AccountRefused(EMPTY)
    if len(sign_in_name) > 60 or len(name) > 40:
        raise AccountRefused(LONG)
    known = queries.accounts(change.session.connection())
    if any(sign_in_name == row.sign_in_name or name == row.name for row in known):
        raise AccountRefused(TAKEN)
    account_id = int(
        change.add(
            Account(
                sign_in_name=sign_in_name,
                name=name,
                role=new.role,
                active=True,
                is_demonstration=new.is_demonstration,
                email=new.email.strip().lower() if new.email else None,
                subject=new.subject,
                staff_id=new.staff_id,
                failed_count=0,
            )
        )
    )
    if change.district is not None:
        district_id = queries.district_ids(change.session.connection())[change.district]
        change.add(AccountDistrict(account_id=account_id, district_id=district_id))
    _set_communities(change, account_id, new.role, new.communities)
    return account_id


def set_role(change: Change, account_id: int, role: AccountRole, communities: Collection[int] = ()) -> None:
    """Another role, and the communities of a caseworker. Acts in open pages at once. Raises AccountRefused, NotFound."""
    keep_from_the_demonstration(change)
    _keep_to_own_districts(change, account_id)
    if role is not AccountRole.ADMINISTRATOR:
        _keep_an_administrator(change, account_id)
    change.edit(Account, account_id, {"role": role})
    _set_communities(change, account_id, role, communities)


def deactivate(change: Change, account_id: int) -> None:
    """No more sign-in, and every session ends. Raises AccountRefused for the last administrator, NotFound."""
    keep_from_the_demonstration(change)
    _keep_to_own_districts(change, account_id)
    _keep_an_administrator(change, account_id)
    change.edit(Account, account_id, {"active": False})
    end_all(change, account_id)


def activate(change: Change, account_id: int) -> None:
    """Allow sign-in again."""
    keep_from_the_demonstration(change)
    _keep_to_own_districts(change, account_id)
    change.edit(Account, account_id, {"active": True})


def set_password(change: Change, account_id: int, password: str) -> None:
    """Another password, which has passed ``passwords.fault``; every session of the account ends, a lock-out too."""
    change.edit(
        Account, account_id, {"password_hash": hash_password(password), "failed_count": 0, "locked_until": None}
    )
    end_all(change, account_id)


def link_for(change: Change, account_id: int | None) -> str:
    """The token of a link, valid once, by which the person chooses a password; None: the first administrator.

    Links made before for the same person end. Raises AccountRefused.
    """
    keep_from_the_demonstration(change)
    if account_id is not None:
        _keep_to_own_districts(change, account_id)
    own = OneTimeLink.account_id.is_(None) if account_id is None else OneTimeLink.account_id == account_id
    change.session.execute(update(OneTimeLink).where(own, OneTimeLink.used_at.is_(None)).values(used_at=change.at))
    if account_id is None:
        earlier = queries.last_first_link(change.session.connection())
        expires_at = change.at + FIRST_LINK_LASTS
        if earlier is not None:  # each has a moment of its own, from which its token follows
            expires_at = max(expires_at, earlier + timedelta(microseconds=1))
        token = _first_token(change, expires_at)
    else:
        expires_at, token = change.at + LINK_LASTS, new_token()
    change.add(OneTimeLink(token_sha256=digest(token), account_id=account_id, expires_at=expires_at))
    return token


def first_link(change: Change) -> str:
    """The token of the link for the first administrator: the one in force, else a new one.

    So processes that start on one store, or one that starts again, print the same link.
    """
    expires_at = queries.last_first_link(change.session.connection())
    if expires_at is not None:
        token = _first_token(change, expires_at)
        if queries.link(change.session.connection(), digest(token), change.at) is not None:
            return token
    return link_for(change, None)  # none, or it was made under another server key


@dataclass(frozen=True)
class UsableLink:
    """A link that may be used; without account it makes the first administrator."""

    id: int
    account_id: int | None
    sign_in_name: str | None
    name: str | None


def usable_link(db: Database, token: str, now: datetime) -> UsableLink | None:
    """The link of a token; None if it was used, is too old, or never was."""
    with db.read() as connection:
        row = queries.link(connection, digest(token), now)
    return None if row is None else UsableLink(row.id, row.account_id, row.sign_in_name, row.name)


def use_link(change: Change, token: str, password: str, new: NewAccount | None = None) -> int:
    """Set the password, or make the first administrator ``new`` with it; the link is then used up.

    Returns the id of the account. Raises NotFound for a link that may not be used, AccountRefused.
    """
    row = queries.link(change.session.connection(), digest(token), change.at)
    if row is None or (row.account_id is None and new is None):
        raise NotFound("one-time link")
    change.edit(OneTimeLink, row.id, {"used_at": change.at})
    account_id = int(row.account_id) if row.account_id is not None else add(change, new)  # type: ignore[arg-type]
    set_password(change, account_id, password)
    return account_id


def _first_token(change: Change, expires_at: datetime) -> str:
    """As hard to guess as the server's key, and the same in every process that has it; the store holds a hash alone."""
    message = f"link for the first administrator until {expires_at.astimezone(UTC).isoformat()}"
    return hmac.new(change.key, message.encode(), "sha256").hexdigest()


def keep_from_the_demonstration(change: Change) -> None:
    """Refuse a change by an account that anybody opens by a click: it would outlive the demonstration as a back door."""
    own = change.access.account_id
    if own is not None and queries.is_of_demonstration(change.session.connection(), own):
        raise AccountRefused(DEMONSTRATION)


def _keep_to_own_districts(change: Change, account_id: int) -> None:
    """Refuse a change, in a district of a city, of an account of another one, or of one that is also at home in districts
    which who acts may not open."""
    own = change.access.account_id
    if change.district is None or own is None:
        return
    open_to = queries.districts_of(change.session.connection(), {account_id, own})
    theirs = open_to.get(account_id, {}).keys()
    if change.district not in theirs or not theirs <= open_to.get(own, {}).keys():
        raise AccountRefused(ELSEWHERE)


def _keep_an_administrator(change: Change, account_id: int) -> None:
    """Refuse to take the role from the last administrator: nobody could give it back on a screen."""
    if change.session.get(Account, account_id) is None:
        raise NotFound(f"account {account_id}")
    if queries.active_administrators(change.session.connection()) == {account_id}:
        raise AccountRefused(LAST)


def _set_communities(change: Change, account_id: int, role: AccountRole, communities: Collection[int]) -> None:
    wanted = set(communities) if role is AccountRole.CASEWORKER else set()
    stored = queries.account_communities(change.session.connection(), account_id)
    gone = {key: row for key, row in stored.items() if row["community_id"] not in wanted}
    change.remove_all(AccountCommunity, list(gone.items()))
    new = sorted(wanted - {row["community_id"] for row in stored.values()})
    change.add_all(AccountCommunity, [{"account_id": account_id, "community_id": each} for each in new])
