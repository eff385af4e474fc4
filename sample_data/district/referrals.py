"""Referrals: those that led to work, those that came to nothing and why, those under way."""

from __future__ import annotations

import math
from datetime import date

from district.basis import END, Row, chance, days, metres, pick
from district.names import Staff
from district.openings import Opening
from district.people import Person
from district.slots import Spell

REASONS = (
    ("待遇不合适", 0.24), ("距离太远", 0.26), ("时间不合适", 0.22), ("工作内容不合适", 0.12), ("身体原因", 0.07), ("家庭原因", 0.07), ("其他", 0.02),
)  # fmt: skip
SILENT = "纸窗花工坊"
"""An enterprise that has answered no referral for months."""


class Ledger:
    """Referrals so far; each pair of person and posting stands in it once."""

    def __init__(self, people: list[Person], staff: list[Staff]) -> None:
        self.rng = chance(60)
        self.people = people
        self.clerks = [s.name for s in staff if s.role in ("就业服务专员", "人社管家")]
        self.entries: list[tuple[date, int, Row]] = []
        self.seen: set[tuple[int, int]] = set()

    def add(self, person: Person, opening: Opening, day: date, state: str, since: date) -> None:
        """Enter a referral of ``day`` that stands in ``state`` since ``since``; a refusal gets its reason."""
        if (person.number, id(opening)) in self.seen:
            return
        self.seen.add((person.number, id(opening)))
        reason = pick(self.rng, [n for n, _ in REASONS], [w for _, w in REASONS]) if state == "本人拒绝" else None
        row: Row = (
            person.key
            | {"单位名称": opening.employer.name, "岗位名称": opening.title, "发布日期": opening.posted}
            | {
                "推荐日期": day,
                "推荐人": pick(self.rng, self.clerks),
                "状态": state,
                "状态日期": since,
                "拒绝原因": reason,
            }
        )
        self.entries.append((day, person.number, row))

    def seeker(self, opening: Opening, day: date) -> Person | None:
        """Someone who sought work on ``day``, sooner from nearby."""
        options = [p for p in self.people if p.entered <= day and p.state_on(day) == "求职中"]
        weights = [math.exp(-metres(p.home, opening.place) / 1800) + 1e-9 for p in options]
        return pick(self.rng, options, weights) if options else None


def referral_rows(
    people: list[Person], slots: list[Spell], past: dict[int, Opening], now: list[Opening], staff: list[Staff]
) -> list[Row]:
    """About four hundred referrals."""
    ledger = Ledger(people, staff)
    rng = ledger.rng
    owner = {id(slot): person for person in people for slot in person.spells}
    for number, opening in sorted(past.items()):
        slot = slots[number]
        day = max(opening.posted, slot.start - days(rng.integers(3, 16)))
        day = min(max(day, owner[id(slot)].entered), slot.start)
        ledger.add(owner[id(slot)], opening, day, "已入职", slot.start)
    fail(ledger, list({id(o): o for o in past.values()}.values()))
    proceed(ledger, [o for o in now if o.employer.name != SILENT])
    for opening in [o for o in now if o.employer.name == SILENT][:2]:
        opening.posted = opening.confirmed = date(2025, 8, 4)
        for gap in (5, 16, 30, 44):
            day = opening.posted + days(gap)
            if person := ledger.seeker(opening, day):
                ledger.add(person, opening, day, "已推荐", day)
    return [row for _, _, row in sorted(ledger.entries, key=lambda item: item[:2])]


def fail(ledger: Ledger, closed: list[Opening]) -> None:
    """About a hundred referrals of the past that came to nothing."""
    rng = ledger.rng
    for _ in range(104):
        opening = pick(rng, closed)
        day = min(opening.posted + days(rng.integers(0, 20)), END - days(14))
        if day >= opening.posted and (person := ledger.seeker(opening, day)):
            state = pick(rng, ("本人拒绝", "未录用", "已关闭"), (0.5, 0.35, 0.15))
            ledger.add(person, opening, day, state, day + days(rng.integers(1, 13)))


def proceed(ledger: Ledger, openings: list[Opening]) -> None:
    """About ninety referrals of the last weeks to postings that are open still."""
    rng = ledger.rng
    for _ in range(92):
        opening = pick(rng, openings)
        day = max(opening.posted, END - days(rng.integers(1, 40)))
        person = ledger.seeker(opening, day)
        if person is None or person.fate != "求职中":
            continue
        fresh = (END - day).days < 8
        shares = (0.7, 0.2, 0.03, 0.04, 0.02, 0.01) if fresh else (0.2, 0.22, 0.12, 0.26, 0.16, 0.04)
        state = pick(rng, ("已推荐", "面试中", "已录用", "本人拒绝", "未录用", "已关闭"), shares)
        ledger.add(person, opening, day, state, day if state == "已推荐" else min(END, day + days(rng.integers(1, 12))))
