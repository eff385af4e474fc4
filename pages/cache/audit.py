"""Caches of the audit log: what its filters offer. Its pages are read anew, by key."""

from __future__ import annotations

from datetime import date

import pandas as pd

from core.audit import queries
from core.privacy import queries as privacy
from pages.cache import people, store
from pages.cache.store import cached, cached_query, database

actors = cached_query(queries.actors)
actions = cached_query(queries.actions)
entities = cached_query(queries.entities)
count = cached_query(queries.count)


@cached
def due(revision: int, today: date, years: float) -> pd.DataFrame:
    with database().read() as connection:
        return privacy.due(connection, today, years)


def is_known(revision: int, person_id: int) -> bool:
    return bool((people.pool(revision, store.today(revision))["id"] == person_id).any())
