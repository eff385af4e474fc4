"""The order in which a community counts its grids: 第一网格, 第二网格 … 第十网格, by number and not by character code."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["in_order", "ordinal"]

DIGITS = {digit: n for n, digit in enumerate("一二三四五六七八九", 1)}
ANY_DIGIT = "".join(DIGITS)
NUMBER = re.compile(
    rf"(?P<arabic>[0-9]+)|(?P<tens>[{ANY_DIGIT}]?)(?P<ten>十)(?P<units>[{ANY_DIGIT}]?)|(?P<digit>[{ANY_DIGIT}])"
)


def ordinal(name: str) -> int | None:
    """The first number in a name, in Arabic digits or in Chinese ones up to ninety-nine; None where it has none.

    ordinal("第十二网格") == 12, ordinal("3号网格") == 3, ordinal("南区") is None
    """
    match = NUMBER.search(name)
    if match is None:
        return None
    if match["arabic"]:
        return int(match["arabic"])
    if match["ten"]:
        return 10 * DIGITS.get(match["tens"], 1) + DIGITS.get(match["units"], 0)
    return DIGITS[match["digit"]]


def in_order(names: Iterable[str]) -> list[str]:
    """Names by their number; those without one last; alike ones by name."""

    def key(name: str) -> tuple[bool, int, str]:
        number = ordinal(name)
        return number is None, number or 0, name

    return sorted(names, key=key)
