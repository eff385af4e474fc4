"""White spots: where in the district nothing is within reach, whoever lives there.

The surface depends on places of work alone, so that it reveals nothing of anybody's home.
"""

from __future__ import annotations

import numpy as np
import shapely

from core.access.accessibility import Accessibility
from core.access.snapshot import DistrictSnapshot
from core.geography.plane import Floats

__all__ = ["hatching"]

LINES = 30  # across the district
DIAGONAL = np.array([[1.0, 1.0], [-1.0, 1.0]]) / np.sqrt(2)  # (metres) @ DIAGONAL: along and across the hatching
QUARTER = 32  # corners of a quarter of a disc: within 0.03% of its radius
SHORTEST = 10.0  # metres of a stroke
GRID = 1.0  # metres: gaps between neighbours narrower than that are closed


def hatching(
    snapshot: DistrictSnapshot,
    accessibility: Accessibility,
    opened: frozenset[int] = frozenset(),
    closed: frozenset[str] = frozenset(),
) -> list[Floats]:
    """Diagonal strokes (2, 2) in metres over the part of the district farther than the last band from every opening.

    A what-if adds ``opened`` premises (ids) and takes away ``closed`` sites (keys).
    """
    if not snapshot.shapes:
        return []
    stays = (snapshot.supply >= 1) & ~snapshot.sites["key"].isin(closed).to_numpy()
    rooms = snapshot.idle["id"].isin(opened).to_numpy()
    places = shapely.points(np.concatenate([snapshot.site_xy[stays], snapshot.idle_xy[rooms]]) @ DIAGONAL)
    radius = accessibility.travel.metres(accessibility.bands.limit) / np.cos(
        np.pi / (4 * QUARTER)
    )  # the disc lies inside its polygon
    covered = shapely.union_all(shapely.buffer(places, radius, quad_segs=QUARTER))
    shapes = [shapely.transform(shape, lambda xy: xy @ DIAGONAL) for shape in snapshot.shapes]
    district = shapely.union_all(shapes, grid_size=GRID)
    west, low, east, high = district.bounds
    levels = np.linspace(low, high, LINES + 2)[1:-1]
    lines = shapely.multilinestrings([[(west, level), (east, level)] for level in levels])
    strokes = shapely.get_parts(shapely.difference(shapely.intersection(lines, district), covered))
    return [shapely.get_coordinates(stroke)[[0, -1]] @ DIAGONAL.T for stroke in strokes if stroke.length > SHORTEST]
