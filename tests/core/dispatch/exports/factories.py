"""Slides as the meeting has them: every class of the slide model, Chinese and English, short and long texts."""

from __future__ import annotations

from datetime import date, timedelta
from math import cos, pi, sin
from typing import Any

from core.dispatch.exports.minutes import Minutes, MinutesAction, MinutesItem
from core.dispatch.slide_model import (
    BarFigure,
    Column,
    LineFigure,
    MapFigure,
    Meaning,
    Number,
    Region,
    Row,
    Series,
    Slide,
    Stamp,
    TableFigure,
)
from core.terms import ActionStatus, Light

COMMUNITIES = [
    "书香里",
    "兰汀",
    "明渠",
    "望湖",
    "杏林",
    "柳岸",
    "栖霞",
    "桐荫",
    "清漪",
    "渔歌",
    "苇泊",
    "荷风",
    "莲塘",
    "麦垄",
]
ENGLISH = [
    "Shuxiangli",
    "Lanting",
    "Mingqu",
    "Wanghu",
    "Xinglin",
    "Liuan",
    "Qixia",
    "Tongyin",
    "Qingyi",
    "Yuge",
    "Weibo",
    "Hefeng",
    "Liantang",
    "Mailong",
]
WEEKS = tuple(date(2025, 10, 12) + timedelta(weeks=nth) for nth in range(12))
STAMP = Stamp(
    "2025-W52", date(2025, 12, 28), 1, "0a1b2c3d4e5f" + "0" * 52, "2025-1", "荷风区", "区人社局", is_demo=True
)


def ring(x: float, y: float, radius: float, corners: int = 6) -> tuple[tuple[float, float], ...]:
    return tuple(
        (x + radius * cos(2 * pi * nth / corners + pi / 6), y + radius * 0.85 * sin(2 * pi * nth / corners + pi / 6))
        for nth in range(corners)
    )


def bar_lights(zh: bool) -> BarFigure:
    names = ("二次就业率", "稳岗率", "走访覆盖率", "培训后就业率", "岗位开发完成率", "潜力企业吸纳就业人数占比")
    english = (
        "Re-employment",
        "Job retention",
        "Visit coverage",
        "Work after training",
        "Posts developed",
        "Jobs in potential enterprises, share of the target of the year",
    )
    return BarFigure(
        categories=names if zh else english,
        series=(
            Series("滞后" if zh else "behind", (0.624, None, None, 0.41, None, None), Meaning.RED),
            Series("关注" if zh else "watch", (None, 0.853, None, None, None, 0.905), Meaning.YELLOW),
            Series("正常" if zh else "on track", (None, None, 1.04, None, 0.98, None), Meaning.GREEN),
        ),
        unit="",
        is_share=True,
        digits=1,
        target=0.95,
    )


def bar_ranking(zh: bool) -> BarFigure:
    values = (0.52, 0.48, 0.47, 0.44, 0.41, 0.38, 0.36, 0.33, 0.31, 0.29, 0.24, 0.22, 0.18, 0.12)
    return BarFigure(
        categories=tuple((f"{name}社区" for name in COMMUNITIES) if zh else ENGLISH),
        series=(Series("二次就业率" if zh else "Re-employment rate", values, Meaning.MAIN),),
        unit="",
        is_share=True,
        digits=1,
        labels=tuple(f"{round(v * 50)} / 50" for v in values),
    )


def bar_groups(zh: bool) -> BarFigure:
    return BarFigure(
        categories=("养老助老", "托育托幼", "家政", "商超", "绿化")
        if zh
        else ("Elder care", "Childcare", "Domestic services", "Shops", "Greening"),
        series=(
            Series("招聘人数" if zh else "Openings", (64, 21, 40, 18, 7), Meaning.SUPPLY),
            Series("求职人数" if zh else "Seekers", (31, 12, 77, 25, 11), Meaning.DEMAND),
        ),
        unit="人" if zh else "people",
    )


def bar_stack(zh: bool) -> BarFigure:
    return BarFigure(
        categories=("待办", "办理中", "销号") if zh else ("To do", "Under way", "Closed out"),
        series=(
            Series("正常" if zh else "on track", (4, 6, 11), Meaning.GREEN),
            Series("关注" if zh else "watch", (2, 1, 0), Meaning.YELLOW),
            Series("滞后" if zh else "behind", (3, 2, None), Meaning.RED),
        ),
        unit="项" if zh else "items",
        is_stacked=True,
        labels=("9 项", "9 项", "11 项") if zh else ("9 items", "9 items", "11 items"),
    )


