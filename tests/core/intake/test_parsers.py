"""Parsers of cells: what they read, what they refuse and in which words, and that no text makes them fall over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.intake.findings import MESSAGES, Finding, Level, Problem
from core.intake.parsing.base import Each, Lookup, OneOf, Parser, Text, YesNo
from core.intake.parsing.dates import Day, Month, Week
from core.intake.parsing.numbers import YUAN_A_MONTH, Number, Pay, Share
from core.intake.parsing.people import Address, CreditCode, Hours, IdCard, LastFour, Phone, Record, Wishes
from core.intake.parsing.skills import Grade, JobSkills, Skills
from core.intake.parsing.text import clean, normal
from core.intake.parsing.vocabulary import EMPTY, Kind, Vocabulary
from core.intake.sheets import SHEETS
from core.locale import translator
from core.terms import Education, Evidence, HardshipKind, Term
from tests.core.intake.files import id_number

WORDS = Vocabulary(
    EMPTY.kinds
    | {
        "community": Kind.of([(1, "荷风社区", ("370899001001", "荷风"), None)]),
        "skill": Kind.of([("K31", "钩针钩织(勾线)", ("K31", "Crochet"), None), ("K32", "平缝机操作", ("K32",), None)]),
        "occupation": Kind.of([("6-05-01-03", "缝纫工", ("6-05-01-03",), None), ("4-09-08-01", "保洁员", (), None)]),
    }
)
PARSERS: list[Parser] = [
    *(parser for sheet in SHEETS.values() for parser in sheet.parsers.values()),
    *(IdCard(), LastFour(), Phone(), CreditCode(), Pay(), Hours(), Wishes(), Address(), Record(), Grade()),
    *(Skills(), JobSkills(), JobSkills(certificate=True), Week(), Month(), Share(), Each(OneOf(HardshipKind))),
]


def read(parser: Parser, raw: object) -> Any:
    return parser.read(raw, WORDS).value


def said(parser: Parser, raw: object) -> list[str]:
    return [problem.code for problem in parser.read(raw, WORDS).problems]


CELLS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789-/.年月日周:、,元万%Xx ", max_size=24),
    st.integers(-(10**18), 10**18),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
)


@given(CELLS)
def test_no_cell_makes_a_parser_fall_over_and_every_problem_has_words(raw: object) -> None:
    tr = translator("zh_CN")
    for parser in set(PARSERS):
        shown = (clean(raw) if parser.verbatim else normal(raw)) if isinstance(raw, str) else raw
        if shown == "":
            continue
        value, problems = parser.read(shown, WORDS)
        for problem in problems:
            assert Finding(problem.code, problem.level, values=problem.values).message(tr)
        if any(problem.level is Level.ERROR for problem in problems):
            assert value is None


def test_every_parser_tells_what_it_wants_in_both_languages() -> None:
    for parser in set(PARSERS):
        for lang in ("zh_CN", "en"):
            assert parser.hint(translator(lang))


DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(DAYS)
def test_a_day_is_read_back_from_every_way_of_writing_it(day: date) -> None:
    written = [
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month:02d}.{day.day:02d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}{day.month:02d}{day.day:02d}",
        f"{day.isoformat()} 00:00:00",
        datetime(day.year, day.month, day.day),  # noqa: DTZ001
        day,
    ]

    assert [read(Day(), normal(text) if isinstance(text, str) else text) for text in written] == [day] * len(written)
    assert read(Month(), f"{day.year}-{day.month:02d}") == day.replace(day=1)
    year, week, _ = day.isocalendar()
    if 1900 <= year <= 2100:
        assert read(Week(), f"{year}-W{week:02d}") == day - timedelta(days=day.weekday())
        assert read(Week(), f"{year}年第{week}周") == read(Week(), day)


@given(st.integers(20_000, 60_000))
def test_a_serial_number_of_excel_is_read_and_noted(serial: int) -> None:
    cell = Day().read(serial, WORDS)

    assert cell.value == date(1899, 12, 30) + timedelta(days=serial)
    assert [problem.code for problem in cell.problems] == ["serial_date"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("24.5.1", "two_digit_year"),
        ("24年5月1日", "two_digit_year"),
        ("5/1/2024", "date_order"),
        ("45岁", "age"),
        ("2024-02-30", "date"),
        ("1812-02-03", "date_range"),
        ("去年春天", "date"),
    ],
)
def test_days_that_could_be_misread_are_refused(text: str, code: str) -> None:
    assert said(Day(), text) == [code]


def test_a_month_alone_is_its_first_day_with_a_remark() -> None:
    assert (read(Day(), "2024-05"), said(Day(), "2024-05")) == (date(2024, 5, 1), ["day_missing"])
    assert said(Day(month_too=True), "45") == ["age"]


def test_a_month_is_enough_for_a_date_of_birth() -> None:
    assert read(Day(month_too=True), "1985-06") == date(1985, 6, 1)
    assert read(Day(month_too=True), "1985年6月") == date(1985, 6, 1)


@pytest.mark.parametrize(
    ("text", "number"),
    [("2500", 2500.0), ("2,500", 2500.0), ("2500元", 2500.0), ("2500元/月", 2500.0), ("0.5", 0.5), (12, 12.0)],
)
def test_numbers_are_read_with_their_units(text: object, number: float) -> None:
    assert read(Number(units=YUAN_A_MONTH), text) == number


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("约3000", "number"),
        ("3人", "unit"),
        ("3000-4000", "range"),
        ("-5", "too_small"),
        (True, "number"),
        (float("nan"), "number"),
    ],
)
def test_what_is_no_number_is_refused(raw: object, code: str) -> None:
    assert said(Number(), raw) == [code]


def test_whole_numbers_and_bounds_hold() -> None:
    assert read(Number(whole=True), 3.0) == 3
    assert said(Number(whole=True), "3.5") == ["whole_number"]
    assert said(Number(0, 240), "241") == ["too_large"]


def test_a_share_may_be_a_percentage_and_a_bare_percentage_is_proposed() -> None:
    assert read(Share(), "35%") == 0.35
    assert read(Share(), 0.35) == 0.35
    assert Share().read("35", WORDS).problems[0].suggestion == "35%"


@given(st.sampled_from([True, False]))
def test_yes_and_no_are_read_in_many_words(answer: bool) -> None:
    for text in ("是", "有", "可以", "√") if answer else ("否", "无", "不接受", "×"):
        assert read(YesNo(), text) is answer
    assert said(YesNo(), "大概") == ["yes_no"]


def test_every_term_is_read_by_label_and_code() -> None:
    for sheet in SHEETS.values():
        for parser in sheet.parsers.values():
            if isinstance(parser, OneOf):
                for member in parser.term:
                    assert read(parser, member.zh) is member
                    assert read(parser, member.value) is member


def test_an_unknown_term_lists_what_is_allowed() -> None:
    problem = OneOf(Education).read("博士后站", WORDS).problems[0]

    assert problem.code == "term"
    assert "初中" in problem.values["allowed"]


def test_a_list_names_each_wrong_part() -> None:
    parser = Each(OneOf(HardshipKind))

    assert read(parser, "大龄、低保,大龄") == (HardshipKind.OLDER, HardshipKind.LOW_INCOME)
    assert said(parser, "大龄、很穷、很累") == ["term", "term"]


def test_a_misspelt_name_gets_a_suggestion() -> None:
    assert Lookup("community").read("荷枫社区", WORDS).problems[0].suggestion == "荷风社区"
    assert read(Lookup("community"), "荷风") == 1
    assert Lookup("skill", soft=True).read("什么", WORDS) == (None, ())


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("2500-3500", 2500, 3500), ("3000", 3000, 3000), ("2500元～3500元", 2500, 3500), ("3000元/月以上", 3000, 3000)],
)
def test_pay_is_read_as_lowest_and_hoped_for(text: str, low: float, high: float) -> None:
    assert read(Pay(), normal(text)) == {"reserve_pay": low, "target_pay": high}


def test_pay_that_says_nothing_or_is_upside_down() -> None:
    assert (read(Pay(), "面议"), said(Pay(), "面议")) == (None, ["negotiable"])
    assert said(Pay(), "3500-2500") == ["pay_order"]
    assert said(Pay(), "看情况") == ["pay"]


@pytest.mark.parametrize(
    ("text", "days", "start", "end"),
    [
        ("周一至周五 09:00-16:00", "1111100", "09:00", "16:00"),
        ("周一至周五09：00—16：00", "1111100", "09:00", "16:00"),
        ("每天 08:00-18:00", "1111111", "08:00", "18:00"),
        ("周末 9点至17点", "0000011", "09:00", "17:00"),
        ("周一、周三、周五 8:30-11:30", "1010100", "08:30", "11:30"),
        ("星期二到星期六 13:00-24:00", "0111110", "13:00", "23:59"),
        ("09:00-16:00", "1111111", "09:00", "16:00"),
    ],
)
def test_working_hours_are_read(text: str, days: str, start: str, end: str) -> None:
    assert read(Hours(), normal(text)) == {"available_days": days, "available_from": start, "available_to": end}


def test_hours_that_end_before_they_begin_are_refused() -> None:
    assert said(Hours(), "每天 22:00-06:00") == ["hours_order"]
    assert said(Hours(), "有空就行") == ["hours"]


def test_skills_carry_level_and_self_report() -> None:
    assert read(Skills(), "钩针钩织（勾线）、平缝机操作:3") == (
        {"skill": "K31", "level": 2, "evidence": Evidence.SELF_REPORT},
        {"skill": "K32", "level": 3, "evidence": Evidence.SELF_REPORT},
    )
    assert said(Skills(), "平缝机操作:9、飞行") == ["skill_level", "lookup_skill"]


def test_skills_of_a_job_carry_their_marks() -> None:
    assert read(JobSkills(), "平缝机操作:2:必备、钩针钩织(勾线):1:证书") == (
        {"skill": "K32", "level": 2, "essential": True},
        {"skill": "K31", "level": 1, "certificate": True},
    )
    assert said(JobSkills(), "平缝机操作:最好会") == ["skill_mark"]


def test_levels_have_names_and_numbers() -> None:
    assert [read(Grade(), text) for text in ("会做", "2", 3, "能带人")] == [2, 2, 3, 4]


def test_a_number_cell_with_an_id_is_refused_whatever_its_check_digit_says() -> None:
    valid = id_number(7)

    assert said(IdCard(), int(valid.replace("X", "0"))) == ["id_as_number"]
    assert said(IdCard(), "3.70811E+17") == ["id_scientific"]
    assert read(IdCard(), valid)["id_last4"] == valid[-4:]
    assert said(IdCard(), "110105491231002") == ["id_15"]


def test_two_phones_in_a_cell_are_split_with_a_warning() -> None:
    cell = Phone().read("19900000001、19900000002", WORDS)

    assert cell.value == {"phone": "19900000001", "phone_2": "19900000002"}
    assert cell.problems[0].level is Level.WARNING


def test_last_four_out_of_a_number_cell_get_their_zeros_back() -> None:
    assert read(LastFour(), 27) == "0027"


def test_an_address_gives_its_community() -> None:
    assert read(Address(), "荷岸街道荷风社区6号楼2单元") == {"address": "6号楼2单元", "community_id": 1}
    assert read(Address(), "6号楼2单元") == {"address": "6号楼2单元"}


def test_a_penalty_column_may_say_that_there_is_none() -> None:
    assert [read(Record(), text) for text in ("无", "无记录", "2024年欠薪一次")] == [False, False, True]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("　王　芳 ", "王 芳"),
        ("１３８００００１１１１", "13800001111"),
        ("王\u200b芳\ufeff", "王芳"),
        ('="370899198506011227"', "370899198506011227"),
        ("'370899198506011227\t", "370899198506011227"),
    ],
)
def test_what_people_cannot_see_makes_no_difference(text: str, kept: str) -> None:
    assert clean(text) == kept


def test_free_text_keeps_its_punctuation_and_parsed_text_does_not() -> None:
    assert clean("东门（北）") == "东门（北）"
    assert normal("东门（北）") == "东门(北)"


@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert normal(normal(text)) == normal(text) or text.strip().startswith(("'", "="))


def test_people_may_be_called_na_or_none() -> None:
    assert [read(Text(), name) for name in ("NA", "None", "nan", "null")] == ["NA", "None", "nan", "null"]


def test_every_message_is_used_with_its_values() -> None:
    assert all(isinstance(text, str) and text for text in MESSAGES.values())
    assert Problem("date", {"value": "x"}).level is Level.ERROR
    assert issubclass(Level, Term)
