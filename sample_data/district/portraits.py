"""What is known of each person beside skills: hardship, limits at work, years of experience, wishes."""

from __future__ import annotations

from datetime import date

import numpy as np

from district.basis import END, age, chance, days, pick
from district.people import Person, Wish
from district.vocabulary import OCCUPATIONS

HOURS = (
    ("周一至周五 09:00-16:00", 0.3), ("周一至周五 08:00-18:00", 0.2), ("每天 08:00-18:00", 0.2), ("周末 08:00-18:00", 0.06),
    ("周一至周五 08:00-12:00", 0.1), ("周一至周五 13:00-18:00", 0.07), ("周末 09:00-17:00", 0.04), ("每天 07:00-20:00", 0.03),
)  # fmt: skip
PARENT_HOURS = (("周一至周五 09:00-16:00", 0.72), ("周一至周五 08:00-12:00", 0.18), ("周末 09:00-17:00", 0.1))
YEARS_DOMAINS = ("care", "property", "greening", "retail", "delivery", "ecommerce", "craft")


def set_portraits(people: list[Person]) -> None:
    """Fill hardship, limits, experience and wishes of everyone; one in eight profiles stays sparse."""
    rng = chance(30)
    for person in people:
        seeking = person.fate == "求职中"
        person.sparse = rng.random() < (0.125 if seeking else 0.08)
        person.hardships = hardships(person, rng)
        if person.disability:
            limit = {"肢": "需坐姿作业", "精": "不上夜班"}.get(person.disability[0], "不能负重")
            person.limits = [limit] + (["需无障碍"] if person.disability in ("肢体二级", "肢体三级") else [])
        if age(person.birth, END) >= 55 and rng.random() < 0.25:
            person.limits.append("不能负重")
        if person.kind == "带娃妇女" and rng.random() < 0.6:
            person.limits.append("不上夜班")
        if rng.random() < (0.08 if person.kind == "带娃妇女" else 0.015):
            person.limits.append("只能居家")
        person.limits = list(dict.fromkeys(person.limits))
        for place, domain in enumerate((*person.domains, pick(rng, YEARS_DOMAINS))):
            if rng.random() < (0.72, 0.4, 0.15)[place] and domain not in person.years:
                person.years[domain] = round(min(18.0, float(rng.gamma(1.5, 2.4)) + 0.3) * 2) / 2 or 0.5
        person.wish = None if person.sparse else wish(person, rng)


def hardships(person: Person, rng: np.random.Generator) -> list[str]:
    """Categories of difficulty that hold on the last day."""
    old = age(person.birth, END) >= (40 if person.sex == "女" else 50)
    waiting = next((since for since, state in reversed(person.states) if state == "求职中"), END)
    candidates = [
        ("大龄", old and person.fate != "退休超龄"),
        ("残疾", person.disability is not None),
        ("低保", (person.post is not None and person.post.group == "低保家庭") or rng.random() < 0.03),
        ("连续失业一年以上", person.fate == "求职中" and (END - waiting).days > 365),
        ("失地", person.registration == "乡村" and person.community.fringe and rng.random() < 0.3),
        ("零就业家庭", (person.post is not None and person.post.group == "零就业家庭") or rng.random() < 0.015),
    ]
    return [name for name, holds in candidates if holds]


def wish(person: Person, rng: np.random.Generator) -> Wish:
    """What someone wants; each answer may be missing."""

    def known(share: float) -> bool:
        return bool(rng.random() < share)

    jobs = list(dict.fromkeys(pick(rng, OCCUPATIONS[pick(rng, person.domains, (0.68, 0.32))]) for _ in range(3)))
    reserve = int(rng.integers(16, 31)) * 100
    if person.kind == "青年":
        reserve += 700
    hours = PARENT_HOURS if person.kind == "带娃妇女" else HOURS
    names, weights = [h for h, _ in hours], [w for _, w in hours]
    return Wish(
        jobs[: pick(rng, (1, 2, 3), (0.25, 0.45, 0.3))] if known(0.95) else [],
        reserve if known(0.93) else None,
        reserve + int(rng.integers(2, 13)) * 100,
        pick(rng, names, weights) if known(0.93) else None,
        pick(rng, (10, 15, 20, 30, 45), (0.1, 0.3, 0.27, 0.25, 0.08)) if known(0.9) else None,
        ("只能居家" in person.limits or rng.random() < 0.42) if known(0.9) else None,
        rng.random() < 0.55 if known(0.88) else None,
        rng.random() < 0.09 if known(0.85) else None,
        pick(rng, ("全日制", "非全日制", "居家计件", "灵活就业"), (0.52, 0.24, 0.14, 0.1)) if known(0.9) else None,
    )


def pay_wish(candidates: Wish | None) -> str | None:
    """期望月薪 as sheets write it."""
    if candidates is None or candidates.reserve is None:
        return None
    return f"{candidates.reserve}-{candidates.target}" if candidates.target else str(candidates.reserve)


def registered_on(person: Person) -> date | None:
    """When someone registered as a job seeker: residents on entry, others after the post; None for people on a post."""
    if person.group == "other":
        return person.entered
    if person.group == "exit" and person.post and person.post.exited and person.fate != "失联":
        rng = chance(3100 + person.number)
        return min(END - days(1), person.post.exited + days(rng.integers(1, 9)))
    return None


def unemployed(person: Person) -> bool:
    """Whether a resident is on the register of unemployed people: of town registration, of working age."""
    return person.group == "other" and person.registration == "城镇" and chance(3200 + person.number).random() < 0.72


def unemployment_span(person: Person) -> tuple[date, date | None, str | None]:
    """First day of unemployment, day and cause of striking off."""
    rng = chance(3300 + person.number)
    since = person.entered - days(rng.integers(20, 500))
    if person.spells:
        return since, person.spells[0].start, "已就业"
    if person.fate == "退休超龄":
        return since, person.states[-1][0], "达到法定退休年龄"
    if person.fate == "失联":
        return since, person.states[-1][0], "连续六个月未联系"
    return since, None, None
