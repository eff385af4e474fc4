"""Caches of micro-businesses and premises."""

from __future__ import annotations

from core.businesses import queries
from pages.cache.store import cached_query

businesses = cached_query(queries.businesses)
support = cached_query(queries.support)
premises = cached_query(queries.premises)
