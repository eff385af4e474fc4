"""Does help help: days by hand, statsmodels and the bootstrap as oracles, properties, the sample district."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.indicators import effect
from core.indicators.action_effect import Reading, closed_actions
from core.indicators.effect import LANDMARK, Contrast, Landmark, balance, compare, landmark, more_exits
from core.indicators.effect_sentences import cannot_say, title
from core.indicators.facts import Facts, load
from core.indicators.restricted_mean import (
    difference,
    is_observed,
    mean_days,
    pseudo_values,
    size_to_decide,
)
from core.locale import translator
from core.people import queries as people_queries
from core.store.database import Database

TODAY = date(2025, 12, 28)
OUTCOMES = st.lists(st.tuples(st.integers(31, 300), st.integers(0, 2)), min_size=2, max_size=40)


@pytest.fixture(scope="module")
def data(sample_db: Database) -> Landmark:
    with sample_db.read() as connection:
        people, hardships = people_queries.people(connection, TODAY), people_queries.hardships(connection)
        return landmark(load(connection), people, hardships, TODAY)


def arrays(rows: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([r[0] for r in rows], dtype=np.int64), np.array([r[1] for r in rows], dtype=np.int64)


# -- mean days -----------------------------------------------------------------------------------------


def test_days_in_work_by_hand() -> None:
    # jobs on day 40 and 100, one gives up, one waits: 140 and 80 days until day 180, of four people
    days, events = np.array([40, 100, 60, 200]), np.array([1, 1, 2, 0])

    assert mean_days(days, events, 30, 180) == pytest.approx((140 + 80) / 4)
    assert pseudo_values(days, events, 30, 180) == pytest.approx([140, 80, 0, 0])
    assert mean_days(days, events, 50, 180) == pytest.approx((130 + 80) / 4)  # the area between two days
    assert mean_days(days[:0], events[:0], 30, 180) == 0


def test_one_person_has_a_mean_and_no_jackknife() -> None:
    assert mean_days(np.array([40]), np.array([1]), 30, 180) == 140
    with pytest.raises(ValueError, match="two people"):
        pseudo_values(np.array([40]), np.array([1]), 30, 180)


def test_a_curve_is_known_as_far_as_somebody_is_followed() -> None:
    assert is_observed(np.array([90, 200]), np.array([0, 0]), 180)
    assert not is_observed(np.array([90, 120]), np.array([1, 0]), 180)
    assert is_observed(np.array([90, 120]), np.array([1, 2]), 180)  # nobody is left to be followed
    assert not is_observed(np.array([]), np.array([]), 180)


@given(OUTCOMES)
def test_the_area_is_that_under_the_curve_of_statsmodels(rows: list[tuple[int, int]]) -> None:
    from statsmodels.duration.survfunc import CumIncidenceRight

    days, events = arrays([*rows, (301, 0), (301, 0)])
    events[0] = 1
    oracle = CumIncidenceRight(days.astype(float), events)
    position = np.searchsorted(oracle.times, np.arange(30, 180), side="right")
    by_day = np.r_[0.0, oracle.cinc[0]][position]

    assert mean_days(days, events, 30, 180) == pytest.approx(by_day.sum(), abs=1e-9)


@given(OUTCOMES)
def test_still_waiting_is_the_kaplan_meier_estimate(rows: list[tuple[int, int]]) -> None:
    from statsmodels.duration.survfunc import SurvfuncRight

    days, events = arrays([*rows, (301, 0)])
    events[0] = 1
    curve = effect._curve(days, events)
    oracle = SurvfuncRight(days.astype(float), (events != 0).astype(int))
    position = np.searchsorted(oracle.surv_times, curve["day"].to_numpy(), side="right")

    assert curve["waiting"].to_numpy() == pytest.approx(np.r_[1.0, oracle.surv_prob][position], abs=1e-9)


@given(OUTCOMES)
def test_without_censoring_a_pseudo_value_is_the_persons_own_days(rows: list[tuple[int, int]]) -> None:
    days, events = arrays([(day, event or 2) for day, event in rows])
    own = np.where(events == 1, np.maximum(180 - days, 0), 0)

    assert pseudo_values(days, events, 30, 180) == pytest.approx(own, abs=1e-6)


def test_the_interval_agrees_with_the_bootstrap() -> None:
    random = np.random.default_rng(7)
    groups = []
    for scale, n in ((120, 90), (200, 70)):
        job, censored = 31 + random.exponential(scale, n), 31 + random.uniform(60, 400, n)
        groups.append((np.minimum(job, censored).astype(np.int64), np.where(job <= censored, 1, 0).astype(np.int64)))
    means = [mean_days(*group, 30, 180) for group in groups]
    variances = [float(np.var(pseudo_values(*group, 30, 180), ddof=1)) for group in groups]
    gap = difference(means[0] - means[1], (variances[0], variances[1]), (90, 70))
    draws = []
    for _ in range(400):
        again = []
        for days, events in groups:
            drawn = random.integers(0, len(days), len(days))
            again.append(mean_days(days[drawn], events[drawn], 30, 180))
        draws.append(again[0] - again[1])

    assert (gap.high - gap.low) / (2 * 1.975) == pytest.approx(np.std(draws), rel=0.12)
    assert gap.low < gap.value < gap.high


def test_the_size_formula_is_that_of_two_means() -> None:
    # standard deviation 1, difference 0.5, equal groups: 63 a group (Cohen 1988, table 2.4.1, says 64 with t)
    assert size_to_decide((1.0, 1.0), 0.5, 0.5) == 126
    assert size_to_decide((1.0, 1.0), 0.2, 0.5) > 126
    with pytest.raises(ValueError, match="two groups"):
        size_to_decide((1.0, 1.0), 1.0, 0.5)


# -- the comparison ------------------------------------------------------------------------------------


def people_waiting(outcomes: list[tuple[int, int, bool]]) -> Landmark:
    """People alike in everything but (day, event, helped)."""
    n = len(outcomes)
    helped = pd.Series([pd.Timestamp(2025, 1, 1) if row[2] else pd.NaT for row in outcomes], dtype="datetime64[s]")
    rows = pd.DataFrame(
        {
            "post_id": range(n),
            "person_id": range(n),
            "exited_on": pd.Timestamp(2025, 1, 1),
            "days": [row[0] for row in outcomes],
            "event": [row[1] for row in outcomes],
            "trained_on": helped,
            "recommended_on": pd.Series(pd.NaT, index=range(n), dtype="datetime64[s]"),
            "month": "2025-01",
            "registration": "urban",
            "age_band": "40-50",
            "hardship": "no",
        }
    )
    return Landmark(rows, rows.iloc[:0], rows.iloc[:0], rows.iloc[:0])


GROUPS = st.lists(st.tuples(st.integers(31, 300), st.integers(0, 2), st.booleans()), min_size=4, max_size=40)


def both_sides(rows: list[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    return [*rows, (200, 0, True), (220, 0, True), (200, 0, False), (220, 0, False)]


@given(GROUPS)
def test_exchanging_the_groups_turns_the_sign(rows: list[tuple[int, int, bool]]) -> None:
    rows = both_sides(rows)
    one = compare(people_waiting(rows)).difference
    other = compare(people_waiting([(day, event, not helped) for day, event, helped in rows])).difference

    assert one is not None
    assert other is not None
    assert one.value == pytest.approx(-other.value)
    assert one.low == pytest.approx(-other.high)


@given(GROUPS)
def test_adding_people_who_wait_on_both_sides_moves_the_difference_towards_0(
    rows: list[tuple[int, int, bool]],
) -> None:
    rows = both_sides([(day, event or 2, helped) for day, event, helped in rows])
    sizes = [sum(row[2] is side for row in rows) for side in (True, False)]
    more = [(300, 0, True)] * sizes[0] + [(300, 0, False)] * sizes[1]  # as many again, without an event
    one, other = (compare(people_waiting(r)).difference for r in (rows, [*rows, *more]))

    assert one is not None
    assert other is not None
    assert abs(other.value) <= abs(one.value) + 1e-9


def test_within_one_stratum_like_with_like_is_the_plain_difference() -> None:
    comparison = compare(people_waiting(both_sides([(40, 1, True), (50, 1, True), (100, 1, False), (60, 2, False)])))

    assert comparison.difference is not None
    assert comparison.matched.difference is not None
    assert comparison.matched.difference.value == pytest.approx(comparison.difference.value)
    assert (comparison.matched.helped, comparison.matched.others) == (4, 4)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "nobody to compare"),
        ([(60, 1, True)], "nobody to compare"),
        ([(60, 1, False), (200, 0, False)], "nobody to compare"),
        ([(60, 1, True), (200, 0, False)], "too few"),
        ([(60, 1, True), (90, 0, True), (60, 1, False), (90, 0, False)], "too few"),  # not followed until day 180
    ],
)
def test_where_there_is_nothing_to_compare_it_says_so(rows: list[tuple[int, int, bool]], words: str) -> None:
    data = people_waiting(rows)
    comparison = compare(data)

    assert comparison.difference is None
    assert not comparison.is_decided
    assert words in title(translator("en"), comparison)
    assert more_exits(comparison, data, 14) is None


def test_a_difference_is_claimed_when_the_interval_excludes_0() -> None:
    sooner = [(40 + k, 1, True) for k in range(20)] + [(170 + k, 1, False) for k in range(20)]
    comparison = compare(people_waiting(both_sides(sooner)))

    assert comparison.is_decided
    assert "sooner" in title(translator("en"), comparison)
    few = compare(people_waiting(both_sides(sooner[:4] + [(300, 0, False)] * 20)))  # four jobs are no variance
    assert not few.is_decided


# -- who is in which group -----------------------------------------------------------------------------


def with_rows(facts: Facts, **frames: list[dict[str, object]]) -> Facts:
    values = {f.name: getattr(facts, f.name) for f in fields(facts)}
    for name, rows in frames.items():
        model = values[name]
        values[name] = pd.DataFrame(rows).reindex(columns=model.columns).astype(model.dtypes.to_dict())
    return Facts(**values)


def exited(n: int) -> dict[str, object]:
    return {
        "id": n,
        "person_id": n,
        "kind": "urban",
        "started_on": pd.Timestamp(2022, 1, 1),
        "ends_on": pd.Timestamp(2025, 1, 1),
        "exited_on": pd.Timestamp(2025, 1, 1),
        "exit_reason": "expired",
    }


def test_help_after_the_landmark_does_not_count_and_early_jobs_are_left_out(db: Database) -> None:
    with db.read() as connection:
        empty = load(connection)
        people, hardships = people_queries.people(connection, TODAY), people_queries.hardships(connection)
    ends = {1: "2025-01-20", 2: "2025-03-01", 3: "2025-01-10", 4: "2024-05-01"}
    facts = with_rows(
        empty,
        people=[{"id": n, "name": "x", "community_id": 1} for n in range(1, 7)],
        posts=[exited(n) for n in range(1, 7)],
        enrolments=[
            {"id": n, "person_id": n, "ends_on": pd.Timestamp(day), "result": "passed"} for n, day in ends.items()
        ],
        referrals=[{"id": 1, "person_id": 5, "job_id": 1, "recommended_on": pd.Timestamp(2025, 1, 31)}],
        placements=[
            {"id": 1, "person_id": 3, "started_on": pd.Timestamp(2025, 1, 15), "channel": "enterprise"},
            {"id": 2, "person_id": 2, "started_on": pd.Timestamp(2025, 4, 1), "channel": "enterprise"},
        ],
        states=[{"person_id": 6, "since": pd.Timestamp(2025, 1, 5), "state": "retired"}],
    )
    followed = landmark(facts, people, hardships, TODAY)

    assert followed.early["person_id"].tolist() == [3]  # trained and in work before day 30
    assert followed.gone["person_id"].tolist() == [6]
    compared = compare(followed)
    assert compared.helped.rows["person_id"].tolist() == [1, 5]  # day 19, and a recommendation on day 30
    assert compared.others.rows["person_id"].tolist() == [2, 4]  # trained after day 30, and eight months before
    assert compared.others.rows["event"].tolist() == [1, 0]
    assert compare(followed, Contrast.RECOMMENDATION).helped.rows["person_id"].tolist() == [5]


def test_an_empty_district_compares_nobody(db: Database) -> None:
    with db.read() as connection:
        facts = load(connection)
        people, hardships = people_queries.people(connection, TODAY), people_queries.hardships(connection)
    data = landmark(facts, people, hardships, TODAY)
    comparison = compare(data)

    assert comparison.difference is None
    assert balance(comparison).empty
    assert len(cannot_say(translator("en"), comparison, balance(comparison), data)) >= 2
    assert closed_actions(facts, TODAY) == []


# -- the sample district ---------------------------------------------------------------------------------


def test_every_exit_is_in_one_heap_and_the_sample_decides_nothing(data: Landmark) -> None:
    assert [len(f) for f in (data.rows, data.early, data.gone, data.young)] == [172, 24, 0, 19]
    comparison = compare(data)
    assert (comparison.helped.n, comparison.others.n) == (108, 64)
    assert (data.rows["days"] > LANDMARK - 1).all()
    assert not comparison.is_decided
    assert more_exits(comparison, data, 14) == 273
    assert more_exits(comparison, data, 60) == 0
    assert comparison.matched.strata[["helped", "others"]].sum().tolist() == [108, 64]
    assert balance(comparison)["difference"].abs().is_monotonic_decreasing


def test_no_hidden_head_count_can_be_computed_from_the_download(data: Landmark) -> None:
    released = effect.release(compare(data), 5)
    table = released.table
    counts = table[["helped", "others", "all"]]

    assert released.protection.narrowest >= 5
    assert f"fewer than {int(released.protection.narrowest) + 1} values" in released.certificate(translator("en"))
    assert not ((counts > 0) & (counts < 5)).fillna(False).any(axis=None)
    assert counts.isna().any(axis=None)
    assert table.iloc[-1][["helped", "others", "all"]].tolist() == [108, 64, 172]


def test_actions_are_read_against_the_other_communities(sample_db: Database) -> None:
    with sample_db.read() as connection:
        facts = load(connection)
    effects = {effect.action["code"]: effect for effect in closed_actions(facts, TODAY)}

    one = effects["2025-W46-42"]  # a line of the sheet, 走访, of one community
    assert (one.code, one.reading, one.compared) == ("visit_coverage", Reading.MEASURED, 13)
    assert one.beyond == pytest.approx(one.change - one.expected)
    assert effects["2025-W44-11"].expected is None  # the whole district has nothing beside it
    assert effects["2025-W48-30"].reading is Reading.TOO_EARLY


def test_starts_of_work_are_counted_by_week_and_unknown_lines_are_not_measured(sample_db: Database) -> None:
    with sample_db.read() as connection:
        facts = load(connection)
    closed = facts.actions[facts.actions["code"] == "2025-W46-42"]
    both = pd.concat(
        [closed.assign(code="a", indicator="新增就业"), closed.assign(code="b", indicator="?")], ignore_index=True
    )
    values = {f.name: getattr(facts, f.name) for f in fields(facts)}
    starts, unknown = closed_actions(Facts(**(values | {"actions": both})), TODAY)

    raised, done = closed["raised_on"].iloc[0], closed["closed_on"].iloc[0]
    home = facts.people.set_index("id")["community_id"]
    rows = facts.placements[facts.placements["person_id"].map(home) == closed["community_id"].iloc[0]]
    before = ((rows["started_on"] < raised) & (rows["started_on"] >= raised - pd.Timedelta(days=28))).sum()
    after = ((rows["started_on"] > done) & (rows["started_on"] <= done + pd.Timedelta(days=28))).sum()
    assert starts.before == pytest.approx(before / 4)
    assert starts.after == pytest.approx(after / 4)
    assert unknown.reading is Reading.NOT_MEASURED
