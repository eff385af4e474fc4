"""The sheets about people: posts, job seekers, states, skills, experience, unemployment, placements, follow-up."""

from __future__ import annotations

from datetime import date

import numpy as np

from district.basis import END, Row, age, chance, days, pick
from district.names import Staff
from district.people import Person
from district.portraits import pay_wish, registered_on, unemployed, unemployment_span
from district.slots import Spell
from district.training import Session
from district.vocabulary import SKILLS

DOMAIN_NAMES = {
    "care": "照护家政", "property": "物业", "greening": "园林绿化", "retail": "商超零售", "delivery": "快递配送",
    "ecommerce": "电子商务", "craft": "手工制作",
}  # fmt: skip
LEVELS = {1: "了解", 2: "会做", 3: "熟练", 4: "能带人"}
DIFFICULTIES = (
    "收入偏低",
    "工时不合适",
    "活少",
    "路途远",
    "技能跟不上",
    "身体吃不消",
    "家庭照护",
    "与单位或同事有矛盾",
)
DIFFICULTY_SHARES = (0.22, 0.14, 0.14, 0.12, 0.08, 0.12, 0.14, 0.04)
DISTRICT = "太白湖新区"
OFFICE = "区社保就业服务部"


def proven(person: Person) -> int:
    """Skills of level 2 or more with evidence above self-report."""
    return sum(level >= 2 and evidence != "自报" for level, evidence, _ in person.skills.values())


def employer_name(slot: Spell) -> str | None:
    """Name of the employer; own business has none."""
    return slot.employer.name if slot.employer else None


def welfare_rows(people: list[Person], sessions: list[Session]) -> list[Row]:
    """The ledger of public-welfare posts."""
    passed: dict[int, tuple[str, date]] = {}
    for session in sessions:
        for entry in session.enrolled:
            if entry.result == "合格":
                passed[entry.person.number] = (f"{SKILLS[session.skill].name}培训", session.last)
    rows: list[Row] = []
    for person in people:
        post = person.post
        if post is None:
            continue
        course, finished = passed[person.number]
        slot = person.spells[0] if person.spells else None
        rows.append(
            {"序号": len(rows) + 1, "县区": DISTRICT, "镇街": person.community.town, "社区/村": person.community.name}
            | {"岗位类别(城镇/乡村)": post.kind, "岗位名称": post.title, "用人单位": post.host, "姓名": person.name}
            | {
                "性别": person.sex,
                "年龄": age(person.birth, END),
                "身份证号": person.id_number,
                "安置对象类别": post.group,
            }
            | {"协议/合同起始日": post.start, "协议/合同终止日": post.end, "安置次数": post.number}
            | {"岗位补贴(元/月)": post.subsidy, "社保补贴(元/月)": post.insurance, "意外险": True}
            | {"培训项目": course, "培训完成日": finished, "掌握技能项数": proven(person)}
            | {"离岗去向": person.fate if post.exited else None, "退出日期": post.exited}
            | {"退出原因": "到期退出" if post.exited else None, "二次就业日期": slot.start if slot else None}
            | {"二次就业单位": (employer_name(slot) or "自主创业") if slot else None, "备注": "演示数据"}
            | {"联系电话": person.phone, "入库日期": person.entered, "经度": person.home[0], "纬度": person.home[1]}
        )
    return rows


def seeker_rows(people: list[Person], staff: list[Staff]) -> list[Row]:
    """The register of job seekers: residents, and people after their post."""
    rng = chance(31)
    clerks = [s.name for s in staff if s.role == "就业服务专员"]
    members = [(day, person) for person in people if (day := registered_on(person))]
    members.sort(key=lambda pair: (pair[0], pair[1].number))
    rows: list[Row] = []
    for number, (day, person) in enumerate(members, 1):
        wish = person.wish
        jobs = [*(wish.occupations if wish else []), None, None]
        top = max((v for v in person.skills.values() if v[1] == "职业技能等级"), default=None)
        work = "；".join(f"从事{DOMAIN_NAMES[d]}约{years:g}年" for d, years in person.years.items())
        rows.append(
            {"求职编号": f"QZ{day.year}{number:05d}", "姓名": person.name, "性别": person.sex}
            | {"出生年月": f"{person.birth:%Y-%m}", "公民身份号码": person.id_number, "民族": "汉族"}
            | {"户口性质": person.registration, "户籍地址": f"{DISTRICT}{person.community.town}"}
            | {"常住地址": f"{person.community.name}{person.building}", "联系电话": person.phone}
            | {"文化程度": person.education, "职业技能等级": ("初级" if top[0] < 3 else "中级") if top else None}
            | {"健康状况": "残疾" if person.disability else "良好", "是否持残疾人证": bool(person.disability)}
            | {"残疾类别等级": person.disability, "工作经历": None if person.sparse else work or None}
            | {"求职意向1(职业/工种)": jobs[0], "求职意向2": jobs[1], "期望月薪(元)": pay_wish(wish)}
            | {"期望工作地区": DISTRICT, "用工形式": wish.form if wish else None, "是否需要住宿": False}
            | {"求职有效期": day + days(365), "登记机构": OFFICE, "经办人": pick(rng, clerks), "登记日期": day}
            | {"入库日期": person.entered, "经度": person.home[0], "纬度": person.home[1]}
        )
    return rows


