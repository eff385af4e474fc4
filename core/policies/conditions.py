"""Conditions as data, and their value for many people or enterprises at once in Kleene's three-valued logic.

A condition compares one fact of a closed list with a value; ``AllOf`` and ``AnyOf`` join conditions. A truth is 1 (met),
-1 (not met) or 0 (unknown), so that *all* is the minimum and *any* the maximum (Kleene 1938, "strong" tables): what is
unknown decides nothing, unless another condition decides without it.

A number is known as an interval: exact where both ends agree, unknown where it is everything. A woman's age of retirement
depends on her post, so until that is asked the years left lie between two values, and a limit outside of them is decided
already.

    node = AllOf((Condition(PolicyFact.AGE, Comparison.AT_LEAST, value=40), …))
    result = evaluate(node, facts, limits)      # limits: dated parameters in force
    result.truth[row], trace(result, facts, row)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from math import inf, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.terms import Comparison, PolicyFact

__all__ = [
    "NOTHING",
    "AllOf",
    "AnyOf",
    "Condition",
    "FactTable",
    "Interval",
    "Node",
    "Result",
    "Step",
    "Truth",
    "evaluate",
    "leaves",
    "node_from_json",
    "node_to_json",
    "open_facts",
    "trace",
]

NOTHING = "nothing"
"""Code of a choice that is known to be none: the form of work of somebody who does not work."""

Truths = NDArray[np.int8]
Mask = NDArray[np.bool_]
Interval = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Lower and upper end of a number, (n,) each."""


class Truth(IntEnum):
    """Whether a condition is met."""

    NO = -1
    UNKNOWN = 0
    YES = 1


