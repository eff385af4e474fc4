"""The sample district's sheets reproduce every published figure, and the same bytes each time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

SAMPLE = Path(__file__).resolve().parents[3] / "sample_data"
END = "2025-12-28"

Sheets = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def sheets() -> Sheets:
    return {
        path.stem[3:]: pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        for path in sorted(SAMPLE.glob("*.csv"))
    }


@pytest.fixture(scope="module")
def exits(sheets: Sheets) -> pd.DataFrame:
    """The 215 exits with their placement, if any."""
    posts = sheets["welfare_posts"]
    left = posts[posts["退出日期"] != ""]
    return left.merge(sheets["placements"], on="身份证号", how="left", suffixes=("", "_安置"))


def generated(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted([*folder.glob("*.csv"), *folder.glob("*.json"), *folder.glob("geometry/*.geojson")]):
        yield path.relative_to(folder), path.read_bytes()


@pytest.mark.slow
def test_the_generator_gives_the_committed_bytes(tmp_path: Path) -> None:
    """Made in another process than the committed ones, with another seed of hashes: the same bytes each time."""
    subprocess.run([sys.executable, str(SAMPLE / "generate.py"), str(tmp_path)], check=True, timeout=300)

    made = dict(generated(tmp_path))
    assert len(made) == 32 + 1 + 5
    assert made == dict(generated(SAMPLE))


def test_the_sheets_stay_small_enough_to_carry() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 12_000_000


def test_sixteen_hundred_people_stand_in_three_groups(sheets: Sheets, exits: pd.DataFrame) -> None:
    posts, seekers = sheets["welfare_posts"], sheets["job_seekers"]
    on_post = posts[posts["退出日期"] == ""]
    others = set(seekers["公民身份号码"]) - set(posts["身份证号"])
    assert (exits["身份证号"].nunique(), len(on_post), len(others)) == (215, 625, 760)
    assert on_post["岗位类别(城镇/乡村)"].value_counts().to_dict() == {"乡村": 470, "城镇": 155}
    assert exits["岗位类别(城镇/乡村)"].value_counts().to_dict() == {"城镇": 135, "乡村": 80}


def test_everyone_from_a_post_was_trained_and_knows_3_2_skills(sheets: Sheets, exits: pd.DataFrame) -> None:
    posts, training, skills = sheets["welfare_posts"], sheets["training"], sheets["skills"]
    finished = training[training["考核结果"] == "合格"]
    assert set(posts["身份证号"]) <= set(finished["身份证号"])
    proven = skills[(skills["等级"] != "了解") & (skills["佐证"] != "自报")]
    gone = proven["身份证号"].isin(exits["身份证号"])
    still = proven["身份证号"].isin(posts["身份证号"]) & ~gone
    assert (int(gone.sum()), int(still.sum())) == (688, 2000)
    assert not skills.duplicated(["身份证号", "技能"]).any()
    counts = proven.groupby("身份证号").size()
    assert (
        posts.set_index("身份证号")["掌握技能项数"].astype(int) == counts.reindex(posts["身份证号"]).fillna(0)
    ).all()


def test_every_certificate_of_a_course_stands_in_the_skill_sheet(sheets: Sheets) -> None:
    certified = sheets["training"].query("证书类型 != ''")
    merged = certified.merge(
        sheets["skills"], left_on=["身份证号", "职业(工种)"], right_on=["身份证号", "技能"], how="left"
    )
    assert (merged["佐证"] == merged["证书类型"]).all()


def test_community_posts_by_field_are_as_published(sheets: Sheets) -> None:
    batches = sheets["community_posts"].assign(人数=lambda t: t["人数"].astype(int))
    planned = batches.groupby("岗位领域")["人数"].sum()
    developed = batches[batches["开发日期"] != ""].groupby("岗位领域")["人数"].sum()
    expected = {
        "养老助老": (44, 30), "托育托幼": (30, 18), "家政": (58, 42), "商超": (50, 34), "绿化": (42, 28), "物业保洁": (38, 24),
        "便利店快递": (26, 18), "公共服务": (24, 14),
    }  # fmt: skip
    assert {field: (planned[field], developed[field]) for field in planned.index} == expected
    placed = (
        sheets["placements"]
        .query("就业渠道 == '社区岗位'")
        .merge(batches, left_on="社区岗位批次编号", right_on="批次编号")
    )
    assert (len(placed), int((placed["离职日期"] == "").sum())) == (156, 141)
    assert (placed["入职日期"] >= placed["开发日期"]).all()
    taken = placed.groupby("批次编号").size()
    assert (taken <= batches.set_index("批次编号")["人数"][taken.index]).all()


def test_six_workshops_absorb_126_people_of_whom_108_stay(sheets: Sheets) -> None:
    shops, placed = sheets["workshops"], sheets["placements"].query("就业渠道 == '社区微工厂'")
    assert shops["工位数"].astype(int).tolist() == [26, 24, 22, 22, 20, 18]
    assert shops["启用日期"].tolist() == [
        "2024-03-18", "2024-06-03", "2024-09-09", "2024-12-02", "2025-03-10", "2025-06-09",
    ]  # fmt: skip
    taken = placed.groupby("微工厂名称")["身份证号"].nunique()
    assert taken[shops["微工厂名称"]].tolist() == [24, 23, 22, 21, 19, 17]
    assert (placed["离职日期"] == "").sum() == 108
    opened = shops.set_index("微工厂名称")["启用日期"]
    assert (placed["入职日期"] >= placed["微工厂名称"].map(opened)).all()


def test_twelve_enterprises_make_24_products_and_pay_4126_on_average(sheets: Sheets) -> None:
    placed, products = sheets["placements"].query("就业渠道 == '手工电商企业'"), sheets["products"]
    taken = placed.groupby("用人单位")["身份证号"].nunique().sort_values(ascending=False)
    assert taken.tolist() == [58, 32, 27, 16, 14, 13, 12, 11, 10, 9, 7, 5]
    assert list(taken.index[:3]) == ["济宁壮志天上商贸公司", "上善钩织", "布凡新途"]
    assert (products["产品名称"].nunique(), set(products["生产企业"])) == (24, set(taken.index))
    now = placed[placed["离职日期"] == ""]["月收入(元)"].astype(float)
    assert (len(now), now.mean(), now.median(), round(100 * (now > 4000).mean())) == (188, 4126, 3946, 48)
    opened = sheets["tiers"].drop_duplicates("企业名称").set_index("企业名称")["成立日期"]
    assert opened["济宁壮志天上商贸公司"] == "2024-02-19"
    assert (placed["入职日期"] >= placed["用人单位"].map(opened)).all()


def test_34_of_108_trained_with_the_first_enterprise_joined_it(sheets: Sheets) -> None:
    training, placements = sheets["training"], sheets["placements"]
    name = "济宁壮志天上商贸公司"
    trained = training[(training["培训机构"] == name) & (training["考核结果"] == "合格")]
    welfare = trained["身份证号"].isin(sheets["welfare_posts"]["身份证号"])
    assert (trained["身份证号"].nunique(), int(welfare.sum()), int((~welfare).sum())) == (108, 61, 47)
    joined = trained.merge(placements[placements["用人单位"] == name], on="身份证号")
    assert len(joined) == 34
    assert (joined["入职日期"] > joined["结业日期"]).all()
    assert trained["开班日期"].min() >= "2024-02-19"
    assert set(training[training["培训类型(家门口/用工委培/高校联合)"] == "用工委培"]["培训机构"]) == {name}


def test_71_of_215_found_work_again_by_the_published_channels(exits: pd.DataFrame) -> None:
    back = exits[exits["入职日期"].notna()]
    assert len(back) == back["身份证号"].nunique() == 71
    assert (back["入职日期"] >= back["退出日期"]).all()
    assert back["岗位类别(城镇/乡村)"].value_counts().to_dict() == {"城镇": 47, "乡村": 24}
    assert back["就业渠道"].value_counts().to_dict() == {
        "社区微工厂": 24, "社区岗位": 20, "手工电商企业": 19, "其他单位": 4, "自主创业": 4,
    }  # fmt: skip


def test_the_cumulative_rate_falls_when_a_cohort_leaves(exits: pd.DataFrame) -> None:
    marks = ("2024-04-30", "2024-08-31", "2024-12-31", "2025-04-30", "2025-08-31", END)
    rates = []
    for mark in marks:
        gone = exits[exits["退出日期"] <= mark]
        rates.append(round(100 * (gone["入职日期"] <= mark).sum() / len(gone)))
    assert rates == [10, 28, 18, 22, 28, 33]


def test_144_without_work_are_seeking_retired_away_or_lost(sheets: Sheets, exits: pd.DataFrame) -> None:
    states = sheets["states"].sort_values(["身份证号", "起始日期"])
    last = states.drop_duplicates("身份证号", keep="last").set_index("身份证号")["状态"]
    without = exits[exits["入职日期"].isna()]["身份证号"]
    assert last[without].value_counts().to_dict() == {"求职中": 118, "退休超龄": 14, "暂不求职": 7, "失联": 5}
    on_post = sheets["welfare_posts"].query("退出日期 == ''")["身份证号"]
    assert set(last[on_post]) == {"在公益岗"}
    assert not states.duplicated(["身份证号", "起始日期"]).any()
    working = sheets["placements"].query("离职日期 == ''")["身份证号"]
    assert set(last[last == "已就业"].index) == set(working)


def test_521_spells_of_which_459_run_and_nine_in_ten_last_a_quarter(sheets: Sheets) -> None:
    placed = sheets["placements"]
    assert placed["就业渠道"].value_counts().to_dict() == {
        "手工电商企业": 214, "社区岗位": 156, "社区微工厂": 126, "其他单位": 14, "自主创业": 11,
    }  # fmt: skip
    assert (placed["离职日期"] == "").sum() == 459
    start, end = pd.to_datetime(placed["入职日期"]), pd.to_datetime(placed["离职日期"], errors="coerce")
    ripe = (pd.Timestamp(END) - start).dt.days >= 90
    lasted = end.isna() | ((end - start).dt.days >= 90)
    assert 0.85 <= lasted[ripe].mean() <= 0.90
    ordered = placed.assign(ended=end.fillna(pd.Timestamp("2100-01-01")), began=start).sort_values(
        ["身份证号", "began"]
    )
    overlap = ordered.groupby("身份证号")["ended"].shift() >= ordered["began"]
    assert not overlap.any()


def test_visits_run_at_113_a_week_and_rest_at_spring_festival(sheets: Sheets) -> None:
    visits = sheets["visits"]
    weeks = pd.to_datetime(visits["走访日期"]).dt.isocalendar()
    counts = weeks.groupby(["year", "week"]).size()
    assert (len(counts), round(counts.mean())) == (104, 113)
    assert counts[(2024, 6)] < 60
    assert counts[(2025, 5)] < 60
    assert not visits.duplicated(["联系电话", "走访日期"]).any()


def test_sixty_events_by_theme(sheets: Sheets) -> None:
    events = sheets["events"]
    assert events["专场类型"].value_counts().to_dict() == {
        "宝妈灵活": 16,
        "综合": 16,
        "技能人才": 14,
        "银发顾问": 10,
        "残疾人": 4,
    }
    people = events[["进场人数", "达成意向数", "现场签约数"]].astype(int)
    assert (people["现场签约数"] <= people["达成意向数"]).all()
    assert (people["达成意向数"] <= people["进场人数"]).all()
