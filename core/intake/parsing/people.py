"""Parsers of cells that say several things at once: ID numbers, phones, pay, hours.

Their value is a mapping of field → value.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from dataclasses import dataclass
from datetime import time

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from core.intake.findings import Level, Problem
from core.intake.parsing.base import Each, Lookup, Parsed, Parser, failed
from core.intake.parsing.text import DASHES, text_of
from core.intake.parsing.vocabulary import Vocabulary
from core.locale import Translator
from core.people.identity import IdentityError, read_id_number, read_last_four, read_phones
from core.people.visit_numbers import read_number
from core.terms import JobForm

__all__ = [
    "Address",
    "CreditCode",
    "Hours",
    "IdCard",
    "LastFour",
    "OfferedForm",
    "Phone",
    "Record",
    "VisitNumber",
    "Wishes",
]


@dataclass(frozen=True)
class IdentityParser(Parser):
    """A cell that ``core.people.identity`` checks; what it raises becomes the problem of the cell."""

    as_text = True
    names_one_thing = True

    @abstractmethod
    def parse(self, text: str) -> Parsed:
        """The value of a text; raises IdentityError."""

    def read(self, raw: object, words: Vocabulary) -> Parsed:  # noqa: ARG002
        text = text_of(raw)
        try:
            return self.parse(text)
        except IdentityError as error:
            return failed(error.fault, value=text, count=len(re.sub(r"[\s\-]", "", text)))


@dataclass(frozen=True)
class IdCard(IdentityParser):
    """An ID number in full → {number, last_four, sex, birth_date}; a numeric cell has lost digits already."""

    @property
    def gives(self) -> tuple[str, ...]:
        return ("id_hash", "id_last4", "sex", "birth_date")

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        return super().read(raw, words) if isinstance(raw, str) else failed("id_as_number")

    def parse(self, text: str) -> Parsed:
        card = read_id_number(text)
        problems = []
        if card.converted:
            problems.append(Problem("id_15", {}, Level.WARNING))
        if not card.known_region:
            problems.append(Problem("id_region", {}, Level.WARNING))
        value = {"number": card.number, "id_last4": card.last_four, "sex": card.sex, "birth_date": card.birth_date}
        return Parsed(value, tuple(problems))

    def hint(self, tr: Translator) -> str:
        return tr("18 characters, in a column formatted as text. Only a keyed hash and the last four are stored.")


@dataclass(frozen=True)
class LastFour(IdentityParser):
    """The last four of an ID number. A numeric cell has dropped leading zeros, which come back here."""

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        return super().read(text_of(raw).zfill(4) if isinstance(raw, (int, float)) else raw, words)

    def parse(self, text: str) -> Parsed:
        return Parsed(read_last_four(text))

    def hint(self, tr: Translator) -> str:
        return tr("The last four characters of the ID number.")


OWNER_OF_PHONE = re.compile(r"[((]\s*([^0-9()()]{1,12})\s*[))]")
"""A word in brackets behind a number, such as 儿子; brackets round an area code hold digits."""


@dataclass(frozen=True)
class VisitNumber(Parser):
    """The opaque number of a household on a visiting round, as typed or scanned."""

    as_text = True
    names_one_thing = True

    def read(self, raw: object, words: Vocabulary) -> Parsed:  # noqa: ARG002
        text = text_of(raw)
        number = read_number(text)
        return failed("visit_number", value=text) if number is None else Parsed(number)

    def hint(self, tr: Translator) -> str:
        return tr("Eight letters and digits, as on the paper.")


@dataclass(frozen=True)
class Phone(IdentityParser):
    """→ {phone, phone_2}; ``second`` False keeps the first alone."""

    fields = ("phone", "phone_2")
    second: bool = True

    def parse(self, text: str) -> Parsed:
        remarks = OWNER_OF_PHONE.findall(text)
        problems = [Problem("phone_remark", {"remark": "、".join(remarks)}, Level.NOTE)] if remarks else []
        first, other = read_phones(OWNER_OF_PHONE.sub("", text))
        if other is None:
            return Parsed({"phone": first}, tuple(problems))
        value = {"phone": first, "phone_2": other} if self.second else {"phone": first}
        problems.append(Problem("two_phones", {"first": first, "second": other}, Level.WARNING))
        return Parsed(value, tuple(problems))

    def hint(self, tr: Translator) -> str:
        return tr("A phone number; two are separated by 、")


@dataclass(frozen=True)
class CreditCode(Parser):
    """统一社会信用代码 with its check character."""

    as_text = True

    def read(self, raw: object, words: Vocabulary) -> Parsed:  # noqa: ARG002
        text = text_of(raw)
        try:
            return Parsed(str(uscc.validate(text)))
        except ValidationError:
            return failed("credit_code", value=text)

    def hint(self, tr: Translator) -> str:
        return tr("18 characters of the unified social credit code.")


DAYS = {name: n for n, name in enumerate("一二三四五六日")} | {"天": 6, "七": 6}
NAMED_DAYS = {
    "每天": "1111111",
    "每日": "1111111",
    "全周": "1111111",
    "周末": "0000011",
    "双休日": "0000011",
    "工作日": "1111100",
    "": "1111111",
}
SPAN = re.compile(r"(.*?)\s*(\d{1,2})[:时点](\d{2})?分?\s*[-至到]\s*(\d{1,2})[:时点](\d{2})?分?", re.ASCII)


@dataclass(frozen=True)
class Hours(Parser):
    """ "周一至周五 09:00-16:00" → {available_days, available_from, available_to}."""

    fields = ("available_days", "available_from", "available_to")

    def read(self, raw: object, words: Vocabulary) -> Parsed:  # noqa: ARG002
        text = text_of(raw).translate(DASHES)
        if text in ("全天", "随时", "不限"):
            return Parsed({"available_days": "1111111", "available_from": "00:00", "available_to": "23:59"})
        match = SPAN.fullmatch(text)
        days = None if match is None else _days(match[1])
        if match is None or days is None:
            return failed("hours", value=text)
        try:
            start = time(int(match[2]), int(match[3] or 0))
            end = time(23, 59) if int(match[4]) == 24 else time(int(match[4]), int(match[5] or 0))
        except ValueError:
            return failed("hours", value=text)
        if end <= start:
            return failed("hours_order", value=text)
        return Parsed({"available_days": days, "available_from": f"{start:%H:%M}", "available_to": f"{end:%H:%M}"})

    def hint(self, tr: Translator) -> str:
        return tr("Days and hours such as 周一至周五 09:00-16:00, 每天 08:00-18:00 or 周末 09:00-17:00.")


def _days(text: str) -> str | None:
    """Days of the week as seven marks from Monday, "1111100"; None if they can't be read."""
    bare = re.sub(r"星期|礼拜", "周", re.sub(r"[\s,:]", "", text))
    if bare in NAMED_DAYS:
        return NAMED_DAYS[bare]
    span = re.fullmatch(r"周([一二三四五六日天])[-至到]周?([一二三四五六日天])", bare)
    if span:
        first, last = DAYS[span[1]], DAYS[span[2]]
        return "".join("1" if first <= n <= last else "0" for n in range(7)) if first <= last else None
    single = re.fullmatch(r"周?(?:[一二三四五六日天][、周和]*)+", bare)
    if single:
        days = {DAYS[c] for c in bare if c in DAYS}
        return "".join("1" if n in days else "0" for n in range(7))
    return None


