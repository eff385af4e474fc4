"""Caches of the weekly sheet."""

from __future__ import annotations

from datetime import date

import pandas as pd

from core.dispatch import weekly_sheet
from pages.cache.overview import facts
from pages.cache.store import cached, parameters


@cached
def weeks(revision: int, today: date) -> list[str]:
    return weekly_sheet.sheet_weeks(facts(revision), parameters(revision), today)


@cached(max_entries=30)
def sheet(revision: int, as_of: date) -> pd.DataFrame:
    return weekly_sheet.weekly_sheet(facts(revision), parameters(revision), as_of)