@dataclass(frozen=True)
class Condition:
    """A fact compared with a number (``value``), a dated parameter (``parameter``) or codes (``codes``)."""

    fact: PolicyFact
    comparison: Comparison
    value: float | None = None
    parameter: str | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class AllOf:
    """Met if every part is."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class AnyOf:
    """Met if one part is."""

    parts: tuple[Node, ...]


Node = Condition | AllOf | AnyOf


@dataclass(frozen=True, eq=False)
class FactTable:
    """Facts of n people or enterprises on a day, row by row in the order of ``ids``.

    ``numbers``: an interval; unknown is (-inf, inf). ``choices``: a code, ``NOTHING``, or None for unknown. ``labels``: a
    frozenset of codes. A fact that is in none of them is unknown of everyone.
    """

    ids: NDArray[np.int64]
    numbers: Mapping[PolicyFact, Interval] = field(default_factory=dict)
    choices: Mapping[PolicyFact, NDArray[np.object_]] = field(default_factory=dict)
    labels: Mapping[PolicyFact, NDArray[np.object_]] = field(default_factory=dict)

    def row_of(self, subject: int) -> int:
        """The row of an id; KeyError if it is not there."""
        rows = np.flatnonzero(self.ids == subject)
        if not len(rows):
            raise KeyError(subject)
        return int(rows[0])


@dataclass(frozen=True, eq=False)
class Result:
    """A node with its truth for every row; ``limit`` is the number that a condition compared with, None if none is in force."""

    node: Node
    truth: Truths
    parts: tuple[Result, ...] = ()
    limit: float | None = None


@dataclass(frozen=True)
class Step:
    """One line of a trace. ``value`` is what is known of the fact: None, a number, [low, high] with None for an open end,
    a code, or a list of codes."""

    truth: Truth
    node: str  # "all", "any" or "condition"
    fact: PolicyFact | None = None
    comparison: Comparison | None = None
    limit: float | None = None
    parameter: str | None = None
    codes: tuple[str, ...] = ()
    value: Any = None
    parts: tuple[Step, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a document of plain JSON values."""
        if self.fact is None or self.comparison is None:
            return {"truth": int(self.truth), "node": self.node, "parts": [part.to_json() for part in self.parts]}
        return {
            "truth": int(self.truth),
            "node": self.node,
            "fact": self.fact.value,
            "comparison": self.comparison.value,
            "limit": self.limit,
            "parameter": self.parameter,
            "codes": list(self.codes),
            "value": self.value,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Step:
        """The inverse of ``to_json``."""
        if "fact" not in content:
            parts = tuple(cls.from_json(part) for part in content["parts"])
            return cls(Truth(content["truth"]), content["node"], parts=parts)
        return cls(
            truth=Truth(content["truth"]),
            node=content["node"],
            fact=PolicyFact.of(content["fact"]),
            comparison=Comparison.of(content["comparison"]),
            limit=content["limit"],
            parameter=content["parameter"],
            codes=tuple(content["codes"]),
            value=content["value"],
        )


def node_to_json(node: Node) -> dict[str, Any]:
    """A condition as a document of plain JSON values."""
    if isinstance(node, AllOf):
        return {"all": [node_to_json(part) for part in node.parts]}
    if isinstance(node, AnyOf):
        return {"any": [node_to_json(part) for part in node.parts]}
    content: dict[str, Any] = {"fact": node.fact.value, "is": node.comparison.value}
    if node.parameter is not None:
        return content | {"parameter": node.parameter}
    return content | ({"codes": list(node.codes)} if node.value is None else {"value": node.value})


def node_from_json(content: Mapping[str, Any]) -> Node:
    """The inverse of ``node_to_json``; KeyError or ValueError for anything else."""
    if "all" in content:
        return AllOf(tuple(node_from_json(part) for part in content["all"]))
    if "any" in content:
        return AnyOf(tuple(node_from_json(part) for part in content["any"]))
    value = content.get("value")
    return Condition(
        fact=PolicyFact.of(content["fact"]),
        comparison=Comparison.of(content["is"]),
        value=None if value is None else float(value),
        parameter=content.get("parameter"),
        codes=tuple(content.get("codes", ())),
    )


def leaves(node: Node) -> list[Condition]:
    """Every comparison below a node, in order."""
    if isinstance(node, Condition):
        return [node]
    return [leaf for part in node.parts for leaf in leaves(part)]


def evaluate(node: Node, facts: FactTable, limits: Mapping[str, float]) -> Result:
    """The truth of ``node`` for every row of ``facts``; ``limits`` are the parameters in force, by name."""
    if isinstance(node, Condition):
        return _compare(node, facts, limits)
    parts = tuple(evaluate(part, facts, limits) for part in node.parts)
    is_all = isinstance(node, AllOf)
    truth = np.full(len(facts.ids), Truth.YES if is_all else Truth.NO, dtype=np.int8)
    for part in parts:
        truth = np.minimum(truth, part.truth) if is_all else np.maximum(truth, part.truth)
    return Result(node, truth, parts)


def _compare(condition: Condition, facts: FactTable, limits: Mapping[str, float]) -> Result:
    fact, n = condition.fact, len(facts.ids)
    if fact in facts.numbers:
        limit = limits.get(condition.parameter) if condition.parameter is not None else condition.value
        if limit is None:
            return Result(condition, np.zeros(n, dtype=np.int8))
        low, high = facts.numbers[fact]
        return Result(condition, _truths(*_number(condition.comparison, low, high, limit)), limit=limit)
    wanted = frozenset(condition.codes)
    if fact in facts.choices:
        known = np.array([code is not None for code in facts.choices[fact]], dtype=bool)
        holds = np.array([code in wanted for code in facts.choices[fact]], dtype=bool)
    elif fact in facts.labels:
        known = np.ones(n, dtype=bool)
        holds = np.array([not wanted.isdisjoint(codes) for codes in facts.labels[fact]], dtype=bool)
    else:
        return Result(condition, np.zeros(n, dtype=np.int8))
    if condition.comparison is Comparison.NONE_OF:
        holds = ~holds
    return Result(condition, _truths(known & holds, known & ~holds))


def _number(comparison: Comparison, low: NDArray[Any], high: NDArray[Any], limit: float) -> tuple[Mask, Mask]:
    """Where every value of the interval meets the comparison, and where none does."""
    if comparison is Comparison.AT_LEAST:
        return low >= limit, high < limit
    if comparison is Comparison.ABOVE:
        return low > limit, high <= limit
    if comparison is Comparison.AT_MOST:
        return high <= limit, low > limit
    if comparison is Comparison.BELOW:
        return high < limit, low >= limit
    raise ValueError(f"{comparison.value} does not compare numbers")


def _truths(yes: Mask, no: Mask) -> Truths:
    return yes.astype(np.int8) - no.astype(np.int8)


def open_facts(result: Result) -> dict[PolicyFact, Mask]:
    """The facts that keep a result unknown: fact → the rows in which an answer to it could decide."""
    undecided: dict[PolicyFact, Mask] = {}

    def visit(part: Result, rows: Mask) -> None:
        rows = rows & (part.truth == Truth.UNKNOWN)
        if isinstance(part.node, Condition):
            if rows.any():
                undecided[part.node.fact] = undecided.get(part.node.fact, np.zeros(len(rows), dtype=bool)) | rows
            return
        for below in part.parts:
            visit(below, rows)

    visit(result, np.ones(len(result.truth), dtype=bool))
    return undecided


def trace(result: Result, facts: FactTable, row: int) -> Step:
    """How one row came to its truth, condition by condition, with the values used."""
    truth = Truth(int(result.truth[row]))
    node = result.node
    if not isinstance(node, Condition):
        parts = tuple(trace(part, facts, row) for part in result.parts)
        return Step(truth, "all" if isinstance(node, AllOf) else "any", parts=parts)
    return Step(
        truth,
        "condition",
        fact=node.fact,
        comparison=node.comparison,
        limit=result.limit,
        parameter=node.parameter,
        codes=node.codes,
        value=_known_value(node.fact, facts, row),
    )


def _known_value(fact: PolicyFact, facts: FactTable, row: int) -> Any:
    if fact in facts.numbers:
        low, high = (float(end[row]) for end in facts.numbers[fact])
        if low == high:
            return low
        return None if (low, high) == (-inf, inf) else [end if isfinite(end) else None for end in (low, high)]
    if fact in facts.choices:
        return facts.choices[fact][row]
    return sorted(facts.labels[fact][row]) if fact in facts.labels else None
