"""Polygons as closed rings of metres: area, inside, room for a label."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.geography.plane import Floats

__all__ = [
    "area",
    "centroid",
    "contains",
    "convex_hull",
    "edge_distance",
    "roomiest_point",
    "self_crossing",
    "simplify",
]


def area(ring: Floats) -> float:
    """Area in square metres of a ring (n, 2), closed or not, whatever its direction."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def centroid(rings: Sequence[Floats]) -> Floats:
    """Centre of area (2,) of rings that don't overlap."""
    total, moment = 0.0, np.zeros(2)
    for ring in rings:
        local, after = ring - ring[0], np.roll(ring - ring[0], -1, axis=0)
        cross = local[:, 0] * after[:, 1] - after[:, 0] * local[:, 1]
        size = abs(float(cross.sum())) / 2
        middle = ((local + after) * cross[:, None]).sum(axis=0) / (3 * cross.sum()) if size else local.mean(axis=0)
        total, moment = total + size, moment + size * (ring[0] + middle)
    return moment / total if total else np.concatenate(list(rings)).mean(axis=0)


def self_crossing(ring: Floats, chunk: int = 500) -> Floats | None:
    """A point (2,) where two edges of a ring (n, 2) that are not neighbours meet, or None."""
    keep = (ring != np.roll(ring, 1, axis=0)).any(axis=1)
    start = ring[keep]
    n = len(start)
    step = np.roll(start, -1, axis=0) - start
    index = np.arange(n)
    for first in range(0, n, chunk):
        rows = index[first : first + chunk, None]
        r, s, gap = step[rows], step[None], start[None] - start[rows]
        cross = r[..., 0] * s[..., 1] - r[..., 1] * s[..., 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            along = (gap[..., 0] * s[..., 1] - gap[..., 1] * s[..., 0]) / cross
            across = (gap[..., 0] * r[..., 1] - gap[..., 1] * r[..., 0]) / cross
        apart = (index - rows) % n
        meets = (along >= 0) & (along <= 1) & (across >= 0) & (across <= 1) & (apart > 1) & (apart < n - 1)
        if meets.any():
            i, j = np.argwhere(meets)[0]
            found: Floats = start[first + i] + along[i, j] * step[first + i]
            return found
    return None


def contains(rings: Sequence[Floats], points: Floats) -> NDArray[np.bool_]:
    """Which of ``points`` (n, 2) lie inside; rings count even-odd, so that holes and islands work."""
    inside = np.zeros(len(points), dtype=bool)
    px, py = points[:, :1], points[:, 1:]
    for ring in rings:
        x1, y1 = ring[:, 0], ring[:, 1]
        x2, y2 = np.roll(x1, -1), np.roll(y1, -1)
        spans = (y1 > py) != (y2 > py)
        slope = np.divide(x2 - x1, y2 - y1, out=np.zeros_like(x1), where=y2 != y1)
        inside ^= (np.count_nonzero(spans & (px < x1 + (py - y1) * slope), axis=1) % 2).astype(bool)
    return inside


def edge_distance(rings: Sequence[Floats], points: Floats) -> Floats:
    """Metres from each of ``points`` (n, 2) to the nearest edge."""
    nearest = np.full(len(points), np.inf)
    for ring in rings:
        start, step = ring, np.roll(ring, -1, axis=0) - ring
        length = (step**2).sum(axis=1)
        start, step, length = start[length > 0], step[length > 0], length[length > 0]
        offset = points[:, None, :] - start
        along = np.clip((offset * step).sum(axis=2) / length, 0, 1)
        gap = offset - along[..., None] * step
        nearest = np.minimum(nearest, np.sqrt((gap**2).sum(axis=2)).min(axis=1))
    return nearest


def roomiest_point(rings: Sequence[Floats], rounds: int = 4, side: int = 16) -> tuple[Floats, float]:
    """The point inside that is farthest from every edge (for a label) and that distance, metres.

    A grid over the bounding box, refined around its best point ``rounds`` times.
    """
    every = np.concatenate(list(rings))
    low, high = every.min(axis=0), every.max(axis=0)
    best, room = every.mean(axis=0), 0.0
    for _ in range(rounds):
        axes = [np.linspace(low[d], high[d], side) for d in (0, 1)]
        grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
        distance = np.where(contains(rings, grid), edge_distance(rings, grid), -1.0)
        at = int(np.argmax(distance))
        if distance[at] > room:
            best, room = grid[at], float(distance[at])
        reach = (high - low) / (side - 1)
        low, high = best - reach, best + reach
    return best, room


def convex_hull(points: Floats) -> Floats:
    """The hull of ``points`` (n, 2) as an open counter-clockwise ring (monotone chain)."""
    order = np.unique(points, axis=0)
    if len(order) < 3:
        return order
    return np.array(_chain(order)[:-1] + _chain(order[::-1])[:-1])


def _chain(points: Floats) -> list[Floats]:
    chain: list[Floats] = []
    for point in points:
        while len(chain) >= 2 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: Floats, b: Floats, c: Floats) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def simplify(ring: Floats, tolerance: float) -> Floats:
    """``ring`` without points that lie within ``tolerance`` metres of the line between kept ones (Douglas–Peucker).

    The first point and the one farthest from it stay, so that a closed ring keeps an area.
    """
    if len(ring) < 5:
        return ring
    far = int(np.argmax(((ring - ring[0]) ** 2).sum(axis=1)))
    keep = np.zeros(len(ring), dtype=bool)
    keep[[0, far, len(ring) - 1]] = True
    stack = [(0, far), (far, len(ring) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        step, offset = ring[last] - ring[first], ring[first + 1 : last] - ring[first]
        length = float(step @ step)
        along = np.clip(offset @ step / length, 0, 1) if length > 0 else np.zeros(len(offset))
        gap = np.sqrt(((offset - along[:, None] * step) ** 2).sum(axis=1))
        worst = int(np.argmax(gap))
        if gap[worst] > tolerance:
            middle = first + 1 + worst
            keep[middle] = True
            stack += [(first, middle), (middle, last)]
    return ring[keep]
