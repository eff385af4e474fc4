"""Placement of the labels of the map: as large as their community allows, inside it, and clear of each other.

Where there is room, a label gives way to the signs of the places in its community.

Letters are measured in metres and shrink with the map, so that what is clear of each other once is so at every zoom.
A label is the largest box of its words that fits its community: for words W letters wide and L lines high, a box of
letter size s around a point fits when the point's Chebyshev distance to every edge, with x in units of W/2 and y in
units of L/2 letters, is at least s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from core.geography.outlines import rings
from core.geography.plane import Floats
from core.job_map.map_view import LAYERS, MapView
from core.locale.width import is_wide

__all__ = ["LINE", "Label", "labels", "letters", "ring_labels"]

LINE = 1.15  # height of a line in letters
MARGIN = 0.3  # letters of free room to the edge, left and right together, above and below together
LARGEST = 40  # letters of the largest size on top of each other would be as high as the district
PREFERRED = 1.2  # another number of lines must be this much larger than name over value
FINE = 60  # corners of a polygon up to which it is used as it is
TOLERANCE = 12.0  # metres that the outline of a finer one may be off
SPOTS = 33  # points along an axis of the grid on which a label looks for a place that is clear of signs
SIDE, ROUNDS = 13, 4  # points of the search grid along an axis, and how often it is refined
GIVES = 0.85  # of its size that a label gives up at most to leave the signs of places free
SIGN = 0.5  # half a sign, in letters of the largest size
RING_SHARE = 0.8  # size of ring labels, compared with the largest of communities
BESIDE = (0.0, 1.0, 2.0)  # letters that a label may stand off its ring
TURNS = np.radians(np.array([0, 15, -15, 30, -30, 45, -45, 60, -60, 75, -75, 90, -90, 120, -120, 150, -150, 180]))

# Widths in letters of Noto Sans CJK in bold, rounded up; other letters of European words are at most ``PLAIN`` wide.
WIDE, CAPITAL, PLAIN, NARROW = 1.0, 0.78, 0.62, 0.4
WIDE_LETTERS, NARROW_LETTERS = frozenset("%—WMmw@…"), frozenset(" .,:;'|!-/()ijl")


@dataclass(frozen=True)
class Label:
    """Lines around ``at`` (metres), ``size`` metres a letter. ``row``: the community, or the ring."""

    row: int
    lines: tuple[str, ...]
    at: tuple[float, float]
    size: float

    @property
    def half(self) -> tuple[float, float]:
        """Half the width and height of the box, metres, its margin included."""
        width, height = _box(self.lines)
        return self.size * width / 2, self.size * height / 2

    def touches(self, other: Label) -> bool:
        """Whether the boxes overlap."""
        apart = zip(self.at, other.at, self.half, other.half, strict=True)
        return all(abs(a - b) < x + y for a, b, x, y in apart)


def letters(text: str) -> float:
    """Width of a line in letters: Chinese characters are square, others narrower."""
    return sum(_width(letter) for letter in text)


def _width(letter: str) -> float:
    """Width of a letter, in units of its height."""
    if is_wide(letter) or letter in WIDE_LETTERS:
        return WIDE
    if letter in NARROW_LETTERS:
        return NARROW
    return CAPITAL if letter.isupper() or ord(letter) > 0x7F else PLAIN


def _box(lines: Sequence[str]) -> tuple[float, float]:
    """Width and height of lines and their margin, in letters."""
    return max(map(letters, lines)) + MARGIN, LINE * len(lines) + MARGIN


def labels(map_view: MapView) -> list[Label]:
    """Name and value of every community, in one, two or three lines, whichever is largest."""
    limit, signs, placed = _largest(map_view), _signs(map_view), []
    for row, name in enumerate(map_view.names):
        best: Label | None = None
        for lines in _arrangements(name, map_view.text(row)):
            box = _box(lines)
            at, size = max(
                (_fit(polygon, box) for polygon in map_view.snapshot.shapes[row].geoms), key=lambda fit: fit[1]
            )
            label = Label(row, lines, at, min(size, limit))
            if best is None or label.size > PREFERRED * best.size:
                best = label
            if best.size == limit:
                break
        if best is not None and best.size > 0:
            placed.append(_clear_of_signs(best, map_view.snapshot.shapes[row].geoms, signs, SIGN * limit))
    return placed


def _signs(map_view: MapView) -> Floats:
    """Places (n, 2) of the signs that stand for something where it is: events stand beside their label."""
    snapshot, layers = map_view.snapshot, map_view.layers
    kinds = {LAYERS[code].premises for code in layers & LAYERS.keys()} - {None}
    rooms = snapshot.premises[snapshot.premises["kind"].isin(kinds)]
    shops = snapshot.workshops if "workshops" in layers else snapshot.workshops.iloc[:0]
    points = [snapshot.plane.xy(rows["lon"], rows["lat"]) for rows in (rooms, shops)]
    return np.concatenate([*points, snapshot.site_xy if "sites" in layers else np.empty((0, 2))])


def _clear_of_signs(label: Label, parts: Sequence[Polygon], signs: Floats, sign: float) -> Label:
    """The label as large and as near as it covers fewest ``signs``, each ``sign`` metres around its place."""
    around = np.array(label.at), np.array(label.half)
    if not len(signs) or not _covered(around[0][None], around[1], signs, sign).any():
        return label
    part = next(part for part in parts if part.covers(shapely.Point(label.at)))
    own = signs[shapely.dwithin(shapely.points(signs), part, sign)]
    spots, sizes = _spots(part, _box(label.lines), GIVES * label.size)
    if not len(spots):
        return label
    sizes = np.minimum(sizes, label.size)
    half = np.array(_box(label.lines)) / 2 * sizes[:, None]
    away = np.hypot(*(spots - label.at).T)
    best = int(np.lexsort((away, -sizes, _covered(spots, half, own, sign)))[0])
    return replace(label, at=(float(spots[best, 0]), float(spots[best, 1])), size=float(sizes[best]))


def _covered(spots: Floats, half: Floats, signs: Floats, sign: float) -> NDArray[np.intp]:
    """How many of ``signs`` the box around each of ``spots`` (n, 2) covers; ``half`` (n, 2) or (2,) of its sides."""
    away = np.abs(spots[:, None, :] - signs) - sign < np.broadcast_to(half, spots.shape)[:, None, :]
    return np.asarray(away.all(axis=-1).sum(axis=1))


def _largest(map_view: MapView) -> float:
    """Letter size that reads well when the whole district is seen."""
    return float(np.ptp(_bounds(map_view), axis=0).max()) / LARGEST


def _bounds(map_view: MapView) -> Floats:
    """South-west and north-east corner (2, 2) of the district."""
    bounds: Floats = shapely.total_bounds(map_view.snapshot.shapes).reshape(2, 2)
    return bounds


def _arrangements(name: str, value: str) -> list[tuple[str, ...]]:
    """The ways to break name and value into lines, the usual one first."""
    arrangements: list[tuple[str, ...]] = [(name, value), (f"{name} {value}",)]
    spaces = [at for at, letter in enumerate(name) if letter == " "]
    if spaces:
        middle = min(spaces, key=lambda at: abs(at - len(name) / 2))
        arrangements.append((name[:middle], name[middle + 1 :], value))
    elif len(name) > 3 and is_wide(name[0]):
        end = len(name) - 2 if name.endswith("社区") else -(-len(name) // 2)
        arrangements.append((name[:end], name[end:], value))
    return arrangements


@lru_cache(maxsize=4096)
def _fit(polygon: Polygon, box: tuple[float, float]) -> tuple[tuple[float, float], float]:
    """Middle of the largest box of ``box`` letters inside a polygon, metres, and its letter size; size 0 if there is none.

    A grid search of our own: shapely's largest inscribed circle measures room in one number, a label needs more of it
    to its sides than above.
    """
    simple, off = _simple(polygon)
    edges, half = rings(simple), np.array(box) / 2
    low, high = shapely.bounds(simple).reshape(2, 2)
    best, size = (low + high) / 2, 0.0
    for _ in range(ROUNDS):
        axes = [np.linspace(low[d], high[d], SIDE) for d in (0, 1)]
        grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
        grid = grid[shapely.contains_xy(simple, *grid.T)]
        if len(grid):
            sizes = _sizes(edges, grid, half)
            at = int(np.argmax(sizes))
            if sizes[at] > size:
                best, size = grid[at], float(sizes[at])
        step = (high - low) / (SIDE - 1)
        low, high = best - step, best + step
    return (float(best[0]), float(best[1])), max(size - off / float(half.min()), 0.0)


def _simple(polygon: Polygon) -> tuple[Polygon, float]:
    """A polygon of few corners, and how many metres its outline may be off."""
    off = TOLERANCE if shapely.get_num_coordinates(polygon) > FINE else 0.0
    return shapely.simplify(polygon, off), off


@lru_cache(maxsize=1024)
def _spots(polygon: Polygon, box: tuple[float, float], least: float) -> tuple[Floats, Floats]:
    """Points (n, 2) of a grid where a box of ``box`` letters of ``least`` metres fits, and the letter size at each."""
    simple, off = _simple(polygon)
    low, high = shapely.bounds(simple).reshape(2, 2)
    axes = [np.linspace(low[d], high[d], SPOTS) for d in (0, 1)]
    grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    grid = grid[shapely.contains_xy(simple, *grid.T)]
    half = np.array(box) / 2
    sizes = _sizes(rings(simple), grid, half) - off / float(half.min())
    return grid[sizes >= least], sizes[sizes >= least]


def _sizes(edges: Sequence[Floats], points: Floats, half: Floats) -> Floats:
    """Chebyshev distance of each of ``points`` (n, 2) to the nearest edge, axes in units of ``half`` (2,).

    Along an edge the distance is convex and made of straight pieces: its least value is at an end, or where the point
    lies above, beside or diagonal to the edge.
    """
    nearest = np.full(len(points), np.inf)
    for ring in edges:
        start, step = ring / half, (np.roll(ring, -1, axis=0) - ring) / half
        gap = start - points[:, None, :] / half
        dx, dy, sx, sy = gap[..., 0], gap[..., 1], step[:, 0], step[:, 1]
        for top, bottom in ((0 * dx, sx), (-dx, sx), (-dy, sy), (dy - dx, sx - sy), (-dx - dy, sx + sy)):
            along = np.divide(top, bottom, out=np.zeros_like(dx), where=np.abs(bottom) > 1e-12)
            np.clip(along, 0, 1, out=along)
            apart = np.maximum(np.abs(dx + along * sx), np.abs(dy + along * sy))
            nearest = np.minimum(nearest, apart.min(axis=1))
    return nearest


def ring_labels(map_view: MapView, texts: Sequence[str], radii: Sequence[float], taken: Sequence[Label]) -> list[Label]:
    """One label at each ring around the selected place: on its top, or where it is clear of ``taken`` and of the others."""
    if map_view.place is None:
        return []
    low, high = _bounds(map_view)
    placed: list[Label] = []
    for ring, (text, radius) in enumerate(zip(texts, radii, strict=True)):
        size = RING_SHARE * _largest(map_view)
        turns = np.stack([np.sin(TURNS), np.cos(TURNS)], axis=-1)
        spots = np.concatenate([map_view.place + (radius + off * size) * turns for off in BESIDE])
        seen = ((spots >= low) & (spots <= high)).all(axis=1)
        label = _first_free(ring, text, spots[np.argsort(~seen, kind="stable")], size, [*taken, *placed])
        if label is not None:
            placed.append(label)
    return placed


def _first_free(ring: int, text: str, spots: Floats, size: float, taken: Sequence[Label]) -> Label | None:
    """The label at the first of ``spots`` where it touches nothing that is ``taken``, smaller if need be."""
    for share in (1.0, 0.75, 0.5):
        for x, y in spots:
            label = Label(ring, (text,), (float(x), float(y)), size * share)
            if not any(label.touches(other) for other in taken):
                return label
    return None
