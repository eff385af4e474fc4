"""Indicators on small hand-made districts: the count, the history, and what each rule leaves out."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_test
from hypothesis import strategies as st

from core.indicators import attention, cohorts, dated_counts, funnel, populations
from core.indicators.facts import Facts, load
from core.indicators.lights import light_of, year_share
from core.indicators.registry import measure
from core.store import settings
from core.store.database import Database
from core.terms import Light

TODAY = date(2025, 12, 28)


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


@pytest.fixture
def nothing(db: Database) -> Facts:
    with db.read() as connection:
        return load(connection)


def with_rows(facts: Facts, **frames: list[dict[str, object]]) -> Facts:
    """``facts`` with rows of some frames, in the frames' own columns and dtypes."""
    values = {f.name: getattr(facts, f.name) for f in fields(facts)}
    for name, rows in frames.items():
        model = values[name]
        values[name] = pd.DataFrame(rows).reindex(columns=model.columns).astype(model.dtypes.to_dict())
    return Facts(**values)


def test_an_empty_district_has_no_value_and_no_error(nothing: Facts) -> None:
    from core.indicators.registry import INDICATORS

    for code in INDICATORS:
        measured = measure(nothing, code, TODAY)
        assert measured.value is None
        assert measured.change() is None
        assert measured.history(10).isna().all()
    assert funnel.funnel(nothing, TODAY)["n"].sum() == 0
    assert cohorts.cohorts(nothing, TODAY).mature["n"].sum() == 0


def test_a_job_before_the_exit_is_no_re_employment(nothing: Facts) -> None:
    people = [{"id": n, "name": "x", "community_id": 1} for n in (1, 2, 3)]
    posts = [
        {
            "id": n,
            "person_id": n,
            "kind": "urban",
            "started_on": day("2022-01-01"),
            "ends_on": day("2025-01-01"),
            "exited_on": day("2025-01-01"),
        }
        for n in (1, 2, 3)
    ]
    placements = [
        {"id": 1, "person_id": 1, "started_on": day("2024-12-31"), "channel": "other"},
        {"id": 2, "person_id": 2, "started_on": day("2025-01-01"), "channel": "other"},
        {"id": 3, "person_id": 2, "started_on": day("2025-03-01"), "channel": "other"},
    ]
    facts = with_rows(nothing, people=people, posts=posts, placements=placements)

    measured = measure(facts, "re_employment", TODAY)

    assert (measured.numerator, measured.denominator) == (1, 3)
    assert list(measured.numerator_rows["placement_id"]) == [2]


def test_the_pool_counts_people_who_seek_and_people_about_to_leave_a_post(nothing: Facts) -> None:
    people = [{"id": n, "name": "x", "community_id": 1} for n in (1, 2, 3)]
    states = [
        {"person_id": 1, "since": day("2025-01-01"), "state": "seeking"},
        {"person_id": 1, "since": day("2025-06-01"), "state": "employed"},
        {"person_id": 2, "since": day("2025-01-01"), "state": "on_post"},
        {"person_id": 3, "since": day("2025-01-01"), "state": "on_post"},
    ]
    posts = [
        {"id": 2, "person_id": 2, "kind": "rural", "started_on": day("2023-03-01"), "ends_on": day("2026-02-28")},
        {"id": 3, "person_id": 3, "kind": "rural", "started_on": day("2024-03-01"), "ends_on": day("2027-02-28")},
    ]
    pool = populations.pool(with_rows(nothing, people=people, states=states, posts=posts))

    assert list(dated_counts.rows_on(pool, date(2025, 5, 31))["person_id"]) == [1]
    assert list(dated_counts.rows_on(pool, date(2025, 6, 1))["person_id"]) == []
    assert list(dated_counts.rows_on(pool, TODAY)["person_id"]) == [2]


def test_visit_coverage_counts_a_person_once_a_month(nothing: Facts) -> None:
    people = [{"id": n, "name": "x", "community_id": 1} for n in (1, 2)]
    states = [{"person_id": n, "since": day("2025-11-15"), "state": "seeking"} for n in (1, 2)]
    visits = [
        {"id": 1, "person_id": 1, "visited_on": day("2025-12-03"), "mode": "door"},
        {"id": 2, "person_id": 1, "visited_on": day("2025-12-20"), "mode": "phone"},
        {"id": 3, "person_id": 2, "visited_on": day("2025-11-20"), "mode": "door"},
    ]
    measured = measure(with_rows(nothing, people=people, states=states, visits=visits), "visit_coverage", TODAY)

    assert (measured.numerator, measured.denominator) == (1, 2)


