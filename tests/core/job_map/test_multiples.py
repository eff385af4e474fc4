"""Small maps of several days share their classes, and filters count the openings that they name."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from core.access.accessibility import compute_accessibility
from core.access.job_filter import ALL_JOBS, JobFilter, Need, filtered
from core.access.measures import make_measures
from core.geography.plane import TravelMode
from core.job_map.map_view import MapView
from core.job_map.multiples import evenly, multiples, same_classes, weeks
from core.locale import translator
from core.terms import JobForm, PostField, Shift
from tests.core.access.factories import WALK, a_snapshot, some_rates


def scene_of(jobs: int) -> MapView:
    snapshot = a_snapshot(jobs=jobs)
    accessibility = compute_accessibility(snapshot, TravelMode.WALK, WALK)
    return MapView(
        translator("en"),
        False,
        snapshot,
        accessibility,
        make_measures(snapshot, accessibility, some_rates(snapshot), 3),
        "covered",
        frozenset(),
    )


def test_equal_values_have_equal_colours_on_every_day() -> None:
    map_views = same_classes([scene_of(jobs) for jobs in (5, 30, 60)])

    bounds = map_views[0].bounds
    assert bounds is not None
    colour: dict[int, str] = {}
    for map_view in map_views:
        for row, value in enumerate(map_view.measures.values["covered"].to_numpy(dtype=float)):
            if not np.isnan(value):
                band = int(np.searchsorted(bounds, value))
                assert colour.setdefault(band, map_view.colour(row)) == map_view.colour(row)
    assert len(colour) > 1


def test_each_day_has_its_map() -> None:
    days = [date(2025, 12, 28) - timedelta(weeks=13 * n) for n in (2, 1, 0)]

    chart = multiples([scene_of(jobs) for jobs in (5, 30, 0)], days, "title").to_dict()

    assert [small["title"]["text"] for small in chart["concat"]] == ["Jun 29, 2025", "Sep 28, 2025", "Dec 28, 2025"]


@pytest.fixture
def jobs() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "field": pd.Series(["retail", "greening", None], dtype="str"),
            "form": pd.Series(["full_time", "home_piece", None], dtype="str"),
            "shift": pd.Series(["day", "school_hours", "flexible_piece"], dtype="str"),
            "seated": pd.array([True, None, False], dtype="boolean"),
            "home_work": pd.array([False, True, None], dtype="boolean"),
            "skills": pd.Series([("S01", "S02"), (), ("S02",)], dtype=object),
        }
    )


@pytest.mark.parametrize(
    ("job_filter", "kept"),
    [
        (ALL_JOBS, [0, 1, 2]),
        (JobFilter(field=PostField.RETAIL), [0]),
        (JobFilter(form=JobForm.HOME_PIECE), [1]),
        (JobFilter(shift=Shift.FLEXIBLE_PIECE), [2]),
        (JobFilter(skill="S02"), [0, 2]),
        (JobFilter(needs=frozenset([Need.SEATED])), [0]),
        (JobFilter(needs=frozenset([Need.HOME])), [1]),
        (JobFilter(needs=frozenset([Need.SCHOOL])), [1, 2]),
        (JobFilter(needs=frozenset([Need.HOME, Need.SCHOOL])), [1]),
        (JobFilter(skill="S01", shift=Shift.SCHOOL_HOURS), []),
    ],
)
def test_a_job_counts_if_it_meets_every_condition_and_unknown_is_no_yes(
    jobs: pd.DataFrame, job_filter: JobFilter, kept: list[int]
) -> None:
    assert list(jobs.index[job_filter.mask(jobs)]) == kept


def test_filtering_changes_openings_and_never_people() -> None:
    snapshot = a_snapshot()

    none, every = filtered(snapshot, JobFilter(field=PostField.RETAIL)), filtered(snapshot, JobFilter(shift=Shift.DAY))

    assert none.sites.empty
    assert none.supply.sum() == 0
    assert len(none.homes) == len(snapshot.homes)
    pd.testing.assert_frame_equal(every.sites, snapshot.sites)
    assert filtered(snapshot, ALL_JOBS) is snapshot
    assert np.isfinite(compute_accessibility(none, TravelMode.WALK, WALK).access.value).all()


def test_small_maps_stand_at_even_steps_from_the_first_day_to_the_last() -> None:
    weeks = [date(2025, 12, 28) - timedelta(weeks=n) for n in range(104, -1, -1)]

    days = evenly(weeks)

    steps = [(b - a).days // 7 for a, b in pairwise(days)]
    assert (days[0], days[-1], len(days)) == (weeks[0], weeks[-1], 8)
    assert set(steps) <= {14, 15}
    assert evenly(weeks[-3:]) == weeks[-3:]
    assert evenly([]) == []


def test_weeks_go_back_to_the_first_opening_but_no_more_than_two_years() -> None:
    today = date(2025, 12, 28)

    assert weeks(date(2025, 12, 14), today) == [date(2025, 12, 14), date(2025, 12, 21), today]
    assert weeks(date(2025, 12, 15), today)[0] == date(2025, 12, 21)
    assert len(weeks(date(2019, 1, 1), today)) == 105
    assert weeks(None, today) == weeks(date(2026, 1, 1), today) == [today]
