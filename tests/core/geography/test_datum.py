"""Conversions between the coordinate systems of Chinese maps, against published points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geography.datum import bd09_to_wgs84, gcj02_to_wgs84, to_wgs84, wgs84_to_bd09, wgs84_to_gcj02
from core.terms import Datum

METRES = 111_320
LON, LAT = st.floats(75, 134), st.floats(18, 53)


@pytest.mark.parametrize(
    ("lat", "lon", "shifted_lat", "shifted_lon"),
    [
        (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
        (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
    ],
)
def test_gcj02_meets_published_points(lat: float, lon: float, shifted_lat: float, shifted_lon: float) -> None:
    x, y = wgs84_to_gcj02(lon, lat)

    assert float(x) == pytest.approx(shifted_lon, abs=1e-12)
    assert float(y) == pytest.approx(shifted_lat, abs=1e-12)


@given(LON, LAT)
def test_the_inverse_of_each_system_leads_back_within_a_thousandth_of_a_millimetre(lon: float, lat: float) -> None:
    for forward, back in ((wgs84_to_gcj02, gcj02_to_wgs84), (wgs84_to_bd09, bd09_to_wgs84)):
        x, y = back(*forward(lon, lat))
        assert abs(float(x) - lon) * METRES < 1e-6
        assert abs(float(y) - lat) * METRES < 1e-6


def test_an_unconverted_point_of_the_district_would_lie_about_500_metres_off() -> None:
    x, y = wgs84_to_gcj02(116.6, 35.4)
    east, north = (float(x) - 116.6) * METRES * np.cos(np.radians(35.4)), (float(y) - 35.4) * METRES

    assert 400 < np.hypot(east, north) < 700


def test_points_outside_china_and_wgs84_stay_where_they_are() -> None:
    assert tuple(map(float, wgs84_to_gcj02(2.35, 48.85))) == (2.35, 48.85)
    assert tuple(map(float, to_wgs84(116.6, 35.4, Datum.WGS84))) == (116.6, 35.4)


def test_arrays_are_converted_element_by_element() -> None:
    lons, lats = np.array([116.5, 116.6]), np.array([35.3, 35.4])

    x, y = to_wgs84(lons, lats, Datum.BD09)

    for n in range(2):
        one = to_wgs84(lons[n], lats[n], Datum.BD09)
        assert (x[n], y[n]) == (float(one[0]), float(one[1]))
