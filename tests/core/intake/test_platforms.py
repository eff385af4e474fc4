"""Exports of recruitment platforms are imported as they are, and one opening seen at two places stays one."""

from __future__ import annotations

from typing import Any

import pytest

from core.intake import queries as intake_queries
from core.intake.commit import commit_import
from core.intake.findings import RowStatus
from core.intake.parsing.numbers import OfferedPay
from core.intake.parsing.vocabulary import EMPTY
from core.intake.planning.plan import ImportPlan, Options
from core.intake.reading.detection import fingerprint
from core.intake.undo import undo_import
from core.jobs import queries
from core.jobs.openings import queries as opening_queries
from core.jobs.twins.commands import merge_openings, undo_decision
from core.policy import Action
from core.store.commands import command
from core.store.database import Database
from tests.accesses import administrator, dispatcher
from tests.core.factories import TODAY
from tests.core.intake.files import NOW, csv_bytes, make_communities, planned

HEADER = ("职位编号", "职位名称", "公司名称", "薪资", "招聘数量", "工作经验", "发布时间", "职位描述", "社区")
ROW = ("LP-7", "保洁员", "惠万家超市", "3-3.5K·13薪", "2", "不限", "2025-03-01", "卖场保洁", "荷风社区")
OTHER_HEADER = ("单位名称", "岗位名称", "招聘人数", "薪资范围", "发布日期", "岗位ID", "技能要求")
OTHER_ROW = ("济宁惠万家超市有限公司", "保洁人员", "3", "面议", "2025-03-03", "88-1", "公共区域保洁:2:必备")
PLATFORM, OTHER = Options(platform="邻聘网"), Options(platform="湖畔招聘")


def imported(db: Database, header: tuple[str, ...], row: tuple[str, ...], options: Options) -> tuple[ImportPlan, int]:
    plan = planned(db, csv_bytes([header, row]), options)
    assert plan.ready, plan.errors
    return plan, commit_import(db, plan, administrator(), NOW)


def statuses(db: Database, header: tuple[str, ...], row: tuple[str, ...], options: Options) -> list[RowStatus]:
    return [outcome.status for outcome in planned(db, csv_bytes([header, row]), options).rows]


@pytest.fixture
def store(db: Database) -> Database:
    """One opening, exported by two platforms: 1 and 2."""
    make_communities(db)
    imported(db, HEADER, ROW, PLATFORM)
    imported(db, OTHER_HEADER, OTHER_ROW, OTHER)
    return db


def sources(db: Database) -> list[tuple[Any, ...]]:
    with db.read() as connection:
        rows = opening_queries.sources(connection)
    return sorted(rows[["job_id", "platform", "number", "leads"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("text", "pay"),
    [
        ("4-6K·13薪", (4000, 6000)),
        ("4000-6000元/月", (4000, 6000)),
        ("3千-5千", (3000, 5000)),
        ("3500元", (3500, 3500)),
        ("面议", None),
    ],
)
def test_pay_is_read_as_platforms_write_it(text: str, pay: tuple[float, float] | None) -> None:
    value = OfferedPay().read(text, EMPTY).value

    assert value == (None if pay is None else {"pay_min": pay[0], "pay_max": pay[1]})


def test_an_export_is_recognised_and_keeps_platform_and_number(store: Database) -> None:
    with store.read() as connection:
        row = queries.jobs(connection).iloc[0]

    assert (row["title"], row["employer"], row["openings"], row["community"]) == ("保洁员", "惠万家超市", 2, "荷风社区")
    assert (row["pay_min"], row["pay_max"], row["pay_kind"]) == (3000, 3500, "month")
    assert sources(store) == [(1, "邻聘网", "LP-7", True), (2, "湖畔招聘", "88-1", True)]


def test_the_platform_is_remembered_with_the_headers(store: Database) -> None:
    with store.read() as connection:
        assert intake_queries.remembered_platforms(connection) == {
            fingerprint(HEADER): "邻聘网",
            fingerprint(OTHER_HEADER): "湖畔招聘",
        }


def test_the_same_export_again_changes_nothing_and_a_refreshed_posting_is_the_same_opening(store: Database) -> None:
    assert statuses(store, HEADER, ROW, PLATFORM) == [RowStatus.SAME]
    refreshed = (*ROW[:4], "5", ROW[5], "2025-04-01", *ROW[7:])

    plan, _ = imported(store, HEADER, refreshed, PLATFORM)

    assert [row.status for row in plan.rows] == [RowStatus.CHANGED]
    with store.read() as connection:
        jobs = queries.jobs(connection)
    assert list(jobs["openings"]) == [5, 3]
    assert str(jobs["posted_on"].iloc[0].date()) == "2025-03-01"


def test_after_a_merge_both_exports_mean_the_kept_opening(store: Database) -> None:
    with command(store, actor=dispatcher(), action=Action.DECIDE_TWINS, at=NOW) as change:
        pair = merge_openings(change, 1, 2, free=2, today=TODAY)
    assert sources(store) == [(1, "湖畔招聘", "88-1", False), (1, "邻聘网", "LP-7", True)]

    assert statuses(store, HEADER, ROW, PLATFORM) == [RowStatus.SAME]
    assert statuses(store, OTHER_HEADER, OTHER_ROW, OTHER) == [RowStatus.SAME]
    assert statuses(store, OTHER_HEADER, OTHER_ROW, Options()) == [RowStatus.SAME]  # as a sheet without a number

    with command(store, actor=dispatcher(), action=Action.DECIDE_TWINS, at=NOW) as change:
        undo_decision(change, pair)
    assert sources(store) == [(1, "邻聘网", "LP-7", True), (2, "湖畔招聘", "88-1", True)]
    assert statuses(store, OTHER_HEADER, OTHER_ROW, OTHER) == [RowStatus.SAME]


def test_what_a_merged_posting_says_later_fills_gaps_only(store: Database) -> None:
    with command(store, actor=dispatcher(), action=Action.DECIDE_TWINS, at=NOW) as change:
        merge_openings(change, 1, 2, free=2, today=TODAY)
    header, row = (*OTHER_HEADER, "每周工时"), ("惠万家", "楼道保洁", "9", "9000-9900", "2025-06-01", "88-1", "", "38")

    imported(store, header, row, OTHER)

    with store.read() as connection:
        kept = queries.jobs(connection).set_index("id").loc[1]
    assert (kept["weekly_hours"], kept["pay_min"], kept["openings"], kept["title"]) == (38, 3000, 2, "保洁员")


def test_two_rows_of_one_number_that_contradict_each_other_are_refused(store: Database) -> None:
    rows = [HEADER, ("LP-9", *ROW[1:]), ("LP-9", ROW[1], "又一家公司", *ROW[3:])]

    plan = planned(store, csv_bytes(rows), PLATFORM)

    assert [finding.code for finding in plan.errors] == ["contradiction"]


def test_an_import_of_postings_is_undone_with_its_sources(store: Database) -> None:
    before = sources(store)
    _, batch = imported(store, HEADER, ("LP-8", "收银员", *ROW[2:]), PLATFORM)
    assert len(sources(store)) == 3

    undo_import(store, batch, administrator(), NOW, reason="误传")

    assert sources(store) == before
