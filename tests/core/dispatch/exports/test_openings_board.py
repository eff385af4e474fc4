"""The board for the square: six openings a sheet, the number of each in a code, nothing loaded from outside."""

from __future__ import annotations

import re
from datetime import date

import pytest

from core.dispatch.exports.openings_board import A_PAGE, BoardStamp, make_board, pay_text
from core.jobs.openings.posting import Posting
from core.locale import translator
from core.qr import qr_svg
from core.terms import JobForm, PayKind, Shift

STAMP = BoardStamp("济宁市太白湖新区", "区社保就业服务部", date(2025, 12, 28), "20251228-1", is_demo=True)
SMALLEST = 24  # points: 8 mm, 1/250 of two metres


def posting(number: int, **values: object) -> Posting:
    return Posting(f"GW{number:05d}", "保洁员", "惠万家超市", 2, date(2025, 12, 1), **values)  # type: ignore[arg-type]


def board(n: int, lang: str = "zh_CN") -> str:
    some = [posting(k, form=JobForm.FULL_TIME, shift=Shift.DAY, weekly_hours=40.0) for k in range(n)]
    return make_board(some, STAMP, translator(lang)).decode()


@pytest.mark.parametrize(("n", "pages"), [(1, 1), (A_PAGE, 1), (A_PAGE + 1, 2), (70, 12)])
def test_six_openings_stand_on_a_sheet(n: int, pages: int) -> None:
    html = board(n)

    assert html.count("<section") == pages
    assert html.count("<li>") == n


def test_a_code_holds_the_number_and_nothing_else() -> None:
    html = board(2)

    assert qr_svg("GW00001", side_mm=38.0) in html
    assert html.count("<svg") == 2


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_a_sheet_loads_nothing_and_has_no_small_words_but_the_stamp(lang: str) -> None:
    html = board(3, lang)

    assert not re.search(r"<script|<link|src=|url\(|https?://(?!www\.w3\.org)", html)
    sizes = {int(size) for size in re.findall(r"font-size: (\d+)pt", html)}
    assert sorted(sizes)[0] == 14
    assert sorted(sizes)[1] >= SMALLEST
    assert re.search(r"footer \{[^}]*font-size: 14pt", html)


def test_stored_text_is_no_markup() -> None:
    hostile = Posting("GW1", "<b>保洁</b>", '"><script>', 1, date(2025, 12, 1))

    html = make_board([hostile], STAMP, translator()).decode()

    assert "<script" not in html
    assert "&lt;b&gt;" in html


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"pay_min": 2600.0, "pay_max": 3000.0}, "2,600–3,000 yuan a month"),
        ({"pay_min": 2600.0}, "2,600 yuan a month"),
        ({"rate": 23.5, "pay_kind": PayKind.HOUR}, "23.5 yuan an hour"),
        ({"rate": 15.0, "pay_kind": PayKind.PIECE}, "15 yuan a piece"),
        ({}, "Pay by agreement"),
    ],
)
def test_pay_reads_as_a_passer_by_asks(values: dict[str, object], text: str) -> None:
    assert pay_text(posting(1, **values), translator("en")) == text
