"""Recruitment events, and the weekly dispatch sheet with targets of the year, lights and action items."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import itemgetter

import numpy as np

from district.basis import END, START, WEEKS, Row, chance, days, festive, monday, pick, week_name
from district.employers import Economy
from district.geography import Geography
from district.names import Staff
from district.people import Person, Post
from district.slots import Spell
from district.training import Session
from district.visits import Visit

THEMES = (
    ("技能人才", 14, "技能人才专场"),
    ("银发顾问", 10, "银发顾问专场"),
    ("宝妈灵活", 16, "宝妈灵活专场"),
    ("残疾人", 4, "残疾人专场"),
    ("综合", 16, "综合专场"),
)
SCENES = ("社区广场", "邻里中心", "大型商超", "镇街特色集市", "企业开放日")
OFFICE = "区社保就业服务部"
SHEETS = 10
"""How many of the last weeks have a dispatch sheet."""


def event_rows(geography: Geography) -> list[Row]:
    """Sixty events in two years, on Fridays and weekends, none in the festival days."""
    rng = chance(110)
    themes = [(theme, name) for theme, count, name in THEMES for _ in range(count)]
    rows: list[Row] = []
    for number, place in enumerate(rng.permutation(len(themes))):
        theme, name = themes[int(place)]
        day = START + days(7 * int(number * 103 / 60) + rng.integers(4, 7))
        if festive(day):
            day += days(14)
        community = pick(rng, geography.communities, [c.weight for c in geography.communities])
        scene = pick(rng, SCENES)
        firms = int(rng.integers(8, 31))
        visitors = int(firms * rng.uniform(5, 11) * (0.5 if theme == "残疾人" else 1))
        intents = int(visitors * rng.uniform(0.14, 0.26))
        signed = int(intents * rng.uniform(0.25, 0.45))
        last = day + days(30)
        started = int(intents * rng.uniform(0.22, 0.4)) if last <= END else None
        rows.append(
            {
                "活动名称": f"{community.name[:-2]}“{name}”招聘会（第{number + 1}场）",
                "专场类型": theme,
                "活动场景": scene,
            }
            | {"地点": f"{community.name}{scene}", "社区": community.name, "举办日期": day, "参加企业数": firms}
            | {"提供岗位数": int(firms * rng.uniform(4, 9)), "进场人数": visitors}
            | {"公益岗人员数": int(visitors * rng.uniform(0.05, 0.2)), "达成意向数": intents, "现场签约数": signed}
            | {"跟踪入职数(30日)": started, "主办单位": OFFICE}
        )
    return sorted(rows, key=lambda row: str(row["举办日期"]))


@dataclass(frozen=True)
class Measure:
    """A counted indicator: its happenings as (day, community or None), unit and target of the year 2025."""

    name: str
    unit: str
    target: int
    happened: list[tuple[date, str | None]]

    def count(self, first: date, last: date, where: str | None = None) -> int:
        """Happenings from ``first`` to ``last``, in one community when named."""
        own = self._days.get(where, [])
        return bisect_right(own, last) - bisect_left(own, first)

    @cached_property
    def _days(self) -> dict[str | None, list[date]]:
        """Days in order, by community and, under None, of the whole district."""
        days_of = defaultdict(list)
        for day, place in sorted(self.happened, key=itemgetter(0)):
            days_of[None].append(day)
            if place is not None:
                days_of[place].append(day)
        return days_of


@dataclass(frozen=True)
class Rate:
    """An indicator as it stands on a day, with its target; in percent unless ``unit`` says otherwise."""

    name: str
    target: float
    value: Callable[[date], float]
    unit: str = "%"


def measures(
    people: list[Person], visits: list[Visit], sessions: list[Session], economy: Economy, events: list[Row]
) -> list[Measure]:
    """What the sheet counts week by week."""
    spells = [(s.start, p.community.name) for p in people for s in p.spells]
    returns = [(p.spells[0].start, p.community.name) for p in people if p.group == "exit" and p.spells]
    trained = [(s.last, e.person.community.name) for s in sessions for e in s.enrolled if e.result == "合格"]
    posts = [(b.developed, b.community.name) for b in economy.batches if b.developed for _ in range(b.heads)]
    held = [(date.fromisoformat(str(row["举办日期"])), str(row["社区"])) for row in events]
    return [
        Measure("新增就业", "人", 250, list(spells)),
        Measure("走访", "人次", 6000, [(v.day, v.person.community.name) for v in visits]),
        Measure("培训结业", "人次", 1050, list(trained)),
        Measure("社区岗位开发", "个", 60, list(posts)),
        Measure("二次就业", "人", 55, list(returns)),
        Measure("招聘活动", "场", 30, list(held)),
    ]


def rates(
    people: list[Person], economy: Economy, slots: list[Spell], sessions: list[Session], visits: list[Visit]
) -> list[Rate]:
    """Indicators in percent, each computed on the day."""
    holders = [p for p in people if p.post]
    exits = [p for p in holders if p.post and p.post.exited]

    def re_employment(day: date) -> float:
        gone = [p for p in exits if p.post and p.post.exited and p.post.exited <= day]
        return 100 * sum(bool(p.spells) and p.spells[0].start <= day for p in gone) / len(gone)

    def developed(day: date) -> float:
        ready = sum(b.heads for b in economy.batches if b.developed and b.developed <= day)
        return 100 * ready / sum(b.heads for b in economy.batches if b.planned <= day)

    def stations(day: date) -> float:
        here = sum(bool(s.workshop) and s.start <= day and (s.end is None or s.end > day) for s in slots)
        return 100 * here / sum(w.stations for w in economy.workshops if w.opened <= day)

    def retention(day: date) -> float:
        ripe = [s for s in slots if s.start <= day - days(90)]
        return 100 * sum(s.end is None or (s.end - s.start).days >= 90 for s in ripe) / len(ripe)

    def filled(day: date) -> float:
        ready = sum(b.heads for b in economy.batches if b.developed and b.developed <= day)
        return 100 * sum(bool(s.batch) and s.start <= day and (s.end is None or s.end > day) for s in slots) / ready

    def visited(day: date) -> float:
        first = day.replace(day=1)
        leaving = {p.number for p in holders if p.post and in_last_days(p.post, first)}
        pool = {p.number for p in people if p.state_on(first) == "求职中"} | leaving
        return 100 * len({v.person.number for v in visits if first <= v.day <= day} & pool) / len(pool)

    def trained(day: date) -> float:
        known = {e.person.number for s in sessions if s.last <= day for e in s.enrolled if e.result == "合格"}
        so_far = [p for p in holders if p.post and p.post.start <= day]
        return 100 * sum(p.number in known for p in so_far) / len(so_far)

    def skills(day: date) -> float:
        so_far = [p for p in holders if p.post and p.post.start <= day]
        proven = [v for p in so_far for v in p.skills.values() if v[0] >= 2 and v[1] != "自报" and v[2] <= day]
        return len(proven) / len(so_far)

    return [
        Rate("二次就业率", 35, re_employment),
        Rate("岗位开发率", 68, developed),
        Rate("满岗率", 75, filled),
        Rate("工位利用率", 85, stations),
        Rate("走访覆盖率", 60, visited),
        Rate("培训覆盖率", 100, trained),
        Rate("人均技能", 3.2, skills, "项"),
        Rate("稳岗率(90日)", 88, retention),
    ]  # fmt: skip


def in_last_days(post: Post, day: date) -> bool:
    """Whether ``day`` lies in the last 90 days of a post that the person still holds."""
    return post.end - days(90) <= day < (post.exited or post.end)


PROBLEMS = (
    ("新增就业", "本周新增偏少，到期人员衔接不及时", "逐人对接岗位，每周反馈"), ("走访", "未走访人员较多，走访间隔超过45天", "网格员分片包干，补齐走访"),
    ("培训结业", "报名人数不足，班次延期", "按意向重新排课，就近开班"), ("工位利用率", "工位空闲，订单不足", "对接企业补充订单"),
    ("二次就业", "冬季退出人员集中，推荐跟不上", "提前90天建立一人一策"), ("社区岗位开发", "规划岗位尚未落地", "与承接单位逐个确认开发时间"),
    ("新增就业", "岗位信息超过90天未确认", "电话核实并清理失效岗位"), ("走访", "失联人员未核实去向", "会同网格核查联系方式"),
)  # fmt: skip


def dispatch_rows(counted: list[Measure], rated: list[Rate], geography: Geography, staff: list[Staff]) -> list[Row]:
    """Ten weekly sheets: the district's indicators, two indicators by community, action items where asked."""
    rng = chance(111)
    heads = {s.community.name: s.name for s in staff if s.community and s.role == "社区书记"}
    clerks = [s.name for s in staff if s.role == "就业服务专员"]
    rows_of_all_weeks: list[Row] = []
    for back in range(SHEETS - 1, -1, -1):
        sunday = END - days(7 * back)
        rows = [measure_row(m, OFFICE, m.target, sunday, None) for m in counted]
        rows += [rate_row(r, sunday) for r in rated]
        for measure in counted[:2]:
            local = [
                measure_row(measure, c.name, share, sunday, c.name)
                for c, share in zip(geography.communities, local_targets(measure, geography), strict=True)
            ]
            completion = [float(str(row["本年累计"])) / float(str(row["年度目标"])) for row in local]
            for row, own in zip(local, completion, strict=True):
                row["排名"] = 1 + sum(other > own for other in completion)
            rows += local
        for number, row in enumerate(rows, 1):
            row |= {"序号": number, "周次": week_name(sunday)}
        troubled = [row for row in rows if is_asked_about(row)] or rows
        for place in rng.permutation(len(troubled))[: int(rng.integers(2, 5))]:
            row = troubled[int(place)]
            owner = heads.get(str(row["责任单位"])) or pick(rng, clerks)
            options = [p for p in PROBLEMS if p[0] == row["指标名称"]] or [PROBLEMS[0]]
            row |= action(rng, sunday, owner, *pick(rng, options)[1:])
        rows_of_all_weeks += rows
    return rows_of_all_weeks


