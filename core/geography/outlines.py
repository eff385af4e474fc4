"""Outlines of communities: GeoJSON as given, or the part of a Voronoi cell that no given outline takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.geography.plane import Floats, Plane
from core.geography.polygon_difference import Polygon, Shape, left_over
from core.geography.voronoi import cells, outline_around

__all__ = ["GIVEN", "Polygon", "community_shapes", "geojson", "polygons", "shared_out"]

GIVEN = "given"  # source of a boundary that the district has brought in


def community_shapes(communities: pd.DataFrame, plane: Plane) -> tuple[Shape, ...]:
    """The parts of every community (lon, lat, boundary), in metres."""
    points = plane.xy(communities["lon"], communities["lat"])
    given = [polygons(boundary, plane) for boundary in communities["boundary"]]
    if all(given):
        return tuple(given)
    known = [polygon for shape in given for polygon in shape]
    if not known:
        return tuple(((ring,),) for ring in cells(points, outline_around(points)))
    outline = outline_around(np.concatenate([points, *(polygon[0] for polygon in known)]))
    missing = [row for row, shape in enumerate(given) if not shape]
    made = dict(zip(missing, shared_out(points[missing], [()] * len(missing), [(outline,)], known), strict=True))
    return tuple(made.get(row, shape) for row, shape in enumerate(given))


def shared_out(seeds: Floats, own: Sequence[Shape], free: Sequence[Polygon], taken: Sequence[Polygon]) -> list[Shape]:
    """For each of ``seeds`` (n, 2): its ``own`` shape and what of ``free`` is nearest to it, less ``taken``; metres.

    A seed that would get nothing, because others have taken all around it, keeps what it has.
    """
    corners = np.concatenate([polygon[0] for polygon in (*free, *taken)] + [seeds])
    (west, south), (east, north) = corners.min(axis=0) - 1, corners.max(axis=0) + 1
    rings = cells(seeds, np.array([[west, south], [east, south], [east, north], [west, north]]))
    return [
        left_over(shape, ring, free, taken) or shape or left_over((), ring, free, ()) or ((ring,),)
        for ring, shape in zip(rings, own, strict=True)
    ]


def geojson(shape: Shape, plane: Plane, digits: int) -> dict[str, Any]:
    """A shape in metres as a GeoJSON MultiPolygon, or Polygon if it has one part; rings are closed."""
    parts = [
        [np.round(plane.lonlat(np.concatenate([ring, ring[:1]])), digits).tolist() for ring in polygon]
        for polygon in shape
    ]
    if len(parts) == 1:
        return {"type": "Polygon", "coordinates": parts[0]}
    return {"type": "MultiPolygon", "coordinates": parts}


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
