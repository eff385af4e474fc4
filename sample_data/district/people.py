"""The 1,600 people: 215 who left a public-welfare post, 625 who are on one, 760 other residents."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from district.basis import END, START, WAGE_RISE, add_years, age, chance, days, id_number, pick, retires_on
from district.geography import Community, Geography, Point, near
from district.names import full_name

EXITS_BY_MONTH = (5, 4, 6, 5, 6, 10, 8, 6, 8, 12, 10, 30, 8, 5, 9, 9, 8, 12, 8, 6, 10, 8, 12, 10)
"""First expiring posts by month, January 2024 to December 2025: 215 in all."""
FATES = {
    "城镇": {"再就业": 47, "求职中": 72, "退休超龄": 9, "暂不求职": 4, "失联": 3},
    "乡村": {"再就业": 24, "求职中": 46, "退休超龄": 5, "暂不求职": 3, "失联": 2},
}
POST_TITLES = {
    "城镇": (
        "社区保洁员",
        "社区劳动保障协理员",
        "交通劝导员",
        "社区治安巡防员",
        "助老服务员",
        "图书管理员",
        "残疾人协理员",
    ),
    "乡村": (
        "乡村保洁员",
        "乡村道路维护员",
        "河湖巡护员",
        "助老护理员",
        "乡村绿化管护员",
        "公共设施管护员",
        "治安巡逻员",
    ),
}
GRADES = ("肢体四级", "肢体三级", "听力三级", "听力四级", "视力四级", "言语四级", "智力四级", "肢体二级", "精神三级")
SCHOOLING = ("小学及以下", "初中", "高中/中专", "大专", "本科及以上")


@dataclass
class Post:
    """A spell on a public-welfare post; ``number`` is 安置次数."""

    kind: str
    title: str
    host: str
    group: str
    start: date
    end: date
    number: int
    subsidy: int
    insurance: int | None
    exited: date | None = None


@dataclass
class Wish:
    """What a person said they want; None is not known."""

    occupations: list[str]
    reserve: int | None
    target: int | None
    hours: str | None
    commute: int | None
    home_work: bool | None
    training: bool | None
    start_up: bool | None
    form: str | None


@dataclass
class Person:
    """One invented person; ``fate`` is the state on the last day, ``group`` is exit, post or other."""

    number: int
    name: str
    sex: str
    birth: date
    registration: str
    education: str
    disability: str | None
    community: Community
    grid: int
    building: str
    home: Point
    group: str
    fate: str
    entered: date
    post: Post | None = None
    kind: str = ""
    sparse: bool = False
    hardships: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    states: list[tuple[date, str]] = field(default_factory=list)
    skills: dict[str, tuple[int, str, date]] = field(default_factory=dict)
    years: dict[str, float] = field(default_factory=dict)
    domains: tuple[str, ...] = ()
    wish: Wish | None = None
    spells: list[Any] = field(default_factory=list)

    @property
    def id_number(self) -> str:
        return id_number(self.birth, self.sex, self.number)

    @property
    def phone(self) -> str:
        return f"1990000{self.number:04d}"

    @property
    def key(self) -> dict[str, object]:
        """The columns by which sheets name a person."""
        return {"姓名": self.name, "身份证号": self.id_number, "联系电话": self.phone}

    def state_on(self, day: date) -> str | None:
        """State in force on ``day``."""
        states = [state for since, state in self.states if since <= day]
        return states[-1] if states else None


def exit_days() -> list[date]:
    """The 215 days on which the first posts expired, in order: mostly month ends, some in mid-month."""
    rng = chance(3)
    days_of_exit = []
    for month, count in enumerate(EXITS_BY_MONTH):
        year, number = 2024 + month // 12, month % 12 + 1
        last = calendar.monthrange(year, number)[1]
        last = min(last, 26) if (year, number) == (2025, 12) else last
        days_of_exit += [date(year, number, last if rng.random() < 0.7 else 15) for _ in range(count)]
    return sorted(days_of_exit)


def some_community(rng: np.random.Generator, geography: Geography, registration: str) -> Community:
    """Rural people live in rural communities or on the fringe of the town, urban people in town."""
    options = [c for c in geography.communities if (c.rural or c.fringe) == (registration == "乡村") or c.fringe]
    scale = [c.weight * (0.35 if c.fringe and registration == "乡村" else 1) for c in options]
    return pick(rng, options, scale)


def born(rng: np.random.Generator, first: int, last: float) -> date:
    """A birth date of someone ``first`` to ``last`` years old on the last day."""
    return END - days(rng.uniform(first * 365.25 + 5, last * 365.25 - 5))


def birth_of(rng: np.random.Generator, registration: str, sex: str, fate: str, exited: date | None) -> date:
    """Birth date under the rules of age: urban below retirement, rural up to 65, each at exit or today."""
    while True:
        if fate == "退休超龄" and exited:
            low, high = ((49, 52) if sex == "女" else (59, 62)) if registration == "城镇" else (64, 67)
            birth = born(rng, low, high)
            turned = retires_on(birth, sex) if registration == "城镇" else add_years(birth, 66)
            if exited + days(15) < turned < END - days(10):
                return birth
            continue
        if registration == "城镇":
            older = rng.random() < 0.85
            low, high = (40 if older else 30, 49.9) if sex == "女" else (50 if older else 38, 59.9)
        else:
            low, high = (44, 65.4)
        birth = born(rng, low, high)
        if registration == "城镇" and retires_on(birth, sex) > END:
            return birth
        if registration == "乡村" and age(birth, END) <= 65:
            return birth


def make_post(rng: np.random.Generator, person: Person, end: date | None) -> Post:
    """The person's post; ``end`` is the day of exit, or None for someone still on it."""
    kind = person.registration
    length = pick(rng, (3, 2, 1), (0.7, 0.2, 0.1)) if end else pick(rng, (3, 2, 1), (0.78, 0.17, 0.05))
    if end:
        start = add_years(end + days(1), -length)
    else:
        share = rng.random() if rng.random() < 0.97 else rng.uniform(0.9, 1)
        start = END - days(share * length * 365 - 4)
        start = min(start.replace(day=1 if rng.random() < 0.6 else 15), date(2025, 12, 15))
        if add_years(start, length) - days(1) <= END:
            start = start + days(35)
    group = "残疾人" if person.disability else ("零就业家庭" if rng.random() < 0.04 else "")
    group = group or ("大龄人员" if age(person.birth, start) >= (40 if person.sex == "女" else 50) else "低保家庭")
    host = f"{person.community.name}居委会" if rng.random() < 0.8 else f"{person.community.town}办事处"
    subsidy = (2210 if not end else 2010) if kind == "城镇" else (804 if end and end < WAGE_RISE else 884)
    number = 2 if kind == "城镇" and not end and group != "低保家庭" and rng.random() < 0.12 else 1
    insurance = int(rng.integers(1080, 1190)) if kind == "城镇" else None
    title = pick(rng, POST_TITLES[kind])
    return Post(kind, title, host, group, start, add_years(start, length) - days(1), number, subsidy, insurance, end)


