"""Scores, tiers and robustness against published examples, and what must hold for any enterprise."""

from __future__ import annotations

from math import log
from statistics import fmean

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaincinv

from core.enterprises.goalposts import INDICATORS, normalised
from core.enterprises.robustness import (
    WIDTH,
    RatedEnterprises,
    draws,
    drop_one,
    groups_of_cube,
    rank_columns,
    scores,
    sobol,
    sobol_of,
)
from core.enterprises.rules import Rules
from core.enterprises.score import geometric, monitoring_pillars, panel_value, score
from core.enterprises.tiers import Review, asks_demotion, asks_promotion, level_of, replay
from core.terms import EvidenceSource, Pillar, Tier, TierCause


@pytest.mark.parametrize(
    ("life", "literacy", "enrolment", "income", "expected"),
    [
        (77.2, 99.0, 88.1, 21260, (0.870, 0.954, 0.895, 0.906)),
        (69.8, 82.9, 68.9, 3130, (0.747, 0.782, 0.575, 0.701)),
        (42.3, 39.5, 32.0, 740, (0.288, 0.370, 0.334, 0.331)),
    ],
)
def test_goalposts_and_logs_give_the_published_human_development_index(
    life: float, literacy: float, enrolment: float, income: float, expected: tuple[float, ...]
) -> None:
    parts = [
        float(normalised(np.array(life), 25, 85)),
        fmean([literacy / 100, enrolment / 100], [2, 1]),
        float(normalised(np.array(income), 100, 40000, log=True)),
    ]
    assert [*parts, fmean(parts)] == pytest.approx(expected, abs=1e-3)


def test_goalposts_and_means_agree_with_coinr() -> None:
    assert normalised(np.array([1.0, 11.0, -1.0]), 0, 10).tolist() == pytest.approx([0.1, 1, 0])
    assert geometric([1, 2, 3], [1, 1, 2]) == pytest.approx(18**0.25)


def test_a_weak_pillar_cannot_be_bought_off() -> None:
    assert 100 * geometric([0.9, 0.9, 0.3], [1, 1, 1]) == pytest.approx(62.4, abs=0.05)
    assert 100 * fmean([0.9, 0.9, 0.3]) == pytest.approx(70.0)
    assert geometric([0.9, 0.9, 0.0], [1, 1, 1]) == geometric([0.9, 0.9, 0.01], [1, 1, 1])


def every(value: float | None) -> dict[Pillar, float | None]:
    return dict.fromkeys(Pillar, value)


def test_sources_count_four_three_three_and_only_those_present() -> None:
    assessed = score(every(0.8), every(0.6), every(0.5))
    assert assessed.value(Pillar.JOBS) == pytest.approx(0.4 * 0.8 + 0.3 * 0.6 + 0.3 * 0.5)
    assert assessed.index == pytest.approx(65.0)
    without = score(every(0.8), every(0.6), every(None))
    assert without.value(Pillar.JOBS) == pytest.approx((0.4 * 0.8 + 0.3 * 0.6) / 0.7)
    assert not without.has_third_party
    assert without.index is not None


def test_below_two_thirds_coverage_nothing_is_rated_and_the_gaps_are_listed() -> None:
    assessed = score(every(0.8), every(None), every(None))
    assert assessed.index is None
    assert assessed.coverage == pytest.approx(1 / 3)
    assert len(assessed.missing) == 12
    one_less = every(0.6)
    one_less[Pillar.ORDERS] = None
    assert score(every(0.8), one_less, every(None)).index is None


def test_a_wholly_silent_pillar_is_not_rated_either() -> None:
    part = every(0.7)
    part[Pillar.TRAINING] = None
    assert score(part, part, part).index is None


def test_sources_that_disagree_must_talk() -> None:
    assert not score(every(0.5), every(0.75), every(0.6)).reconcile
    assert len(score(every(0.5), every(0.76), every(0.6)).reconcile) == 6


def test_two_judges_are_no_panel_and_one_outlier_moves_nothing() -> None:
    assert panel_value([0.9, 0.8]) is None
    assert panel_value([0.6, 0.7, 1.0]) == 0.7


def test_a_figure_that_cannot_be_told_is_left_out_not_zero() -> None:
    raw = pd.Series({i.code: np.nan for i in INDICATORS})
    assert set(monitoring_pillars(raw, INDICATORS).values()) == {None}
    raw["target_people"] = 10.0
    assert monitoring_pillars(raw, INDICATORS)[Pillar.JOBS] == pytest.approx(0.5)


