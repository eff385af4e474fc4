from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.jobs.legal import PayFloor, PayTerms, hourly_from_piece, monthly_pay, pay_floor, verdict
from core.jobs.shifts import PATTERNS, available_grid, clock, overlap, pattern, station_shifts, week_grid
from core.locale import translator
from core.terms import JobForm, PayKind, Shift

TABLE = pd.DataFrame(
    {
        "key": ["minimum_wage_hour"] * 2 + ["minimum_wage_month"] * 2,
        "since": pd.to_datetime(["2023-10-01", "2025-10-01"] * 2),
        "value": [20.0, 22.0, 2010.0, 2210.0],
    }
)
FLOOR = PayFloor(2210, 22)


def test_the_minimum_of_the_day_counts() -> None:
    assert pay_floor(TABLE, date(2025, 9, 30)) == PayFloor(2010, 20)
    assert pay_floor(TABLE, date(2025, 10, 1)) == PayFloor(2210, 22)
    with pytest.raises(KeyError):
        pay_floor(TABLE, date(2023, 9, 30))


def test_a_piece_rate_earns_rate_times_sixty_by_standard_minutes() -> None:
    assert hourly_from_piece(15, 38) == pytest.approx(23.684, abs=1e-3)
    good = PayTerms(PayKind.PIECE, JobForm.HOME_PIECE, rate=15, standard_minutes=38)
    poor = PayTerms(PayKind.PIECE, JobForm.HOME_PIECE, rate=13, standard_minutes=38)
    assert verdict(good, FLOOR).ok is True
    assert verdict(poor, FLOOR).ok is False
    assert verdict(PayTerms(PayKind.PIECE, None, rate=13), FLOOR).ok is None
    with pytest.raises(ValueError, match="positive"):
        hourly_from_piece(15, 0)


@pytest.mark.parametrize(
    ("terms", "ok"),
    [
        (PayTerms(PayKind.MONTH, JobForm.FULL_TIME, 2210, 3000), True),
        (PayTerms(PayKind.MONTH, JobForm.FULL_TIME, 2209, 3000), False),
        (PayTerms(PayKind.HOUR, JobForm.PART_TIME, rate=22), True),
        (PayTerms(PayKind.HOUR, JobForm.PART_TIME, rate=21.9), False),
        (PayTerms(PayKind.MONTH, JobForm.PART_TIME, 2000, 2400, weekly_hours=20), True),
        (PayTerms(PayKind.MONTH, JobForm.PART_TIME, 1500, 2400, weekly_hours=20), False),
        (PayTerms(None, None), None),
    ],
)
def test_pay_is_compared_in_the_unit_that_the_law_sets(terms: PayTerms, ok: bool | None) -> None:
    judgement = verdict(terms, FLOOR)
    assert judgement.ok is ok
    for lang in ("zh_CN", "en"):
        assert "{" not in judgement.sentence(translator(lang))


def test_monthly_pay_of_an_hourly_job_follows_its_hours() -> None:
    assert monthly_pay(PayTerms(PayKind.HOUR, None, rate=24, weekly_hours=20)) == pytest.approx((2080, 2080))
    assert monthly_pay(PayTerms(PayKind.HOUR, None, rate=24)) == (None, None)
    assert monthly_pay(PayTerms(PayKind.MONTH, None, pay_max=3000)) == (3000, 3000)


def test_the_weeks_of_the_shifts() -> None:
    hours = {shift: pattern(shift).hours for shift in Shift}
    assert hours[Shift.DAY] == 40
    assert hours[Shift.SCHOOL_HOURS] == 35
    assert hours[Shift.MORNING] == hours[Shift.AFTERNOON] == 20
    assert hours[Shift.TWO_SHIFT] == 40
    assert hours[Shift.WEEKEND] == 16
    assert set(PATTERNS) == set(Shift)
    for shift in Shift:
        assert week_grid(pattern(shift)).sum() == pytest.approx(hours[shift])


def test_thirty_of_forty_hours_is_three_quarters() -> None:
    days = np.array([[1, 1, 1, 1, 1, 0, 0]], dtype=bool)
    assert overlap(days, np.array([10 * 60.0]), np.array([17 * 60.0]), pattern(Shift.DAY)) == pytest.approx(0.75)


def test_unknown_availability_is_unknown_and_a_flexible_shift_needs_its_hours_only() -> None:
    days = np.ones((3, 7), dtype=bool)
    start, end = np.array([np.nan, 480, 480]), np.array([np.nan, 720, 510])
    hours = overlap(days, start, end, pattern(Shift.FLEXIBLE_PIECE), 24)
    assert np.isnan(hours[0])
    assert hours[1] == 1
    assert hours[2] == pytest.approx(3.5 / 24)


@given(
    st.lists(st.booleans(), min_size=7, max_size=7),
    st.integers(0, 1440),
    st.integers(0, 1440),
    st.sampled_from([s for s in Shift if s is not Shift.FLEXIBLE_PIECE]),
)
def test_overlap_equals_counting_every_minute(days: list[bool], a: int, b: int, shift: Shift) -> None:
    start, end = min(a, b), max(a, b)
    minute = np.arange(1440)
    free = np.outer(days, (minute >= start) & (minute < end)).astype(float)
    work = np.zeros((7, 1440))
    for spell in pattern(shift).spells:
        work += np.outer(spell.days, (minute >= spell.start) & (minute < spell.end)) * spell.share
    expected = (free * work).sum() / work.sum()
    hours = overlap(np.array([days]), np.array([float(start)]), np.array([float(end)]), pattern(shift))
    assert hours[0] == pytest.approx(expected, abs=1e-6)
    assert available_grid(np.array(days), start, end).sum() == pytest.approx(free.sum() / 60, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("09:30", 570),
        ("24:00", 1440),
        ("7", 420),
        ("08：15", 495),
        ("25:00", None),
        ("早上", None),
        ("9:75", None),
        (None, None),
    ],
)
def test_times_are_read_or_refused(text: str | None, minute: int | None) -> None:
    assert clock(text) == minute


def test_a_station_stands_open_for_the_shifts_of_its_pattern() -> None:
    assert station_shifts(Shift.DAY) == 5
    assert station_shifts(Shift.TWO_SHIFT) == 10
    assert station_shifts(Shift.WEEKEND) == 2
    assert station_shifts(Shift.FLEXIBLE_PIECE) == 2.5
