"""Caches of policies."""

from __future__ import annotations

from datetime import date

from core.policies import queries
from core.policies.eligibility import Judgement, judge
from core.policies.loading import load
from pages.cache.store import cached, cached_query, parameters

versions = cached_query(queries.rules)
records = cached_query(load)
applications = cached_query(queries.applications)
payment_lists = cached_query(queries.payment_lists)
payment_lines = cached_query(queries.payment_lines)


@cached
def judgements(revision: int, today: date) -> list[Judgement]:
    return judge(records(revision), versions(revision), parameters(revision), today)
