"""A policy as one dated document: who may claim it, with which papers, how much, for how long, and by which regulation.

A version is never changed: other conditions are another version with a later first day. What was decided for a month keeps
the version that was in force on its first day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from core.locale import N_, Translator
from core.policies.conditions import AllOf, AnyOf, Condition, Node, leaves, node_from_json, node_to_json
from core.policies.vocabulary import FACTS, FactKind, comparisons
from core.store.commands import CodeRefused
from core.store.settings import PARAMETER_NAMES
from core.terms import AmountKind, PolicyAudience

__all__ = ["INVALID", "DatedRule", "InvalidRule", "Rule", "rule_on", "rules_on"]

INVALID = {
    "name": N_("Give the policy a name."),
    "conditions": N_("A policy needs at least one condition."),
    "empty_group": N_("A group of conditions is empty."),
    "fact": N_("The condition asks for a fact of the other kind of applicants: {fact}."),
    "comparison": N_("{fact} can't be compared like that."),
    "number": N_("{fact} is compared with a number or with a parameter."),
    "codes": N_("{fact} is compared with one or more of: {allowed}."),
    "parameter": N_("There is no parameter of that name: {name}."),
    "amount": N_("An amount is above 0."),
    "months": N_("Months are counted from 1; they belong to policies that pay each month."),
    "until": N_("The last day lies before the first one."),
    "source": N_("Name the regulation that the policy rests on."),
}


class InvalidRule(CodeRefused):
    """A policy contradicts itself."""

    sentences = INVALID


@dataclass(frozen=True)
class Rule:
    """One version of a policy. ``ceiling`` in yuan, or the parameter that holds it; ``months``: paid at most for so many.

    None: the regulation's amount or time has not been entered. ``to_check``: shipped as an example, not yet compared with
    the regulation by the bureau.
    """

    code: str
    name_zh: str
    name_en: str
    audience: PolicyAudience
    condition: Node
    source: str
    evidence: tuple[str, ...] = ()
    amount_kind: AmountKind = AmountKind.NONE
    ceiling: float | None = None
    ceiling_parameter: str | None = None
    months: int | None = None
    until: date | None = None
    to_check: bool = False

    def name(self, tr: Translator) -> str:
        """In the language of the screen."""
        return self.name_en if tr.is_english else self.name_zh

    def to_json(self) -> dict[str, Any]:
        """Everything but the code, as a document of plain JSON values."""
        return {
            "name_zh": self.name_zh,
            "name_en": self.name_en,
            "audience": self.audience.value,
            "condition": node_to_json(self.condition),
            "source": self.source,
            "evidence": list(self.evidence),
            "amount_kind": self.amount_kind.value,
            "ceiling": self.ceiling,
            "ceiling_parameter": self.ceiling_parameter,
            "months": self.months,
            "until": None if self.until is None else self.until.isoformat(),
            "to_check": self.to_check,
        }

    @classmethod
    def from_json(cls, code: str, content: Mapping[str, Any]) -> Rule:
        """The inverse of ``to_json``."""
        return cls(
            code=code,
            name_zh=str(content["name_zh"]),
            name_en=str(content["name_en"]),
            audience=PolicyAudience.of(content["audience"]),
            condition=node_from_json(content["condition"]),
            source=str(content["source"]),
            evidence=tuple(content["evidence"]),
            amount_kind=AmountKind.of(content["amount_kind"]),
            ceiling=content["ceiling"],
            ceiling_parameter=content["ceiling_parameter"],
            months=content["months"],
            until=None if content["until"] is None else date.fromisoformat(content["until"]),
            to_check=bool(content["to_check"]),
        )

    def check(self) -> None:
        """InvalidRule if nobody could be judged by it, or it would not mean what it says."""
        if not self.name_zh.strip() or not self.name_en.strip():
            raise InvalidRule("name")
        if not self.source.strip():
            raise InvalidRule("source")
        if not leaves(self.condition):
            raise InvalidRule("conditions")
        _check_groups(self.condition)
        for leaf in leaves(self.condition):
            _check_condition(leaf, self.audience)
        if self.ceiling is not None and self.ceiling <= 0:
            raise InvalidRule("amount")
        if self.ceiling_parameter is not None and self.ceiling_parameter not in PARAMETER_NAMES:
            raise InvalidRule("parameter", name=self.ceiling_parameter)
        if self.months is not None and (self.months < 1 or self.amount_kind is not AmountKind.MONTHLY):
            raise InvalidRule("months")


def _check_groups(node: Node) -> None:
    if isinstance(node, AllOf | AnyOf):
        if not node.parts:
            raise InvalidRule("empty_group")
        for part in node.parts:
            _check_groups(part)


def _check_condition(condition: Condition, audience: PolicyAudience) -> None:
    fact, spec = condition.fact, FACTS[condition.fact]
    if spec.audience is not audience:
        raise InvalidRule("fact", fact=fact)
    if condition.comparison not in comparisons(fact):
        raise InvalidRule("comparison", fact=fact)
    if spec.kind is FactKind.NUMBER:
        if condition.codes or (condition.value is None) == (condition.parameter is None):
            raise InvalidRule("number", fact=fact)
        if condition.parameter is not None and condition.parameter not in PARAMETER_NAMES:
            raise InvalidRule("parameter", name=condition.parameter)
    elif not condition.codes or not set(condition.codes) <= set(spec.codes) or condition.value is not None:
        raise InvalidRule("codes", fact=fact, allowed=spec.codes)


@dataclass(frozen=True)
class DatedRule:
    """A version of a policy with its first day."""

    rule: Rule
    since: date


def rules_on(versions: pd.DataFrame, day: date) -> list[DatedRule]:
    """The policies in force on ``day`` in the order in which they came, by ``versions`` (code, since, content)."""
    known = versions[versions["since"] <= pd.Timestamp(day)].sort_values("since", kind="stable")
    first = {code: position for position, code in enumerate(dict.fromkeys(versions["code"]))}
    newest = known.drop_duplicates("code", keep="last").sort_values("code", key=lambda codes: codes.map(first))
    dated = [
        DatedRule(Rule.from_json(code, content), since.date())
        for code, since, content in zip(newest["code"], newest["since"], newest["content"], strict=True)
    ]
    return [own for own in dated if own.rule.until is None or own.rule.until >= day]


def rule_on(versions: pd.DataFrame, code: str, day: date) -> DatedRule | None:
    """The version of one policy in force on ``day``, if any is."""
    return next((own for own in rules_on(versions[versions["code"] == code], day)), None)