@dataclass(frozen=True)
class Wishes(Parser):
    """Up to three occupations joined by 、 → {wish_1, wish_2, wish_3}; fewer than three clear the rest."""

    is_list = True

    fields = ("wish_1", "wish_2", "wish_3")

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        occupations = Each(Lookup("occupation")).read(raw, words)
        if occupations.value is None:
            return occupations
        wishes = (*occupations.value, None, None, None)
        return Parsed({"wish_1": wishes[0], "wish_2": wishes[1], "wish_3": wishes[2]})

    def hint(self, tr: Translator) -> str:
        return Each(Lookup("occupation")).hint(tr)


@dataclass(frozen=True)
class Address(Parser):
    """Where someone lives → {address, community_id}: the part after the name of a known community, and that one."""

    verbatim = True
    as_text = True
    fields = ("address",)
    limit: int = 120

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        text = text_of(raw)
        names = [name for name in words.labels("community") if name in text]
        value: dict[str, object] = {"address": text}
        if names:
            name = max(names, key=len)
            value = {"address": text.partition(name)[2].strip() or text, "community_id": words.find("community", name)}
        if len(str(value["address"])) > self.limit:
            return failed("too_long", count=len(text), limit=self.limit)
        return Parsed(value)

    def hint(self, tr: Translator) -> str:
        return tr("Community, building and unit; the community is recognised by its name.")


@dataclass(frozen=True)
class OfferedForm(Parser):
    """The form of work that a person asks for; home piece work means that home work is accepted."""

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        form = words.member(JobForm, text_of(raw))
        if form is None:
            return failed("term", value=text_of(raw), allowed="、".join(member.zh for member in JobForm))
        return Parsed({"home_work_ok": True} if form is JobForm.HOME_PIECE else {})

    def hint(self, tr: Translator) -> str:
        return tr("One of: {allowed}", allowed="、".join(member.zh for member in JobForm))

    def choices(self, words: Vocabulary) -> tuple[str, ...]:  # noqa: ARG002
        return tuple(member.zh for member in JobForm)


@dataclass(frozen=True)
class Record(Parser):
    """Yes when the cell describes something (欠薪/处罚记录), no when it says that there is nothing."""

    none_speaks = True

    def read(self, raw: object, words: Vocabulary) -> Parsed:  # noqa: ARG002
        text = text_of(raw)
        return Parsed(not (text in ("无", "否", "0", "没有", "无记录", "未发现") or text.startswith("无")))

    def hint(self, tr: Translator) -> str:
        return tr("无 if there is none, otherwise what it was.")