def test_retention_waits_ninety_days(nothing: Facts) -> None:
    people = [{"id": n, "name": "x", "community_id": 1} for n in range(1, 5)]
    placements = [
        {"id": 1, "person_id": 1, "channel": "other", "started_on": day("2025-01-01")},
        {"id": 2, "person_id": 2, "channel": "other", "started_on": day("2025-01-01"), "ended_on": day("2025-04-01")},
        {"id": 3, "person_id": 3, "channel": "other", "started_on": day("2025-01-01"), "ended_on": day("2025-03-31")},
        {"id": 4, "person_id": 4, "channel": "other", "started_on": day("2025-12-01"), "ended_on": day("2025-12-05")},
    ]
    measured = measure(with_rows(nothing, people=people, placements=placements), "retention_90", TODAY)

    assert (measured.numerator, measured.denominator) == (2, 3)


def test_a_skill_on_ones_own_word_does_not_count(nothing: Facts) -> None:
    people = [{"id": 1, "name": "x", "community_id": 1}]
    posts = [{"id": 1, "person_id": 1, "kind": "urban", "started_on": day("2024-01-01"), "ends_on": day("2026-12-31")}]
    skills = [
        {
            "id": 1,
            "person_id": 1,
            "skill": "K01",
            "level": 3,
            "evidence": "self_report",
            "acquired_on": day("2024-02-01"),
        },
        {
            "id": 2,
            "person_id": 1,
            "skill": "K02",
            "level": 1,
            "evidence": "practical_test",
            "acquired_on": day("2024-02-01"),
        },
        {
            "id": 3,
            "person_id": 1,
            "skill": "K03",
            "level": 2,
            "evidence": "practical_test",
            "acquired_on": day("2024-02-01"),
        },
    ]
    measured = measure(with_rows(nothing, people=people, posts=posts, person_skills=skills), "skills_per_person", TODAY)

    assert measured.value == 1.0


def test_overlapping_plans_count_a_person_once(nothing: Facts) -> None:
    people = [{"id": 1, "name": "x", "community_id": 1}]
    states = [{"person_id": 1, "since": day("2025-01-01"), "state": "seeking"}]
    plans = [
        {"id": 1, "person_id": 1, "made_on": day("2025-02-01"), "status": "live"},
        {"id": 2, "person_id": 1, "made_on": day("2025-03-01"), "status": "live"},
    ]
    measured = measure(with_rows(nothing, people=people, states=states, plans=plans), "plan_rate", TODAY)

    assert (measured.numerator, measured.denominator) == (1, 1)


def test_a_cohort_curve_never_falls_and_ends_with_its_youngest_member(nothing: Facts) -> None:
    people = [{"id": n, "name": "x", "community_id": 1} for n in range(1, 5)]
    posts = [
        {
            "id": n,
            "person_id": n,
            "kind": "urban",
            "started_on": day("2023-01-01"),
            "ends_on": day("2025-12-31"),
            "exited_on": day(exited),
        }
        for n, exited in enumerate(("2025-01-01", "2025-03-01", "2025-08-01", "2025-12-01"), start=1)
    ]
    placements = [{"id": 1, "person_id": 1, "started_on": day("2025-01-21"), "channel": "other"}]
    curves = cohorts.cohorts(with_rows(nothing, people=people, posts=posts, placements=placements), TODAY)

    first = curves.curves[curves.curves["cohort"] == "2025H1"]
    assert list(first.query("day in (10, 20)")["share"]) == [0.0, 0.5]
    assert curves.curves.groupby("cohort")["share"].apply(lambda s: s.is_monotonic_increasing).all()
    assert set(curves.curves["cohort"]) == {"2025H1"}  # the second half-year is still leaving
    assert curves.mature.set_index("horizon")["n"].to_dict() == {30: 3, 90: 3, 180: 2}


def test_the_funnel_counts_people_who_reached_every_stage(nothing: Facts) -> None:
    people = [{"id": n, "name": "x", "community_id": 1} for n in (1, 2, 3)]
    visits = [{"id": n, "person_id": n, "visited_on": day("2025-01-01"), "mode": "door"} for n in (1, 2)]
    plans = [{"id": n, "person_id": n, "made_on": day("2025-01-01"), "status": "live"} for n in (1, 3)]
    skills = [
        {
            "id": 1,
            "person_id": 1,
            "skill": "K01",
            "level": 2,
            "evidence": "practical_test",
            "acquired_on": day("2025-01-01"),
        }
    ]
    states = [{"person_id": n, "since": day("2025-01-01"), "state": "seeking"} for n in (1, 2, 3)]
    facts = with_rows(nothing, people=people, states=states, visits=visits, plans=plans, person_skills=skills)

    rows = funnel.funnel(facts, TODAY).set_index("code")

    assert list(rows["n"])[:4] == [2, 1, 1, 0]
    assert rows.loc["plan", "any"] == 2
    assert list(rows["lost"])[:4] == [1, 1, 0, 1]
    for code in funnel.STAGES:
        assert len(funnel.stage_rows(facts, TODAY, code)) == rows.loc[code, "n"]


