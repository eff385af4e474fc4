"""Every string of a screen has its Chinese; numbers and dates follow the language."""

from __future__ import annotations

import ast
import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core import terms
from core.locale import FOLDER, translator
from core.terms import Term

ROOT = Path(__file__).resolve().parents[3]
PLACE = re.compile(r"\{(\w+)\}")
KEYWORDS = {"tr", "N_", "plural"}


def source_strings() -> dict[str, str]:
    """Every translatable English string → where it stands: first arguments of ``tr``, ``N_`` and ``plural``."""
    strings: dict[str, str] = {}
    for path in sorted([*(ROOT / "core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in KEYWORDS and isinstance(node.args[0].value, str):
                    strings.setdefault(node.args[0].value, f"{path.relative_to(ROOT)}:{node.lineno}")
    return strings


def catalogue_entries() -> list[tuple[str, str, str]]:
    """(file, English, Chinese) of every entry."""
    entries = []
    for path in sorted((FOLDER / "zh_CN").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    key = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
                    text = message.string[0] if isinstance(message.string, (list, tuple)) else message.string
                    entries.append((path.name, key, text))
    return entries


def test_every_string_of_the_screens_has_its_chinese() -> None:
    known = {key for _, key, text in catalogue_entries() if text}

    missing = {text: place for text, place in source_strings().items() if text not in known}

    assert not missing


def test_no_translation_is_left_over() -> None:
    used = source_strings()

    assert [(name, key) for name, key, _ in catalogue_entries() if key not in used] == []


def test_a_string_is_translated_in_one_catalogue_only() -> None:
    counts = Counter(key for _, key, _ in catalogue_entries())

    assert [key for key, n in counts.items() if n > 1] == []


def test_translations_keep_their_places() -> None:
    wrong = [
        (name, key, text)
        for name, key, text in catalogue_entries()
        if set(PLACE.findall(key)) - {"n"} != set(PLACE.findall(text)) - {"n"}
    ]

    assert wrong == []


@pytest.mark.parametrize("term", [getattr(terms, name) for name in terms.__all__ if name != "Term"])
def test_every_term_reads_in_both_languages_and_parses_back(term: type[Term]) -> None:
    for member in term:
        assert member.zh
        assert member.en
        assert term.parse(member.zh) is member
        assert term.parse(f" {member.en.upper()} ") is member
        assert term.of(member.value) is member


def test_numbers_and_dates_follow_the_language() -> None:
    zh, en = translator("zh_CN"), translator("en")

    assert zh.day(date(2025, 12, 28)) == "2025年12月28日"
    assert en.day(date(2025, 12, 28)) == "Dec 28, 2025"
    assert zh.week(date(2025, 12, 28)) == "2025年第52周"
    assert [tr.month(date(2025, 12, 1)) for tr in (zh, en)] == ["2025年12月", "Dec 2025"]
    assert en.percent(71 / 215) == "33.0%"
    assert zh.signed(-0.004, 1) == "0.0"
    assert zh.signed(-0.5) == "−0.5"
    assert en.plural("{n} week", "{n} weeks", 1) == "1 week"
    assert en.plural("{n} week", "{n} weeks", 1200) == "1,200 weeks"


def test_sentences_follow_each_other_with_a_space_in_english_only() -> None:
    assert translator("zh_CN").sentences("一句。", "", "两句。") == "一句。两句。"
    assert translator("en").sentences("One.", "", "Two.") == "One. Two."


def test_an_unknown_language_falls_back_to_chinese() -> None:
    assert translator("fr").lang == "zh_CN"


def test_moments_are_shown_in_the_time_zone_of_the_bureau() -> None:
    moment = datetime(2026, 1, 1, 23, 30, tzinfo=UTC)  # 07:30 on 2 January in Shandong

    assert translator("zh_CN").day(moment) == "2026年1月2日"
    assert translator("en").day(moment, "short") == "Jan 2"
    assert translator("zh_CN").time(moment) == "2026-01-02 07:30"
    assert translator("en").week(datetime(2026, 1, 4, 20, tzinfo=UTC)) == "2026 week 2"
    assert translator("zh_CN").day(date(2026, 1, 1)) == "2026年1月1日"


def test_a_place_may_have_any_name() -> None:
    tr = translator("en")

    assert tr("{text}, {one}", text="a", one="b") == "a, b"
    assert tr.plural("{one} {n} {text}", "{one} {n} {text}", 2, one="a", text="b") == "a 2 b"
