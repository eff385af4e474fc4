"""Parsers of single cells: text or typed value → stored value, or a problem that says how to fix it.

A parser is data with one method: ``read`` takes a cell that is not blank (texts are already cleaned) and never
raises. ``hint`` is the sentence for templates, ``choices`` the allowed values for a drop-down list.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from core.intake.findings import Level, Problem
from core.intake.parsing.text import text_of
from core.intake.parsing.vocabulary import Vocabulary
from core.jobs.linter import lint
from core.locale import N_, Translator
from core.terms import Term

__all__ = [
    "Consent",
    "Each",
    "Lookup",
    "OneOf",
    "Parsed",
    "Parser",
    "Posting",
    "Text",
    "YesNo",
    "failed",
    "split_list",
    "warned",
]


class Parsed(NamedTuple):
    """A value (None when it could not be read) and its problems."""

    value: Any
    problems: tuple[Problem, ...] = ()


def failed(code: str, suggestion: str | None = None, **values: object) -> Parsed:
    """A cell that can't be read."""
    return Parsed(None, (Problem(code, values, Level.ERROR, suggestion),))


def warned(read: Any, code: str, **values: object) -> Parsed:
    """A value that was read, but that a person should look at."""
    return Parsed(read, (Problem(code, values, Level.WARNING),))


@dataclass(frozen=True)
class Parser(ABC):
    """``raw`` is a cleaned text, or a number, date or yes/no as the workbook has it.

    ``none_speaks``: 无 is an answer here, not an empty cell. ``verbatim``: punctuation stays as it was written.
    ``as_text``: the column of a template is formatted as text, so that Excel leaves its digits alone.
    ``is_list``: a line break separates values, and is kept. ``names_one_thing``: no two rows have the same value, so 同上 can't stand here.
    """

    none_speaks: ClassVar[bool] = False
    verbatim: ClassVar[bool] = False
    as_text: ClassVar[bool] = False
    names_one_thing: ClassVar[bool] = False
    is_list: ClassVar[bool] = False
    fields: ClassVar[tuple[str, ...]] = ()
    """What a value that is a mapping says; 清空 clears them all."""

    @property
    def gives(self) -> tuple[str, ...]:
        """Fields of the store that a value may fill."""
        return self.fields

    @abstractmethod
    def read(self, raw: object, words: Vocabulary) -> Parsed: ...

    @abstractmethod
    def hint(self, tr: Translator) -> str: ...

    def choices(self, words: Vocabulary) -> tuple[str, ...]:  # noqa: ARG002
        """Allowed values, if there are few enough to list."""
        return ()

    def knows(self, text: str, words: Vocabulary) -> bool:
        """Whether a text is a value, without the search for the nearest one."""
        return self.read(text, words).value is not None


@dataclass(frozen=True)
class Text(Parser):
    """Text of at most ``limit`` characters; with ``code`` blanks inside are dropped."""

    verbatim = True
    as_text = True
    limit: int = 2000
    code: bool = False

    def read(self, raw: object, words: Vocabulary) -> Parsed:  # noqa: ARG002
        text = text_of(raw)
        if self.code:
            text = re.sub(r"\s+", "", text)
        if len(text) > self.limit:
            return failed("too_long", count=len(text), limit=self.limit)
        return Parsed(text)

    def hint(self, tr: Translator) -> str:
        return tr("Text of at most {limit} characters.", limit=self.limit)


@dataclass(frozen=True)
class Posting(Text):
    """A title or a description that applicants will read: forbidden wording is a warning with the rule it breaks."""

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        value, problems = super().read(raw, words)
        forbidden = [
            Problem(
                "posting",
                {
                    "words": violation.words,
                    "label": violation.rule.label,
                    "law": violation.rule.law,
                    "instead": violation.rule.instead,
                },
                Level.WARNING,
            )
            for violation in lint(value)
        ]
        return Parsed(value, (*problems, *forbidden))


@dataclass(frozen=True)
class YesNo(Parser):
    """Yes or no; anything else is a problem, because unknown must stay blank."""

    none_speaks = True

    def read(self, raw: object, words: Vocabulary) -> Parsed:  # noqa: ARG002
        if isinstance(raw, bool):
            return Parsed(raw)
        text = text_of(raw).casefold()
        if text in YES:
            return Parsed(True)
        if text in NO:
            return Parsed(False)
        return failed("yes_no", value=text_of(raw))

    def hint(self, tr: Translator) -> str:
        return tr("是 (yes) or 否 (no); blank if unknown.")

    def choices(self, words: Vocabulary) -> tuple[str, ...]:  # noqa: ARG002
        return "是", "否"


@dataclass(frozen=True)
class Consent(YesNo):
    """Consent to the collection of data; a no is let pass, but not in silence."""

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        parsed = super().read(raw, words)
        return warned(False, "no_consent") if parsed.value is False else parsed


YES = frozenset(
    {
        "是",
        "有",
        "1",
        "y",
        "yes",
        "true",
        "√",
        "✓",
        "✔",
        "可",
        "可以",
        "能",
        "接受",
        "愿意",
        "同意",
        "适合",
        "需要",
        "有意愿",
        "已同意",
    }
)
NO = frozenset(
    {
        "否",
        "无",
        "0",
        "n",
        "no",
        "false",
        "×",
        "✗",
        "不",
        "不可",
        "不能",
        "不接受",
        "不愿意",
        "不同意",
        "不适合",
        "不需要",
        "没有",
        "没",
        "无意愿",
    }
)


