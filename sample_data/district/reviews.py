"""The craft enterprises by month, and their half-yearly reviews by three sources on six pillars.

Monitoring is what the app computes from the sample's own sheets; panel and third party are drawn around it; score and tier
are the app's: so the review sheets and the bureau's rows agree.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import date

import numpy as np

from core.enterprises.robustness import reach_of_scores
from core.enterprises.score import panel_value
from core.enterprises.score import score as score_of
from core.enterprises.tiers import Review as RuleReview
from core.enterprises.tiers import replay, tier_of
from core.terms import Pillar
from district.basis import FESTIVALS, Row, add_months, chance, days
from district.employers import Economy, Employer
from district.monitoring import Monitored
from district.people import Person
from district.slots import Spell

REVIEWS = (date(2024, 12, 20), date(2025, 6, 20), date(2025, 12, 19))
JUDGES = ("评委甲", "评委乙", "评委丙")
FOURTH_JUDGE = "评委丁"
"""Joined for the last review with marks in the middle of the panel's: no median moves."""
CONFLICT = ("上善钩织", REVIEWS[2])
"""The fourth judge has a conflict of interest here and does not mark."""
LIFT: dict[str, tuple[float, ...]] = {
    "济宁壮志天上商贸公司": (0.2, 0.2, 0.21), "上善钩织": (0.2, 0.18, 0.2), "布凡新途": (0.2, 0.1, 0.1),
    "云绒玩偶坊": (0.2, 0.2, 0.2), "桃枝手作社": (0.2, 0.2, 0.2), "麦秆画坊": (0.2, 0.2, 0.2),
    "绒花阁手作": (0.2, 0.2, 0.2), "虎头里童鞋坊": (0.2, 0.2), "线团与猫手作": (0.2, 0.2),
    "小满编织铺": (0.2, 0.2), "香囊巷手作": (0.2, 0.2), "纸窗花工坊": (0.2, 0.15),
}  # fmt: skip
"""By how much panel and third party see an enterprise above its monitored figures, one value a review, invented."""
STEADY = {"济宁壮志天上商贸公司", "云绒玩偶坊", "桃枝手作社", "麦秆画坊"}
"""Their orders vary little from month to month."""
BREACH = ("小满编织铺", REVIEWS[2])
"""Wage arrears found at this review: the enterprise falls to the lowest tier at once."""
NO_THIRD_PARTY = ("线团与猫手作", REVIEWS[2])
DISPUTED = ("香囊巷手作", REVIEWS[2], "订单经营")
NOTES = {"大数据监测": "本局台账计算", "专家评审": "现场评审打分", "第三方评估": "第三方入企评估"}


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
        steady = 0.05 if employer.name in STEADY else 0.16
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


Values = dict[Pillar, dict[str, dict[str, float]]]
"""Pillar → source → judge → value 0..1."""


@dataclass
class Review:
    """What the three sources say at one review, its score of 100 (None: not rated) and the tier that followed."""

    employer: Employer
    day: date
    values: Values
    score: float | None = None
    tier: str = ""

    def source(self, name: str) -> float | None:
        """Mean over the pillars of one source (median of judges), 0..100."""
        medians = [statistics.median(p[name].values()) for p in self.values.values() if name in p]
        return round(100 * statistics.mean(medians), 1) if medians else None


def opinions(
    rng: np.random.Generator, name: str, day: date, monitored: dict[Pillar, float | None], lift: float
) -> Values:
    """Values of each pillar by source and judge: monitoring as computed, the others ``lift`` above it."""

    def value(centre: float, spread: float) -> float:
        return round(float(np.clip(centre + rng.normal(0, spread), 0.05, 0.99)), 2)

    known = [v for v in monitored.values() if v is not None]
    usual = statistics.mean(known) if known else 0.5
    given: Values = {}
    for pillar, computed in monitored.items():
        centre = (usual if computed is None else computed) + lift
        sources = {
            "专家评审": {judge: value(centre, 0.025) for judge in JUDGES},
            "第三方评估": {"": value(centre - (0.34 if (name, day, pillar.zh) == DISPUTED else 0), 0.02)},
        }
        if day == CONFLICT[1] and name != CONFLICT[0]:
            sources["专家评审"][FOURTH_JUDGE] = statistics.median(sources["专家评审"].values())
        if (name, day) == NO_THIRD_PARTY:
            del sources["第三方评估"]
        if computed is not None:
            sources = {"大数据监测": {"": round(computed, 2)}} | sources
        given[pillar] = sources
    return given


def make_reviews(economy: Economy, monitored: Monitored | None = None) -> list[Review]:
    """Two or three reviews an enterprise; without ``monitored`` a first draft of their sheets that scores nothing."""
    reviews: list[Review] = []
    for number, employer in enumerate(economy.enterprises):
        rng = chance(100 + number)
        lifts = LIFT[employer.name]
        history: list[Review] = []
        for day, lift in zip(REVIEWS[-len(lifts) :], lifts, strict=True):
            figures: dict[Pillar, float | None] = dict.fromkeys(Pillar)
            if monitored is not None:
                figures = monitored[employer.name, day]
            history.append(Review(employer, day, opinions(rng, employer.name, day, figures, lift)))
        if monitored is not None:
            decide(history, monitored)
        reviews += history
    return sorted(reviews, key=lambda r: (r.day, [e.name for e in economy.enterprises].index(r.employer.name)))


def decide(history: list[Review], monitored: Monitored) -> None:
    """Set score and tier of an enterprise's reviews as the app computes them."""
    scores = [
        score_of(
            monitored[review.employer.name, review.day],
            {p: panel_value(list(given["专家评审"].values())) for p, given in review.values.items()},
            {p: given["第三方评估"][""] for p, given in review.values.items() if "第三方评估" in given},
        )
        for review in history
    ]
    steps = replay(
        [
            RuleReview(
                index=own.index,
                breach=(review.employer.name, review.day) == BREACH,
                has_third_party=own.has_third_party,
                reconcile=bool(own.reconcile),
                probability=reach,
            )
            for review, own, reach in zip(history, scores, reach_of_scores(scores), strict=True)
        ]
    )
    for review, own, step in zip(history, scores, steps, strict=True):
        review.score = None if own.index is None else round(own.index, 1)
        review.tier = tier_of(step.level).zh


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
            | {"第三方评估分": review.source("第三方评估"), "综合得分": review.score, "梯队": review.tier or None}
            | {"评审日期": day, "复评日期": add_months(day, 6)}
        )
    return rows


def score_rows(reviews: list[Review]) -> list[Row]:
    """Rows of the score details, marked as demonstration."""
    return [
        {
            "企业名称": review.employer.name,
            "评审日期": review.day,
            "评分维度": pillar.zh,
            "来源": source,
            "评委": judge or None,
        }
        | {"评分(0-1)": value, "依据": f"{NOTES[source]}（演示数据）"}
        for review in reviews
        for pillar, sources in review.values.items()
        for source, judges in sources.items()
        for judge, value in judges.items()
    ]
