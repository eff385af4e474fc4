"""Courses, who took them, and the skills that people have: 688 in the 215, 2,000 in the 625, as published."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from district.basis import END, START, between, chance, days, festive, metres, monday, pick, sum_to
from district.employers import Economy
from district.geography import Community, Geography
from district.names import full_name
from district.people import Person
from district.slots import COMMISSIONED
from district.vocabulary import PRODUCTS, SKILLS

COUNTED = {"exit": 688, "post": 2000}
DOMAINS = {
    "女": ("care", "craft", "retail", "ecommerce", "property", "greening"),
    "男": ("property", "greening", "delivery", "retail", "ecommerce", "craft"),
}
LEANING = (0.34, 0.26, 0.16, 0.1, 0.08, 0.06)
FIELD_DOMAIN = {
    "养老助老": "care", "托育托幼": "care", "家政": "care", "商超": "retail", "绿化": "greening",
    "物业保洁": "property", "便利店快递": "delivery", "公共服务": "property",
}  # fmt: skip
TAUGHT = {
    "K01": 8, "K02": 6, "K03": 5, "K04": 6, "K05": 6, "K06": 6, "K07": 6, "K08": 9, "K09": 4, "K10": 5, "K11": 5,
    "K12": 8, "K13": 7, "K14": 5, "K15": 9, "K16": 4, "K17": 4, "K18": 4, "K19": 6, "K20": 5, "K21": 4, "K22": 5,
    "K24": 6, "K25": 7, "K26": 5, "K27": 5, "K29": 4, "K30": 5, "K31": 7, "K32": 6, "K33": 4, "K35": 5, "K37": 4,
    "K38": 4, "K39": 4, "K40": 3,
}  # fmt: skip
"""How often each skill is taught."""
CERTIFICATE = {"micro": "培训合格证", "special": "专项职业能力", "cert": "职业技能等级"}


@dataclass
class Enrolment:
    """A person in a course session; the certificate is None unless passed."""

    person: Person
    result: str
    attended: float
    certificate: str | None


@dataclass
class Session:
    """One class of a course; a running one ends with the sample's last day, with everyone still in training."""

    skill: str
    kind: str
    provider: str
    community: Community
    first: date
    last: date
    size: int
    code: str = ""
    teacher: str = ""
    course: int | None = None
    running: bool = False
    enrolled: list[Enrolment] = field(default_factory=list)

    @property
    def hours(self) -> int:
        return SKILLS[self.skill].hours

    def take(self, rng: np.random.Generator, person: Person, result: str = "合格") -> None:
        """Enrol ``person``; passing gives a certificate and the skill."""
        share = {"合格": rng.uniform(0.86, 1), "不合格": rng.uniform(0.5, 0.9), "退训": rng.uniform(0.1, 0.5)}
        certificate = None
        if result == "合格":
            full = CERTIFICATE[SKILLS[self.skill].scheme]
            certificate = full if full != "职业技能等级" or rng.random() < 0.4 else "培训合格证"
            level = pick(rng, (2, 3, 4), (0.62, 0.33, 0.05))
            person.skills[self.skill] = (level, certificate, self.last)
        attended = round(self.hours * share.get(result, 0.5))
        self.enrolled.append(Enrolment(person, result, attended, certificate))

    def holds(self, person: Person) -> bool:
        return any(e.person is person for e in self.enrolled)


def set_domains(people: list[Person]) -> None:
    """Two leanings a person: what their work asks for first."""
    rng = chance(20)
    for person in people:
        first = pick(rng, DOMAINS[person.sex], LEANING)
        for slot in person.spells:
            if slot.channel in ("社区微工厂", "手工电商企业"):
                first = "craft"
            elif slot.batch:
                first = FIELD_DOMAIN[slot.batch.field]
        second = pick(rng, [d for d in DOMAINS[person.sex] if d != first])
        person.domains = (first, second)


