"""Caches of imports and of data quality."""

from __future__ import annotations

from datetime import date

import pandas as pd

from core.indicators.quality import CheckResult, Records, check_quality
from core.intake import queries
from core.store import register
from pages.cache import overview, people
from pages.cache.store import cached, cached_query, database, parameters

remembered_mappings = cached_query(queries.remembered_mappings)
remembered_platforms = cached_query(queries.remembered_platforms)
learnt_headers = cached_query(queries.learnt_headers)
learnt_words = cached_query(queries.learnt_words)
batches = cached_query(queries.batches)
undo_reasons = cached_query(queries.undo_reasons)
vocabulary = cached_query(queries.vocabulary)


def exports() -> pd.DataFrame:
    """The register of exports as it is now: it grows without a new revision."""
    with database().read() as connection:
        return register.exports(connection)


@cached
def quality(revision: int, today: date) -> list[CheckResult]:
    records = Records(
        facts=overview.facts(revision),
        pool=people.pool(revision, today),
        intentions=people.intentions(revision),
        parameters=parameters(revision),
        today=today,
    )
    return check_quality(records)
