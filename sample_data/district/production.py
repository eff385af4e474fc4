"""Orders of the six workshops and their weekly reports: what is ordered is made, what is made is delivered."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from district.basis import END, FESTIVALS, WEEKS, Row, chance, days, monday, pick, week_name
from district.employers import Economy, Workshop
from district.slots import Spell
from district.vocabulary import PRODUCTS

LOAD_NOW = {
    "荷风微工厂": 1.42,
    "兰汀微工厂": 0.78,
    "渔歌微工厂": 1.18,
    "望湖微工厂": 0.62,
    "麦垄微工厂": 0.0,
    "书香里微工厂": 0.92,
}
"""Load of the next four weeks against what the people there can make; 0 = no orders at all."""
SHIFTS_A_WEEK = {"全日制": 8.6, "超龄用工协议": 6.5, "非全日制": 5.0, "灵活就业": 5.5, "居家计件": 4.2}


@dataclass
class Order:
    """A production order; minutes are standard minutes a piece."""

    workshop: Workshop
    product: str
    customer: str
    pieces: int
    received: date
    due: date
    done: int = 0
    closed: date | None = None
    code: str = ""

    @property
    def left(self) -> float:
        """Standard minutes still to be made."""
        return (self.pieces - self.done) * PRODUCTS[self.product].minutes


@dataclass
class Week:
    """One week of a workshop; output by product: planned, made, good, due."""

    workshop: Workshop
    monday: date
    on_roll: int
    attendances: int
    hours: float
    output: dict[str, tuple[int, int, int, date]] = field(default_factory=dict)
    shortage: int = 0
    problem: str | None = None


def new_order(rng: np.random.Generator, economy: Economy, workshop: Workshop, day: date, minutes: float) -> Order:
    """An order of about ``minutes`` standard minutes for one of the workshop's products."""
    product = pick(rng, workshop.products, (0.5, 0.3, 0.2)[: len(workshop.products)])
    maker = next(e.name for e in economy.enterprises if product in e.products)
    customer = maker if rng.random() < 0.7 else pick(rng, ("线上平台散单", "节庆团购订单", "文创集市订单"))
    pieces = max(20, int(round(minutes / PRODUCTS[product].minutes, -1)))
    return Order(workshop, product, customer, pieces, day, day + days(rng.integers(20, 46)))