def is_asked_about(row: dict[str, object]) -> bool:
    """Whether a line is behind: a count behind the year, a rate below its target."""
    return float(str(row["完成率"]).rstrip("%")) < 100 if row["本年累计"] is None else row["亮灯"] != "正常"


def local_targets(measure: Measure, geography: Geography) -> list[int]:
    """The district's target shared out by what each community did in two years, as set at the year's start."""
    rng = chance(112)
    done = [measure.count(START, END, c.name) for c in geography.communities]
    return [max(4, round(measure.target * n / sum(done) * rng.uniform(0.85, 1.12))) for n in done]


def action(rng: np.random.Generator, sunday: date, owner: str, problem: str, measure: str) -> dict[str, object]:
    """A problem with its measure, deadline and how far it has come by the last day."""
    due = sunday + days(rng.integers(8, 33))
    age = (END - sunday).days
    status = pick(rng, ("待办", "办理中", "销号"), (0.25, 0.35, 0.4) if age > 20 else (0.5, 0.4, 0.1))
    closed = min(END, due + days(rng.integers(-6, 5))) if status == "销号" else None
    if closed and closed <= sunday:
        closed = END
    return {
        "存在问题": problem,
        "下步措施": measure,
        "责任人": owner,
        "完成时限": due,
        "督办状态": status,
        "销号日期": closed,
    }


