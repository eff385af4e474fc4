"""Who is signed in. Provisional: one dispatcher for everybody, until accounts and sessions decide it."""

from __future__ import annotations

import os

from core.policy import Access
from core.terms import AccountRole

__all__ = ["access"]


def access() -> Access | None:
    """Who looks at this run; None where nobody is signed in. ``ROLE`` names another role than the dispatcher."""
    role = AccountRole.of(os.environ.get("ROLE", AccountRole.DISPATCHER.value))
    return Access(account_id=None, name=role.zh, role=role, communities=None)
