"""Words, units and lists as villages write them: each is read by a rule that the row names, or refused with what to write."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.intake.findings import Level
from core.intake.parsing.base import Each, Lookup, OneOf, Parser
from core.intake.parsing.dates import Day
from core.intake.parsing.numbers import (
    AREA,
    HOURS,
    MINUTES,
    PIECES,
    RATE,
    WEEKLY_HOURS,
    YEARS,
    YUAN,
    YUAN_A_MONTH,
    Number,
    Pay,
    Units,
)
from core.intake.parsing.people import Phone
from core.intake.parsing.skills import Skills
from core.intake.parsing.text import normal
from core.intake.parsing.vocabulary import EMPTY, Kind, Vocabulary, value_synonyms
from core.intake.sheets import SHEETS
from core.intake.sheets.model import header_synonyms
from core.locale import translator
from core.terms import Education, HardshipKind, JobForm, Registration, Sex, Shift, SkillLevel, Term
from tests.core.intake.files import csv_bytes, proposal

SKILLS = [
    ("K01", "家庭保洁", ("K01",), None),
    ("K02", "急救与心肺复苏", ("K02",), None),
    ("K03", "钩针钩织(勾线)", (), None),
]
WORDS = Vocabulary(EMPTY.kinds | {"skill": Kind.of(SKILLS)}, learnt={("skill", "打扫卫生"): "家庭保洁"})


def value(parser: Parser, raw: object) -> Any:
    return parser.read(normal(raw) if isinstance(raw, str) else raw, WORDS).value


def problems(parser: Parser, raw: object) -> list[tuple[str, Level]]:
    return [(p.code, p.level) for p in parser.read(normal(raw) if isinstance(raw, str) else raw, WORDS).problems]


def sentence(parser: Parser, raw: str) -> str:
    from core.intake.findings import Finding

    problem = parser.read(normal(raw), WORDS).problems[0]
    return Finding(problem.code, problem.level, values=problem.values).message(translator("en"))


@pytest.mark.parametrize(
    ("units", "text", "number"),
    [
        (YUAN_A_MONTH, "￥3000", 3000),
        (YUAN_A_MONTH, "3千", 3000),
        (YUAN_A_MONTH, "4k", 4000),
        (YUAN_A_MONTH, "1.2万元", 12_000),
        (YUAN_A_MONTH, "3,200元/月", 3200),
        (YUAN_A_MONTH, "100元/天", 2175),
        (YUAN_A_MONTH, "20元/小时", 3480),
        (YUAN_A_MONTH, "36000元/年", 3000),
        (YUAN_A_MONTH, "600元/周", 2600),
        (MINUTES, "1.5小时", 90),
        (HOURS, "90分钟", 1.5),
        (AREA, "180㎡", 180),
        (AREA, "3亩", 2000),
        (YEARS, "6个月", 0.5),
        (PIECES, "5打", 60),
        (RATE, "9.5元/件", 9.5),
        (YUAN, "18.6万", 186_000),
    ],
)
def test_a_unit_is_converted(units: Units, text: str, number: float) -> None:
    assert value(Number(units=units), text) == pytest.approx(number)


def test_a_conversion_shows_its_arithmetic_and_names_its_rule() -> None:
    assert sentence(Number(units=YUAN_A_MONTH), "100元/天") == (
        "“100元/天” was converted, as a month has 21.75 paid days: 100 × 21.75 = 2175. "
        "Write another number if this is not meant."
    )
    assert sentence(Number(units=YUAN_A_MONTH), "3千") == "“3千” was converted: 3 × 1000 = 3000."
    assert problems(Number(units=YUAN_A_MONTH), "20元/小时") == [("converted_by_rule", Level.WARNING)]


@pytest.mark.parametrize(
    ("units", "text", "code"),
    [
        (YUAN_A_MONTH, "3000-4000元", "range"),
        (YUAN_A_MONTH, "100元/件", "unit"),
        (YUAN_A_MONTH, "-500", "too_small"),
        (YUAN_A_MONTH, "负500", "number"),
        (WEEKLY_HOURS, "8小时/天", "hours_a_day"),
        (PIECES, "300元", "unit"),
        (YUAN, "300件", "unit"),
        (AREA, "3间", "unit"),
    ],
)
def test_a_unit_that_does_not_fit_is_refused(units: Units, text: str, code: str) -> None:
    assert problems(Number(units=units), text) == [(code, Level.ERROR)]


def test_hours_a_day_get_the_hours_of_five_days_proposed() -> None:
    assert Number(units=WEEKLY_HOURS).read("8小时/天", WORDS).problems[0].suggestion == "40"


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("100元/天", 2175, 2175),
        ("20元/小时", 3480, 3480),
        ("3-4千", 3000, 4000),
        ("3千-4千元", 3000, 4000),
        ("3k~4k", 3000, 4000),
        ("100-120元/天", 2175, 2610),
        ("2500至3500元/月", 2500, 3500),
        ("800-1千", 800, 1000),
    ],
)
def test_hoped_for_pay_is_read_by_the_month(text: str, low: float, high: float) -> None:
    assert value(Pay(), text) == {"reserve_pay": low, "target_pay": high}


@pytest.mark.parametrize("text", ["-3000", "3000-4000-5000", "100元/件", "三千"])
def test_pay_that_cannot_be_read_is_refused(text: str) -> None:
    assert value(Pay(), text) is None
    assert problems(Pay(), text)[0][1] is Level.ERROR


@given(
    st.decimals(0, 9_999, places=2),
    st.sampled_from(["", "千", "万", "k"]),
    st.sampled_from([*YUAN_A_MONTH.accepted, "元/件", "人", "小时/天"]),
)
def test_no_unit_is_dropped(number: Any, multiplier: str, unit: str) -> None:
    """A number with a unit is the product of its factors, or refused; never the bare digits of another unit."""
    text = f"{number}{multiplier}{unit}"
    times = {"": 1, "千": 1e3, "k": 1e3, "万": 1e4}[multiplier]
    factor = YUAN_A_MONTH.accepted.get(unit)

    read = value(Number(units=YUAN_A_MONTH), text)

    if factor is None:
        assert read is None
    else:
        assert read == pytest.approx(float(number) * times * factor.by, abs=0.006)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2024 年3 月5 日", date(2024, 3, 5)), ("2024.03.05.", date(2024, 3, 5)), ("2024年3月", date(2024, 3, 1))],
)
def test_days_in_everyday_writing(text: str, day: date) -> None:
    assert value(Day(), text) == day


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("0537 2210000", "05372210000"),
        ("199.0000.1001", "19900001001"),
        ("199 0000 1001", "19900001001"),
        ("19900001001（儿子）", "19900001001"),
        ("(0537)2210000", "05372210000"),
    ],
)
def test_phones_in_everyday_writing(text: str, phone: str) -> None:
    assert value(Phone(), text) == {"phone": phone}


def test_whose_phone_it_is_is_not_dropped_in_silence() -> None:
    assert problems(Phone(), "19900001001（儿子）") == [("phone_remark", Level.NOTE)]
    assert value(Phone(), "19900001001（儿子）、19900001002") == {"phone": "19900001001", "phone_2": "19900001002"}


@pytest.mark.parametrize(
    "text", ["大龄、低保", "大龄/低保", "大龄和低保", "大龄\n低保", "大龄；低保", "大龄,低保", "大龄、低保等"]
)
def test_lists_are_separated_in_many_ways(text: str) -> None:
    assert Each(OneOf(HardshipKind)).read(text, WORDS).value == (HardshipKind.OLDER, HardshipKind.LOW_INCOME)


def test_a_name_with_a_separator_in_it_stays_whole() -> None:
    skills = Skills().read("急救与心肺复苏和家庭保洁、钩针钩织(勾线)等", WORDS)

    assert [skill["skill"] for skill in skills.value] == ["K02", "K01", "K03"]
    assert [p.code for p in skills.problems] == ["and_so_on"]


def test_a_level_may_stand_in_brackets() -> None:
    levels = {
        s["skill"]: s["level"]
        for s in Skills().read(normal("家庭保洁（熟练）、钩针钩织（勾线）（会一点）"), WORDS).value
    }

    assert levels == {"K01": 3, "K03": 1}


@pytest.mark.parametrize(
    ("term", "text", "member"),
    [
        (Registration, "农业户口", Registration.RURAL),
        (Education, "大学本科", Education.BACHELOR),
        (JobForm, "全职", JobForm.FULL_TIME),
        (JobForm, "兼职", JobForm.PART_TIME),
        (Shift, "长白班", Shift.DAY),
        (Sex, "女 性", Sex.FEMALE),
    ],
)
def test_values_have_synonyms(term: type[Term], text: str, member: Term) -> None:
    assert value(OneOf(term), text) is member


def test_an_unknown_value_gets_the_nearest_word_proposed() -> None:
    assert OneOf(Education).read("大专毕", WORDS).problems[0].suggestion == "大专"


def test_a_word_that_was_taught_is_read() -> None:
    assert value(Lookup("skill"), "打扫卫生") == "K01"


def test_every_synonym_names_something_that_exists_and_nothing_that_means_another_thing() -> None:
    terms = {term.__name__: term for term in Term.__subclasses__()}
    for (scope, text), code in value_synonyms().items():
        member = terms[scope].of(code)
        assert terms[scope].parse(text) in (None, member), (scope, text)
    assert SkillLevel.of("2").zh == "会做"
    codes = {column.code for sheet in SHEETS.values() for column in sheet.columns}
    assert {code for code, _ in header_synonyms()} <= codes


@pytest.mark.parametrize("header", ["联系方式", "手机", "身份证", "所属社区", "村", "登记时间"])
def test_headers_have_synonyms(header: str) -> None:
    known = {"姓名", "文化程度"}
    detection = proposal(
        csv_bytes([(*known, header, "登记日期" if header != "登记时间" else "户口性质"), ("王", "初中", "x", "")])
    )

    assert detection.mapping[header] is not None
