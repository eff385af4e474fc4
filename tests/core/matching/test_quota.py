"""A quota changes the list shown as little as possible and never the order of scores."""

from __future__ import annotations

from itertools import combinations
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.matching.ranking.quota import with_quota

people = st.integers(0, 9).flatmap(
    lambda n: st.tuples(st.permutations(range(n)), st.lists(st.booleans(), min_size=n, max_size=n))
)


def brute(ranked: list[int], group: list[bool], top_n: int, required: int) -> tuple[int, ...]:
    """Of all lists of the right length: first the most members up to ``required``, then fewest changes, then best places."""
    first = set(ranked[:top_n])
    lists = combinations(range(len(ranked)), min(top_n, len(ranked)))  # places, best lists first
    best = max(
        lists,
        key=lambda places: (
            min(sum(group[ranked[p]] for p in places), required),
            sum(ranked[p] in first for p in places),
            [-p for p in places if group[ranked[p]]],
            [-p for p in places],
        ),
    )
    return tuple(ranked[p] for p in best)


@given(people, st.integers(0, 10), st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0]))
def test_the_list_is_the_one_that_brute_force_finds(drawn: tuple, top_n: int, share: float) -> None:
    ranked, group = list(drawn[0]), list(drawn[1])
    selection = with_quota(np.array(ranked, dtype=np.intp), np.array(group, dtype=bool), top_n, share)
    assert selection.required == ceil(round(share * top_n, 6))
    assert tuple(selection.rows.tolist()) == brute(ranked, group, top_n, selection.required)


@given(people, st.integers(0, 10), st.floats(0, 1))
def test_who_came_in_and_who_went_out_account_for_every_change(drawn: tuple, top_n: int, share: float) -> None:
    ranked, group = np.array(drawn[0], dtype=np.intp), np.array(drawn[1], dtype=bool)
    quota, plain = with_quota(ranked, group, top_n, share), set(ranked[:top_n].tolist())
    assert set(quota.rows.tolist()) == plain - set(quota.displaced.tolist()) | set(quota.brought_in.tolist())
    assert len(quota.rows) == min(top_n, len(ranked))
    assert len(quota.brought_in) == len(quota.displaced)
    assert group[quota.brought_in].all()
    assert not group[quota.displaced].any()
    place = {row: n for n, row in enumerate(ranked.tolist())}
    assert sorted(quota.rows.tolist(), key=place.__getitem__) == quota.rows.tolist()
    assert quota.reached == group[quota.rows].sum()
    assert quota.met or quota.reached == min(group[ranked].sum(), len(quota.rows))


def test_the_lowest_of_the_others_make_room_for_the_best_of_the_group() -> None:
    ranked = np.array([7, 3, 5, 1, 6, 0, 2, 4])
    group = np.isin(np.arange(8), [3, 0, 4])
    selection = with_quota(ranked, group, 5, 0.5)
    assert selection.rows.tolist() == [7, 3, 5, 0, 4]
    assert (selection.brought_in.tolist(), selection.displaced.tolist()) == ([0, 4], [1, 6])
    assert (selection.required, selection.reached, selection.met) == (3, 3, True)


def test_a_quota_that_is_met_already_changes_nothing() -> None:
    ranked, group = np.arange(10), np.arange(10) % 2 == 0
    selection = with_quota(ranked, group, 4, 0.5)
    assert selection.rows.tolist() == [0, 1, 2, 3]
    assert len(selection.brought_in) == len(selection.displaced) == 0
    assert with_quota(ranked, group, 4, 0).rows.tolist() == [0, 1, 2, 3]


def test_a_group_that_is_too_small_gives_what_it_has_and_says_so() -> None:
    selection = with_quota(np.arange(6), np.arange(6) == 5, 3, 1.0)
    assert selection.rows.tolist() == [0, 1, 5]
    assert (selection.required, selection.reached, selection.met) == (3, 1, False)


def test_a_share_of_thirty_is_no_seat_more_than_it_says() -> None:
    assert with_quota(np.arange(40), np.zeros(40, dtype=bool), 30, 0.1).required == 3
    assert with_quota(np.arange(40), np.zeros(40, dtype=bool), 20, 0.3).required == 6
    assert with_quota(np.arange(40), np.zeros(40, dtype=bool), 5, 0.3).required == 2


@pytest.mark.parametrize(("top_n", "share"), [(5, -0.1), (5, 1.1), (5, float("nan")), (-1, 0.3)])
def test_a_share_outside_nought_to_one_and_a_negative_length_are_refused(top_n: int, share: float) -> None:
    with pytest.raises(ValueError, match="quota"):
        with_quota(np.arange(3), np.ones(3, dtype=bool), top_n, share)
