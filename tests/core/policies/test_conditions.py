"""Conditions in three-valued logic: what is unknown decides nothing unless another condition decides."""

from __future__ import annotations

from itertools import product
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.locale import LANGUAGES, translator
from core.policies.condition_table import condition_of, lines_of, read_value, value_text
from core.policies.conditions import (
    AllOf,
    AnyOf,
    Condition,
    FactTable,
    Node,
    Step,
    Truth,
    evaluate,
    leaves,
    node_from_json,
    node_to_json,
    open_facts,
    trace,
)
from core.policies.vocabulary import FACTS, FactKind
from core.terms import Comparison, PolicyFact, Sex, YesNo

AGE, SEX, OWNS = PolicyFact.AGE, PolicyFact.SEX, PolicyFact.OWNS_BUSINESS
AGES = (39.0, 40.0, 41.0)
CHOICES = {SEX: tuple(s.value for s in Sex), OWNS: tuple(a.value for a in YesNo)}

ages = st.builds(
    Condition,
    st.just(AGE),
    st.sampled_from([Comparison.AT_LEAST, Comparison.ABOVE, Comparison.AT_MOST, Comparison.BELOW]),
    value=st.sampled_from(AGES),
)
choices = st.sampled_from([SEX, OWNS]).flatmap(
    lambda fact: st.builds(
        Condition,
        st.just(fact),
        st.sampled_from([Comparison.ONE_OF, Comparison.NONE_OF]),
        codes=st.lists(st.sampled_from(CHOICES[fact]), min_size=1, unique=True).map(tuple),
    )
)
conditions = ages | choices
nodes: st.SearchStrategy[Node] = st.recursive(
    conditions,
    lambda below: st.builds(
        lambda join, parts: join(tuple(parts)), st.sampled_from([AllOf, AnyOf]), st.lists(below, min_size=1, max_size=3)
    ),
    max_leaves=6,
)


def table(age: tuple[float, float], sex: str | None, owns: str | None) -> FactTable:
    low, high = age
    return FactTable(
        ids=np.array([1]),
        numbers={AGE: (np.array([low]), np.array([high]))},
        choices={SEX: np.array([sex], dtype=object), OWNS: np.array([owns], dtype=object)},
    )


def truth(node: Node, facts: FactTable) -> Truth:
    return Truth(int(evaluate(node, facts, {}).truth[0]))


@given(
    nodes,
    st.sampled_from([(a, b) for a, b in product((*AGES, -inf, inf), repeat=2) if a <= b and a < inf and b > -inf]),
    st.sampled_from([None, *CHOICES[SEX]]),
    st.sampled_from([None, *CHOICES[OWNS]]),
)
def test_an_answer_holds_whatever_the_unknown_facts_turn_out_to_be(
    node: Node, age: tuple[float, float], sex: str | None, owns: str | None
) -> None:
    low, high = age
    known = truth(node, table(age, sex, owns))
    completed = {
        truth(node, table((years, years), its_sex, answer))
        for years in (38.0, *AGES, 42.0)
        if low <= years <= high
        for its_sex in (CHOICES[SEX] if sex is None else [sex])
        for answer in (CHOICES[OWNS] if owns is None else [owns])
    }

    assert Truth.UNKNOWN not in completed
    assert known is Truth.UNKNOWN or completed == {known}


@settings(max_examples=60)
@given(nodes, st.sampled_from([None, *CHOICES[SEX]]))
def test_an_unknown_answer_names_the_facts_that_keep_it_open(node: Node, sex: str | None) -> None:
    facts = table((-inf, inf), sex, YesNo.YES.value)
    result = evaluate(node, facts, {})
    asked = set(open_facts(result))

    assert (result.truth[0] == Truth.UNKNOWN) == bool(asked)
    assert asked <= {AGE} | (set() if sex else {SEX})


@settings(max_examples=60)
@given(nodes)
def test_a_condition_and_its_trace_come_back_from_their_documents(node: Node) -> None:
    facts = table((39.0, 41.0), None, YesNo.NO.value)
    step = trace(evaluate(node, facts, {}), facts, 0)

    assert node_from_json(node_to_json(node)) == node
    assert Step.from_json(step.to_json()) == step
    assert step.truth is truth(node, facts)


def one_of(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


alternatives = st.lists(conditions, min_size=1, max_size=2).map(
    lambda own: own[0] if len(own) == 1 else AllOf(tuple(own))
)


@settings(max_examples=60)
@given(st.lists(st.lists(alternatives, min_size=1, max_size=3).map(one_of), min_size=1, max_size=3))
def test_a_table_of_lines_is_the_same_condition(blocks: list[Any]) -> None:
    flat = AllOf(tuple(block for block in blocks if not isinstance(block, AllOf))) if blocks else AllOf(())
    node = flat if flat.parts else AllOf((blocks[0].parts[0],))
    tr = translator()
    lines = lines_of(node)

    assert condition_of(lines) == node
    assert [line.condition for line in lines] == leaves(node)
    for line in lines:
        own = line.condition
        assert read_value(tr, own.fact, own.comparison, value_text(tr, own)) == own


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_label_of_a_fact_is_read_back_even_where_it_holds_commas(lang: str) -> None:
    tr = translator(lang)
    for fact, shape in FACTS.items():
        if shape.kind is not FactKind.NUMBER:
            own = Condition(fact, Comparison.ONE_OF, codes=shape.codes)
            assert read_value(tr, fact, Comparison.ONE_OF, value_text(tr, own)) == own


def test_a_parameter_that_is_not_in_force_leaves_the_condition_unknown() -> None:
    limit = Condition(AGE, Comparison.AT_LEAST, parameter="older_age_women")
    facts = table((41.0, 41.0), None, None)

    assert truth(limit, facts) is Truth.UNKNOWN
    assert evaluate(limit, facts, {"older_age_women": 40}).truth[0] == Truth.YES
