from __future__ import annotations

import numpy as np
import pytest

from core.matching.ranking import contenders as module
from core.matching.ranking.contenders import contenders
from core.matching.ranking.scoring import Profile, is_rankable, scores, top


def random_profile(rng: np.random.Generator, n: int, levels: int) -> Profile:
    """Factors on a few levels, so that many are equal; a tenth is unknown."""
    x = rng.integers(0, levels, (7, n)) / (levels - 1)
    return Profile.of(np.where(rng.random(x.shape) < 0.1, np.nan, x), [5000] * 7)


def first_of(profile: Profile, weights: np.ndarray, ids: np.ndarray, top_n: int, rows: np.ndarray) -> list[int]:
    """Ids of the first ``top_n`` among ``rows``."""
    result = scores(profile.take(rows), weights)
    ranked = rows[is_rankable(result, 0.6)]
    return list(ids[ranked[top(scores(profile.take(ranked), weights).total, ids[ranked], top_n)]])


@pytest.mark.parametrize("probes", [module.PROBES, 60])
@pytest.mark.parametrize("levels", [2, 4, 1000])
def test_the_first_of_the_contenders_are_the_first_of_all_under_any_weights(
    monkeypatch: pytest.MonkeyPatch, levels: int, probes: int
) -> None:
    monkeypatch.setattr(module, "PROBES", probes)
    rng = np.random.default_rng(levels)
    profile, ids = random_profile(rng, 400, levels), rng.permutation(4000)[:400]
    some, everyone = contenders(profile, ids, 5), np.arange(400)
    assert len(some) < 400
    assert (np.diff(ids[some]) > 0).all()
    for share in rng.uniform(0, 1, 150):
        weights = rng.integers(0, 101, 7) * (rng.random(7) < share)
        weights[rng.integers(7)] += 1
        assert first_of(profile, weights, ids, 5, some) == first_of(profile, weights, ids, 5, everyone)


def test_a_row_stays_while_fewer_than_n_are_ahead_whatever_the_weights() -> None:
    x = np.full((7, 4), 0.5)
    x[:, 0], x[:, 1] = 0.9, 0.8
    x[0, 3] = 0.4
    profile = Profile.of(x, [5000] * 7)
    assert contenders(profile, np.array([4, 3, 2, 1]), 3).tolist() == [
        3,
        2,
        1,
        0,
    ]  # 1 ties with 2 on all but one factor
    assert contenders(profile, np.array([4, 3, 2, 1]), 2).tolist() == [1, 0]
    assert contenders(profile, np.array([1, 2, 3, 4]), 1).tolist() == [0]


def test_who_is_better_but_less_known_does_not_keep_anyone_out() -> None:
    x = np.full((7, 2), 0.5)
    x[:, 0] = 0.9
    x[0, 0] = np.nan
    assert contenders(Profile.of(x, [9000] * 7), np.array([1, 2]), 1).tolist() == [0, 1]


def test_nobody_gives_no_contenders() -> None:
    assert contenders(Profile.of(np.empty((7, 0)), [5000] * 7), np.empty(0, dtype=int), 10).tolist() == []
