"""Caches of visiting rounds."""

from __future__ import annotations

from core.access import queries as access_queries
from core.visiting import queries
from pages.cache.store import cached_query

start_points = cached_query(queries.start_points)
rounds = cached_query(queries.rounds)
stops = cached_query(queries.stops)
staff = cached_query(access_queries.staff)
