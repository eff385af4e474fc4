"""Answers that only a visit gives, and applications for policies; amounts are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from district.basis import END, Row, add_months, age, between, chance, days, pick
from district.businesses import Business
from district.names import Staff
from district.people import Person

FLEXIBLE = ("非全日制", "居家计件", "灵活就业", "自主创业")
ASKED = 0.62
"""Share of people in flexible work who have been asked who pays their insurance."""
PAYERS, SHARES = ("个人缴纳", "未缴纳", "单位缴纳"), (0.6, 0.28, 0.12)
SUBSIDY, START_UP = "灵活就业社会保险补贴", "一次性创业补贴"
ADVANCE = (("发放中", 0.62), ("已核准", 0.1), ("已提交", 0.14), ("未核准", 0.06), ("拟申报", 0.08))
"""How far applications have come, with shares."""
MONTHS = (6, 9, 12, 12, 18, 24)


@dataclass(frozen=True)
class Answer:
    """What a person said on a day; None is not asked."""

    person: Person
    day: date
    insurance: str | None
    contract: bool | None
    group: str | None


def make_answers(people: list[Person]) -> list[Answer]:
    """Who pays the insurance of people in flexible work, and after which post women near retirement retire."""
    rng = chance(122)
    answers: list[Answer] = []
    for person in people:
        spell = next((s for s in reversed(person.spells) if s.end is None), None)
        flexible = spell is not None and spell.form in FLEXIBLE
        insurance = pick(rng, PAYERS, SHARES) if rng.random() < ASKED and flexible else None
        group = None
        if person.sex == "女" and 46 <= age(person.birth, END) <= 57 and rng.random() < 0.4:
            group = "工人岗位" if rng.random() < 0.85 else "管理技术岗位"
        first = max(person.entered, END - days(330), spell.start if flexible else date.min)
        day = between(rng, min(first, END - days(3)), END - days(3))
        contract = bool(rng.random() < 0.2) if insurance == "单位缴纳" else None
        if insurance is not None or group is not None:
            answers.append(Answer(person, day, insurance, contract, group))
    return answers


def answer_rows(answers: list[Answer]) -> list[Row]:
    """Rows of the sheet of answers."""
    return [
        a.person.key
        | {"核实日期": a.day, "社会保险缴纳方式": a.insurance, "一年以上劳动合同": a.contract, "退休身份": a.group}
        for a in sorted(answers, key=lambda a: (a.day, a.person.number))
    ]


def application_rows(answers: list[Answer], businesses: list[Business], staff: list[Staff]) -> list[Row]:
    """The ledger of applications: most of those who pay their own insurance, and some owners of businesses."""
    rng = chance(123)
    clerks = [s.name for s in staff if s.role == "就业服务专员"]
    rows: list[Row] = []

    def add(person: Person, policy: str, first: date, amount: int | None, months: int) -> None:
        drafted = min(first + days(rng.integers(2, 20)), END - days(1))
        state = pick(rng, [s for s, _ in ADVANCE], [share for _, share in ADVANCE])
        waited = {"拟申报": 0, "已提交": 3, "未核准": 18, "已核准": 20, "发放中": 45}[state]
        if drafted + days(waited) > END:
            state, waited = "拟申报", 0
        paid = state in ("已核准", "发放中")
        starts = add_months(drafted, 1).replace(day=1)
        ends = add_months(starts, months) - days(1)
        if paid and policy == START_UP:
            state = "已结束" if state == "发放中" else state
        rows.append(
            person.key
            | {"政策名称": policy, "申报日期": drafted, "办理状态": state, "状态日期": drafted + days(waited)}
            | {"核准金额(元)": amount if paid else None, "发放起始月": starts if paid else None}
            | {"发放终止日期": ends if paid else None, "经办人": pick(rng, clerks)}
        )

    for answer in answers:
        wants, amount, months = rng.random() < 0.72, int(rng.integers(36, 66)) * 10, pick(rng, MONTHS)
        if answer.insurance == "个人缴纳" and answer.person.hardships and wants:
            add(answer.person, SUBSIDY, answer.day, amount, months)
    for business in businesses:
        wants = rng.random() < 0.5
        owner = business.owner
        if owner is not None and (owner.hardships or owner.post is not None) and wants:
            add(owner, START_UP, add_months(business.opened, 2), int(rng.integers(5, 11)) * 1000, 1)
    return rows
