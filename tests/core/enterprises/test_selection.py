"""The selection under a budget and rules against every subset, its reasons and the prices of its rules."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from core.enterprises.selection import Candidate, Limits, explain, prices, select
from core.terms import Tier

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        key=st.integers(0, 10_000),
        value=st.integers(0, 30),
        cost=st.integers(0, 20).map(lambda n: n * 1000.0),
        community=st.sampled_from(["甲", "乙", "丙"]),
        tier=st.sampled_from([None, *Tier]),
    ),
    max_size=8,
    unique_by=lambda c: c.key,
)
LIMITS = st.builds(
    Limits,
    budget=st.none() | st.integers(0, 60).map(lambda n: n * 1000.0),
    quota=st.none() | st.integers(0, 5),
    per_community=st.none() | st.integers(0, 2),
    lowest_tier=st.none() | st.sampled_from(list(Tier)),
)


def fits(chosen: tuple[Candidate, ...], limits: Limits) -> bool:
    places = [c.community for c in chosen]
    return (
        (limits.budget is None or sum(c.cost for c in chosen) <= limits.budget)
        and (limits.quota is None or len(chosen) <= limits.quota)
        and (limits.per_community is None or all(places.count(p) <= limits.per_community for p in places))
        and all(
            limits.lowest_tier is None or (c.tier is not None and c.tier.order >= limits.lowest_tier.order)
            for c in chosen
        )
    )


@settings(max_examples=60, deadline=None)
@given(CANDIDATES, LIMITS)
def test_no_subset_that_fits_is_worth_more_and_none_worth_as_much_is_cheaper(
    candidates: list[Candidate], limits: Limits
) -> None:
    selection = select(candidates, limits)
    assert selection is not None
    subsets = (s for k in range(len(candidates) + 1) for s in combinations(candidates, k))
    best = max((sum(c.value for c in s), -sum(c.cost for c in s)) for s in subsets if fits(s, limits))
    assert (selection.value, -selection.cost) == best
    assert fits(tuple(c for c in candidates if c.key in selection.chosen), limits)


def test_reasons_and_prices_of_a_case_by_hand() -> None:
    """Budget 10: A (6 for 6) and B (5 for 5) do not fit together, B and C (4 for 5) do: 9. The budget costs 6 persons."""
    a, b, c = (
        Candidate(1, 6, 6.0, "甲", Tier.LEADER),
        Candidate(2, 5, 5.0, "甲", Tier.GROWTH),
        Candidate(3, 4, 5.0, "乙", Tier.WATCH),
    )
    limits = Limits(budget=10.0)
    selection = select([a, b, c], limits)
    assert selection is not None
    assert (selection.chosen, selection.value, selection.cost) == ((2, 3), 9, 10.0)
    verdicts = {v.key: (v.is_chosen, v.loss) for v in explain([a, b, c], limits)}
    assert verdicts == {1: (False, 3), 2: (True, 3), 3: (True, 3)}
    assert prices([a, b, c], limits) == {"budget": 6}
    strict = Limits(budget=10.0, lowest_tier=Tier.GROWTH)
    assert [v.loss for v in explain([a, b, c], strict)] == [1, 1, None]
    assert prices([a, b, c], strict) == {"budget": 5, "lowest_tier": 3}
    assert select([], limits) is not None
