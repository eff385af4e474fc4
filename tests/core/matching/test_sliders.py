"""Locked sliders, evening out, whole sliders that sum to a hundred."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.matching.inputs.factors import CODES
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.sliders import evened, hundred, rescaled

sliders = st.lists(st.integers(0, 100), min_size=7, max_size=7).map(lambda v: dict(zip(CODES, v, strict=True)))


def test_a_locked_slider_stays_while_the_others_share_the_rest_as_before() -> None:
    start = dict(zip(CODES, (30, 20, 20, 10, 10, 10, 0), strict=True))
    weights_after = rescaled({**start, "travel": 45}, "travel", {"skills"})
    assert weights_after["skills"] == 30
    assert weights_after["travel"] == 45
    assert sum(weights_after.values()) == 100
    assert weights_after["hours"] == 2 * weights_after["pay"] == 10


@given(sliders, st.sampled_from(CODES), st.sets(st.sampled_from(CODES), max_size=6))
def test_locked_sliders_never_move(start: dict[str, int], moved: str, locked: set[str]) -> None:
    weights_after = rescaled(start, moved, locked)
    assert all(weights_after[code] == start[code] for code in locked - {moved})
    assert all(0 <= value <= 100 for value in weights_after.values())
    if sum(start[code] for code in locked - {moved}) <= 100:
        assert sum(weights_after.values()) == 100


def test_with_every_other_slider_locked_the_moved_one_takes_what_they_leave() -> None:
    start = dict(zip(CODES, (10, 10, 5, 5, 5, 5, 30), strict=True))
    assert rescaled(start, "readiness", set(CODES) - {"readiness"}) == {**start, "readiness": 60}


def test_evening_out_gives_each_free_slider_the_same() -> None:
    start = dict(BUILT_IN[0].weights)
    assert set(evened(start, ()).values()) == {50}
    weights_after = evened(start, {"skills"})
    assert weights_after["skills"] == 30
    assert sum(weights_after.values()) == 100
    assert (
        max(v for c, v in weights_after.items() if c != "skills")
        - min(v for c, v in weights_after.items() if c != "skills")
        <= 1
    )
    assert evened(start, CODES) == start


@given(st.lists(st.floats(0.001, 1), min_size=7, max_size=7))
def test_whole_sliders_sum_to_a_hundred_and_stay_close(values: list[float]) -> None:
    weights = np.array(values) / sum(values)
    weights_after = hundred(weights)
    assert sum(weights_after.values()) == 100
    assert np.abs(np.array(list(weights_after.values())) - 100 * weights).max() <= 1