def test_a_visit_is_overdue_when_its_day_has_passed_without_one(nothing: Facts, db: Database) -> None:
    from core.store.settings import parameters

    people = [{"id": n, "name": "x", "community_id": 1} for n in (1, 2)]
    states = [{"person_id": n, "since": day("2025-01-01"), "state": "seeking"} for n in (1, 2)]
    visits = [
        {"id": 1, "person_id": 1, "visited_on": day("2025-11-01"), "mode": "door", "next_on": day("2025-12-01")},
        {"id": 2, "person_id": 2, "visited_on": day("2025-11-01"), "mode": "door", "next_on": day("2025-12-01")},
        {"id": 3, "person_id": 2, "visited_on": day("2025-12-02"), "mode": "door", "next_on": day("2026-01-02")},
    ]
    facts = with_rows(nothing, people=people, states=states, visits=visits)
    with db.read() as connection:
        findings = attention.findings(facts, parameters(connection), TODAY)

    visits_found = next(f for f in findings if f.watch.code == "overdue_visits")
    assert list(visits_found.rows["person_id"]) == [1]
    assert visits_found.oldest == date(2025, 12, 1)


def test_a_workshop_paid_below_the_floor_is_red_at_once(nothing: Facts, db: Database) -> None:
    """Eight weeks of 100 h at 21.9 yuan against 22; the other workshop pays 22 exactly."""
    workshops = [{"id": n, "name": f"w{n}", "community_id": 1, "opened_on": day("2025-01-01")} for n in (1, 2)]
    reports = [
        {
            "workshop_id": n,
            "week": day("2025-11-03") + pd.Timedelta(weeks=k),
            "on_roll": 5,
            "hours": 100,
            "labour_cost": cost,
        }
        for n, cost in ((1, 2190), (2, 2200))
        for k in range(8)
    ]
    facts = with_rows(nothing, workshops=workshops, workshop_weeks=reports)
    with db.read() as connection:
        finding = attention.findings(facts, settings.parameters(connection), TODAY)[0]
    assert finding.watch.code == "underpaid_workshops"
    assert finding.light is Light.RED
    assert finding.oldest == date(2025, 11, 3)
    row = finding.rows.iloc[0]
    assert len(finding.rows) == 1
    assert (row["workshop"], row["weeks"], row["attended_hours"], row["paid"]) == ("w1", 8, 800, 17520)
    assert (row["paid_hour"], row["wage_floor"]) == (pytest.approx(21.9), pytest.approx(22))


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.one_of(st.none(), st.integers(1, 300)), st.integers(1, 5)),
        min_size=1,
        max_size=40,
    )
)
def test_counts_for_many_days_equal_counting_each_day(rows: list[tuple[int, int | None, int]]) -> None:
    start = pd.Timestamp(2025, 1, 1)
    since = pd.Series([start + pd.Timedelta(days=r[0]) for r in rows])
    until = pd.Series(
        [pd.NaT if r[1] is None else start + pd.Timedelta(days=r[0] + r[1]) for r in rows], dtype="datetime64[s]"
    )
    frame = dated_counts.spell_frame(
        pd.DataFrame({"id": range(len(rows))}), since, until, pd.Series([r[2] for r in rows])
    )
    days = pd.date_range(start, periods=120, freq="7D")

    many = dated_counts.counts_on(frame, days)

    def expected(day: pd.Timestamp) -> int:
        age = (day - start).days
        return sum(n for since, length, n in rows if since <= age and (length is None or age < since + length))

    assert list(many) == [expected(day) for day in days]
    assert list(many[::12]) == [dated_counts.count(frame, day.date()) for day in days[::12]]


def test_lights_compare_with_the_share_of_the_year() -> None:
    half = year_share(date(2025, 7, 2))

    assert half == pytest.approx(183 / 365)
    assert light_of(half, half) is Light.GREEN
    assert light_of(half - 0.05, half) is Light.YELLOW
    assert light_of(half - 0.1, half) is Light.YELLOW
    assert light_of(half - 0.101, half) is Light.RED
    assert np.isclose(year_share(date(2024, 12, 31)), 1.0)


