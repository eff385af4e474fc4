"""Caches of jobs and placements."""

from __future__ import annotations

from core.jobs import queries
from pages.cache.store import cached_query

jobs = cached_query(queries.jobs)
placements = cached_query(queries.placements)