def bar_change(zh: bool) -> BarFigure:
    return BarFigure(
        categories=tuple(f"{name}社区" for name in COMMUNITIES[:6]) if zh else tuple(ENGLISH[:6]),
        series=(Series("比上周" if zh else "Change on the week", (6, 3, 1, 0, -2, -5), Meaning.SECOND),),
        unit="人" if zh else "people",
    )


def lines(zh: bool) -> LineFigure:
    values = (0.55, 0.552, 0.549, 0.561, 0.58, 0.57, None, 0.575, 0.59, 0.601, 0.612, 0.624)
    return LineFigure(
        days=WEEKS,
        series=(
            Series("二次就业率" if zh else "Re-employment rate", values, Meaning.MAIN),
            Series("上年同期" if zh else "The year before", tuple(0.5 + 0.004 * n for n in range(12)), Meaning.CONTEXT),
            Series("正常波动上限" if zh else "Upper limit", (0.63,) * 12, Meaning.CONTEXT),
            Series("序时目标" if zh else "Trajectory", tuple(0.57 + 0.01 * n for n in range(12)), Meaning.TARGET),
        ),
        unit="",
        is_share=True,
        digits=1,
        notes=(
            (WEEKS[3], "补报：栖霞社区" if zh else "Late sheet of Qixia"),
            (WEEKS[5], "台风停工三天" if zh else "Typhoon: three days without work"),
        ),
    )


def table(zh: bool) -> TableFigure:
    heads = (
        ("编号", "问题", "责任单位", "责任人", "期限", "延期")
        if zh
        else ("No.", "Problem", "Office", "Owner", "Due", "Delays")
    )
    problem = "二次就业率低于序时进度，到期退出人员未全部建立一人一策" if zh else "47 people have no plan"
    rows = [
        (
            f"2025-W{50 + n % 3}-0{n + 1}",
            problem if n % 3 == 0 else ("微工厂订单不足" if zh else "Workshop lacks orders"),
            ("就业服务中心" if zh else "Service centre"),
            "李明",
            "12-31",
            str(n % 3),
        )
        for n in range(9)
    ]
    lights = (Light.RED, Light.YELLOW, Light.GREEN)
    widths = (1.3, 3.6, 1.5, 1.0, 0.9, 0.7)
    return TableFigure(
        tuple(Column(name, width, name in ("延期", "Delays")) for name, width in zip(heads, widths, strict=True)),
        tuple(Row(cells, lights[n % 3]) for n, cells in enumerate(rows)),
        omitted=4,
    )


