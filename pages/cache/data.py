"""Caches of imports."""

from __future__ import annotations

import pandas as pd

from core.intake import queries as intake_queries
from core.intake.parsing.vocabulary import Vocabulary
from pages.cache.store import cached, database


@cached
def remembered_mappings(revision: int) -> dict[str, tuple[str, dict[str, str | None]]]:
    with database().read() as connection:
        return intake_queries.remembered_mappings(connection)


@cached
def batches(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return intake_queries.batches(connection)


@cached
def vocabulary(revision: int) -> Vocabulary:
    with database().read() as connection:
        return intake_queries.vocabulary(connection)
