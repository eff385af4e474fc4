"""Widths agree with the font, lines break where a reader expects it, and nothing is cut without saying so."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.dispatch.exports.text_width import Fitted, fit, longest_word, shortened, text_width, wrap

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SENTENCE = "二次就业率62.4%，比序时进度低6.1个百分点（目标75%）。Re-employment rose."


def test_an_ideograph_is_one_em_and_a_letter_less() -> None:
    assert text_width("荷风", 20) == 40
    assert text_width("i", 20) < text_width("m", 20) < 20
    assert text_width("", 20) == 0


@pytest.mark.parametrize("is_bold", [False, True])
def test_widths_are_those_of_the_font(is_bold: bool) -> None:
    path = FONT.with_name("NotoSansCJK-Bold.ttc") if is_bold else FONT
    if not path.exists():
        pytest.skip("the font is not installed")
    image_font = pytest.importorskip("PIL.ImageFont")
    font = image_font.truetype(str(path), 1000, index=2)
    for text in (SENTENCE, "ABCxyz 0123 %&@", "●▲■−–·×"):
        exact = sum(font.getlength(letter) for letter in text)
        assert text_width(text, 1000, is_bold) == pytest.approx(exact, rel=0.01)


@pytest.mark.parametrize("width", [60, 100, 170, 400])
def test_lines_keep_their_width_their_words_and_their_punctuation(width: float) -> None:
    lines = wrap(SENTENCE, width, 12)

    assert all(text_width(line, 12) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == SENTENCE.replace(" ", "")
    assert not any(line.startswith(("，", "。", "）", "%")) or line.endswith("（") for line in lines)
    if width >= longest_word(SENTENCE, 12):
        assert any("62.4%" in line for line in lines)


def test_a_word_longer_than_the_line_is_broken() -> None:
    assert "".join(wrap("x" * 50, 40, 10)) == "x" * 50
    assert len(wrap("x" * 50, 40, 10)) > 1


def test_fit_takes_the_largest_type_that_holds_the_text() -> None:
    assert fit("荷风社区", 100, 40, (20, 16)) == Fitted(("荷风社区",), 20)
    assert fit("荷风社区就业", 100, 30, (20, 16)).size == 16
    cut = fit("荷风社区就业服务中心", 100, 30, (20, 16))
    assert not cut.is_whole
    assert cut.lines[-1].endswith("…")
    assert all(text_width(line, cut.size) <= 100 for line in cut.lines)


def test_shortened_keeps_what_fits() -> None:
    assert shortened("荷风社区", 80, 20) == "荷风社区"
    assert shortened("荷风社区", 70, 20) == "荷风…"
