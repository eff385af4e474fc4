"""The craft enterprises by month, and their half-yearly reviews by three sources on six pillars."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import date

import numpy as np

from district.basis import FESTIVALS, Row, add_months, chance, days
from district.employers import Economy, Employer
from district.people import Person
from district.slots import Spell

REVIEWS = (date(2024, 12, 20), date(2025, 6, 20), date(2025, 12, 19))
PILLARS = ("吸纳就业", "稳定就业", "劳动收入", "技能培训", "订单经营", "社会担当")
JUDGES = ("评委甲", "评委乙", "评委丙")
TIERS = ("观察", "储备", "成长", "骨干", "领军")
LEVELS = (60, 70, 80, 90)
MARGIN = 3
COURSE: dict[str, tuple[float, ...]] = {
    "济宁壮志天上商贸公司": (0.84, 0.86, 0.87), "上善钩织": (0.76, 0.77, 0.78), "布凡新途": (0.74, 0.75, 0.76),
    "云绒玩偶坊": (0.925, 0.935, 0.945), "桃枝手作社": (0.79, 0.845, 0.852), "麦秆画坊": (0.83, 0.85, 0.86),
    "绒花阁手作": (0.66, 0.68, 0.67), "虎头里童鞋坊": (0.75, 0.73), "线团与猫手作": (0.63, 0.65),
    "小满编织铺": (0.73, 0.72), "香囊巷手作": (0.67, 0.75), "纸窗花工坊": (0.55, 0.52),
}  # fmt: skip
"""General standing at each review, 0..1, invented for the demonstration."""
BREACH = ("小满编织铺", REVIEWS[2])
"""Wage arrears found at this review: the enterprise falls to the lowest tier at once."""
NO_THIRD_PARTY = ("线团与猫手作", REVIEWS[2])
DISPUTED = ("香囊巷手作", REVIEWS[2], "订单经营")
NOTES = {"大数据监测": "监测台账汇总", "专家评审": "现场评审打分", "第三方评估": "第三方入企评估"}


@dataclass(frozen=True)
class Month:
    """Monitoring of one month, sales in yuan."""

    employer: Employer
    first: date
    sales: int
    orders: int
    online: float
    employees: int
    insured: int


def on_roll(slots: list[Spell], employer: Employer, day: date) -> list[Spell]:
    """Spells at the enterprise that are running on ``day``."""
    return [s for s in slots if s.employer is employer and s.start <= day and (s.end is None or s.end > day)]


def make_months(economy: Economy, slots: list[Spell]) -> list[Month]:
    """Months from the first full one after the opening to November 2025."""
    rows = []
    for number, employer in enumerate(economy.enterprises):
        rng = chance(80 + number)
        core, output = int(rng.integers(2, 6)), rng.uniform(8200, 12500)
        steady = 0.05 if COURSE[employer.name][-1] > 0.8 else 0.16
        online = rng.uniform(0.55, 0.86)
        month = add_months(employer.opened.replace(day=1), 1)
        while month < date(2025, 12, 1):
            last = add_months(month, 1) - days(1)
            staff = len(on_roll(slots, employer, last)) + core
            season = {2: 0.62, 6: 1.08, 9: 1.05, 10: 1.12, 11: 1.34, 12: 1.18}.get(month.month, 1.0)
            if any((feast.year, feast.month) == (month.year, month.month) for feast in FESTIVALS):
                season = 0.6
            sales = int(round(staff * output * season * max(0.3, rng.normal(1, steady)), -2))
            share = min(0.97, online + 0.004 * (month.year * 12 + month.month - 24290) + rng.normal(0, 0.02))
            insured = min(staff, round(staff * rng.uniform(0.62, 0.74)) + core // 2)
            rows.append(
                Month(
                    employer,
                    month,
                    sales,
                    max(1, round(sales / rng.uniform(150, 260))),
                    round(share, 3),
                    staff,
                    insured,
                )
            )
            month = add_months(month, 1)
    return rows


def month_rows(months: list[Month]) -> list[Row]:
    """Rows of the monthly monitoring."""
    return [
        {"企业名称": m.employer.name, "月份(YYYY-MM)": f"{m.first:%Y-%m}", "销售额(元)": m.sales, "订单数": m.orders}
        | {"线上占比": m.online, "在职人数": m.employees, "参保人数": m.insured}
        for m in months
    ]


@dataclass
class Review:
    """Scores of one review, pillar → source → judge → value 0..1, and the tier that followed."""

    employer: Employer
    day: date
    values: dict[str, dict[str, dict[str, float]]]
    tier: str = ""

    def source(self, name: str) -> float | None:
        """Mean over the pillars of one source (median of judges), 0..100."""
        medians = [statistics.median(p[name].values()) for p in self.values.values() if name in p]
        return round(100 * statistics.mean(medians), 1) if medians else None

    @property
    def score(self) -> float:
        """Monitoring 40, panel 30, third party 30 of 100; shared out again when one is missing."""
        parts = [(self.source(n), w) for n, w in zip(NOTES, (0.4, 0.3, 0.3), strict=True)]
        present = [(value, weight) for value, weight in parts if value is not None]
        return round(sum(v * w for v, w in present) / sum(w for _, w in present), 1)


def score_pillars(
    rng: np.random.Generator, name: str, day: date, standing: float, lean: np.ndarray
) -> dict[str, dict[str, dict[str, float]]]:
    """Values of each pillar by source and judge around the enterprise's standing."""

    def value(centre: float, spread: float) -> float:
        return round(float(np.clip(centre + rng.normal(0, spread), 0.05, 0.99)), 2)

    scores: dict[str, dict[str, dict[str, float]]] = {}
    for pillar, offset in zip(PILLARS, lean, strict=True):
        centre = standing + float(offset)
        sources = {
            "大数据监测": {"": value(centre, 0.015)},
            "专家评审": {judge: value(centre, 0.025) for judge in JUDGES},
            "第三方评估": {"": value(centre - (0.34 if (name, day, pillar) == DISPUTED else 0), 0.02)},
        }
        if (name, day) == NO_THIRD_PARTY:
            del sources["第三方评估"]
        scores[pillar] = sources
    return scores


