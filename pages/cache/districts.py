"""Figures of the districts of a city, side by side: each computed and kept in its own district."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from core.dispatch import weeks
from core.dispatch.weeks import FrozenHeader
from core.indicators import figures as charts
from core.indicators.registry import INDICATORS
from core.indicators.tables import RankedUnit, Ranking, compare
from core.indicators.tiles import Tile
from core.locale import Translator
from core.people import queries as people_queries
from core.terms import Light
from pages.cache import meeting, overview
from pages.cache.charts import specification
from pages.cache.store import cached, database, people_count, revision, today, within

BEFORE = timedelta(weeks=4)  # as in every ranking


@dataclass(frozen=True)
class Standing:
    """How a district is on its own last day, by one indicator. ``seeking``: people who seek work."""

    key: str
    name: str
    revision: int
    day: date
    tile: Tile
    before: float | None
    seeking: int


def standings(names: Mapping[str, str], code: str) -> list[Standing]:
    """Those of ``names`` (key → name to show) that hold people, by the indicator ``code``."""
    own = []
    for key, name in names.items():
        with within(key):
            now = revision()
            if not people_count(now):
                continue
            day = today(now)
            before = overview.ratio(now, day, code).value_on(day - BEFORE)
            own.append(Standing(key, name, now, day, overview.tile(now, day, code), before, seeking(now, day)))
    return own


@cached
def seeking(revision: int, today: date) -> int:
    with database().read() as connection:
        return people_queries.seeking_count(connection, today)


@dataclass(frozen=True)
class FrozenStanding:
    """What the last meeting of a district has on its slides about an indicator; ``before``: the week before."""

    key: str
    name: str
    header: FrozenHeader
    value: float | None
    before: float | None
    light: Light | None


def frozen_standings(names: Mapping[str, str], code: str) -> list[FrozenStanding]:
    """Those of ``names`` with a frozen week, by the indicator ``code`` of the newest one."""
    own = []
    for key, name in names.items():
        with within(key):
            headers = meeting.headers(revision())
            if not headers:
                continue
            week = meeting.week(headers[0], weeks.before(headers, headers[0]))
            fact, earlier = week.district.get(code), week.district_before.get(code, {})
            if fact is not None:
                own.append(FrozenStanding(key, name, headers[0], fact["value"], earlier.get("value"), fact["light"]))
    return own


def ranking(own: list[Standing], code: str) -> Ranking:
    """The districts that have a denominator, best first, and who can be told apart."""
    rows = [(s.key, s.name, s.tile.numerator, s.tile.denominator, s.tile.value, s.before) for s in own]
    table = pd.DataFrame(rows, columns=["id", "name", "numerator", "denominator", "value", "before"])
    table = table.dropna(subset=["value"]).astype({"value": float, "before": float})
    return compare(table, RankedUnit.DISTRICT, per_person=INDICATORS[code].per_person)


def ranking_spec(ranked: Ranking, code: str, tr: Translator, narrow: bool) -> dict[str, Any]:
    indicator = INDICATORS[code]
    digits = ".1f" if indicator.per_person else ".0%"
    return specification(charts.ranking_chart(tr, ranked, tr(indicator.name), digits, narrow=narrow))
