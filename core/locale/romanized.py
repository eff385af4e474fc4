"""Stored names for readers without Chinese: Hanyu Pinyin before the name itself.

    bilingual("荷风社区")        # 'Hefeng 荷风社区'
    bilingual("云绒玩偶坊")      # 'Yun rong wan ou fang 云绒玩偶坊'
    bilingual("西安路A座")       # "Xi'anlu A Zuo 西安路A座"
    bilingual("邻聘网（虚构）")  # 'Linpinwang (Xugou) 邻聘网（虚构）'

Word boundaries of Chinese cannot be known from the letters. As library catalogues do (ALA-LC romanization tables for
Chinese, 2011), short proper names are one word and longer names are written syllable by syllable.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby

__all__ = ["bilingual", "romanized", "sound"]

CHINESE = re.compile(r"[一-鿿]")
LONGEST_WORD = 3  # characters of a name that is one word
# A name that begins with a community's: what follows says what kind of place it is, and the screen says so too.
OF_COMMUNITY = re.compile(r"^([一-鿿]{1,3})(?:社区|微工厂)")


def bilingual(name: str) -> str:
    """``name`` with its transliteration in front; as it is where it has no Chinese characters."""
    return f"{romanized(name)} {name}" if CHINESE.search(name) else name


@lru_cache(maxsize=8192)
def romanized(name: str) -> str:
    """Chinese characters in Pinyin without tones, other letters as they are; of a community's place, the community."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415  (57 MB of dictionaries that Chinese screens do without)

    community = OF_COMMUNITY.match(name)
    text = community[1] if community else name
    parts = []
    for is_chinese, letters in groupby(text, key=lambda letter: bool(CHINESE.match(letter))):
        run = "".join(letters)
        parts.append(_words(lazy_pinyin(run)) if is_chinese else run.strip())
    return " ".join(part for part in parts if part).replace("（ ", "(").replace(" ）", ")")


def sound(name: str) -> str:
    """What names that sound alike have in common: the syllables without tones, each character read by itself.

    >>> sound("张晓明") == sound("章小鸣")
    True
    """
    return " ".join(map(_syllable, name))


@lru_cache(maxsize=16384)
def _syllable(character: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415  (see romanized)

    return "".join(lazy_pinyin(character))


def _words(syllables: list[str]) -> str:
    """One capitalised word, an apostrophe before an inner vowel; or the syllables of a longer name."""
    if len(syllables) > LONGEST_WORD:
        return " ".join(syllables).capitalize()
    first, *rest = syllables
    return (first + "".join(f"'{s}" if s[0] in "aeo" else s for s in rest)).capitalize()
