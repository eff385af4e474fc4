"""Weights suggested from marks."""

from __future__ import annotations

import numpy as np
import pytest

from core.locale import translator
from core.matching.inputs.factors import CODES
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.scoring import Profile, normalise, scores
from core.matching.ranking.sliders import hundred
from core.matching.ranking.weight_fitting import Mark, suggest

BALANCED = normalise(BUILT_IN[0].weights)


def test_marks_that_already_hold_change_nothing() -> None:
    x = np.zeros((7, 2))
    x[0] = 0.9, 0.1
    found = suggest(Profile.of(x), BALANCED, (Mark.GOOD, Mark.NO))
    assert found.sliders == hundred(BALANCED)
    assert (found.held, found.compared) == (1, 1)
    assert suggest(Profile.of(x), BALANCED, (Mark.GOOD, Mark.GOOD)).compared == 0


def test_the_change_is_the_least_that_fits_the_marks() -> None:
    """Two factors, two people: travel must outweigh skills by a point, no more moves than needed."""
    x = np.zeros((7, 2))
    x[0], x[1] = (1.0, 0.0), (0.0, 1.0)
    weights = normalise({"skills": 60, "travel": 40})
    found = suggest(Profile.of(x), weights, (Mark.NO, Mark.GOOD))
    assert found.held == 1
    assert found.held_before == 0
    moved = sum(abs(found.sliders[c] - 100 * w) for c, w in zip(CODES, weights, strict=True))
    least = min(2 * t for t in range(61) if (60 - t) * x[0, 0] < (40 + t) * x[1, 1])
    assert moved == pytest.approx(least, abs=2)


def test_marks_that_contradict_every_weight_are_told() -> None:
    x = np.full((7, 2), 0.5)
    x[:, 1] = 0.6
    found = suggest(Profile.of(x), BALANCED, (Mark.GOOD, Mark.NO))
    assert found.held == 0
    for lang in ("zh_CN", "en"):
        assert "{" not in found.sentence(BALANCED, translator(lang))


@pytest.mark.parametrize("seed", range(20))
def test_a_suggestion_holds_at_least_as_many_comparisons_where_everything_is_known(seed: int) -> None:
    rng = np.random.default_rng(seed)
    profile = Profile.of(rng.random((7, 5)))
    target = rng.dirichlet(np.ones(7))
    order = np.argsort(-scores(profile, target).point)
    marks = [Mark.NO] * 5
    marks[order[0]], marks[order[1]] = Mark.GOOD, Mark.SO_SO
    found = suggest(profile, BALANCED, marks)
    assert found.held >= found.held_before
    assert sum(found.sliders.values()) == 100
    for lang in ("zh_CN", "en"):
        assert found.sentence(BALANCED, translator(lang))
