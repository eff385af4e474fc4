"""Wording that a job posting must not or should not contain, each with the rule; the publisher may be fined.

lint("保洁员，限女，35岁以下")      # two findings: sex, age
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.locale import N_, Translator

__all__ = ["RULES", "Finding", "Rule", "lint"]


@dataclass(frozen=True)
class Rule:
    """One kind of wording: pattern, the rule of law, what to write instead.

    ``forbids``: the law names it; False: it may hide a limit that the law forbids, and a person judges.
    """

    code: str
    label: str
    pattern: re.Pattern[str]
    law: str
    instead: str
    forbids: bool = True


@dataclass(frozen=True)
class Finding:
    """Forbidden wording at ``start``..``end`` of a text."""

    rule: Rule
    start: int
    end: int
    words: str

    def sentence(self, tr: Translator) -> str:
        """What is wrong, by which rule, and what to do."""
        return tr(
            "“{words}”: {label} ({law}). {instead}",
            words=self.words,
            label=tr(self.rule.label),
            law=tr(self.rule.law),
            instead=tr(self.rule.instead),
        )


def _rule(code: str, label: str, pattern: str, law: str, instead: str, *, forbids: bool = True) -> Rule:
    return Rule(code, label, re.compile(pattern), law, instead, forbids)


STATE_WORK = N_("State what the work demands instead, the same for everyone.")
NEVER = r"(?<!不)(?<!不作)(?<!无)"  # "不限男女" and "无年龄限制" allow, they don't forbid

RULES: tuple[Rule, ...] = (
    _rule(
        "sex",
        N_("limits or prefers a sex"),
        NEVER + r"(?:(?:仅|只|限)(?:限|招|要|收)?[男女](?:性|士|生|工)?|(?:招|要|需)要?[男女](?:性|士|生|工))(?!女)"
        r"|[男女](?:性|士|生)?(?:优先录用|优先考虑|优先)"
        r"|性别[:：]?\s*(?:限)?[男女](?!女|均|皆|不限)|不(?:招|要|收)[男女]",
        N_("Employment Promotion Law, art. 27; Women's Rights Law, art. 43"),
        STATE_WORK,
    ),
    _rule(
        "family",
        N_("asks about marriage or children"),
        NEVER
        + r"(?:已婚已育|未婚未育|已婚未育|未婚|已婚|已育|未育)(?:者)?(?:优先)?|(?:近期|两年内|三年内)?(?:无|不)(?:生育|怀孕|备孕)(?:计划|打算)?"
        r"|孕(?:检|妇勿扰)|宝妈勿扰",
        N_("Women's Rights Law, art. 43"),
        N_("Delete it; needed hours may be stated as a shift."),
    ),
    _rule(
        "registration",
        N_("limits by household registration or origin"),
        NEVER
        + r"(?:仅限|只限|限|只招|只要)(?:本地|本市|本区|本县|城镇|农村|外地)(?:户口|户籍|人)?|(?:本地|本市|城镇)(?:户口|户籍|人)(?:优先|者优先)"
        r"|(?:外地人?|农村(?:户口|人)?|外来人员)(?:勿扰|不要|不招)|[一-龥]{2}(?:籍|人)勿扰",
        N_("Employment Promotion Law, art. 31; Interim Regulations on the Human Resources Market, art. 24"),
        N_("Delete it; a place of work may be stated."),
    ),
    _rule(
        "pathogen",
        N_("excludes carriers of a pathogen"),
        r"(?:无|非|不招|查|检测)?乙肝(?:携带者?)?(?:勿扰|阴性|检测|五项|两对半)?|两对半|大小三阳|(?:无|非)(?:传染病)?病原携带",
        N_("Employment Promotion Law, art. 30"),
        N_("Delete it; a health certificate may be asked only where the law requires it."),
    ),
    _rule(
        "age",
        N_("limits the age"),
        r"(?:年龄)?\s*(?:在|限|不超过|小于|低于)?\s*[1-6]\d\s*(?:周)?岁\s*(?:以下|以内|之内|封顶)|(?:[1-6]\d)\s*[-—~至到]\s*(?:[1-6]\d)\s*(?:周)?岁"
        r"|年龄\s*(?:不超过|不大于|小于|低于|限)\s*[1-6]\d|(?<!不)限\s*[1-6]\d\s*(?:周)?岁|[89]0后(?:优先)?",
        N_("Employment Promotion Law, art. 3 and 26; age is no requirement of the work"),
        STATE_WORK,
        forbids=False,  # the law does not name age; some work has statutory limits
    ),
    _rule(
        "appearance",
        N_("asks for looks or body height"),
        r"(?:形象|气质|相貌|外形|长相)(?:好|佳|良好|端庄|气质佳)|身高\s*(?:在|不低于|要求|须|需)?\s*1?[.\d]{1,4}\s*(?:cm|厘米|米|m)?\s*(?:以上|及以上)?",
        N_("Employment Promotion Law, art. 26; Interim Regulations on the Human Resources Market, art. 24"),
        STATE_WORK,
        forbids=False,
    ),
    _rule(
        "ethnicity",
        N_("limits by ethnicity or belief"),
        NEVER
        + r"(?:仅限|只限|限|只招)(?:汉族|少数民族|信教|无宗教)|(?:少数民族|回族|信教(?:者|人员)?)(?:勿扰|不要|不招)",
        N_("Employment Promotion Law, art. 3 and 28"),
        STATE_WORK,
    ),
    _rule(
        "disability",
        N_("excludes people with disabilities"),
        r"(?:残疾人?|残障(?:人士)?)(?:勿扰|不要|不招|除外)|不(?:招|要|收)残(?:疾|障)|(?:无|没有)残疾|四肢健全|五官端正",
        N_("Employment Promotion Law, art. 29; Law on the Protection of Disabled Persons, art. 38"),
        N_("State the physical demands of the work (standing, lifting) instead."),
    ),
    _rule(
        "deposit",
        N_("demands money or papers"),
        NEVER
        + r"(?:收|交|缴|扣)(?:取|纳)?(?:押金|保证金|服装费|培训费)|押金\s*\d+|(?:扣|押)(?:留|押)?身份证|身份证(?:扣|抵)押",
        N_("Labour Contract Law, art. 9"),
        N_("Delete it; an employer may take no deposit and keep no papers."),
    ),
)


def lint(text: str | None) -> tuple[Finding, ...]:
    """Forbidden wordings in ``text``, in order of appearance; each stretch of text is reported once a rule."""
    findings = [
        Finding(rule, match.start(), match.end(), match.group().strip())
        for rule in RULES
        for match in rule.pattern.finditer(text or "")
    ]
    return tuple(sorted(findings, key=lambda f: (f.start, f.end, f.rule.code)))
