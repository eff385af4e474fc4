"""Cleaning of cell texts: what people can't see must not make a difference.

``clean`` keeps the writing (punctuation of addresses and remarks); ``normal`` is for everything that is parsed.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from datetime import date, datetime, time

__all__ = ["CLEAR", "NOTES_HEADER", "clean", "header_key", "key", "normal", "short_header_key", "text_of"]

CLEAR = "清空"
"""A cell with this word clears the stored value; a blank cell leaves it alone."""

NOTES_HEADER = "错误说明"
"""Header of the column of messages in an annotated copy; a corrected copy is uploaded with it."""

INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f]")
SPACES = str.maketrans(dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2007\u2009\u202f\u3000", " "))
FULL_WIDTH = str.maketrans({chr(0xFEE0 + n): chr(n) for n in range(0x30, 0x7B) if chr(n).isalnum()})
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−~～", "-"))
AS_FORMULA = re.compile(r'=\s*"(.*)"', re.DOTALL)
EMPTY = frozenset({"", "/", "\\", "-", "--", "—", "——", "无", "暂无", "空"})


def clean(text: str) -> str:
    """``text`` without invisible characters, outer blanks, ``="…"`` or a leading apostrophe; digits half-width."""
    if not text.isprintable():
        text = INVISIBLE.sub("", text).translate(SPACES)
    text = text.strip()
    if text.startswith("=") and (wrapped := AS_FORMULA.fullmatch(text)):
        text = wrapped[1].strip()
    text = text.removeprefix("'")
    return (text if text.isascii() else text.translate(FULL_WIDTH)).strip()


def normal(text: str) -> str:
    """``clean`` in compatibility form (full-width signs become ASCII), blanks collapsed."""
    text = clean(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.split())


def is_blank(text: str) -> bool:
    """No value: empty, or one of the signs that people put for "none"."""
    return text in EMPTY


@functools.lru_cache(maxsize=65_536)  # most cells repeat: communities, terms, headers
def key(text: str) -> str:
    """What two spellings of one name have in common: no blanks, no case, half-width."""
    return re.sub(r"\s+", "", normal(text)).casefold()


def header_key(text: str) -> str:
    """A header without blanks, line breaks and the star of required columns."""
    return key(text).replace("*", "")


def short_header_key(text: str) -> str:
    """``header_key`` without units and hints in brackets."""
    return re.sub(r"\([^()]*\)", "", header_key(text))


def text_of(raw: object) -> str:
    """A typed cell as text, whole numbers without a point."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else repr(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time(0) else raw.isoformat(" ", "minutes")
    if isinstance(raw, (date, time)):
        return raw.isoformat()
    return str(raw)
