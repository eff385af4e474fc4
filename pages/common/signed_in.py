"""Who looks at this page: the session that the browser's cookie names, asked of the store in each run."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.accounts import sessions
from core.policy import Access
from pages import cache
from pages.sign_in.cookie import COOKIE

__all__ = ["access", "sign_out", "token"]


def token() -> str:
    """What the browser has to show; empty without a cookie."""
    return str(st.context.cookies.get(COOKIE, ""))


def access() -> Access | None:
    """Who acts in this run; None once the session is over."""
    return sessions.resolve(cache.store.database(), token(), datetime.now(UTC))


def sign_out() -> None:
    """End the session; open pages of it leave by themselves."""
    sessions.end(cache.store.database(), token(), datetime.now(UTC))
