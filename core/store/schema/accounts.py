"""Who may sign in, with which role, and who is signed in. Tokens are stored as their SHA-256 only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.schema.base import CITY, Base, Keyed, UtcDateTime, Versioned, coded
from core.terms import AccountRole


class Account(Versioned, Base):
    """Someone who may sign in. Deactivated and not deleted, but for the demonstration, whose accounts go with its data."""

    __tablename__ = "account"
    sign_in_name: Mapped[str] = mapped_column(String(60), unique=True, comment="as typed to sign in, in lower case")
    name: Mapped[str] = mapped_column(String(40), unique=True, comment="shown, and recorded with every change")
    role: Mapped[AccountRole] = mapped_column(coded(AccountRole))
    active: Mapped[bool] = mapped_column(default=True)
    is_demonstration: Mapped[bool] = mapped_column(
        default=False, comment="opened by a click, as long as the store holds the demonstration district"
    )
    password_hash: Mapped[str | None] = mapped_column(
        String(200), info={"audited": False}, comment="Argon2id; None: no sign-in by password"
    )
    subject: Mapped[str | None] = mapped_column(String(255), unique=True, comment="at the OpenID provider")
    email: Mapped[str | None] = mapped_column(String(200), unique=True, comment="verified by the OpenID provider")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"), index=True)
    failed_count: Mapped[int] = mapped_column(
        default=0, server_default="0", info={"audited": False}, comment="wrong passwords since the last right one"
    )
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime, info={"audited": False})
    __table_args__ = ({"info": CITY},)


class AccountCommunity(Keyed, Base):
    """A community whose people a caseworker works with."""

    __tablename__ = "account_community"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), index=True)
    __table_args__ = (UniqueConstraint("account_id", "community_id"),)


class SignInSession(Keyed, Base):
    """A browser that is signed in."""

    __tablename__ = "sign_in_session"
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True, info={"audited": False})
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last action of the person, to the minute")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    district_id: Mapped[int | None] = mapped_column(
        ForeignKey("district.id"), comment="of a city: the one that was chosen last"
    )
    __table_args__ = ({"info": CITY},)


class OneTimeLink(Keyed, Base):
    """A link by which a password is chosen, once."""

    __tablename__ = "one_time_link"
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True, info={"audited": False})
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), index=True, comment="None: it makes the first administrator"
    )
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = ({"info": CITY},)
