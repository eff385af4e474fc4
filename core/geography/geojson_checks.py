"""What can be wrong with the outline of a community."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from core.geography.datum import to_wgs84
from core.geography.outlines import polygons
from core.geography.plane import Floats, Plane
from core.geography.shapes import area, contains, edge_distance, self_crossing
from core.terms import Datum

__all__ = ["Problem", "position_problems", "shape_problems"]

CHINA = (73.0, 136.0, 3.0, 54.0)  # degrees east from, to; north from, to
FAR_KM = 60.0
LEAST_KM2, MOST_KM2 = 0.01, 500.0


class Problem(NamedTuple):
    """What is wrong with one feature; errors stop the whole file."""

    code: str
    values: Mapping[str, Any] = {}
    is_error: bool = True


def position_problems(degrees: Floats, datum: Datum, row: Mapping[str, Any]) -> list[Problem]:
    """Positions (n, 2) as given: exchanged, outside China, or far from the stored point of their community."""
    if not _in_china(degrees).all():
        if (np.abs(degrees) > 180).any():
            return [Problem("projected")]
        if _in_china(degrees[:, ::-1]).all():
            return [Problem("swapped")]
        lon, lat = degrees[~_in_china(degrees)][0]
        return [Problem("china", {"lon": f"{lon:g}", "lat": f"{lat:g}"})]
    plane = Plane(row["lon"], row["lat"])
    metres = np.hypot(*plane.xy(*to_wgs84(degrees[:, 0], degrees[:, 1], datum)).T).min()
    return [Problem("far", {"km": f"{metres / 1000:,.0f}"})] if metres > FAR_KM * 1000 else []


def _in_china(degrees: Floats) -> Any:
    west, east, south, north = CHINA
    lon, lat = degrees.T
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def shape_problems(geometry: dict[str, Any], row: Mapping[str, Any], communities: pd.DataFrame) -> list[Problem]:
    """An outline in WGS-84: crossing itself, implausibly small or large, or with the wrong label points inside."""
    plane = Plane(row["lon"], row["lat"])
    shape = polygons(geometry, plane)
    found = []
    for ring in (ring for polygon in shape for ring in polygon):
        at = self_crossing(ring)
        if at is not None:
            lon, lat = plane.lonlat(at)
            found.append(Problem("crossing", {"lon": f"{lon:.5f}", "lat": f"{lat:.5f}"}))
    size = sum(area(polygon[0]) - sum(map(area, polygon[1:])) for polygon in shape) / 1e6
    if not LEAST_KM2 <= size <= MOST_KM2:
        found.append(Problem("tiny" if size < LEAST_KM2 else "huge", {"area": f"{size:,.3f}"}, is_error=False))
    points = plane.xy(communities["lon"], communities["lat"])
    inside = np.any([contains(polygon, points) for polygon in shape], axis=0)
    own = (communities["code"] == row["code"]).to_numpy(dtype=bool)
    if not inside[own].all():
        metres = min(float(edge_distance(polygon, points[own]).min()) for polygon in shape)
        found.append(Problem("point_outside", {"metres": f"{metres:,.0f}"}, is_error=False))
    for name in communities["name"][inside & ~own]:
        found.append(Problem("other_inside", {"name": name}, is_error=False))
    return found
