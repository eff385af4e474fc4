"""Approximate boundaries where none are given: each community gets the part of the outline nearest to its label point.

The cells are an aid to the eye, not administrative boundaries, and are marked so on every map.
"""

from __future__ import annotations

import numpy as np

from core.geography.plane import Floats
from core.geography.shapes import convex_hull

__all__ = ["cells", "outline_around"]


def cells(seeds: Floats, outline: Floats) -> list[Floats]:
    """Voronoi cells of ``seeds`` (n, 2) within the ring ``outline`` (m, 2), both metres; open rings, in seed order.

    Half-plane clipping: the outline is cut along the bisector to every other seed. Seeds must differ (ValueError).
    """
    if len(np.unique(seeds, axis=0)) < len(seeds):
        raise ValueError("two communities stand at the same point")
    return [_cell(seeds, i, outline) for i in range(len(seeds))]


def _cell(seeds: Floats, i: int, outline: Floats) -> Floats:
    ring = outline
    others = np.delete(seeds, i, axis=0)
    for other in others[np.argsort(((others - seeds[i]) ** 2).sum(axis=1), kind="stable")]:
        ring = _keep_side(ring, (seeds[i] + other) / 2, other - seeds[i])
        if not len(ring):
            break
    return ring


def _keep_side(ring: Floats, through: Floats, normal: Floats) -> Floats:
    """The part of ``ring`` where (p − through)·normal ≤ 0 (Sutherland–Hodgman, one edge)."""
    side = (ring - through) @ normal
    if (side <= 0).all():
        return ring
    kept: list[Floats] = []
    for at in range(len(ring)):
        here, there = side[at - 1], side[at]
        if (here < 0 < there) or (there < 0 < here):
            kept.append(ring[at - 1] + (ring[at] - ring[at - 1]) * (here / (here - there)))
        if there <= 0:
            kept.append(ring[at])
    return np.array(kept).reshape(-1, 2)


def outline_around(points: Floats, margin: float = 800.0, corners: int = 16) -> Floats:
    """An outline when none is known: the hull of discs of ``margin`` metres around ``points`` (n, 2); open ring."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    disc = margin * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return convex_hull((points[:, None, :] + disc).reshape(-1, 2))
