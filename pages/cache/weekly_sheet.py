"""Caches of the weekly sheet."""

from __future__ import annotations

from datetime import date

import pandas as pd

from core.dispatch import weekly_sheet
from core.dispatch.weekly_sheet import COLUMNS
from core.locale import translator
from pages.cache.overview import facts
from pages.cache.store import cached, district, parameters


@cached
def weeks(revision: int, today: date) -> list[str]:
    return weekly_sheet.sheet_weeks(facts(revision), parameters(revision), today)


@cached(max_entries=30)
def sheet(revision: int, as_of: date) -> pd.DataFrame:
    return weekly_sheet.weekly_sheet(facts(revision), parameters(revision), as_of)


@cached(max_entries=30)
def readable(revision: int, as_of: date, lang: str) -> pd.DataFrame:
    """The sheet in words: shares as percentages, each light as a list of one, which a table can colour."""
    tr = translator(lang)
    table = weekly_sheet.readable_sheet(tr, sheet(revision, as_of), district(revision).office(lang))
    table[[tr(COLUMNS[name]) for name in ("completion", "year_share")]] *= 100
    light = tr(COLUMNS["light"])
    return table.assign(**{light: [[text] if text else [] for text in table[light]]})
