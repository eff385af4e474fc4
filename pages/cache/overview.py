"""Caches of the overview: measured indicators, tiles, and the specifications of its charts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd

from core.indicators import article, attention, queries, registry, signals, tables, tiles
from core.indicators import cohorts as cohort_curves
from core.indicators import figures as charts
from core.indicators import funnel as loop_funnel
from core.indicators import reconciliation as pool_groups
from core.indicators.attention import Finding
from core.indicators.cohorts import Cohorts
from core.indicators.counts import queries as counts_queries
from core.indicators.counts.commands import catch_up
from core.indicators.counts.steps import DISTRICT, POPULATIONS
from core.indicators.dated_counts import Steps, counts_by_community
from core.indicators.facts import Facts, Loaded, load_changed
from core.indicators.reconciliation import PoolGroup
from core.indicators.registry import Measured, Ratio
from core.indicators.signals import ControlChart
from core.indicators.tables import RankedUnit, Ranking
from core.indicators.tiles import Tile
from core.locale import Translator
from core.store.database import Busy, Database
from core.store.settings import parameter
from pages.cache.charts import specification_of
from pages.cache.store import cached, cached_query, database, lasting, parameters

PATIENCE = 1.0  # seconds to wait for another writer before counting from the rows
WEEKS = 106  # of counts that a page reads: two years of whole weeks, and the one that runs

_loaded: WeakKeyDictionary[Database, Loaded] = WeakKeyDictionary()  # the newest facts of a store


@cached
def facts(revision: int) -> Facts:
    db = database()
    with db.read() as connection:
        loaded = load_changed(connection, _loaded.get(db))
    _loaded[db] = loaded
    return loaded.facts


notes = cached_query(queries.notes)


targets = cached_query(queries.targets)
communities = cached_query(queries.communities)


@cached
def has_counts(revision: int) -> bool:
    """Whether the stored counts hold for what is in the store; not while another writer takes long, as an import does."""
    try:
        catch_up(database(), patience=PATIENCE)
    except Busy:
        return False
    return True


@cached(max_entries=30)
def counts(revision: int, today: date, community: int | None = None) -> dict[str, Steps]:
    since = today - timedelta(weeks=WEEKS)
    with database().read() as connection:
        return counts_queries.steps_of_unit(
            connection, list(POPULATIONS), DISTRICT if community is None else community, since
        )


@cached(max_entries=60)
def ratio(revision: int, today: date, code: str, community: int | None = None) -> Ratio:
    """An indicator by its counts of the last ``WEEKS`` alone; for older days and the rows behind it see ``measured``."""
    if not has_counts(revision):
        return measured(revision, today, code, community)
    return registry.counted(counts(revision, today, community), targets(revision), code, today, community)


@cached(max_entries=60)
def measured(revision: int, today: date, code: str, community: int | None = None) -> Measured:
    return registry.measure(facts(revision), code, today, community)


@cached(max_entries=60)
def community_counts(revision: int, day: date, code: str) -> tuple[pd.Series, pd.Series]:
    """Community id → numerator and denominator of an indicator on ``day``; who counts nobody is left out."""
    if has_counts(revision):
        with database().read() as connection:
            return counts_queries.indicator_on_day(connection, code, day)
    own = measured(revision, day, code)
    return counts_by_community(own.numerator_rows, day), counts_by_community(own.denominator_rows, day)


def notes_of(revision: int, code: str, community: int | None) -> pd.DataFrame:
    table = notes(revision)
    place = table["community_id"].isna() if community is None else table["community_id"] == community
    return table[(table["indicator"] == code) & place.fillna(False)].reset_index(drop=True)


@cached(max_entries=60)
def control_chart(revision: int, today: date, code: str, community: int | None = None) -> ControlChart | None:
    own = ratio(revision, today, code, community)
    pinned = notes_of(revision, code, community)
    rebased = [week.date() for week in pinned.loc[pinned["starts_baseline"].astype(bool), "week"]]
    return signals.control_chart(own.weekly(), is_share=not own.indicator.per_person, rebased_on=rebased)


@cached(max_entries=60)
def tile(revision: int, today: date, code: str) -> Tile:
    table = parameters(revision)
    return tiles.tile(
        ratio(revision, today, code),
        control_chart(revision, today, code),
        yellow=parameter(table, "light_yellow_points", today),
        red=parameter(table, "light_red_points", today),
    )


@cached
@lasting
def funnel(revision: int, today: date) -> pd.DataFrame:
    return loop_funnel.funnel(facts(revision), today)


@cached(max_entries=30)
def stage_rows(revision: int, today: date, code: str) -> pd.DataFrame:
    return loop_funnel.stage_rows(facts(revision), today, code)


@cached
def pool_reconciliation(revision: int, today: date) -> dict[str, PoolGroup]:
    return pool_groups.reconcile_pool(facts(revision), today)


@cached
def cohorts(revision: int, today: date) -> Cohorts:
    return cohort_curves.cohorts(facts(revision), today)


@cached
def posts_by_field(revision: int, today: date) -> pd.DataFrame:
    return tables.posts_by_field(facts(revision), today)


@cached(max_entries=30)
def ranking(revision: int, today: date, code: str, unit: RankedUnit) -> Ranking:
    return tables.ranked(facts(revision), code, today, unit)


@cached
def findings(revision: int, today: date) -> list[Finding]:
    return attention.findings(facts(revision), parameters(revision), today)


@cached
def open_actions(revision: int, today: date) -> dict[str, tuple[int, int]]:
    return attention.open_actions(facts(revision), today)


@cached
def figures(revision: int, today: date) -> dict[str, tuple[article.ComputedFigure, ...]]:
    return article.compute_figures(facts(revision), today)


# Specifications: Altair builds a chart in 20–80 ms, so a warm run takes the finished one, and a write that leaves the
# figures of a chart as they were does too.


@cached(max_entries=12)
def funnel_spec(revision: int, today: date, tr: Translator, narrow: bool) -> dict[str, Any]:
    table = funnel(revision, today)
    people = int(table["n"][0] + table["lost"][0])  # everyone who was ever in the pool
    return specification_of(charts.funnel_chart, tr, table, people, narrow=narrow)


@cached(max_entries=12)
def pool_spec(revision: int, today: date, tr: Translator, narrow: bool) -> dict[str, Any]:
    return specification_of(charts.pool_chart, tr, pool_reconciliation(revision, today), narrow=narrow)


@cached(max_entries=12)
def cohort_spec(revision: int, today: date, tr: Translator, narrow: bool) -> dict[str, Any]:
    rate = ratio(revision, today, "re_employment").value
    return specification_of(charts.cohort_chart, tr, cohorts(revision, today), rate, today, narrow=narrow)


@cached(max_entries=30)
def ranking_spec(
    revision: int, today: date, code: str, unit: RankedUnit, tr: Translator, narrow: bool
) -> dict[str, Any]:
    name = tr(registry.INDICATORS[code].name)
    return specification_of(charts.ranking_chart, tr, ranking(revision, today, code, unit), name, narrow=narrow)


@cached(max_entries=12)
def posts_spec(revision: int, today: date, tr: Translator, dark: bool) -> dict[str, Any]:
    return specification_of(charts.posts_chart, tr, posts_by_field(revision, today), dark=dark)