def plan_sessions(geography: Geography, economy: Economy) -> list[Session]:
    """Six courses with the first enterprise, then about a hundred and thirty others over the two years."""
    rng = chance(21)
    rooms = [p.community for p in geography.premises if p.kind in ("培训微阵地", "党群服务中心")]
    first = economy.enterprises[0]
    sessions = [
        Session(skill, "用工委培", first.name, first.community, day, day + days(11), 18, course=number)
        for number, (day, skill, _) in enumerate(COMMISSIONED)
    ]
    for number in range(132):
        start = monday(min(102, int(number * 104 / 132))) + days(rng.integers(0, 3))
        if number < 10:
            start = START + days(3 + number * 2)
        skill = pick(rng, list(TAUGHT), list(TAUGHT.values()))
        last = END + days(5) if number >= 129 else start + days(math.ceil(SKILLS[skill].hours / 7) + 1)
        if any(festive(day) for day in (start, last)):
            start, last = start + days(14), last + days(14)
        kind, provider, where = "家门口", "区就业培训服务点", pick(rng, rooms)
        if rng.random() < 0.16:
            kind, provider = "高校联合", "高校联合授课点（演示）"
        sessions.append(Session(skill, kind, provider, where, start, min(last, END), 30, running=last > END))
    for session in sessions:
        session.teacher = full_name(rng, pick(rng, "女男"))
    sessions.sort(key=lambda s: (s.first, s.skill, s.community.number))
    for number, session in enumerate(sessions, 1):
        session.code = f"PX{session.first.year}-{number:03d}"
    return sessions


def commission(people: list[Person], sessions: list[Session], economy: Economy) -> None:
    """108 people in the six courses with the first enterprise: 61 from welfare posts, 47 residents; 34 joined it."""
    rng = chance(22)
    first = economy.enterprises[0]
    courses = sorted((s for s in sessions if s.course is not None), key=lambda s: s.first)
    seats: list[Session] = []
    for session in courses:
        for person in people:
            if any(slot.course == session.course for slot in person.spells):
                session.take(rng, person)
        seats += [session] * (session.size - len(session.enrolled))

    def able(person: Person, session: Session) -> bool:
        if any(slot.employer is first for slot in person.spells) or any(s.holds(person) for s in courses):
            return False
        if person.entered > session.first or person.state_on(session.first) not in ("在公益岗", "求职中"):
            return False
        return all(slot.start > session.last for slot in person.spells)

    groups = ["exit"] * 14 + ["post"] * 35 + ["other"] * 25
    for session, place in zip(seats, rng.permutation(len(seats)), strict=True):
        options = [p for p in people if p.group == groups[int(place)] and able(p, session)]
        weights = [(1.0 if p.sex == "女" else 0.1) * math.exp(-metres(p.home, first.place) / 5000) for p in options]
        session.take(rng, pick(rng, options, weights))


def window(person: Person) -> tuple[date, date]:
    """When someone from a welfare post takes courses: on the post, or soon after it and before new work."""
    if person.post is None or person.post.exited is None:
        return max(person.post.start if person.post else START, START), END - days(6)
    last = person.post.exited + days(110)
    if person.spells and person.spells[0].start > START + days(40):
        last = person.spells[0].start - days(1)
    return START, min(max(last, START + days(45)), END - days(6))


def train(people: list[Person], sessions: list[Session]) -> None:
    """Courses of everyone: all 840 from welfare posts pass at least one; of the residents about half take one."""
    rng = chance(23)
    open_to_all = [s for s in sessions if s.course is None and not s.running]
    wanted = wanted_skills(people)

    def join(person: Person, first: date, last: date, result: str) -> None:
        options = [
            s for s in open_to_all
            if first <= s.first and s.last <= last and s.skill not in person.skills and not s.holds(person)
        ]  # fmt: skip
        roomy = [s for s in options if len(s.enrolled) < s.size] or options
        if not roomy:
            return
        weights = [
            (3.0 if SKILLS[s.skill].domain in person.domains else 0.6)
            * math.exp(-metres(person.home, s.community.label) / 3500) + 1e-6
            for s in roomy
        ]  # fmt: skip
        pick(rng, roomy, weights).take(rng, person, result)

    for person in people:
        if person.group == "other":
            first, last = person.entered, END
            if person.spells:
                last = person.spells[0].start - days(1)
            if rng.random() < 0.6:
                join(person, first, last, pick(rng, ("合格", "不合格", "退训"), (0.86, 0.08, 0.06)))
            continue
        first, last = window(person)
        count = min(wanted[person.number], 1 + int(rng.poisson(0.75)))
        for _ in range(max(0, count - len(person.skills))):
            join(person, first, last, "合格")
        if not person.skills:
            join(person, START, END, "合格")
        if rng.random() < 0.05:
            join(person, first, last, pick(rng, ("不合格", "退训")))
    fill_skills(people, wanted)
    for session in (s for s in sessions if s.running):
        free = [p for p in people if p.fate in ("求职中", "在公益岗") and session.skill not in p.skills]
        near = sorted(free, key=lambda p: metres(p.home, session.community.label))[:40]
        for place in rng.permutation(len(near))[:16]:
            session.take(rng, near[int(place)], "在训")


