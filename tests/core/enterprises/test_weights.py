"""The ranking under other weights: exact bands, and the least change that a wanted place takes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.enterprises.weights import Ranking, least_change, whole_weights
from core.matching.ranking.scoring import NoWeights
from core.terms import Pillar

EVEN = np.full(6, 20, dtype=np.int64)


def made_up(n: int, seed: int = 3) -> Ranking:
    values = np.random.default_rng(seed).uniform(0.2, 1.0, (n, 6))
    return Ranking(np.arange(1, n + 1), np.log(values))


def rank(ranking: Ranking, key: int, weights: np.ndarray) -> int:
    index = ranking.index(weights)
    return 1 + int((index > index[list(ranking.keys).index(key)]).sum())


def test_the_order_is_that_of_the_geometric_index() -> None:
    ranking = made_up(20)
    by_index = [int(k) for k in ranking.keys[np.argsort(-ranking.index(EVEN))]]
    assert ranking.order(EVEN) == by_index


def test_within_a_band_the_leaders_stay_and_just_beyond_it_they_change() -> None:
    ranking, top_n = made_up(12), 3
    leaders = set(ranking.order(EVEN)[:top_n])
    for pillar, band in enumerate(ranking.bands(EVEN, top_n)):
        for share in (band.low + 1e-3, band.high - 1e-3):
            weights = np.full(6, (1 - share) / 5)
            weights[pillar] = share
            assert {int(k) for k in ranking.keys[np.argsort(-ranking.index(weights))[:top_n]]} == leaders
        for swap, step in ((band.below, -2e-3), (band.above, 2e-3)):
            if swap is not None and 0 < swap.at + step < 1:
                weights = np.full(6, (1 - swap.at - step) / 5)
                weights[pillar] = swap.at + step
                after = {int(k) for k in ranking.keys[np.argsort(-ranking.index(weights))[:top_n]]}
                assert after == leaders - {swap.leaves} | {swap.enters}


def test_the_least_change_of_a_case_by_hand() -> None:
    """A has (1, 1/e) in two pillars, B (1/e, 1), all else alike: ln P is (0, −1) and (−1, 0). With weights .5 + d and .5 − d
    B is ahead where its pillar outweighs A's: from even weights the least change that puts A first is to outweigh by a hair.
    From .3 : .7 the first pillar must rise to .5: two tenths change hands.
    """
    logs = np.zeros((2, 6))
    logs[0, 1] = logs[1, 0] = -1.0
    ranking = Ranking(np.array([7, 8]), logs)
    weights = np.array([0.3, 0.7, 0, 0, 0, 0])
    change = least_change(ranking, 7, 1, weights)
    assert change is not None
    assert change.shifted == pytest.approx(0.2, abs=1e-5)
    assert change.passed == (8,)


def test_a_place_held_already_takes_no_change_and_a_dominated_one_has_none() -> None:
    ranking = made_up(6)
    first = ranking.order(EVEN)[0]
    held = least_change(ranking, first, 1, EVEN)
    assert held is not None
    assert held.shifted == pytest.approx(0, abs=1e-6)
    assert held.changes == []
    worse = Ranking(np.array([1, 2]), np.log(np.array([[0.5] * 6, [0.6] * 6])))
    assert least_change(worse, 1, 1, EVEN) is None
    with pytest.raises(ValueError, match="no place"):
        least_change(worse, 3, 1, EVEN)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 8), st.integers(1, 8))
def test_a_challenge_reaches_its_place_and_no_random_weights_do_it_with_less(seed: int, key: int, place: int) -> None:
    ranking = made_up(8, seed)
    change = least_change(ranking, key, place, EVEN)
    tries = np.random.default_rng(seed).dirichlet(np.ones(6) * 3, 300)
    reached = [w for w in tries if rank(ranking, key, w) <= place]
    if change is None:
        assert not reached
        return
    assert rank(ranking, key, np.array(list(change.after.values()))) <= place
    even = np.full(6, 1 / 6)
    assert all(np.abs(w - even).sum() / 2 >= change.shifted - 1e-4 for w in reached)


def test_sliders_of_zero_rank_nothing() -> None:
    with pytest.raises(NoWeights):
        whole_weights(dict.fromkeys(Pillar, 0))
