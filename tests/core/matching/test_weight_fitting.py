"""Weights suggested from marks."""

from __future__ import annotations

import numpy as np
import pytest

from core.locale import translator
from core.matching.inputs.factors import CODES
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.scoring import Profile, as_weights, scores
from core.matching.ranking.sliders import hundred
from core.matching.ranking.weight_fitting import Mark, suggest

BALANCED = as_weights(BUILT_IN[0].weights)


def profile_of(x: np.ndarray) -> Profile:
    return Profile.of(x, [4000] * len(x))


def test_marks_that_already_hold_change_nothing() -> None:
    x = np.zeros((7, 2))
    x[0] = 0.9, 0.1
    suggestion = suggest(profile_of(x), BALANCED, (Mark.GOOD, Mark.NO))
    assert suggestion.sliders == hundred(BALANCED)
    assert (suggestion.held, suggestion.compared) == (1, 1)
    assert suggest(profile_of(x), BALANCED, (Mark.GOOD, Mark.GOOD)).compared == 0


def test_the_change_is_the_least_that_fits_the_marks() -> None:
    """Two factors, two people: travel must outweigh skills by a point, no more moves than needed."""
    x = np.zeros((7, 2))
    x[0], x[1] = (1.0, 0.0), (0.0, 1.0)
    weights = as_weights({"skills": 60, "travel": 40})
    suggestion = suggest(profile_of(x), weights, (Mark.NO, Mark.GOOD))
    assert suggestion.held == 1
    assert suggestion.held_before == 0
    moved = sum(abs(suggestion.sliders[c] - w) for c, w in zip(CODES, weights.tolist(), strict=True))
    least = min(2 * t for t in range(61) if (60 - t) * x[0, 0] < (40 + t) * x[1, 1])
    assert moved == pytest.approx(least, abs=2)


def test_marks_that_contradict_every_weight_are_told() -> None:
    x = np.full((7, 2), 0.5)
    x[:, 1] = 0.6
    suggestion = suggest(profile_of(x), BALANCED, (Mark.GOOD, Mark.NO))
    assert suggestion.held == 0
    for lang in ("zh_CN", "en"):
        assert "{" not in suggestion.sentence(BALANCED, translator(lang))


@pytest.mark.parametrize("seed", range(20))
def test_a_suggestion_holds_at_least_as_many_comparisons_where_everything_is_known(seed: int) -> None:
    rng = np.random.default_rng(seed)
    profile = profile_of(rng.random((7, 5)))
    target = rng.integers(0, 101, 7)
    order = np.argsort(-scores(profile, target).total)
    marks = [Mark.NO] * 5
    marks[order[0]], marks[order[1]] = Mark.GOOD, Mark.SO_SO
    suggestion = suggest(profile, BALANCED, marks)
    assert suggestion.held >= suggestion.held_before
    assert sum(suggestion.sliders.values()) == 100
    for lang in ("zh_CN", "en"):
        assert suggestion.sentence(BALANCED, translator(lang))


def brute(differences: np.ndarray, current: np.ndarray) -> tuple[int, int]:
    """(most comparisons that whole sliders with three weights match, least change among those), by trying them all."""
    best = (-1, 0)
    for a in range(101):
        for b in range(101 - a):
            w = np.array([a, b, 100 - a - b])
            best = max(best, (int((differences @ w > 0).sum()), -int(np.abs(w - current).sum())))
    return best[0], -best[1]


@pytest.mark.parametrize("seed", range(40))
def test_as_many_comparisons_hold_as_any_whole_sliders_allow(seed: int) -> None:
    """Three factors, four people, every rating: the number held is the greatest of all sliders that sum to 100."""
    rng = np.random.default_rng(seed)
    x = np.zeros((7, 4))
    x[:3] = rng.random((3, 4)).round(2 + seed % 2)
    profile, weights = profile_of(x), np.array([50, 30, 20, 0, 0, 0, 0])
    marks = [Mark(int(mark)) for mark in rng.integers(0, 3, 4)]
    pairs = [(a, b) for a in range(4) for b in range(4) if marks[a] > marks[b]]
    if not pairs:
        return
    values = profile.values[:3].astype(int)
    differences = np.array([values[:, a] - values[:, b] for a, b in pairs])
    suggestion = suggest(profile, weights, marks)
    held, least = brute(differences, weights[:3])
    assert suggestion.held == held
    moved = sum(abs(suggestion.sliders[code] - w) for code, w in zip(CODES, weights.tolist(), strict=True))
    assert moved >= least
