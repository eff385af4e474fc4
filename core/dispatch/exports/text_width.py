"""How wide a text is drawn in Noto Sans CJK, and how it breaks into lines; the same on every machine.

The widths of printable ASCII are those of the font; a test compares them with the font file. Letters that it draws as
wide as a Chinese character (UAX #11: wide, full width, ambiguous) are one em. Microsoft YaHei is narrower or equal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["LINE", "Fitted", "fit", "longest_word", "shortened", "text_width", "wrap"]

LINE = 1.3  # pitch of lines in ems
# Advance widths of U+0020 … U+007E in thousandths of an em.
REGULAR = (
    *(224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392, 555, 555, 555, 555, 555, 555),
    *(555, 555, 555, 555, 278, 278, 555, 555, 555, 474, 946, 608, 657, 638, 688, 589, 552, 689, 728, 293, 535, 646),
    *(543, 812, 723, 742, 633, 742, 635, 596, 599, 721, 575, 878, 573, 531, 603, 338, 392, 338, 555, 559, 606, 563),
    *(618, 510, 620, 554, 325, 564, 607, 275, 275, 552, 284, 926, 610, 606, 620, 620, 388, 468, 377, 607, 521, 802),
    *(498, 521, 475, 338, 270, 338, 555),
)
BOLD = (
    *(227, 370, 574, 590, 590, 963, 740, 325, 378, 378, 507, 590, 325, 370, 325, 387, 590, 590, 590, 590, 590, 590),
    *(590, 590, 590, 590, 325, 325, 590, 590, 590, 514, 1007, 641, 681, 656, 714, 615, 585, 717, 757, 330, 568, 686),
    *(578, 853, 749, 770, 667, 770, 682, 624, 625, 748, 619, 915, 627, 580, 613, 378, 387, 378, 590, 567, 626, 591),
    *(644, 527, 644, 581, 372, 597, 640, 304, 306, 604, 315, 964, 641, 626, 644, 644, 436, 495, 421, 637, 576, 863),
    *(562, 574, 511, 378, 296, 378, 590),
)
OTHER = {"–": 550, "—": 910, "−": 590, "é": 581, "\u2009": 250}
NOT_FIRST = frozenset("，。、；：？！）》」』”’…·％%,.;:?!)]}°")  # must not begin a line
NOT_LAST = frozenset("（《「『“‘([{")  # must not end one


@lru_cache(maxsize=4096)
def _letter(letter: str, is_bold: bool) -> int:
    code = ord(letter)
    if 32 <= code < 127:
        return (BOLD if is_bold else REGULAR)[code - 32]
    if letter in OTHER:
        return OTHER[letter]
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Cc"):
        return 0
    return 1000 if unicodedata.east_asian_width(letter) in "WFA" else 640


def text_width(text: str, size: float, is_bold: bool = False) -> float:
    """Width of one line of ``text`` in the unit of ``size``, the height of the type."""
    return sum(_letter(letter, is_bold) for letter in text) * size / 1000


def wrap(text: str, width: float, size: float, is_bold: bool = False) -> list[str]:
    """``text`` in lines of at most ``width``: broken between Chinese characters and at blanks of Latin text.

    A word longer than a line is broken inside; closing punctuation never begins a line.
    """
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for piece in _pieces(paragraph):
            if text_width((line + piece).rstrip(), size, is_bold) <= width:
                line += piece
                continue
            if line.strip():
                lines.append(line.rstrip())
            line = piece.lstrip()
            while text_width(line.rstrip(), size, is_bold) > width and len(line) > 1:
                head = _longest_head(line, width, size, is_bold)
                lines.append(line[:head])
                line = line[head:]
        lines.append(line.rstrip())
    return lines


def longest_word(text: str, size: float, is_bold: bool = False) -> float:
    """Width of the longest part of ``text`` in which no line may end."""
    return max((text_width(piece.strip(), size, is_bold) for piece in _pieces(text)), default=0.0)


@dataclass(frozen=True)
class Fitted:
    """A text in lines of type of ``size``; ``is_whole`` is False where it had to be cut, which shows as '…'."""

    lines: tuple[str, ...]
    size: float
    is_whole: bool = True

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LINE


def fit(text: str, width: float, height: float, sizes: Sequence[float], is_bold: bool = False) -> Fitted:
    """``text`` in the first of ``sizes`` (largest first) in which it fits into ``width`` × ``height``; else cut."""
    for size in sizes:
        lines = wrap(text, width, size, is_bold)
        if len(lines) * size * LINE <= height + 0.01:
            return Fitted(tuple(lines), size)
    size = sizes[-1]
    lines = wrap(text, width, size, is_bold)
    count = max(1, int((height + 0.01) / (size * LINE)))
    last = shortened("".join(lines[count - 1 :]), width, size, is_bold)
    if last == lines[-1] and len(lines) == count:
        return Fitted(tuple(lines), size, is_whole=False)  # not even one line is high enough
    return Fitted((*lines[: count - 1], last), size, is_whole=False)


def shortened(text: str, width: float, size: float, is_bold: bool = False) -> str:
    """``text``, cut with '…' if it is wider than ``width``."""
    if text_width(text, size, is_bold) <= width:
        return text
    head = _longest_head(text, width - text_width("…", size, is_bold), size, is_bold)
    return text[:head].rstrip() + "…"


def _longest_head(text: str, width: float, size: float, is_bold: bool) -> int:
    """How many letters of ``text`` fit; at least one."""
    room = width
    for count, letter in enumerate(text):
        room -= text_width(letter, size, is_bold)
        if room < 0:
            return max(count, 1)
    return len(text)


def _pieces(text: str) -> Iterator[str]:
    """Parts of ``text`` between which a line may end: Latin words with the blank behind them, Chinese characters."""
    piece = ""
    for letter in text:
        if piece and _may_break(piece[-1], letter):
            yield piece
            piece = ""
        piece += letter
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after in NOT_FIRST or before in NOT_LAST or after == " ":
        return False
    return before == " " or _is_ideograph(before) or _is_ideograph(after)


def _is_ideograph(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"
