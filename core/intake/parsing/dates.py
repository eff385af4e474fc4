"""Parsers of days, months and weeks, in the many ways in which people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.intake.parsing.base import Parsed, Parser, failed, warned
from core.intake.parsing.text import text_of
from core.intake.parsing.vocabulary import Vocabulary
from core.locale import Translator

__all__ = ["EPOCH_1904", "Day", "DayParser", "Month", "Week"]

YEARS = range(1900, 2101)
EPOCH = date(1899, 12, 30)
EPOCH_1904 = date(1904, 1, 1)
"""The day 0 of books that were made for old Macs."""
SERIALS = range(20_000, 60_001)
DATE = re.compile(
    r"(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?", re.ASCII
)
DATE_ZH = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?", re.ASCII)
DATE_BARE = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
MONTH = re.compile(r"(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月?|(\d{2}))", re.ASCII)
SHORT_YEAR = re.compile(r"\d{2}\s*[-/.年]\s*\d{1,2}\s*(?:[-/.月]\s*\d{1,2}日?)?", re.ASCII)
YEAR_LAST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", re.ASCII)
AGE = re.compile(r"\d{1,3}(?:周?岁)", re.ASCII)
BARE_AGE = re.compile(r"\d{1,3}", re.ASCII)
WEEK = re.compile(r"(\d{4})\s*(?:-?[Ww]|年?第?)\s*(\d{1,2})\s*周?", re.ASCII)


@dataclass(frozen=True)
class DayParser(Parser):
    """A parser to which a number is a day, counted from ``epoch`` as the workbook does."""

    epoch: date = EPOCH


@dataclass(frozen=True)
class Day(DayParser):
    """A day. ``month_too``: year and month are enough and mean the first (dates of birth)."""

    month_too: bool = False

    def read(self, raw: object, words: Vocabulary) -> Parsed:  # noqa: ARG002
        if isinstance(raw, datetime):
            return _in_range(raw.date())
        if isinstance(raw, date):
            return _in_range(raw)
        text = re.sub(r"\.0$", "", text_of(raw))
        text = re.sub(r"(?<=\d)\s*([年月日号])\s*", r"\1", text).rstrip(".。")
        if AGE.fullmatch(text) or (self.month_too and BARE_AGE.fullmatch(text)):
            return failed("age", value=text)
        if re.fullmatch(r"\d{5}", text, re.ASCII) and int(text) in SERIALS:
            day = self.epoch + timedelta(days=int(text))
            return warned(day, "serial_date", value=text, day=day.isoformat())
        for pattern, groups in ((DATE, (1, 3, 4)), (DATE_ZH, (1, 2, 3)), (DATE_BARE, (1, 2, 3))):
            if match := pattern.fullmatch(text):
                return _day_of(text, *(int(match[n]) for n in groups))
        if match := MONTH.fullmatch(text):
            month = int(match[2] or match[3] or match[4])
            first = _day_of(text, int(match[1]), month, 1)
            if self.month_too or first.value is None:
                return first
            return warned(first.value, "day_missing", value=text, day=first.value.isoformat())
        if SHORT_YEAR.fullmatch(text):
            return failed("two_digit_year", value=text)
        if YEAR_LAST.fullmatch(text):
            return failed("date_order", value=text)
        return failed("date", value=text)

    def hint(self, tr: Translator) -> str:
        return tr("A month such as 1985-06, or a date.") if self.month_too else tr("A date such as 2025-03-01.")


@dataclass(frozen=True)
class Month(DayParser):
    """A month, as its first day."""

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        parsed = Day(epoch=self.epoch, month_too=True).read(raw, words)
        if parsed.value is None:
            return failed("month", value=text_of(raw))
        return parsed._replace(value=parsed.value.replace(day=1))

    def hint(self, tr: Translator) -> str:
        return tr("A month such as 2025-03.")


@dataclass(frozen=True)
class Week(DayParser):
    """An ISO week, as its Monday; a date means its week."""

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        match = WEEK.fullmatch(text_of(raw))
        if match and int(match[1]) in YEARS:
            try:
                return Parsed(date.fromisocalendar(int(match[1]), int(match[2]), 1))
            except ValueError:
                return failed("week", value=text_of(raw))
        day = Day(epoch=self.epoch).read(raw, words)
        if day.value is None:
            return failed("week", value=text_of(raw))
        return day._replace(value=day.value - timedelta(days=day.value.weekday()))

    def hint(self, tr: Translator) -> str:
        return tr("A week such as 2025-W12, or the date of its Monday.")


def _day_of(text: str, year: int, month: int, day: int) -> Parsed:
    if year not in YEARS:
        return failed("date_range", year=year)
    try:
        return Parsed(date(year, month, day))
    except ValueError:
        return failed("date", value=text)


def _in_range(day: date) -> Parsed:
    return Parsed(day) if day.year in YEARS else failed("date_range", year=day.year)
