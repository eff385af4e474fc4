"""Coordinate systems of Chinese maps: WGS-84, GCJ-02 (Amap, Tencent) and BD-09 (Baidu). Degrees throughout.

The store keeps WGS-84, which equals CGCS2000 within centimetres. Unconverted GCJ-02 lies about 500 m off in
Shandong: a walk of five to seven minutes. The forward formulas are those published for GCJ-02 and BD-09; the inverse
is a fixed-point iteration (five steps, below 1e-6 m), because the usual one-step inverse is metres off. Written here because pyproj has no GCJ-02.

    wgs84_to_gcj02(121.5272106, 31.1774276)     # (121.531541859215, 31.17530398364597)
    to_wgs84(lon, lat, Datum.BD09)              # arrays work as well
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.terms import Datum

__all__ = ["bd09_to_wgs84", "from_wgs84", "gcj02_to_wgs84", "to_wgs84", "wgs84_to_bd09", "wgs84_to_gcj02"]

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]
Conversion = Callable[[ArrayLike, ArrayLike], Pair]

SEMI_MAJOR = 6378245.0  # Krasovsky 1940, metres
ECCENTRICITY = 0.00669342162296594323  # squared
BD_TURN = np.pi * 3000.0 / 180.0
STEPS = 5  # GCJ-02 needs four


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Longitudes and latitudes in degrees, shifted; points outside China stay where they are."""
    x, y = np.asarray(lon, float), np.asarray(lat, float)
    inside = (x > 72.004) & (x < 137.8347) & (y > 0.8293) & (y < 55.8271)
    radians = np.radians(y)
    magic = 1 - ECCENTRICITY * np.sin(radians) ** 2
    root = np.sqrt(magic)
    north = _north(x - 105, y - 35) * 180 / (SEMI_MAJOR * (1 - ECCENTRICITY) / (magic * root) * np.pi)
    east = _east(x - 105, y - 35) * 180 / (SEMI_MAJOR / root * np.cos(radians) * np.pi)
    return np.where(inside, x + east, x), np.where(inside, y + north, y)


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """GCJ-02, then Baidu's own turn."""
    x, y = wgs84_to_gcj02(lon, lat)
    z = np.sqrt(x * x + y * y) + 0.00002 * np.sin(y * BD_TURN)
    theta = np.arctan2(y, x) + 0.000003 * np.cos(x * BD_TURN)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Inverse of ``wgs84_to_gcj02``."""
    return _inverse(wgs84_to_gcj02, lon, lat)


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Inverse of ``wgs84_to_bd09``."""
    return _inverse(wgs84_to_bd09, lon, lat)


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> Pair:
    """Positions given in ``datum`` as WGS-84 degrees."""
    return TO_WGS84[datum](lon, lat)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> Pair:
    """WGS-84 degrees as a map in ``datum`` would show them."""
    return FROM_WGS84[datum](lon, lat)


def _unchanged(lon: ArrayLike, lat: ArrayLike) -> Pair:
    return np.asarray(lon, float), np.asarray(lat, float)


TO_WGS84: dict[Datum, Conversion] = {Datum.WGS84: _unchanged, Datum.GCJ02: gcj02_to_wgs84, Datum.BD09: bd09_to_wgs84}
FROM_WGS84: dict[Datum, Conversion] = {Datum.WGS84: _unchanged, Datum.GCJ02: wgs84_to_gcj02, Datum.BD09: wgs84_to_bd09}


def _inverse(forward: Conversion, lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Fixed-point iteration: correct the guess by what it misses the goal by."""
    goal_x, goal_y = np.asarray(lon, float), np.asarray(lat, float)
    x, y = goal_x, goal_y
    for _ in range(STEPS):
        there_x, there_y = forward(x, y)
        x, y = x + goal_x - there_x, y + goal_y - there_y
    return x, y


def _waves(a: NDArray[np.float64], scales: tuple[tuple[float, float], ...]) -> NDArray[np.float64]:
    return sum((size * np.sin(a * np.pi / length) for size, length in scales), np.zeros_like(a)) * 2 / 3


def _north(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    smooth = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    return smooth + _waves(x, ((20, 1 / 6), (20, 1 / 2))) + _waves(y, ((20, 1), (40, 3), (160, 12), (320, 30)))


def _east(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    smooth = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    return smooth + _waves(x, ((20, 1 / 6), (20, 1 / 2), (20, 1), (40, 3), (150, 12), (300, 30)))
