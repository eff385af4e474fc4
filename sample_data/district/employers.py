"""Employers: the twelve craft enterprises, six workshops with their operators, committees, companies, post batches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from district.basis import END, START, add_months, chance, credit_code, days, pick, workday
from district.geography import Community, Geography, Point, Premises, near
from district.names import full_name
from district.vocabulary import PRODUCTS

ENTERPRISES: tuple[tuple[str, str, date, tuple[str, ...], int, int], ...] = (
    ("济宁壮志天上商贸公司", "荷风社区", date(2024, 2, 19), ("G01", "G15", "G20"), 58, 51),
    ("上善钩织", "清漪社区", date(2024, 4, 15), ("G07", "G08", "G09"), 32, 28),
    ("布凡新途", "兰汀社区", date(2024, 5, 20), ("G02", "G03", "G06"), 27, 24),
    ("云绒玩偶坊", "栖霞社区", date(2024, 6, 11), ("G04", "G05"), 16, 14),
    ("桃枝手作社", "望湖社区", date(2024, 7, 8), ("G10", "G11"), 14, 12),
    ("麦秆画坊", "麦垄社区", date(2024, 8, 26), ("G16", "G17", "G18", "G19"), 13, 12),
    ("绒花阁手作", "莲塘社区", date(2024, 9, 23), ("G21",), 12, 10),
    ("虎头里童鞋坊", "渔歌社区", date(2024, 10, 21), ("G23",), 11, 10),
    ("线团与猫手作", "桐荫社区", date(2024, 11, 18), ("G12", "G13"), 10, 9),
    ("小满编织铺", "柳岸社区", date(2025, 1, 6), ("G14",), 9, 8),
    ("香囊巷手作", "杏林社区", date(2025, 2, 17), ("G22",), 7, 6),
    ("纸窗花工坊", "明渠社区", date(2025, 3, 31), ("G24",), 5, 4),
)
"""Name, community, day of opening here, products, people taken on in all and still there."""
NAMED = 3
"""The first three stand in the bureau's report; they carry no registered numbers and no contacts."""

WORKSHOPS: tuple[tuple[str, str, date, tuple[str, ...], int, int, int], ...] = (
    ("荷风微工厂", "荷风社区", date(2024, 3, 18), ("G01", "G02", "G06"), 26, 24, 21),
    ("兰汀微工厂", "兰汀社区", date(2024, 6, 3), ("G07", "G08", "G11"), 24, 23, 20),
    ("渔歌微工厂", "渔歌社区", date(2024, 9, 9), ("G22", "G24"), 22, 22, 19),
    ("望湖微工厂", "望湖社区", date(2024, 12, 2), ("G03", "G04"), 22, 21, 18),
    ("麦垄微工厂", "麦垄社区", date(2025, 3, 10), ("G16", "G17", "G19"), 20, 19, 16),
    ("书香里微工厂", "书香里社区", date(2025, 6, 9), ("G20", "G21"), 18, 17, 14),
)
"""Name, community, opening, products, stations, people taken on in all and still there."""

