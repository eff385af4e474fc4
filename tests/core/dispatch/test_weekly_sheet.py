"""The weekly sheet from rows: the bureau's own ten sheets, the edges of weeks, targets by day, open actions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from core.dispatch.frozen_week import week_end
from core.dispatch.weekly_sheet import (
    COLUMNS,
    LINES,
    Period,
    line_rows,
    period_days,
    readable_sheet,
    sheet_weeks,
    weekly_sheet,
)
from core.indicators.facts import Facts, load
from core.indicators.lights import light_of, year_share
from core.intake.sheets.work import DISPATCH
from core.locale import translator
from core.store import settings
from core.store.database import Database
from core.terms import Light

SHEET = Path(__file__).resolve().parents[3] / "sample_data" / "25_dispatch.csv"
SUNDAY = date(2025, 12, 28)
OFFICE = "区社保就业服务部"


@pytest.fixture(scope="module")
def stored(sample_db: Database) -> tuple[Facts, pd.DataFrame]:
    with sample_db.read() as connection:
        return load(connection), settings.parameters(connection)


@pytest.fixture(scope="module")
def sheet(stored: tuple[Facts, pd.DataFrame]) -> pd.DataFrame:
    return weekly_sheet(*stored, SUNDAY)


def kept_by_the_bureau() -> pd.DataFrame:
    """The ten sheets of the sample, which its generator counts from the invented lives, not from the sheets."""
    return pd.read_csv(SHEET, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def number(text: str) -> float:
    """'83.2%' → 83.2, '+1.07个百分点' → 1.07, '' → NaN."""
    digits = text.removesuffix("个百分点").removesuffix("项").removesuffix("%")
    return float(digits) if digits else float("nan")


def test_all_420_rows_of_the_bureau_are_computed_alike(stored: tuple[Facts, pd.DataFrame]) -> None:
    weeks = [(week, rows) for week, rows in kept_by_the_bureau().groupby("周次", sort=False)]
    assert sum(len(rows) for _, rows in weeks) == 420
    for week, rows in weeks:
        computed = weekly_sheet(*stored, week_end(str(week)))
        ours = computed[computed["target"].notna()]
        assert list(ours["number"]) == rows["序号"].astype(int).tolist()
        assert [LINES[code].sheet_name for code in ours["line"]] == rows["指标名称"].tolist()
        assert ours["community"].replace("", OFFICE).tolist() == rows["责任单位"].tolist()
        assert [Light.of(code).zh for code in ours["light"]] == rows["亮灯"].tolist()
        is_rate = ours["line"].map(lambda code: LINES[code].rows is None)
        percent = pd.Series(1.0, index=ours.index).where(is_rate, 100.0)  # changes of counts are shares
        for column, values, half_a_digit in (
            ("年度目标", ours["target"], 0.0),
            ("本周新增", ours["week"], 0.005),
            ("上周", ours["week_before"], 0.005),
            ("环比", ours["change"] * percent, 0.05),
            ("本月累计", ours["month"], 0.0),
            ("本年累计", ours["year"], 0.0),
            ("完成率", ours["completion"] * 100, 0.05),
            ("序时进度", ours["year_share"] * 100, 0.05),
            ("进度差(百分点)", ours["gap"], 0.05),
            ("去年同期", ours["last_year"], 0.005),
            ("同比", ours["year_change"] * percent, 0.05),
            ("排名", ours["rank"].astype("float64"), 0.0),
        ):
            expected = rows[column].map(number).to_numpy(float)
            assert values.to_numpy(float) == pytest.approx(expected, abs=half_a_digit + 1e-9, nan_ok=True), column
        own = rows[rows["存在问题"] != ""]
        shown = ours["action"].to_numpy()[rows["存在问题"] != ""]
        for code, problem, texts in zip(week + "-" + own["序号"].str.zfill(2), own["存在问题"], shown, strict=True):
            assert code in texts.split("\n"), problem


def test_indicators_without_a_target_are_last_and_have_no_light(sheet: pd.DataFrame) -> None:
    rest = sheet[sheet["target"].isna()]

    assert rest["line"].tolist() == ["plan_rate", "commissioned_conversion", "event_conversion", "second_exits"]
    assert rest["number"].tolist() == [43, 44, 45, 46]
    assert rest["light"].isna().all()
    assert rest["completion"].isna().all()
    assert set(sheet.loc[sheet["community_id"].isna(), "line"]) == set(LINES)


def test_headings_are_those_of_the_bureaus_form() -> None:
    tr = translator("zh_CN")

    assert [tr(heading) for heading in COLUMNS.values()] == [column.header for column in DISPATCH.columns]


@pytest.mark.parametrize("period", Period)
def test_the_rows_behind_a_count_add_up_to_it(
    stored: tuple[Facts, pd.DataFrame], sheet: pd.DataFrame, period: Period
) -> None:
    for row in sheet.itertuples():
        if LINES[row.line].rows is not None:
            community = None if pd.isna(row.community_id) else int(row.community_id)
            rows = line_rows(stored[0], row.line, SUNDAY, period, community)
            assert rows["n"].sum() == getattr(row, period)


def test_the_sum_of_the_communities_is_the_district(sheet: pd.DataFrame) -> None:
    for code in ("placements_started", "visits_made"):
        own = sheet[sheet["line"] == code]
        local = own["community_id"].notna()
        for period in Period:
            assert own.loc[local, period].sum() == own.loc[~local, period].sum()


def test_the_day_decides_which_year_counts_where_the_year_changes_inside_the_week() -> None:
    days = period_days(date(2026, 1, 4))

    assert days[Period.WEEK] == (date(2025, 12, 29), date(2026, 1, 4))
    assert days[Period.WEEK_BEFORE] == (date(2025, 12, 22), date(2025, 12, 28))
    assert days[Period.MONTH] == days[Period.YEAR] == (date(2026, 1, 1), date(2026, 1, 4))
    assert days[Period.LAST_YEAR] == (date(2025, 1, 1), date(2025, 1, 4))
    assert period_days(date(2024, 2, 29))[Period.LAST_YEAR] == (date(2023, 1, 1), date(2023, 2, 28))
    assert period_days(date(2025, 12, 31))[Period.WEEK] == (date(2025, 12, 29), date(2025, 12, 31))


def test_a_new_year_has_no_target_until_one_is_set(stored: tuple[Facts, pd.DataFrame]) -> None:
    table = weekly_sheet(*stored, date(2026, 1, 4))

    assert table["target"].isna().all()
    assert table["light"].isna().all()
    assert table["rank"].isna().all()
    assert table["year_share"].iloc[0] == pytest.approx(4 / 365)


def with_target(facts: Facts, **values: object) -> Facts:
    row = {"id": 999, "year": 2025, "community_id": None, "valid_from": pd.Timestamp(2025, 7, 1), **values}
    added = pd.DataFrame([row]).reindex(columns=facts.targets.columns)
    return replace(facts, targets=pd.concat([facts.targets, added.astype(facts.targets.dtypes)], ignore_index=True))


def test_a_target_counts_from_its_day_on(stored: tuple[Facts, pd.DataFrame]) -> None:
    facts = with_target(stored[0], indicator="新增就业", value=300.0)

    before, after = (weekly_sheet(facts, stored[1], day).iloc[0] for day in (date(2025, 6, 29), date(2025, 7, 6)))

    assert (before["target"], after["target"]) == (250.0, 300.0)


def test_a_community_with_a_target_of_an_indicator_gets_its_line(stored: tuple[Facts, pd.DataFrame]) -> None:
    facts = with_target(stored[0], indicator="走访覆盖率", value=60.0, community_id=3)

    table = weekly_sheet(facts, stored[1], SUNDAY)

    [row] = table[(table["line"] == "visit_coverage") & table["community_id"].notna()].to_dict("records")
    assert (row["community_id"], row["target"], row["rank"]) == (3, 60.0, 1)
    assert row["light"] == light_of(row["week"] / 60, year_share(SUNDAY)).value


def test_communities_with_the_same_completion_share_a_rank(sheet: pd.DataFrame) -> None:
    own = sheet[(sheet["line"] == "placements_started") & sheet["community_id"].notna()]
    first = own[own["completion"] == own["completion"].max()]

    assert len(first) == 2
    assert first["rank"].tolist() == [1, 1]
    assert sorted(own["rank"])[2] == 3


def test_limits_of_the_lights_are_those_in_force_on_the_day(stored: tuple[Facts, pd.DataFrame]) -> None:
    facts, parameters = stored
    stricter = {"id": 999, "key": "light_red_points", "since": pd.Timestamp(2025, 12, 22), "value": -5.0}
    changed = pd.concat([parameters, pd.DataFrame([stricter])], ignore_index=True)

    def reds(table: pd.DataFrame, day: date) -> int:
        return int((weekly_sheet(facts, table, day)["light"] == Light.RED.value).sum())

    assert reds(changed, SUNDAY) > reds(parameters, SUNDAY)
    assert reds(changed, date(2025, 12, 21)) == reds(parameters, date(2025, 12, 21))


def test_actions_are_those_open_on_the_day_or_closed_in_its_week(stored: tuple[Facts, pd.DataFrame]) -> None:
    facts, parameters = stored
    raised = {"problem": "甲\n乙", "indicator": "走访", "raised_on": pd.Timestamp(2025, 12, 8), "status": "doing"}
    actions = pd.DataFrame(
        [
            raised | {"code": "A-1", "due_on": pd.Timestamp(2025, 12, 31), "owner": "李明"},
            raised | {"code": "A-2", "status": "closed", "closed_on": pd.Timestamp(2025, 12, 24)},
            raised | {"code": "A-3", "status": "closed", "closed_on": pd.Timestamp(2025, 12, 21)},
            raised | {"code": "A-4", "raised_on": pd.Timestamp(2025, 12, 29)},
            raised | {"code": "A-5", "status": "closed"},
        ]
    ).reindex(columns=facts.actions.columns)
    own = replace(facts, actions=actions.astype(facts.actions.dtypes))

    row = weekly_sheet(own, parameters, SUNDAY).set_index("line").loc["visits_made"].iloc[0]

    assert row["action"] == "A-1\nA-2"
    assert row["problem"] == "甲 乙\n甲 乙"
    assert row["due_on"] == "2025-12-31\n"
    assert row["status"] == "doing\nclosed"
    assert row["closed_on"] == "\n2025-12-24"


def test_an_empty_store_has_the_districts_lines_at_zero(db: Database) -> None:
    with db.read() as connection:
        facts, parameters = load(connection), settings.parameters(connection)

    table = weekly_sheet(facts, parameters, SUNDAY)

    assert len(table) == len(LINES)
    assert set(table.loc[table["line"].map(lambda code: LINES[code].rows is not None), "week"]) == {0.0}
    assert table.loc[table["line"] == "re_employment", "week"].isna().all()
    assert len(readable_sheet(translator("en"), table, "Office")) == len(LINES)


def test_the_sheet_reads_in_both_languages(sheet: pd.DataFrame) -> None:
    zh = readable_sheet(translator("zh_CN"), sheet, OFFICE).iloc[6]
    en = readable_sheet(translator("en"), sheet, "Office").iloc[6]

    assert (zh["责任单位"], zh["指标名称"], zh["计量单位"], zh["本周新增"]) == (OFFICE, "二次就业率", "%", "33.02")
    assert (zh["本月累计"], zh["环比"], zh["亮灯"]) == ("—", "−0.79 个百分点", "▲ 关注")
    assert (en["Line"], en["On last week"], en["Progress light"]) == ("Re-employment rate", "−0.79 pts", "▲ watch")


def test_a_community_without_entries_stands_at_zero(stored: tuple[Facts, pd.DataFrame]) -> None:
    facts = replace(stored[0], visits=stored[0].visits[stored[0].visits["visited_on"] < "2020-01-01"])

    table = weekly_sheet(facts, stored[1], SUNDAY - timedelta(days=3))

    own = table[table["line"] == "visits_made"]
    assert len(own) == 15
    assert (own["year"] == 0).all()
    assert set(own.loc[own["community_id"].notna(), "rank"]) == {1}


def test_weeks_reach_from_the_first_entry_to_the_present_one(stored: tuple[Facts, pd.DataFrame], db: Database) -> None:
    weeks = sheet_weeks(*stored, SUNDAY)

    assert (weeks[0], weeks[-1], len(weeks)) == ("2025-W52", "2024-W01", 104)
    assert sheet_weeks(*stored, date(2025, 12, 29))[:2] == ["2026-W01", "2025-W52"]
    with db.read() as connection:
        assert sheet_weeks(load(connection), stored[1], SUNDAY) == ["2025-W52"]
