"""People who act in tests, a function for each role: ``dispatcher("李明")``."""

from __future__ import annotations

from collections.abc import Iterable

from core.policy import Access
from core.terms import AccountRole

__all__ = ["acting", "administrator", "caseworker", "dispatcher", "enterprise_officer"]


def acting(role: AccountRole, name: str = "李明", communities: Iterable[int] | None = None) -> Access:
    """Somebody with a role, outside the accounts of the store; ``communities`` None: all of them."""
    return Access(None, name, role, None if communities is None else frozenset(communities))


def caseworker(name: str = "李明", communities: Iterable[int] | None = None) -> Access:
    """A caseworker of some communities, or of all."""
    return acting(AccountRole.CASEWORKER, name, communities)


def dispatcher(name: str = "李明") -> Access:
    """Somebody who runs the meeting and works with everyone's rows."""
    return acting(AccountRole.DISPATCHER, name)


def enterprise_officer(name: str = "李明") -> Access:
    """Somebody who works with employers and workshops."""
    return acting(AccountRole.ENTERPRISE_OFFICER, name)


def administrator(name: str = "李明") -> Access:
    """Somebody who imports, sets parameters and empties."""
    return acting(AccountRole.ADMINISTRATOR, name)