def make_reviews(economy: Economy) -> list[Review]:
    """Two or three reviews an enterprise with the tier by the rule of two consecutive reviews."""
    reviews: list[Review] = []
    for number, employer in enumerate(economy.enterprises):
        rng = chance(100 + number)
        standings = COURSE[employer.name]
        lean = rng.normal(0, 0.02 if standings[-1] > 0.9 else 0.05, len(PILLARS))
        lean -= lean.mean()
        history: list[Review] = []
        for day, standing in zip(REVIEWS[-len(standings) :], standings, strict=True):
            review = Review(employer, day, score_pillars(rng, employer.name, day, standing, lean))
            history.append(review)
            review.tier = tier_of(history)
        reviews += history
    return sorted(reviews, key=lambda r: (r.day, [e.name for e in economy.enterprises].index(r.employer.name)))


def tier_of(history: list[Review]) -> str:
    """Tier after the last of ``history``: by score at first, then one step after two reviews beyond the margin."""
    last = history[-1]
    if (last.employer.name, last.day) == BREACH:
        return TIERS[0]
    step = sum(last.score >= level for level in LEVELS)
    if len(history) > 1:
        held = TIERS.index(history[-2].tier)
        pair = [review.score for review in history[-2:]]
        up = held < 4 and all(score >= LEVELS[held] + MARGIN for score in pair)
        down = held > 0 and all(score < LEVELS[held - 1] - MARGIN for score in pair)
        step = held + up - down
    return TIERS[min(step, 2) if last.source("第三方评估") is None else step]


def tier_rows(reviews: list[Review], months: list[Month], slots: list[Spell], people: list[Person]) -> list[Row]:
    """Rows of the review sheet."""
    target = {id(s) for p in people if p.post or p.hardships for s in p.spells}
    rows: list[Row] = []
    for review in reviews:
        employer, day = review.employer, review.day
        taken = [s for s in slots if s.employer is employer and s.start <= day]
        pay = [s.pay for s in on_roll(slots, employer, day)]
        own = [m for m in months if m.employer is employer and m.first < day.replace(day=1)]
        year = sum(m.sales for m in own[-12:])
        before = sum(m.sales for m in own[-24:-12])
        growth = f"{100 * (year / before - 1):.1f}%" if len(own) >= 24 and before else None
        rows.append(
            {"企业名称": employer.name, "统一社会信用代码": employer.credit, "成立日期": employer.opened}
            | {"产品种类数": len(employer.products), "吸纳就业人数": len(taken)}
            | {"其中公益岗退出/困难人员": sum(id(s) in target for s in taken)}
            | {
                "人均月收入": round(statistics.mean(pay)) if pay else None,
                "近12月销售额(万元)": round(year / 10_000, 1),
            }
            | {"同比增长": growth, "线上/跨境占比": f"{100 * own[-1].online:.1f}%" if own else None}
            | {"社保参保率": f"{100 * own[-1].insured / own[-1].employees:.1f}%" if own else None}
            | {"欠薪/处罚记录": "欠薪" if (employer.name, day) == BREACH else "无"}
            | {"大数据监测分": review.source("大数据监测"), "专家评审分": review.source("专家评审")}
            | {"第三方评估分": review.source("第三方评估"), "综合得分": review.score, "梯队": review.tier}
            | {"评审日期": day, "复评日期": add_months(day, 6)}
        )
    return rows


def score_rows(reviews: list[Review]) -> list[Row]:
    """Rows of the score details, marked as demonstration."""
    return [
        {
            "企业名称": review.employer.name,
            "评审日期": review.day,
            "评分维度": pillar,
            "来源": source,
            "评委": judge or None,
        }
        | {"评分(0-1)": value, "依据": f"{NOTES[source]}（演示数据）"}
        for review in reviews
        for pillar, sources in review.values.items()
        for source, judges in sources.items()
        for judge, value in judges.items()
    ]
