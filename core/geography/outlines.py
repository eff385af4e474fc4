"""Outlines of communities: GeoJSON as given, or a Voronoi cell where none is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.geography.plane import Floats, Plane
from core.geography.voronoi import cells, outline_around

__all__ = ["GIVEN", "Polygon", "community_shapes", "polygons"]

Polygon = tuple[Floats, ...]  # rings in metres: the outer one, then holes
GIVEN = "given"  # source of a boundary that the district has brought in


def community_shapes(communities: pd.DataFrame, plane: Plane) -> tuple[tuple[Polygon, ...], ...]:
    """The parts of every community (lon, lat, boundary), in metres."""
    points = plane.xy(communities["lon"], communities["lat"])
    given = [polygons(boundary, plane) for boundary in communities["boundary"]]
    if all(given):
        return tuple(given)
    known = [ring for shape in given for polygon in shape for ring in polygon]
    outline = outline_around(np.concatenate([points, *known])) if known else outline_around(points)
    made = cells(points, outline)
    return tuple(shape or ((ring,),) for shape, ring in zip(given, made, strict=True))


def polygons(geometry: dict[str, Any] | None, plane: Plane) -> tuple[Polygon, ...]:
    """A GeoJSON Polygon or MultiPolygon in metres; anything else counts as no boundary."""
    if not isinstance(geometry, dict):
        return ()
    coordinates = geometry.get("coordinates") or []
    parts = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(geometry.get("type", ""), [])
    return tuple(tuple(_ring(ring, plane) for ring in polygon) for polygon in parts if polygon)


def _ring(positions: Sequence[Sequence[float]], plane: Plane) -> Floats:
    degrees = np.array([position[:2] for position in positions], dtype=float)
    return plane.xy(degrees[:, 0], degrees[:, 1])
