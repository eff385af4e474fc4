"""Caches of the store itself, its settings and parameters; which store that is, in a city of many districts.

A run of a page, or whatever runs ``within`` a district, has that district's store from ``database()`` and results of its
own from every cached function. Where there is one district, there is nothing to choose and nothing of this is noticed.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, TypeVar, cast
from weakref import WeakValueDictionary

import cachetools
import pandas as pd
from cachetools import LRUCache
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.locale import BUREAU_ZONE
from core.people import queries as people_queries
from core.store import settings
from core.store.database import Database

Result = TypeVar("Result")
Function = TypeVar("Function", bound=Callable[..., Any])

MOST = 6  # one entry a revision is in use at a time; a few more serve sessions that are mid-run during a write
MOST_SESSIONS = (
    10_000  # of open pages whose districts are known; the oldest are forgotten, and ask again in their next run
)


_kept: list[Any] = []  # for each cached function, its caches by district


class _Work:
    """Which district is worked in: by what runs ``within`` one, and by the session of a page."""

    within: ContextVar[str | None] = ContextVar("district", default=None)
    by_session: dict[str, str] = {}
    is_city = False  # once any district was entered


def district_key() -> str | None:
    """Key of the district of a city that is worked in; None in a store of one district, and for the city itself."""
    if not _Work.is_city:
        return None
    key = _Work.within.get()
    if key is not None:
        return key
    run = get_script_run_ctx(suppress_warning=True)
    return None if run is None else _Work.by_session.get(run.session_id)


@contextmanager
def within(key: str | None) -> Iterator[None]:
    """Work in a district, whatever the page shows; None changes nothing."""
    if key is None:
        yield
        return
    _Work.is_city = True
    token = _Work.within.set(key)
    try:
        yield
    finally:
        _Work.within.reset(token)


def enter(key: str | None) -> None:
    """Let the session of this page work in a district from now on, in its fragments and callbacks as well; None: in none.

    Not kept in ``st.session_state``, where Streamlit may end a run at every look: a command looks here.
    """
    run = get_script_run_ctx(suppress_warning=True)
    if run is None or (key is None and not _Work.is_city):
        return
    _Work.by_session.pop(run.session_id, None)
    if key is not None:
        _Work.is_city = True
        _Work.by_session[run.session_id] = key
        if len(_Work.by_session) > MOST_SESSIONS:
            _Work.by_session.pop(next(iter(_Work.by_session)))


def cached(function: Function | None = None, *, max_entries: int = MOST) -> Any:
    """``function(revision, …)`` with its last results kept for all sessions, apart for each district of a city.

    Every cache of the pages is made by this: two districts may well be at the same revision. Arguments are told apart by
    equality. Whoever asks for what is being computed waits for it.
    """
    if function is None:
        return functools.partial(cached, max_entries=max_entries)
    own = function

    @cachetools.cached({}, lock=threading.Lock())
    def of_district(_: str | None) -> Callable[..., Any]:
        return cachetools.cached(LRUCache(max_entries), condition=threading.Condition())(own)

    @functools.wraps(own)
    def read(*args: Any, **named: Any) -> Any:
        return of_district(district_key())(*args, **named)

    _kept.append(of_district)
    return read


def forget() -> None:
    """Forget every result and the store itself: what is asked for next comes from the store that ``DATABASE_URL`` names."""
    for of_district in _kept:
        of_district.cache_clear()
    city.cache_clear()


@cachetools.cached({}, condition=threading.Condition())
def city() -> Database:
    """The store behind ``DATABASE_URL``: of one district, or of the city with its accounts and sessions."""
    return Database()


def database() -> Database:
    """The store that is worked in: the only one, or that of a district of the city."""
    key = district_key()
    return city() if key is None else city().of(key)


def revision() -> int:
    return database().revision()


def lasting(function: Function) -> Function:
    """``function(revision, …)`` whose frame stays the same object from one revision to the next while its values stay, and
    with it all that is kept by identity."""
    newest: WeakValueDictionary[Hashable, pd.DataFrame] = WeakValueDictionary()  # by district and further arguments

    @functools.wraps(function)
    def read(revision: int, *args: Hashable) -> Any:
        result = function(revision, *args)
        if not isinstance(result, pd.DataFrame):
            return result
        key = (district_key(), *args)
        known = newest.get(key)
        if known is not None and _is_same(known, result):
            return known
        newest[key] = result
        return result

    return cast("Function", read)


def _is_same(known: pd.DataFrame, new: pd.DataFrame) -> bool:
    """Whether the frames hold the same values of the same types; in columns of objects that can't be told."""
    return "object" not in map(str, known.dtypes) and known.equals(new)


def cached_query(query: Callable[[Any], Result]) -> Callable[[int], Result]:
    """``query(connection)`` of a ``queries.py`` as a cached and ``lasting`` function of the revision.

    jobs = cached_query(queries.jobs)       # jobs(view.revision)
    """

    def read(revision: int) -> Result:
        with database().read() as connection:
            return query(connection)

    functools.update_wrapper(read, query)
    del read.__dict__["__wrapped__"]  # the cache looks at the signature: a revision, not a connection
    return cast("Callable[[int], Result]", cached(lasting(read)))


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
