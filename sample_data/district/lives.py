"""Who took which spell of work, and the states that each person went through."""

from __future__ import annotations

import math
from datetime import date

import numpy as np

from district.basis import END, START, add_years, between, chance, days, metres, pick, retires_on
from district.employers import Economy
from district.geography import Geography
from district.people import FATES, Person, born, exit_days, make_others, make_welfare_people
from district.slots import COMMISSIONED, Spell, choose_returns, make_slots, set_forms_and_pay

TOWN_SHARE = {"社区微工厂": 15, "手工电商企业": 14, "社区岗位": 13, "其他单位": 2, "自主创业": 3}
"""Re-employed people from urban posts by channel: 47 in all."""


def make_people(geography: Geography, economy: Economy) -> tuple[list[Person], list[Spell]]:
    """All 1,600 people with their spells of work and states, and the 521 spells."""
    slots = make_slots(economy)
    returns = choose_returns(slots)
    plans = plan_exits(returns)
    people = make_welfare_people(geography, [(day, registration, fate) for day, registration, fate, _ in plans])
    for person, (_, _, _, slot) in zip(people, plans, strict=False):
        if slot:
            person.spells.append(slot)
    others = make_others(geography, len(people) + 1)
    place_others(others, [s for s in slots if not s.returned])
    enter_others(others)
    people += others
    for person in people:
        for slot in person.spells:
            if slot.channel != "自主创业" and retires_on(person.birth, person.sex) <= slot.start:
                slot.form = "超龄用工协议"
    set_forms_and_pay(slots)
    set_states(people)
    return people, slots


def plan_exits(returns: list[Spell]) -> list[tuple[date, str, str, Spell | None]]:
    """(day of exit, registration, fate, spell) of the 215, by day: the 71 leave before their spell begins."""
    rng = chance(11)
    free = exit_days()
    exits: list[tuple[date, str, str, Spell | None]] = []
    town: dict[int, bool] = {}
    for channel, count in TOWN_SHARE.items():
        places = [n for n, slot in enumerate(returns) if slot.channel == channel]
        chosen = {places[int(i)] for i in rng.permutation(len(places))[:count]}
        town |= {place: place in chosen for place in places}
    for number, slot in enumerate(returns):
        wanted = slot.start - days(min(240, rng.lognormal(math.log(42), 0.85)))
        day = min((d for d in free if d <= slot.start), key=lambda d: abs((d - wanted).days))
        free.remove(day)
        exits.append((day, "城镇" if town[number] else "乡村", "再就业", slot))
    rest = [(r, fate) for r, fates in FATES.items() for fate, n in fates.items() if fate != "再就业" for _ in range(n)]
    rest.sort(key=lambda pair: pair[1] != "退休超龄")
    early = [d for d in free if d <= date(2025, 5, 31)]
    chosen_days = [early[int(i)] for i in rng.permutation(len(early))[:14]]
    for day in chosen_days:
        free.remove(day)
    order = [*chosen_days, *(free[int(i)] for i in rng.permutation(len(free)))]
    exits += [(day, registration, fate, None) for day, (registration, fate) in zip(order, rest, strict=True)]
    return sorted(exits, key=lambda row: (row[0], row[1], row[2], row[3].start if row[3] else END))


def place_others(others: list[Person], slots: list[Spell]) -> None:
    """Give each spell to a resident: nearer people first, craft work mostly to women, some people a second time."""
    rng = chance(12)
    free = dict.fromkeys(range(len(others)), True)
    for slot in sorted(slots, key=lambda s: (s.start, s.channel, s.employer.name if s.employer else "")):
        again = [
            n for n, person in enumerate(others)
            if person.spells and (last := person.spells[-1]).end and last.end + days(12) <= slot.start
            and all(s.channel != slot.channel for s in person.spells)
        ]  # fmt: skip
        use_again = bool(again) and slot.course is None and rng.random() < 0.06
        options = again if use_again else [n for n, is_free in free.items() if is_free]
        crafts = slot.channel in ("社区微工厂", "手工电商企业") or (
            slot.batch and slot.batch.field in ("托育托幼", "家政")
        )
        weights = [
            math.exp(-metres(others[n].home, slot.place) / 2200 if slot.place else 0)
            * ((1 if others[n].sex == "女" else 0.14) if crafts else (0.8 if others[n].sex == "女" else 1)) + 1e-9
            for n in options
        ]  # fmt: skip
        chosen = pick(rng, options, weights)
        free[chosen] = False
        others[chosen].spells.append(slot)


def enter_others(others: list[Person]) -> None:
    """Day on which each came into the pool, and what became of those without work."""
    rng = chance(13)
    idle = [p for p in others if not p.spells]
    order = [idle[int(i)] for i in rng.permutation(len(idle))]
    for fate, count in (("退休超龄", 13), ("暂不求职", 30), ("失联", 12)):
        for _ in range(count):
            order.pop().fate = fate
    for person in others:
        if person.spells:
            first = person.spells[0]
            latest = (first.start if first.course is None else COMMISSIONED[first.course][0]) - days(4)
            person.entered = max(START + days(1), latest - days(rng.integers(4, 190)))
            person.entered = min(person.entered, latest)
        elif person.fate == "求职中":
            last = START + days(240) if rng.random() < 0.34 else END - days(3)
            person.entered = between(rng, START + days(1), last)
        else:
            person.entered = between(rng, START + days(1), END - days(200))
        while person.fate == "退休超龄":
            person.birth = born(rng, *((49, 52) if person.sex == "女" else (59, 62)))
            if person.entered + days(25) < retires_on(person.birth, person.sex) < END - days(5):
                person.kind = "大龄"
                break


def left_on(person: Person, since: date, rng: np.random.Generator) -> date:
    """When someone stopped looking for work, after ``since``."""
    if person.fate == "退休超龄":
        rural_post = person.post and person.registration == "乡村"
        return add_years(person.birth, 66) if rural_post else retires_on(person.birth, person.sex)
    return min(END - days(2), since + days(rng.integers(20, 150)))


def set_states(people: list[Person]) -> None:
    """States by day: on the post, seeking, employed, seeking again, or out of the search."""
    rng = chance(14)
    for person in people:
        states: dict[date, str] = {}
        free_from = person.entered
        if person.post:
            states[person.post.start] = "在公益岗"
            free_from = (person.post.exited or END) + days(1)
        if person.group != "post" and free_from <= END:
            states[free_from] = "求职中"
        for slot in person.spells:
            states = {day: state for day, state in states.items() if day < slot.start}
            states[slot.start] = "已就业"
            if slot.end:
                states[slot.end + days(1)] = "求职中"
        if person.group != "post" and not person.spells and person.fate in ("退休超龄", "暂不求职", "失联"):
            states[left_on(person, free_from, rng)] = person.fate
        person.states = sorted(states.items())
        if person.group != "post":
            person.fate = person.states[-1][1] if person.states else "求职中"
