"""Locks, evening out, and weights suggested from marks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.locale import translator
from core.matching.inputs.factors import CODES
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.scoring import Profile, normalise, scores
from core.matching.ranking.weight_fitting import Mark, evened, hundred, rescaled, suggest

BALANCED = normalise(BUILT_IN[0].weights)
sliders = st.lists(st.integers(0, 100), min_size=7, max_size=7).map(lambda v: dict(zip(CODES, v, strict=True)))


def test_a_locked_slider_stays_while_the_others_share_the_rest_as_before() -> None:
    start = dict(zip(CODES, (30, 20, 20, 10, 10, 10, 0), strict=True))
    found = rescaled({**start, "travel": 45}, "travel", {"skills"})
    assert found["skills"] == 30
    assert found["travel"] == 45
    assert sum(found.values()) == 100
    assert found["hours"] == 2 * found["pay"] == 10


@given(sliders, st.sampled_from(CODES), st.sets(st.sampled_from(CODES), max_size=6))
def test_locked_sliders_never_move(start: dict[str, int], moved: str, locked: set[str]) -> None:
    found = rescaled(start, moved, locked)
    assert all(found[code] == start[code] for code in locked - {moved})
    assert all(0 <= value <= 100 for value in found.values())
    if sum(start[code] for code in locked - {moved}) <= 100 and len(locked | {moved}) < 7:
        assert sum(found.values()) == 100


def test_evening_out_gives_each_free_slider_the_same() -> None:
    start = dict(BUILT_IN[0].weights)
    assert set(evened(start, ()).values()) == {50}
    found = evened(start, {"skills"})
    assert found["skills"] == 30
    assert sum(found.values()) == 100
    assert max(v for c, v in found.items() if c != "skills") - min(v for c, v in found.items() if c != "skills") <= 1
    assert evened(start, CODES) == start


@given(st.lists(st.floats(0.001, 1), min_size=7, max_size=7))
def test_whole_sliders_sum_to_a_hundred_and_stay_close(values: list[float]) -> None:
    weights = np.array(values) / sum(values)
    found = hundred(weights)
    assert sum(found.values()) == 100
    assert np.abs(np.array(list(found.values())) - 100 * weights).max() <= 1


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
