"""Every cache of the screens: one-line wrappers over core, keyed by the revision of the store.

Frames and models are shared between sessions and never mutated (``cache_resource``: no copy, no hashing of frames).
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from core.jobs import rows as job_rows
from core.people import rows as people_rows
from core.store import settings
from core.store.database import Database
from core.store.settings import District

# One entry a revision is in use at a time; a few more serve sessions that are mid-run during a write.
keep = st.cache_resource(show_spinner=False, max_entries=6)


@st.cache_resource(show_spinner=False)
def database() -> Database:
    return Database()


def revision() -> int:
    return database().revision()


@keep
def district(revision: int) -> District:
    with database().read() as connection:
        return settings.district(connection)


@keep
def parameters(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return settings.parameters(connection)


@keep
def staff_names(revision: int) -> list[str]:
    with database().read() as connection:
        return settings.staff_names(connection)


@keep
def people_count(revision: int) -> int:
    with database().read() as connection:
        return people_rows.count(connection)


# -- people ---------------------------------------------------------------------------------------


@keep
def people(revision: int, today: date) -> pd.DataFrame:
    with database().read() as connection:
        return people_rows.people(connection, today)


@keep
def skills(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return people_rows.skills(connection)


# -- jobs -----------------------------------------------------------------------------------------


@keep
def jobs(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return job_rows.jobs(connection)


@keep
def placements(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return job_rows.placements(connection)


# -- overview -------------------------------------------------------------------------------------

# -- job map --------------------------------------------------------------------------------------

# -- workshops ------------------------------------------------------------------------------------

# -- matching -------------------------------------------------------------------------------------

# -- enterprises ----------------------------------------------------------------------------------

# -- data -----------------------------------------------------------------------------------------