COMPANIES: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("禾悦家政铺", "企业", "家政服务", "清漪社区", ("家政服务员", "月嫂助理", "收纳整理师")),
    ("暖窗家政坊", "个体工商户", "家政服务", "桐荫社区", ("小时工保洁", "家政服务员")),
    ("灶台与灯家政屋", "个体工商户", "家政服务", "麦垄社区", ("做饭阿姨", "小时工保洁")),
    ("银杏树下养老驿站", "民办非企业", "养老服务", "荷风社区", ("养老护理员", "助餐配送员", "陪诊员")),
    ("夕照里养老驿站", "民办非企业", "养老服务", "渔歌社区", ("养老护理员", "助浴助行员")),
    ("小蜗牛托育屋", "民办非企业", "托育服务", "兰汀社区", ("托育助教", "保育员")),
    ("四叶草托管屋", "个体工商户", "托育服务", "莲塘社区", ("课后托管员", "生活老师")),
    ("满仓生活超市", "企业", "零售", "清漪社区", ("理货员", "收银员", "夜班理货员")),
    ("街角柚子便利店", "个体工商户", "零售", "望湖社区", ("便利店店员", "夜班店员")),
    ("菜篮子与风生鲜铺", "个体工商户", "零售", "栖霞社区", ("生鲜理货员", "周末促销员")),
    ("麦垄惠民商店", "个体工商户", "零售", "麦垄社区", ("便利店店员",)),
    ("绿袖园林队", "企业", "园林绿化", "书香里社区", ("绿化养护工", "苗木修剪工")),
    ("芦苇荡绿化队", "企业", "园林绿化", "苇泊社区", ("绿化养护工",)),
    ("檐下物业站", "企业", "物业管理", "兰汀社区", ("保洁员", "物业客服", "夜班保安")),
    ("晴窗物业站", "企业", "物业管理", "桐荫社区", ("保洁员", "门岗保安", "水电维修工")),
    ("归燕快递驿站", "个体工商户", "快递", "莲塘社区", ("快递分拣员", "驿站值守员")),
    ("蜻蜓快递驿站", "个体工商户", "快递", "杏林社区", ("快递员", "驿站值守员")),
    ("半山云客服坊", "企业", "电子商务", "明渠社区", ("网店客服", "居家客服")),
    ("灯塔直播小院", "企业", "电子商务", "柳岸社区", ("直播助理", "短视频剪辑", "打包员")),
    ("荷塘早点铺", "个体工商户", "餐饮", "荷风社区", ("早餐帮厨",)),
)
"""Name, kind, industry, community, titles of its jobs."""

FIELDS: tuple[tuple[str, int, int, int, tuple[str, ...]], ...] = (
    ("养老助老", 44, 30, 24, ("助餐配送员", "居家养老护理员", "陪诊员")),
    ("托育托幼", 30, 18, 13, ("课后托管员", "托育助教")),
    ("家政", 58, 42, 33, ("社区家政员", "小时工保洁", "收纳整理员")),
    ("商超", 50, 34, 26, ("理货员", "收银员", "社区超市店员")),
    ("绿化", 42, 28, 20, ("绿化管护员", "口袋公园养护员")),
    ("物业保洁", 38, 24, 18, ("楼道保洁员", "门岗值守员")),
    ("便利店快递", 26, 18, 13, ("驿站值守员", "便利店店员")),
    ("公共服务", 24, 14, 9, ("社区服务专员", "图书角管理员", "便民窗口协办员")),
)
"""Field, posts planned, developed, people who took one up, titles."""
HOSTS = {
    "养老助老": "养老服务", "托育托幼": "托育服务", "家政": "家政服务", "商超": "零售", "绿化": "园林绿化",
    "物业保洁": "物业管理", "便利店快递": "快递",
}  # fmt: skip


@dataclass(frozen=True)
class Employer:
    """Who offers work; ``titles`` are the jobs it advertises."""

    name: str
    kind: str
    industry: str
    community: Community
    place: Point
    opened: date
    credit: str | None
    contact: str | None
    phone: str | None
    titles: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    taken_on: int = 0
    still: int = 0


@dataclass(frozen=True)
class Workshop:
    """A micro-workshop and the operator that employs its people."""

    name: str
    operator: Employer
    premises: Premises
    opened: date
    products: tuple[str, ...]
    stations: int
    taken_on: int
    still: int


@dataclass
class Batch:
    """Community posts planned together; ``developed`` None means planned only."""

    code: str
    field: str
    title: str
    community: Community
    heads: int
    planned: date
    developed: date | None
    host: Employer
    filled: int = 0


@dataclass
class Economy:
    """Everyone who offers work."""

    enterprises: list[Employer]
    workshops: list[Workshop]
    committees: list[Employer]
    companies: list[Employer]
    batches: list[Batch]

    @property
    def employers(self) -> list[Employer]:
        return [*self.enterprises, *(w.operator for w in self.workshops), *self.committees, *self.companies]


