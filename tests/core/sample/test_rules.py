"""The sample district keeps the rules of age, time and law, uses the words of the terms, and is alive at its end."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from core import terms

SAMPLE = Path(__file__).resolve().parents[3] / "sample_data"
END = "2025-12-28"
EVENTS_OF_THE_PAST = {
    "community_posts": ("规划日期", "开发日期"),
    "welfare_posts": ("协议/合同起始日", "退出日期", "培训完成日", "二次就业日期"),
    "job_seekers": ("登记日期", "入库日期"),
    "states": ("起始日期",),
    "skills": ("取得日期",),
    "visits": ("走访日期",),
    "plans": ("制定日期", "实际完成日期"),
    "training": ("开班日期", "结业日期"),
    "openings": ("发布日期", "最近确认日期"),
    "placements": ("入职日期", "离职日期"),
    "follow_ups": ("入职日期", "回访日期"),
    "referrals": ("发布日期", "推荐日期", "状态日期"),
    "orders": ("接单日期", "完结日期"),
    "tiers": ("成立日期", "评审日期"),
    "tier_scores": ("评审日期",),
    "events": ("举办日期",),
    "dispatch": ("销号日期",),
    "eligibility_answers": ("核实日期",),
    "policy_applications": ("申报日期", "状态日期"),
    "micro_businesses": ("开业日期", "停业日期"),
    "business_support": ("扶持日期",),
    "unemployment": ("*失业时间", "*登记日期", "注销日期"),
}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

CODED: dict[str, dict[str, type[terms.Term]]] = {
    "communities": {"社区类型": terms.CommunityKind},
    "staff": {"角色": terms.StaffRole},
    "premises": {"场所类型": terms.PremisesKind, "使用状态": terms.PremisesUse},
    "community_posts": {"岗位领域": terms.PostField},
    "welfare_posts": {"岗位类别(城镇/乡村)": terms.Registration, "性别": terms.Sex, "退出原因": terms.ExitReason},
    "job_seekers": {"户口性质": terms.Registration, "文化程度": terms.Education, "用工形式": terms.JobForm},
    "states": {"状态": terms.PersonState},
    "skills": {"等级": terms.SkillLevel, "佐证": terms.Evidence},
    "experience": {"从业领域": terms.SkillDomain},
    "visits": {
        "当前状态": terms.PersonState,
        "困难类型": terms.HardshipKind,
        "岗位适应需求": terms.AccommodationKind,
        "走访方式": terms.VisitMode,
    },
    "plans": {"计划状态": terms.PlanStatus, "措施类别": terms.MeasureKind},
    "training": {
        "培训类型(家门口/用工委培/高校联合)": terms.TrainingKind,
        "考核结果": terms.EnrolmentResult,
        "证书类型": terms.Evidence,
    },
    "openings": {
        "单位类型": terms.EmployerKind,
        "用工形式": terms.JobForm,
        "班次": terms.Shift,
        "薪酬方式": terms.PayKind,
        "岗位领域": terms.PostField,
        "岗位状态": terms.JobStatus,
    },
    "placements": {"就业渠道": terms.Channel, "用工形式": terms.JobForm, "离职原因": terms.ExitReason},
    "follow_ups": {"回访结果": terms.FollowUpResult},
    "referrals": {"状态": terms.ReferralState, "拒绝原因": terms.RefusalReason},
    "tiers": {"梯队": terms.Tier},
    "tier_scores": {"评分维度": terms.Pillar, "来源": terms.EvidenceSource},
    "events": {"专场类型": terms.EventTheme, "活动场景": terms.EventScene},
    "eligibility_answers": {"社会保险缴纳方式": terms.InsurancePayer, "退休身份": terms.RetirementGroup},
    "policy_applications": {"办理状态": terms.ApplicationState},
    "micro_businesses": {"经营类型": terms.BusinessKind},
    "business_support": {"扶持类别": terms.BusinessSupportKind},
    "dispatch": {"亮灯": terms.Light, "督办状态": terms.ActionStatus},
}

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


def born(number: str) -> date:
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def years(birth: date, today: str) -> float:
    return (date.fromisoformat(today) - birth).days / 365.2425


def test_nothing_has_happened_after_the_last_week(sheets: Sheets) -> None:
    for code, columns in EVENTS_OF_THE_PAST.items():
        for column in columns:
            assert sheets[code][column].max() <= END, f"{code}.{column}"
    assert sheets["workshop_weeks"]["周次"].max() == "2025-W52"


def test_id_numbers_are_of_nobody_and_carry_their_check_character(sheets: Sheets) -> None:
    numbers = {*sheets["welfare_posts"]["身份证号"], *sheets["job_seekers"]["公民身份号码"]}
    assert len(numbers) == 1600
    for number in numbers:
        assert number.startswith("370899")
        assert born(number).isoformat() > "1958"
        total = sum(int(sign) * weight for sign, weight in zip(number[:17], WEIGHTS, strict=True))
        assert number[17] == "10X98765432"[total % 11]
    phones = {*sheets["welfare_posts"]["联系电话"], *sheets["job_seekers"]["联系电话"]}
    assert len(phones) == 1600
    assert all(phone.startswith("1990000") and len(phone) == 11 for phone in phones)


def test_credit_codes_are_valid_and_the_named_three_have_none(sheets: Sheets) -> None:
    uscc = pytest.importorskip("stdnum.cn.uscc")
    codes = sheets["openings"].drop_duplicates("单位名称").set_index("单位名称")["统一社会信用代码"]
    assert all(uscc.is_valid(code) for code in codes if code)
    assert set(codes[["济宁壮志天上商贸公司", "上善钩织", "布凡新途"]]) == {""}


def test_exits_were_below_retirement_in_town_and_at_most_65_in_the_country(exits: pd.DataFrame) -> None:
    for row in exits[["身份证号", "性别", "退出日期", "岗位类别(城镇/乡村)"]].itertuples(index=False):
        limit = 66 if row[3] == "乡村" else (50.5 if row[1] == "女" else 60.5)
        assert years(born(row[0]), row[2]) < limit
        assert (int(row[0][16]) % 2 == 1) == (row[1] == "男")


def test_posts_last_three_years_at_most(sheets: Sheets) -> None:
    posts = sheets["welfare_posts"]
    start, end = pd.to_datetime(posts["协议/合同起始日"]), pd.to_datetime(posts["协议/合同终止日"])
    assert ((end - start).dt.days <= 1096).all()
    assert (posts["安置次数"].astype(int) <= 2).all()
    running = posts["退出日期"] == ""
    assert (posts["协议/合同终止日"][running] > END).all()


def test_the_picture_on_the_last_day_is_alive(sheets: Sheets) -> None:
    jobs = sheets["openings"].query("岗位状态 == '招聘中'")
    assert 60 <= len(jobs) <= 90
    assert 220 <= jobs["招聘人数"].astype(int).sum() <= 280
    assert jobs["岗位领域"].nunique() == 9  # eight fields and none
    assert (jobs["最近确认日期"] < "2025-09-29").sum() >= 5
    assert jobs["工作内容"].str.contains("限女性，35岁以下").sum() == 1
    assert set(sheets["referrals"]["状态"]) == {"已推荐", "面试中", "已录用", "已入职", "未录用", "本人拒绝", "已关闭"}
    assert (sheets["referrals"]["拒绝原因"] != "").eq(sheets["referrals"]["状态"] == "本人拒绝").all()
    latest = sheets["tiers"].sort_values("评审日期").drop_duplicates("企业名称", keep="last")
    assert set(latest["梯队"]) == {"观察", "储备", "成长", "骨干", "领军"}
    assert (latest["欠薪/处罚记录"] == "欠薪").sum() == 1
    actions = sheets["dispatch"].query("存在问题 != ''")
    assert set(actions["督办状态"]) == {"待办", "办理中", "销号"}
    assert ((actions["督办状态"] != "销号") & (actions["完成时限"] < END)).any()


def test_pay_reaches_the_legal_floor_but_for_two_flawed_postings(sheets: Sheets) -> None:
    jobs = sheets["openings"].query("岗位状态 == '招聘中'")
    low = pd.to_numeric(jobs["月薪下限(元)"], errors="coerce")
    rate = pd.to_numeric(jobs["小时/计件单价"], errors="coerce")
    short = (jobs["用工形式"] == "全日制") & (low < 2210) | (jobs["薪酬方式"] == "小时") & (rate < 22)
    assert short.sum() == 2
    products = sheets["products"]
    assert (products["计件单价(元)"].astype(float) * 60 / products["标准工时(分钟)"].astype(float) >= 22).all()


def test_85_in_100_seekers_have_a_plan_and_an_eighth_of_profiles_are_sparse(sheets: Sheets) -> None:
    states = sheets["states"].sort_values(["身份证号", "起始日期"]).drop_duplicates("身份证号", keep="last")
    seeking = states[states["状态"] == "求职中"]["身份证号"]
    assert 0.8 <= seeking.isin(sheets["plans"]["身份证号"]).mean() <= 0.9
    with_wishes = sheets["visits"].query("可工作时段 != '' or 意向工种 != ''")["联系电话"]
    phones = states[states["身份证号"].isin(seeking)]["联系电话"]
    assert 0.08 <= 1 - phones.isin(with_wishes).mean() <= 0.2


def test_referrals_and_scores_point_at_rows_that_exist(sheets: Sheets) -> None:
    key = ["单位名称", "岗位名称", "发布日期"]
    jobs = sheets["openings"]
    assert not jobs.duplicated(key).any()
    assert len(sheets["referrals"].merge(jobs[key], on=key)) == len(sheets["referrals"])
    assert not sheets["referrals"].duplicated(["身份证号", *key]).any()
    reviews = sheets["tiers"][["企业名称", "评审日期"]]
    assert len(sheets["tier_scores"].merge(reviews)) == len(sheets["tier_scores"])
    assert (reviews.groupby("企业名称").size() >= 2).all()
    assert (sheets["referrals"]["推荐日期"] >= sheets["referrals"]["发布日期"]).all()


def test_weekly_reports_run_from_the_opening_and_agree_with_the_roll(sheets: Sheets) -> None:
    reports, shops = sheets["workshop_weeks"], sheets["workshops"].set_index("微工厂名称")
    weeks = reports.drop_duplicates(["微工厂名称", "周次"]).groupby("微工厂名称").size()
    expected = {n: (date(2025, 12, 29) - date.fromisoformat(d)).days // 7 for n, d in shops["启用日期"].items()}
    assert weeks.to_dict() == expected
    last = reports[reports["周次"] == "2025-W52"].drop_duplicates("微工厂名称")
    assert last["在册人数"].astype(int).sum() == 108
    assert (reports["在册人数"].astype(int) <= reports["工位数"].astype(int)).all()
    assert not reports.duplicated(["微工厂名称", "周次", "产品名称"]).any()
    orders = sheets["orders"]
    assert (orders["已交数量"].astype(int) <= orders["订货数量"].astype(int)).all()
    assert len(set(shops.index) - set(orders.query("完结日期 == ''")["微工厂名称"])) == 1


def test_cells_of_the_sketch_fill_the_outline_and_hold_their_labels(sheets: Sheets) -> None:
    def area(ring: list[list[float]]) -> float:
        return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2

    def layer(name: str) -> list[dict]:
        return json.loads((SAMPLE / "geometry" / f"{name}.geojson").read_text(encoding="utf-8"))["features"]

    cells = {f["properties"]["code"]: f["geometry"]["coordinates"][0] for f in layer("communities")}
    outline = layer("outline")[0]["geometry"]["coordinates"][0]
    assert sum(map(area, cells.values())) == pytest.approx(area(outline), rel=1e-6)
    assert set(cells) == set(sheets["communities"]["社区代码"])
    assert sheets["communities"]["社区类型"].value_counts().to_dict() == {"城市社区": 10, "农村社区": 4}
    labels = sheets["communities"].set_index("社区代码")[["标注经度", "标注纬度"]].astype(float)
    for code, ring in cells.items():
        x, y = labels.loc[code]
        inside = sum(
            (a[1] > y) != (b[1] > y) and x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]
            for a, b in pairwise(ring)
        )
        assert inside % 2 == 1
    rooms = sheets["premises"]["场所类型"].value_counts().to_dict()
    assert rooms == {"党群服务中心": 14, "闲置用房": 8, "微工厂用房": 6, "培训微阵地": 6}


def test_every_coded_cell_is_a_word_of_the_terms(sheets: Sheets) -> None:
    for code, columns in CODED.items():
        for column, term in columns.items():
            words = {word for cell in sheets[code][column].unique() for word in cell.split("、") if word}
            assert words, f"{code}.{column}"
            assert not [word for word in words if term.parse(word) is None], f"{code}.{column}"