def wanted_skills(people: list[Person]) -> dict[int, int]:
    """How many proven skills each person from a welfare post has; they sum to the published numbers."""
    rng = chance(24)
    skills_wanted: dict[int, int] = {}
    for group, total in COUNTED.items():
        members = [p for p in people if p.group == group]
        counts = rng.choice(6, len(members), p=(0.08, 0.2, 0.33, 0.24, 0.11, 0.04)) + 1
        counts = np.maximum(counts, [len(p.skills) for p in members])
        skills_wanted |= dict(zip((p.number for p in members), sum_to(counts, total, 2, 6, rng).tolist(), strict=True))
    return skills_wanted


def fill_skills(people: list[Person], wanted: dict[int, int]) -> None:
    """Skills beside the courses: proven ones up to the wanted number, self-reported and beginners' ones on top."""
    rng = chance(25)

    def another(person: Person) -> str | None:
        options = [k for k in SKILLS if k not in person.skills]
        domain = [k for k in options if SKILLS[k].domain in person.domains]
        return pick(rng, domain if domain and rng.random() < 0.8 else options) if options else None

    for person in people:
        count = wanted[person.number] if person.post else len(person.skills) + int(rng.poisson(1.1))
        for slot in person.spells:
            codes = slot.workshop.products if slot.workshop else (slot.employer.products if slot.employer else ())
            for skill in PRODUCTS[codes[0]].skills if codes else ():
                if skill not in person.skills and len(person.skills) < count:
                    level = pick(rng, (2, 3, 4), (0.45, 0.45, 0.1))
                    person.skills[skill] = (level, "实操测评", min(END, slot.start + days(rng.integers(5, 60))))
        since = max(person.post.start if person.post else person.entered, START - days(500))
        while len(person.skills) < count and (skill := another(person)):
            level = pick(rng, (2, 3, 4), (0.55, 0.37, 0.08))
            evidence = pick(rng, ("实操测评", "专项职业能力", "职业技能等级"), (0.7, 0.14, 0.16))
            person.skills[skill] = (level, evidence, between(rng, since, END - days(1)))
        for _ in range(int(rng.poisson(0.9))):
            if skill := another(person):
                is_self_reported = rng.random() < 0.7
                level = pick(rng, (1, 2, 3), (0.4, 0.45, 0.15)) if is_self_reported else 1
                person.skills[skill] = (
                    level,
                    "自报" if is_self_reported else "实操测评",
                    between(rng, since, END - days(1)),
                )


def training_rows(sessions: list[Session]) -> list[dict[str, object]]:
    """Rows of the course register: one a person and session."""
    rows: list[dict[str, object]] = []
    number = 0
    for session in sessions:
        for entry in session.enrolled:
            person = entry.person
            after = [slot for slot in person.spells if slot.start > session.last]
            number += 1
            rows.append(
                {
                    "班次编号": session.code,
                    "培训项目": f"{SKILLS[session.skill].name}培训",
                    "职业(工种)": SKILLS[session.skill].name,
                }
                | {
                    "培训类型(家门口/用工委培/高校联合)": session.kind,
                    "培训机构": session.provider,
                    "授课人": session.teacher,
                }
                | {"培训地点": f"{session.community.name}家门口培训点", "所在社区": session.community.name}
                | {"开班日期": session.first, "结业日期": session.last, "总课时": session.hours}
                | {
                    "实操课时": round(session.hours * 0.6),
                    "姓名": person.name,
                    "人员类别": category(person, session.first),
                }
                | {"出勤课时": entry.attended, "考核结果": entry.result, "证书类型": entry.certificate}
                | {"证书编号": f"YS{session.last:%Y%m}{number:05d}" if entry.certificate else None}
                | {"培训后就业去向": after[0].employer.name if after and after[0].employer else None}
                | {"身份证号": person.id_number, "联系电话": person.phone}
            )
    return rows


def category(person: Person, day: date) -> str:
    """人员类别 on a day."""
    if person.post:
        return "公益岗退出人员" if person.post.exited and person.post.exited < day else "公益岗在岗人员"
    if person.disability:
        return "残疾人"
    return "登记失业人员" if person.registration == "城镇" and person.state_on(day) == "求职中" else "社区居民"