def state_rows(people: list[Person]) -> list[Row]:
    """Each change of state."""
    return [person.key | {"状态": state, "起始日期": since} for person in people for since, state in person.states]


def skill_rows(people: list[Person]) -> list[Row]:
    """Each skill of each person with level and evidence."""
    return [
        person.key | {"技能": SKILLS[code].name, "等级": LEVELS[level], "佐证": evidence, "取得日期": day}
        for person in people
        for code, (level, evidence, day) in sorted(person.skills.items())
    ]


def experience_rows(people: list[Person]) -> list[Row]:
    """Years in a field of work."""
    return [
        person.key | {"从业领域": DOMAIN_NAMES[domain], "年限": years}
        for person in people
        if not person.sparse
        for domain, years in person.years.items()
    ]


CAUSES = ("合同到期", "本人辞职", "单位裁减", "企业关停", "家庭照料后再求职", "新成长劳动力")


def unemployment_rows(people: list[Person]) -> list[Row]:
    """The register of unemployed people."""
    rng = chance(32)
    rows: list[Row] = []
    for person in people:
        if not unemployed(person):
            continue
        since, struck, cause = unemployment_span(person)
        day = person.entered
        rows.append(
            {"*姓名": person.name, "*证件类型": "居民身份证", "*证件号码": person.id_number, "*性别": person.sex}
            | {"*出生日期": person.birth, "*民族": "汉族", "*户籍所在地": f"{DISTRICT}{person.community.town}"}
            | {"*常住地址": f"{person.community.name}{person.building}", "*联系电话": person.phone}
            | {"*文化程度": person.education, "健康状况": "残疾" if person.disability else "良好"}
            | {"残疾等级": person.disability, "*失业时间": since, "*失业原因": pick(rng, CAUSES)}
            | {"求职意向": person.wish.occupations[0] if person.wish and person.wish.occupations else None}
            | {"培训意向": person.wish.training if person.wish else None}
            | {"创业意向": person.wish.start_up if person.wish else None}
            | {"*登记日期": day, "登记机构": OFFICE, "注销日期": struck, "注销原因": cause}
        )
    return rows


def placement_rows(people: list[Person]) -> list[Row]:
    """Each spell of work."""
    members = [(slot, person) for person in people for slot in person.spells]
    members.sort(key=lambda pair: (pair[0].start, pair[1].number))
    return [
        person.key
        | {"就业渠道": slot.channel, "用人单位": employer_name(slot)}
        | {"微工厂名称": slot.workshop.name if slot.workshop else None}
        | {"社区岗位批次编号": slot.batch.code if slot.batch else None, "入职日期": slot.start, "用工形式": slot.form}
        | {"月收入(元)": slot.pay, "离职日期": slot.end, "离职原因": slot.reason}
        for slot, person in members
    ]


def follow_up_rows(people: list[Person]) -> list[Row]:
    """Calls after a week, a month, three and six months, then yearly; a person who left says so once."""
    rng, details = chance(33), chance(34)
    rows: list[Row] = []
    for person in people:
        for slot in person.spells:
            left = False
            for gap in (7, 30, 90, 180, 365):
                day = slot.start + days(gap + rng.integers(0, 6))
                if day > END or left or rng.random() < 0.1:
                    continue
                left = slot.end is not None and slot.end < day
                result = "已离岗" if left else ("联系不上" if rng.random() < 0.03 else "在岗")
                reported = reported_facts(details, slot, day) if result == "在岗" else {}
                rows.append(person.key | {"入职日期": slot.start, "回访日期": day, "回访结果": result} | reported)
    return rows


def reported_facts(rng: np.random.Generator, slot: Spell, day: date) -> dict[str, object]:
    """Pay, hours and difficulties as somebody at work reports them; worse where the spell ends within a quarter."""
    is_ending = slot.end is not None and (slot.end - day).days <= 90
    pay = slot.pay * (0.8 if rng.random() < (0.3 if is_ending else 0.03) else rng.uniform(0.98, 1.05))
    usual = 40 if slot.form == "全日制" else 24
    hours = usual * (0.7 if rng.random() < (0.25 if is_ending else 0.04) else 1)
    count = int(rng.random() < (0.5 if is_ending else 0.12)) + int(rng.random() < 0.03)
    kinds = rng.choice(len(DIFFICULTIES), count, replace=False, p=DIFFICULTY_SHARES)
    is_asked = rng.random(2) < (0.8, 0.6)
    return {
        "回访月收入(元)": round(pay / 10) * 10 if is_asked[0] and slot.pay else None,
        "每周工时": round(hours) if is_asked[1] else None,
        "困难": "、".join(DIFFICULTIES[k] for k in kinds) or None,
    }