def test_who_left_on_the_first_day_counts_as_a_start_that_did_not_last(nothing: Facts) -> None:
    from core.indicators.article import compute_figures

    people = [{"id": n, "name": "x", "community_id": 1} for n in (1, 2)]
    start = {"channel": "workshop", "started_on": day("2025-01-01")}
    placements = [
        {"id": 1, "person_id": 1, **start, "ended_on": day("2025-01-01")},
        {"id": 2, "person_id": 2, **start},
    ]
    facts = with_rows(nothing, people=people, placements=placements)
    measured = measure(facts, "retention_90", TODAY)

    assert (measured.numerator, measured.denominator) == (1, 2)
    absorbed = {f.part.label: f.value for f in compute_figures(facts, TODAY)["F05, F06"]}
    assert (absorbed["absorbed in all"], absorbed["on the roll today"]) == (2, 1)


def test_one_such_row_in_the_sample_makes_retention_434_of_487(sample_db: Database) -> None:
    with sample_db.read() as connection:
        facts = load(connection)
    values = {f.name: getattr(facts, f.name) for f in fields(facts)}
    row = facts.placements.iloc[[0]].assign(id=10**6, started_on=day("2025-03-03"), ended_on=day("2025-03-03"))
    values["placements"] = pd.concat([facts.placements, row], ignore_index=True)
    measured = measure(Facts(**values), "retention_90", TODAY)

    assert (measured.numerator, measured.denominator) == (434, 487)


def test_a_plan_closed_without_a_date_is_not_live_for_ever(nothing: Facts) -> None:
    people = [{"id": n, "name": "x", "community_id": 1} for n in (1, 2)]
    states = [{"person_id": n, "since": day("2025-01-01"), "state": "seeking"} for n in (1, 2)]
    plans = [
        {"id": 1, "person_id": 1, "made_on": day("2025-02-01"), "status": "dropped"},
        {"id": 2, "person_id": 2, "made_on": day("2025-02-01"), "status": "done", "closed_on": day("2025-06-01")},
        {"id": 3, "person_id": 2, "made_on": day("2025-05-01"), "status": "live"},
    ]
    measured = measure(with_rows(nothing, people=people, states=states, plans=plans), "plan_rate", TODAY)

    assert (measured.numerator, measured.denominator) == (1, 2)  # an old plan does not hide the new one


def test_a_person_who_seeks_and_is_about_to_leave_a_post_counts_once(nothing: Facts) -> None:
    people = [{"id": 1, "name": "x", "community_id": 1}]
    states = [{"person_id": 1, "since": day("2025-11-01"), "state": "seeking"}]
    posts = [{"id": 1, "person_id": 1, "kind": "rural", "started_on": day("2023-03-01"), "ends_on": day("2026-02-28")}]
    pool = populations.pool(with_rows(nothing, people=people, states=states, posts=posts))

    assert len(pool) == 1
    assert dated_counts.count(pool, TODAY) == 1


def test_joining_needs_training_before_the_start(nothing: Facts) -> None:
    people = [{"id": n, "name": "x", "community_id": 1} for n in (1, 2)]
    taught = {"kind": "commissioned", "result": "passed", "employer_id": 7, "ends_on": day("2025-05-01")}
    enrolments = [{"id": n, "person_id": n, **taught} for n in (1, 2)]
    placements = [
        {"id": 1, "person_id": 1, "employer_id": 7, "channel": "enterprise", "started_on": day("2025-04-01")},
        {"id": 2, "person_id": 2, "employer_id": 7, "channel": "enterprise", "started_on": day("2025-05-01")},
    ]
    facts = with_rows(nothing, people=people, enrolments=enrolments, placements=placements)
    measured = measure(facts, "commissioned_conversion", TODAY)

    assert (measured.numerator, measured.denominator) == (1, 2)


def test_on_the_first_of_a_month_nobody_is_visited_yet(nothing: Facts) -> None:
    people = [{"id": 1, "name": "x", "community_id": 1}]
    states = [{"person_id": 1, "since": day("2025-11-15"), "state": "seeking"}]
    visits = [{"id": 1, "person_id": 1, "visited_on": day("2025-12-20"), "mode": "phone"}]
    facts = with_rows(nothing, people=people, states=states, visits=visits)
    measured = measure(facts, "visit_coverage", date(2026, 1, 1))

    assert (measured.numerator, measured.denominator, measured.value) == (0, 1, 0.0)


