"""The 521 spells of work: where, from when to when, in what form and at what pay; people come in later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from district.basis import END, START, between, chance, days, festive, pick, sum_to
from district.employers import FIELDS, Batch, Economy, Employer, Workshop
from district.geography import Point

MARKS = (date(2024, 4, 30), date(2024, 8, 31), date(2024, 12, 31), date(2025, 4, 30), date(2025, 8, 31), END)
RETURNS = (2, 12, 6, 11, 18, 22)
"""Re-employed people by four-month period: 10% → 28% → 18% → 22% → 28% → 33% of the exits so far."""
RETURN_CHANNELS = {"社区微工厂": 24, "委培": 12, "手工电商企业": 7, "社区岗位": 20, "其他单位": 4, "自主创业": 4}
COMMISSIONED = (
    (date(2024, 3, 4), "K31", 5), (date(2024, 5, 13), "K30", 6), (date(2024, 8, 5), "K32", 5),
    (date(2024, 10, 14), "K31", 6), (date(2025, 3, 3), "K32", 6), (date(2025, 7, 7), "K31", 6),
)  # fmt: skip
"""Courses with the first enterprise: first day, skill, how many of the 18 trained joined it (34 in all)."""
LEADER, BEST_PAID = "济宁壮志天上商贸公司", 0.45
"""The enterprise that stands in the highest tier, and by how much of the ranking its pay lies above the others'."""
MEAN, MIDDLE, ABOVE = 4126, (3944, 3948), 90
"""Pay of the 188 at the craft enterprises now: mean, the two middle values, how many above 4,000 yuan."""


@dataclass
class Spell:
    """One spell of work; ``course`` is the commissioned course that led to it."""

    channel: str
    start: date
    employer: Employer | None = None
    workshop: Workshop | None = None
    batch: Batch | None = None
    course: int | None = None
    end: date | None = None
    reason: str | None = None
    form: str = "全日制"
    pay: int = 0
    returned: bool = False

    @property
    def place(self) -> Point | None:
        """Where the work is done."""
        return self.employer.place if self.employer else None

    @property
    def period(self) -> int:
        """Which of the six four-month periods the start falls into."""
        return next(n for n, mark in enumerate(MARKS) if self.start <= mark)


def ramp(rng: np.random.Generator, first: date, count: int) -> list[date]:
    """Starts from ``first`` on: a good third in the first ten weeks, the rest spread to the end."""
    span = (END - first).days - 2
    slots = []
    while len(slots) < count:
        reach = min(70, span) if rng.random() < 0.36 else span
        day = first + days(rng.integers(0, reach + 1))
        if not festive(day) and day.weekday() < 6:
            slots.append(day)
    return sorted(slots)


def make_slots(economy: Economy) -> list[Spell]:
    """521 spells with start, end, form and pay, of nobody yet."""
    rng = chance(8)
    slots: list[Spell] = []
    for workshop in economy.workshops:
        first = [workshop.opened + days(n) for n in (0, 0, 1, 2)]
        for day in first + ramp(rng, workshop.opened, workshop.taken_on - len(first)):
            slots.append(Spell("社区微工厂", day, workshop.operator, workshop))
    for number, enterprise in enumerate(economy.enterprises):
        joined = 0
        if number == 0:
            for course, (first, _, count) in enumerate(COMMISSIONED):
                for _ in range(count):
                    slots.append(
                        Spell("手工电商企业", first + days(14 + rng.integers(0, 45)), enterprise, course=course)
                    )
                joined += count
        for day in ramp(rng, enterprise.opened, enterprise.taken_on - joined):
            slots.append(Spell("手工电商企业", day, enterprise))
    slots += post_slots(rng, economy)
    for _ in range(14):
        company = pick(rng, economy.companies)
        slots.append(Spell("其他单位", between(rng, START + days(40), END - days(4)), company))
    slots += [Spell("自主创业", between(rng, START + days(60), END - days(10))) for _ in range(11)]
    end_some(rng, slots)
    return slots


def post_slots(rng: np.random.Generator, economy: Economy) -> list[Spell]:
    """156 starts on developed community posts, never more than a batch has."""
    slots = []
    for name, _, _, taken, _ in FIELDS:
        seats = [b for b in economy.batches if b.field == name and b.developed for _ in range(b.heads)]
        for place in rng.permutation(len(seats))[:taken]:
            batch = seats[int(place)]
            first = batch.developed or END
            reach = min(150, (END - first).days - 1)
            day = between(rng, first + days(3), first + days(reach))
            slots.append(Spell("社区岗位", day, batch.host, None, batch))
    return slots


def end_some(rng: np.random.Generator, slots: list[Spell]) -> None:
    """62 spells that ended, 52 of them within 90 days; all had begun at least 90 days before the last day."""
    units: dict[str, tuple[int, list[Spell]]] = {}
    for slot in slots:
        if slot.workshop:
            name, count = slot.workshop.name, slot.workshop.taken_on - slot.workshop.still
        elif slot.channel == "手工电商企业" and slot.employer:
            name, count = slot.employer.name, slot.employer.taken_on - slot.employer.still
        else:
            name, count = slot.channel, {"社区岗位": 15, "其他单位": 2, "自主创业": 1}[slot.channel]
        units.setdefault(name, (count, []))[1].append(slot)
    leaving: list[Spell] = []
    for count, members in units.values():
        able = [s for s in members if s.start <= END - days(93)]
        leaving += [able[int(i)] for i in rng.permutation(len(able))[:count]]
    late = [s for s in leaving if s.start <= END - days(240)]
    long = [late[int(i)] for i in rng.permutation(len(late))[:10]]
    for slot in slots:
        if slot.batch and slot not in leaving:
            slot.batch.filled += 1
    for slot in leaving:
        stay = rng.integers(95, min(420, (END - slot.start).days - 5)) if slot in long else rng.integers(9, 88)
        slot.end = slot.start + days(stay)
        slot.reason = pick(rng, ("本人辞职", "健康或家庭原因", "转其他岗位", "单位解除"), (0.45, 0.3, 0.15, 0.1))


