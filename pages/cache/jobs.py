"""Caches of jobs and placements."""

from __future__ import annotations

import pandas as pd

from core.jobs import queries as jobs_queries
from pages.cache.store import cached, database


@cached
def jobs(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return jobs_queries.jobs(connection)


@cached
def placements(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return jobs_queries.placements(connection)
