"""Axes and tooltips of charts write dates as the rest of the screen does."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from core.chart_style import date_format, day_format, month_format
from core.locale import translator

CORE = Path(__file__).resolve().parents[2] / "core"
DAY = date(2025, 3, 7)


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_formats_of_dates_write_what_the_translator_writes(lang: str) -> None:
    tr = translator(lang)

    # d3 and the C library read these formats alike
    assert DAY.strftime(date_format(tr)) == tr.day(DAY)
    assert DAY.strftime(day_format(tr)) == tr.day(DAY, "short")
    assert DAY.strftime(month_format(tr)) == tr.month(DAY)


def test_no_chart_has_a_date_format_of_its_own() -> None:
    fixed = re.compile(r"(?:Axis|Tooltip|Legend)\([^()]*format=\"%[Yymdbe-]")

    assert [path.name for path in CORE.rglob("*.py") if fixed.search(path.read_text(encoding="utf-8"))] == []
