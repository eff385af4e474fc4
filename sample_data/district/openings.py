"""Openings: some eighty open at the end, and those of the past behind which people were placed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from district.basis import END, Row, chance, days, pick
from district.employers import Batch, Economy, Employer, Workshop
from district.geography import Community, Point, near
from district.slots import Spell
from district.vocabulary import PRODUCTS, SKILLS


class Work(NamedTuple):
    """What a title stands for. ``skills`` as sheets write them with codes, ``marks`` letters:

    s seated, h home, l lifting, n nights, t trains, o over age, f step-free.
    """

    occupation: str
    field: str
    form: str
    shift: str
    hours: float
    pay: str
    low: int
    high: int
    rate: float | None
    skills: str
    certificate: str
    marks: str
    duties: str


M, H, P = "月薪", "小时", "计件"
FULL, PART, HOME, FLEX, OVER = "全日制", "非全日制", "居家计件", "灵活就业", "超龄用工协议"
WORK: dict[str, Work] = {
    "家政服务员": Work("4-10-01-06", "家政", FULL, "常日班", 40, M, 2800, 3600, None, "K01:2:必备、K04:1、K03:2", "", "lt", "上门保洁、洗熨与收纳"),
    "月嫂助理": Work("4-10-01-06", "家政", FULL, "常日班", 44, M, 3600, 4800, None, "K05:3:必备、K12:1", "K05", "", "协助产后母婴照护"),
    "收纳整理师": Work("4-10-01-06", "家政", FLEX, "妈妈班", 25, H, 2600, 3200, 28, "K04:2:必备、K03:1", "", "t", "上门整理衣橱与储物"),
    "小时工保洁": Work("4-10-01-06", "家政", PART, "上午班", 20, H, 1900, 2200, 24, "K01:2", "", "to", "按小时上门保洁"),
    "做饭阿姨": Work("4-10-01-06", "家政", PART, "下午班", 20, H, 1950, 2300, 25, "K02:2:必备", "", "o", "晚餐备餐与厨房清洁"),
    "社区家政员": Work("4-10-01-06", "家政", FULL, "常日班", 40, M, 2500, 3100, None, "K01:2、K03:1", "", "t", "社区家政点接单、上门服务"),
    "收纳整理员": Work("4-10-01-06", "家政", PART, "妈妈班", 24, H, 2200, 2600, 25, "K04:1", "", "t", "社区旧物整理与上门收纳"),
    "养老护理员": Work("4-10-01-05", "养老助老", FULL, "两班倒", 42, M, 3200, 4200, None, "K08:2:必备、K09:2、K12:1", "", "ln", "长者起居照料、协助进食与翻身"),
    "助餐配送员": Work("4-10-01-05", "养老助老", PART, "上午班", 20, H, 1950, 2250, 24, "K10:1", "", "lto", "为居家长者送午餐并问安"),
    "陪诊员": Work("4-14-01-02", "养老助老", FLEX, "常日班", 28, H, 2700, 3400, 30, "K11:2:必备、K12:1", "", "t", "陪同长者就诊取药"),
    "助浴助行员": Work("4-10-01-05", "养老助老", FULL, "常日班", 40, M, 2900, 3600, None, "K10:2:必备、K08:1", "", "lt", "协助助浴、助行与康复训练"),
    "居家养老护理员": Work("4-10-01-05", "养老助老", FULL, "常日班", 40, M, 2700, 3400, None, "K08:2:必备、K10:1", "", "t", "社区长者居家照料"),
    "托育助教": Work("4-10-01-01", "托育托幼", FULL, "常日班", 40, M, 2600, 3300, None, "K07:2:必备、K06:1、K12:1", "K06", "", "协助带班、游戏与午睡看护"),
    "保育员": Work("4-10-01-03", "托育托幼", FULL, "常日班", 40, M, 2700, 3400, None, "K07:2:必备、K12:1", "K07", "", "幼儿生活照料与消毒"),
    "课后托管员": Work("4-10-01-03", "托育托幼", PART, "下午班", 20, H, 1950, 2300, 26, "K07:1", "", "sto", "放学后看护、作业陪伴"),
    "生活老师": Work("4-10-01-03", "托育托幼", FULL, "两班倒", 42, M, 2600, 3200, None, "K07:2", "", "n", "寄宿学童晚间照看"),
    "理货员": Work("4-02-06-02", "商超", FULL, "两班倒", 42, M, 2500, 3000, None, "K19:1", "", "ltf", "上架、盘点、补货"),
    "收银员": Work("4-01-02-04", "商超", FULL, "两班倒", 40, M, 2500, 3000, None, "K20:2:必备", "", "sf", "收银与会员服务"),
    "夜班理货员": Work("4-02-06-02", "商超", FULL, "两班倒", 42, M, 2900, 3500, None, "K19:1", "", "lnt", "夜间收货与上架"),
    "社区超市店员": Work("4-01-02-03", "商超", FULL, "常日班", 40, M, 2400, 2900, None, "K19:1、K20:1", "", "ltf", "社区超市日常值守"),
    "便利店店员": Work("4-01-02-03", "便利店快递", FULL, "两班倒", 42, M, 2450, 2950, None, "K21:1、K20:2", "", "tf", "收银、理货、鲜食加工"),
    "夜班店员": Work("4-01-02-03", "便利店快递", FULL, "两班倒", 42, M, 2800, 3300, None, "K21:1、K20:1", "", "nt", "夜间值守收银"),
    "生鲜理货员": Work("4-02-06-02", "商超", PART, "上午班", 24, H, 2300, 2600, 24, "K19:1", "", "lto", "早市分拣与上架"),
    "周末促销员": Work("4-01-02-03", "商超", PART, "周末班", 14, H, 1400, 1700, 25, "K19:1", "", "t", "周末试吃与推介"),
    "绿化养护工": Work("4-09-10-01", "绿化", FULL, "常日班", 40, M, 2500, 3000, None, "K15:2:必备", "", "lto", "草坪、灌木养护与浇灌"),
    "苗木修剪工": Work("4-09-10-01", "绿化", FULL, "常日班", 40, M, 2800, 3400, None, "K15:3:必备", "", "l", "乔灌木修剪与造型"),
    "绿化管护员": Work("4-09-10-01", "绿化", FULL, "常日班", 40, M, 2300, 2700, None, "K15:1", "", "lto", "社区绿地日常管护"),
    "口袋公园养护员": Work("4-09-10-01", "绿化", PART, "上午班", 20, H, 1920, 2150, 24, "K15:1、K13:1", "", "to", "口袋公园浇灌与保洁"),
    "保洁员": Work("4-09-08-01", "物业保洁", FULL, "常日班", 40, M, 2300, 2700, None, "K13:1、K14:1", "", "to", "楼道与公共区域保洁"),
    "楼道保洁员": Work("4-09-08-01", "物业保洁", PART, "上午班", 20, H, 1920, 2150, 24, "K13:1", "", "to", "楼道清扫与垃圾分类引导"),
    "物业客服": Work("4-06-01-01", "物业保洁", FULL, "常日班", 40, M, 2600, 3200, None, "K17:2:必备", "", "sf", "接待报修与回访"),
    "门岗保安": Work("4-07-05-01", "物业保洁", FULL, "两班倒", 44, M, 2700, 3300, None, "K16:2:必备", "K16", "sn", "门岗值守与巡查"),
    "夜班保安": Work("4-07-05-01", "物业保洁", FULL, "两班倒", 44, M, 2800, 3400, None, "K16:2:必备", "K16", "n", "夜间巡逻与监控值守"),
    "门岗值守员": Work("4-06-01-03", "物业保洁", FULL, "两班倒", 42, M, 2300, 2700, None, "K14:1", "", "sto", "小区门岗登记与车辆引导"),
    "水电维修工": Work("4-06-01-01", "物业保洁", FULL, "常日班", 40, M, 3200, 4200, None, "K18:3:必备", "K18", "l", "楼内水电小修"),
    "快递分拣员": Work("4-02-07-09", "便利店快递", PART, "上午班", 24, H, 2300, 2700, 24, "K22:1", "", "lto", "到件分拣与上架"),
    "驿站值守员": Work("4-02-07-11", "便利店快递", FULL, "常日班", 40, M, 2300, 2800, None, "K22:1", "", "tfo", "代收代寄与取件服务"),
    "快递员": Work("4-02-07-08", "便利店快递", FULL, "常日班", 44, M, 3600, 5200, None, "K23:2:必备", "", "l", "片区派件与揽收"),
    "网店客服": Work("4-04-05-03", "公共服务", FULL, "两班倒", 40, M, 2800, 3600, None, "K27:2:必备", "", "sf", "线上咨询与售后"),
    "居家客服": Work("4-04-05-03", "公共服务", FLEX, "弹性计件", 30, H, 2600, 3000, 23, "K27:2:必备", "", "sht", "居家在线接待，按时段排班"),
    "直播助理": Work("4-01-06-02", "商超", FULL, "下午班", 36, M, 3000, 4200, None, "K25:2:必备、K26:1", "", "st", "直播间场控与选品"),
    "短视频剪辑": Work("4-01-06-02", "商超", FLEX, "弹性计件", 30, M, 3000, 4500, None, "K26:2:必备", "", "sh", "商品短视频拍摄剪辑"),
    "打包员": Work("6-31-05-00", "商超", FULL, "常日班", 40, M, 2500, 3100, None, "K29:1", "", "lt", "电商订单打包发货"),
    "早餐帮厨": Work("4-03-02-02", "商超", PART, "上午班", 24, H, 2250, 2500, 23, "K02:1", "", "to", "早点制作与售卖"),
    "社区服务专员": Work("3-01-04-01", "公共服务", FULL, "常日班", 40, M, 2500, 3000, None, "K17:1", "", "stf", "社区便民服务与台账登记"),
    "图书角管理员": Work("3-01-04-01", "公共服务", PART, "妈妈班", 24, H, 2200, 2400, 23, "", "", "stfo", "社区图书角借还与活动"),
    "便民窗口协办员": Work("3-01-04-03", "公共服务", FULL, "常日班", 40, M, 2500, 3000, None, "K17:2", "", "sf", "就业社保帮办代办"),
    "缝纫工": Work("6-05-01-03", "", FULL, "常日班", 40, P, 3000, 4800, 15.0, "K32:2:必备、K33:1", "", "st", "毛绒制品缝制"),
    "钩织工": Work("6-05-01-06", "", FULL, "弹性计件", 38, P, 2900, 4600, 15.5, "K31:2:必备", "", "sht", "钩织挂件与玩偶"),
    "编织工": Work("6-05-01-06", "", FLEX, "弹性计件", 30, P, 2600, 3800, 10.0, "K30:2:必备", "", "sht", "棒针编织"),
    "充棉整形工": Work("6-09-05-00", "", FULL, "常日班", 40, P, 2800, 3900, 7.0, "K35:2、K33:1", "", "stf", "毛绒玩偶充棉与整形"),
    "发簪制作工": Work("6-09-03-17", "", FULL, "妈妈班", 30, P, 2700, 4200, 37.0, "K37:2:必备", "", "sht", "绒花缠花制作"),
    "贴画制作工": Work("6-09-03-10", "", FLEX, "弹性计件", 30, P, 2400, 3600, 17.5, "K38:2", "", "shtf", "麦秆与布艺贴画"),
    "香包剪纸工": Work("6-09-03-17", "", FLEX, "妈妈班", 30, P, 2400, 3400, 13.5, "K39:2、K33:1", "", "shto", "香包缝制与剪纸"),
    "绣鞋工": Work("6-09-03-11", "", FULL, "常日班", 40, P, 3000, 4600, 102.0, "K36:2:必备、K33:2", "", "s", "虎头鞋刺绣贴布"),
    "质检返工员": Work("6-05-01-04", "", FULL, "常日班", 40, M, 3000, 3800, None, "K40:2:必备", "", "sf", "成品检验与返修"),
    "裁剪工": Work("6-05-01-02", "", FULL, "常日班", 40, M, 3400, 4600, None, "K34:2:必备", "", "", "裁片下料"),
    "电商运营助理": Work("4-01-06-01", "", FULL, "常日班", 40, M, 3200, 4800, None, "K24:2:必备、K28:1", "", "s", "店铺上架与活动报名"),
    "居家手工员": Work("6-05-01-06", "", HOME, "弹性计件", 24, P, 700, 1500, 15.5, "K31:1", "", "shto", "领料回家钩织，交件结算"),
}  # fmt: skip
CRAFT_TITLES = {
    "K32": "缝纫工", "K31": "钩织工", "K30": "编织工", "K38": "贴画制作工", "K37": "发簪制作工", "K33": "香包剪纸工", "K39": "香包剪纸工",
}  # fmt: skip
EXTRA = ("质检返工员", "打包员", "电商运营助理", "直播助理", "裁剪工", "充棉整形工", "居家手工员", "网店客服")
FLAWED = {
    ("灯塔直播小院", "直播助理"): "限女性，35岁以下，形象好；直播间场控与选品",
    ("檐下物业站", "夜班保安"): "男士优先；夜间巡逻与监控值守",
}
"""Postings whose duties break the law, for the check of wording to find."""
UNDERPAID = {("菜篮子与风生鲜铺", "周末促销员"): (900, 1100, 17.0), ("麦垄惠民商店", "便利店店员"): (1900, 2100, None)}
"""Postings below the legal floor: (low, high, hourly rate)."""


@dataclass
class Opening:
    """One posting; ``closed`` ones lie behind past placements."""

    employer: Employer
    title: str
    openings: int
    posted: date
    community: Community
    place: Point
    workshop: Workshop | None = None
    batch: Batch | None = None
    status: str = "招聘中"
    confirmed: date | None = None
    closes: date | None = None
    rate: float | None = None
    started: int = 0

    @property
    def work(self) -> Work:
        return WORK[self.title]


def craft_title(products: tuple[str, ...]) -> tuple[str, float]:
    """The main job at a maker of ``products`` and the piece rate of its first product, yuan."""
    product = PRODUCTS[products[0]]
    title = "绣鞋工" if "K36" in product.skills else CRAFT_TITLES[product.skills[0]]
    return title, product.rate


def posted_on(rng: np.random.Generator, employer: Employer) -> tuple[date, date]:
    """Day of posting and of last confirmation: most in the last two months, some never confirmed again."""
    back = int(rng.integers(3, 60)) if rng.random() < 0.66 else int(rng.integers(60, 230))
    posted = max(employer.opened + days(3), END - days(back))
    stale = rng.random() < 0.3
    confirmed = posted if stale else max(posted, END - days(rng.integers(0, 45)))
    return posted, confirmed


def open_now(economy: Economy) -> list[Opening]:
    """Openings on the last day, some eighty with about 250 seats."""
    rng = chance(50)
    openings: list[Opening] = []

    def add(employer: Employer, title: str, count: int, **more: Any) -> None:
        if any(o.employer is employer and o.title == title for o in openings):
            return
        posted, confirmed = posted_on(rng, employer)
        community = more.pop("community", employer.community)
        place = more.pop("place", employer.place)
        closes = posted + days(rng.integers(45, 120)) if rng.random() < 0.6 else None
        closes = closes if closes and closes > END else None
        openings.append(
            Opening(employer, title, count, posted, community, place, confirmed=confirmed, closes=closes, **more)
        )

    for enterprise in economy.enterprises:
        title, rate = craft_title(enterprise.products)
        add(enterprise, title, int(rng.integers(3, 7)), rate=rate)
        for extra in dict.fromkeys(pick(rng, EXTRA) for _ in range(1 + (enterprise.taken_on > 20))):
            add(enterprise, extra, int(rng.integers(2, 5)), rate=rate if WORK[extra].pay == P else None)
    for workshop in economy.workshops:
        title, rate = craft_title(workshop.products)
        free = workshop.stations - workshop.still
        add(workshop.operator, title, max(1, free - 1), workshop=workshop, rate=rate)
        if workshop.name[:2] in ("荷风", "兰汀", "书香"):
            add(workshop.operator, "居家手工员" if workshop.name[:2] == "兰汀" else "质检返工员", 1, workshop=workshop)
    for company in economy.companies:
        for title in company.titles:
            if rng.random() < 0.66 or (company.name, title) in {**FLAWED, **UNDERPAID}:
                add(company, title, int(rng.integers(1, 5)))
    vacant: dict[tuple[str, str], list[Batch]] = {}
    for batch in economy.batches:
        if batch.developed and batch.heads > batch.filled:
            vacant.setdefault((batch.host.name, batch.title), []).append(batch)
    for batches in vacant.values():
        first = max(batches, key=lambda b: b.heads - b.filled)
        place = near(rng, first.community, 100, 800)
        seats = sum(b.heads - b.filled for b in batches)
        add(first.host, first.title, seats, community=first.community, place=place, batch=first)
    return openings


def past(slots: list[Spell]) -> dict[int, Opening]:
    """Closed postings behind past placements: spell (by its place in ``slots``) → posting."""
    rng = chance(51)
    groups: dict[tuple[str, str, str], list[int]] = {}
    for number, slot in enumerate(slots):
        if slot.employer and rng.random() < 0.4:
            products = slot.workshop.products if slot.workshop else slot.employer.products
            if slot.batch:
                title = slot.batch.title
            else:
                title = craft_title(products)[0] if products else pick(rng, slot.employer.titles)
            half = f"{slot.start.year}-{(slot.start.month - 1) // 6}"
            groups.setdefault((slot.employer.name, title, half), []).append(number)
    openings: dict[int, Opening] = {}
    for (_, title, _), members in sorted(groups.items()):
        slot = slots[members[0]]
        employer = slot.employer
        first = min(slots[n].start for n in members)
        assert employer is not None
        opened = slot.workshop.opened if slot.workshop else (slot.batch.developed if slot.batch else employer.opened)
        posted = max(employer.opened, min(first - days(rng.integers(12, 30)), END))
        posted = min(posted, first - days(2)) if opened and opened < first - days(2) else min(posted, first)
        products = slot.workshop.products if slot.workshop else employer.products
        rate = craft_title(products)[1] if WORK[title].pay == P and products else None
        community = slot.batch.community if slot.batch else employer.community
        opening = Opening(
            employer, title, len(members), posted, community, employer.place, slot.workshop, slot.batch,
            pick(rng, ("已招满", "已关闭"), (0.85, 0.15)), posted, min(END, max(slots[n].start for n in members) + days(5)), rate,
        )  # fmt: skip
        for number in members:
            openings[number] = opening
    return openings


def skill_text(coded: str) -> str:
    """Skills by name: ``K32:2:必备`` → ``平缝机操作:2:必备``."""
    return "、".join(f"{SKILLS[item[:3]].name}{item[3:]}" for item in coded.split("、") if item)


SOURCES = ("窗口登记", "走访企业", "招聘活动", "招聘平台", None)
SHARES = (0.34, 0.27, 0.14, 0.19, 0.06)
PLATFORMS = {"邻聘网（虚构）": "LP", "湖畔招聘（虚构）": "HP", "微工直聘（虚构）": "WG"}


def sources(count: int) -> list[Row]:
    """Where each of ``count`` openings was heard of, some of them not on record; numbers as the platforms give them."""
    rng = chance(53)
    rows: list[Row] = []
    for number in range(count):
        source, platform = pick(rng, SOURCES, SHARES), pick(rng, tuple(PLATFORMS), (0.5, 0.3, 0.2))
        posted_there = source == "招聘平台"
        rows.append(
            {
                "岗位来源": source,
                "招聘平台": platform if posted_there else None,
                "平台岗位编号": f"{PLATFORMS[platform]}{24_000 + number * 7}" if posted_there else None,
            }
        )
    return rows


def opening_rows(openings: list[Opening]) -> list[Row]:
    """Rows of the sheet of openings."""
    rng = chance(52)
    rows: list[Row] = []
    in_order = sorted(openings, key=lambda o: (o.posted, o.employer.name, o.title))
    for opening, source in zip(in_order, sources(len(in_order)), strict=True):
        work, employer = opening.work, opening.employer
        key = (employer.name, opening.title)
        live = opening.status == "招聘中"
        low, high, hourly = UNDERPAID[key] if key in UNDERPAID and live else (work.low, work.high, work.rate)
        duties = FLAWED.get(key, work.duties) if live else work.duties
        duties += "" if employer.credit or employer.kind == "社区居委会" else "（演示数据）"
        marks = set(work.marks)
        pays = (None, None) if work.form == HOME else (low, high)
        insured = work.form == FULL
        field = opening.batch.field if opening.batch else work.field
        rows.append(
            {"单位名称": employer.name, "统一社会信用代码": employer.credit, "单位类型": employer.kind}
            | {
                "所属行业": employer.industry,
                "单位地址": f"{employer.community.name}（示意）",
                "联系人": employer.contact,
            }
            | {"联系电话": employer.phone, "岗位名称": opening.title, "职业(工种)代码": work.occupation}
            | {"招聘人数": opening.openings, "工作内容": duties, "工作地点": f"{opening.community.name}（示意）"}
            | {"所在社区": opening.community.name, "用工形式": work.form, "班次": work.shift, "每周工时": work.hours}
            | {"薪酬方式": work.pay, "月薪下限(元)": pays[0], "月薪上限(元)": pays[1]}
            | {"小时/计件单价": opening.rate if work.pay == P else hourly}
            | {"社会保险": "城镇职工五险" if insured else "意外险", "食宿": pick(rng, ("不提供", "供午餐"), (0.7, 0.3))}
            | {"学历要求": "不限", "技能要求": skill_text(work.skills)}
            | {"证书要求": SKILLS[work.certificate].name if work.certificate else None}
            | {
                "经验要求": "不限" if "t" in marks else "一年以上",
                "可坐姿作业": "s" in marks,
                "可居家完成": "h" in marks,
            }
            | {"适合残疾类别": "肢体、听力、言语" if {"s", "f"} <= marks else None, "是否接受超龄人员": "o" in marks}
            | {"有无培训": "t" in marks, "到岗期限": "随时", "发布日期": opening.posted, "截止日期": opening.closes}
            | {
                "填报人": employer.contact,
                "岗位领域": field or None,
                "经度": opening.place[0],
                "纬度": opening.place[1],
            }
            | {"微工厂名称": opening.workshop.name if opening.workshop else None}
            | {"需搬重物": "l" in marks if rng.random() < 0.92 else None}
            | {"无障碍": "f" in marks if rng.random() < 0.8 else None, "夜班": "n" in marks}
            | {"最近确认日期": opening.confirmed, "岗位状态": opening.status}
            | source
        )
    return rows
