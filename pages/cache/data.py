"""Caches of imports."""

from __future__ import annotations

from core.intake import queries
from pages.cache.store import cached_query

remembered_mappings = cached_query(queries.remembered_mappings)
batches = cached_query(queries.batches)
vocabulary = cached_query(queries.vocabulary)