FORMS = {
    "社区微工厂": (("全日制", "非全日制", "居家计件", "灵活就业"), (0.5, 0.27, 0.16, 0.07)),
    "手工电商企业": (("全日制", "非全日制", "居家计件", "灵活就业"), (0.82, 0.04, 0.06, 0.08)),
    "社区岗位": (("全日制", "非全日制", "灵活就业"), (0.58, 0.38, 0.04)),
    "其他单位": (("全日制", "非全日制"), (0.8, 0.2)),
    "自主创业": (("自主创业",), (1.0,)),
}
PAY = {
    ("社区微工厂", "全日制"): (2260, 3350), ("社区岗位", "全日制"): (2230, 3100), ("其他单位", "全日制"): (2400, 3900),
    ("手工电商企业", "全日制"): (2500, 4300), ("自主创业", "自主创业"): (1800, 6200),
}  # fmt: skip


def set_forms_and_pay(slots: list[Spell]) -> None:
    """Form and monthly pay of every spell; the 188 now at the craft enterprises get the published spread."""
    rng = chance(9)
    for slot in slots:
        if slot.form != "超龄用工协议":
            slot.form = pick(rng, *FORMS[slot.channel])
        low, high = PAY.get((slot.channel, slot.form), (1050, 1950))
        if slot.form == "居家计件":
            low, high = 520, 1150
        elif slot.form in ("灵活就业", "超龄用工协议"):
            low, high = 1700, 2900
        slot.pay = int(round(rng.uniform(low, high), -1))
    now = [s for s in slots if s.channel == "手工电商企业" and not s.end]
    small = [s for s in now if s.form in ("居家计件", "非全日制")]
    rest = [s for s in now if s not in small]
    pay = spread_of_pay(rng, len(now), len(small))
    luck = [rng.random() + (BEST_PAID if slot.employer and slot.employer.name == LEADER else 0.0) for slot in rest]
    order = [rest[int(place)] for place in np.argsort(luck, kind="stable")]
    for slot, value in zip(small + order, pay, strict=True):
        slot.pay = int(value)


def spread_of_pay(rng: np.random.Generator, count: int, small: int) -> np.ndarray:
    """``count`` values, lowest ``small`` ones first: part-time and home workers earn little and count all the same."""
    half = count // 2
    low = rng.integers(780, 2100, small)
    middle = np.round(rng.triangular(2520, 3600, 3940, half - 1 - small), -1).astype(int)
    close = np.array([*MIDDLE, 3956, 3970, 3988][: count - ABOVE - len(low) - len(middle)])
    top = np.sort(4020 + rng.gamma(2.6, 500, ABOVE))
    target = MEAN * count - int(low.sum() + middle.sum() + close.sum())
    top = 4010 + (top - 4010) * (target - 4010 * ABOVE) / float((top - 4010).sum())
    top = sum_to(np.round(top).astype(int), target, 4002, 9900, rng)
    return np.concatenate([low, np.sort(middle), close, top])


def share_out(rng: np.random.Generator, offer: dict[tuple[str, int], list[Spell]]) -> dict[tuple[str, int], int] | None:
    """Re-employed people by channel and period, drawn within what is on offer; None when the draw got stuck."""
    left = list(RETURNS)
    wanted: dict[tuple[str, int], int] = {}
    for channel, count in reversed(RETURN_CHANNELS.items()):
        for _ in range(count):
            periods = [
                p for p in range(6) if left[p] and wanted.get((channel, p), 0) < len(offer.get((channel, p), ()))
            ]
            if not periods:
                return None
            period = pick(rng, periods, [left[p] for p in periods])
            left[period] -= 1
            wanted[channel, period] = wanted.get((channel, period), 0) + 1
    return wanted


def choose_returns(slots: list[Spell]) -> list[Spell]:
    """71 spells that people from expired posts took, with the published numbers by channel and period."""
    rng = chance(10)

    def label(slot: Spell) -> str:
        return "委培" if slot.course is not None else slot.channel

    offer: dict[tuple[str, int], list[Spell]] = {}
    for slot in slots:
        if slot.start > date(2024, 3, 1):
            offer.setdefault((label(slot), slot.period), []).append(slot)
    wanted = next((w for _ in range(2000) if (w := share_out(rng, offer))), None)
    if wanted is None:
        raise ValueError("the spells on offer cannot carry the published path")
    chosen_slots = []
    for cell in sorted(wanted):
        options = offer[cell]
        chosen_slots += [options[int(i)] for i in rng.permutation(len(options))[: wanted[cell]]]
    for slot in chosen_slots:
        slot.returned = True
    return sorted(chosen_slots, key=lambda s: (s.start, s.channel, s.employer.name if s.employer else ""))