def district_map(zh: bool) -> MapFigure:
    regions = []
    for nth, name in enumerate(COMMUNITIES if zh else ENGLISH):
        x, y = 117.0 + (nth % 5) * 0.035 + (nth // 5 % 2) * 0.0175, 36.0 + (nth // 5) * 0.026
        step = None if nth == 4 else nth % 4
        holes = (ring(x, y, 0.005),) if nth == 7 else ()
        regions.append(Region(name, (ring(x, y, 0.02), *holes), (x, y), step, "" if step is None else f"{10 + nth}%"))
    return MapFigure(
        tuple(regions), ("10–15%", "15–20%", "20–30%", "≥ 30%"), "15分钟内可达岗位" if zh else "Jobs within 15 minutes"
    )


def slides(lang: str = "zh_CN") -> list[Slide]:
    zh = not lang.startswith("en")
    numbers = (
        Number(
            "62.4%",
            "二次就业率" if zh else "Re-employment rate",
            "312 / 500 人，目标 75%" if zh else "312 of 500, target 75%",
            Light.RED,
        ),
        Number("1,204", "招聘人数" if zh else "Openings", "比上周 +38" if zh else "+38 on the week"),
        Number("86.0%", "走访覆盖率" if zh else "Visit coverage", "目标 85%" if zh else "target 85%", Light.GREEN),
    )
    title = {
        "headline": (
            "二次就业率62.4%，比序时进度低6.1个百分点，三周连续回升",
            "Re-employment is 62.4%, 6.1 points behind its trajectory, and has risen for three weeks",
        ),
        "ranking": (
            "荷风、莲塘、麦垄三个社区的二次就业率不到25%",
            "In Hefeng, Liantang and Mailong less than 25% found work again",
        ),
        "fields": (
            "家政岗位缺口37个，养老助老岗位富余33个",
            "Domestic services lack 37 openings, elder care has 33 to spare",
        ),
        "actions": ("上周议定事项29项，销号11项，逾期5项", "Of 29 actions 11 are closed out and 5 are overdue"),
        "change": ("六个社区的求职人数变化均在正常波动之内", "Changes of the six communities are usual variation"),
        "trend": (
            "二次就业率连续五周回升，仍低于序时目标",
            "The re-employment rate has risen for five weeks and is still below the trajectory",
        ),
        "list": (
            "督办事项中有三项已逾期，责任单位均为就业服务中心",
            "Three supervised items are overdue, all of them with the service centre",
        ),
        "map": ("北片社区15分钟内可达岗位不足两成", "In the north less than a fifth of the jobs are within 15 minutes"),
        "numbers": ("本周概况", "This week"),
    }
    figures = {
        "headline": bar_lights(zh),
        "ranking": bar_ranking(zh),
        "fields": bar_groups(zh),
        "actions": bar_stack(zh),
        "change": bar_change(zh),
        "trend": lines(zh),
        "list": table(zh),
        "map": district_map(zh),
        "numbers": None,
    }
    return [
        Slide(
            code=code,
            section="重点指标" if zh else "Indicators",
            title=texts[0 if zh else 1],
            question="未建立一人一策的47人，由谁在何时前完成？"
            if zh
            else "Who makes plans for the 47 people without one, and by when?",
            numbers=numbers[: 3 if code in ("headline", "numbers", "trend") else (0 if code in ("list", "map") else 2)],
            figure=figures[code],
            notes=("先讲结论，再讲三个社区。", "追问：责任人和期限。")
            if zh
            else ("First the finding, then the three communities.",),
            sources="二次就业率 = 到期退出后90天内就业人数 ÷ 到期退出人数。数据来源：公益性岗位台账、就业登记。"
            if zh
            else "Re-employment: people in work within 90 days ÷ people whose post expired. Source: ledger of welfare posts.",
        )
        for code, texts in title.items()
    ]


def minutes(lang: str = "zh_CN") -> Minutes:
    zh = not lang.startswith("en")
    problem = "到期退出人员未全部建立一人一策" if zh else "Not everybody who left a post has a plan"
    measure = "逐人上门，12月31日前完成一人一策" if zh else "Visit each of them and make a plan by Dec 31"
    office = "就业服务中心" if zh else "Service centre"
    actions = tuple(
        MinutesAction(f"2025-W52-0{n + 1}", problem, measure, office, "李明", date(2025, 12, 31), status, light)
        for n, (status, light) in enumerate(zip(ActionStatus, (Light.RED, Light.YELLOW, Light.GREEN), strict=True))
    )
    titles = ("上周督办事项", "重点指标", "微工厂") if zh else ("Actions of last week", "Indicators", "Micro-workshops")
    items = (
        MinutesItem(
            titles[0],
            "逐项通报。" if zh else "Item by item.",
            6.5,
            ("延期两项" if zh else "Two are extended",),
            actions[:2],
        ),
        MinutesItem(titles[1], "", 12, (measure, "=1+1")),
        MinutesItem(titles[2]),
    )
    return Minutes(STAMP, "王芳", "李明", date(2025, 12, 29), True, items, actions[:2], (), actions[2:])


def content() -> dict[str, Any]:
    """Frozen content of two indicators in five communities; small counts in some."""
    counts = {
        "re_employment": [(3, 20), (8, 20), (12, 30), (0, 9), (25, 27)],
        "plan_rate": [(10, 40), (22, 44), (9, 30), (17, 33), (30, 50)],
    }
    facts, rows = [], {}
    for code, pairs in counts.items():
        top, bottom = sum(n for n, _ in pairs), sum(d for _, d in pairs)
        facts.append([code, "district", 0, top, bottom, top / bottom, 0.6, "red", False])
        facts += [[code, "community_id", nth, n, d, n / d, None, None, False] for nth, (n, d) in enumerate(pairs, 1)]
        rows[code] = {
            "numerator": [f"{code}{n}" for n in range(top)],
            "denominator": [f"{code}{n}" for n in range(bottom)],
        }
    names = {str(nth): name for nth, name in enumerate(["=荷风", "莲塘", "麦垄", "栖霞", "望湖"], 1)}
    return {"facts": facts, "rows": rows, "names": {"community_id": names, "employer_id": {}, "workshop_id": {}}}
