"""Who acts in the system: the name, the role, and the people whose rows that role works with."""

from __future__ import annotations

from dataclasses import dataclass

from core.terms import AccountRole

__all__ = ["Access"]


@dataclass(frozen=True)
class Access:
    """Someone who is signed in. Everything that a page shows or a command changes is decided by these facts."""

    account_id: int | None  # None: a command line or the first load, which stand outside the accounts
    name: str
    role: AccountRole
    communities: frozenset[int] | None  # ids of the communities whose people they work with; None: all of them
