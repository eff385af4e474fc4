"""What the overview draws from the sample district: tiles, series, rankings, nested counts, and their charts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from core.indicators import cohorts, figures, funnel, tables
from core.indicators.current import in_state
from core.indicators.dated_counts import rows_on
from core.indicators.facts import Facts, load
from core.indicators.reconciliation import reconcile_pool
from core.indicators.registry import INDICATORS, measure
from core.indicators.signals import Assurance, Change, control_chart
from core.indicators.tables import RankedUnit
from core.indicators.tiles import tile
from core.locale import translator
from core.people.queries import seeking_count
from core.store.database import Database
from core.terms import PersonState

TODAY = date(2025, 12, 28)


@pytest.fixture(scope="module")
def facts(sample_db: Database) -> Facts:
    with sample_db.read() as connection:
        return load(connection)


@pytest.mark.parametrize("code", INDICATORS)
def test_every_indicator_has_a_series_for_the_district_and_for_a_community(facts: Facts, code: str) -> None:
    for place in (None, int(facts.communities["id"].iloc[0])):
        measured = measure(facts, code, TODAY, place)
        series = measured.weekly()
        chart = control_chart(series, is_share=not measured.indicator.per_person)
        usable = int(((series.denominator > 0) & ~series.is_festival).sum())

        assert (chart is None) == (usable < 12)
        if place is None:
            assert series.values[-1] == pytest.approx(measured.value)


def test_a_tile_says_what_its_series_says(facts: Facts) -> None:
    measured = measure(facts, "re_employment", TODAY)
    chart = control_chart(measured.weekly(), is_share=True)
    shown = tile(measured, chart, yellow=0.0, red=-10.0)

    assert shown.value == pytest.approx(71 / 215)
    assert shown.assurance is Assurance.HIT_OR_MISS
    assert shown.change is not Change.TOO_FEW
    assert shown.last_year == pytest.approx(measured.value_on(date(2024, 12, 29)))
    few = tile(measured, None, yellow=0.0, red=-10.0)
    assert (few.change, few.assurance) == (Change.TOO_FEW, None)


def test_no_two_communities_can_be_told_apart_by_re_employment(facts: Facts) -> None:
    ranking = tables.ranking(measure(facts, "re_employment", TODAY), facts)

    assert len(ranking.table) == 14
    assert (ranking.leaders, ranking.laggards) == ((), ())
    assert set(ranking.table["rank_low"]) == {1}
    title = figures.ranking_chart(translator(), ranking, "二次就业率").to_dict()["title"]["text"]
    assert title == "各社区差异未超出偶然"


def test_who_is_certainly_ahead_of_some_is_named_where_nobody_leads() -> None:
    counts = {"甲": 58, "乙": 55, "丙": 50, "丁": 40, "戊": 30, "己": 20}
    table = pd.DataFrame({"name": list(counts), "numerator": list(counts.values()), "denominator": 100})
    table = table.assign(value=table["numerator"] / 100, before=0.5)
    ranking = tables.compare(table, tables.RankedUnit.DISTRICT, per_person=False)

    assert (ranking.leaders, ranking.laggards) == ((), ())
    assert ranking.table["rank_high"].iloc[0] == 4
    assert figures.ranking_finding(translator(), ranking) == "甲高于其中 2 个，尚无确定的领先者"


def test_a_certain_leader_is_named(facts: Facts) -> None:
    table = pd.DataFrame({"id": [1, 2, 3], "name": ["甲", "乙", "丙"]})
    rows = pd.DataFrame({"person_id": range(600), "community_id": [1] * 200 + [2] * 200 + [3] * 200})
    measured = measure(facts, "re_employment", TODAY)
    days = pd.Series(pd.Timestamp(2025, 1, 1), index=rows.index)
    bottom = rows.assign(since=days, until=pd.NaT, n=1)
    top = bottom[(bottom["community_id"] == 1) & (bottom.index < 190) | bottom.index.isin(range(200, 600, 2))]
    three = replace(facts, communities=table)
    ranking = tables.ranking(type(measured)(measured.indicator, TODAY, top, bottom), three)

    assert ranking.leaders == ("甲",)
    assert ranking.table["rank_high"].iloc[0] == 1


@pytest.mark.parametrize(
    ("unit", "code", "within_chance"),
    [
        (RankedUnit.WORKSHOP, "retention_90", "各微工厂差异未超出偶然"),
        (RankedUnit.EMPLOYER, "retention_90", "各用人单位差异未超出偶然"),
        (RankedUnit.EMPLOYER, "commissioned_conversion", "各用人单位差异未超出偶然"),
        (RankedUnit.EVENT, "event_conversion", "各场招聘活动差异未超出偶然"),
    ],
)
def test_workshops_employers_and_events_have_a_leader_only_when_it_is_certain(
    facts: Facts, unit: RankedUnit, code: str, within_chance: str
) -> None:
    measured = measure(facts, code, TODAY)
    ranking = tables.ranking(measured, facts, unit)
    table = ranking.table

    counted = rows_on(measured.denominator_rows, TODAY)
    assert 1 <= len(table) <= tables.MOST_RANKED
    assert table["value"].is_monotonic_decreasing
    assert ((table["rank_low"] <= table.index + 1) & (table.index + 1 <= table["rank_high"])).all()
    assert len(table) + ranking.omitted == counted[unit.value].nunique()
    title = figures.ranking_chart(translator(), ranking, "x").to_dict()["title"]["text"]
    assert (title == within_chance) == (len(table) > 1 and not ranking.leaders and not ranking.laggards)
    for name in (*ranking.leaders, *ranking.laggards):
        assert name in title


def test_the_counts_of_the_pool_nest(facts: Facts) -> None:
    n = {code: len(group.rows) for code, group in reconcile_pool(facts, TODAY).items()}

    assert (n["ever"], n["seeking"], n["base"], n["waiting"], n["all_working"]) == (1047, 435, 511, 118, 459)
    assert n["ever"] == n["pool"] + n["working"] + n["elsewhere"]
    assert n["pool"] == n["seeking"] + n["ending"]
    assert n["seeking"] == n["seeking_exits"] + n["seeking_others"]
    assert n["seeking_exits"] == n["waiting"] + n["again"]
    assert n["all_working"] >= n["working"] + n["never"]


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_every_chart_of_the_overview_can_be_drawn(facts: Facts, lang: str) -> None:
    tr = translator(lang)
    stages = funnel.funnel(facts, TODAY)
    rate = measure(facts, "re_employment", TODAY)
    chart = control_chart(rate.weekly(), is_share=True)
    assert chart is not None
    notes = pd.DataFrame({"week": [pd.Timestamp(2025, 9, 1)], "text": ["x"]})
    ranking = tables.ranking(rate, facts)
    posts = tables.posts_by_field(facts, TODAY)
    drawn = [
        figures.funnel_chart(tr, stages, 1047),
        figures.cohort_chart(tr, cohorts.cohorts(facts, TODAY), rate.value, TODAY, narrow=True),
        figures.ranking_chart(tr, ranking, "x"),
        figures.pool_chart(tr, reconcile_pool(facts, TODAY)),
        figures.posts_chart(tr, posts, dark=True),
        figures.series_chart(tr, "x", chart, notes, 0.35, percent=True),
    ]
    assert "Passed every stage" in drawn[0].to_dict()["title"]["text"] or lang == "zh_CN"
    assert drawn[-1].to_dict()["layer"]


@pytest.mark.parametrize("day", [date(2024, 3, 1), date(2025, 6, 30), TODAY])
def test_who_seeks_work_is_counted_alike_by_the_store_and_from_the_facts(
    sample_db: Database, facts: Facts, day: date
) -> None:
    with sample_db.read() as connection:
        assert seeking_count(connection, day) == len(in_state(facts, day, PersonState.SEEKING)) > 0
