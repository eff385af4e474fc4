"""Outlines of communities in metres: as given, or a share of the open land nearest to the community's label point.

The shares are an aid to the eye, not administrative boundaries, and are marked so on every map. Polygons are shapely's;
``rings`` hands them to what draws.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely import MultiPolygon, Polygon

from core.geography.plane import Floats, Plane

__all__ = [
    "GIVEN",
    "community_shapes",
    "divide_area",
    "geojson",
    "outline_around",
    "rings",
    "shape_of",
    "voronoi_cells",
]

GIVEN = "given"  # source of a boundary that the district has brought in
GRID = 1e-4  # metres: corners are rounded to a tenth of a millimetre, so that shared borders meet exactly
STRAIGHT = 3e-4  # metres that a corner may lie off the line between its neighbours and be dropped
LEAST = 1.0  # square metres: smaller parts are rounding
MARGIN = 800.0  # metres around the outermost label points when no outline is known


def community_shapes(communities: pd.DataFrame, plane: Plane) -> tuple[MultiPolygon, ...]:
    """The area of every community (lon, lat, boundary), in metres, in the order of the rows."""
    points = plane.xy(communities["lon"], communities["lat"])
    shapes = [shape_of(boundary, plane) for boundary in communities["boundary"]]
    missing = [row for row, shape in enumerate(shapes) if shape.is_empty]
    if not missing:
        return tuple(shapes)
    given = [shape for shape in shapes if not shape.is_empty]
    corners = np.concatenate([points, shapely.get_coordinates(given)])
    shares = divide_area(points[missing], [MultiPolygon()] * len(missing), [outline_around(corners)], given)
    for row, share in zip(missing, shares, strict=True):
        shapes[row] = share
    return tuple(shapes)


def divide_area(
    seeds: Floats, own: Sequence[MultiPolygon], free: Sequence[Polygon | MultiPolygon], taken: Sequence[MultiPolygon]
) -> list[MultiPolygon]:
    """For each of ``seeds`` (n, 2): its ``own`` shape and what of ``free`` is nearest to it, less ``taken``; metres.

    A seed that would get nothing, because others have taken all around it, keeps what it has, or gets its share of
    ``free`` regardless of who has taken it. ValueError if two seeds are at one point.
    """
    land, others = (shapely.union_all(_valid(shapes), grid_size=GRID) for shapes in (free, taken))
    everything = shapely.box(*shapely.total_bounds([*shapely.points(seeds), land, others])).buffer(1.0)
    shares = []
    for cell, mine in zip(voronoi_cells(seeds, everything), own, strict=True):
        nearest = shapely.intersection(cell, land, grid_size=GRID)
        wanted = shapely.union_all([*_valid([mine]), nearest], grid_size=GRID)
        left = _parts(shapely.difference(wanted, others, grid_size=GRID))
        shares.append(left or mine or _parts(nearest) or MultiPolygon([cell]))
    return shares


def voronoi_cells(seeds: Floats, outline: Polygon) -> list[Polygon | MultiPolygon]:
    """The part of ``outline`` nearest to each of ``seeds`` (n, 2), in seed order. ValueError if two seeds are alike."""
    if len(np.unique(seeds, axis=0)) < len(seeds):  # shapely would fail with a message of its library
        raise ValueError("two communities are at the same point")
    if len(seeds) < 2:
        return [outline] * len(seeds)
    cells = shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=outline, ordered=True)
    return list(shapely.intersection(shapely.get_parts(cells), outline))


def outline_around(points: Floats, margin: float = MARGIN) -> Polygon:
    """An outline when none is known: the hull of discs of ``margin`` metres around ``points`` (n, 2)."""
    return shapely.multipoints(points).buffer(margin, quad_segs=4).convex_hull


def shape_of(geometry: dict[str, Any] | None, plane: Plane) -> MultiPolygon:
    """A GeoJSON Polygon or MultiPolygon in metres; anything else counts as no boundary and is empty."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return MultiPolygon()
    degrees = shapely.geometry.shape(geometry)
    metres = shapely.transform(degrees, lambda positions: plane.xy(*positions.T))
    return MultiPolygon(shapely.get_parts(metres).tolist())


def geojson(shape: MultiPolygon, plane: Plane, digits: int) -> dict[str, Any]:
    """A shape in metres as a GeoJSON MultiPolygon, or Polygon if it has one part; outer rings counter-clockwise."""
    degrees = shapely.transform(shape, lambda positions: np.round(plane.lonlat(positions), digits))
    parts = shapely.get_parts(shapely.orient_polygons(degrees))
    geometry: dict[str, Any] = json.loads(
        shapely.to_geojson(parts[0] if len(parts) == 1 else MultiPolygon(list(parts)))
    )
    return geometry


def rings(polygon: Polygon) -> list[Floats]:
    """The outer ring, then the holes, each (n, 2) without its first point repeated."""
    return [shapely.get_coordinates(ring)[:-1] for ring in (polygon.exterior, *polygon.interiors)]


def _valid(shapes: Sequence[Polygon | MultiPolygon]) -> list[Any]:
    """Shapes that can be united: what crosses or overlaps itself, from before the check of imports, is repaired."""
    return list(shapely.make_valid(list(shapes), method="structure", keep_collapsed=False)) if shapes else []


def _parts(area: Any) -> MultiPolygon:
    """The polygons of an overlay, largest first, without corners on straight lines and without slivers."""
    parts = [part for part in shapely.get_parts(shapely.simplify(area, STRAIGHT)) if part.area > LEAST]
    return MultiPolygon(sorted(parts, key=lambda part: -part.area))
