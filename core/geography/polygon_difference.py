"""What is left of an area when others are taken away: polygons from an arrangement of edges.

All edges are split where they meet; a piece belongs to the border of the result if the result lies on one side of it
only, which is looked up a hand's breadth to its left and right. So shared borders, overlaps and holes need no cases of
their own. Lengths in metres; what is thinner than ``HAND`` is not seen.

    left_over((), cell, outline, taken)      # the parts of a cell within the outline that nobody else has
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.geography.plane import Floats
from core.geography.shapes import contains

__all__ = ["Polygon", "Shape", "left_over", "region"]

Polygon = tuple[Floats, ...]  # rings in metres: the outer one, then holes
Shape = tuple[Polygon, ...]
GRID = 4  # decimals: corners closer than a tenth of a millimetre are one
TOUCH = 0.0003  # metres between a corner and an edge that it splits
HAND = 0.02  # metres beside an edge where its two sides are looked up
LEAST = 1.0  # square metres: smaller rings are rounding
CHUNK = 200  # edges compared with all others at a time


def left_over(own: Sequence[Polygon], cell: Floats, free: Sequence[Polygon], taken: Sequence[Polygon]) -> Shape:
    """``own`` polygons and the parts of ``free`` ones within the ring ``cell``, less what is ``taken``."""
    corners = np.concatenate([cell, *(polygon[0] for polygon in own)])
    box = np.array([corners.min(axis=0) - 1, corners.max(axis=0) + 1])
    near_free, near_taken = ([p for p in some if _meets(p[0], box)] for some in (free, taken))

    def inside(points: Floats) -> NDArray[np.bool_]:
        found = _in_any(own, points) | (contains([cell], points) & _in_any(near_free, points))
        return found & ~_in_any(near_taken, points)

    return region([cell, *(ring for polygon in (*own, *near_free, *near_taken) for ring in polygon)], inside)


def _meets(ring: Floats, box: Floats) -> bool:
    return bool((ring.max(axis=0) >= box[0]).all() and (ring.min(axis=0) <= box[1]).all())


def _in_any(some: Sequence[Polygon], points: Floats) -> NDArray[np.bool_]:
    found = np.zeros(len(points), dtype=bool)
    for polygon in some:
        found |= contains(polygon, points)
    return found


def region(rings: Iterable[Floats], inside: Callable[[Floats], NDArray[np.bool_]]) -> Shape:
    """The polygons where ``inside`` holds; it may change across the edges of ``rings`` alone."""
    edges = _pieces(_edges(rings))
    if not len(edges):
        return ()
    start, end = edges[:, 0], edges[:, 1]
    step = end - start
    left = np.stack([-step[:, 1], step[:, 0]], axis=-1) / np.hypot(*step.T)[:, None]
    middle = (start + end) / 2
    on_left, on_right = inside(middle + HAND * left), inside(middle - HAND * left)
    border = np.concatenate([edges[on_left & ~on_right], edges[on_right & ~on_left][:, ::-1]])
    return _nested([ring for ring in map(_straight, _chains(border)) if abs(_signed(ring)) > LEAST])


def _edges(rings: Iterable[Floats]) -> Floats:
    """(n, 2, 2) edges of rings, closed or not."""
    found = [np.stack([ring, np.roll(ring, -1, axis=0)], axis=1) for ring in rings if len(ring) > 2]
    edges: Floats = np.round(np.concatenate(found), GRID) if found else np.empty((0, 2, 2))
    long: Floats = edges[(edges[:, 0] != edges[:, 1]).any(axis=1)]
    return long


def _pieces(edges: Floats) -> Floats:
    """Edges split wherever they cross or touch another; each piece once."""
    if not len(edges):
        return edges
    start, step = edges[:, 0], edges[:, 1] - edges[:, 0]
    length = np.hypot(*step.T)
    which, along = [np.arange(len(edges)), np.arange(len(edges))], [np.zeros(len(edges)), np.ones(len(edges))]
    for first in range(0, len(edges), CHUNK):
        rows = slice(first, first + CHUNK)
        gap = start[None] - start[rows, None]
        cross = _cross(step[rows, None], step[None])
        with np.errstate(divide="ignore", invalid="ignore"):
            t, u = _cross(gap, step[None]) / cross, _cross(gap, step[rows, None]) / cross
        slack = TOUCH / length
        meets = (np.abs(cross) > 1e-9) & (t > 0) & (t < 1) & (u >= -slack[None]) & (u <= 1 + slack[None])
        # corners of other edges on this one: needed where edges run along each other
        t_corner = (gap * step[rows, None]).sum(axis=2) / length[rows, None] ** 2
        off = np.abs(_cross(gap, step[rows, None])) / length[rows, None]
        corner = (off < TOUCH) & (t_corner > 0) & (t_corner < 1)
        for hit, position in ((meets, t), (corner, t_corner)):
            i, j = np.nonzero(hit)
            which.append(i + first)
            along.append(position[i, j])
    edge, position = np.concatenate(which), np.concatenate(along)
    order = np.lexsort((position, edge))
    edge, position = edge[order], position[order]
    point = np.round(start[edge] + position[:, None] * step[edge], GRID)
    same = edge[:-1] == edge[1:]
    pieces = np.stack([point[:-1][same], point[1:][same]], axis=1)
    pieces = pieces[(pieces[:, 0] != pieces[:, 1]).any(axis=1)]
    turned = (pieces[:, 0, 0] > pieces[:, 1, 0]) | (
        (pieces[:, 0, 0] == pieces[:, 1, 0]) & (pieces[:, 0, 1] > pieces[:, 1, 1])
    )
    pieces[turned] = pieces[turned][:, ::-1]
    return np.unique(pieces, axis=0)


def _cross(a: Floats, b: Floats) -> Floats:
    found: Floats = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return found


def _chains(border: Floats) -> list[Floats]:
    """Closed rings of directed pieces; where several go on, the sharpest turn to the left keeps rings simple."""
    onward: dict[tuple[float, float], list[tuple[float, float]]] = defaultdict(list)
    for (x1, y1), (x2, y2) in border.tolist():
        onward[x1, y1].append((x2, y2))
    found = []
    for origin in list(onward):
        while onward[origin]:
            ring = [origin, onward[origin].pop()]
            while ring[-1] != origin and onward.get(ring[-1]):
                ways = onward[ring[-1]]
                ring.append(ways.pop(int(np.argmax([_turn(ring[-2], ring[-1], way) for way in ways]))))
            if ring[-1] == origin and len(ring) > 3:
                found.append(np.array(ring[:-1]))
    return found


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Angle of the turn at ``b``, to the left positive."""
    along, on = (b[0] - a[0], b[1] - a[1]), (c[0] - b[0], c[1] - b[1])
    return float(np.arctan2(along[0] * on[1] - along[1] * on[0], along[0] * on[0] + along[1] * on[1]))


def _straight(ring: Floats) -> Floats:
    """Without corners that lie on the line between their neighbours."""
    before, after = np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0)
    off = np.abs(_cross(ring - before, after - before)) / np.maximum(np.hypot(*(after - before).T), 1e-9)
    return ring[off > TOUCH] if (off > TOUCH).sum() > 2 else ring


def _signed(ring: Floats) -> float:
    local = ring - ring[0]
    return float(_cross(local, np.roll(local, -1, axis=0)).sum()) / 2


def _nested(rings: list[Floats]) -> Shape:
    """Outer rings (counter-clockwise) with the holes inside them, largest first."""
    outers = sorted((ring for ring in rings if _signed(ring) > 0), key=lambda ring: -_signed(ring))
    polygons = [[outer] for outer in outers]
    for hole in (ring for ring in rings if _signed(ring) < 0):
        middle = (hole[:1] + hole[1:2]) / 2
        step = hole[1] - hole[0]
        beside = middle + HAND * np.array([[-step[1], step[0]]]) / np.hypot(*step)
        holders = [at for at, outer in enumerate(outers) if contains([outer], beside)[0]]
        if holders:
            polygons[holders[-1]].append(hole)
    return tuple(tuple(polygon) for polygon in polygons)
