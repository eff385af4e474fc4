"""Stored names on English screens: Pinyin before the name, once for each name."""

from __future__ import annotations

import pytest

from core.locale import translator
from core.locale.romanized import bilingual


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("荷风社区", "Hefeng 荷风社区"),
        ("书香里微工厂", "Shuxiangli 书香里微工厂"),
        ("荷风社区微工厂用房", "Hefeng 荷风社区微工厂用房"),
        ("社区", "Shequ 社区"),
        ("西安路", "Xi'anlu 西安路"),
        ("云绒玩偶坊", "Yun rong wan ou fang 云绒玩偶坊"),
        ("银行A座（北）", "Yinhang A Zuo (Bei) 银行A座（北）"),  # 行 as in a bank
        ("Anna's Bakery", "Anna's Bakery"),
        ("", ""),
    ],
)
def test_a_name_has_its_pinyin_in_front(name: str, shown: str) -> None:
    assert bilingual(name) == shown


def test_only_english_screens_transliterate() -> None:
    assert translator("zh_CN").name("荷风社区") == "荷风社区"
    assert translator("en").name("荷风社区") == "Hefeng 荷风社区"