@dataclass(frozen=True)
class OneOf(Parser):
    """A term, by label, code or synonym."""

    term: type[Term]

    def knows(self, text: str, words: Vocabulary) -> bool:
        return words.member(self.term, text) is not None

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        text = text_of(raw)
        member = words.member(self.term, text)
        if member is None:
            allowed = "、".join(member.zh for member in self.term)
            return failed(
                "term", words.closest_member(self.term, text), value=text, allowed=allowed, scope=self.term.__name__
            )
        return Parsed(member)

    def hint(self, tr: Translator) -> str:
        return tr("One of: {allowed}", allowed="、".join(member.zh for member in self.term))

    def choices(self, words: Vocabulary) -> tuple[str, ...]:  # noqa: ARG002
        return tuple(member.zh for member in self.term)


@dataclass(frozen=True)
class Lookup(Parser):
    """The name or code of something the store knows. ``soft``: an unknown name is simply left out."""

    kind: str
    soft: bool = False

    def knows(self, text: str, words: Vocabulary) -> bool:
        return words.find(self.kind, text) is not None

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        text = text_of(raw)
        value = words.find(self.kind, text)
        if value is None and not self.soft:
            return failed(f"lookup_{self.kind}", words.closest(self.kind, text), value=text, scope=self.kind)
        return Parsed(value)

    def hint(self, tr: Translator) -> str:
        return tr(LOOKUP_HINTS[self.kind])

    def choices(self, words: Vocabulary) -> tuple[str, ...]:
        return words.labels(self.kind)


LOOKUP_HINTS = {
    "community": N_("Name of a community in the list of communities."),
    "skill": N_("Name or code of a skill in the list of skills."),
    "occupation": N_("Name or code of an occupation in the 2022 national classification."),
    "workshop": N_("Name of a micro-workshop in the list of workshops."),
    "product": N_("Name or code of a product in the list of products."),
    "premises": N_("Code of premises in the list of premises."),
    "community_post": N_("Code of a batch in the plan of community posts."),
    "opening": N_("Number of an opening on the page of openings."),
    "policy": N_("Name of a policy on the page of policies."),
}


STRONG_SEPARATORS = re.compile(r"[、,;，；\n]+")
WEAK_SEPARATORS = re.compile(r"([/／|+＋]|以及|和|及|与|或)")
AND_SO_ON = re.compile(r"(?:等等?|等技能|等工种|等岗位)$")


class Listed(NamedTuple):
    """The parts of a cell with several values; ``and_so_on``: it ended with 等, which says nothing."""

    parts: list[str]
    and_so_on: bool

    def parsed(self, values: Sequence[Any], problems: Sequence[Problem], text: str) -> Parsed:
        """The values of the parts, or None where one of them can't be read; with a remark on a 等 in ``text``."""
        if any(problem.level is Level.ERROR for problem in problems):
            return Parsed(None, tuple(problems))
        remarks = (Problem("and_so_on", {"value": text}, Level.NOTE),) if self.and_so_on else ()
        return Parsed(tuple(values), (*problems, *remarks))


def split_list(text: str, is_known: Callable[[str], bool]) -> Listed:
    """Split a cell at 、 and its like; at / and 和 only where every piece is known, for names may contain them."""
    trimmed = AND_SO_ON.sub("", text.strip()) if not is_known(text.strip()) else text
    parts: list[str] = []
    for part in (piece.strip() for piece in STRONG_SEPARATORS.split(trimmed)):
        if part:
            parts += [part] if is_known(part) else _known_pieces(WEAK_SEPARATORS.split(part), is_known) or [part]
    return Listed(parts, trimmed != text)


def _known_pieces(tokens: list[str], is_known: Callable[[str], bool]) -> list[str]:
    """Known names out of ``tokens`` (pieces and the separators between them), the longest first; [] if some piece is
    not part of one."""
    pieces: list[str] = []
    start = 0
    while start < len(tokens):
        for end in range(len(tokens), start, -2):
            piece = "".join(tokens[start:end]).strip()
            if is_known(piece):
                pieces.append(piece)
                start = end + 1
                break
        else:
            return []
    return pieces


@dataclass(frozen=True)
class Each(Parser):
    """Several values in one cell, joined by 、, a comma, a slash, 和 or a line break; a tuple without repetitions."""

    is_list = True
    of: Parser

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        if not isinstance(raw, str):
            raw = text_of(raw)
        values: list[Any] = []
        problems: list[Problem] = []
        listed = split_list(raw, lambda part: self.of.knows(part, words))
        for part in listed.parts:
            parsed = self.of.read(part, words)
            problems += parsed.problems
            if parsed.value is not None and parsed.value not in values:
                values.append(parsed.value)
        return listed.parsed(values, problems, raw)

    def hint(self, tr: Translator) -> str:
        return tr("{hint} Several may be joined by 、", hint=self.of.hint(tr))
