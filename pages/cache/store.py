"""Caches of the store itself, its settings and parameters."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar, cast

import streamlit as st

from core.locale import BUREAU_ZONE
from core.people import queries as people_queries
from core.store import settings
from core.store.database import Database

Result = TypeVar("Result")

# One entry a revision is in use at a time; a few more serve sessions that are mid-run during a write.
cached = st.cache_resource(show_spinner=False, max_entries=6)


@st.cache_resource(show_spinner=False)
def database() -> Database:
    return Database()


def revision() -> int:
    return database().revision()


def cached_query(query: Callable[[Any], Result]) -> Callable[[int], Result]:
    """``query(connection)`` of a ``queries.py`` as a cached function of the revision.

    jobs = cached_query(queries.jobs)       # jobs(view.revision)
    """

    def read(revision: int) -> Result:
        with database().read() as connection:
            return query(connection)

    functools.update_wrapper(read, query)
    del read.__dict__["__wrapped__"]  # the cache looks at the signature: a revision, not a connection
    return cast("Callable[[int], Result]", cached(read))


district = cached_query(settings.district)


def today(revision: int) -> date:
    """The district's own day: its last one for the demonstration data, else the date in Shandong."""
    return district(revision).as_of or datetime.now(BUREAU_ZONE).date()


parameters = cached_query(settings.parameters)


def min_count_outside(revision: int, day: date) -> int:
    """The smallest count of persons that may leave the bureau."""
    return round(settings.parameter(parameters(revision), "small_count_outside", day))


staff_names = cached_query(settings.staff_names)


people_count = cached_query(people_queries.count)
