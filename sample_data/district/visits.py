"""Visits by the service teams, some 113 a week, and the one plan of each person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from district.basis import END, FESTIVALS, WEEKS, Row, chance, days, monday, pick, sum_to
from district.names import Staff
from district.people import Person
from district.portraits import pay_wish
from district.training import category
from district.vocabulary import SKILLS

NEEDS = (
    "希望就近上班，方便接送孩子", "想先参加培训再找岗位", "担心年龄大不好找工作", "家里有老人需要照顾，希望时间灵活", "希望介绍离家近的岗位",
    "对计件收入是否稳定有顾虑", "想了解社保补贴政策", "希望介绍居家能做的手工活", "近期身体恢复中，可做轻体力活", "想了解创业担保贷款",
)  # fmt: skip
MEASURES = ("推荐家门口培训", "推荐社区岗位", "对接微工厂试工", "讲解就业政策", "月底回访", "帮助完善求职登记")
PULL = {"求职中": 3.0, "在公益岗": 0.42, "已就业": 0.22, "暂不求职": 0.3, "退休超龄": 0.03, "失联": 0.05}

NEXT = {"求职中": (26, 48), "在公益岗": (60, 200), "暂不求职": (60, 150)}
"""Days until the next visit by state; people in work are followed up by telephone instead."""


@dataclass(frozen=True)
class Visit:
    """One visit; ``first`` visits record the whole profile, others sometimes renew the wishes."""

    person: Person
    day: date
    mode: str
    visitor: Staff
    next_day: date | None
    first: bool
    renews_wishes: bool


def weekly_counts(rng: np.random.Generator) -> np.ndarray:
    """Visits in each of the 104 weeks, 113 on average, few around Spring Festival."""
    counts = np.round(rng.normal(115, 8, WEEKS)).astype(int)
    for week in range(WEEKS):
        gap = min(abs((monday(week) + days(3) - feast).days) for feast in FESTIVALS)
        counts[week] = {0: 34, 1: 61}.get(gap // 6, counts[week])
    counts[:3] = (58, 84, 102)
    return sum_to(counts, 113 * WEEKS, 28, 150, rng)


def make_visits(people: list[Person], staff: list[Staff]) -> list[Visit]:
    """All visits in order of time; who has waited longest comes first, who is not due is left alone."""
    rng = chance(40)
    team = {c: [s for s in staff if s.community and s.community.name == c] for c in {p.community.name for p in people}}
    last: dict[int, date] = {}
    visits: list[Visit] = []
    for week, count in enumerate(weekly_counts(rng)):
        begin = monday(week)
        weights = np.array([pull(p, begin, last.get(p.number)) for p in people])
        chosen = rng.choice(len(people), int(count), replace=False, p=weights / weights.sum())
        for place in sorted(int(i) for i in chosen):
            person = people[place]
            day = max(begin + days(rng.choice(7, p=(0.19, 0.19, 0.19, 0.18, 0.17, 0.05, 0.03))), person.entered)
            visitor = pick(rng, [s for s in team[person.community.name] if s.role != "社区书记" or rng.random() < 0.2])
            gap = NEXT.get(person.state_on(day) or "")
            again = day + days(rng.integers(*gap)) if gap and (gap[0] < 60 or rng.random() < 0.45) else None
            first = person.number not in last
            mode = pick(rng, ("上门", "电话", "线上"), (0.9, 0.08, 0.02) if first else (0.6, 0.3, 0.1))
            visits.append(Visit(person, day, mode, visitor, again, first, first or rng.random() < 0.24))
            last[person.number] = day
    return sorted(visits, key=lambda v: (v.day, v.person.number))


def pull(person: Person, begin: date, last: date | None) -> float:
    """How strongly someone is due for a visit in the week from ``begin``."""
    if person.entered > begin + days(5):
        return 0.0
    state = person.state_on(begin + days(6))
    base = PULL.get(state or "", 0.0)
    if state == "在公益岗" and person.post and (person.post.end - begin).days < 120:
        base = 1.2
    waited = (begin - last).days if last else 60
    return base * min(4.0, (waited / 30) ** 2)


def visit_rows(visits: list[Visit]) -> list[Row]:
    """The door-knocking register; later visits repeat only what was asked again."""
    rng = chance(41)
    rows: list[Row] = []
    for number, visit in enumerate(visits, 1):
        person, wish = visit.person, visit.person.wish
        row: dict[str, object] = {
            "序号": number, "镇街": person.community.town, "社区": person.community.name, "姓名": person.name,
            "联系电话": person.phone, "当前状态": person.state_on(visit.day), "走访方式": visit.mode,
            "身份证号(后四位)": person.id_number[-4:], "人员类别": category(person, visit.day), "走访日期": visit.day,
            "走访人": visit.visitor.name, "下次走访日期": visit.next_day,
        }  # fmt: skip
        if visit.first:
            end = person.post.end if person.post else None
            row |= {"网格": f"第{'一二三四'[person.grid - 1]}网格", "楼栋单元": person.building, "性别": person.sex}
            row |= {"出生年月": f"{person.birth:%Y-%m}", "户籍类型": person.registration, "文化程度": person.education}
            row |= {"是否就业困难人员": bool(person.hardships), "困难类型": "、".join(person.hardships)}
            row |= {"原岗位/到期日": f"{person.post.title}/{end}" if person.post else None}
            row |= {"岗位适应需求": "、".join(person.limits), "本人同意采集(是/否)": rng.random() > 0.012}
            skills = [
                SKILLS[k].name
                for k, (_, evidence, day) in person.skills.items()
                if evidence == "自报" and day <= visit.day
            ]
            row["技能特长"] = "、".join(skills)
        if visit.renews_wishes and wish:
            row |= {"就业意愿": "有" if person.state_on(visit.day) != "暂不求职" else "暂无"}
            row |= {"意向工种": "、".join(wish.occupations), "期望月薪(元)": pay_wish(wish), "可工作时段": wish.hours}
            row |= {"是否接受居家/计件": wish.home_work, "最远通勤(分钟)": wish.commute, "培训意愿": wish.training}
            row |= {"创业意愿": wish.start_up}
        if rng.random() < 0.34:
            row |= {"诉求与困难": pick(rng, NEEDS), "一人一策措施": pick(rng, MEASURES)}
        rows.append(row)
    return rows


STEPS: dict[str, tuple[tuple[str, str], ...]] = {
    "就近就业": (("政策咨询", "讲解社保补贴与岗位政策"), ("技能培训", "参加家门口培训"), ("岗位推荐", "推荐15分钟圈内岗位"),
             ("就业跟踪", "入职后30天回访")),
    "微工厂上岗": (("技能培训", "参加手工技能培训"), ("岗位推荐", "对接微工厂试工"), ("就业跟踪", "入职后90天回访")),
    "灵活就业": (("政策咨询", "讲解灵活就业补贴"), ("家庭照护支持", "对接托管与日间照料"), ("岗位推荐", "推荐妈妈班或居家计件")),
    "自主创业": (("政策咨询", "讲解一次性创业补贴"), ("创业扶持", "对接创业担保贷款与场地"), ("就业跟踪", "开业后回访")),
    "到期衔接": (("政策咨询", "到期前谈话，说明退出政策"), ("技能培训", "到期前转岗培训"), ("岗位推荐", "到期前推荐衔接岗位")),
}  # fmt: skip


def commissioners(staff: list[Staff]) -> dict[str, list[str]]:
    """Community → the two commissioners who serve it. Each serves the communities beside each other in the list of the
    bureau, the first of them the first ones, with which the caseworker of the demonstration works."""
    names = [s.name for s in staff if s.role == "就业服务专员"]
    places = dict.fromkeys(s.community.name for s in staff if s.community)
    return {place: [names[(n // 2 + shift) % len(names)] for shift in (0, 1)] for n, place in enumerate(places)}


def plan_rows(people: list[Person], staff: list[Staff]) -> list[Row]:
    """One plan a person: 85% of those who seek work, half of those whose post ends soon, many who rows work."""
    rng = chance(42)
    owners = commissioners(staff)
    local = {s.community.name: s.name for s in staff if s.community and s.role == "人社管家"}
    rows: list[Row] = []
    for person in people:
        state = person.fate
        soon = person.post and not person.post.exited and (person.post.end - END).days <= 90
        share = {"求职中": 0.85, "已就业": 0.6, "在公益岗": 0.52 if soon else 0.13}.get(state, 0.12)
        if rng.random() >= share:
            continue
        goal = "到期衔接" if state == "在公益岗" else pick(rng, tuple(STEPS), (0.45, 0.25, 0.2, 0.06, 0.04))
        since = person.states[-1][0] if state in ("求职中", "在公益岗") else person.entered
        made = min(END - days(2), max(since, person.entered) + days(rng.integers(2, 35)))
        if state == "在公益岗":
            made = max(person.entered, END - days(rng.integers(4, 130)))
        if state == "已就业":
            made = min(made, person.spells[-1].start - days(1))
            made = max(made, person.entered)
        status = {"求职中": "执行中", "在公益岗": "执行中", "已就业": "已完成"}.get(state, "已终止")
        owner = pick(rng, owners[person.community.name]) if rng.random() < 0.4 else local[person.community.name]
        day, going = made, True
        for number, (kind, text) in enumerate(STEPS[goal], 1):
            due = day + days(rng.integers(12, 50))
            done = min(due + days(rng.integers(-9, 12)), END - days(rng.integers(0, 5)))
            done = max(done, made)
            kept = 0.97 if status == "已完成" else (0.8 if (END - due).days > 60 else 0.58)
            late = due > END or rng.random() > kept
            going = going and not late if status != "已完成" else not (due > END)
            rows.append(
                person.key
                | {"制定日期": made, "目标": goal, "责任人": owner, "计划状态": status, "步骤序号": number}
                | {"措施类别": kind, "措施内容": text, "计划完成日期": due, "实际完成日期": done if going else None}
            )
            day = due
    return rows


ROUND_EXAMPLE: list[Row] = [
    {"走访编号": "2345-67BV", "走访方式": "上门", "走访结果": "见到本人", "走访日期": "2025-03-05"}
    | {"诉求与困难": "希望离家近", "下次走访日期": "2025-04-08"}
]
"""The example row of the template, which an import passes over: numbers come from rounds that are made in the app."""