def make_person(
    rng: np.random.Generator, geography: Geography, number: int, group: str, registration: str, sex: str,
    birth: date, fate: str,
) -> Person:  # fmt: skip
    """A person without post, skills or wishes."""
    community = some_community(rng, geography, registration)
    old = age(birth, END)
    shares = (0.22, 0.5, 0.2, 0.06, 0.02) if old >= 45 else (0.02, 0.3, 0.36, 0.22, 0.1)
    disabled = rng.random() < {"exit": 0.13, "post": 0.11, "other": 0.08}[group]
    building = f"{rng.integers(1, 19)}号楼{rng.integers(1, 5)}单元"
    return Person(
        number, full_name(rng, sex), sex, birth, registration, pick(rng, SCHOOLING, shares),
        pick(rng, GRADES) if disabled else None, community, int(rng.integers(1, 5)),
        f"第{rng.integers(1, 9)}组" if community.rural else building,
        near(rng, community, 20, 1300 if community.rural else 760), group, fate, START,
    )  # fmt: skip


def make_welfare_people(geography: Geography, exits: list[tuple[date, str, str]]) -> list[Person]:
    """215 exits as (day, registration, fate) in the given order, then 625 people on a post."""
    rng = chance(4)
    people: list[Person] = []
    for day, registration, fate in exits:
        sex = pick(rng, "女男", (0.74, 0.26))
        birth = birth_of(rng, registration, sex, fate, day)
        person = make_person(rng, geography, len(people) + 1, "exit", registration, sex, birth, fate)
        person.post, person.kind = make_post(rng, person, day), "公益岗退出人员"
        person.entered = min(START + days(rng.integers(0, 12)), day)
        people.append(person)
    for registration, count in (("城镇", 155), ("乡村", 470)):
        for _ in range(count):
            sex = pick(rng, "女男", (0.68, 0.32))
            birth = birth_of(rng, registration, sex, "在公益岗", None)
            person = make_person(rng, geography, len(people) + 1, "post", registration, sex, birth, "在公益岗")
            person.post, person.kind = make_post(rng, person, None), "公益岗在岗人员"
            person.entered = max(person.post.start, START + days(rng.integers(0, 70)))
            people.append(person)
    return people


KINDS = ("带娃妇女", "大龄", "青年", "一般")


def make_others(geography: Geography, first: int) -> list[Person]:
    """760 residents without a welfare post; fates beside 求职中 are given later to those without a job."""
    rng = chance(5)
    people = []
    for number in range(first, first + 760):
        registration = pick(rng, ("城镇", "乡村"), (0.7, 0.3))
        kind = pick(rng, KINDS, (0.34, 0.3, 0.14, 0.22))
        sex = "女" if kind == "带娃妇女" else pick(rng, "女男", (0.55, 0.45))
        low, high = {"带娃妇女": (25, 44), "青年": (20, 33), "一般": (30, 49)}.get(kind, (42, 59))
        if sex == "女":
            high = min(high, 49)
        birth = born(rng, low, high)
        people.append(make_person(rng, geography, number, "other", registration, sex, birth, "求职中"))
        people[-1].kind = kind
    return people