def test_events_without_intents_count_on_neither_side(nothing: Facts) -> None:
    events = [
        {"id": 1, "name": "a", "held_on": day("2025-05-01"), "intents": 10, "started_30_days": 4},
        {"id": 2, "name": "b", "held_on": day("2025-05-01"), "intents": pd.NA, "started_30_days": 3},
    ]
    measured = measure(with_rows(nothing, events=events), "event_conversion", TODAY)

    assert (measured.numerator, measured.denominator) == (4, 10)


def test_pay_above_4000_divides_by_known_pay_and_opens_those_above(nothing: Facts) -> None:
    from core.indicators.article import compute_figures

    people = [{"id": n, "name": "x", "community_id": 1} for n in (1, 2, 3)]
    placements = [
        {"id": n, "person_id": n, "channel": "enterprise", "started_on": day("2025-01-01"), "monthly_pay": pay}
        for n, pay in ((1, 5000), (2, 3000), (3, None))
    ]
    facts = with_rows(nothing, people=people, placements=placements)
    above = compute_figures(facts, TODAY)["F12"][2]

    assert above.value == 0.5
    assert list(above.rows["person_id"]) == [1]


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(0, 60), st.one_of(st.none(), st.integers(1, 30))),
        min_size=1,
        max_size=12,
    )
)
def test_merged_spells_count_each_person_at_most_once_a_day(rows: list[tuple[int, int, int | None]]) -> None:
    start = pd.Timestamp(2025, 1, 1)
    since = pd.Series([start + pd.Timedelta(days=r[1]) for r in rows])
    until = pd.Series(
        [pd.NaT if r[2] is None else start + pd.Timedelta(days=r[1] + r[2]) for r in rows], dtype="datetime64[s]"
    )
    frame = dated_counts.spell_frame(pd.DataFrame({"person_id": [r[0] for r in rows]}), since, until)
    merged = dated_counts.merge_spells(frame)

    for offset in range(0, 95, 5):
        moment = (start + pd.Timedelta(days=offset)).date()
        assert dated_counts.count(merged, moment) == dated_counts.rows_on(frame, moment)["person_id"].nunique()


@pytest.mark.parametrize("code", ["re_employment", "visit_coverage", "plan_rate", "post_fill"])
def test_what_entered_and_left_explains_the_change(sample_db: Database, code: str) -> None:
    with sample_db.read() as connection:
        measured = measure(load(connection), code, TODAY)
    before = date(2025, 12, 21)
    for rows in (measured.numerator_rows, measured.denominator_rows):
        moved = dated_counts.movements(rows, before, TODAY)
        assert (moved["sign"] * moved["n"]).sum() == dated_counts.count(rows, TODAY) - dated_counts.count(rows, before)


BASE = ("pool_month_start", "pool_visited")


@settings_of_test(suppress_health_check=[HealthCheck.function_scoped_fixture])  # it only reads
@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 200), st.booleans()), max_size=12),
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 250)), max_size=12),
)
def test_the_base_of_visit_coverage_is_who_is_in_the_pool_on_the_first_of_the_month(
    nothing: Facts, states: list[tuple[int, int, bool]], visits: list[tuple[int, int]]
) -> None:
    """By definition, month by month and person by person."""
    start = pd.Timestamp(2025, 1, 10)
    spells = {(person, start + pd.Timedelta(days=n)): seeks for person, n, seeks in states}
    facts = with_rows(
        nothing,
        people=[{"id": n, "name": "x", "community_id": 1} for n in (1, 2, 3)],
        states=[
            {"person_id": person, "since": since, "state": "seeking" if seeks else "employed"}
            for (person, since), seeks in sorted(spells.items())
        ],
        visits=[
            {"id": n, "person_id": p, "visited_on": start + pd.Timedelta(days=d)} for n, (p, d) in enumerate(visits)
        ],
    )
    pool = populations.pool(facts)
    for day in pd.date_range(start, periods=12, freq="23D"):
        first = day.replace(day=1)
        members = set(dated_counts.rows_on(pool, first.date())["person_id"])
        visited = {p for p, d in visits if first <= start + pd.Timedelta(days=d) <= day}
        rows = {side: dated_counts.rows_on(getattr(populations, side)(facts), day.date()) for side in BASE}

        assert sorted(rows["pool_month_start"]["person_id"]) == sorted(members)
        assert sorted(rows["pool_visited"]["person_id"]) == sorted(members & visited)