def attendance(rng: np.random.Generator, slots: list[Spell], week: date) -> tuple[int, int]:
    """People on the roll on the week's Sunday, and person-shifts attended in the week."""
    sunday = week + days(6)
    members = [s for s in slots if s.start <= sunday and (s.end is None or s.end > sunday)]
    gap = min(abs((week + days(3) - feast).days) for feast in FESTIVALS)
    festive = {0: 0.12, 1: 0.5}.get(gap // 6, 1.0)
    shifts = sum(SHIFTS_A_WEEK[s.form] * (0.6 if s.start > week else 1) for s in members)
    return len(members), int(shifts * festive * rng.normal(0.91, 0.025))


def run_workshop(economy: Economy, workshop: Workshop, slots: list[Spell]) -> tuple[list[Order], list[Week]]:
    """Orders and weeks of one workshop from its opening to the end."""
    rng = chance(70 + [w.name for w in economy.workshops].index(workshop.name))
    orders: list[Order] = []
    weeks: list[Week] = []
    first = (workshop.opened - monday(0)).days // 7
    pace = 0.0
    for number in range(first, WEEKS):
        begin = monday(number)
        roll, present = attendance(rng, slots, begin)
        hours = round(present * 3.5 * rng.uniform(0.96, 1.0), 1)
        skill = 0.62 + 0.36 * (1 - math.exp(-(number - first) / 9)) + rng.normal(0, 0.02)
        pace = hours * 60 * skill
        live = [o for o in orders if o.closed is None]
        accepts = LOAD_NOW[workshop.name] > 0 or number < WEEKS - 11
        deep = 3.6 if LOAD_NOW[workshop.name] > 1.3 else 2.2
        if accepts and sum(o.left for o in live) < deep * max(pace, 2000):
            for _ in range(2 if not live else 1):
                size = max(pace, 2500) * rng.uniform(0.9, 2.0)
                live.append(new_order(rng, economy, workshop, begin + days(rng.integers(0, 3)), size))
                orders.append(live[-1])
        week = Week(workshop, begin, roll, present, hours)
        make(rng, week, sorted(live, key=lambda o: (o.due, o.product)), pace)
        remark(rng, week, live, pace)
        weeks.append(week)
    top_up(rng, economy, workshop, orders, pace)
    return orders, weeks


def make(rng: np.random.Generator, week: Week, live: list[Order], pace: float) -> None:
    """Spend the week's standard minutes on the most urgent orders."""
    budget = pace
    for order in live[:3]:
        share = min(budget, pace * (0.62 if order is live[0] and len(live) > 1 else 1.0))
        product = PRODUCTS[order.product]
        made = int(share / product.minutes)
        good = min(int(made * rng.uniform(0.935, 0.988)), order.pieces - order.done)
        made = max(good, min(made, math.ceil(good / 0.95)))
        if made <= 0:
            continue
        budget -= made * product.minutes
        order.done += good
        if order.done >= order.pieces:
            order.closed = min(END, week.monday + days(rng.integers(1, 6)))
        planned = int(made * rng.uniform(0.96, 1.12)) + 1
        before = week.output.get(order.product, (0, 0, 0, order.due))
        week.output[order.product] = (
            before[0] + planned,
            before[1] + made,
            before[2] + good,
            min(before[3], order.due),
        )


def remark(rng: np.random.Generator, week: Week, live: list[Order], pace: float) -> None:
    """Shortage of people and the problem that the report names."""
    left = sum(o.left for o in live)
    if left > 3.2 * max(pace, 1):
        week.shortage = min(6, math.ceil(left / 3.2 / max(pace, 1) * week.on_roll) - week.on_roll)
        week.problem = pick(rng, ("订单集中，熟手不足", "交期紧，需加班次", "新人上手慢，返工偏多"))
    elif not live:
        week.problem = "暂无在手订单"
    elif rng.random() < 0.12:
        week.problem = pick(rng, ("来料晚到一天", "个别人员请假较多", "缝纫设备检修半天", "返工偏多，已加强质检"))
    if any(-3 <= (week.monday - feast).days <= 9 for feast in FESTIVALS):
        week.problem = "春节假期，到岗较少"


def top_up(rng: np.random.Generator, economy: Economy, workshop: Workshop, orders: list[Order], pace: float) -> None:
    """A last order that brings the load of the next four weeks to the workshop's figure."""
    wanted = LOAD_NOW[workshop.name] * 4 * pace - sum(o.left for o in orders if o.closed is None)
    if wanted > 0.1 * pace:
        order = new_order(rng, economy, workshop, END - days(rng.integers(4, 10)), wanted)
        order.due = END + days(19 if LOAD_NOW[workshop.name] > 1 else 26)
        orders.append(order)


def make_production(economy: Economy, slots: list[Spell]) -> tuple[list[Order], list[Week]]:
    """Orders and weekly reports of all workshops."""
    orders: list[Order] = []
    weeks: list[Week] = []
    for workshop in economy.workshops:
        result = run_workshop(economy, workshop, [s for s in slots if s.workshop is workshop])
        orders += result[0]
        weeks += result[1]
    orders.sort(key=lambda o: (o.received, o.workshop.name, o.product))
    for number, order in enumerate(orders, 1):
        order.code = f"DD{order.received.year}-{number:04d}"
    return orders, weeks


def order_rows(orders: list[Order]) -> list[Row]:
    """Rows of the order book."""
    return [
        {
            "订单编号": o.code,
            "微工厂名称": o.workshop.name,
            "产品编号": o.product,
            "客户": o.customer,
            "订货数量": o.pieces,
        }
        | {"已交数量": o.done, "接单日期": o.received, "交货日期": o.due, "完结日期": o.closed}
        for o in orders
    ]


def week_rows(weeks: list[Week]) -> list[Row]:
    """Rows of the weekly reports: one a product, or one without product when nothing was made."""
    rows: list[Row] = []
    for week in weeks:
        cost = sum(good * PRODUCTS[code].rate for code, (_, _, good, _) in week.output.items())
        base: dict[str, object] = {
            "微工厂名称": week.workshop.name, "所在社区": week.workshop.premises.community.name,
            "周次": week_name(week.monday), "工位数": week.workshop.stations, "在册人数": week.on_roll,
            "本周出勤人次": week.attendances, "实际工时": week.hours, "本周劳务支出(元)": round(cost),
            "用工缺口": week.shortage, "存在问题": week.problem,
        }  # fmt: skip
        if not week.output:
            rows.append(base)
        for code, (planned, made, good, due) in sorted(week.output.items()):
            rows.append(
                base
                | {"产品名称": PRODUCTS[code].name, "计划产量": planned, "完成产量": made, "合格数": good}
                | {"返工数": made - good, "交货期": due, "计件单价(元)": PRODUCTS[code].rate}
            )
    return rows
