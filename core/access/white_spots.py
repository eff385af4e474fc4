"""White spots: where in the district nothing is within reach, whoever lives there.

The surface depends on places of work alone, so that it tells nothing of anybody's home.
"""

from __future__ import annotations

import numpy as np

from core.access.accessibility import Reach
from core.access.snapshot import Atlas
from core.geography.plane import Floats

__all__ = ["hatching"]

LINES = 30  # across the district
DIAGONAL = np.array([[1.0, 1.0], [-1.0, 1.0]]) / np.sqrt(2)  # (metres) @ DIAGONAL: along and across the hatching
Interval = tuple[float, float]


def hatching(
    atlas: Atlas, reach: Reach, opened: frozenset[int] = frozenset(), closed: frozenset[str] = frozenset()
) -> list[Floats]:
    """Diagonal strokes (2, 2) in metres over the part of the district farther than the last band from every opening.

    A what-if adds ``opened`` premises (ids) and takes away ``closed`` sites (keys).
    Each stroke is exact: the line's intervals inside the communities minus its intervals inside the discs of reach.
    """
    if not atlas.shapes:
        return []
    polygons = [[ring @ DIAGONAL for ring in polygon] for shape in atlas.shapes for polygon in shape]
    stays = (atlas.supply >= 1) & ~atlas.sites["key"].isin(closed).to_numpy()
    rooms = atlas.idle["id"].isin(opened).to_numpy()
    sites = np.concatenate([atlas.site_xy[stays], atlas.idle_xy[rooms]]) @ DIAGONAL
    radius = reach.travel.metres(reach.bands.limit)
    every = np.concatenate([ring for polygon in polygons for ring in polygon])
    low, high = every[:, 1].min(), every[:, 1].max()
    strokes = []
    for level in np.linspace(low, high, LINES + 2)[1:-1]:
        inside = _merged([span for polygon in polygons for span in _crossings(polygon, level)])
        covered = _merged(_disc_spans(sites, radius, level))
        strokes += [np.array([[a, level], [b, level]]) @ DIAGONAL.T for a, b in _without(inside, covered)]
    return strokes


def _crossings(polygon: list[Floats], level: float) -> list[Interval]:
    """Where the line across = ``level`` runs inside a polygon (even-odd)."""
    found: list[float] = []
    for ring in polygon:
        x1, y1 = ring.T
        x2, y2 = np.roll(x1, -1), np.roll(y1, -1)
        cut = (y1 > level) != (y2 > level)
        found += (x1[cut] + (level - y1[cut]) * (x2[cut] - x1[cut]) / (y2[cut] - y1[cut])).tolist()
    found.sort()
    return list(zip(found[::2], found[1::2], strict=True))


def _disc_spans(centres: Floats, radius: float, level: float) -> list[Interval]:
    offset = centres[:, 1] - level
    near = np.abs(offset) < radius
    half = np.sqrt(radius**2 - offset[near] ** 2)
    return list(zip((centres[near, 0] - half).tolist(), (centres[near, 0] + half).tolist(), strict=True))


def _merged(spans: list[Interval]) -> list[Interval]:
    """Overlapping or touching intervals joined."""
    found: list[Interval] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + 1.0:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _without(spans: list[Interval], holes: list[Interval]) -> list[Interval]:
    """``spans`` minus ``holes``, both merged; pieces under ten metres are dropped."""
    found = []
    for start, end in spans:
        at = start
        for left, right in holes:
            if right <= at or left >= end:
                continue
            found.append((at, left))
            at = max(at, right)
        found.append((at, end))
    return [(a, b) for a, b in found if b - a > 10.0]
