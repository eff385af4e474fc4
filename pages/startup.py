"""Start-up work, once a process: migrate the store and, when it is empty, load the demonstration district."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import streamlit as st

from core import staff
from core.accounts.demonstration import add_demonstration_accounts
from core.accounts.queries import district_ids, has_demonstration_accounts
from core.dispatch import queries as dispatch_queries
from core.dispatch.commands import freeze_history
from core.indicators.registry import HEADLINES, INDICATORS
from core.intake import queries, seed
from core.locale import LANGUAGES, N_, translator
from core.policy import Action, system_access
from core.store import settings
from core.store.commands import command
from core.store.database import ROOT
from core.store.failures import Failure, diagnose, in_every_language
from core.store.migrate import migrate
from core.store.waiting import PAUSES, migrate_patiently
from pages import cache

__all__ = ["PAUSES", "STATE", "State", "begin", "offer_first_link", "warm"]

SAMPLE = ROOT / "sample_data"
SAMPLE_ACTOR = system_access("演示数据")
FROZEN_WEEKS = 10
FIRST_LINK = N_("Nobody can sign in yet. Open this link once to become the administrator (valid for seven days):")
RETRY_AFTER = 3.0  # seconds between looks at a store that could not be opened


@dataclass
class State:
    """Progress of the start; read by the frame and by /readyz."""

    done: int = 0
    total: int = 1
    error: Exception | None = None
    failure: Failure | None = None  # why the store can't be opened, as far as is known; the next look may find it open
    tried_at: float = float("-inf")  # of the monotonic clock
    is_ready: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    thread: threading.Thread | None = None

    def report(self, done: int, total: int) -> None:
        """Sheets loaded so far, to the page and to the terminal."""
        self.done, self.total = done, max(total, 1)
        print(f"\r  sheet {done} of {total}", end="", file=sys.stderr, flush=True)  # noqa: T201  (the terminal is meant)


STATE = State()


def begin(pauses: Sequence[float] = ()) -> State:
    """Start once; a store that needs no first load is ready when this returns.

    A store that can't be opened for a reason that has a sentence leaves ``STATE.failure``, and is tried again by a call
    that comes ``RETRY_AFTER`` later; any other error is raised. ``pauses``: how long to wait for a silent server meanwhile.
    """
    with STATE.lock:
        if STATE.thread is None and not STATE.is_ready and time.monotonic() - STATE.tried_at >= RETRY_AFTER:
            try:
                _open(pauses)
            except Exception as error:
                kind = diagnose(error)
                if kind is None:
                    raise
                if kind is not STATE.failure:
                    say(kind)
                STATE.failure, STATE.tried_at = kind, time.monotonic()
            else:
                STATE.failure = None
    return STATE


def say(kind: Failure) -> None:
    """Tell the terminal what is wrong and what to do."""
    print(*in_every_language(kind), sep="\n", file=sys.stderr, flush=True)  # noqa: T201


def _open(pauses: Sequence[float]) -> None:
    db = cache.store.city()
    assert db.key  # a key that is too short is noticed here, not in the middle of a change
    migrate_patiently(db, migrate, pauses=pauses)
    with db.read() as connection:
        is_city = bool(district_ids(connection))
        is_empty = not is_city and queries.is_empty(connection) and not settings.was_emptied(connection)
        is_without_weeks = settings.district(connection).demo and dispatch_queries.headers(connection).empty
    if wants_sample() and is_empty:
        print("Loading the demonstration district …", file=sys.stderr, flush=True)  # noqa: T201
        STATE.thread = threading.Thread(target=_load, name="first-load", daemon=True)
        STATE.thread.start()
    else:
        _complete_demonstration()
        STATE.is_ready = True
        offer_first_link()
        if wants_sample() and is_without_weeks and not is_city:  # an earlier version, or a start that was interrupted
            threading.Thread(target=_freeze_weeks, name="first-weeks", daemon=True).start()


def warm() -> None:
    """Compute once what every page needs, so that the first visitor does not wait for it; of a city, what compares its
    districts."""
    with cache.store.city().read() as connection:
        districts = list(district_ids(connection))
    if districts:
        for code in HEADLINES:
            cache.districts.standings(dict.fromkeys(districts, ""), code)
        return
    revision = cache.store.revision()
    today = cache.store.today(revision)
    if cache.store.people_count(revision):
        for code in INDICATORS:
            cache.overview.tile(revision, today, code)
        for prepare in (
            cache.overview.funnel,
            cache.overview.pool_reconciliation,
            cache.overview.cohorts,
            cache.overview.findings,
            cache.overview.figures,
            cache.people.pool,
            cache.matching.pool,
            cache.workshops.states,
        ):
            prepare(revision, today)
        cache.enterprises.board(revision, today)


def _freeze_weeks() -> None:
    """The last weeks of the demonstration district, as their meetings would have frozen them."""
    db = cache.store.city()
    with db.read() as connection:
        last_day = settings.district(connection).as_of
    if last_day is not None:
        freeze_history(db, last_day, count=FROZEN_WEEKS, actor=SAMPLE_ACTOR, at=datetime.now(UTC))


def _complete_demonstration() -> None:
    """Give the demonstration of an earlier version the accounts that it was loaded without."""
    db = cache.store.city()
    with db.read() as connection:
        is_complete = has_demonstration_accounts(connection) or not settings.district(connection).demo
    if not is_complete:
        with command(db, actor=SAMPLE_ACTOR, action=Action.ADD_ACCOUNT, at=datetime.now(UTC)) as change:
            add_demonstration_accounts(change)


def offer_first_link() -> None:
    """Print the link for the first administrator, while nobody can sign in."""
    db = cache.store.city()
    with db.read() as connection:
        if settings.district(connection).demo:
            return
    address = staff.public_url(f"http://{st.get_option('browser.serverAddress')}:{st.get_option('server.port')}")
    link = staff.first_link(db, address, datetime.now(UTC))
    if link is not None:
        tr_zh, tr_en = (translator(lang)(FIRST_LINK) for lang in LANGUAGES)
        print(f"\n  {tr_zh}\n  {tr_en}\n\n  {link}\n", file=sys.stderr, flush=True)  # noqa: T201


def wants_sample() -> bool:
    """``SAMPLE=0`` starts with an empty store."""
    return os.environ.get("SAMPLE", "1") != "0"


def _load() -> None:
    try:
        seed.seed_sample(cache.store.city(), SAMPLE, actor=SAMPLE_ACTOR, at=datetime.now(UTC), progress=STATE.report)
        print("\nReady.", file=sys.stderr, flush=True)  # noqa: T201
        STATE.is_ready = True
        warm()
        _freeze_weeks()
        warm()  # freezing raised the revision, by which every cache is keyed
    except Exception as error:
        STATE.error, STATE.failure = error, diagnose(error)
        if STATE.failure is None:
            raise
        say(STATE.failure)
