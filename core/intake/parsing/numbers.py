"""Parsers of numbers with their units: a unit is read by a rule that the row then names, or refused, never dropped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from core.intake.findings import Level, Problem
from core.intake.parsing.base import Parsed, Parser, failed
from core.intake.parsing.text import DASHES, text_of
from core.intake.parsing.vocabulary import Vocabulary
from core.locale import N_, Translator

__all__ = [
    "ANY_COUNT",
    "AREA",
    "KILOWATTS",
    "COMPANIES",
    "DEGREES",
    "HOURS",
    "MINUTES",
    "PEOPLE",
    "PIECES",
    "POINTS",
    "RATE",
    "SHIFTS",
    "STATIONS",
    "WEEKLY_HOURS",
    "YEARS",
    "YUAN",
    "YUAN_A_MONTH",
    "Number",
    "OfferedPay",
    "Pay",
    "Share",
    "Units",
]

PAID_DAYS = 21.75
"""Paid days of a month, by which daily pay is converted (人社部发〔2025〕2号)."""
PAID_HOURS = PAID_DAYS * 8
"""Likewise paid hours of a month."""
WEEK_OF_FIVE = 5  # working days

BY_DAYS = N_("a month has 21.75 paid days")
BY_HOURS = N_("a month has 21.75 paid days of 8 hours")
BY_YEAR = N_("a year has 12 months")
BY_WEEKS = N_("a year has 52 weeks and 12 months")


class Factor(NamedTuple):
    """By what a number in another unit is multiplied, and the rule behind it where it is a convention."""

    by: float
    rule: str = ""


@dataclass(frozen=True)
class Units:
    """The units that a column may carry. ``accepted``: unit → factor to the unit that is stored (1: the same)."""

    name: str
    accepted: Mapping[str, Factor] = field(hash=False)

    @classmethod
    def of(cls, name: str, same: str, others: Mapping[str, Factor] | None = None) -> Units:
        """``name`` for messages; ``same``: spellings of the stored unit, joined by blanks."""
        return cls(name, {unit: Factor(1) for unit in ("", *same.split())} | dict(others or {}))


NO_UNIT = Units.of(N_("plain digits"), "")
DEGREES = Units.of(N_("degrees"), "° 度")
PEOPLE = Units.of(N_("persons"), "人 名 个 位 人次")
PIECES = Units.of(N_("pieces"), "件 只 个 套 双 条 单 人次", {"打": Factor(12)})
STATIONS = Units.of(N_("stations"), "个 工位 个工位 台 张 位")
SHIFTS = Units.of(N_("shifts"), "班 次 个 班次 个班次")
ANY_COUNT = Units.of(N_("the unit of the indicator"), "% 人 项 个 人次 场 家 户 件 元 个百分点")
COMPANIES = Units.of(N_("companies"), "家 个 户")
POINTS = Units.of(N_("points"), "分")
KILOWATTS = Units.of(N_("kilowatts"), "千瓦 kw")
AREA = Units.of(N_("square metres"), "平方米 平米 平方 平 m2 m² ㎡ 方", {"亩": Factor(10_000 / 15)})
YEARS = Units.of(N_("years"), "年 年多", {"个月": Factor(1 / 12), "月": Factor(1 / 12)})
HOURS = Units.of(N_("hours"), "小时 个小时 时 h 工时 课时 学时 节", {"分钟": Factor(1 / 60)})
WEEKLY_HOURS = Units.of(N_("hours a week"), "小时 个小时 h 小时/周 h/周 /周 小时每周")
MINUTES = Units.of(
    N_("minutes"), "分钟 分 min", {u: Factor(60) for u in ("小时", "个小时", "h")} | {"秒": Factor(1 / 60)}
)
YUAN = Units.of(N_("yuan"), "元 块 块钱 圆 rmb")
RATE = Units.of(N_("yuan an hour or a piece"), "元 块 元/小时 元/时 元/h 元/件 元/只 元/个 元/套 /小时 /件")
YUAN_A_MONTH = Units.of(
    N_("yuan a month"),
    "元 块 块钱 圆 元/月 元每月 /月 元/人/月 每月 元一个月",
    {u: Factor(PAID_DAYS, BY_DAYS) for u in ("元/天", "元/日", "/天", "/日", "元每天", "元一天", "块/天", "块一天")}
    | {
        u: Factor(PAID_HOURS, BY_HOURS)
        for u in ("元/小时", "元/时", "元/h", "/小时", "元每小时", "块/小时", "元一小时")
    }
    | {u: Factor(52 / 12, BY_WEEKS) for u in ("元/周", "/周", "元每周")}
    | {u: Factor(1 / 12, BY_YEAR) for u in ("元/年", "/年", "元每年", "元一年")},
)

MULTIPLIERS = {"百": 1e2, "千": 1e3, "k": 1e3, "万": 1e4, "w": 1e4, "亿": 1e8}
NEGOTIABLE = frozenset({"面议", "面谈", "待定", "不限", "随意", "另议", "薪资面议"})
RANGE = re.compile(r"[0-9]\D*(?:-|至|到)\s*[0-9]")
QUANTITY = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))\s*([百千万亿kKwW]?)\s*(\D.*)?")
THOUSANDS = re.compile(r"(?<=[0-9])[,\s](?=[0-9]{3}(?![0-9]))")
CURRENCY = re.compile(r"^(?:[¥￥]|rmb|人民币)\s*", re.IGNORECASE)


class Quantity(NamedTuple):
    """A number as written: digits, multiplier (千) and unit."""

    number: float
    multiplier: str
    unit: str


@dataclass(frozen=True)
class Number(Parser):
    """A number between ``low`` and ``high``, in one of ``units``."""

    low: float | None = 0
    high: float | None = None
    whole: bool = False
    units: Units = NO_UNIT

    def read(self, raw: object, words: Vocabulary) -> Parsed:  # noqa: ARG002
        if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
            return failed("number", value=text_of(raw))
        if isinstance(raw, str):
            if raw in NEGOTIABLE and self.units in (YUAN, YUAN_A_MONTH, RATE):
                return Parsed(None, (Problem("negotiable", {"value": raw}, Level.NOTE),))
            if RANGE.search(raw.translate(DASHES)):
                return failed("range", value=raw)
            quantity = read_quantity(raw)
            if quantity is None:
                return failed("number", value=raw)
            number, problems = convert(quantity, self.units, raw)
            if number is None:
                return Parsed(None, problems)
            bounded = self._bounded(number)
            return Parsed(
                bounded.value, (*problems, *bounded.problems) if bounded.value is not None else bounded.problems
            )
        number = float(raw)
        if number != number or abs(number) == float("inf"):
            return failed("number", value=text_of(raw))
        return self._bounded(number)

    def _bounded(self, number: float) -> Parsed:
        shown = text_of(number)
        if self.whole and not number.is_integer():
            return failed("whole_number", value=shown)
        if self.low is not None and number < self.low:
            return failed("too_small", value=shown, limit=text_of(float(self.low)))
        if number > (self.high if self.high is not None else 2_147_483_647 if self.whole else 1e15):
            return failed("too_large", value=shown, limit=text_of(float(self.high or 2_147_483_647)))
        return Parsed(int(number) if self.whole else number)

    def hint(self, tr: Translator) -> str:
        sentence = self._hint(tr)
        if self.units is NO_UNIT:
            return sentence
        return sentence + ("" if not tr.is_english else " ") + tr("In {units}.", units=tr(self.units.name))

    def _hint(self, tr: Translator) -> str:
        if self.high is None or self.low is None:
            return tr("A whole number.") if self.whole else tr("A number.")
        low, high = f"{self.low:g}", f"{self.high:g}"
        if self.whole:
            return tr("A whole number from {low} to {high}.", low=low, high=high)
        return tr("A number from {low} to {high}.", low=low, high=high)


def read_quantity(text: str) -> Quantity | None:
    """Digits, multiplier and unit of a text such as "3千元/月"; None if it is not one number."""
    bare = CURRENCY.sub("", THOUSANDS.sub("", text.strip()))
    match = QUANTITY.fullmatch(bare)
    if match is None:
        return None
    number, multiplier, unit = match.groups(default="")
    unit = re.sub(r"\s+", "", unit).casefold()
    multiplier = multiplier.casefold()
    if multiplier == "w" and unit not in ("", "元"):  # "5 W" of a lamp
        return None
    return Quantity(float(number), multiplier, unit)


def convert(quantity: Quantity, units: Units, raw: str) -> tuple[float | None, tuple[Problem, ...]]:
    """The number in the stored unit with a remark that shows the arithmetic; None with an error for a foreign unit."""
    factor = units.accepted.get(quantity.unit)
    if factor is None:
        if units is WEEKLY_HOURS and quantity.unit.startswith(("小时/天", "小时/日", "h/天", "小时每天")):
            values = {"value": raw, "result": f"{quantity.number * WEEK_OF_FIVE:g}"}
            return None, (Problem("hours_a_day", values, Level.ERROR, values["result"]),)
        values = {"value": raw, "unit": quantity.unit, "units": units.name}
        return None, (Problem("unit", values),)
    times = MULTIPLIERS.get(quantity.multiplier, 1.0) * factor.by
    if times == 1:
        return quantity.number, ()
    result = round(quantity.number * times, 2)
    sum_ = f"{quantity.number:g} × {round(times, 4):g} = {result:g}"
    if not factor.rule:
        return result, (Problem("converted", {"value": raw, "sum": sum_}, Level.NOTE),)
    return result, (Problem("converted_by_rule", {"value": raw, "sum": sum_, "rule": factor.rule}, Level.WARNING),)


@dataclass(frozen=True)
class Share(Parser):
    """A share of one: 35%, 0.35."""

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        percent = isinstance(raw, str) and raw.endswith("%")
        number = Number(low=None).read(str(raw)[:-1].strip() if percent else raw, words)
        if number.value is None:
            return failed("share", value=text_of(raw))
        share = round(number.value / 100, 10) if percent else number.value
        if not 0 <= share <= 1:
            return failed("share", f"{share:g}%" if 1 < share <= 100 and not percent else None, value=text_of(raw))
        return Parsed(share)

    def hint(self, tr: Translator) -> str:
        return tr("A share such as 35% or 0.35.")


APPROXIMATELY = re.compile(r"以上|左右|起|上下")
MONTHS_PAID = re.compile(r"\s*[·・.,*x×]?\s*1[2-8]薪$")
LARGEST_PAY = 1_000_000


@dataclass(frozen=True)
class Pay(Parser):
    """Pay in yuan a month → {reserve_pay, target_pay}: "2500-3500", "3000", "100元/天"; 面议 says nothing."""

    fields = ("reserve_pay", "target_pay")

    def read(self, raw: object, words: Vocabulary) -> Parsed:  # noqa: ARG002
        text = text_of(raw)
        if text in NEGOTIABLE:
            return Parsed(None, (Problem("negotiable", {"value": text}, Level.NOTE),))
        written = APPROXIMATELY.sub("", MONTHS_PAID.sub("", text.translate(DASHES)))
        parts = [read_quantity(part) for part in re.split(r"(?<=[^-])(?:-|至|到)+", written)]
        if not 1 <= len(parts) <= 2 or any(part is None for part in parts):
            return failed("pay", value=text)
        quantities = _with_shared_units([part for part in parts if part is not None])
        numbers: list[float] = []
        problems: dict[str, Problem] = {}
        for quantity in quantities:
            number, remarks = convert(quantity, YUAN_A_MONTH, text)
            problems |= {str(remark.values.get("sum", remark.code)): remark for remark in remarks}
            if number is None:
                return Parsed(None, remarks)
            if not 0 <= number <= LARGEST_PAY:
                return failed("pay", value=text)
            numbers.append(number)
        low, high = numbers[0], numbers[-1]
        if low > high:
            return failed("pay_order", low=f"{low:g}", high=f"{high:g}")
        return Parsed(dict(zip(self.fields, (low, high), strict=True)), tuple(problems.values()))

    def hint(self, tr: Translator) -> str:
        return tr("Yuan a month: 3000, or lowest–hoped for 2500-3500.")


@dataclass(frozen=True)
class OfferedPay(Pay):
    """Pay as a platform writes it → {pay_min, pay_max}, yuan a month: "4-6K·13薪", "3000-5000元/月"; 面议 says nothing."""

    fields = ("pay_min", "pay_max")

    def hint(self, tr: Translator) -> str:
        return tr("Yuan a month: 3000, or lowest–highest 3000-4500, 3-4.5K.")


def _with_shared_units(quantities: list[Quantity]) -> list[Quantity]:
    """In "3-4千元" multiplier and unit belong to both numbers, unless the first has its own or is the larger one."""
    if len(quantities) == 1:
        return quantities
    first, last = quantities
    is_shared = not first.multiplier and not first.unit and first.number <= last.number
    multiplier = last.multiplier if is_shared else first.multiplier
    unit = first.unit or last.unit
    return [first._replace(multiplier=multiplier, unit=unit), last._replace(unit=last.unit or unit)]
