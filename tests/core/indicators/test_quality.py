"""Data quality: what is missing, contradictory or stale, by community, on the sample district and on made-up faults."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from core.indicators import facts, quality
from core.indicators.quality import Defect, Records
from core.people import pool, queries
from core.store import settings
from core.store.database import Database
from core.terms import PersonState

TODAY = date(2025, 12, 28)


@pytest.fixture(scope="module")
def records(sample_db: Database) -> Records:
    with sample_db.read() as connection:
        known = facts.load(connection)
        table = pool.pool_table(
            queries.people(connection, TODAY),
            known.plans,
            queries.plan_measures(connection),
            known.visits,
            known.person_skills,
            TODAY,
        )
        return Records(known, table, queries.intentions(connection), settings.parameters(connection), TODAY)


def rows_of(records: Records, code: str) -> pd.DataFrame:
    return next(r.rows for r in quality.check_quality(records) if r.check.code == code)


def test_plans_closed_without_a_date_are_listed(records: Records) -> None:
    assert len(rows_of(records, "closed_plan")) == 12


def test_every_row_says_whom_or_what_it_is_about(records: Records) -> None:
    for result in quality.check_quality(records):
        assert {"person_id", "job_id"} & set(result.rows.columns)
        assert "community_id" in result.rows.columns


def test_the_communities_add_up_to_the_checks(records: Records) -> None:
    results = quality.check_quality(records)

    table = quality.by_community(results, records.facts.communities)

    for defect in Defect:
        assert table[defect.value].sum() == sum(len(r.rows) for r in results if r.check.defect is defect)


def test_rows_without_a_community_have_a_line_of_their_own(records: Records) -> None:
    table = records.pool.copy()
    seeking = table.index[table["state"] == PersonState.SEEKING][0]
    table.loc[seeking, ["community_id", "phone"]] = pd.NA
    changed = replace(records, pool=table)

    results = quality.check_quality(changed)
    last = quality.by_community(results, records.facts.communities).iloc[-1]

    assert len(rows_of(changed, "no_phone")) == 1
    assert pd.isna(last["community_id"])
    assert last["missing"] >= 2


def test_someone_who_seeks_work_while_a_job_runs_is_a_contradiction(records: Records) -> None:
    placements = records.facts.placements
    running = placements[placements["ended_on"].isna()]["person_id"].iloc[0]
    table = records.pool.copy()
    table.loc[table["id"] == running, "state"] = PersonState.SEEKING.value

    assert list(rows_of(replace(records, pool=table), "seeking_at_work")["person_id"]) == [running]


def test_a_visit_on_the_last_day_of_the_interval_is_in_time(records: Records) -> None:
    limit = pd.Timestamp(TODAY) - records.days("visit_interval_days")
    seeking = records.seeking.index[:2]
    table = records.pool.copy()
    table.loc[seeking[0], "last_visit"] = limit
    table.loc[seeking[1], "last_visit"] = limit - pd.Timedelta(days=1)

    late = set(rows_of(replace(records, pool=table), "not_visited")["person_id"])

    assert table.loc[seeking[0], "id"] not in late
    assert table.loc[seeking[1], "id"] in late