def test_pay_is_judged_on_a_log_scale() -> None:
    pay = next(i for i in INDICATORS if i.code == "median_pay")
    assert pay.score(4000) == pytest.approx(log(4000 / 2010) / log(6000 / 2010))
    assert pay.score(2010) == 0
    assert pay.score(9000) == 1


# -- tiers --------------------------------------------------------------------------------------------


def test_tiers_remember_as_in_the_worked_example() -> None:
    history = [62, 74, 76, 78.5, 79, 76, 73, 71, 71.5, 74]
    assert [s.level for s in replay(history, Rules(thresholds=(45, 60, 75)))] == [2, 2, 2, 2, 3, 3, 3, 3, 2, 2]


def test_a_breach_leads_to_watch_at_once() -> None:
    steps = replay([Review(95), Review(95, breach=True), Review(95)])
    assert [s.level for s in steps] == [4, 0, 0]
    assert steps[1].cause is TierCause.GATE


def test_without_a_third_party_growth_is_the_highest_tier() -> None:
    assert replay([Review(95, has_third_party=False)] * 4)[-1].level == Tier.GROWTH.order


def test_disagreeing_sources_or_an_unsure_score_hold_a_promotion_back() -> None:
    first = Review(75)
    assert replay([first, Review(85), Review(85)])[-1].level == 3
    assert replay([first, Review(85), Review(85, reconcile=True)])[-1].level == 2
    assert replay([first, Review(85), Review(85, probability=0.6)])[-1].level == 2
    assert replay([first, Review(85), Review(85, probability=0.6), Review(85, probability=0.8)])[-1].level == 3
    by_threshold = Review(85, probability=(1.0, 0.9, 0.6, 0.0))  # the level to leave is 2: P(score ≥ 80) counts
    assert replay([first, Review(85), by_threshold])[-1].level == 2


def test_an_unrated_review_changes_nothing_and_resets_the_counter() -> None:
    assert [s.level for s in replay([Review(75), Review(85), Review(None), Review(85)])] == [2, 2, 2, 2]


def test_a_persons_decision_holds_until_two_reviews_say_otherwise() -> None:
    steps = replay([Review(75), Review(75, decided=3), Review(75), Review(75)])
    assert [s.level for s in steps] == [2, 3, 3, 2]
    assert steps[1].cause is TierCause.MANUAL


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30))
def test_a_tier_moves_at_most_one_step_and_never_twice_running(history: list[float]) -> None:
    levels = [s.level for s in replay(history)]
    steps = np.diff(levels)
    assert np.abs(steps).max(initial=0) <= 1
    assert not np.any((steps[1:] != 0) & (steps[:-1] != 0))
    assert levels[0] == level_of(history[0])


@given(st.lists(st.floats(0, 100), max_size=12), st.floats(0, 100))
@settings(max_examples=40)
def test_the_same_score_again_and_again_comes_to_rest_where_neither_rule_asks_for_a_move(
    history: list[float], score: float
) -> None:
    rules = Rules()
    steps = replay([*history, *[score] * (2 * len(Tier) + 2)])
    rest = steps[-1].level
    assert {step.level for step in steps[-2:]} == {rest}
    assert not asks_promotion(rest, score, rules)
    assert not asks_demotion(rest, score, rules)
    assert replay([*history, *[score] * 30])[-1].level == rest


# -- robustness ---------------------------------------------------------------------------------------


def made_up(n: int, seed: int = 1) -> RatedEnterprises:
    rng = np.random.default_rng(seed)
    return RatedEnterprises(
        tuple(range(n)), rng.uniform(0.3, 0.95, (n, 6)), rng.uniform(0.3, 0.95, (n, 6)), rng.uniform(0.3, 0.95, (n, 6))
    )


def test_the_centre_of_the_cube_is_the_published_score() -> None:
    draws = made_up(5)
    centre = np.full((1, WIDTH), 0.5)
    centre[0, 6] = 0.0
    table = scores(draws, centre)[:, 0]
    for k in range(5):
        parts = (dict(zip(Pillar, source[k], strict=True)) for source in (draws.monitored, draws.panel, draws.third))
        # The Dirichlet's centre is near (.4, .3, .3), not on it.
        assert table[k] == pytest.approx(score(*parts).index, abs=0.2)


