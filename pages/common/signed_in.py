"""Who looks at this page: the session that the browser's cookie names, asked of the store in each run."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.accounts import queries, sessions
from core.policy import Access
from pages import cache
from pages.common.query_params import query_param
from pages.sign_in.cookie import COOKIE

__all__ = ["access", "choose", "districts", "sign_out", "token"]


def token() -> str:
    """What the browser has to show; empty without a cookie."""
    return str(st.context.cookies.get(COOKIE, ""))


def access() -> Access | None:
    """Who acts in this run; None once the session is over.

    In a city, in the district that the address names or this page has shown before, if it is open to them; else in the
    one they chose last.
    """
    wanted = query_param("district") or cache.store.district_key()
    return sessions.resolve(cache.store.city(), token(), datetime.now(UTC), district=wanted)


def districts(access: Access) -> dict[str, queries.AnyRow]:
    """The districts of the city that are open to ``access``: key → name and name_en; none in a store of one district."""
    if access.district is None or access.account_id is None:
        return {}
    with cache.store.city().read() as connection:
        return queries.districts_of(connection, [access.account_id]).get(access.account_id, {})


def choose(district: str) -> None:
    """Remember the district with the session: new windows open it first."""
    sessions.choose(cache.store.city(), token(), district, datetime.now(UTC))


def sign_out() -> None:
    """End the session; open pages of it leave by themselves."""
    sessions.end(cache.store.city(), token(), datetime.now(UTC))
