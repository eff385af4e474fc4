"""How wide text is drawn: Chinese characters and full-width punctuation take the room of two Latin letters."""

from __future__ import annotations

from unicodedata import east_asian_width

__all__ = ["columns", "is_wide"]


def is_wide(letter: str) -> bool:
    """Whether a letter is full width (UAX #11: W or F)."""
    return east_asian_width(letter) in "WF"


def columns(text: str) -> int:
    """Width of a text in columns of a table or terminal; columns('荷风 A') == 6."""
    return sum(2 if is_wide(letter) else 1 for letter in text)
