"""Caches of recruitment events."""

from __future__ import annotations

from datetime import date

from core.events import queries
from core.indicators import event_yields
from core.indicators.event_yields import EventYields
from pages.cache.overview import facts
from pages.cache.store import cached, cached_query

intents = cached_query(queries.intents)


@cached
def yields(revision: int, today: date) -> EventYields:
    return event_yields.event_yields(facts(revision), today)
