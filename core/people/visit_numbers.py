"""The opaque numbers of households on a visiting round: random, easy to type, with a check character.

The alphabet leaves out what hands and eyes confuse (0 O, 1 I L), which leaves 31 characters, a prime: with the weights 1
to 8 the sum over a number is a multiple of 31, and every single wrong character and every swap of two breaks that.

    new_number()               # "7K3M9QXW"
    shown(number)              # "7K3M-9QXW", as paper and QR code have it
    read_number("7k3m 9qxw")   # "7K3M9QXW"; None where it can't be one
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable, Sequence

__all__ = ["ALPHABET", "LENGTH", "new_number", "read_number", "shown"]

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8


def new_number(choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """A random number of seven free characters (34 bits) and its check character."""
    free = "".join(choose(ALPHABET) for _ in range(LENGTH - 1))
    return next(free + last for last in ALPHABET if _is_checked(free + last))


def read_number(text: str) -> str | None:
    """A typed or scanned number in its stored form, or None where its form or its check character is wrong."""
    number = re.sub(r"[\s\-‐-―]", "", unicodedata.normalize("NFKC", text)).upper()
    is_formed = len(number) == LENGTH and set(number) <= set(ALPHABET)
    return number if is_formed and _is_checked(number) else None


def shown(number: str) -> str:
    """A stored number in two groups."""
    return f"{number[:4]}-{number[4:]}"


def _is_checked(number: str) -> bool:
    return sum(weight * ALPHABET.index(c) for weight, c in enumerate(number, 1)) % len(ALPHABET) == 0
