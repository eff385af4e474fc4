"""Whom a row is about: ID numbers, their keyed hash, and phone numbers.

An ID number must be eighteen ASCII characters with a real date and the MOD 11-2 check character of GB 11643 (from
python-stdnum, whose own ``validate`` would refuse the codes of counties that were dissolved since). The number itself
is never stored: ``id_hash`` is its HMAC-SHA256 under the server's key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stdnum.cn.ric import calc_check_digit

from core.terms import Sex

__all__ = [
    "IdNumber",
    "IdentityError",
    "id_hash",
    "name_key",
    "read_id_number",
    "read_last_four",
    "read_phones",
]

PROVINCES = frozenset(
    str(n) for n in (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81,
                     82, 83)
)  # fmt: skip
EARLIEST = date(1900, 1, 1)

Fault = Literal["id_scientific", "id_length", "id_characters", "id_date", "id_check", "last_four", "phone", "phones"]


class IdentityError(ValueError):
    """What is wrong with an ID or phone number; ``fault`` is a code that the intake has a message for."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault: Fault = fault


@dataclass(frozen=True)
class IdNumber:
    """A checked ID number. ``converted``: it came with fifteen digits; ``known_region``: its province exists."""

    number: str
    birth_date: date
    sex: Sex
    converted: bool
    known_region: bool

    @property
    def last_four(self) -> str:
        return self.number[-4:]

    def __repr__(self) -> str:  # never the number itself, not even in a traceback
        return f"IdNumber(…{self.last_four})"


def read_id_number(text: str) -> IdNumber:
    """Read 18 characters or 15 digits (blanks and hyphens are skipped); raises IdentityError."""
    bare = re.sub(r"[\s\-]", "", text).upper()
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", bare):
        raise IdentityError("id_scientific")
    if not re.fullmatch(r"[0-9]*X?", bare, re.ASCII):
        raise IdentityError("id_characters")
    old = len(bare) == 15
    if old and bare.isdigit():
        stem = bare[:6] + "19" + bare[6:]
        bare = stem + calc_check_digit(stem + "?")
    if len(bare) != 18:
        raise IdentityError("id_length")
    try:
        born = date(int(bare[6:10]), int(bare[10:12]), int(bare[12:14]))
    except ValueError:
        raise IdentityError("id_date") from None
    if born < EARLIEST:
        raise IdentityError("id_date")
    if calc_check_digit(bare) != bare[17]:
        raise IdentityError("id_check")
    sex = Sex.MALE if int(bare[16]) % 2 else Sex.FEMALE
    return IdNumber(bare, born, sex, old, bare[:2] in PROVINCES)


def read_last_four(text: str) -> str:
    """The last four characters of an ID number, also when masked or given in full; raises IdentityError."""
    bare = re.sub(r"[\s\-]", "", text).upper()
    if not re.fullmatch(r"(?:.*[0-9*])?[0-9]{3}[0-9X]", bare, re.ASCII) or len(bare) not in (4, 15, 18):
        raise IdentityError("last_four")
    return bare[-4:]


def id_hash(key: bytes, number: str) -> str:
    """HMAC-SHA256 of an ID number under the server's key, 64 hex digits: the natural key of a person."""
    return hmac.new(key, number.encode("ascii"), hashlib.sha256).hexdigest()


MIDDLE_DOTS = re.compile("[·•‧∙⋅・･˙●.．。﹒]")


def name_key(name: str) -> str:
    """What two spellings of one name have in common: no blanks, one kind of middle dot, compatibility form, no case.

    >>> name_key("买买提•艾力") == name_key("买买提 · 艾力")
    True
    """
    # the dots come first: NFKC would turn one of them into a space and a mark
    joined = re.sub(r"\s+", "", unicodedata.normalize("NFKC", MIDDLE_DOTS.sub("·", name)))
    return MIDDLE_DOTS.sub("·", joined).casefold()


def read_phones(text: str) -> tuple[str, str | None]:
    """The phone number in a cell, and a second one if there is; mobile or landline with area code.

    >>> read_phones("+86 138-0000-1111/0537 2210000")
    ('13800001111', '05372210000')
    """
    joined = re.sub(
        r"(?<!\d)(0[1-9]\d{1,2})\s+(?=[2-9]\d{6,7}(?!\d))", r"\1", text
    )  # an area code stays with its number
    parts = [p for p in re.split(r"[/、,;，；|\n]+|\s+(?=\+?\d{7,})", joined) if p.strip()]
    numbers = [_phone(part) for part in parts]
    if not numbers:
        raise IdentityError("phone")
    if len(numbers) > 2:
        raise IdentityError("phones")
    return numbers[0], numbers[1] if len(numbers) == 2 else None


def _phone(text: str) -> str:
    bare = re.sub(r"\.0$", "", text.strip())
    bare = re.sub(r"[\s\-()（）.·]", "", bare)
    bare = re.sub(r"^(?:\+|00)86", "", bare)
    if re.fullmatch(r"1[3-9][0-9]{9}|0[1-9][0-9]{1,2}[2-9][0-9]{6,7}|[2-9][0-9]{6,7}", bare, re.ASCII):
        return bare
    raise IdentityError("phone")
