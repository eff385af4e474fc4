"""A trace in words: which condition is met, by which value, under which rule and day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.locale import N_, Translator
from core.policies.conditions import Step, Truth
from core.policies.rules import Rule
from core.policies.vocabulary import FACTS, FactKind, code_label
from core.store.settings import PARAMETER_NAMES
from core.terms import AmountKind, PolicyFact

__all__ = ["MARKS", "TRUTHS", "amount_text", "question", "step_lines", "step_text"]

MARKS: Mapping[Truth, str] = {Truth.YES: "✓", Truth.NO: "✗", Truth.UNKNOWN: "?"}
TRUTHS: Mapping[Truth, str] = {Truth.YES: N_("met"), Truth.NO: N_("not met"), Truth.UNKNOWN: N_("unknown")}


def step_lines(tr: Translator, step: Step, depth: int = 0) -> Iterator[tuple[int, Truth, str]]:
    """The lines of a trace: depth, truth, sentence. The outermost *all* has no line of its own."""
    is_root = depth == 0 and step.node == "all"
    if not is_root:
        yield depth, step.truth, step_text(tr, step)
    for part in step.parts:
        yield from step_lines(tr, part, depth if is_root else depth + 1)


def step_text(tr: Translator, step: Step) -> str:
    """One line without its mark: '年龄不低于 40 岁：43 岁'."""
    if step.node == "any":
        return tr("One of these:")
    if step.fact is None or step.comparison is None:
        return tr("All of these:")
    wanted = tr(
        "{fact} {comparison} {limit}",
        fact=tr.term(step.fact),
        comparison=tr.term(step.comparison),
        limit=_limit(tr, step),
    )
    return tr("{condition}: {value}", condition=wanted, value=_value(tr, step.fact, step.value))


def _limit(tr: Translator, step: Step) -> str:
    assert step.fact is not None
    if step.codes:
        return tr.join(code_label(tr, step.fact, code) for code in step.codes)
    number = tr("not entered") if step.limit is None else _amount(tr, step.fact, step.limit)
    if step.parameter is None:
        return number
    name = tr(PARAMETER_NAMES[step.parameter]) if step.parameter in PARAMETER_NAMES else step.parameter
    return tr("{number} ({parameter})", number=number, parameter=name)


def _value(tr: Translator, fact: PolicyFact, value: Any) -> str:
    """What is known of a fact; 'unknown' where nothing is."""
    if value is None:
        return tr("unknown")
    if FACTS[fact].kind is FactKind.LABELS:
        return tr.join(code_label(tr, fact, code) for code in value) or tr("none")
    if isinstance(value, str):
        return code_label(tr, fact, value)
    if isinstance(value, list):
        low, high = ("" if end is None else tr.number(end, 1) for end in value)
        if low and high:
            return tr("between {low} and {high}", low=low, high=high)
        return tr("{low} or more", low=low) if low else tr("{high} or less", high=high)
    return _amount(tr, fact, float(value))


def _amount(tr: Translator, fact: PolicyFact, value: float) -> str:
    digits = 0 if value == round(value) else 1
    return f"{tr.number(value, digits)} {tr(FACTS[fact].unit)}".strip()


def question(tr: Translator, fact: PolicyFact) -> str:
    """What to ask where a fact is unknown."""
    return tr(FACTS[fact].question)


def amount_text(tr: Translator, rule: Rule, limits: Mapping[str, float]) -> str:
    """What a policy pays, in one phrase; ``limits``: parameters in force."""
    if rule.amount_kind is AmountKind.NONE:
        return tr("pays nothing itself")
    ceiling = rule.ceiling if rule.ceiling_parameter is None else limits.get(rule.ceiling_parameter)
    if ceiling is None:
        text = tr("amount not entered yet")
    elif rule.amount_kind is AmountKind.ONCE:
        text = tr("once, up to {n} yuan", n=tr.number(ceiling))
    else:
        text = tr("up to {n} yuan a month", n=tr.number(ceiling))
    if rule.months is not None:
        text = tr("{amount}, at most {n} months", amount=text, n=rule.months)
    return text
