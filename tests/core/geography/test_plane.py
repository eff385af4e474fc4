"""Distances in the local plane and minutes on the way."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.geography.plane import Plane, Travel, TravelMode, circle, travel

# Geodesic lengths on the WGS-84 ellipsoid (Karney's algorithm, GeographicLib), metres.
GEODESICS = [
    ((116.55, 35.30), (116.70, 35.45), 21511.607702405938),
    ((116.60, 35.37), (116.61, 35.37), 908.7534160513655),
    ((116.60, 35.37), (116.60, 35.38), 1109.4745765937473),
    ((116.52, 35.28), (116.72, 35.28), 18195.21881513283),
]


@pytest.mark.parametrize(("start", "end", "expected"), GEODESICS)
def test_plane_distances_within_ten_kilometres_are_off_by_at_most_12_in_10000(start, end, expected):
    plane = Plane(116.62, 35.37)
    a, b = plane.xy([start[0], end[0]], [start[1], end[1]])
    assert np.hypot(*(a - b)) == pytest.approx(expected, rel=1.2e-3)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [((116.57, 35.414), (116.67, 35.414), 9082.599168947894), ((116.57, 35.326), (116.67, 35.326), 9092.463015489224)],
)
def test_plane_distances_within_five_kilometres_are_off_by_at_most_6_in_10000(start, end, expected):
    a, b = Plane(116.62, 35.37).xy([start[0], end[0]], [start[1], end[1]])
    assert np.hypot(*(a - b)) == pytest.approx(expected, rel=6e-4)
    assert np.hypot(*(a - b)) != pytest.approx(expected, rel=1e-4)


def test_short_distances_are_right_to_a_centimetre_in_a_hundred_metres():
    plane = Plane(116.605, 35.37)
    a, b = plane.xy([116.60, 116.61], [35.37, 35.37])
    assert np.hypot(*(a - b)) == pytest.approx(908.7534160513655, rel=1e-4)


def test_degrees_come_back_from_the_plane():
    plane = Plane.around([116.5, 116.7], [35.3, 35.5])
    lon, lat = np.array([116.55, 116.61]), np.array([35.31, 35.44])
    assert np.allclose(plane.lonlat(plane.xy(lon, lat)), np.stack([lon, lat], axis=-1), atol=1e-12)


def test_a_plane_around_nothing_is_a_plane():
    assert Plane.around([], []) == Plane(0.0, 0.0)


def test_walking_a_kilometre_as_the_crow_flies_takes_seventeen_minutes():
    way = Travel(75.0, 1.3)
    assert way.minutes(np.array([1000.0]))[0] == pytest.approx(17.3333, abs=1e-4)
    assert way.metres(15) == pytest.approx(865.3846, abs=1e-4)


def test_speed_and_detour_come_from_the_parameters_in_force():
    table = pd.DataFrame(
        {
            "key": ["detour_factor", "walk_metres_per_minute", "walk_metres_per_minute"],
            "since": pd.to_datetime(["2024-01-01", "2024-01-01", "2025-06-01"]),
            "value": [1.3, 75.0, 80.0],
        }
    )
    assert travel(table, TravelMode.WALK, date(2025, 5, 31)) == Travel(75.0, 1.3)
    assert travel(table, TravelMode.WALK, date(2025, 6, 1)) == Travel(80.0, 1.3)
    with pytest.raises(KeyError):
        travel(table, TravelMode.EBIKE, date(2025, 6, 1))


def test_a_circle_is_closed_and_round():
    ring = circle(np.array([10.0, 20.0]), 5.0)
    assert np.allclose(ring[0], ring[-1])
    assert np.allclose(np.hypot(*(ring - [10.0, 20.0]).T), 5.0)
