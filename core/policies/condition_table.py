"""Conditions as a table that somebody edits: a line each, in numbered blocks and alternatives.

All blocks must hold; a block holds if one of its alternatives does; an alternative if all its lines do. Every condition can
be written like that, and the table comes back as the same condition.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from core.locale import Translator
from core.policies.conditions import NOTHING, AllOf, AnyOf, Condition, Node
from core.policies.rules import InvalidRule
from core.policies.vocabulary import FACTS, FactKind, code_label
from core.store.settings import PARAMETER_NAMES
from core.terms import Comparison, PolicyFact

__all__ = ["ConditionLine", "condition_of", "lines_of", "read_value", "value_text"]


@dataclass(frozen=True)
class ConditionLine:
    """A comparison with its place: ``block`` and ``alternative`` are counted from 1."""

    block: int
    alternative: int
    condition: Condition


def lines_of(node: Node) -> list[ConditionLine]:
    """The lines of a condition; ValueError where alternatives are nested deeper than the table can show."""
    blocks = node.parts if isinstance(node, AllOf) else (node,)
    return [
        ConditionLine(b, a, leaf)
        for b, block in enumerate(blocks, 1)
        for a, alternative in enumerate(block.parts if isinstance(block, AnyOf) else (block,), 1)
        for leaf in _conjunction(alternative)
    ]


def _conjunction(node: Node) -> tuple[Condition, ...]:
    parts = node.parts if isinstance(node, AllOf) else (node,)
    if not all(isinstance(part, Condition) for part in parts):
        raise ValueError("alternatives are nested too deep for a table")
    return tuple(part for part in parts if isinstance(part, Condition))


def condition_of(lines: list[ConditionLine]) -> Node:
    """The condition of a table, in the order of blocks and alternatives; InvalidRule without lines."""
    if not lines:
        raise InvalidRule("conditions")
    ordered = sorted(lines, key=attrgetter("block", "alternative"))
    blocks: list[Node] = []
    for _, block in groupby(ordered, key=attrgetter("block")):
        alternatives = [
            _one_or(AllOf, [line.condition for line in own]) for _, own in groupby(block, key=attrgetter("alternative"))
        ]
        blocks.append(_one_or(AnyOf, alternatives))
    return AllOf(tuple(blocks))


def _one_or(join: type[AllOf] | type[AnyOf], parts: list[Condition] | list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else join(tuple(parts))


def value_text(tr: Translator, condition: Condition) -> str:
    """What a condition compares with, as ``read_value`` reads it back: '40', '低保、残疾', '＝公益性岗位：最长年限'."""
    if condition.parameter is not None:
        return PARAMETER_MARK + tr(PARAMETER_NAMES[condition.parameter])
    if condition.value is not None:
        return f"{condition.value:g}"
    return tr.join(code_label(tr, condition.fact, code) for code in condition.codes)


PARAMETER_MARK = "="
SEPARATOR = re.compile("[、,，;；]")


def read_value(tr: Translator, fact: PolicyFact, comparison: Comparison, text: str) -> Condition:
    """The comparison that a line says; InvalidRule where the value does not fit the fact.

    A number, the name of a parameter after '=', or labels or codes between commas.
    """
    text = text.strip()
    if FACTS[fact].kind is FactKind.NUMBER:
        if text.startswith(PARAMETER_MARK):
            return Condition(fact, comparison, parameter=_parameter(tr, text.removeprefix(PARAMETER_MARK).strip()))
        try:
            return Condition(fact, comparison, value=float(text.replace(",", "")))
        except ValueError:
            raise InvalidRule("number", fact=fact) from None
    codes = _codes(_parts(text), _labels(tr, fact))
    if not codes:
        raise InvalidRule("codes", fact=fact, allowed=FACTS[fact].codes)
    return Condition(fact, comparison, codes=codes)


def _codes(parts: tuple[str, ...], labels: Mapping[tuple[str, ...], str]) -> tuple[str, ...]:
    """The codes of a list of labels, () where one is none; a label that holds commas itself goes before a shorter one."""
    codes: list[str] = []
    while parts:
        length = next((n for n in range(len(parts), 0, -1) if parts[:n] in labels), None)
        if length is None:
            return ()
        codes.append(labels[parts[:length]])
        parts = parts[length:]
    return tuple(codes)


def _parts(text: str) -> tuple[str, ...]:
    """What is written between commas."""
    return tuple(part.strip().casefold() for part in SEPARATOR.split(text) if part.strip())


def _parameter(tr: Translator, name: str) -> str:
    keys = {tr(label): key for key, label in PARAMETER_NAMES.items()} | {key: key for key in PARAMETER_NAMES}
    if name not in keys:
        raise InvalidRule("parameter", name=name)
    return keys[name]


def _labels(tr: Translator, fact: PolicyFact) -> Mapping[tuple[str, ...], str]:
    """What may be written, as ``_parts`` → code."""
    return {
        _parts(written): code
        for code in FACTS[fact].codes
        for written in (code, code_label(tr, fact, code), *(() if code == NOTHING else _both(fact, code)))
    }


def _both(fact: PolicyFact, code: str) -> tuple[str, ...]:
    term = FACTS[fact].term
    member = None if term is None else term.parse(code)
    return () if member is None else (member.zh, member.en)
