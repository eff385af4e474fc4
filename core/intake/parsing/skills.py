"""Parsers of skills in a cell: names with levels, as people say of themselves or as an employer asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.intake.findings import Problem
from core.intake.parsing.base import Parsed, Parser, failed, split_list
from core.intake.parsing.text import text_of
from core.intake.parsing.vocabulary import Vocabulary
from core.locale import Translator
from core.terms import Evidence, SkillLevel

__all__ = ["Grade", "JobSkills", "Skills"]


@dataclass(frozen=True)
class Grade(Parser):
    """A level of a skill as 1..4 or by its name."""

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        level = _level(text_of(raw), words)
        if level is None:
            return failed("term", value=text_of(raw), allowed="、".join(f"{m.value} {m.zh}" for m in SkillLevel))
        return Parsed(level)

    def hint(self, tr: Translator) -> str:
        return tr("One of: {allowed}", allowed="、".join(f"{m.value} {m.zh}" for m in SkillLevel))


@dataclass(frozen=True)
class Skills(Parser):
    """Names of skills joined by 、 → ({skill, level, evidence}, …); ``name:3`` gives a level."""

    is_list = True

    level: int = 2
    evidence: Evidence = Evidence.SELF_REPORT

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        def parse_entry(parts: list[str], skill: str) -> Parsed:
            level = _level(parts[0], words) if parts else self.level
            if len(parts) > 1 or level is None:
                return failed("skill_level", value=":".join([words.label("skill", skill), *parts]))
            return Parsed({"skill": skill, "level": level, "evidence": self.evidence})

        return _skill_list(text_of(raw), words, parse_entry)

    def hint(self, tr: Translator) -> str:
        return tr("Names of skills joined by 、")


@dataclass(frozen=True)
class JobSkills(Parser):
    """ "平缝机操作:2:必备、钩针钩织(勾线):1" → ({skill, level, essential, certificate}, …)."""

    is_list = True

    certificate: bool = False
    """The column names skills whose certificate the law requires."""

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        def parse_entry(parts: list[str], skill: str) -> Parsed:
            value: dict[str, Any] = {"skill": skill}
            if self.certificate:
                value |= {"certificate": True}
            for part in parts:
                if part in ("必备", "必须"):
                    value["essential"] = True
                elif part == "证书":
                    value["certificate"] = True
                elif (level := _level(part, words)) is not None:
                    value["level"] = level
                else:
                    return failed("skill_mark", value=":".join([words.label("skill", skill), *parts]))
            return Parsed(value)

        return _skill_list(text_of(raw), words, parse_entry)

    def hint(self, tr: Translator) -> str:
        return tr("Skill:level 1–4:必备 (essential), several joined by 、, e.g. 平缝机操作:2:必备、手缝锁边:1")


def _skill_list(text: str, words: Vocabulary, parse_entry: Callable[[list[str], str], Parsed]) -> Parsed:
    values: list[Mapping[str, Any]] = []
    problems: list[Problem] = []
    listed = split_list(text, lambda part: words.find("skill", _name_and_marks(part, words)[0]) is not None)
    for entry in listed.parts:
        name, parts = _name_and_marks(entry, words)
        skill = words.find("skill", name)
        parsed = (
            failed("lookup_skill", words.closest("skill", name), value=name, scope="skill")
            if skill is None
            else parse_entry(parts, skill)
        )
        problems += parsed.problems
        if parsed.value is not None and all(parsed.value["skill"] != value["skill"] for value in values):
            values.append(parsed.value)
    return listed.parsed(values, problems, text)


IN_BRACKETS = re.compile(r"(.+)\(([^()]*)\)")


def _name_and_marks(entry: str, words: Vocabulary) -> tuple[str, list[str]]:
    """ "平缝机操作:2:必备" or "平缝机操作(熟练)" → the name and its marks; brackets that belong to a name stay there."""
    name, *marks = [part.strip() for part in re.split(r"[::]", entry)]
    match = IN_BRACKETS.fullmatch(name)
    if match and words.find("skill", name) is None and words.find("skill", match[1]) is not None:
        return match[1], [match[2].strip(), *marks]
    return name, marks


def _level(text: str, words: Vocabulary) -> int | None:
    level = words.member(SkillLevel, text)
    return level.grade if isinstance(level, SkillLevel) else None
