"""Caches of jobs and placements."""

from __future__ import annotations

import pandas as pd

from core.jobs import rows as job_rows
from pages.cache.store import database, keep


@keep
def jobs(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return job_rows.jobs(connection)


@keep
def placements(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return job_rows.placements(connection)