def test_the_same_seed_gives_the_same_draws_and_tier_shares_sum_to_one() -> None:
    drawn = made_up(12)
    one, two = draws(drawn, seed=5, count=500), draws(drawn, seed=5, count=500)
    assert np.array_equal(one.scores, two.scores)
    assert one.tiers.sum(axis=1) == pytest.approx(np.ones(12))
    low, middle, high = one.quantiles(one.ranks)
    assert np.all((low <= middle) & (middle <= high))
    assert np.all(one.reach(60) >= one.reach(70))


def test_a_dominating_enterprise_is_first_in_every_draw() -> None:
    drawn = made_up(6)
    better = RatedEnterprises(
        (*drawn.keys, 99),
        np.vstack([drawn.monitored, np.ones(6)]),
        np.vstack([drawn.panel, np.ones(6)]),
        np.vstack([drawn.third, np.ones(6)]),
    )
    assert (draws(better, count=300).ranks[-1] == 1).all()


def test_missing_sources_do_not_spoil_the_draws() -> None:
    drawn = made_up(4)
    drawn.third[1] = np.nan
    drawn.monitored[2, 2] = np.nan
    assert np.isfinite(draws(drawn, count=100).scores).all()


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15)
def test_every_draw_is_the_score_that_its_row_of_the_cube_chooses(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sources = rng.uniform(0.0, 1.0, (3, 3, 6))
    sources[rng.random(sources.shape) < 0.2] = np.nan
    cube = rng.random((7, WIDTH))
    table = scores(RatedEnterprises((1, 2, 3), *sources), cube)
    for draw, row in enumerate(cube):
        weights = (1 + 0.25 * (2 * row[:6] - 1)) / 6
        low, high = 0.1 * (2 * row[7:13] - 1), 1 + 0.1 * (2 * row[13:19] - 1)
        omega = gammaincinv([8.0, 6.0, 6.0], row[-3:])
        for n in range(3):
            pillars = []
            for k in range(6):
                given_values = [np.clip((sources[0, n, k] - low[k]) / (high[k] - low[k]), 0, 1), *sources[1:, n, k]]
                known = np.isfinite(given_values)
                pillars.append(np.average(np.array(given_values)[known], weights=omega[known]) if known.any() else 0.0)
            expected = geometric(pillars, weights) if row[6] < 0.5 else fmean(pillars, weights)
            assert table[n, draw] == pytest.approx(100 * expected)


@given(st.permutations(range(9)))
@settings(max_examples=10)
def test_the_order_of_the_enterprises_changes_no_draw(order: list[int]) -> None:
    cases = made_up(9)
    cases.third[2] = np.nan
    shuffled = RatedEnterprises(tuple(order), *(s[order] for s in (cases.monitored, cases.panel, cases.third)))
    assert draws(shuffled, count=40).scores == pytest.approx(draws(cases, count=40).scores[order])


def test_no_enterprises_no_draws() -> None:
    none = RatedEnterprises((), np.empty((0, 6)), np.empty((0, 6)), np.empty((0, 6)))
    assert draws(none, count=10).scores.shape == (0, 10)
    assert drop_one([]) == dict.fromkeys(Pillar, 0.0)


def test_sobol_finds_what_a_linear_model_owes_to_each_input() -> None:
    first, total = sobol(lambda x: x[:, 0] + 10 * x[:, 1], [np.array([k]) for k in range(3)], 3, count=16384)
    assert first == pytest.approx([1 / 101, 100 / 101, 0], abs=0.02)
    assert total == pytest.approx([1 / 101, 100 / 101, 0], abs=0.02)


def test_groups_cover_the_cube_once_and_totals_are_not_below_first_effects() -> None:
    columns = np.concatenate(groups_of_cube())
    assert sorted(columns) == list(range(WIDTH))
    indices = sobol_of(made_up(8), count=1024)
    assert np.all(indices.total >= indices.first - 0.1)


def test_ranks_start_at_one_and_use_every_place() -> None:
    assert rank_columns(np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]])).tolist() == [[3, 1], [2, 2], [1, 3]]


@given(st.dictionaries(st.sampled_from(list(Pillar)), st.floats(0, 1), min_size=6, max_size=6))
def test_the_geometric_index_never_beats_the_arithmetic_beyond_its_floor(values: dict[Pillar, float]) -> None:
    assessed = score(values, values, values)
    assert assessed.index is not None
    assert assessed.arithmetic is not None
    assert 0 <= assessed.index <= max(assessed.arithmetic, 1) + 1
    assert all(p.sources[EvidenceSource.PANEL] == values[p.pillar] for p in assessed.pillars)