def light(gap: float) -> str:
    """正常 from 0, 关注 down to −10 points, 滞后 below."""
    return "正常" if gap >= 0 else ("关注" if gap >= -10 else "滞后")


def measure_row(measure: Measure, office: str, target: int, sunday: date, where: str | None) -> dict[str, object]:
    """One line of a counted indicator."""
    year = date(sunday.year, 1, 1)
    week = measure.count(sunday - days(6), sunday, where)
    before = measure.count(sunday - days(13), sunday - days(7), where)
    total = measure.count(year, sunday, where)
    last_year = measure.count(date(sunday.year - 1, 1, 1), sunday.replace(year=sunday.year - 1), where)
    done, gone = 100 * total / target, 100 * ((sunday - year).days + 1) / 365
    return {
        "责任单位": office, "指标名称": measure.name, "计量单位": measure.unit, "年度目标": target, "本周新增": week,
        "上周": before, "环比": f"{100 * (week / before - 1):.1f}%" if before else None,
        "本月累计": measure.count(sunday.replace(day=1), sunday, where), "本年累计": total, "完成率": f"{done:.1f}%",
        "序时进度": f"{gone:.1f}%", "进度差(百分点)": round(done - gone, 1), "去年同期": last_year,
        "同比": f"{100 * (total / last_year - 1):.1f}%" if last_year else None, "亮灯": light(done - gone),
    }  # fmt: skip


def rate_row(rate: Rate, sunday: date) -> dict[str, object]:
    """One line of an indicator: its value stands under 本周新增, changes in points; nothing adds up over a year."""
    now, before, last_year = (rate.value(sunday - days(7 * weeks)) for weeks in (0, 1, 52))
    points = "个百分点" if rate.unit == "%" else rate.unit
    done, gone = 100 * now / rate.target, 100 * ((sunday - date(sunday.year, 1, 1)).days + 1) / 365
    return {
        "责任单位": OFFICE, "指标名称": rate.name, "计量单位": rate.unit, "年度目标": rate.target, "本周新增": round(now, 2),
        "上周": round(before, 2), "环比": f"{now - before:+.2f}{points}", "本月累计": None, "本年累计": None,
        "完成率": f"{done:.1f}%", "序时进度": f"{gone:.1f}%", "进度差(百分点)": round(done - gone, 1),
        "去年同期": round(last_year, 2), "同比": f"{now - last_year:+.2f}{points}", "亮灯": light(done - gone),
    }  # fmt: skip


def team_meeting_rows(geography: Geography, staff: list[Staff]) -> list[Row]:
    """The weekly meetings of the service teams: not in quiet weeks, and some teams miss one now and then."""
    rng = chance(35)
    rows: list[Row] = []
    for community in geography.communities:
        team = [s for s in staff if s.community is community]
        head = next(s.name for s in team if s.role == "社区书记")
        deputy = next(s.name for s in team if s.role == "人社管家")
        share = rng.choice((0.82, 0.93, 0.97))
        for week in range(WEEKS):
            day = monday(week) + days(rng.integers(1, 5))
            is_held, is_led = rng.random() < share, rng.random() < 0.85
            attended = int(rng.integers(len(team) - 3, len(team) + 1))
            if is_held and not festive(day) and day <= END:
                rows.append(
                    {
                        "社区": community.name,
                        "调度日期": day,
                        "主持人": head if is_led else deputy,
                        "到会人数": attended,
                    }
                )
    return rows
