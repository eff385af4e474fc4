"""Caches of the store itself, its settings and parameters."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from core.people import queries as people_queries
from core.store import settings
from core.store.database import Database
from core.store.settings import District

# One entry a revision is in use at a time; a few more serve sessions that are mid-run during a write.
cached = st.cache_resource(show_spinner=False, max_entries=6)


@st.cache_resource(show_spinner=False)
def database() -> Database:
    return Database()


def revision() -> int:
    return database().revision()


@cached
def district(revision: int) -> District:
    with database().read() as connection:
        return settings.district(connection)


def today(revision: int) -> date:
    """The district's own day: its last one for the demonstration data, else the date in Shandong."""
    return district(revision).as_of or datetime.now(ZoneInfo("Asia/Shanghai")).date()


@cached
def parameters(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return settings.parameters(connection)


@cached
def staff_names(revision: int) -> list[str]:
    with database().read() as connection:
        return settings.staff_names(connection)


@cached
def people_count(revision: int) -> int:
    with database().read() as connection:
        return people_queries.count(connection)