def make_economy(geography: Geography) -> Economy:
    """All employers with their sites, and the batches of community posts."""
    rng = chance(6)
    serial = iter(range(1, 200))

    def employer(
        name: str, kind: str, industry: str, where: str, opened: date, known: bool = True, **more: Any
    ) -> Employer:
        community, number = geography.named(where), next(serial)
        place = more.pop("place", None) or near(rng, community, 150, 900)
        contact = full_name(rng, pick(rng, "女男")) if known else None
        phone = f"1990000{6000 + number}" if known else None
        credit = credit_code(number) if known and kind != "社区居委会" else None
        return Employer(name, kind, industry, community, place, opened, credit, contact, phone, **more)

    enterprises = [
        employer(name, "手工玩具电商企业", "手工制品与电商", where, opened, number >= NAMED,
                 products=products, taken_on=taken, still=still)
        for number, (name, where, opened, products, taken, still) in enumerate(ENTERPRISES)
    ]  # fmt: skip
    rooms = {p.community.name: p for p in geography.premises if p.kind == "微工厂用房"}
    workshops = [
        Workshop(
            name,
            employer(f"{where[:-2]}巧手服务社", "社区微工厂", "手工加工", where, opened, place=rooms[where].place),
            rooms[where], opened, products, stations, taken, still,
        )
        for name, where, opened, products, stations, taken, still in WORKSHOPS
    ]  # fmt: skip
    committees = [employer(f"{c.name}居委会", "社区居委会", "社区服务", c.name, START) for c in geography.communities]
    companies = [
        employer(name, kind, industry, where, START - days(rng.integers(200, 1500)), titles=titles)
        for name, kind, industry, where, titles in COMPANIES
    ]
    batches = make_batches(geography, committees, companies)
    return Economy(enterprises, workshops, committees, companies, batches)


def make_batches(geography: Geography, committees: list[Employer], companies: list[Employer]) -> list[Batch]:
    """Batches of 3 to 8 posts by field; those developed come first in time and sum to the field's count."""
    rng = chance(7)
    batches: list[Batch] = []
    for name, planned, developed, _, titles in FIELDS:
        for total, done in ((developed, True), (planned - developed, False)):
            left = total
            while left:
                heads = left if left <= 4 else min(left - 2, int(rng.integers(3, 9)))
                community = pick(rng, geography.communities, [c.weight for c in geography.communities])
                span = 510 if done else 650
                day = workday(START + days(7 + span * rng.random() ** (1.25 if done else 0.6)))
                ready = workday(min(add_months(day, int(rng.integers(1, 5))), END - days(20))) if done else None
                hosts = [c for c in companies if c.industry == HOSTS.get(name)]
                here = [c for c in hosts if c.community.rural == community.rural] or hosts
                host = pick(rng, here) if here and rng.random() < 0.6 else committees[community.number]
                batches.append(Batch("", name, pick(rng, titles), community, heads, day, ready, host))
                left -= heads
    batches.sort(key=lambda b: (b.planned, b.field, b.title, b.community.number, b.heads))
    for number, batch in enumerate(batches, 1):
        batch.code = f"GW{batch.planned.year}-{number:03d}"
    return batches


def workshop_rows(economy: Economy) -> list[dict[str, object]]:
    """Rows of the workshop sheet."""
    return [
        {"微工厂名称": w.name, "社区": w.premises.community.name, "场所编号": w.premises.code}
        | {"运营单位": w.operator.name, "启用日期": w.opened, "工位数": w.stations}
        | {"每周班次数": 10, "每班净工时": 3.5, "带班人数": 2 if w.stations > 20 else 1}
        for w in economy.workshops
    ]


def product_rows(economy: Economy, skill_names: dict[str, str]) -> list[dict[str, object]]:
    """Rows of the product sheet; knitting, crochet and paper work can be done at home."""
    makers = {code: e.name for e in economy.enterprises for code in e.products}
    at_home = {"K30", "K31", "K33", "K37", "K38", "K39"}
    return [
        {"产品编号": code, "产品名称": p.name, "英文名称": p.english, "产品大类": p.family, "生产企业": makers[code]}
        | {"所需技能": "、".join(skill_names[s] for s in p.skills), "标准工时(分钟)": p.minutes}
        | {"计件单价(元)": p.rate, "可居家完成": set(p.skills) <= at_home}
        for code, p in PRODUCTS.items()
    ]


def batch_rows(economy: Economy) -> list[dict[str, object]]:
    """Rows of the community post sheet."""
    return [
        {"批次编号": b.code, "岗位领域": b.field, "岗位名称": b.title, "社区": b.community.name}
        | {"人数": b.heads, "规划日期": b.planned, "开发日期": b.developed}
        for b in economy.batches
    ]
